"""Profiles: integer histograms and category counts per column, which merge, and which hold no value once stored.

Numbers are counted in log-linear buckets, texts by category where they repeat and by length, times by hour of the day.
"""

from custody.quality.profile.columns import Profile, merge, profile

__all__ = ["Profile", "merge", "profile"]
