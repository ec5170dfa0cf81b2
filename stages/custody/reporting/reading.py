"""Read what a run left behind: receipts and reports, the statement, the policy, and the metrics of earlier commits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError
from custody.governance import keys
from custody.policy import load
from custody.records import digest
from custody.records.folder import MAC, read_receipt
from custody.records.plain import read_json
from custody.release import statement
from custody.repository import head, past

if TYPE_CHECKING:
    from pathlib import Path

    from custody.policy import Policy
    from custody.records.zone import Zone

REPORTS: Final = {
    "collect": ("collected", "receipt.json"),
    "validate": ("validated", "report.json"),
    "anonymize": ("anonymized", "report.json"),
}
"""Folder and file of each stage's report."""
TRENDS: Final = ("gate.json", "validate.json", "anonymize.json", "rules.csv")
METRICS: Final = "data/metrics"


@dataclass(frozen=True)
class Stage:
    """A stage's receipt or report."""

    body: dict[str, Any] = field(repr=False)
    digest: str
    """SHA-256 of its canonical form: the name under which the next stage's report speaks of it."""


@dataclass(frozen=True)
class Read:
    """All that a report is made of."""

    policy: Policy
    statement: statement.Statement
    stages: dict[str, Stage]
    """By the stage's name; a report that is not here has no entry."""
    checked: bool
    """The MACs of receipts and reports were checked under the zone key."""
    unchecked: str | None
    """Why they were not."""
    since: head.Since
    commits: tuple[past.Commit, ...] = field(repr=False)
    """Commits that changed the metrics or the policy, oldest first."""

    def body(self, stage: str) -> dict[str, Any]:
        """Return a stage's report, or an empty one."""
        return self.stages[stage].body if stage in self.stages else {}


def read(root: Path, most: int) -> Read:
    """Read the project at `root`, and at most `most` commits of its past.

    `CustodyError` when there is no decision, or when a receipt, report or statement was altered.
    """
    policy = load(root / "params.yaml")
    zone, why = _zone(policy, root)
    names = (*(f"{METRICS}/{name}" for name in TRENDS), "params.yaml")
    return Read(
        policy=policy,
        statement=_statement(root / "data" / "released"),
        stages={
            stage: _stage(root / "data" / folder, file, zone)
            for stage, (folder, file) in REPORTS.items()
            if (root / "data" / folder / file).exists()
        },
        checked=zone is not None,
        unchecked=why,
        since=head.since_commit(root, [source.path for source in policy.sources.values()]),
        commits=past.commits(root, names, most),
    )


def _zone(policy: Policy, root: Path) -> tuple[Zone | None, str | None]:
    folder, file = REPORTS["collect"]
    try:
        return keys.zone_of(policy.keys, root / "data" / folder / file), None
    except CustodyError:
        return None, f"the key of zone {policy.keys.zone} is not here"


def _statement(folder: Path) -> statement.Statement:
    try:
        return statement.read(folder)
    except CustodyError as error:
        raise CustodyError(str(error)) from None  # a page that cannot be made is no refusal


def _stage(folder: Path, file: str, zone: Zone | None) -> Stage:
    if zone is not None:
        checked = read_receipt(folder, file, zone)
        return Stage(checked.body, checked.digest)
    body = read_json(folder / file)
    mac = body.pop(MAC, None)
    body.pop("partitions", None)
    return Stage(body, digest.sha256(digest.canonical([body, mac])))
