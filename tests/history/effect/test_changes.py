"""What prepared changes of each class do: the effect of each is counted, and agrees with what the change means."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from custody.engine import serial
from custody.history.review import reviewing
from history import past

if TYPE_CHECKING:
    from pipeline.project import Project

pytestmark = pytest.mark.xdist_group("past")  # the repository is built once

GONE = object()
RANGE = "quality.rules.risk.range"
TEAM = {"role": "quasi", "technique": "suppress"}
SUPPRESS = {"privacy.k": 4, "privacy.on_violation": "suppress"}
# What is changed of v3's policy, into what; what it means; which flows it has, and what it asks for.
CASES: list[tuple[dict[str, Any], str, dict[str, Any], list[str]]] = [
    ({"sources.edge.description": "Sign-ins"}, "equivalent", {}, []),
    ({"gate.confidence": 0.95}, "equivalent", {}, []),
    ({f"{RANGE}.max": 0.1}, "tightens", {"quarantined": 200, "no longer admitted": 200}, ["the gate flips to refused"]),
    ({"privacy.columns.team": TEAM}, "tightens", {}, []),
    ({"privacy.k": 4}, "tightens", {}, ["the gate flips to refused"]),
    ({"gate.min_quality_score": 0.9}, "tightens", {}, []),
    ({f"{RANGE}.max": 1}, "loosens", {"admitted": 20}, ["something loosens"]),
    ({RANGE: GONE}, "loosens", {"admitted": 30}, ["something loosens"]),
    ({"privacy.k": 2}, "loosens", {}, ["something loosens"]),
    ({f"{RANGE}.max": 1, "gate.min_quality_score": 0.6}, "mixed", {"admitted": 20}, ["something loosens"]),
    (
        SUPPRESS,
        "mixed",
        {"suppressed": 200, "no longer admitted": 200},
        ["the gate flips to refused", "something loosens"],
    ),
    ({f"{RANGE}.min": -1, f"{RANGE}.max": 0.6}, "loosens", {}, ["something loosens"]),
]
NAMES = [f"{answer}-{next(iter(edits))}-{i}" for i, (edits, answer, _, _) in enumerate(CASES)]


@pytest.fixture
def here(copied: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(copied.root)
    return copied


def _edit(project: Project, values: dict[str, Any], edits: dict[str, Any]) -> None:
    values = copy.deepcopy(values)
    for key, new in edits.items():
        *path, last = key.split(".")
        place = values
        for part in path:
            place = place[part]
        place[last] = new
        if new is GONE:
            del place[last]
    project.write_policy(values)


def _told(project: Project, base: str) -> dict[str, Any]:
    told = reviewing.review(project.root, base, serial.run).report()
    assert told["effect"]["computed"], told["effect"]["why"]
    return told


def _flows(told: dict[str, Any]) -> dict[str, Any]:
    return {kind: one["records"] for kind, one in told["effect"]["flows"].items()}


def test_each_change_does_what_it_means_on_the_same_data(here: Project) -> None:
    here.git("checkout", "--quiet", "v3")
    values = here.policy()
    for (edits, answer, flows, asks), name in zip(CASES, NAMES, strict=True):
        _edit(here, values, edits)
        told = _told(here, "v3")
        assert (told["meaning"]["answer"], _flows(told), told["asks"]) == (answer, flows, asks), name
        assert told["effect"]["disagreements"] == [], name
        assert told["attribution"]["how"].startswith("The data is the same"), name


@pytest.mark.parametrize("base", ["v1"])
def test_with_other_data_each_change_still_does_what_it_means(here: Project, base: str) -> None:
    here.git("checkout", "--quiet", base)
    values = here.policy()
    (here.root / past.SOURCE).write_text(past.rows(230), encoding="utf-8")
    for edits, answer, flows, rows in (
        ({f"{RANGE}.max": 0.5}, "tightens", {"quarantined": 20, "no longer admitted": 20}, (10, -20, 30)),
        ({RANGE: GONE}, "loosens", {"admitted": 10}, (40, 10, 30)),
        ({f"{RANGE}.max": 0.5, "privacy.k": 2}, "mixed", {"quarantined": 20, "no longer admitted": 20}, (10, -20, 30)),
    ):
        _edit(here, values, edits)
        told = _told(here, base)
        assert (told["meaning"]["answer"], _flows(told), told["effect"]["disagreements"]) == (answer, flows, [])
        parts = told["attribution"]["figures"]["rows"]
        assert (parts["total"], parts["policy"], parts["data"]) == rows
        assert told["attribution"]["how"].startswith("HEAD's data was judged under both policies")


def test_a_treatment_that_shows_more_is_named_with_its_column(here: Project) -> None:
    here.git("checkout", "--quiet", "v3")
    values = here.policy()
    _edit(here, values, {"privacy.columns.team": TEAM})
    here.commit()  # never run: both sides are
    here.write_policy(values)
    told = _told(here, "HEAD")
    assert told["effect"]["columns"] == {"exposed": {"team": "added"}, "covered": {}}
    assert told["asks"] == ["something loosens"]


def test_a_tightening_that_admits_people_disagrees_and_fails(here: Project) -> None:
    here.git("checkout", "--quiet", "v3")
    alone = "".join(f"alone-{i},0.2,{300 + i},team-9,benign\n" for i in range(2))
    (here.root / past.SOURCE).write_text(past.rows(230) + alone, encoding="utf-8")
    values = here.policy()
    team = {"role": "quasi", "technique": "generalize", "prefix": 6}
    climbing = {"privacy.on_violation": "generalize", "privacy.max_suppressed": 0.1}
    _edit(here, values, {"privacy.columns.team": team, **climbing})
    here.git("add", "--force", past.SOURCE)
    here.commit()
    _edit(here, here.policy(), {"privacy.k": 4})
    told = _told(here, "HEAD")
    assert told["meaning"]["answer"] == "tightens"
    assert told["effect"]["disagreements"] == ["classed as tightening, yet <5 records are newly admitted"]
    assert told["asks"] == ["meaning and effect disagree"]
    done = here.run("custody", "review", "HEAD")
    assert done.returncode == 1
    assert "needs sign-off: meaning and effect disagree" in done.stdout.splitlines()[0]
