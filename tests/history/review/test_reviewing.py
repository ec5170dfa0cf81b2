"""`custody review` between revisions and the work tree: real git."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from pipeline.project import Project
from support import ROOT
from trust.signing_keys import Signer, trust


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The demo's policy, committed on main; a branch with a lower k."""
    made = Project(tmp_path / "project")
    made.root.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    shutil.copy(ROOT / "params.yaml", made.root)
    made.commit()
    made.git("checkout", "--quiet", "-b", "proposal")
    _edit(made, "  k: 5\n", "  k: 3\n")
    made.commit()
    return made


def _edit(project: Project, old: str, new: str) -> None:
    path = project.root / "params.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def _review(project: Project, *words: str, status: int) -> dict[str, Any]:
    done = project.run("custody", "review", "--meaning", "--json", *words)
    assert (done.returncode, done.stderr) == (status, ""), done.stdout + done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    assert hashlib.sha256(rfc8785.dumps(told["report"])).hexdigest() == told["digest"]
    return told


def _meaning(told: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = told["report"]["meaning"]
    return found


def _answers(told: dict[str, Any]) -> dict[str, str]:
    return {one["key"]: one["answer"] for one in _meaning(told)["changes"]}


def test_the_work_tree_is_held_against_the_main_branch(project: Project) -> None:
    _edit(project, "min_quality_score: 0.9\n", "min_quality_score: 0.95\n")
    told = _review(project, status=1)
    assert (told["base"], told["head"]) == (project.git("rev-parse", "main").strip(), "work tree")
    assert _answers(told) == {"privacy.k": "loosens", "gate.min_quality_score": "tightens"}
    found = _meaning(told)
    assert (found["answer"], found["concerns"]) == ("mixed", {"privacy": "loosens", "quality": "tightens"})
    assert told["report"]["effect"]["why"].startswith("not computed")
    assert told["report"]["attribution"]["why"].startswith("not computed")
    assert told["report"]["asks"] == ["something loosens"]
    assert len({*told["report"]["policies"].values()}) == 2


def test_two_revisions_either_way_and_what_does_not_loosen_is_status_0(project: Project) -> None:
    assert _meaning(_review(project, "main..proposal", status=1))["answer"] == "loosens"
    assert _meaning(_review(project, "proposal..main", status=0))["answer"] == "tightens"
    assert _meaning(_review(project, "main..main", status=0))["changes"] == []
    assert _meaning(_review(project, "HEAD", status=0))["changes"] == []


def test_comments_alone_are_no_change(project: Project) -> None:
    path = project.root / "params.yaml"
    path.write_text("# a word\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    told = _review(project, "HEAD", status=0)
    assert (_meaning(told)["changes"], len({*told["report"]["policies"].values()})) == ([], 1)


def test_an_added_signer_loosens(project: Project, tmp_path: Path) -> None:
    (project.root / ".custody").mkdir()
    (project.root / ".custody" / "trust.yaml").write_bytes(trust(ada=Signer(tmp_path, "ada").entry()))
    assert _answers(_review(project, "HEAD", status=1)) == {"signers.ada": "loosens"}


@pytest.mark.parametrize(
    "text", ["signers: [1]", "signers: [{a: 1}]", "signers: a", "approvals: {approver: 0}", "other: {'<b> @all': 1}"]
)
def test_a_list_of_keys_that_does_not_hold_is_not_judged(project: Project, text: str) -> None:
    (project.root / ".custody").mkdir()
    (project.root / ".custody" / "trust.yaml").write_text(f"{text}\n", encoding="utf-8")
    ran = project.run("custody", "review", "HEAD", "--meaning")
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (3, "", 1)
    assert "custody: HEAD: .custody/trust.yaml: " in ran.stderr


def test_text_and_markdown_say_the_same(project: Project) -> None:
    said = project.run("custody", "review", "--meaning").stdout.splitlines()
    assert said[0] == "needs sign-off: something loosens"
    assert said[2] == "meaning: loosens (privacy loosens)"
    assert said[3].startswith("  privacy.k: 5 → 3: loosens (privacy); for example, ")
    assert said[4].startswith("effect: not computed")
    text = project.run("custody", "review", "--meaning", "--format", "markdown").stdout
    assert text.startswith("## Policy review: needs sign-off: something loosens\n")
    assert "| `privacy.k` | loosens | privacy | `5` → `3` | a group of fewer than 5 people is released |" in text
    for digest in _review(project, status=1)["report"]["policies"].values():
        assert digest in text


def test_values_of_a_proposal_do_not_break_out_of_the_table(project: Project) -> None:
    _edit(project, "description: OpenSSH logins on the bastion host", "description: 'a ` | <b> [x](y)'")
    text = project.run("custody", "review", "HEAD", "--format", "markdown").stdout
    [row] = [line for line in text.splitlines() if "description" in line]
    assert (row.count("|"), row.count("`")) == (6, 6)


def test_values_of_a_proposal_hide_nothing_link_nowhere_and_mention_nobody(project: Project, tmp_path: Path) -> None:
    _edit(project, "OpenSSH logins on the bastion host", "'\u202eabc\u202c'")
    (project.root / ".custody").mkdir()
    ada = Signer(tmp_path, "ada")
    (project.root / ".custody" / "trust.yaml").write_bytes(trust(ada=ada.entry()))
    project.commit()
    owner = "@all https://a.example WWW.a.example <b>"
    (project.root / ".custody" / "trust.yaml").write_bytes(trust(ada=ada.entry(owner=owner)))
    text = project.run("custody", "review", "HEAD", "--format", "markdown").stdout
    [row] = [line for line in text.splitlines() if "signers.ada.owner" in line]
    said = row.split("|")[-2]
    assert "@<!-- -->all https:<!-- -->//a.example WWW<!-- -->.a.example \\<b\\>" in said
    text = project.run("custody", "review", "HEAD~1", "--format", "markdown").stdout
    assert "?abc?" in text, "no letters that turn the line around"
    assert all(line.isprintable() for line in text.splitlines())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.."], "BASE: is no revision that git knows here"),
        (["main..nowhere"], "HEAD: is no revision that git knows here"),
        (["empty..main"], "BASE: has no params.yaml, so there is no policy to review"),
        (["main"], "HEAD: has no params.yaml, so there is no policy to review"),
        (["broken..main"], "BASE: params.yaml:"),
    ],
)
def test_what_cannot_be_judged_is_one_line_and_status_3(project: Project, words: list[str], said: str) -> None:
    (project.root / "params.yaml").write_text("keys: {}\n", encoding="utf-8")
    project.commit()
    project.git("tag", "broken")
    (project.root / "params.yaml").unlink()
    project.commit()
    project.git("tag", "empty")
    done = project.run("custody", "review", *words)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert said in done.stderr


def test_without_a_main_branch_or_a_commit_in_common_it_says_so(project: Project) -> None:
    project.git("branch", "-D", "main")
    done = project.run("custody", "review")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "no main branch here" in done.stderr
    project.git("checkout", "--quiet", "--orphan", "main")
    project.commit()
    project.git("checkout", "--quiet", "proposal")
    done = project.run("custody", "review")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "no commit in common with the main branch" in done.stderr


def test_the_report_is_the_same_in_another_commit_and_another_for_another_policy(project: Project) -> None:
    one = _review(project, "main..proposal", status=1)
    (project.root / "notes.txt").write_text("nothing of the policy\n", encoding="utf-8")
    project.commit()
    again = _review(project, "main..HEAD", status=1)
    assert (one["head"] != again["head"], one["digest"]) == (True, again["digest"])
    _edit(project, "  k: 3\n", "  k: 4\n")
    assert _review(project, "main", status=1)["digest"] != one["digest"]
