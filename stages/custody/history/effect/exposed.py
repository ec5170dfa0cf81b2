"""Which columns of the candidate show more under the other policy, and which show less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from custody.history.review.columns import column as compare
from custody.privacy.candidate import ROW_ID
from custody.release.condition import count, section

if TYPE_CHECKING:
    from custody.history.effect.running import Cell

_LOOSER = frozenset({"loosens", "mixed"})


@dataclass(frozen=True)
class Columns:
    """What became of columns, in words of the policies, by name."""

    exposed: dict[str, str]
    """Newly in the candidate, kept closer to what they were, or told on a finer level."""
    covered: dict[str, str]


def columns(before: Cell, after: Cell) -> Columns:
    """Compare the columns that were written; of a candidate without a row none is known."""
    exposed: dict[str, str] = {}
    covered: dict[str, str] = {}
    old, new = (_written(one) for one in (before, after))
    for name in sorted({*old, *new}) if old and new else ():
        if name not in old or name not in new:
            (covered if name in old else exposed)[name] = "in the candidate no more" if name in old else "added"
            continue
        if old[name] != new[name]:
            answer = compare(old[name], new[name])
            target = exposed if answer in _LOOSER else covered
            if answer != "equivalent":
                target[name] = f"{old[name]['technique']} → {new[name]['technique']}: {answer}"
        level, other = (_level(one, name) for one in (before, after))
        if level is not None and other is not None and level != other:
            (exposed if other < level else covered)[name] = f"level {level} → {other}"
    return Columns(exposed, covered)


def _written(cell: Cell) -> dict[str, dict[str, Any]]:
    names = [name for name in cell.measured.columns if name != ROW_ID]
    return {name: cell.policy.privacy.columns[name].model_dump(mode="json") for name in names}


def _level(cell: Cell, name: str) -> int | None:
    return count(section(cell.candidate.body, "generalized", "columns", name).get("level"))
