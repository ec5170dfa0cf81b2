"""What is planted is found, in systems that the detectors were designed from and in others."""

from __future__ import annotations

import pytest

from privacy.detect.redacting import redact
from privacy.planted.generator import messages
from privacy.planted.scoring import KINDS, Score, score, spans

LEAST = {"inside": 0.95, "outside": 0.95, "later": 0.9}
"""Recall and precision per kind. `later` was written when the detectors were done."""


def scored(name: str) -> Score:
    planted = messages(name, 4, seed=11)
    written = redact([message.text for message in planted])
    return score(planted, [spans(message.text, text) for message, text in zip(planted, written, strict=True)])


@pytest.mark.parametrize("name", LEAST)
def test_recall_and_precision_hold_per_kind(name: str) -> None:
    result, least = scored(name), LEAST[name]
    for kind in KINDS:
        if result.planted[kind]:
            assert result.recall(kind) >= least, f"recall of {kind} in {name}"
            assert result.precision(kind) >= least, f"precision of {kind} in {name}"


def test_hosts_are_found_by_their_places_and_by_the_making_of_their_names() -> None:
    result = scored("latest")  # half of its hosts are called as people thought of
    assert result.recall("host") >= 0.83
    assert result.precision("host") >= 0.95


def test_what_is_nobody_stays() -> None:
    planted = messages("negatives", 2, seed=11)
    result = scored("negatives")
    assert result.planted.total() == 0
    assert result.claimed.total() <= len(planted) // 10  # versions that look like addresses
