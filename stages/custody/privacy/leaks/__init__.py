"""The leak scan: the written candidate is read back and searched for every known identifier."""
