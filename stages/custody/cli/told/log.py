"""What `custody log` prints: the releases in git's history, newest first, with what became of each."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from custody.errors import plain
from custody.history.releases import releases
from custody.repository import tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from custody.history.releases import Release
    from custody.history.standing import Standing

HEAD = ("REVISION", "DAY", "DECISION", "ROWS", "SCORE", "K", "POLICY", "SIGNED BY", "REBUILT", "")
RIGHT = frozenset({"ROWS", "SCORE", "K", "REBUILT"})
SHORT = 12
NONE = "-"
COMPUTED = " (computed)"


def lines(root: Path, trusted: Path | None, *, as_json: bool) -> Iterator[str]:
    """Yield a line for each release, or all as one JSON text."""
    found = releases(root)
    known = _standings(root, found, trusted)
    told = [_told(one, known) for one in found]
    notes = _notes(found, cut=tree.is_shallow(root))
    if as_json:
        yield json.dumps({"releases": told, "notes": notes}, indent=2)
        return
    yield from _table(told)
    yield from (f"note: {note}" for note in notes)


def _standings(root: Path, found: tuple[Release, ...], trusted: Path | None) -> dict[str, Standing]:
    """Ask who vouches only where something is signed or withdrawn: what reads that starts longer than all the rest.

    Keys that are named are read all the same, since they may be none.
    """
    places = ("data/signatures", ".custody/retractions.json")
    anything = trusted is not None or any((root / name).exists() for name in places)
    if not found or not (anything or tree.is_recorded(root, places)):
        return {}
    import datetime as dt  # noqa: PLC0415  # late: few histories hold signatures

    from custody.history.standing import standings  # noqa: PLC0415

    today = dt.datetime.now(dt.UTC).date().isoformat()
    return standings(root, [one.statement for one in found if one.statement is not None], trusted, today)


def _told(one: Release, known: dict[str, Standing]) -> dict[str, Any]:
    digest = hashlib.sha256(one.statement).hexdigest() if one.statement is not None else None
    standing = known.get(digest or "")
    return {
        "revision": one.commit,
        "day": one.day,
        "tags": list(one.tags),
        "decision": one.decision,
        "rows": one.rows,
        "score": one.score,
        "k_smallest": one.k_smallest,
        "policy": one.policy,
        "policy_computed": one.policy_computed,
        "policy_changed_in": list(one.policy_changed),
        "statement": digest,
        "signers": list(standing.signers) if standing else [],
        "signatures_that_do_not_count": standing.unbelieved if standing else 0,
        "rebuilders": list(standing.rebuilders) if standing else [],
        "rebuilt_otherwise": list(standing.rebuilt_otherwise) if standing else [],
        "retracted": standing.retracted if standing else None,
        "expires": one.expires,
    }


def _notes(found: tuple[Release, ...], *, cut: bool) -> list[str]:
    notes = [] if found else ["no release is recorded in the history of HEAD; run: dvc repro, and commit dvc.lock"]
    if cut:
        notes.append(
            "history was cut off here (a shallow clone), earlier releases are not shown; git fetch --unshallow"
        )
    if missing := sum(one.statement is None for one in found):
        notes.append(
            f"{missing} of {len(found)} statements are not at hand in DVC's cache: their policy is computed from "
            "params.yaml, where it still holds, and their signers are not shown; dvc fetch --all-commits"
        )
    return notes


def _table(told: list[dict[str, Any]]) -> list[str]:
    if not told:
        return []
    rows = [HEAD, *(_row(one) for one in told)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    return [
        "  ".join(
            cell.rjust(width) if name in RIGHT else cell.ljust(width)
            for cell, width, name in zip(row, widths, HEAD, strict=True)
        ).rstrip()
        for row in rows
    ]


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    signers = ", ".join(one["signers"]) or NONE
    if one["signatures_that_do_not_count"]:
        signers += f" (+{one['signatures_that_do_not_count']} not counted)"
    notes = [f"tag {', '.join(one['tags'])}"] if one["tags"] else []
    notes += [one["retracted"]] if one["retracted"] else []
    notes += one["rebuilt_otherwise"]
    changed = one["policy_changed_in"]
    notes += [f"policy changed in {', '.join(commit[:SHORT] for commit in changed)}"] if changed else []
    return (
        one["revision"][:SHORT],
        one["day"],
        one["decision"] or NONE,
        _count(one["rows"]),
        NONE if one["score"] is None else f"{one['score']:.6f}",
        _count(one["k_smallest"]),
        plain((one["policy"] or NONE)[:SHORT]) + COMPUTED * one["policy_computed"],
        plain(signers),
        _count(len(one["rebuilders"]) or None),
        plain("; ".join(notes)),
    )


def _count(value: int | str | None) -> str:
    if value is None:
        return NONE
    return f"{value:,}" if isinstance(value, int) else value
