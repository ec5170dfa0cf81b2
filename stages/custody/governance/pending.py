"""A change of keys that takes several writes: written down as a whole first, so that one that is killed is finished.

What is written down stands beside the audit log, in the user's state folder, and holds wrapped secrets and fingerprints
alone. The next command that changes keys in this project finishes it, write by write, as far as it was not made; it
stops where a file is neither as it was nor as it was to be.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from custody.errors import CustodyError
from custody.governance import changes, keyring
from custody.governance.audit import log
from custody.governance.audit.place import folder_of
from custody.governance.planned import Change
from custody.records.plain import write_text
from custody.records.replacing import sync_names
from custody.records.zone import Zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from custody.governance.planned import State


@contextmanager
def turn() -> Iterator[Change | None]:
    """Yield what was just finished of an earlier command, None where nothing was broken off; others wait meanwhile.

    `CustodyError` where the earlier change can neither be finished nor has begun.
    """
    with log.alone(folder_of(Path())):
        earlier = broken_off()
        states = [] if earlier is None else earlier.files_now()
        if earlier is not None and not _begun(earlier, states):
            _forget(earlier)
            earlier = None
        if earlier is not None:
            _refuse_others(earlier, states)
            changes.begin(earlier.what, earlier.zone, earlier.parts, earlier.recipients)
            _finish(earlier, states)
        yield earlier


def make(change: Change, first: Callable[[], None] = lambda: None) -> None:
    """Write a change down, do what comes `first`, then every write of it; whenever it is killed, `turn` goes on."""
    place = _place()
    write_text(place, change.model_dump_json())
    sync_names(place.parent)
    try:
        first()
    except BaseException:
        if not (change.made and _held(change)):
            _forget(change)
        raise
    _finish(change, ["to be made"] * len(change.files))


def broken_off() -> Change | None:
    """Return the change that was written down here and not finished; None where there is none."""
    place = _place()
    try:
        return Change.model_validate_json(place.read_bytes(), strict=True)
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        raise CustodyError(
            f"keys: what an earlier command left cannot be read; see it, and remove it: {place}"
        ) from None


def _begun(change: Change, files: Sequence[State]) -> bool:
    """Say whether any of a change was made, or all can be; where none was, and not all can be, it is as if never."""
    if change.made:
        return _held(change)
    states = {*files, *change.values_now()}
    return "made" in states or states == {"to be made"}


def _refuse_others(change: Change, files: Sequence[State]) -> None:
    paths = [*(one.path for one in change.files), *(change.params for _ in change.values)]
    for path, state in zip(paths, [*files, *change.values_now()], strict=True):
        if state in {"other", "lost"}:
            raise CustodyError(
                f"keys: {change.command} was broken off, and {path} was changed or removed since; restore it (git "
                f"checkout) and run this again, or put all of it back as it was and remove {_place()}"
            )


def _finish(change: Change, files: Sequence[State]) -> None:
    try:
        change.make([one for one, state in zip(change.files, files, strict=True) if state == "to be made"])
        _forget(change)
    except OSError as error:
        raise CustodyError(
            f"keys: {change.command} was broken off ({error.strerror}); see that there is space and permission to "
            "write, and run it again: it goes on where it stopped"
        ) from None


def _held(change: Change) -> bool:
    """Say whether the keyring has what goes there first."""
    ring = keyring.held()
    parts = {"pipeline": ring.zones, "reidentify": ring.reidentify}
    found = {one: parts[one].get(change.zone) for one in change.made}
    return all(secret and Zone(change.zone, secret).check == change.made[one] for one, secret in found.items())


def _forget(change: Change) -> None:
    for one in change.files:
        if one.fresh is not None:
            Path(one.fresh).unlink(missing_ok=True)
    place = _place()
    place.unlink()
    sync_names(place.parent)


def _place() -> Path:
    """Return where a change is written down: worktrees of one clone share a log, and each has changes of its own."""
    here = hashlib.sha256(os.fsencode(Path.cwd().resolve())).hexdigest()[:16]
    return folder_of(Path()) / f"pending-{here}.json"
