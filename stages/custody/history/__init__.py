"""What spans versions: the anchor is made here, from an earlier version's records and verdicts."""
