"""The whole report as plain values: what `--format json` prints."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from custody import __version__
from custody.reporting.facts.accounting import Accounting, accounting
from custody.reporting.facts.columns import Column, columns
from custody.reporting.facts.decision import Decision, decision
from custody.reporting.facts.findings import Findings, findings
from custody.reporting.facts.history import Point, history
from custody.reporting.facts.inforce import Policy, policy
from custody.reporting.facts.privacy import Privacy, privacy
from custody.reporting.facts.rules import Quality, quality
from custody.reporting.facts.sources import Source, sources

if TYPE_CHECKING:
    from custody.history.comparing import Compared
    from custody.reporting.reading import Read


@dataclass(frozen=True)
class Dataset:
    """What the training set is, and for what."""

    name: str
    purpose: str
    audience: str
    as_of: str
    zone: str
    expires: str | None


@dataclass(frozen=True)
class Report:
    """Everything that the pages show."""

    dataset: Dataset
    decision: Decision
    accounting: Accounting
    quality: Quality
    history: tuple[Point, ...]
    columns: tuple[Column, ...]
    findings: Findings
    privacy: Privacy
    sources: tuple[Source, ...]
    policy: Policy
    macs_checked: bool
    compared: Compared | None = None
    """What changed since an earlier revision, parted between data and policy."""
    version: str = __version__

    def values(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return asdict(self)


def report(read: Read, compared: Compared | None = None) -> Report:
    """Return what was read as facts; pure, and the same for the same input."""
    points = history(read)
    told = read.statement.dataset
    return Report(
        dataset=Dataset(
            told.name, told.purpose, told.audience, told.as_of, read.statement.key.zone, read.statement.expires
        ),
        decision=decision(read),
        accounting=accounting(read),
        quality=quality(read, points),
        history=points,
        columns=columns(read),
        findings=findings(read),
        privacy=privacy(read),
        sources=sources(read),
        policy=policy(read),
        macs_checked=read.checked,
        compared=compared,
    )
