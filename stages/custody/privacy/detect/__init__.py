"""Identifiers that stand in no column, found in text by what stands around them."""
