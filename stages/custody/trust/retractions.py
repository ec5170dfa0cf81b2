"""`.custody/retractions.json`: releases that were withdrawn, by the digest of their statement.

An entry says which, when and why. It needs no signature: whoever adds one can only take trust away. The file stands
outside the policy digest, and a newer copy of it can be handed to any verifier.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from custody.errors import CustodyError
from custody.policy.model import Closed, Day, Text
from custody.records.plain import write_json
from custody.release.statement import Sha256
from custody.trust.bundle import strict_json
from custody.trust.verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATH: Final = ".custody/retractions.json"


class Retraction(Closed):
    """One withdrawn release."""

    statement: Sha256
    day: Day
    reason: Text


class Retractions(Closed):
    """All withdrawn releases of a repository, in the order in which they were withdrawn."""

    retractions: tuple[Retraction, ...] = ()

    def of(self, statement: str) -> Iterator[Reason]:
        """Yield a reason where the release of this statement was withdrawn."""
        for one in self.retractions:
            if one.statement == statement:
                yield Reason("retracted", f"was retracted on {one.day}: {one.reason}")


def read(text: bytes, name: str) -> Retractions:
    """Read a list of retractions; `CustodyError` where it is none, since what cannot be read may retract."""
    try:
        return Retractions.model_validate_json(json.dumps(strict_json(text)), strict=True)
    except (ValidationError, ValueError, RecursionError):
        raise CustodyError(f"{name}: is no list of retractions; get it again") from None


def add(path: Path, retraction: Retraction) -> None:
    """Append a retraction to the file, which is written whole or not at all; `CustodyError` where it stands there."""
    held = read(path.read_bytes(), path.name) if path.exists() else Retractions()
    if any(one.statement == retraction.statement for one in held.retractions):
        raise CustodyError(f"{path.name}: this release is retracted already")
    whole = Retractions(retractions=(*held.retractions, retraction))
    write_json(path, whole.model_dump(mode="json"))
