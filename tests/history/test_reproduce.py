"""`custody reproduce` in a repository with a past: what is the same is told, and what is not is named as what it is."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from history import past
from pipeline.project import Project

pytestmark = pytest.mark.xdist_group("past")  # the repository is built once


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


def _dvc_lock(project: Project) -> tuple[Path, dict[str, Any]]:
    path = project.root / "dvc.lock"
    return path, yaml.safe_load(path.read_text(encoding="utf-8"))


def test_every_release_and_refusal_is_reproduced_and_the_workspace_left_alone(copied: Project, tmp_path: Path) -> None:
    (copied.root / "params.yaml").write_text("dirty: true\n", encoding="utf-8")
    before = _files(copied)
    for tag in past.TAGS:
        told = _told(copied, tag, status=0)
        assert (told["answer"], _answers(told)) == ("reproduced", ["reproduced"] * 4)
        assert told["statements"][0] == told["statements"][1]
        assert len(told["statements"][0]) == 64
    assert _files(copied) == before
    left = Path(os.environ["HOME"]) / ".cache" / "custody" / "rebuilds"
    assert [path.name for path in left.iterdir()] == ["making"]
    moved = Project(copied.root.rename(tmp_path / "elsewhere"))
    built = tmp_path / "built"
    done = moved.must("custody", "reproduce", "v2", "--current-env", "--to", str(built))
    assert done.splitlines()[0].endswith(": reproduced")
    assert json.loads((built / "data/released/statement.json").read_text())["rows"] == 170
    assert not (built / ".git").exists()
    entry = json.loads(moved.must("custody", "audit", "show", "--json").splitlines()[-1])
    assert (entry["action"], entry["outcome"]) == ("reproduce", "granted")
    assert entry["about"] == {"revision": moved.git("rev-parse", "v2").strip()}


def test_without_an_entry_in_the_audit_log_nothing_is_rebuilt(copied: Project) -> None:
    done = copied.run("custody", "reproduce", "v1", "--current-env", XDG_STATE_HOME="/dev/null")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "audit log: cannot be written" in done.stderr


def _forge(project: Project, stage: str, path: str) -> None:
    """Record the output that a stage wrote for v1 as that of now."""
    place, values = _dvc_lock(project)
    other = yaml.safe_load(project.git("show", "v1:dvc.lock"))
    [mine] = [one for one in values["stages"][stage]["outs"] if one["path"] == path]
    [theirs] = [one for one in other["stages"][stage]["outs"] if one["path"] == path]
    mine.update(theirs)
    place.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
    project.commit()


def test_a_lock_file_that_was_edited_is_named(copied: Project) -> None:
    copied.git("checkout", "--quiet", "v3")
    _forge(copied, "anonymize", "data/anonymized")
    told = _told(copied, "HEAD", status=1)
    assert _answers(told) == ["reproduced", "reproduced", "changed", "reproduced"]
    said = _why(told, "anonymize")
    assert "dvc.lock was edited: it records another data/anonymized for gate than anonymize wrote" in said
    copied.git("checkout", "--quiet", "v3")
    _forge(copied, "gate", "data/released")  # nothing in the lock file contradicts it
    told = _told(copied, "HEAD", status=1)
    assert _answers(told) == ["reproduced", "reproduced", "reproduced", "changed"]
    assert "makes something else of these inputs than is recorded: dvc.lock was edited, or" in _why(told, "gate")


def test_an_output_out_of_a_poisoned_run_cache_is_named(copied: Project) -> None:
    copied.git("checkout", "--quiet", "v3")
    _, values = _dvc_lock(copied)
    [mine] = [one["md5"] for one in values["stages"]["collect"]["outs"] if one["path"] == "data/collected"]
    other = yaml.safe_load(copied.git("show", "v2:dvc.lock"))["stages"]["collect"]["outs"]
    planted = {one["path"]: one for one in other if one["path"] == "data/collected"}
    for entry in (copied.root / ".dvc/cache/runs").rglob("*"):
        run = yaml.safe_load(entry.read_text(encoding="utf-8")) if entry.is_file() else {}
        if any(one.get("md5") == mine for one in run.get("outs", [])):
            run["outs"] = [planted.get(one["path"], one) for one in run["outs"]]
            entry.chmod(0o644)
            entry.write_text(yaml.safe_dump(run, sort_keys=False), encoding="utf-8")
    shutil.rmtree(copied.root / "data" / "collected")
    (copied.root / "dvc.lock").unlink()
    copied.must("dvc", "repro", "gate")
    copied.commit()
    assert copied.json("data/released/statement.json")["rows"] == 170, "what was planted is what is recorded"
    told = _told(copied, "HEAD", status=1)
    assert _answers(told) == ["changed"] * 4
    assert "came out of a run cache" in _why(told, "collect")
    assert "partition edge-" in _why(told, "collect")
    said = _why(told, "gate")
    assert said.startswith("follows from collect")
    assert "rows: 170 moved, 30 rebuilt alone" in said


def test_a_source_that_was_changed_is_named(copied: Project) -> None:
    (copied.root / past.SOURCE).write_text(past.rows(231), encoding="utf-8")
    copied.commit()
    told = _told(copied, "HEAD", status=1)
    assert "sources: data/sources is not the one that dvc.lock records" in _why(told, "collect")
    assert "code" not in _why(told, "collect")
    (copied.root / past.SOURCE).write_bytes(b"\x00\x01 not a table at all")
    copied.commit()
    told = _told(copied, "HEAD", status=1)
    assert "sources: data/sources is not the one that dvc.lock records" in _why(told, "collect")


def test_a_stage_with_a_clock_in_it_is_named(copied: Project, tmp_path: Path) -> None:
    script = copied.root / "stages" / "validate.py"
    text = script.read_text(encoding="utf-8")
    clock = '{**body, "score": __import__("time").time_ns() % 10**6 / 10**6}'
    assert text.count(", body)") == 1
    script.write_text(text.replace(", body)", f", {clock})"), encoding="utf-8")
    copied.must("dvc", "repro", "-q", "gate")
    copied.commit()
    told = _told(copied, "HEAD", "--to", str(tmp_path / "built"), status=1)
    assert _answers(told) == ["reproduced", "changed", "reproduced", "reproduced"]
    assert "not deterministic" in _why(told, "validate")
    left = yaml.safe_load((tmp_path / "built" / "dvc.lock").read_text(encoding="utf-8"))["stages"]["validate"]["outs"]
    told_of = [f"{one['path']}: " in _why(told, "validate") and one["md5"] in _why(told, "validate") for one in left]
    assert any(told_of), "what is left is what was judged, not what was built to find the cause"


def test_a_key_that_is_gone_is_named(old: Project, tmp_path: Path) -> None:
    other = tmp_path / "keyring.json"
    other.write_text('{"zones": {}}', encoding="utf-8")
    other.chmod(0o600)
    told = _told(old, "v1", status=3, CUSTODY_KEYRING=str(other))
    assert (told["answer"], told["verdicts"]) == ("unverifiable", [])
    assert "the keyring has no zone test" in told["notes"][-1]


def test_a_stage_that_does_not_run_is_named_with_its_own_words(copied: Project) -> None:
    values = copied.policy()
    values["gate"]["min_rows"] = "many"
    copied.write_policy(values)
    copied.commit()
    told = _told(copied, "HEAD", status=1)
    assert _answers(told) == ["failed"]
    assert "gate.min_rows" in _why(told, told["verdicts"][0]["stage"])


def test_a_library_that_is_gone_is_named(copied: Project) -> None:
    (copied.root / "requirements.lock").write_text(f"six==0.0.99 \\\n    --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    copied.commit()
    done = copied.run("custody", "reproduce", "HEAD")
    assert (done.returncode, done.stderr) == (3, "")
    assert "note: requirements.lock: six==0.0.99 is not to be had for Python" in done.stdout


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("nowhere",), 3, "REV: is no revision that git knows here"),
        (("nothing",), 3, "records no release in its dvc.lock"),
        (("v1", "--to", "built"), 3, "--to: is inside a project"),
        ((), 2, ""),
    ],
)
def test_what_cannot_be_asked_is_one_line(copied: Project, words: tuple[str, ...], status: int, said: str) -> None:
    tree = copied.git("hash-object", "-t", "tree", "/dev/null").strip()
    copied.git("tag", "nothing", copied.git("commit-tree", "-m", "none", tree).strip())
    done = copied.run("custody", "reproduce", *words)
    assert done.returncode == status
    assert said in done.stderr
    assert status == 2 or (done.stdout, done.stderr.count("\n")) == ("", 1)


def test_what_is_stopped_leaves_nothing_behind(old: Project) -> None:
    command = [str(Path(sys.executable).parent / "custody"), "reproduce", "v1", "--current-env"]
    rebuilds = Path(os.environ["HOME"]) / ".cache" / "custody" / "rebuilds"
    started = subprocess.Popen(command, cwd=old.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while started.poll() is None and not list(rebuilds.glob("*/clone/data")):
        time.sleep(0.02)
    started.send_signal(signal.SIGTERM)
    started.communicate()
    assert started.returncode == 128 + signal.SIGTERM
    assert [path.name for path in rebuilds.iterdir()] == ["making"]
