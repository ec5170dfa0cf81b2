"""The budget ledger: what every publication spent, added up and committed, in `.custody/budget.json`.

It belongs to the people, not to a version: a changed policy, a renamed data set or another release start nothing anew.
An entry is on the disk before what it pays for is shown. Entries of the last commit must all be there still.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError, RefusedError
from custody.records.plain import read_json, write_json
from custody.repository.head import committed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from custody.policy.budget import Budget

LEDGER = Path(".custody") / "budget.json"
_DAMAGED = "budget.json: is not the ledger that Custody writes; restore it: git checkout .custody"


@dataclass(frozen=True)
class Entry:
    """One publication: no figure, only what it cost."""

    day: str
    dataset: str
    policy: str
    collected: str
    statistics: tuple[str, ...]
    records: int
    epsilon: float
    delta: float


def refuse_beyond(root: Path, budget: Budget, epsilon: float, delta: float) -> None:
    """Raise `RefusedError` where this publication would not fit into what is left."""
    _fits(_entries(root), budget, epsilon, delta)


def spend(root: Path, budget: Budget, entry: Entry) -> tuple[float, float]:
    """Add an entry and return the ε and δ that are left; once it returns, the entry is on the disk.

    `RefusedError`, and nothing is added, where it does not fit. One process at a time.
    """
    with _locked(root):
        entries = _entries(root)
        left = _fits(entries, budget, entry.epsilon, entry.delta)
        write_json(root / LEDGER, {"entries": [*entries, {**asdict(entry), "statistics": list(entry.statistics)}]})
        handle = os.open((root / LEDGER).parent, os.O_RDONLY)
        try:
            os.fsync(handle)  # the rename too is on the disk
        finally:
            os.close(handle)
    return left


def _fits(entries: Sequence[Any], budget: Budget, epsilon: float, delta: float) -> tuple[float, float]:
    left = []
    for name, asked, allowed in (("epsilon", epsilon, budget.epsilon), ("delta", delta, budget.delta)):
        try:
            spent = sum((Decimal(str(float(entry[name]))) for entry in entries), Decimal(0))
        except (KeyError, TypeError, ValueError, ArithmeticError):
            raise CustodyError(_DAMAGED) from None
        rest = Decimal(str(allowed)) - spent
        if Decimal(str(asked)) > rest:
            raise RefusedError(
                f"privacy.budget.{name}: {spent.normalize():f} of {allowed:g} are spent, so {asked:g} more are refused"
            )
        left.append(float(rest - Decimal(str(asked))))
    return left[0], left[1]


def _entries(root: Path) -> list[Any]:
    found = _listed(read_json(root / LEDGER)) if (root / LEDGER).exists() else []
    earlier = committed(root, LEDGER.as_posix())
    if isinstance(earlier, bytes):
        try:
            known = _listed(json.loads(earlier))
        except ValueError:
            raise CustodyError(_DAMAGED) from None
        if found[: len(known)] != known:
            raise CustodyError("budget.json: lacks entries of the last commit; restore them: git checkout .custody")
    return found


def _listed(value: Any) -> list[Any]:
    entries = value.get("entries") if isinstance(value, dict) else None
    if not isinstance(entries, list) or any(
        not isinstance(entry, dict) or not _costs(entry.get("epsilon")) or not _costs(entry.get("delta"))
        for entry in entries
    ):
        raise CustodyError(_DAMAGED)
    return entries


def _costs(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    folder = (root / LEDGER).parent
    folder.mkdir(exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
