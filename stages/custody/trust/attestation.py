"""What a signer says of a release, as an in-toto Statement v1 whose subjects are the release's files.

The predicate names the release statement by its digest, the commit, the time, the signer's name and role. It holds
checkpoints too, by which what was there before is known later: the digests of all bundles that lay beside it, and
where each audit log stood.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from google.protobuf import json_format
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import STATEMENT_TYPE_URI, Statement
from pydantic import StringConstraints, ValidationError

from custody.errors import RefusedError
from custody.governance.audit.entry import Head
from custody.policy.model import Closed, Id
from custody.release.stated import STATEMENT
from custody.release.statement import Sha256
from custody.trust.bundle import strict_json

if TYPE_CHECKING:
    from custody.release.statement import Statement as Release

PREDICATE: Final = "urn:custody:attestation:release:v1"
TIME: Final = "%Y-%m-%dT%H:%M:%SZ"


class Checkpoint(Closed):
    """Where a writer's audit log stood."""

    entries: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,11}$")]
    """A text: the predicate is a protobuf Struct, which has no whole numbers."""
    digest: Sha256


class Predicate(Closed):
    """Who vouches for which statement, when, and after which earlier bundles."""

    statement: Sha256
    dataset: str
    decision: Literal["released", "refused"]
    commit: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40,64}$")] | None
    time: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
    signer: Id
    role: Id
    earlier: tuple[Sha256, ...]
    audit: dict[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")], Checkpoint]

    @property
    def day(self) -> str:
        """Return the day of signing, by the signer's clock."""
        return self.time[:10]

    @property
    def heads(self) -> tuple[Head, ...]:
        """Where the audit logs stood."""
        return tuple(Head(writer, int(one.entries), one.digest) for writer, one in sorted(self.audit.items()))


def build(statement: bytes, release: Release, predicate: Predicate) -> bytes:
    """Return the payload to sign; `statement` are the bytes of statement.json."""
    subjects = [ResourceDescriptor(name=STATEMENT, digest={"sha256": hashlib.sha256(statement).hexdigest()}).pb]
    subjects += [ResourceDescriptor(name=file.name, digest={"sha256": file.sha256}).pb for file in release.files]
    return serialized(Statement(subjects, PREDICATE, predicate.model_dump(mode="json")))


def serialized(statement: Statement) -> bytes:
    """Return the JSON of an in-toto statement, keys sorted."""
    statement.validate()
    return json.dumps(json_format.MessageToDict(statement.pb), sort_keys=True, separators=(",", ":")).encode()


def read(payload: bytes, name: str) -> tuple[Predicate, dict[str, str]]:
    """Return predicate and SHA-256 of each subject; `RefusedError` for a statement of another kind or version."""
    try:
        value = strict_json(payload)
        kinds = (value.get("_type"), value.get("predicateType"))
    except (ValueError, AttributeError, RecursionError):
        raise RefusedError(f"{name}: signs something that is no statement; get it again") from None
    if kinds != (STATEMENT_TYPE_URI, PREDICATE):
        raise RefusedError(f"{name}: signs a statement of another kind or version; verify it with what wrote it")
    try:
        predicate = Predicate.model_validate_json(json.dumps(value["predicate"]), strict=True)
        subjects = {one["name"]: one["digest"]["sha256"] for one in value["subject"]}
        dt.datetime.strptime(predicate.time, TIME)  # noqa: DTZ007  # only whether it is a time
    except (ValidationError, KeyError, TypeError, ValueError, RecursionError):
        raise RefusedError(f"{name}: signs an attestation that is incomplete or altered; get it again") from None
    return predicate, subjects


def subjects_of(statement: bytes, release: Release) -> dict[str, str]:
    """Return what an attestation of this release must have as its subjects."""
    named: dict[str, Any] = {file.name: file.sha256 for file in release.files}
    return {STATEMENT: hashlib.sha256(statement).hexdigest(), **named}


def is_release(payload: bytes) -> bool:
    """Say whether a payload speaks of a release as this module does, in whatever version."""
    try:
        return str(strict_json(payload).get("predicateType")).startswith(PREDICATE.rsplit(":", 1)[0])
    except (ValueError, AttributeError, RecursionError):
        return True
