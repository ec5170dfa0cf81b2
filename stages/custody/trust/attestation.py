"""What a signer says of a release, as an in-toto Statement v1 whose subjects are the release's files.

The predicate names the release statement by its digest, the commit, the time, the signer's name and role. It holds
checkpoints too, by which what was there before is known later: the digests of all bundles that lay beside it, and
where each audit log stood.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from custody.errors import RefusedError
from custody.governance.audit.entry import Head
from custody.policy import checks
from custody.policy.forms import SHA256
from custody.records.strict import strict_json
from custody.release.stated import STATEMENT
from custody.trust import payload

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from custody.release.stated import Stated
    from custody.release.statement import Statement as Release

PREDICATE: Final = "urn:custody:attestation:release:v1"
TIME: Final = "%Y-%m-%dT%H:%M:%SZ"


_SHA256: Final = checks.matches(SHA256)
_CHECKPOINT: Final = checks.closed({"entries": checks.matches(r"^[1-9][0-9]{0,11}$"), "digest": _SHA256})
_FORM: Final = checks.closed(
    {
        "statement": _SHA256,
        "dataset": checks.text,
        "decision": checks.one_of("released", "refused"),
        "commit": checks.or_none(checks.matches(r"^[0-9a-f]{40,64}$")),
        "time": checks.time,
        "signer": checks.name,
        "role": checks.name,
        "earlier": checks.listed(_SHA256),
        "audit": checks.mapped(checks.matches(r"^[0-9a-f]{32}$"), _CHECKPOINT),
    }
)


@dataclass(frozen=True)
class Checkpoint:
    """Where a writer's audit log stood."""

    entries: str
    """A text: the predicate is a protobuf Struct, which has no whole numbers."""
    digest: str


@dataclass(frozen=True)
class Predicate:
    """Who vouches for which statement, when, and after which earlier bundles; `ValueError` for what is none."""

    statement: str
    dataset: str
    decision: Literal["released", "refused"]
    commit: str | None
    time: str
    signer: str
    role: str
    earlier: tuple[str, ...]
    audit: Mapping[str, Checkpoint]

    def __post_init__(self) -> None:
        """Stop what `read` would refuse."""
        checks.must(_FORM, self.values())

    @classmethod
    def of(cls, value: Any) -> Predicate:
        """Return what plain values say; `ValueError` for others than `values` returns."""
        checks.must(_FORM, value)
        audit = {writer: Checkpoint(**one) for writer, one in value["audit"].items()}
        return cls(**{**value, "earlier": tuple(value["earlier"]), "audit": audit})

    def values(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {**asdict(self), "earlier": list(self.earlier)}

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
    return payload.build(subjects_of(statement, release).items(), PREDICATE, predicate.values())


def read(text: bytes, name: str) -> tuple[Predicate, dict[str, str]]:
    """Return predicate and SHA-256 of each subject; `RefusedError` for a statement of another kind or version."""
    try:
        value = strict_json(text)
        kinds = (value.get("_type"), value.get("predicateType"))
    except (ValueError, AttributeError, RecursionError):
        raise RefusedError(f"{name}: signs something that is no statement; get it again") from None
    if kinds != (payload.KIND, PREDICATE):
        raise RefusedError(f"{name}: signs a statement of another kind or version; verify it with what wrote it")
    try:
        predicate = Predicate.of(value["predicate"])
        subjects = {one["name"]: one["digest"]["sha256"] for one in value["subject"]}
        dt.datetime.fromisoformat(predicate.time)  # only whether it is a time
    except (KeyError, TypeError, ValueError):
        raise RefusedError(f"{name}: signs an attestation that is incomplete or altered; get it again") from None
    return predicate, subjects


def subjects_of(statement: bytes, release: Release | Stated) -> dict[str, str]:
    """Return what an attestation of this release must have as its subjects."""
    named: dict[str, Any] = {file.name: file.sha256 for file in release.files}
    return {STATEMENT: hashlib.sha256(statement).hexdigest(), **named}


def is_release(text: bytes) -> bool:
    """Say whether a payload speaks of a release as this module does, in whatever version."""
    try:
        return str(strict_json(text).get("predicateType")).startswith(PREDICATE.rsplit(":", 1)[0])
    except (ValueError, AttributeError, RecursionError):
        return True
