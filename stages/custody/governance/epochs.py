"""Epochs of pseudonym domains: how new ones begin, and the edits of the policy that they take."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError
from custody.governance import changes, pending
from custody.governance.planned import Change, value
from custody.policy import editing
from custody.policy.editing import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from custody.policy import Policy
    from custody.policy.privacy import Privacy

_COMMENT: Final = (
    "Epoch of each pseudonym domain. approve: data protection officer. risk: the longer one lasts, the more it links."
)


def begin(path: Path, policy: Policy, asked: Sequence[str], domains: Sequence[str] | None) -> tuple[str, ...]:
    """Begin a new epoch for domains, all that columns use where none is given, in the policy at `path`.

    Call it in `pending.turn`, which tells the same command, run again after it was killed, from one that begins another
    epoch. Returns what to tell.
    """
    privacy = policy.privacy
    chosen = tuple(dict.fromkeys(domains or privacy.domains))
    if not chosen or not set(chosen) <= set(privacy.domains):
        used = ", ".join(privacy.domains) or "none"
        raise CustodyError(f"DOMAIN: no column has pseudonyms of it; columns use: {used}")
    found = steps(privacy, chosen)
    text, todo = editing.read(path), edits(privacy, found)
    editing.edited(text, path.name, todo)  # before anything is written
    changes.begin("rotate", policy.keys.zone, chosen)
    change = Change(
        asked=tuple(asked),
        what="rotate",
        zone=policy.keys.zone,
        parts=chosen,
        params=str(path),
        values=tuple(value(text, path.name, edit) for edit in todo),
        told=(*lines(found), "dvc repro writes the new pseudonyms; those of earlier releases match them no longer."),
    )
    pending.make(change)
    return change.told


def steps(privacy: Privacy, domains: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return the present epoch of each domain and the one after it."""
    from custody.records.zone import FIRST  # noqa: PLC0415  # late: imports Arrow

    return {domain: (epoch := privacy.epochs.get(domain, FIRST), epoch + 1) for domain in domains}


def edits(privacy: Privacy, found: dict[str, tuple[int, int]]) -> list[Edit]:
    """Return what to write into the policy."""
    comments = [] if "epochs" in privacy.model_fields_set or not found else [_COMMENT]
    return [
        Edit(("privacy", "epochs", domain), after, comment)
        for (domain, (_, after)), comment in zip_longest(found.items(), comments)
    ]


def lines(found: dict[str, tuple[int, int]]) -> list[str]:
    """Return what to tell."""
    return [f"{domain}: epoch {before} → {after}" for domain, (before, after) in found.items()]
