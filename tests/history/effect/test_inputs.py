"""What a review needs and does not have, or must not use: said in one line, and the first layer stands."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from history import past
from history.effect.asking import effect, review

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.project import Project

pytestmark = pytest.mark.xdist_group("past")  # the repository is built once


def _stricter(project: Project) -> None:
    values = project.policy()
    values["gate"]["min_quality_score"] = 0.9
    project.write_policy(values)


def _why(told: dict[str, object]) -> str:
    return json.dumps(told["report"]["effect"]["why"], ensure_ascii=False)  # type: ignore[index]


def test_sources_come_from_a_remote_and_where_it_is_down_the_first_layer_stands(
    copied: Project, tmp_path: Path
) -> None:
    copied.git("checkout", "--quiet", "v3")
    copied.git("rm", "--quiet", "--cached", past.SOURCE)
    copied.must("dvc", "add", "-q", past.SOURCE)
    copied.must("dvc", "remote", "add", "-q", "--default", "shared", str(tmp_path / "remote"))
    values = copied.policy()
    values["sources"]["edge"]["plaintext"] = "made up for a test"
    copied.write_policy(values)
    copied.commit()
    copied.must("dvc", "push", "-q", f"{past.SOURCE}.dvc")
    _stricter(copied)
    copied.commit()
    (copied.root / past.SOURCE).unlink()
    shutil.rmtree(copied.root / ".dvc" / "cache")
    for span in ("HEAD~1..HEAD", "HEAD~1"):  # of a work tree that lacks them, those of its commit
        assert effect(copied, span, status=0)["flows"] == {}
    assert not (copied.root / past.SOURCE).exists()
    (tmp_path / "remote").rename(tmp_path / "down")
    told = review(copied, "HEAD~1..HEAD", status=3)
    assert told["report"]["meaning"]["answer"] == "tightens"
    assert "neither in git, nor in DVC's cache, nor to be had from a remote" in _why(told)
    assert str(tmp_path) not in json.dumps(told)


def test_without_the_key_or_a_log_nothing_is_opened(old: Project, tmp_path: Path) -> None:
    other = tmp_path / "keyring.json"
    other.write_text('{"zones": {}}', encoding="utf-8")
    other.chmod(0o600)
    told = review(old, "v1..v2", status=3, CUSTODY_KEYRING=str(other))
    assert "the keyring has no zone test" in _why(told)
    (tmp_path / "file").touch()
    told = review(old, "v1..v2", status=3, XDG_STATE_HOME=str(tmp_path / "file"))
    assert "audit log" in _why(told)
    assert told["report"]["lacking"]


def test_each_review_that_opens_data_stands_in_the_audit_log(old: Project) -> None:
    review(old, "v1..v2", status=0)
    [*_, entry] = old.must("custody", "audit", "show", "--json").splitlines()
    assert json.loads(entry)["action"] == "review"


def test_of_a_proposal_that_changes_code_only_the_first_layer_is_told(copied: Project) -> None:
    copied.git("checkout", "--quiet", "v3")
    _stricter(copied)
    script = copied.root / "stages" / "validate.py"
    script.write_text(script.read_text(encoding="utf-8") + "raise SystemExit(9)\n", encoding="utf-8")
    told = review(copied, "HEAD", status=0, CUSTODY_KEYRING="/nowhere")
    assert "changes code" in _why(told)
    assert told["report"]["meaning"]["answer"] == "tightens"


def test_a_policy_that_only_base_s_code_reads_is_read_by_it(copied: Project) -> None:
    copied.git("checkout", "--quiet", "v3")
    gate = copied.root / "stages" / "custody" / "policy" / "gate.py"
    text = gate.read_text(encoding="utf-8")
    gate.write_text(text.replace("    min_rows:", "    legacy: int = 1\n    min_rows:"), encoding="utf-8")
    values = copied.policy()
    copied.write_policy({**values, "gate": {**values["gate"], "legacy": 7}})
    copied.commit()
    gate.write_text(text, encoding="utf-8")
    copied.write_policy(values)
    told = review(copied, "HEAD", status=1)
    assert [one["key"] for one in told["report"]["meaning"]["changes"]] == ["gate.legacy"]
    assert "cannot run BASE's policy" in _why(told)
    gate.write_text(text, encoding="utf-8")
    copied.write_policy({**values, "gate": {**values["gate"], "nobody": 7}})
    copied.commit()
    copied.write_policy(values)
    done = copied.run("custody", "review", "HEAD")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "BASE: params.yaml:" in done.stderr
    assert "its own code does not read it either" in done.stderr


def test_what_a_clone_does_not_have_and_a_broken_policy_are_one_line(copied: Project, tmp_path: Path) -> None:
    copied.git("clone", "--quiet", "--depth", "1", copied.root.as_uri(), str(tmp_path / "shallow"))
    for words, said in (
        (["HEAD~1..HEAD"], "BASE: is no revision that git knows here"),
        (["HEAD"], "HEAD: params.yaml"),
    ):
        copied.root = tmp_path / "shallow"
        (copied.root / "params.yaml").write_text("keys: [\n", encoding="utf-8")
        done = copied.run("custody", "review", *words)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
        assert said in done.stderr
    (copied.root / "params.yaml").unlink()
    done = copied.run("custody", "review", "HEAD")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "HEAD: has no params.yaml" in done.stderr
