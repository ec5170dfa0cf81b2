"""Who may do what: keys, and later audit, consent and retention."""
