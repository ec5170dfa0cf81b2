"""k-anonymity over what is released, counted in people.

A group holds the rows that agree in every column of role quasi, as the columns stand after their technique; a null is
a value like any other. Its size is the number of distinct subjects in it, never of rows (Sweeney 2002, k-anonymity;
the equivalence class of ISO/IEC 20889). A row whose subject is missing belongs to its group and adds no subject, so
that it hides nobody: a group of such rows alone has size 0. Without any quasi column all rows are one group.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custody.privacy.risk.groups import NOBODY, Groups, sizes

if TYPE_CHECKING:
    from custody.privacy.risk.hashing import Hashes


@dataclass(frozen=True)
class Risk:
    """How small the smallest group is; all None but the demand where nothing could be measured."""

    k_required: int | None
    evaluated: bool
    reason: str | None
    """Why nothing was evaluated: `no_k`, `no_subject` or `no_rows`."""
    k_smallest: int | None = None
    groups: int | None = None
    groups_below: int | None = None
    rows_below: int | None = None
    subjects: int | None = None
    rows_without_subject: int | None = None


def below(groups: Groups, k: int) -> Hashes:
    """Return the hashes of the groups with fewer than `k` distinct subjects, ascending."""
    group, subjects, _ = sizes(groups)
    return group[subjects < k]


def measure(groups: Groups, k: int) -> Risk:
    """Return the figures of merged groups against the least size `k`."""
    if not len(groups):
        return Risk(k, evaluated=False, reason="no_rows")
    _, subjects, rows = sizes(groups)
    nobody = groups.subject == NOBODY
    return Risk(
        k,
        evaluated=True,
        reason=None,
        k_smallest=int(subjects.min()),
        groups=len(subjects),
        groups_below=int(np.count_nonzero(subjects < k)),
        rows_below=int(rows[subjects < k].sum()),
        subjects=_distinct(groups.subject[~nobody]),
        rows_without_subject=int(groups.rows[nobody].sum()),
    )


def _distinct(hashes_: Hashes) -> int:
    ordered = np.sort(hashes_)
    return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + bool(len(ordered))
