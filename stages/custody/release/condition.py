"""One condition of the gate, and the decision that conditions make."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.dataclasses import dataclass

from custody.release.stated import CONDITION, CONDITION_LONGEST, MOST

Id = Annotated[str, StringConstraints(pattern=CONDITION, max_length=CONDITION_LONGEST)]
Figure = Annotated[int, Field(ge=-MOST, le=MOST)] | Annotated[float, Field(ge=-MOST, le=MOST)]
NO_FIGURE: Final = "could not be evaluated: the reports have no such figure"


@dataclass(frozen=True, config=ConfigDict(extra="forbid", strict=True, allow_inf_nan=False))
class Condition:
    """Held or broken, with its figure; a condition that could not be evaluated is broken and has no figure."""

    id: Id
    held: bool
    figure: Figure | None
    threshold: Figure | None
    what: str
    """What the figure is, or why there is none; no value of the data."""
    of: Annotated[int, Field(ge=0, le=MOST)] | None = None
    """How many records, rows or values a share was taken over."""


@dataclass(frozen=True)
class Decision:
    """Every condition, in the order of the gate."""

    conditions: tuple[Condition, ...]

    @property
    def released(self) -> bool:
        """True when there are conditions and every one is held."""
        return bool(self.conditions) and not self.broken

    @property
    def broken(self) -> tuple[Condition, ...]:
        """The conditions that refuse."""
        return tuple(condition for condition in self.conditions if not condition.held)


def at_least(name: str, figure: float | None, threshold: float, what: str) -> Condition:
    """Held where `figure` is a number and not below `threshold`."""
    if figure is None:
        return unevaluated(name, threshold, NO_FIGURE)
    return Condition(name, figure >= threshold, figure, threshold, what)


def at_most(name: str, figure: float | None, threshold: float, what: str) -> Condition:
    """Held where `figure` is a number and not above `threshold`."""
    if figure is None:
        return unevaluated(name, threshold, NO_FIGURE)
    return Condition(name, figure <= threshold, figure, threshold, what)


def faultless(name: str, faults: list[str], otherwise: str) -> Condition:
    """Held where there is no fault; the figure counts them and `what` names them."""
    return Condition(name, not faults, len(faults), 0, "; ".join(faults) or otherwise)


def unevaluated(name: str, threshold: float | None, what: str) -> Condition:
    """Broken, for want of a figure."""
    return Condition(name, held=False, figure=None, threshold=threshold, what=what)


def section(report: Any, *keys: str) -> dict[str, Any]:
    """Return a part of a report by its keys, or an empty one: what is not there is not evaluated, never an error."""
    for key in keys:
        report = report.get(key) if isinstance(report, dict) else None
    return report if isinstance(report, dict) else {}


def count(value: Any) -> int | None:
    """Return a number of records, or None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def number(value: Any) -> int | float | None:
    """Return a finite number, or None for anything else."""
    real = isinstance(value, int | float) and not isinstance(value, bool)
    return value if real and abs(value) < float("inf") else None


def entries(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list; anything else yields none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
