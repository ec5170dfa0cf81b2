"""One finding, and the id by which people accept it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from custody.records import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

Severity: TypeAlias = Literal["low", "medium", "high"]
Figures: TypeAlias = "Mapping[str, int | float]"
DIGITS = 6


@dataclass(frozen=True)
class Finding:
    """What was found, where and how often; integers, rounded floats and words of the policy only."""

    code: str
    where: str
    """A source or a column as the policy names it, or empty: all records."""
    count: int
    of: int
    severity: Severity
    action: str
    what: str
    """What was counted, in words."""
    figures: Figures = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The code and eight hex digits over all that is told: another count is another finding, to be looked at again.

        Severity and action do not count: they are the policy's view of it, not what was found.
        """
        told = [self.code, self.where, self.count, self.of, sorted(self.figures.items())]
        return f"{self.code}-{digest.sha256(digest.canonical(told))[:8]}"

    def body(self) -> dict[str, Any]:
        """Return the finding as it stands in the report."""
        return {"id": self.id, **asdict(self)}


def rounded(value: float) -> float:
    """Round a figure once, at the end, so that the last bits of a processor's arithmetic do not show."""
    return round(float(value), DIGITS) + 0.0
