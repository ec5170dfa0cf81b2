"""Every column: what it is, what is done to it, and how often nothing, or nothing usable, stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custody.release.condition import count, section

if TYPE_CHECKING:
    from custody.reporting.reading import Read


@dataclass(frozen=True)
class Column:
    """A column of the schema over the collected records."""

    name: str
    type: str
    role: str
    technique: str
    missing: int | None
    """Records in which nothing stands; None where the report does not say."""
    share: float | None
    """The same, of all collected records, from 0 to 1."""
    wrong: dict[str, int]
    """Values that could not be read as the column's type, by reason."""


def columns(read: Read) -> tuple[Column, ...]:
    """Return the policy's columns, those that lack most first."""
    missing, problems = section(read.body("validate"), "missing"), section(read.body("collect"), "problems")
    records = count(read.body("validate").get("records_evaluated"))
    found = []
    for name, kind in read.policy.fields.items():
        treated, lacking = read.policy.privacy.columns[name], count(missing.get(name))
        wrong = {reason: count(value) or 0 for reason, value in section(problems, name).items()}
        share = round(lacking / records, 6) if lacking is not None and records else None
        found.append(Column(name, kind, treated.role, treated.technique, lacking, share, dict(sorted(wrong.items()))))
    return tuple(sorted(found, key=lambda column: (-(column.missing or 0), column.name)))
