"""The demo, as a fresh clone runs it: the recorded lock file, red on a broken policy, green again."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from custody.errors import RefusedError
from pipeline.project import Project, demo

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = demo(tmp_path_factory.mktemp("demo") / "clone")
    project.must("dvc", "repro", "--no-run-cache", DVC_SITE_CACHE_DIR=str(project.root.parent / "site"))
    return project


def test_a_clone_rebuilds_exactly_the_recorded_lock_file(built: Project) -> None:
    assert built.git("status", "--porcelain") == ""


def test_the_release_loads_without_a_key(built: Project) -> None:
    table = built.load()
    statement = built.json("data/released/statement.json")
    assert len(table) == statement["rows"] > 4000
    assert "user" in table.column_names


def test_metrics_params_and_plots_say_something(built: Project) -> None:
    shown = built.must("dvc", "metrics", "show")
    for word in ("score", "released", "k_smallest", "residual"):
        assert word in shown, shown
    page = built.must("dvc", "plots", "show", "--out", "plots")
    assert "index.html" in page
    plots = (built.root / "plots" / "index.html").read_text(encoding="utf-8")
    for word in ("threat_score.range", "Missing values by column", "Where every record went", "09. refused"):
        assert word in plots
    shutil.rmtree(built.root / "plots")


@pytest.mark.parametrize("committed", [False, True])
def test_a_broken_policy_turns_red_and_undoing_it_gives_the_same_bytes(built: Project, committed: bool) -> None:  # noqa: FBT001
    before = built.outputs()
    params = built.root / "params.yaml"
    text = params.read_text(encoding="utf-8")
    assert "max: 1," in text or "max: 1\n" in text
    start = text.index("threat_score:", text.index("rules:"))
    params.write_text(text[:start] + text[start:].replace("max: 1", "max: 0.5", 1), encoding="utf-8")
    if committed:
        built.git("commit", "--all", "--quiet", "--message", "narrow threat_score")
    done = built.repro()
    assert done.returncode == 255
    said = done.stdout + done.stderr
    assert "threat_score.range" in said
    assert "95" in said
    assert "quality.rules.threat_score.range.max" in said
    assert "sources unchanged" in said
    assert [path.name for path in (built.root / "data" / "released").iterdir()] == ["statement.json"]
    assert built.json("data/released/statement.json")["decision"] == "refused"
    with pytest.raises(RefusedError):
        built.load()
    changed = built.must("dvc", "params", "diff", *(["HEAD~1"] if committed else []))
    assert [line.split() for line in changed.splitlines() if "threat_score" in line] == [
        ["params.yaml", "quality.rules.threat_score.range.max", "1", "0.5"]
    ]
    metrics = built.must("dvc", "metrics", "diff", *(["HEAD~1"] if committed else []))
    for name in ("released", "score"):
        assert re.search(rf"gate\.json +{name} |validate\.json +{name} ", metrics), metrics
    params.write_text(text, encoding="utf-8")
    assert built.repro().returncode == 0
    assert built.outputs() == before
    if committed:
        built.git("reset", "--quiet", "--hard", "HEAD~1")
    assert built.git("status", "--porcelain") == ""


def test_experiments_explore_policies_and_record_refusals(built: Project) -> None:
    done = built.run("dvc", "exp", "run", "gate", "-S", "gate.min_quality_score=1.0", "--name", "strict")
    assert done.returncode == 0, done.stdout + done.stderr
    table = json.loads(built.must("dvc", "exp", "show", "--json").split("\n", 1)[0])
    assert '"strict"' in json.dumps(table)
    assert built.json("data/metrics/gate.json")["released"] == 0
    built.must("git", "checkout", "--quiet", ".")
    built.must("dvc", "checkout")
    assert built.git("status", "--porcelain") == ""


def test_a_second_run_does_nothing(built: Project) -> None:
    assert "Stage 'collect' didn't change, skipping" in built.repro().stdout
