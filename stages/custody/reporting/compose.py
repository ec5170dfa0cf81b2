"""Facts in the order in which a reader needs them: the answer, its reasons, then figures, then what they stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.reporting.document import Document, Mark
from custody.reporting.sections import (
    accounting,
    changes,
    columns,
    decision,
    findings,
    policy,
    privacy,
    quality,
    sources,
)

if TYPE_CHECKING:
    from custody.reporting.facts.report import Report

ORDER = (decision, changes, accounting, quality, columns, findings, privacy, sources, policy)


def document(report: Report) -> Document:
    """Return the report's form."""
    dataset = report.dataset
    macs = "checked" if report.macs_checked else "not checked"
    return Document(
        title=dataset.name,
        answer=Mark(report.decision.released, report.decision.decision),
        headline=report.decision.headline.removeprefix(report.decision.decision).lstrip(": "),
        facts=(
            ("purpose", dataset.purpose),
            ("audience", dataset.audience),
            ("as of", dataset.as_of),
            ("zone", dataset.zone),
            ("expires", dataset.expires or "never"),
            ("policy", report.policy.digest[:12]),
        ),
        notices=report.decision.notices,
        sections=tuple(part.section(report) for part in ORDER),
        foot=(
            f"Made by custody report {report.version} from receipts, reports, the release statement and git's history; "
            f"MACs {macs}. It shows what was recorded: custody.load checks the files of a release themselves."
        ),
    )
