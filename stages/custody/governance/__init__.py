"""Who may do what, and who did it: secrets, where they come from and who shares them; the access log."""
