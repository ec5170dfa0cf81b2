"""The anchor: the pinned earlier version that a run compares itself with, a sealed, declared input under data/anchor.

`custody anchor set REV` makes it, and it is reviewed like any change; a stage only reads it.
"""

from custody.anchor.pinned import Anchor, open_anchor

__all__ = ["Anchor", "open_anchor"]
