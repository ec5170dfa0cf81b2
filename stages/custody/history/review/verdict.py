"""The answer to a review: clean, or what it asks somebody to sign off for, or what could not be judged. Pure.

A sign-off takes away what is asked, since whoever signs has the digest of the report and so has seen it; it never makes
up for what was not judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from custody.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

Answer = Literal["clean", "signed off", "needs sign-off", "not judged"]
STATUS: Final[dict[Answer, int]] = {"clean": 0, "signed off": 0, "needs sign-off": 1, "not judged": 3}
DISAGREES: Final = "meaning and effect disagree"
REFUSED: Final = "the gate flips to refused"
LOOSENS: Final = "something loosens"


@dataclass(frozen=True)
class Verdict:
    """The answer, and why."""

    answer: Answer
    asks: tuple[str, ...]
    """What asks for a sign-off, the gravest first."""
    lacking: tuple[str, ...]
    """What could not be judged."""

    @property
    def status(self) -> int:
        """The exit status: 0, 1 where a sign-off is asked for and missing, 3 where it could not be judged."""
        return STATUS[self.answer]


def verdict(report: Mapping[str, Any], *, signed: bool) -> Verdict:
    """Return the answer for a report (`reviewing.Review.report`); `signed` where a sign-off of its digest holds.

    `RefusedError` for what is no such report.
    """
    try:
        asks, lacking = tuple(map(str, report["asks"])), tuple(map(str, report["lacking"]))
    except (KeyError, TypeError):
        raise RefusedError("report: is none that custody review wrote; review the change again") from None
    if asks and not signed:
        return Verdict("needs sign-off", asks, lacking)
    if lacking:
        return Verdict("not judged", asks, lacking)
    return Verdict("signed off" if asks else "clean", asks, lacking)
