"""Who may do what: the keyring."""
