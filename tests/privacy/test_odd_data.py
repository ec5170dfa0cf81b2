"""Data that leaves little to measure, under a policy that asks for everything: a right figure, or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from custody.release import people
from privacy.folders import Source, anonymized, at, privacy

if TYPE_CHECKING:
    from pathlib import Path

ASKED: dict[str, Any] = {
    "subject": "user",
    "k": 3,
    "l": 2,
    "t": 0.5,
    "unicity": {"max": 0.5},
    "linkability": {"max": 0.6, "auxiliary": 1.0},
    "inference": {"max": 0.6},
}


def event(user: str | None, day: int = 1, kind: str = "login") -> dict[str, Any]:
    return {"user": user, "ts": at(day), "area": "north", "event": kind}


def done(root: Path, rows: list[dict[str, Any]], **asked: Any) -> tuple[dict[str, Any], set[str]]:
    """Return the report and the ids of the conditions that do not hold."""
    policy = privacy(**ASKED, **asked)
    body = anonymized(root, [Source(rows)], policy).body
    return body, {one.id for one in people.conditions(body, policy) if not one.held}


EVERY = {
    "k",
    "l.event",
    "t.event",
    "unicity.1",
    "unicity.2",
    "unicity.4",
    "linkability.auxiliary",
    "inference.event",
}
CASES: dict[str, tuple[list[dict[str, Any]], set[str], bool]] = {
    # records, conditions that break where nothing is dropped, whether suppression leaves anything
    "no row": ([], EVERY, False),
    "one row": ([event("ann")], EVERY - {"t.event"}, False),
    "one subject": (
        [event("ann", 1 + i % 9, "login" if i % 2 else "logout") for i in range(40)],
        EVERY - {"l.event", "t.event"},
        False,
    ),
    "nobody": ([event(None)] * 40, EVERY, False),
    "quasi-identifiers all null": (
        [{"user": f"u{i}", "event": "login" if i % 2 else "logout"} for i in range(40)],
        set(),
        True,
    ),
    "sensitive values all null": (
        [{"user": f"u{i}", "ts": at(1)} for i in range(40)],
        {"l.event", "inference.event"},
        False,
    ),
}


@pytest.mark.parametrize(("rows", "expected"), [case[:2] for case in CASES.values()], ids=CASES)
def test_refuse_breaks_what_does_not_hold_or_cannot_be_told(
    tmp_path: Path, rows: list[dict[str, Any]], expected: set[str]
) -> None:
    body, found = done(tmp_path, rows, on_violation="refuse")
    assert found == expected
    assert body["accounting"]["candidate"] == len(rows)


@pytest.mark.parametrize(("rows", "left"), [case[::2] for case in CASES.values()], ids=CASES)
def test_suppress_leaves_what_holds_or_nothing_and_then_refuses(
    tmp_path: Path,
    rows: list[dict[str, Any]],
    left: bool,  # noqa: FBT001  # a column of the table
) -> None:
    body, found = done(tmp_path, rows, on_violation="suppress")
    assert found == (set() if left else EVERY)
    assert body["accounting"]["candidate"] == len(rows) * left
