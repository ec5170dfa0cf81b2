"""`custody log` in a repository with a past."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from custody.trust import rebuilds, stored
from history import forged, past
from pipeline.project import Project
from trust.signing_keys import Signer, believed, trust

NOW = dt.datetime(2026, 11, 26, 12, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.xdist_group("past")  # the repository is built once


def _log(project: Project, *words: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(project.must("custody", "log", "--json", *words))
    return told


def _commit(project: Project, name: str) -> str:
    return project.git("rev-parse", f"{name}^{{commit}}").strip()


def test_every_release_and_refusal_is_listed_newest_first(old: Project) -> None:
    told = _log(old)
    assert told["notes"] == []
    assert [one["tags"] for one in told["releases"]] == [[tag] for tag in reversed(past.TAGS)]
    assert [one["revision"] for one in told["releases"]] == [_commit(old, tag) for tag in reversed(past.TAGS)]
    assert [one["decision"] for one in told["releases"]] == ["refused", "released", "released", "released"]
    assert [one["rows"] for one in told["releases"]] == [0, 200, 170, 190]
    assert len({one["policy"] for one in told["releases"]}) == 3
    v1 = told["releases"][-1]
    stated = json.loads(old.git("show", "v1:data/metrics/validate.json"))
    assert (v1["score"], v1["k_smallest"], v1["signers"], v1["retracted"]) == (stated["score"], 3, [], None)


def test_commits_that_changed_the_policy_stand_with_the_release_before(old: Project) -> None:
    v4, v3, v2, v1 = _log(old)["releases"]
    assert v1["policy_changed_in"] == [_commit(old, "v2~1"), _commit(old, "v2")]
    assert (v2["policy_changed_in"], v3["policy_changed_in"]) == ([], [_commit(old, "v4")])
    assert v4["policy_changed_in"] == []


def test_text_says_the_same_in_lines(old: Project) -> None:
    head, v4, v3, *_ = old.must("custody", "log").splitlines()
    assert head.split() == ["REVISION", "DAY", "DECISION", "ROWS", "SCORE", "K", "POLICY", "SIGNED", "BY", "REBUILT"]
    assert v4.split()[0] == _commit(old, "v4")[:12]
    assert v4.split()[2:4] == ["refused", "0"]
    assert f"tag v3; policy changed in {_commit(old, 'v4')[:12]}" in v3


def test_signers_and_retractions_are_told(copied: Project, tmp_path: Path) -> None:
    ada, eve = Signer(tmp_path, "ada"), Signer(tmp_path, "eve")
    known, others = tmp_path / "believed.yaml", tmp_path / "others.yaml"
    known.write_bytes(trust(ada=ada.entry()))
    others.write_bytes(trust(eve=eve.entry()))
    copied.git("checkout", "--quiet", "v3")
    copied.must("dvc", "checkout", "--quiet")
    for signer, keys in ((ada, known), (eve, others)):
        copied.must("custody", "release", "sign", "--key", str(signer.path), "--trusted", str(keys))
    copied.must("custody", "release", "retract", "v2", "--reason", "a source was withdrawn")
    v3, v2, v1 = _log(copied, "--trusted", str(known))["releases"]
    assert (v3["signers"], v3["signatures_that_do_not_count"]) == (["ada"], 1)
    assert v2["retracted"].endswith("a source was withdrawn")
    assert (v1["signers"], v1["retracted"]) == ([], None)
    assert "ada (+1 not counted)" in copied.must("custody", "log", "--trusted", str(known))


def test_a_retraction_that_the_main_branch_alone_knows_is_told(copied: Project) -> None:
    copied.git("checkout", "--quiet", "-b", "older")
    copied.git("checkout", "--quiet", "main")
    copied.must("custody", "release", "retract", "v2", "--reason", "a source was withdrawn")
    copied.git("add", ".custody")
    copied.commit()
    copied.git("checkout", "--quiet", "older")
    assert not (copied.root / ".custody").exists()
    assert [bool(one["retracted"]) for one in _log(copied)["releases"]] == [False, False, True, False]
    assert "a source was withdrawn" in copied.must("custody", "log")


def test_keys_are_read_where_something_is_signed_or_where_they_are_named(copied: Project) -> None:
    keys, signatures = copied.root / ".custody" / "trust.yaml", copied.root / "data" / "signatures"
    keys.parent.mkdir()
    keys.write_text("signers: [", encoding="utf-8")
    copied.git("add", ".custody")
    copied.commit()
    assert len(_log(copied)["releases"]) == 4
    assert copied.run("custody", "log", "--trusted", "absent.yaml").returncode == 3
    signatures.mkdir()
    ran = copied.run("custody", "log")
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (3, "", 1)


def test_who_rebuilt_a_release_is_told_by_owner(copied: Project, tmp_path: Path) -> None:
    bob, cy, dan, eve = (Signer(tmp_path, name) for name in ("bob", "cy", "dan", "eve"))
    entries = {one.name: one.entry(role="rebuilder") for one in (bob, cy, dan, eve)}
    entries["cy"]["owner"] = entries["bob"]["owner"]
    known = tmp_path / "believed.yaml"
    known.write_bytes(trust(**{name: entry for name, entry in entries.items() if name != "eve"}))
    statement = _log(copied)["releases"][1]["statement"]
    answers: dict[Signer, rebuilds.Answer] = {bob: "reproduced", cy: "reproduced", eve: "reproduced", dan: "changed"}
    for one, answer in answers.items():
        verdict = rebuilds.Rebuilt(
            statement=statement,
            rebuilt=statement if answer == "reproduced" else None,
            revision="a" * 40,
            answer=answer,
            stages={"gate": answer},
            libraries="locked",
            python="3.12.1",
        )
        rebuilds.sign(verdict, one.key, believed(**entries), target=copied.root / stored.REBUILDS, now=NOW)
    v4, v3, *_ = _log(copied, "--trusted", str(known))["releases"]
    said = "dan rebuilt it on 2026-11-26: changed in gate"
    assert (v4["rebuilders"], v4["rebuilt_otherwise"]) == ([], [])
    assert (v3["rebuilders"], v3["rebuilt_otherwise"]) == (["bob"], [said])
    assert (v3["signers"], v3["signatures_that_do_not_count"]) == ([], 0)
    _, v4, v3, *_ = copied.must("custody", "log", "--trusted", str(known)).splitlines()
    assert re.search(r" -  +-  tag v4$", v4)
    assert re.search(rf" -  +1  tag v3; {said}; policy changed in", v3)


def test_without_statements_metrics_and_params_tell(copied: Project) -> None:
    stated = [one["policy"] for one in _log(copied)["releases"]]
    shutil.rmtree(copied.root / ".dvc" / "cache")
    told = _log(copied)
    assert [(one["decision"], one["rows"]) for one in told["releases"]][:2] == [("refused", 0), ("released", 200)]
    assert [one["policy"] for one in told["releases"]] == stated
    assert all(one["policy_computed"] and one["statement"] is None for one in told["releases"])
    [note] = told["notes"]
    assert note.startswith(
        "4 of 4 statements are not at hand in DVC's cache: their policy is computed from params.yaml"
    )
    assert f"{stated[0][:12]} (computed)  -" in copied.must("custody", "log").splitlines()[1]


def test_a_policy_that_does_not_hold_any_more_has_no_digest(copied: Project) -> None:
    values = copied.policy()
    copied.write_policy({**values, "of_an_older_language": 1})
    forged.record(copied, "0" * 32)
    assert [(one["policy"], one["policy_computed"]) for one in _log(copied)["releases"][:1]] == [(None, False)]


@pytest.mark.parametrize(
    ("gate", "quality", "privacy", "told"),
    [
        ('{"released": 0, "rows": 0}', '{"score": 0.5}', '{"k_smallest": 2}', ("refused", 0, 0.5, "<3")),
        ('{"released": [], "rows": 1e999}', '{"score": NaN}', '{"k_smallest": 2.0}', (None, None, None, None)),
        ('{"released": true, "rows": true}', '{"score": "1"}', '{"k_smallest": {}}', (None, None, None, None)),
        ('{"released": 1, "rows": 1' + "0" * 400 + "}", "[" * 10**5, "\\xff", ("released", None, None, None)),
    ],
)
def test_figures_are_told_as_people_may_see_them_and_others_not_at_all(
    copied: Project, gate: str, quality: str, privacy: str, told: tuple[Any, ...]
) -> None:
    for name, text in (("gate", gate), ("validate", quality), ("anonymize", privacy)):
        (copied.root / "data" / "metrics" / f"{name}.json").write_text(text)
    forged.record(copied, "0" * 32)
    one = _log(copied)["releases"][0]
    assert (one["decision"], one["rows"], one["score"], one["k_smallest"]) == told
    assert copied.must("custody", "log").splitlines()[1].split()[2] == (told[0] or "-")


@pytest.mark.parametrize(
    "alter",
    [
        {"decision": []},
        {"figures": {"quality_score": 10**400, "k_smallest": -(10**30)}},
        {"figures": [], "conditions": [1, {"id": "k", "threshold": "x"}]},
        {"policy": "\x1b[2J\ud800", "rows": math.nan},
    ],
)
def test_a_statement_that_no_gate_wrote_breaks_nothing(copied: Project, alter: dict[str, Any]) -> None:
    text = json.dumps({"decision": "released", **alter}).encode()
    listed = json.dumps([{"md5": forged.put(copied, text), "relpath": "statement.json"}]).encode()
    forged.record(copied, forged.put(copied, listed, ".dir"))
    told = _log(copied)["releases"][0]
    assert told["statement"] == hashlib.sha256(text).hexdigest()
    assert (told["rows"], told["score"], told["k_smallest"]) == (None, None, None)
    assert all(line.isprintable() for line in copied.must("custody", "log").splitlines())


def test_a_statement_that_was_altered_in_the_cache_counts_as_not_there(copied: Project) -> None:
    for path in (copied.root / ".dvc" / "cache" / "files").rglob("*"):
        if path.is_file() and b'"decision": "refused"' in path.read_bytes():
            path.write_bytes(path.read_bytes().replace(b'"decision": "refused"', b'"decision": "released"'))
    v4 = _log(copied)["releases"][0]
    assert (v4["decision"], v4["statement"]) == ("refused", None)


def test_a_shallow_clone_says_that_history_was_cut_off(old: Project, tmp_path: Path) -> None:
    old.git("clone", "--quiet", "--depth", "2", f"file://{old.root}", str(tmp_path / "shallow"))
    told = _log(Project(tmp_path / "shallow"))
    assert "a shallow clone" in told["notes"][0]
    assert [one["tags"] for one in told["releases"]] == [["v4"], ["v3"]]


def test_a_detached_head_and_a_dirty_tree_change_nothing(copied: Project) -> None:
    before = _log(copied)["releases"]
    copied.git("checkout", "--quiet", "--detach")
    (copied.root / "params.yaml").unlink()
    assert _log(copied)["releases"] == before


@pytest.mark.parametrize("command", [("log",), ("which", "0" * 64), ("diff", "v1", "v3")])
def test_a_lost_object_is_one_line_and_no_gap_in_history(copied: Project, command: tuple[str, ...]) -> None:
    lost = copied.git("rev-parse", "v1:dvc.lock").strip()
    (copied.root / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    ran = copied.run("custody", *command)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (3, "", 1)
    assert ran.stderr.startswith(
        "custody: git: cannot read what this repository should hold: objects of it are missing"
    )


@pytest.mark.parametrize("empty", [True, False])
def test_no_repository_and_no_release_are_one_line(tmp_path: Path, *, empty: bool) -> None:
    project = Project(tmp_path)
    if not empty:
        assert project.run("custody", "log").returncode == 3
        assert (
            project.run("custody", "log").stderr
            == "custody: git: here is no repository; run in the folder of the project\n"
        )
        return
    project.git("init", "--quiet")
    assert project.must("custody", "log").startswith("note: no release is recorded in the history of HEAD")
