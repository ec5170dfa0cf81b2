"""The policy in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.reporting.document import Name, Paragraph, Section, Table
from custody.reporting.sections.words import cell

if TYPE_CHECKING:
    from custody.reporting.document import Block
    from custody.reporting.facts import inforce
    from custody.reporting.facts.report import Report


def section(report: Report) -> Section:
    """Its digest, and every key, a folded table per section."""
    policy = report.policy
    code = tuple((stage, Name(digest)) for stage, digest in policy.code.items())
    blocks: tuple[Block, ...] = (
        Paragraph(("Digest ", Name(policy.digest))),
        *map(_table, policy.sections),
        Table("Code that each stage ran", ("stage", "digest"), code, folded=True),
    )
    return Section("policy", "Policy in force", blocks)


def _table(section_: inforce.Section) -> Table:
    lines = tuple((Name(key), cell(value)) for key, value in section_.keys)
    more = f"; {section_.left_out:,} more keys stand in params.yaml" if section_.left_out else ""
    return Table(section_.name, ("key", "value"), lines, folded=True, note=f"Digest {section_.digest}{more}")
