"""`custody audit`: shown with names that are known here, published, verified, exported, and names erased."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from custody.governance.audit import actors, log
from custody.governance.audit.entry import Event
from support import log_path, logged


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, and two entries in its log."""
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.chdir(root)
    subprocess.run(["git", "init", "--quiet"], check=True)
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "--allow-empty", "-mx"],
        check=True,
    )
    log.record(Event("unseal", reason="case 7", about={"zone": "ops", "asked": ("a", "b")}))
    log.record(Event("load", "done", release="f" * 64))
    return root


@pytest.mark.usefixtures("project")
def test_show_names_the_actor_where_he_is_known(custody: Callable[..., Any]) -> None:
    first, second = custody("audit", "show").out.splitlines()
    assert first.endswith(f'  {actors._account()}  unseal  granted  asked=a,b  zone=ops  "case 7"')
    assert second.endswith(f"  {actors._account()}  load  done  release ffffffffffff")
    assert [json.loads(line) for line in custody("audit", "show", "--json").out.splitlines()] == logged()


@pytest.mark.usefixtures("project")
def test_an_erased_actor_is_shown_as_a_pseudonym_and_everything_still_verifies(custody: Callable[..., Any]) -> None:
    actor = logged()[0]["actor"]
    ran = custody("audit", "erase", actor)
    assert (ran.status, ran.out.splitlines()[0]) == (0, f"erased: {actor} is no longer named here")
    assert actors._account() not in ran.out.replace(str(log_path()), "").split()
    lines = custody("audit", "show").out.splitlines()
    assert all(f"  {actor}  " in line for line in lines[:3])
    assert actors.names(log_path().parent) == {}
    assert logged()[2]["action"] == "erase"
    assert custody("audit", "publish").status == 0
    assert custody("audit", "verify").status == 0
    ran = custody("audit", "erase", actor)
    assert (ran.status, ran.err) == (3, "custody: ACTOR: is not known here; see: custody audit show\n")


def test_publish_writes_one_file_and_nothing_else(project: Path, custody: Callable[..., Any]) -> None:
    ran = custody("audit", "publish")
    writer = logged()[0]["writer"]
    assert ran.out == f"published 3 entries: data/audit/{writer}.jsonl; commit it\n"
    assert (project / "data" / "audit" / f"{writer}.jsonl").read_bytes() == log_path().read_bytes()
    assert [path.name for path in project.iterdir() if path.name != ".git"] == ["data"]
    assert custody("audit", "verify").out == "audit: 3 entries of 1 writer, 0 checkpoints: hold\n"
    assert len(custody("audit", "show").out.splitlines()) == 3, "and none is shown twice"


def test_an_edited_log_of_this_clone_is_found(project: Path, custody: Callable[..., Any]) -> None:
    custody("audit", "publish")
    whole = log_path().read_bytes()
    log_path().write_bytes(whole.replace(b'"case 7"', b'"case 8"'))
    ran = custody("audit", "verify")
    assert ran.status == 3
    assert "entry 2 does not follow the one before it: edited, removed or moved" in ran.err
    assert custody("audit", "show").status == 1
    log_path().write_bytes(whole[: whole.index(b"\n") + 1])
    log.record(Event("load", "done"))
    ran = custody("audit", "verify")
    assert ran.status == 1
    assert "this clone's log does not go on from its copy" in ran.out
    ran = custody("audit", "publish")
    assert ran.status == 1
    assert "is not the beginning of the log here" in ran.err
    assert project.exists()


@pytest.mark.usefixtures("project")
def test_export_is_one_event_per_line(custody: Callable[..., Any]) -> None:
    assert custody("audit", "export", "--out", "events.jsonl").out == ""
    events = [json.loads(line) for line in Path("events.jsonl").read_text().splitlines()]
    assert custody("audit", "export").out == Path("events.jsonl").read_text()
    assert [event["class_name"] for event in events] == ["Datastore Activity"] * 2
    assert [event["activity_name"] for event in events] == ["Decrypt", "Read"]
    assert actors._account() not in json.dumps([event["actor"] for event in events])


def test_a_log_without_an_entry_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, custody: Callable[..., Any]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert custody("audit", "show").out == ""
    assert custody("audit", "verify").out == "audit: 0 entries of 0 writers, 0 checkpoints: hold\n"
    ran = custody("audit", "publish")
    assert ran.status == 3
    assert "the first commit of this repository is not here" in ran.err
