"""The figures of a run, as `dvc metrics` names them, and how two runs differ in them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from custody.history.attribution import Count
from custody.history.shown import moved, parts, shown
from custody.privacy import report as private
from custody.quality import figures as quality
from custody.sources import summary

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from custody.history.effect.running import Cell

COUNTS: Final = frozenset(
    {
        *("read", "malformed", "skipped", "collected", "quarantined", "accepted"),
        *("withheld", "suppressed", "candidate", "rows", "subjects", "k_smallest"),
    }
)
"""Figures that count records or persons; those of records are moved, never told, by fewer than k."""
WHOLES: Final = (
    ("accepted", "quarantined"),
    ("candidate", "suppressed", "withheld"),
    ("malformed", "skipped", "collected"),
)
"""Figures that add up to another one, so that each could be worked out from the others."""
SUMS: Final = (
    ("collected", *WHOLES[0]),
    ("accepted", *WHOLES[1]),
    ("read", *WHOLES[2]),
    ("candidate", "rows"),
)
"""The same with what they add up to; of a release, the rows are the candidate's."""
SIGNALS: Final = "signals."
"""What signals quarantine is listed with the rules, and has no part in the score."""


def of(cell: Cell) -> dict[str, float]:
    """Return the figures of a cell; what was not evaluated is not there."""
    found = {
        **summary.metrics(cell.collected.body),
        **quality.metrics(cell.validated.body),
        **private.metrics(cell.candidate.body),
        "released": int(cell.decision.released),
        "rows": cell.measured.rows if cell.decision.released else 0,
        "broken": len(cell.decision.broken),
    }
    return {name: value for name, value in found.items() if value is not None}


def rates(cell: Cell) -> dict[str, float | None]:
    """Return the pass rate of each rule; None for one that was not evaluated."""
    return {name: one["pass_rate"] for name, one in cell.validated.body["rules"].items()}


def counts(cell: Cell) -> dict[str, Count]:
    """Return what became of each rule that has a part in the score."""
    return recorded(quality.plot(cell.validated.body).encode())


def recorded(text: bytes) -> dict[str, Count]:
    """Return the same out of data/metrics/rules.csv; `ValueError` or `KeyError` for what validate did not write."""
    lines = csv.DictReader(io.StringIO(text.decode()))
    return {
        one["rule"]: Count(one["dimension"], int(one["evaluated"]), int(one["broken"]))
        for one in lines
        if not one["rule"].startswith(SIGNALS)
    }


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what differs, by name, None where a side has none."""
    names = sorted({*old, *new})
    return {name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)}


def told(
    pairs: Mapping[str, tuple[Any, Any]], k: int, *, vague: bool, more: Collection[str] = ()
) -> dict[str, list[Any]]:
    """Return differences as people may see them; where they are `vague`, counts tell only which way they moved.

    So do those of `more`.
    """
    both = {name: pair for name, pair in pairs.items() if None not in pair}
    unclear = few({name: new - old for name, (old, new) in both.items()}, k).union(more)
    return {name: list(_pair(name, one, k, vague=vague or name in unclear)) for name, one in pairs.items()}


def few(moved: Mapping[str, float], k: int) -> frozenset[str]:
    """Return the counts whose move may not be told: one of fewer than k, and what that could be worked out from."""
    found = {name for name, by in moved.items() if name in COUNTS and 0 < abs(by) < k}
    for names in WHOLES:
        by = parts({name: abs(int(moved.get(name, 0))) for name in names}, k)
        found |= {name for name, said in by.items() if isinstance(said, str)}
    return frozenset(_joined(found, {name: abs(by) for name, by in moved.items() if by}))


def _joined(found: set[str], moved: Mapping[str, float]) -> set[str]:
    """Add what one of them alone could still be worked out from: a sum's smallest other part, or the sum."""
    for names in SUMS * len(SUMS):
        others = sorted((moved[name], name) for name in names if name in moved and name not in found)
        if len(found.intersection(names)) == 1 and others:
            found = found | {others[0][1]}
    return found


def _pair(name: str, pair: tuple[Any, Any], k: int, *, vague: bool) -> tuple[Any, Any]:
    old, new = pair
    if name in COUNTS and old is not None and new is not None:
        return moved(old, new, k, vague=vague)
    if name in COUNTS:
        return None if old is None else shown(old, k), None if new is None else shown(new, k)
    return pair
