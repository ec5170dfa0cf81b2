"""Do statement, policy, code and lock file of a revision belong together? What does not is stale or forged.

`dvc.lock` is a plain file that anyone can edit, and DVC looks no further than its md5s. So everything that it says is
held against something else: its record of the policy against params.yaml, its folders against each other, the release
against the statement, and the statement against the policy and the code themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError
from custody.governance import demo
from custody.policy.policy import check
from custody.policy.yaml import parse
from custody.records.strict import strict_json
from custody.release import stating
from custody.release.stated import STAGES
from custody.release.statement import Materials
from custody.repository import lock
from custody.trust import conditions
from custody.trust.known import GATE, PARAMS, RELEASED
from custody.trust.verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from custody.policy import Policy
    from custody.release.statement import Statement
    from custody.repository.kept import Held


@dataclass(frozen=True)
class Revision:
    """What stands beside a release in its revision; None where a file is missing."""

    params: bytes | None = field(repr=False)
    lock: bytes | None = field(repr=False)
    code: Mapping[str, str | None]
    """Digest of each stage's code (`repository.code`), None where it cannot be told."""
    sources: Held | None
    """The files of data/sources, None where none are at hand."""
    decision: bytes | None = None
    """The gate's figures for `dvc metrics`, by which later decisions are known."""

    @cached_property
    def stages(self) -> dict[str, Any] | None:
        """The stages of the lock file; None where there is none that can be read."""
        return lock.parse(self.lock) if self.lock is not None else None

    def entry(self, stage: str, kind: str, path: str) -> dict[str, Any]:
        """Return what the lock file records of a dependency or output of a stage; empty where it records none."""
        try:
            return next(dict(one) for one in (self.stages or {})[stage][kind] if one["path"] == path)
        except (LookupError, TypeError, ValueError, StopIteration):
            return {}


def differences(stated: Statement, released: str | None, revision: Revision) -> Iterator[Reason]:
    """Yield each place where they do not agree; `released` is the name that DVC gives the folder at hand."""
    yield from _policy(stated, revision.params)
    yield from _code(stated, revision.code)
    yield from _told(stated, revision.decision)
    stages = revision.stages
    if stages is None:
        yield Reason("lock", f"{lock.LOCK} is missing or cannot be read")
        return
    yield from _params(stages, revision.params)
    yield from _chain(revision)
    if revision.entry("gate", "outs", RELEASED).get("md5") != released:
        yield Reason("lock", f"{lock.LOCK} records another {RELEASED} than the one here")


def demo_key(stated: Statement) -> Iterator[Reason]:
    """Yield a reason where the public demo key protected, or is said to protect, anything but the demo's sources."""
    digests = {file.sha256 for source in stated.sources.values() for file in source.files}
    uses_demo = stated.key.zone == demo.ZONE.name or stated.key.check == demo.ZONE.check
    if uses_demo and not demo.SOURCES.issuperset(digests):
        yield Reason("demo_key", "was made with the public demo key from sources that are not the demo's")


def _policy(stated: Statement, params: bytes | None) -> Iterator[Reason]:
    policy = check(params, PARAMS)[0] if params is not None else None
    if policy is None:
        yield Reason("stale", f"{PARAMS} is missing or has mistakes, so the release is not of this policy")
    elif policy.digest() != stated.policy:
        yield Reason("stale", f"was decided under another policy than {PARAMS}; run: dvc repro")
    else:
        yield from (Reason("conditions", fault) for fault in conditions.faults(stated.conditions, policy))
        yield from (Reason("statement", f"says another {what} than {PARAMS}") for what in _other(stated, policy))


def _other(stated: Statement, policy: Policy) -> Iterator[str]:
    """Yield what the policy alone decides and the statement says otherwise: who must sign, when it expires."""
    yield from (name for name, wanted in stating.by_policy(policy).items() if getattr(stated, name) != wanted)
    wanted = {name: Materials(**source.provenance.model_dump(), files=()) for name, source in policy.sources.items()}
    if {name: one.model_copy(update={"files": ()}) for name, one in stated.sources.items()} != wanted:
        yield "provenance of sources"
    treated = stating.treatments(policy)
    if any(treated.get(name) != (column.role, column.technique) for name, column in stated.columns.items()):
        yield "treatment of columns"


def _code(stated: Statement, code: Mapping[str, str | None]) -> Iterator[Reason]:
    other = [stage for stage in STAGES if code.get(stage) != stated.code[stage]]
    if other:
        yield Reason("stale", f"was made by other code or libraries than those here, in: {', '.join(other)}")


def _told(stated: Statement, decision: bytes | None) -> Iterator[Reason]:
    try:
        told = strict_json(decision or b"")
    except (ValueError, RecursionError):
        told = None
    if told != stating.metrics(stated):
        yield Reason("lock", f"{GATE} does not tell of the decision that the statement holds")


def _params(stages: dict[str, Any], params: bytes | None) -> Iterator[Reason]:
    """Hold the policy that every stage records against params.yaml."""
    try:
        values = parse(params or b"", PARAMS).values
    except CustodyError:
        return
    for stage in STAGES:
        recorded = stages.get(stage, {}).get("params", {}).get(PARAMS) if isinstance(stages.get(stage), dict) else None
        wanted = values if stage == "gate" else {key: values.get(key) for key in recorded or {}}
        if not recorded or recorded != wanted:
            yield Reason("stale", f"{lock.LOCK} records another policy for {stage} than {PARAMS}; run: dvc repro")


def _chain(revision: Revision) -> Iterator[Reason]:
    """Hold each folder that a stage reads against what the stage that makes it wrote."""
    for folder, maker, readers in (
        ("data/collected", "collect", ("validate", "anonymize")),
        ("data/validated", "validate", ("anonymize",)),
        ("data/anonymized", "anonymize", ("gate",)),
    ):
        made = revision.entry(maker, "outs", folder).get("md5")
        if made is None or any(revision.entry(reader, "deps", folder).get("md5") != made for reader in readers):
            yield Reason("lock", f"{lock.LOCK}: what {maker} wrote is not what the next stage read; run: dvc repro")
