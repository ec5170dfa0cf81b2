"""Is a secret random? What a person typed, a counter, a pattern or a constant is refused when it is read.

Of 32 random bytes some 30 are distinct, and so are the steps from each to the next; fewer than `DISTINCT` of either
have a chance far below 10^-9, and that they read as UTF-8 one below 10^-8. No test proves randomness: this finds what
no generator writes.
"""

from __future__ import annotations

from itertools import pairwise

from custody.records.zone import SIZE

DISTINCT = 18


def is_weak(secret: bytes) -> bool:
    """True where a secret is of the wrong length, repeats or counts bytes, or reads as text."""
    steps = {(after - before) % 256 for before, after in pairwise(secret)}
    return len(secret) != SIZE or len(set(secret)) < DISTINCT or len(steps) < DISTINCT or _is_text(secret)


def _is_text(secret: bytes) -> bool:
    try:
        return bool(secret.decode("utf-8"))
    except UnicodeDecodeError:
        return False
