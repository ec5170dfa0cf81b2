"""How the people in the data are protected: every figure that anonymize measured, by name.

Counts of people below the policy's k are not told: a count of two people is nearly a name to whoever knows the data.
What is counted in rows, rules and defects stays exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from custody.release.condition import section
from custody.reporting.facts.tables import LISTED, Table, Value, leaves, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.reporting.reading import Read

KNOWN: Final = frozenset(
    (
        "stage",
        "code",
        "collected",
        "validated",
        "dataset",
        "policy",
        "accounting",
        "withheld",
        "suppressed",
        "columns",
        "risk",
        "leaks",
        "redactions",
    )
)
"""Parts of anonymize's report that stand elsewhere on the page."""
OF_PEOPLE: Final = frozenset({"k_smallest", "subjects", "l_smallest_subjects", "smallest"})
"""Last words of figures that count people."""
WORDS: Final = {
    "risk.k_required": "k: people that each group must have",
    "risk.k_smallest": "people in the smallest group",
    "risk.groups": "groups (equivalence classes)",
    "risk.groups_below": "groups below k",
    "risk.rows_below": "rows in groups below k",
    "risk.subjects": "people in the candidate",
    "risk.rows_without_subject": "rows without a person",
    "risk.quasi": "quasi-identifiers",
    "risk.on_violation": "rows in smaller groups are",
    "risk.before_suppression.k_smallest": "people in the smallest group, before suppression",
    "risk.before_suppression.groups": "groups, before suppression",
    "risk.before_suppression.groups_below": "groups below k, before suppression",
    "risk.before_suppression.rows_below": "rows in groups below k, before suppression",
    "leaks.residual": "known identifiers left in the candidate",
    "leaks.identifiers": "identifiers searched for",
    "leaks.allowed": "reviewed words found (not_personal)",
    "leaks.coincidences": "coincidences of a technique, explained",
    "leaks.skipped_short": "short names, searched for in a name's place only",
}
HIDDEN: Final = frozenset({"risk.evaluated", "risk.reason", "leaks.evaluated", "leaks.by_column"})


@dataclass(frozen=True)
class Figure:
    """One figure; `name` is its path in the report, `words` what it says."""

    name: str
    words: str
    value: Value
    suppressed: bool = False
    """The value is a bound: fewer people than k."""


@dataclass(frozen=True)
class Privacy:
    """Figures of risk and of the leak scan, what was redacted in text, and whatever else was measured."""

    measured: bool
    """Risk and leaks were both evaluated."""
    subject: str | None
    k: int | None
    figures: tuple[Figure, ...]
    redactions: dict[str, Value]
    others: tuple[Table, ...]


def privacy(read: Read) -> Privacy:
    """Return what anonymize's report says, people below k suppressed."""
    report, k = read.body("anonymize"), read.policy.privacy.k
    others = [table for name in sorted(report.keys() - KNOWN) for table in tables(name, report[name])]
    return Privacy(
        measured=section(report, "risk").get("evaluated") is True and section(report, "leaks").get("evaluated") is True,
        subject=read.policy.privacy.subject,
        k=k,
        figures=tuple(_figures(read, k)),
        redactions=dict(leaves(section(report, "redactions"))),
        others=tuple(_few(table, k) for table in others),
    )


def few(name: str, value: Value, k: int | None) -> Value:
    """Return a figure, or `fewer than k` where it counts people and these are fewer than k; none at all is told."""
    people = name.rpartition(".")[2] in OF_PEOPLE and isinstance(value, int) and not isinstance(value, bool)
    return f"fewer than {k}" if people and k is not None and 0 < int(value or 0) < k else value


def _figures(read: Read, k: int | None) -> Iterator[Figure]:
    report, order = read.body("anonymize"), {name: i for i, name in enumerate(WORDS)}
    for part in ("risk", "leaks"):
        found = [one for one in leaves(section(report, part), (part,)) if one[0] not in HIDDEN and one[1] is not None]
        for name, value in sorted(found, key=lambda one: order.get(one[0], len(order))):
            told = few(name, value, k)
            yield Figure(name, WORDS.get(name, _words(name)), told, suppressed=told != value)


def _words(name: str) -> str:
    """`risk.l_diversity.distinct` as words, for a figure that has none of its own."""
    return name.partition(".")[2].replace(".", ": ").replace("_", " ")


def _few(table: Table, k: int | None) -> Table:
    names = [(line[0],) * 2 if table.head == LISTED else table.head for line in table.lines]
    lines = tuple(
        tuple(few(str(name), value, k) for name, value in zip(named, line, strict=True))
        for named, line in zip(names, table.lines, strict=True)
    )
    return Table(table.name, table.head, lines, table.left_out)
