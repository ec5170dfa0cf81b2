"""Going up the ladders hides more people at every step, and costs what the detector loses."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from custody.engine import serial
from custody.errors import CustodyError
from custody.frontier import detector, words
from custody.frontier.measuring import Frontier, measure
from custody.frontier.plotting import draw
from custody.frontier.steps import steps
from custody.privacy.inputs import open_inputs
from privacy.folders import DATASET, Source, at, folders, privacy

SCHEMA = {"area": "category", "event": "category", "score": "number", "ts": "timestamp", "user": "user"}
TREATED = {
    "area": {"role": "quasi", "technique": "generalize", "prefix": 3},
    "event": {"role": "label", "technique": "keep"},
    "score": {"role": "quasi", "technique": "generalize", "bins": (2.0, 4.0, 6.0, 8.0)},
}


def inputs_of(root: Path, rows: list[dict[str, Any]]) -> Any:
    policy = privacy(TREATED, subject="user", k=3)
    policy = policy.model_copy(update={"columns": {name: policy.columns[name] for name in SCHEMA}})
    collected, validated = folders(root, [Source(rows)], SCHEMA)
    return open_inputs(collected, validated, DATASET, policy)


def people(count: int = 60) -> list[dict[str, Any]]:
    """Ten records each; the score tells the label, the area and the day tell the person apart."""
    return [
        {
            "user": f"p{who}",
            "area": f"{chr(97 + who % 20)}{who % 7}{who % 3}x",
            "ts": at(1 + (who * 3 + turn) % 28, turn),
            "score": float((who + turn) % 10),
            "event": "malicious" if (who + turn) % 10 >= 5 else "benign",
        }
        for who in range(count)
        for turn in range(10)
    ]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Frontier:
    return measure(inputs_of(tmp_path_factory.mktemp("frontier"), people()), serial.run)


def test_each_step_raises_one_column_and_the_last_leaves_no_value(tmp_path: Path) -> None:
    found = steps(inputs_of(tmp_path, people(3)))
    for before, after in pairwise(found):
        assert sum(before.treatments[name] != after.treatments[name] for name in before.treatments) == 1
    assert {column.technique for column in found[-1].treatments.values()} == {"suppress"}
    assert [step.number for step in found] == list(range(len(found)))


def test_people_are_never_worse_hidden_on_a_later_step(told: Frontier) -> None:
    ks, rows = [point.k for point in told.points], [point.suppressed for point in told.points]
    assert ks == sorted(ks)
    assert rows == sorted(rows, reverse=True)
    assert (ks[0], ks[-1]) == (1, 60)
    assert told.points[0].unicity > 0.9
    assert told.points[-1].unicity == 0
    assert told.points[-1].suppressed == 0


def test_the_cost_is_what_macro_f1_loses_against_the_raw_features(told: Frontier) -> None:
    assert told.raw_macro_f1 is not None
    assert told.raw_macro_f1 > 0.95
    for point in told.points:
        assert point.macro_f1 is None or point.cost == pytest.approx(told.raw_macro_f1 - point.macro_f1, abs=1e-4)
    last = told.points[-1].macro_f1
    assert last is not None
    assert last < 0.6, "without any feature nothing is learnt"


def test_the_table_and_the_picture_hold_every_step_and_no_value(told: Frontier, tmp_path: Path) -> None:
    text = words.table(told)
    assert len(text.splitlines()) == len(told.points) + 4
    assert "p1" not in text
    for name in ("a.svg", "b.svg", "c.png"):
        draw(told, tmp_path / name)
    assert (tmp_path / "a.svg").read_text(encoding="utf-8").count("<path") > 20
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.svg", "b.svg", "c.png"]


@pytest.mark.parametrize("count", [1, 2])
def test_one_person_has_a_frontier_without_a_detector_or_with_one(tmp_path: Path, count: int) -> None:
    found = measure(inputs_of(tmp_path, people(count)[: count * 10]), serial.run)
    assert found.points[-1].k == count
    assert all(point.cost is None or found.raw_macro_f1 is not None for point in found.points)


def test_nothing_to_release_is_said(tmp_path: Path) -> None:
    with pytest.raises(CustodyError, match="no record may be released"):
        measure(inputs_of(tmp_path, []), serial.run)


def test_people_of_the_trial_are_never_learnt_from() -> None:
    subjects = np.arange(1, 1001, dtype=np.uint64)
    known = np.ones(1000, dtype=np.bool_)
    kept = detector.trial(subjects, known=known)
    assert 0.25 < kept.mean() < 0.35
    assert not detector.trial(subjects, known=~known).any()
