"""How many rows two releases have of each class of a label; a class is named only where a policy itself names it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from custody.history.shown import told_parts

if TYPE_CHECKING:
    from custody.history.version import Version
    from custody.release.stated import Stated


def balance(
    sides: tuple[Version, Version], stated: tuple[Stated, Stated], k: int
) -> dict[str, dict[str, tuple[Any, Any]]]:
    """Return rows per class in both releases, by label column; counts are as people may see them."""
    found = {}
    names = {name for one in stated for name, column in one.columns.items() if column.role == "label"}
    for column in sorted(names):
        counts = [_classes(side, one, column) for side, one in zip(sides, stated, strict=True)]
        words = {word for side in sides for word in _allowed(side, column)}
        told = [told_parts(one, k) for one in counts]
        order = sorted({*counts[0], *counts[1]}, key=lambda name: (name not in words, -counts[0][name], name))
        unnamed = (f"class {i}" for i in range(1, len(order) + 1))
        found[column] = {
            (name if name in words else next(unnamed)): (told[0].get(name, 0), told[1].get(name, 0)) for name in order
        }
    return found


def _classes(version: Version, stated: Stated, column: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for file in stated.files if column in stated.columns else ():
        table = version.table(file.name, [column])
        if table is not None:
            import pyarrow.compute as pc  # noqa: PLC0415  # late: where there is data at hand

            for one in pc.value_counts(table.column(column).drop_null()).to_pylist():
                counts[str(one["values"])] += one["counts"]
    return counts


def _allowed(version: Version, column: str) -> list[str]:
    try:
        return [str(one) for one in version.policy["quality"]["rules"][column]["allowed"]["values"]]
    except (KeyError, TypeError):
        return []
