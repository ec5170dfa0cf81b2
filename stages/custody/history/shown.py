"""Counts as people may see them: a count of persons, or of records of a group, below the policy's k shows as `<k`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FLOOR: Final = 5
"""The k of a policy that names none."""
LEAST: Final = 2
"""No policy names a smaller one."""


def shown(count: int, k: int) -> int | str:
    """Return a count, or `<k` for one from 1 to k - 1."""
    return f"<{k}" if 0 < count < k else count


def parts(counts: Mapping[str, int], k: int) -> dict[str, int | str]:
    """Return the parts of a whole: where some are hidden, the smallest of the others show as `≥k`.

    Else the hidden ones would be the whole less the others. As many others are hidden as leave two values to each, as
    far as there are any: see `are_open`.
    """
    others = {name for _, name in _others(counts, k)}
    return {name: f"≥{k}" if name in others else shown(count, k) for name, count in counts.items()}


def are_open(counts: Mapping[str, int], k: int) -> bool:
    """Say whether whoever knows the whole, and sees its parts, is left with two values at least of each hidden one."""
    others = _others(counts, k)
    return not _hidden(counts, k) or (k > 2 and _slack(counts, others, k) > 0)  # noqa: PLR2004  # `<2` is 1


def told_parts(counts: Mapping[str, int], k: int) -> dict[str, int | str | None]:
    """Return the parts of a whole that people know; None for each where they would tell a hidden one."""
    return {**parts(counts, k)} if are_open(counts, k) else dict.fromkeys(counts)


def moved(old: int, new: int, k: int, *, vague: bool = False) -> tuple[int | str, int | str]:
    """Return a count before and after; where it moved by less than k, or `vague`, the second tells only which way."""
    by = abs(new - old)
    if not by or not (vague or by < k):
        return shown(old, k), shown(new, k)
    return shown(old, k), way(new - old, k)


def way(by: int, k: int) -> str:
    """Return which way a count moved, and whether by less than k."""
    return f"{'<' if abs(by) < k else '≥'}{k} {'more' if by > 0 else 'fewer'}"


def moves(
    before: Mapping[str, int], after: Mapping[str, int], k: int, *, vague: bool = False
) -> dict[str, tuple[int | str, int | str]]:
    """Return the parts of a whole before and after, so that neither they nor how they moved tell fewer than k.

    Where how the whole moved is `vague`, parts tell only which way.
    """
    names = sorted({*before, *after})
    old, new = (parts({name: one.get(name, 0) for name in names}, k) for one in (before, after))
    by = parts({name: abs(after.get(name, 0) - before.get(name, 0)) for name in names}, k)
    told = {}
    for name in names:
        ways = moved(before.get(name, 0), after.get(name, 0), k, vague=vague or isinstance(by[name], str))
        told[name] = (old[name], new[name] if isinstance(new[name], str) else ways[1])
    return told


def _others(counts: Mapping[str, int], k: int) -> list[tuple[int, str]]:
    """Return the smallest parts of k and more that must not be told beside the hidden ones."""
    taken: list[tuple[int, str]] = []
    for one in sorted((count, name) for name, count in counts.items() if count >= k):
        if not _hidden(counts, k) or (taken and _slack(counts, taken, k) > 0):
            break
        taken.append(one)
    return taken


def _slack(counts: Mapping[str, int], others: Sequence[tuple[int, str]], k: int) -> int:
    """Return by how much the hidden parts, and `others`, are together more than they must be; 0 without others."""
    hidden = _hidden(counts, k)
    over = sum(count - k for count, _ in others) + sum(count - 1 for count in hidden)
    return over if others else 0


def _hidden(counts: Mapping[str, int], k: int) -> list[int]:
    return [count for count in counts.values() if 0 < count < k]
