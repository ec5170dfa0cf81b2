"""What validate found beyond its rules: drift against the anchor, suspect labels, signs of poisoning.

Whatever other part of its report is no rule, no total and no missing value is shown as it stands, as tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from custody.release.condition import count, entries, number, section
from custody.reporting.facts.people import below, bounded, in_table, personal
from custody.reporting.facts.tables import Table, Value, leaves, tables

if TYPE_CHECKING:
    from custody.reporting.reading import Read

KNOWN = frozenset(
    (
        "stage",
        "code",
        "collected",
        "policy",
        "rules",
        "quarantine_rules",
        "records_evaluated",
        "accounting",
        "quarantined_by",
        "score",
        "dimensions",
        "missing",
        "examples",
        "not_evaluated",
        "findings",
        "signals",
        "anchor",
        "drift",
    )
)
"""Parts of validate's report that stand elsewhere on the page."""


@dataclass(frozen=True)
class Finding:
    """One finding; records of a personal column are counted from the policy's k on."""

    id: str
    code: str
    where: str
    count: Value
    of: int | None
    severity: str
    action: str
    what: str
    figures: tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class Signal:
    """A signal that the policy names."""

    name: str
    evaluated: bool
    reason: str | None
    findings: int | None


@dataclass(frozen=True)
class Drift:
    """A column against its anchored self."""

    column: str
    measure: str
    effect: float | None
    threshold: float | None
    """What chance and the policy's floor allow."""
    drifted: bool
    new: Value
    """Records of categories that the anchored version does not have."""
    vanished: int | None
    """Categories that are gone."""


@dataclass(frozen=True)
class Findings:
    """Findings, what was looked for, and tables by the part of the report that they show."""

    anchored: bool
    """The run was compared with an anchor."""
    found: tuple[Finding, ...]
    """The gravest first."""
    signals: tuple[Signal, ...]
    drift: tuple[Drift, ...]
    """By how much of what is allowed is used up."""
    tables: tuple[Table, ...]


GRAVITY = {"high": 0, "medium": 1, "low": 2}


def findings(read: Read) -> Findings:
    """Return the findings, and every part of validate's report that nothing else shows, in the order of their names."""
    report, k = read.body("validate"), read.policy.privacy.k
    others = [table for name in sorted(report.keys() - KNOWN) for table in tables(name, report[name])]
    anchor = report.get("anchor")
    absent = anchor in (None, {}, False) or (isinstance(anchor, dict) and anchor.get("revision", True) is None)
    found = [_finding(one, read) for one in entries(report.get("findings"))]
    signals = section(report, "signals")
    return Findings(
        anchored=not absent,
        found=tuple(sorted(found, key=lambda one: (GRAVITY.get(one.severity, 3), one.code, one.where))),
        signals=tuple(_signal(name, section(signals, name)) for name in sorted(signals)),
        drift=tuple(sorted((_drift(one, read) for one in entries(report.get("drift"))), key=_farthest)),
        tables=tuple(in_table(table, k) for table in others),
    )


def _drift(told: dict[str, Any], read: Read) -> Drift:
    new, own = count(told.get("new")), told.get("column") in personal(read.policy)
    return Drift(
        column=str(told.get("column")),
        measure=str(told.get("measure")),
        effect=number(told.get("effect")),
        threshold=number(told.get("threshold")),
        drifted=told.get("drifted") is True,
        new=bounded(new, read.policy.privacy.k) if own and new is not None else new,
        vanished=count(told.get("vanished")),
    )


def _farthest(one: Drift) -> tuple[bool, float, str]:
    return not one.drifted, -(one.effect or 0) / (one.threshold or 1), one.column


def untold(read: Read) -> frozenset[str]:
    """Return the ids of the gate's conditions on findings whose count is not told."""
    found = entries(read.body("validate").get("findings"))
    return frozenset(f"findings.{one.get('id')}" for one in found if _few(one, read))


def _few(told: dict[str, Any], read: Read) -> bool:
    return told.get("where") in personal(read.policy) and below(count(told.get("count")), read.policy.privacy.k)


def _finding(told: dict[str, Any], read: Read) -> Finding:
    records, few = count(told.get("count")), _few(told, read)
    words = {name: str(told.get(name) or "") for name in ("id", "code", "where", "severity", "action", "what")}
    return Finding(
        **words,
        count=bounded(records, read.policy.privacy.k) if few and records is not None else records,
        of=count(told.get("of")),
        figures=() if few else tuple(leaves(section(told, "figures"))),  # a share tells the count
    )


def _signal(name: str, told: dict[str, Any]) -> Signal:
    reason = told.get("reason")
    return Signal(
        name, told.get("evaluated") is True, None if reason is None else str(reason), count(told.get("findings"))
    )
