"""Counts as people may see them: a count of persons, or of records of a group, below the policy's k shows as `<k`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FLOOR: Final = 5
"""The k of a policy that names none."""


def shown(count: int, k: int) -> int | str:
    """Return a count, or `<k` for one from 1 to k - 1."""
    return f"<{k}" if 0 < count < k else count


def parts(counts: Mapping[str, int], k: int) -> dict[str, int | str]:
    """Return the parts of a whole: where some are hidden, the smallest of the others shows as `≥k`.

    Else the hidden ones would be the whole less the others.
    """
    told = {name: shown(count, k) for name, count in counts.items()}
    others = sorted((count, name) for name, count in counts.items() if count >= k)
    if others and _hidden(counts, k):
        told[others[0][1]] = f"≥{k}"
    return told


def whole(counts: Mapping[str, int], k: int) -> int | str:
    """Return the sum of parts, or `≥k` where it would tell parts that are hidden."""
    total, hidden = sum(counts.values()), _hidden(counts, k)
    others = sorted(count for count in counts.values() if count >= k)
    if not hidden or total < k:
        return shown(total, k)
    extremes = {len(hidden), len(hidden) * (k - 1)}
    tells = others[0] + sum(hidden) == k + len(hidden) if others else sum(hidden) in extremes
    return f"≥{k}" if tells else total


def _hidden(counts: Mapping[str, int], k: int) -> list[int]:
    return [count for count in counts.values() if 0 < count < k]
