"""What a rebuilder says became of a release that he built anew, as an in-toto Statement v1 about its statement.json.

The subject is the release statement as it was recorded, by its digest: a verdict speaks of exactly that release. The
predicate holds the answer, stage by stage too, what the rebuild's own statement was, and with which libraries and
Python it was made. Negative verdicts are signed like the others. Bundles stand under `data/signatures/rebuilds`.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

from custody.errors import CustodyError, RefusedError
from custody.policy import checks
from custody.policy.forms import SHA256
from custody.records.strict import strict_json
from custody.release.stated import STATEMENT
from custody.trust import bundle, payload, stored
from custody.trust.attestation import TIME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from custody.trust.keyfile import PrivateKey
    from custody.trust.signers import Signer, Trust

PREDICATE: Final = "urn:custody:attestation:rebuild:v1"
Answer: TypeAlias = Literal["reproduced", "equivalent", "erased", "changed", "failed", "unverifiable"]
POSITIVE: Final = frozenset({"reproduced", "equivalent", "erased"})
NEGATIVE: Final = frozenset({"changed", "failed"})
_FILE_TIME: Final = "%Y%m%dT%H%M%SZ"


_ANSWER: Final = checks.one_of(*get_args(Answer))
_VERDICT: Final = checks.closed(
    {
        "statement": checks.matches(SHA256),
        "rebuilt": checks.or_none(checks.matches(SHA256)),
        "revision": checks.matches(r"^[0-9a-f]{40,64}$"),
        "answer": _ANSWER,
        "stages": checks.mapped(checks.name, _ANSWER),
        "libraries": checks.one_of("locked", "current"),
        "python": checks.words,
    }
)
_FORM: Final = checks.closed({"verdict": _VERDICT, "time": checks.time, "signer": checks.name, "role": checks.name})


@dataclass(frozen=True)
class Rebuilt:
    """What became of a release; `ValueError` for what is no verdict."""

    statement: str
    """Of the release as it was recorded."""
    rebuilt: str | None
    """Of the statement that the rebuild made; None where it made none."""
    revision: str
    answer: Answer
    stages: Mapping[str, Answer]
    libraries: Literal["locked", "current"]
    """Those of the revision's lock file, or others."""
    python: str

    def __post_init__(self) -> None:
        """Refuse an answer that its own parts contradict."""
        checks.must(_VERDICT, asdict(self))
        if self.answer in POSITIVE and not (self.stages and POSITIVE.issuperset(self.stages.values())):
            raise ValueError("the answer is not that of the stages")
        if self.answer == "reproduced" and self.rebuilt != self.statement:
            raise ValueError("the statements differ")
        if self.answer == "erased" and self.rebuilt in {None, self.statement}:
            raise ValueError("the statements do not differ")


@dataclass(frozen=True)
class Predicate:
    """A verdict, and who gave it, in which role, when; `ValueError` for what is none."""

    verdict: Rebuilt
    time: str
    signer: str
    role: str

    def __post_init__(self) -> None:
        """Stop what `read` would refuse."""
        checks.must(_FORM, asdict(self))

    @classmethod
    def of(cls, value: Any) -> Predicate:
        """Return what plain values say; `ValueError` for what says no verdict."""
        checks.must(_FORM, value)
        return cls(**{**value, "verdict": Rebuilt(**value["verdict"])})

    @property
    def day(self) -> str:
        """Return the day of signing, by the signer's clock."""
        return self.time[:10]


def build(predicate: Predicate) -> bytes:
    """Return the payload to sign."""
    return payload.build([(STATEMENT, predicate.verdict.statement)], PREDICATE, asdict(predicate))


def read(text: bytes, name: str) -> Predicate:
    """Return what a payload says; `RefusedError` for one of another kind, or whose subject is another statement."""
    try:
        value = strict_json(text)
        if (value.get("_type"), value.get("predicateType")) != (payload.KIND, PREDICATE):
            raise RefusedError(f"{name}: signs no verdict on a rebuild of this version; get it again")
        predicate = Predicate.of(value["predicate"])
        subjects = [(one["name"], one["digest"]) for one in value["subject"]]
        dt.datetime.fromisoformat(predicate.time)  # only whether it is a time
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise RefusedError(f"{name}: signs a verdict that is incomplete or altered; get it again") from None
    if subjects != [(STATEMENT, {"sha256": predicate.verdict.statement})]:
        raise RefusedError(f"{name}: signs a verdict on another statement than it names; get it again")
    return predicate


def rebuilder(key: PrivateKey, trust: Trust, day: str) -> tuple[str, Signer]:
    """Return whose key it is; `CustodyError` where no verdict that it signs on this day could count."""
    from custody.trust import signing  # noqa: PLC0415

    name, signer = signing.listed(key, trust)
    signing.good(name, signer, day)
    if signer.role not in trust.rebuilding():
        asked = ", ".join(sorted(trust.rebuilding())) or "none"
        raise CustodyError(f"KEY: {name} has the role {signer.role}; roles whose verdict on a rebuild counts: {asked}")
    return name, signer


def sign(verdict: Rebuilt, key: PrivateKey, trust: Trust, *, target: Path, now: dt.datetime) -> tuple[Path, str]:
    """Sign a verdict; the bundle goes into `target`. Return its path and the signer's name; `now` is in UTC."""
    from custody.records.plain import write_text  # noqa: PLC0415  # late, as signing: who reads writes nothing

    name, signer = rebuilder(key, trust, now.strftime(TIME)[:10])
    predicate = Predicate(verdict=verdict, time=now.strftime(TIME), signer=name, role=signer.role)
    stem = f"{verdict.statement[:16]}.{name}.{now.strftime(_FILE_TIME)}"
    path = target / f"{stem}{stored.ATTESTATION}"
    if path.exists():
        raise RefusedError(f"{path.name}: {name} has signed a verdict at this very time; sign again")
    write_text(path, json.dumps(bundle.sign(build(predicate), key), sort_keys=True, indent=2) + "\n")
    return path, name
