"""Bytes in: expanded, decoded to UTF-8 and cut into records, in memory that does not grow with the file."""
