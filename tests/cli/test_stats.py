"""Statistics published from the demo's records: paid for, logged, refused once the budget is spent."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from pipeline.project import Project, demo
from support import log_path, logged

pytest.importorskip("opendp", reason="the extra custody[stats] is not installed")
pytestmark = pytest.mark.xdist_group("statistics")

EVERYTHING = ("--subjects", "--records", "--histogram", "label", "--histogram", "mfa", "--mean", "threat_score")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The demo, collected and validated."""
    project = demo(tmp_path_factory.mktemp("statistics") / "clone")
    project.must("python", "stages/collect.py", "data/sources", "data/collected")
    project.must("python", "stages/validate.py", "data/collected", "data/validated")
    return project


@pytest.fixture
def project(whole: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    (whole.root / ".custody" / "budget.json").unlink(missing_ok=True)
    monkeypatch.setenv("XDG_STATE_HOME", str(whole.root.parent / "state"))
    monkeypatch.chdir(whole.root)
    log_path().unlink(missing_ok=True)
    return whole


@pytest.fixture
def stats(project: Project, custody: Callable[..., Any]) -> Callable[..., Any]:  # noqa: ARG001  # stands in the project
    return partial(custody, "privacy", "stats", "--reason", "yearly report")


def test_figures_are_noised_paid_for_and_logged(project: Project, stats: Callable[..., Any]) -> None:
    done = stats(*EVERYTHING, "--epsilon", "2.5", "--json", "--out", "told.json")
    assert (done.status, done.err) == (0, "")
    told = json.loads(done.out)
    assert told == project.json("told.json")
    assert (told["epsilon"], told["delta"], told["unit"], told["records_per_subject"]) == (2.5, 0.0, "subject", 20)
    assert told["budget_left"] == {"epsilon": 0.5, "delta": 1e-06}
    by_name = {one["name"]: one for one in told["statistics"]}
    people = by_name["subjects"]["values"]
    assert 0 < people < 20_000
    assert list(by_name["histogram label"]["values"]) == ["benign", "malicious", "(missing)", "(other)"]
    assert 0 <= by_name["mean threat_score"]["values"] <= 1
    [entry] = project.json(".custody/budget.json")["entries"]
    assert (entry["epsilon"], entry["records"], entry["dataset"]) == (2.5, 20, "auth-events")
    assert "values" not in json.dumps(entry)
    [line] = logged()
    assert (line["action"], line["reason"]) == ("statistics", "yearly report")


def test_a_spent_budget_refuses_in_one_line_and_publishes_nothing(project: Project, stats: Callable[..., Any]) -> None:
    assert stats("--records", "--epsilon", "2").status == 0
    before = (project.root / ".custody" / "budget.json").read_bytes()
    opened = log_path().read_bytes()
    done = stats("--records", "--epsilon", "1.01", "--out", "more.json")
    assert (done.status, done.out) == (1, "")
    assert done.err == "custody: privacy.budget.epsilon: 2 of 3 are spent, so 1.01 more are refused\n"
    assert not (project.root / "more.json").exists()
    assert (project.root / ".custody" / "budget.json").read_bytes() == before
    assert log_path().read_bytes() == opened, "the data was not opened for it"
    assert stats("--records", "--epsilon", "1").status == 0


def test_where_the_ledger_cannot_be_written_nothing_is_shown(project: Project, stats: Callable[..., Any]) -> None:
    shutil.rmtree(project.root / ".custody", ignore_errors=True)
    (project.root / ".custody").touch()
    done = stats("--records", "--epsilon", "1")
    (project.root / ".custody").unlink()
    (project.root / ".custody").mkdir()
    assert (done.status, done.out) == (3, "")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        ((), 3, "ask for something"),
        (("--records", "--records", "--histogram", "label", "--histogram", "label"), 3, "each once"),
        (("--histogram", "user"), 3, "names the people"),
        (("--histogram", "nothing"), 3, "is not a column of schema"),
        (("--histogram", "email"), 3, "has no bins that the policy names"),
        (("--mean", "attempts"), 3, "has no bounds"),
        (("--discover", "message", "--delta", "1e-7"), 3, "must be a category column"),
        (("--discover", "event"), 3, "--delta: is what --discover costs"),
        (("--records", "--delta", "1e-7"), 3, "--delta: is what --discover costs"),
        (("--discover", "event", "--delta", "1e-3"), 1, "privacy.budget.delta"),
    ],
)
def test_what_cannot_be_asked_costs_nothing(
    project: Project, stats: Callable[..., Any], arguments: tuple[str, ...], status: int, says: str
) -> None:
    done = stats(*arguments, "--epsilon", "0.1")
    assert (done.status, done.out) == (status, "")
    assert says in done.err
    assert done.err.count("\n") == 1
    assert not (project.root / ".custody" / "budget.json").exists()


@pytest.mark.parametrize("epsilon", ["0", "-1", "nan", "inf", "1e9"])
def test_an_epsilon_that_is_no_cost_is_refused(stats: Callable[..., Any], epsilon: str) -> None:
    done = stats("--records", "--epsilon", epsilon)
    assert done.status == 1
    assert "--epsilon: must be above 0" in done.err


def test_the_table_says_what_it_cost(stats: Callable[..., Any]) -> None:
    done = stats("--subjects", "--discover", "event", "--delta", "0.000001", "--epsilon", "3")
    assert done.status == 0, done.err
    assert "STATISTIC" in done.out
    assert "differential privacy: ε = 3, δ = 1e-06 per subject (user), of whom at most 20 records count" in done.out
    assert "left of privacy.budget: ε = 0, δ = 0; commit .custody/budget.json" in done.out


def test_the_frontier_opens_the_records_only_after_an_entry_in_the_log(
    project: Project, custody: Callable[..., Any]
) -> None:
    ran = custody("privacy", "frontier", "--reason", "choose k", "--plot", "frontier.gif")
    assert (ran.status, ran.out) == (3, "")
    assert "--plot: must end in .png or .svg" in ran.err
    assert not log_path().exists()
    ran = custody("privacy", "frontier", "--reason", "choose k", "--plot", "frontier.svg", "--json")
    assert ran.status == 0, ran.err
    told = json.loads(ran.out)
    assert [point["step"] for point in told["points"]] == list(range(len(told["points"])))
    assert told["points"][0]["treatment"] == "department keep; ts round_time to 1d"
    assert (project.root / "frontier.svg").exists()
    [line] = logged()
    assert line["action"] == "frontier"


@pytest.mark.parametrize("command", ["stats", "frontier"])
def test_without_an_entry_in_the_log_nothing_is_opened_or_spent(
    stats: Callable[..., Any],
    project: Project,
    custody: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null")
    if command == "stats":
        ran = stats("--records", "--epsilon", "1")
    else:
        ran = custody("privacy", "frontier", "--reason", "choose k")
    assert (ran.status, ran.out) == (3, "")
    assert "audit log: cannot be written" in ran.err
    assert not (project.root / ".custody" / "budget.json").exists()
