"""`custody diff` in a repository with a past."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from history import forged, past
from pipeline.project import Project

LABEL = {"type": "string", "role": "label", "technique": "keep"}
pytestmark = pytest.mark.xdist_group("past")  # the repository is built once


def _diff(project: Project, *words: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(project.must("custody", "diff", "--json", *words))
    return told


def test_a_stricter_policy_removes_rows_and_is_named_as_the_reason(old: Project) -> None:
    told = _diff(old, "v1", "v2")
    rows = told["rows"]["edge"]
    assert (rows["same"], rows["added"], rows["changed"]) == (170, 0, 0)
    assert (rows["removed"], rows["removed_by"]) == (20, {"policy": 20})
    assert told["kept_off"] == {"quarantined: risk.range": [10, 30]}
    assert told["figures"]["rows"] == [190, 170]
    assert (told["sources"], told["columns"], told["notes"]) == ({}, {}, [])


def test_rows_are_compared_with_neither_numpy_nor_models(old: Project) -> None:
    code = (
        "import sys; sys.argv = ['custody', 'diff', 'v1', 'v2']\n"
        "from custody.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'typer', 'pandas', 'polars', 'numpy', 'pyarrow', 'pydantic'} & set(sys.modules)))"
    )
    assert old.must("python", "-c", code).splitlines()[-1] == "['pyarrow']"


def test_an_appended_file_moves_its_old_rows_and_adds_the_new(old: Project) -> None:
    told = _diff(old, "v2", "v3")
    rows = told["rows"][""]
    assert (rows["same"], rows["moved"], rows["removed"]) == (0, 170, 0)
    assert (rows["added"], rows["added_by"]) == (30, {"file": 30})
    assert told["sources"] == {"edge": "its files changed"}


def test_classes_are_named_only_by_the_policy_and_small_ones_are_hidden(old: Project) -> None:
    told = _diff(old, "v1", "v3")
    assert told["labels"] == {"label": {"benign": [181, 190], "class 1": [9, 10]}}
    said = old.must("custody", "diff", "v1", "v3") + json.dumps(told)
    assert "secret" not in said
    assert "user-" not in said


def test_a_refusal_removes_all(old: Project) -> None:
    told = _diff(old, "v3")  # B is HEAD
    assert told["decisions"] == ["released", "refused"]
    assert told["rows"][""]["removed_by"] == {"refused": 200}
    assert "200 removed (200 of a refused release)" in old.must("custody", "diff", "v3", "v4")


def test_another_treatment_of_a_column_is_told_with_the_rows_that_it_changed(copied: Project) -> None:
    copied.git("checkout", "--quiet", "v3")
    values = copied.policy()
    values["privacy"]["columns"]["risk"] = {"role": "insensitive", "technique": "generalize", "bins": [0, 0.1, 1]}
    values["quality"]["rules"]["n"] = {"range": {"min": 0, "max": 227, "min_pass": 0.5}}
    copied.write_policy(values)
    copied.must("dvc", "repro", "-q")
    copied.commit()
    told = _diff(copied, "v3", "HEAD")
    assert told["columns"] == {"risk": "insensitive, keep, double → insensitive, generalize, string"}
    rows = told["rows"]["edge"]
    few, many = f"<{past.K}", f"≥{past.K}"  # with 200 rows before, 198 that changed would tell the two that went
    assert (rows["same"], rows["changed"], rows["added"], rows["removed"]) == (few, many, None, None)
    assert (rows["changed_columns"], rows["added_by"], rows["removed_by"]) == ({"risk": None}, {}, {})
    said = copied.must("custody", "diff", "v3", "HEAD")
    assert f"edge  {few} same, {few} moved, {many} changed, added and removed not told\n" in said
    assert "  risk  -\n" in said


def test_without_the_data_it_says_what_was_not_compared(copied: Project) -> None:
    cache = copied.root / ".dvc" / "cache" / "files" / "md5"
    for path in list(cache.rglob("*")):
        if path.is_file() and path.read_bytes()[:4] == b"PAR1":
            path.unlink()
    told = _diff(copied, "v1", "v2")
    assert (told["rows"], told["labels"]) == (None, None)
    assert "rows and labels were not compared" in told["notes"][0]
    shutil.rmtree(cache)
    told = _diff(copied, "v1", "v2")
    assert told["figures"]["rows"] == [190, 170]
    assert "its statement is not in DVC's cache" in told["notes"][0]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("nowhere", "v2"), 3, "A: is no revision that git knows here"),
        (("v1", "nowhere"), 3, "B: is no revision that git knows here"),
        (("empty", "v1"), 3, "records no release in its dvc.lock"),
        ((), 2, ""),
    ],
)
def test_what_is_no_release_is_one_line(copied: Project, words: tuple[str, ...], status: int, said: str) -> None:
    copied.git("checkout", "--quiet", "--orphan", "side")
    copied.git("rm", "--quiet", "-r", "--cached", ".")
    copied.git("commit", "--quiet", "--allow-empty", "--message", "nothing")
    copied.git("branch", "empty")
    done = copied.run("custody", "diff", *words)
    assert done.returncode == status
    assert said in done.stderr
    assert status == 2 or (done.stdout, done.stderr.count("\n")) == ("", 1)


@pytest.mark.parametrize("policy", ["privacy: x", "privacy: {k: -5}", "privacy: {k: 1}", "privacy: [k]"])
def test_a_policy_that_does_not_hold_hides_as_one_that_names_no_k(copied: Project, policy: str) -> None:
    (copied.root / "params.yaml").write_text(policy)
    metrics = copied.root / "data" / "metrics" / "anonymize.json"
    metrics.write_text(json.dumps({**json.loads(metrics.read_text()), "k_smallest": 4, "subjects": 4.0}))
    copied.commit()
    copied.git("commit", "--quiet", "--allow-empty", "--message", "another")
    metrics.write_text('{"k_smallest": 2, "subjects": 2}')
    copied.commit()
    figures = _diff(copied, "HEAD~1", "HEAD")["figures"]
    assert (figures["k_smallest"], figures["subjects"]) == (["<5", "<5"], ["<5", "<5"])


@pytest.mark.parametrize(
    ("place", "name", "changed", "said"),
    [
        ("data/released", "statement.json", {"columns": {"x": LABEL}}, "its columns are not those of the statement"),
        ("data/validated", "report.json", {"quarantined_by": [1]}, "the report of validate: quarantined_by holds"),
        ("data/anonymized", "report.json", {"withheld": {"a": "x"}}, "the report of anonymize: withheld holds"),
    ],
)
def test_what_no_stage_wrote_is_one_line(
    copied: Project, place: str, name: str, changed: dict[str, Any], said: str
) -> None:
    copied.git("checkout", "--quiet", "v3")
    forged.alter(copied, place, name, changed)
    done = copied.run("custody", "diff", "v2")
    assert (done.returncode, said in done.stderr) == (1, True), done.stderr


def test_a_cache_in_the_home_of_nobody_is_empty(copied: Project) -> None:
    (copied.root / ".dvc" / "config").write_text("[cache]\n    dir = ~nobody-of-this-name/cache\n")
    assert _diff(copied, "v1", "v2")["rows"] is None


def test_a_repository_that_was_moved_still_tells(copied: Project, tmp_path: Path) -> None:
    moved = copied.root.rename(tmp_path / "elsewhere")
    assert _diff(Project(moved), "v1", "v2")["rows"][""]["removed"] == 20
