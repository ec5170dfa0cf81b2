"""What a rebuilder says became of a release that he built anew, as an in-toto Statement v1 about its statement.json.

The subject is the release statement as it was recorded, by its digest: a verdict speaks of exactly that release. The
predicate holds the answer, stage by stage too, what the rebuild's own statement was, and with which libraries and
Python it was made. Negative verdicts are signed like the others. Bundles stand under `data/signatures/rebuilds`.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import STATEMENT_TYPE_URI, Statement
from pydantic import StringConstraints, ValidationError, model_validator

from custody.errors import CustodyError, RefusedError
from custody.policy.model import Closed, Id, Text
from custody.records.plain import write_text
from custody.release.stated import STATEMENT
from custody.release.statement import Sha256
from custody.trust import bundle, signing
from custody.trust.attestation import TIME, serialized

if TYPE_CHECKING:
    from pathlib import Path

    from custody.trust.keyfile import PrivateKey
    from custody.trust.signers import Signer, Trust

FOLDER: Final = "data/signatures/rebuilds"
PREDICATE: Final = "urn:custody:attestation:rebuild:v1"
Answer: TypeAlias = Literal["reproduced", "equivalent", "changed", "failed", "unverifiable"]
POSITIVE: Final = frozenset({"reproduced", "equivalent"})
NEGATIVE: Final = frozenset({"changed", "failed"})
_FILE_TIME: Final = "%Y%m%dT%H%M%SZ"


class Rebuilt(Closed):
    """What became of a release."""

    statement: Sha256
    """Of the release as it was recorded."""
    rebuilt: Sha256 | None
    """Of the statement that the rebuild made; None where it made none."""
    revision: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40,64}$")]
    answer: Answer
    stages: dict[Id, Answer]
    libraries: Literal["locked", "current"]
    """Those of the revision's lock file, or others."""
    python: Text

    @model_validator(mode="after")
    def _agrees(self) -> Rebuilt:
        """Refuse an answer that its own parts contradict."""
        if self.answer in POSITIVE and not (self.stages and POSITIVE.issuperset(self.stages.values())):
            raise ValueError("the answer is not that of the stages")
        if self.answer == "reproduced" and self.rebuilt != self.statement:
            raise ValueError("the statements differ")
        return self


class Predicate(Closed):
    """A verdict, and who gave it, in which role, when."""

    verdict: Rebuilt
    time: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
    signer: Id
    role: Id

    @property
    def day(self) -> str:
        """Return the day of signing, by the signer's clock."""
        return self.time[:10]


def build(predicate: Predicate) -> bytes:
    """Return the payload to sign."""
    subject = ResourceDescriptor(name=STATEMENT, digest={"sha256": predicate.verdict.statement}).pb
    return serialized(Statement([subject], PREDICATE, predicate.model_dump(mode="json")))


def read(payload: bytes, name: str) -> Predicate:
    """Return what a payload says; `RefusedError` for one of another kind, or whose subject is another statement."""
    try:
        value = bundle.strict_json(payload)
        if (value.get("_type"), value.get("predicateType")) != (STATEMENT_TYPE_URI, PREDICATE):
            raise RefusedError(f"{name}: signs no verdict on a rebuild of this version; get it again")
        predicate = Predicate.model_validate_json(json.dumps(value["predicate"]), strict=True)
        subjects = [(one["name"], one["digest"]) for one in value["subject"]]
        dt.datetime.strptime(predicate.time, TIME)  # noqa: DTZ007  # only whether it is a time
    except (ValidationError, KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise RefusedError(f"{name}: signs a verdict that is incomplete or altered; get it again") from None
    if subjects != [(STATEMENT, {"sha256": predicate.verdict.statement})]:
        raise RefusedError(f"{name}: signs a verdict on another statement than it names; get it again")
    return predicate


def rebuilder(key: PrivateKey, trust: Trust, day: str) -> tuple[str, Signer]:
    """Return whose key it is; `CustodyError` where no verdict that it signs on this day could count."""
    name, signer = signing.listed(key, trust)
    signing.good(name, signer, day)
    if signer.role not in trust.rebuilding():
        asked = ", ".join(sorted(trust.rebuilding())) or "none"
        raise CustodyError(f"KEY: {name} has the role {signer.role}; roles whose verdict on a rebuild counts: {asked}")
    return name, signer


def sign(verdict: Rebuilt, key: PrivateKey, trust: Trust, *, target: Path, now: dt.datetime) -> tuple[Path, str]:
    """Sign a verdict; the bundle goes into `target`. Return its path and the signer's name; `now` is in UTC."""
    name, signer = rebuilder(key, trust, now.strftime(TIME)[:10])
    predicate = Predicate(verdict=verdict, time=now.strftime(TIME), signer=name, role=signer.role)
    stem = f"{verdict.statement[:16]}.{name}.{now.strftime(_FILE_TIME)}"
    path = target / f"{stem}{signing.ATTESTATION}"
    if path.exists():
        raise RefusedError(f"{path.name}: {name} has signed a verdict at this very time; sign again")
    write_text(path, json.dumps(bundle.sign(build(predicate), key), sort_keys=True, indent=2) + "\n")
    return path, name
