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


def moved(old: int, new: int, k: int, *, vague: bool = False) -> tuple[int | str, int | str]:
    """Return a count before and after; where it moved by less than k, or `vague`, the second tells only which way."""
    by = abs(new - old)
    if not by or not (vague or by < k):
        return shown(old, k), shown(new, k)
    return shown(old, k), way(new - old, k)


def way(by: int, k: int) -> str:
    """Return which way a count moved, and whether by less than k."""
    return f"{'<' if abs(by) < k else '≥'}{k} {'more' if by > 0 else 'fewer'}"


def moves(before: Mapping[str, int], after: Mapping[str, int], k: int) -> dict[str, tuple[int | str, int | str]]:
    """Return the parts of a whole before and after, so that neither they nor how they moved tell fewer than k."""
    names = sorted({*before, *after})
    old, new = (parts({name: one.get(name, 0) for name in names}, k) for one in (before, after))
    by = parts({name: abs(after.get(name, 0) - before.get(name, 0)) for name in names}, k)
    told = {}
    for name in names:
        ways = moved(before.get(name, 0), after.get(name, 0), k, vague=isinstance(by[name], str))
        told[name] = (old[name], new[name] if isinstance(new[name], str) else ways[1])
    return told


def _hidden(counts: Mapping[str, int], k: int) -> list[int]:
    return [count for count in counts.values() if 0 < count < k]
