"""Drift against the anchor: how far a column's distribution is from the pinned one, and whether that can be chance."""
