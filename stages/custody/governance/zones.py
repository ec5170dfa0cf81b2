"""Make a zone: its secrets go into the keyring, then their fingerprints into the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from custody.governance import changes, keys, pending
from custody.governance.planned import Change, Value
from custody.policy import editing
from custody.policy.editing import Edit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from custody.governance.compartments import Compartment

BACKUP: Final = (
    "Back the keyring up now, apart from the data: without it nothing sealed under this zone opens again, "
    "and whoever has it can read the raw data."
)
_REVERSIBLE: Final = "Whoever holds the reversible secret, and so whoever runs anonymize with it, can take names back."
_COMMENT: Final = (
    "Fingerprint of the secret behind encrypt_deterministic. approve: key holder. risk: who has it takes names back."
)
_UNKNOWN: Final = "0" * 16


def make(params: Path, zone: str, asked: Sequence[str], *, reversible: bool) -> tuple[str, ...]:
    """Make a zone's secret, or with `reversible` the one of reversible pseudonyms, and name it; return what to tell.

    Call it in `pending.turn`. `CustodyError` where the secret is there already, or the policy has no place for it.
    """
    path = params.resolve()
    editing.edited(editing.read(path), path.name, _edits(zone, _UNKNOWN, _UNKNOWN if reversible else None))
    changes.begin("init", zone, _parts(reversible=reversible))
    there = keys.held(zone) if reversible else None
    made = keys.following(zone, [one for one in _parts(reversible=reversible) if there is None or one != "pipeline"])
    check = (there or made["pipeline"]).check
    edits = _edits(zone, check, made["reidentify"].check if reversible else None)
    change = Change(
        asked=tuple(asked),
        what="init",
        zone=zone,
        parts=_parts(reversible=reversible),
        made={one: held.check for one, held in made.items()},
        params=str(path),
        values=tuple(Value(path=one.path, before=None, after=one.value, comment=one.comment) for one in edits),
        told=tuple(_told(zone, path.name, edits, reversible=reversible)),
    )
    pending.make(change, lambda: keys.store(zone, made))
    return change.told


def _parts(*, reversible: bool) -> tuple[Compartment, ...]:
    return ("pipeline", "reidentify") if reversible else ("pipeline",)


def _edits(zone: str, check: str, reidentify: str | None) -> list[Edit]:
    edits = [Edit(("keys", "zone"), zone), Edit(("keys", "check"), check)]
    if reidentify is not None:
        edits.append(Edit(("privacy", "reidentify"), reidentify, _COMMENT))
    return edits


def _told(zone: str, name: str, edits: Sequence[Edit], *, reversible: bool) -> list[str]:
    from custody.governance.keyring import keyring_path  # noqa: PLC0415

    said = ", ".join(f"{edit.key} {edit.written}" for edit in edits)
    lines = [f"zone {zone}: made; {name} now names it: {said}", f"keyring: {keyring_path()}", BACKUP]
    return [*lines, _REVERSIBLE] if reversible else lines
