"""How the people in the data are protected: every figure that anonymize measured, by name.

Counts of people below the policy's k are not told (`custody.reporting.facts.people`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from custody.release.condition import count, number, section
from custody.reporting.facts.people import few, in_table
from custody.reporting.facts.tables import Table, Value, leaves, tables

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
        "attack",
        "anchor",
    )
)
"""Parts of anonymize's report that stand elsewhere on the page."""
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
    "risk.before_suppression.groups": "groups, before suppression",
    "risk.before_suppression.groups_below": "groups below k, before suppression",
    "risk.before_suppression.rows_below": "rows in groups below k, before suppression",
    "risk.bounds.l": "l: least different values of a sensitive attribute in a group",
    "risk.bounds.t": "t: farthest distance of a group's sensitive attribute from all",
    "leaks.residual": "known identifiers left in the candidate",
    "leaks.identifiers": "identifiers searched for",
    "leaks.allowed": "reviewed words found (not_personal)",
    "leaks.coincidences": "coincidences of a technique, explained",
    "leaks.skipped_short": "short names, searched for in a name's place only",
    "leaks.skipped_common": "common words, searched for in a name's place only",
    "leaks.parts": "parts of names found",
    "attack.hits": "values found out",
    "attack.guesses": "guesses",
    "attack.targets": "values that were attacked",
    "attack.pairs": "mapped addresses that were attacked",
    "attack.mode": "what is guessed from",
}
HOLDERS: Final = {"auxiliary": "a part of the raw records", "anchor": "the pinned earlier release"}
HIDDEN: Final = frozenset({"risk.evaluated", "risk.reason", "leaks.evaluated", "leaks.by_column", "attack.evaluated"})


@dataclass(frozen=True)
class Figure:
    """One figure; `name` is its path in the report, `words` what it says."""

    name: str
    words: str
    value: Value
    suppressed: bool = False
    """The value is a bound: fewer people than k."""


@dataclass(frozen=True)
class Attack:
    """An attack on the candidate: whom it finds, as a share of those whom it was tried on."""

    name: str
    words: str
    tried: Value
    """People, or draws of their events."""
    share: float | None
    high: float | None
    """Upper end of the 95% confidence interval, which the gate compares."""


@dataclass(frozen=True)
class Privacy:
    """Figures of risk, leak scan and attacks, what was redacted in text, and whatever else was measured."""

    measured: bool
    """Risk and leaks were both evaluated."""
    subject: str | None
    k: int | None
    figures: tuple[Figure, ...]
    attacks: tuple[Attack, ...]
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
        attacks=tuple(_attacks(section(report, "risk"), k)),
        redactions=dict(leaves(section(report, "redactions"))),
        others=tuple(in_table(table, k) for table in others),
    )


def _figures(read: Read, k: int | None) -> Iterator[Figure]:
    report, order = read.body("anonymize"), {name: i for i, name in enumerate(WORDS)}
    for part in ("risk", "leaks", "attack"):
        found = [one for one in leaves(section(report, part), (part,)) if one[0] not in HIDDEN and one[1] is not None]
        for name, value in sorted(found, key=lambda one: order.get(one[0], len(order))):
            told = few(name, value, k)
            yield Figure(name, WORDS.get(name, _words(name)), told, suppressed=told != value)


def _attacks(risk: dict[str, Any], k: int | None) -> Iterator[Attack]:
    for name in sorted(section(risk, "unicity")):
        words = f"singled out by {'one' if name == '1' else name} of their events"
        yield _attack(f"unicity.{name}", words, section(risk, "unicity", name), k)
    for name, words in HOLDERS.items():
        if told := section(risk, "linkability", name):
            yield _attack(f"linkability.{name}", f"found by who holds {words}", told, k)
    for name in sorted(section(risk, "inference")):
        yield _attack(
            f"inference.{name}", f"{name} guessed, beyond what others' rows tell", section(risk, "inference", name), k
        )


def _attack(name: str, words: str, told: dict[str, Any], k: int | None) -> Attack:
    tried = count((section(told, "main") or told).get("trials"))
    return Attack(name, words, few("trials", tried, k), number(told.get("value")), number(told.get("high")))


def _words(name: str) -> str:
    """`risk.l_diversity.distinct` as words, for a figure that has none of its own."""
    return name.partition(".")[2].replace(".", ": ").replace("_", " ")
