"""`.custody/retractions.json`: releases that were withdrawn, by the digest of their statement.

An entry says which, when and why. It needs no signature: whoever adds one can only take trust away. The file stands
outside the policy digest, and a newer copy of it can be handed to any verifier.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError
from custody.policy import checks
from custody.policy.forms import SHA256
from custody.records.strict import strict_json
from custody.trust.verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATH: Final = ".custody/retractions.json"


_RETRACTION: Final = checks.closed({"statement": checks.matches(SHA256), "day": checks.day, "reason": checks.words})
_FORM: Final = checks.closed({}, {"retractions": checks.listed(_RETRACTION)})


@dataclass(frozen=True)
class Retraction:
    """One withdrawn release; `ValueError` for what is none."""

    statement: str
    day: str
    reason: str

    def __post_init__(self) -> None:
        """Stop what `read` would refuse."""
        checks.must(_RETRACTION, asdict(self))


@dataclass(frozen=True)
class Retractions:
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
        value = strict_json(text)
        checks.must(_FORM, value)
    except (ValueError, RecursionError):
        raise CustodyError(f"{name}: is no list of retractions; get it again") from None
    return Retractions(tuple(Retraction(**one) for one in value.get("retractions", ())))


def add(path: Path, retraction: Retraction) -> None:
    """Append a retraction to the file, which is written whole or not at all; `CustodyError` where it stands there."""
    from custody.records.plain import write_json  # noqa: PLC0415  # late: who reads writes nothing

    held = read(path.read_bytes(), path.name) if path.exists() else Retractions()
    if any(one.statement == retraction.statement for one in held.retractions):
        raise CustodyError(f"{path.name}: this release is retracted already")
    whole = Retractions(retractions=(*held.retractions, retraction))
    write_json(path, asdict(whole))
