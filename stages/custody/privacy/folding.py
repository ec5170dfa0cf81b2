"""fold_rare: categories that fewer than `k` subjects have become `OTHER`, so that none of them stands for a person.

A category is a released value; a null is none and stays one. Where the rare ones together have fewer than `k`
subjects, the next rarest joins them, so that OTHER itself hides its people. What is released is counted again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.policy.hierarchies import OTHER
from custody.privacy.risk.groups import NOBODY, Groups, sizes, summed
from custody.privacy.risk.hashing import contains, hashes

if TYPE_CHECKING:
    from custody.privacy.risk.coarsening import Rungs
    from custody.privacy.risk.hashing import Hashes


def word(text: str | None, seed: int) -> np.uint64:
    """Return the hash that a released text has; that of a null for None."""
    found: np.uint64 = hashes(pa.chunked_array([pa.array([text], pa.string())]), seed)[0]
    return found


def rare(told: Groups, k: int, seed: int) -> Hashes:
    """Return the values that become OTHER, ascending; the groups of `told` are the hashes of a column's values."""
    value, people, _ = sizes(told)
    own = (value != word(None, seed)) & (value != word(OTHER, seed))
    few = own & (people < k)
    if not few.any():
        return np.empty(0, dtype=np.uint64)
    # One more is always enough: it has k subjects itself.
    order = np.lexsort((value, people))
    others = order[(own & ~few)[order]]
    if _subjects(told, np.append(value[few], word(OTHER, seed))) < k and len(others):
        few[others[0]] = True
    listed: Hashes = value[few]
    return listed


def _subjects(told: Groups, values: Hashes) -> int:
    who = told.subject[np.isin(told.group, values)]
    return len(np.unique(who[who != NOBODY]))


def folded(values: pa.Array, listed: Hashes, seed: int) -> pa.Array:
    """Return texts with OTHER in the place of those whose hash is listed."""
    if not len(listed):
        return values
    rarely = contains(listed, hashes(pa.chunked_array([values]), seed))
    return pc.if_else(pa.array(rarely), OTHER, values)


def replaced(words: Hashes, listed: Hashes, seed: int) -> Hashes:
    """Return hashes of released values as they are once folded."""
    return np.where(contains(listed, words), word(OTHER, seed), words)


def fold_rungs(one: Rungs, told: Groups, k: int, seed: int) -> tuple[Rungs, list[Hashes]]:
    """Return a column's rungs with every level folded, and the values that each level folds.

    `told` groups subjects by the column's value at level 0.
    """
    levels, listed = [], []
    own = np.searchsorted(one.values, told.group)
    for level in one.levels:
        few = rare(summed((level[own], told.subject), told.rows), k, seed)
        levels.append(replaced(level, few, seed))
        listed.append(few)
    return replace(one, levels=tuple(levels)), listed
