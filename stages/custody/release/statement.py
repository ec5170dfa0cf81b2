"""The release statement: what was decided, on which figures, and exactly which files may be loaded.

`data/released/statement.json` is plain JSON. It holds nothing that differs between two honest runs and no value of
the data, so signatures over its bytes can stand apart. It is also a closed model: a key too many, a missing one or a
figure that contradicts another is not a statement.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from custody.errors import CustodyError, RefusedError
from custody.policy.dataset import Dataset
from custody.policy.forms import SHA256
from custody.policy.keys import Keys
from custody.policy.model import Closed, Day, Id
from custody.policy.sources import Provenance
from custody.records import regular
from custody.records.plain import parse_json, write_json
from custody.release.condition import Condition, Figure
from custody.release.stated import AGAIN, FILE_NAME, MD5, MOST, STAGES, STATEMENT, altered, check

if TYPE_CHECKING:
    from pathlib import Path

LIMIT: Final = 2**24
"""Bytes of a statement; a larger one is none."""

Count = Annotated[int, Field(ge=0, le=MOST)]
Sha256 = Annotated[str, StringConstraints(pattern=SHA256)]


class File(Closed):
    """One released Parquet file; `md5` is the name that DVC gives it, `logical` the digest of its values."""

    name: Annotated[str, StringConstraints(pattern=FILE_NAME)]
    sha256: Sha256
    md5: Annotated[str, StringConstraints(pattern=MD5)]
    bytes: Count
    rows: Count
    logical: Sha256


class Column(Closed):
    """A released column: Arrow type, and what the policy says it is and did to it."""

    type: str
    role: str
    technique: str
    level: str | None = None
    """Of a quasi-identifier, where `on_violation` is generalize: the level it was given, and what that level does."""


class SourceFile(Closed):
    """One file that was read, by its id, the digest of its content and its size."""

    id: str
    sha256: Sha256 | None
    bytes: Count | None


class Materials(Provenance):
    """A source's provenance and the files that were read of it."""

    files: tuple[SourceFile, ...]


class Accounting(Closed):
    """Records along the chain; None where a report does not tell, which refuses.

    read = collected + malformed + skipped; collected = accepted + quarantined; accepted = released + suppressed +
    withheld, or all refused.
    """

    read: Count | None
    collected: Count | None
    malformed: Count | None
    skipped: Count | None
    accepted: Count | None
    quarantined: Count | None
    released: Count
    suppressed: Count | None
    withheld: Count | None
    refused: Count | None

    def adds_up(self) -> bool:
        """True when every count is told and every equation holds."""
        left = (self.read, self.collected, self.accepted)
        right = (
            (self.collected, self.malformed, self.skipped),
            (self.accepted, self.quarantined),
            (self.released, self.suppressed, self.withheld, self.refused),
        )
        return all(
            whole is not None and None not in parts and whole == sum(part or 0 for part in parts)
            for whole, parts in zip(left, right, strict=True)
        )


class Statement(Closed):
    """Everything that a release says about itself."""

    version: Literal["custody/statement/v1"] = Field(alias="schema")
    dataset: Dataset
    decision: Literal["released", "refused"]
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]
    files: tuple[File, ...]
    rows: Count
    columns: dict[str, Column]
    sources: dict[Id, Materials]
    policy: Sha256
    """Digest of the policy under which was decided."""
    code: dict[str, Sha256]
    """Digest of the code and libraries that each stage ran (`repository.code`)."""
    key: Keys
    """Zone, and the fingerprint of its secret."""
    accounting: Accounting
    figures: dict[str, Figure | None]
    signatures: dict[Id, Annotated[int, Field(ge=1)]]
    """How many signers of each role, each of another owner, must vouch for it."""
    expires: Day | None
    """The day after which the retention of the youngest record is over; None without `privacy.retention_days`."""

    @property
    def released(self) -> bool:
        """True when the data may leave."""
        return self.decision == "released"

    @property
    def broken(self) -> tuple[Condition, ...]:
        """Conditions that refuse."""
        return tuple(condition for condition in self.conditions if not condition.held)

    @model_validator(mode="after")
    def _one_piece(self) -> Self:
        names = [file.name for file in self.files]
        agree = (
            names == sorted(set(names)),
            self.released != bool(self.broken),
            self.released == bool(self.files),
            self.released == bool(self.columns),
            set(self.code) == set(STAGES),
            self.rows == sum(file.rows for file in self.files) == self.accounting.released,
            not self.released or self.accounting.adds_up(),
        )
        if not all(agree):
            raise ValueError("figures of the statement contradict each other")
        return self


def write(folder: Path, statement: Statement) -> None:
    """Write `statement.json` into a folder."""
    write_json(folder / STATEMENT, statement.model_dump(mode="json", by_alias=True))


def read(folder: Path) -> Statement:
    """Return the statement of a release; `RefusedError` when there is none, or when it is not one that a gate wrote."""
    return of(text(folder), folder)


def text(folder: Path) -> bytes:
    """Return the bytes of a release's statement, read once; `RefusedError` where there is no plain file of its size."""
    where = f"{folder.name}/{STATEMENT}"
    try:
        held = regular.read(folder / STATEMENT, LIMIT + 1)
    except FileNotFoundError:
        raise RefusedError(
            f"{where}: is missing, so nothing here is a release; get it again or run: dvc repro"
        ) from None
    except OSError:
        held = None
    if held is None:
        raise RefusedError(f"{where}: is not a plain file; get the release again")
    if len(held) > LIMIT:
        raise RefusedError(f"{where}: is larger than {LIMIT} bytes, so no gate wrote it; get the release again")
    return held


def of(held: bytes, folder: Path) -> Statement:
    """Return the statement that these bytes of a release are; `RefusedError` when no gate wrote them."""
    where = f"{folder.name}/{STATEMENT}"
    try:
        return parse(parse_json(held, where), where)
    except RefusedError:
        raise
    except CustodyError:
        raise RefusedError(f"{where}: is not the JSON that the gate writes; {AGAIN}") from None


def parse(value: dict[str, Any], where: str) -> Statement:
    """Return the model of a statement's JSON; `RefusedError` for one of another version, altered or incomplete."""
    check(value, where)
    try:
        return Statement.model_validate_json(json.dumps(value), strict=True)
    except (ValidationError, ValueError, RecursionError):
        raise altered(where) from None
