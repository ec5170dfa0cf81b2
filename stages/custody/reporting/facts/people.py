"""What is not told: counts of people, or of records with one value of a personal column, below the policy's k.

A count of two people is nearly a name to whoever knows the data, and so are the first and the last value of a personal
column. What is counted in rows, rules and defects stays exact.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from custody.reporting.facts.tables import LISTED, Table, Value

if TYPE_CHECKING:
    from custody.policy import Policy

OF_PEOPLE: Final = frozenset(
    {"k_smallest", "subjects", "l_smallest_subjects", "smallest", "trials", "targets", "identifiers", "pairs"}
)
"""Last words of figures that count people, or what identifies them."""
ROLES: Final = frozenset({"direct", "quasi", "sensitive"})
"""Roles of columns whose values speak of people."""


def few(name: str, value: Value, k: int | None) -> Value:
    """Return a figure, or `fewer than k` where it counts people and these are fewer than k; none at all is told."""
    people = name.rpartition(".")[2] in OF_PEOPLE and isinstance(value, int) and not isinstance(value, bool)
    return bounded(int(value), k) if people and value is not None else value


def bounded(count: int, k: int | None) -> int | str:
    """Return a count, or `fewer than k`."""
    return f"fewer than {k}" if below(count, k) else count


def below(count: float | None, k: int | None) -> bool:
    """True for a count that is not told."""
    return k is not None and count is not None and 0 < count < k


def in_table(table: Table, k: int | None) -> Table:
    """Return a table whose counts of people are told from k on."""
    names = [(line[0],) * 2 if table.head == LISTED else table.head for line in table.lines]
    lines = tuple(
        tuple(few(str(name), value, k) for name, value in zip(named, line, strict=True))
        for named, line in zip(names, table.lines, strict=True)
    )
    return replace(table, lines=lines)


def personal(policy: Policy) -> frozenset[str]:
    """Return the columns whose values speak of people."""
    return frozenset(name for name, one in policy.privacy.columns.items() if one.role in ROLES)
