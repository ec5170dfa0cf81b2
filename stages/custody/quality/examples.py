"""Records that break a rule: where each stands and what its value looks like, never the value itself."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from custody.quality.bits import unpack
from custody.records.columns import FILE, LINE, SOURCE, raw
from custody.records.shape import shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from custody.quality.merging import Merged
    from custody.quality.rules import Rule

EACH: Final = 3
"""Examples of one rule: the first records that break it."""


def places(merged: Merged, rules: Sequence[Rule]) -> dict[int, list[tuple[str, int]]]:
    """Return which rows to look up, as (rule id, row) by the number of the partition."""
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for i, rule in enumerate(rules):
        left = min(EACH, merged.tallies[rule.id].broken)
        for part, (verdict, rows) in enumerate(zip(merged.verdicts, merged.rows, strict=True)):
            if not left:
                break
            if verdict[i].any():
                first = np.flatnonzero(unpack(verdict[i], rows))[:left]
                found[part] += [(rule.id, int(row)) for row in first]
                left -= len(first)
    return dict(sorted(found.items()))


def needs(wanted: Sequence[tuple[str, int]], rules: Sequence[Rule]) -> set[str]:
    """Return the columns of a collected partition that these examples are taken from."""
    asked = {rule for rule, _ in wanted}
    shown = {column for rule in rules if rule.id in asked for column in _shown(rule)}
    return {SOURCE, FILE, LINE, *shown, *map(raw, shown)}


def examples(table: pa.Table, wanted: Sequence[tuple[str, int]], rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """Return examples out of a collected partition: rule, source, file, line, and the shape of what the rule looks at.

    The shape is None where the rule looks at whole records.
    """
    columns = {rule.id: _shown(rule) for rule in rules}
    return [
        {
            "rule": rule,
            "source": table.column(SOURCE)[row].as_py(),
            "file": table.column(FILE)[row].as_py(),
            "line": table.column(LINE)[row].as_py(),
            "shape": _shape(table, columns[rule], row),
        }
        for rule, row in wanted
    ]


def _shown(rule: Rule) -> Sequence[str]:
    return () if rule.check in {"duplicates", "conflicts"} else rule.columns


def _shape(table: pa.Table, columns: Sequence[str], row: int) -> str | None:
    return " | ".join(shape(_text(table, column, row)) for column in columns) if columns else None


def _text(table: pa.Table, column: str, row: int) -> str:
    for name in (column, raw(column)):
        value = table.column(name)[row].as_py() if name in table.column_names else None
        if value is not None:
            return str(value)
    return ""
