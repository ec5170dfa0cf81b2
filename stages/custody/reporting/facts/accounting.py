"""Where every record went: from the sources to the release, with the reason of each that did not get there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from custody.release.condition import count, entries, section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.release.statement import Accounting as Stated
    from custody.reporting.reading import Read

STEPS = (("read", ("collected", "malformed", "skipped")), ("collected", ("accepted", "quarantined")))
LAST = ("released", "suppressed", "withheld", "refused")


@dataclass(frozen=True)
class Flow:
    """Records that went from one place to the next."""

    start: str
    """A source's id, or a place: collected, accepted."""
    end: str
    records: int


@dataclass(frozen=True)
class Reason:
    """Why records did not go on. Records that break several rules count under each of them."""

    outcome: str
    """malformed, skipped, quarantined, withheld or suppressed."""
    reason: str
    records: int


@dataclass(frozen=True)
class Accounting:
    """Totals, flows and reasons, in records; all exact."""

    totals: dict[str, int | None]
    flows: tuple[Flow, ...]
    """In the order of the pipeline; a flow of no record is left out."""
    reasons: tuple[Reason, ...]


def accounting(read: Read) -> Accounting:
    """Return the accounting of the statement, and what receipts and reports say of its parts."""
    stated = read.statement.accounting
    flows = (*_sources(read.body("collect")), *_steps(stated))
    return Accounting(stated.model_dump(), tuple(one for one in flows if one.records), tuple(_reasons(read)))


def _sources(receipt: dict[str, Any]) -> Iterator[Flow]:
    sources = section(receipt, "sources")
    for source in sorted(sources):
        for outcome in STEPS[0][1]:
            files = entries(section(sources, source).get("files"))
            yield Flow(source, outcome, sum(count(file.get(outcome)) or 0 for file in files))


def _steps(stated: Stated) -> Iterator[Flow]:
    for start, ends in (*STEPS[1:], ("accepted", LAST)):
        for end in ends:
            yield Flow(start, end, getattr(stated, end) or 0)


def _reasons(read: Read) -> Iterator[Reason]:
    anonymized = read.body("anonymize") if read.statement.released else {}
    groups = (
        ("malformed", section(read.body("collect"), "malformed")),
        ("skipped", section(read.body("collect"), "skipped")),
        ("quarantined", section(read.body("validate"), "quarantined_by")),
        ("suppressed", section(anonymized, "suppressed")),
        ("withheld", section(anonymized, "withheld")),
    )
    for outcome, reasons in groups:
        counts = {reason: count(value) or 0 for reason, value in reasons.items()}
        for reason, records in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
            if records:
                yield Reason(outcome, reason, records)
