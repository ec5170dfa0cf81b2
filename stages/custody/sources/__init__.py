"""Readers of every format, and what turns their fields into records of one schema."""
