"""`custody which`: from a file or a digest back to a release."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from history import past
from pipeline.project import Project  # noqa: TC001  # as in the other tests
from trust.signing_keys import Signer, trust

pytestmark = pytest.mark.xdist_group("past")  # the repository is built once


@pytest.fixture
def v3(copied: Project) -> Project:
    """The repository, with the release v3 in its work tree."""
    copied.git("checkout", "--quiet", "v3")
    copied.must("dvc", "checkout", "--quiet")
    return copied


def _which(project: Project, *words: str | Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(project.must("custody", "which", "--json", *map(str, words)))["found"]
    return found


def _file(project: Project) -> Path:
    [found] = (project.root / "data" / "released").glob("*.parquet")
    return found


def test_a_statement_names_release_revision_policy_and_sources(v3: Project) -> None:
    [told] = _which(v3, "data/released/statement.json")
    stated = v3.json("data/released/statement.json")
    assert told["is"] == ["the statement"]
    assert told["revision"] == v3.git("rev-parse", "v3").strip()
    assert (told["tags"], told["decision"], told["rows"]) == (["v3"], "released", 200)
    assert told["policy"] == stated["policy"]
    source = hashlib.sha256((v3.root / past.SOURCE).read_bytes()).hexdigest()
    assert told["sources"] == {"edge": {"owner": "soc", "license": "Apache-2.0", "sha256": [source]}}
    assert _which(v3, "data/released") == [told]


@pytest.mark.parametrize("kind", ["sha256", "md5", "logical"])
def test_every_digest_of_a_released_file_leads_to_it(v3: Project, kind: str) -> None:
    [file] = v3.json("data/released/statement.json")["files"]
    [told] = _which(v3, file[kind])
    assert told["is"] == [f"the values of file {file['name']}" if kind == "logical" else f"file {file['name']}"]
    assert told["tags"] == ["v3"]
    assert _which(v3, file[kind][:12].upper()) == [told]


def test_a_statement_s_digest_as_mlflow_and_a_model_card_hold_it(v3: Project) -> None:
    named = hashlib.sha256((v3.root / "data/released/statement.json").read_bytes()).hexdigest()
    [told] = _which(v3, f"sha256:{named}")
    assert _which(v3, named[:36]) == [told]
    assert told["statement"] == named


def test_a_file_written_anew_is_known_by_its_values(v3: Project, tmp_path: Path) -> None:
    copy = tmp_path / "copy.parquet"
    pq.write_table(pq.read_table(_file(v3)), copy, compression="gzip")
    [told] = _which(v3, copy)
    assert told["is"] == [f"the values of file {_file(v3).name}"]
    assert [one["tags"] for one in _which(v3, _file(v3))] == [["v3"]]


def test_a_source_leads_to_every_release_made_of_it(v3: Project, tmp_path: Path) -> None:
    first = tmp_path / "first.csv"
    first.write_text(past.rows(200), encoding="utf-8")
    assert {tag for one in _which(v3, first) for tag in one["tags"]} == {"v1", "v2"}
    assert {tag for one in _which(v3, past.SOURCE) for tag in one["tags"]} == {"v3", "v4"}


def test_a_policy_leads_to_its_releases_and_a_branch_is_looked_through(v3: Project) -> None:
    policy = v3.json("data/released/statement.json")["policy"]
    v3.git("checkout", "--quiet", "v1")  # v2 and v3 are now on another branch than HEAD
    assert [one["tags"] for one in _which(v3, policy)] == [["v3"], ["v2"]]


def test_a_release_that_no_commit_records_is_that_of_the_work_tree(v3: Project) -> None:
    v3.write_policy(past.policy(v3.policy()["keys"], most=0.4))
    v3.must("dvc", "repro", "-q")
    [told] = _which(v3, "data/released")
    assert (told["revision"], told["tags"]) == ("work tree", [])


def test_signers_and_a_retraction_are_told(v3: Project, tmp_path: Path) -> None:
    ada, believed = Signer(tmp_path, "ada"), tmp_path / "believed.yaml"
    believed.write_bytes(trust(ada=ada.entry()))
    v3.must("custody", "release", "sign", "--key", str(ada.path), "--trusted", str(believed))
    v3.must("custody", "release", "retract", "v3", "--reason", "withdrawn source")
    [told] = _which(v3, "data/released", "--trusted", str(believed))
    assert told["signers"] == ["ada"]
    assert "withdrawn source" in told["retracted"]
    said = v3.must("custody", "which", "data/released", "--trusted", str(believed))
    assert "  signed by  ada\n" in said
    assert "  retracted  was retracted on " in said


def test_what_belongs_to_none_is_a_no_and_what_cannot_be_told_is_not(v3: Project) -> None:
    done = v3.run("custody", "which", "0" * 64)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "custody: which: belongs to none of the 4 releases that git knows here\n"
    done = v3.run("custody", "which", "user-1@example.org")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "user-1" not in done.stderr
    shutil.rmtree(v3.root / ".dvc" / "cache")
    done = v3.run("custody", "which", "0" * 64)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "4 more have no statement in DVC's cache" in done.stderr
