"""The answer to a review: what asks for a sign-off, what one takes away, and what it never makes up for."""

from __future__ import annotations

from typing import Any

import pytest

from custody.errors import RefusedError
from custody.history.review.verdict import LOOSENS, verdict


def _report(asks: list[str], lacking: list[str]) -> dict[str, Any]:
    return {"asks": asks, "lacking": lacking}


@pytest.mark.parametrize(
    ("asks", "lacking", "signed", "answer", "status"),
    [
        ([], [], "", "clean", 0),
        ([LOOSENS], [], "", "needs sign-off", 1),
        ([LOOSENS], [], "by ada", "signed off", 0),
        ([], ["effect"], "by ada", "not judged", 3),
        ([LOOSENS], ["effect"], "", "needs sign-off", 1),
        ([LOOSENS], ["effect"], "by ada", "not judged", 3),
    ],
)
def test_a_sign_off_takes_away_what_is_asked_and_no_more(
    asks: list[str], lacking: list[str], signed: str, answer: str, status: int
) -> None:
    told = verdict(_report(asks, lacking), signed=bool(signed))
    assert (told.answer, told.status) == (answer, status)


@pytest.mark.parametrize("report", [{}, {"asks": None, "lacking": []}, {"asks": []}])
def test_what_is_no_report_is_refused(report: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        verdict(report, signed=True)
