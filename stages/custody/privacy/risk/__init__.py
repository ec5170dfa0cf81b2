"""Risk per person: how many people share what is released of each, counted in subjects and never in rows.

One measure per file. Partitions are summarized as keyed hashes and integers, merged in any order, and measured once.
"""

from custody.privacy.risk.groups import NOBODY, Groups, merge, summarize
from custody.privacy.risk.hashing import Hashes, contains, groups_of, hashes, once
from custody.privacy.risk.k_anonymity import Risk, below, measure

__all__ = [
    "NOBODY",
    "Groups",
    "Hashes",
    "Risk",
    "below",
    "contains",
    "groups_of",
    "hashes",
    "measure",
    "merge",
    "once",
    "summarize",
]
