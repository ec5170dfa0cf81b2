"""`custody reproduce` in a repository with a past: what is the same is told, and what is not is named as what it is."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from history import past, twelve
from pipeline.project import Project

pytestmark = pytest.mark.xdist_group("twelve")  # the repository is built once


def _told(project: Project, *words: str, status: int, **environment: str) -> dict[str, Any]:
    done = project.run("custody", "reproduce", "--json", "--current-env", *words, **environment)
    assert (done.returncode, done.stderr) == (status, ""), done.stdout + done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _answers(told: dict[str, Any]) -> list[str]:
    return [one["answer"] for one in told["verdicts"]]


def _why(told: dict[str, Any], stage: str) -> str:
    [one] = [one for one in told["verdicts"] if one["stage"] == stage]
    return "\n".join(one["why"])


def _files(project: Project) -> dict[str, tuple[int, int]]:
    paths = [path for path in project.root.rglob("*") if path.is_file()]
    return {str(path.relative_to(project.root)): (path.stat().st_size, path.stat().st_mtime_ns) for path in paths}


def _rebuilds() -> Path:
    return Path(os.environ["HOME"]) / ".cache" / "custody" / "rebuilds"


def _dvc_lock(project: Project) -> tuple[Path, dict[str, Any]]:
    path = project.root / "dvc.lock"
    return path, yaml.safe_load(path.read_text(encoding="utf-8"))


def test_every_release_and_refusal_is_reproduced_two_at_a_time_and_the_workspace_left_alone(long: Project) -> None:
    listed = json.loads(long.must("custody", "log", "--json"))["releases"]
    commits = [one["revision"] for one in listed]
    assert commits == [long.git("rev-parse", tag).strip() for tag in twelve.RELEASES[::-1]]
    assert len(long.git("rev-list", "HEAD").split()) == 12
    assert len({one["policy"] for one in listed}) == 3
    (long.root / "params.yaml").write_text("dirty: true\n", encoding="utf-8")
    before = _files(long)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda commit: _told(long, commit, status=0), commits))
    for told, known in zip(answers, listed, strict=True):
        assert (told["answer"], _answers(told)) == ("reproduced", ["reproduced"] * 4)
        assert told["statements"] == [known["statement"]] * 2
    assert _files(long) == before
    assert [path.name for path in _rebuilds().iterdir()] == ["making"]


def test_what_was_built_is_left_where_it_is_asked_for_and_the_log_has_it(long: Project, tmp_path: Path) -> None:
    moved = Project(long.root.rename(tmp_path / "elsewhere"))
    built = tmp_path / "built"
    done = moved.must("custody", "reproduce", "b1", "--current-env", "--to", str(built))
    assert done.splitlines()[0].endswith(": reproduced")
    assert json.loads((built / "data/released/statement.json").read_text())["rows"] == 170
    assert not (built / ".git").exists()
    entry = json.loads(moved.must("custody", "audit", "show", "--json").splitlines()[-1])
    assert (entry["action"], entry["outcome"]) == ("reproduce", "granted")
    assert entry["about"] == {"revision": moved.git("rev-parse", "b1").strip()}


def test_without_an_entry_in_the_audit_log_nothing_is_rebuilt(long: Project) -> None:
    done = long.run("custody", "reproduce", "a1", "--current-env", XDG_STATE_HOME="/dev/null")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "audit log: cannot be written" in done.stderr


def _forge(project: Project, stage: str, path: str) -> None:
    """Record the output that a stage wrote for v1 as that of now."""
    place, values = _dvc_lock(project)
    other = yaml.safe_load(project.git("show", "a1:dvc.lock"))
    [mine] = [one for one in values["stages"][stage]["outs"] if one["path"] == path]
    [theirs] = [one for one in other["stages"][stage]["outs"] if one["path"] == path]
    mine.update(theirs)
    place.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
    project.commit()


def test_a_lock_file_that_was_edited_is_named(long: Project) -> None:
    long.git("checkout", "--quiet", "b2")
    _forge(long, "anonymize", "data/anonymized")
    told = _told(long, "HEAD", status=1)
    assert _answers(told) == ["reproduced", "reproduced", "changed", "reproduced"]
    said = _why(told, "anonymize")
    assert "dvc.lock was edited, or recorded before all stages had run: gate read another data/anonymized" in said
    long.git("checkout", "--quiet", "b2")
    _forge(long, "gate", "data/released")  # nothing in the lock file contradicts it
    told = _told(long, "HEAD", status=1)
    assert _answers(told) == ["reproduced", "reproduced", "reproduced", "changed"]
    assert "makes something else of these inputs than is recorded: dvc.lock was edited, or" in _why(told, "gate")


def test_an_output_out_of_a_poisoned_run_cache_is_named(long: Project) -> None:
    long.git("checkout", "--quiet", "b2")
    _, values = _dvc_lock(long)
    [mine] = [one["md5"] for one in values["stages"]["collect"]["outs"] if one["path"] == "data/collected"]
    other = yaml.safe_load(long.git("show", "b1:dvc.lock"))["stages"]["collect"]["outs"]
    planted = {one["path"]: one for one in other if one["path"] == "data/collected"}
    for entry in (long.root / ".dvc/cache/runs").rglob("*"):
        run = yaml.safe_load(entry.read_text(encoding="utf-8")) if entry.is_file() else {}
        if any(one.get("md5") == mine for one in run.get("outs", [])):
            run["outs"] = [planted.get(one["path"], one) for one in run["outs"]]
            entry.chmod(0o644)
            entry.write_text(yaml.safe_dump(run, sort_keys=False), encoding="utf-8")
    shutil.rmtree(long.root / "data" / "collected")
    (long.root / "dvc.lock").unlink()
    long.must("dvc", "repro", "gate")
    long.commit()
    assert long.json("data/released/statement.json")["rows"] == 170, "what was planted is what is recorded"
    told = _told(long, "HEAD", status=1)
    assert _answers(told) == ["changed"] * 4
    assert "came out of a run cache" in _why(told, "collect")
    assert "partition edge-" in _why(told, "collect")
    said = _why(told, "gate")
    assert said.startswith("follows from collect")
    assert "rows: 170 moved, 30 rebuilt alone" in said


def test_a_source_that_was_changed_is_named(long: Project) -> None:
    (long.root / past.SOURCE).write_text(past.rows(231), encoding="utf-8")
    long.commit()
    told = _told(long, "HEAD", status=1)
    assert "sources: data/sources is not the one that dvc.lock records" in _why(told, "collect")
    assert "code" not in _why(told, "collect")
    (long.root / past.SOURCE).write_bytes(b"\x00\x01 not a table at all")
    long.commit()
    told = _told(long, "HEAD", status=1)
    assert "sources: data/sources is not the one that dvc.lock records" in _why(told, "collect")


def test_a_stage_with_a_clock_in_it_is_named(long: Project, tmp_path: Path) -> None:
    script = long.root / "stages" / "validate.py"
    text = script.read_text(encoding="utf-8")
    clock = '{**body, "score": __import__("time").time_ns() % 10**6 / 10**6}'
    assert text.count(", body)") == 1
    script.write_text(text.replace(", body)", f", {clock})"), encoding="utf-8")
    long.must("dvc", "repro", "-q", "gate")
    long.commit()
    told = _told(long, "HEAD", "--to", str(tmp_path / "built"), status=1)
    assert _answers(told) == ["reproduced", "changed", "reproduced", "reproduced"]
    assert "not deterministic" in _why(told, "validate")
    left = yaml.safe_load((tmp_path / "built" / "dvc.lock").read_text(encoding="utf-8"))["stages"]["validate"]["outs"]
    told_of = [f"{one['path']}: " in _why(told, "validate") and one["md5"] in _why(told, "validate") for one in left]
    assert any(told_of), "what is left is what was judged, not what was built to find the cause"


def test_a_key_that_is_gone_is_named(long: Project, tmp_path: Path) -> None:
    other = tmp_path / "keyring.json"
    other.write_text('{"zones": {}}', encoding="utf-8")
    other.chmod(0o600)
    told = _told(long, "a1", status=3, CUSTODY_KEYRING=str(other))
    assert (told["answer"], told["verdicts"]) == ("unverifiable", [])
    assert "the keyring has no zone test" in told["notes"][-1]


def test_a_stage_that_does_not_run_is_named_with_its_own_words(long: Project) -> None:
    values = long.policy()
    values["gate"]["min_rows"] = "many"
    long.write_policy(values)
    long.commit()
    told = _told(long, "HEAD", status=1)
    assert _answers(told) == ["failed"]
    assert "gate.min_rows" in _why(told, told["verdicts"][0]["stage"])


def test_a_library_that_is_gone_is_named(long: Project) -> None:
    (long.root / "requirements.lock").write_text(f"six==0.0.99 \\\n    --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    long.commit()
    done = long.run("custody", "reproduce", "HEAD")
    assert (done.returncode, done.stderr) == (3, "")
    assert "note: requirements.lock: six==0.0.99 is not to be had for Python" in done.stdout


def test_what_is_stopped_leaves_nothing_behind(long: Project) -> None:
    command = [str(Path(sys.executable).parent / "custody"), "reproduce", "a1", "--current-env"]
    started = subprocess.Popen(command, cwd=long.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while started.poll() is None and not list(_rebuilds().glob("*/clone/data")):
        time.sleep(0.02)
    started.send_signal(signal.SIGTERM)
    started.communicate()
    assert started.returncode == 128 + signal.SIGTERM
    assert [path.name for path in _rebuilds().iterdir()] == ["making"]
