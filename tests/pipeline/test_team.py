"""Two people, two clones, one zone: the secret goes through git, and is taken away again."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from custody.governance import wrapped
from custody.governance.compartments import Wanted
from governance.people import Person
from pipeline.project import Project
from pipeline.team import COLLECT, ROWS, Member, trust
from trust.signing_keys import Signer
from trust.signing_keys import trust as signers_yaml

pytestmark = pytest.mark.xdist_group("team")


def test_the_second_rebuilds_the_same_and_opens_nothing_new_once_revoked(team: tuple[Member, Member]) -> None:
    ada, bob = team
    bob.must("dvc", "repro", "--force", "--no-run-cache")
    assert bob.project.outputs() == ada.project.outputs(), "the same dvc.lock, and every byte of data"
    assert bob.project.git("status", "--short") == ""

    refused = ada.run("custody", "keys", "grant", "bob", "--compartment", "reidentify")
    assert refused.returncode == 1
    assert "bob: the role engineer may not open reidentify" in refused.stderr

    said = ada.must("custody", "keys", "revoke", "bob")
    assert "data/sources/door.sealed: sealed anew" in said
    assert "what bob has read stays read" in said
    ada.must("dvc", "repro")
    assert len(ada.project.load()) == ROWS.count("\n") - 1
    ada.project.commit()

    kept = bob.project.root.with_name("before")
    shutil.copytree(bob.project.root, kept, symlinks=True)
    bob.pull()
    stopped = bob.run(*COLLECT)
    assert stopped.returncode == 3
    assert stopped.stderr.count("\n") == 1
    assert "identity: opens nothing of zone ops, compartment pipeline" in stopped.stderr
    bob.must("git", "checkout", "--quiet", "HEAD~1", "--", ".custody")
    assert "has other secrets" in bob.run(*COLLECT).stderr, "the earlier secret, which he kept, opens nothing new"

    bob.project = Project(kept)
    bob.must(*COLLECT)  # the earlier revision opens as before: this nobody can undo
    ada.must("git", "checkout", "--quiet", "HEAD~1", "--", "params.yaml", "data/sources")
    ada.must(*COLLECT)


def test_sealed_sources_are_held_against_the_lock_and_their_content_is_said_to_be_unseen(
    team: tuple[Member, Member],
) -> None:
    ada, _ = team
    path = ada.project.root / "data" / "sources" / "door.sealed"
    for what in ((), ("HEAD",)):
        ran = ada.run("custody", "verify", "--json", "--unsigned-ok", *what)
        told = json.loads(ran.stdout)
        assert (ran.returncode, told["reasons"]) == (0, []), what
        assert "sources: 1 of 1 not held against the statement, they are sealed or not at hand" in told["notes"]
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.unlink()
    path.write_bytes(data)
    ada.project.commit()
    for what in ((), ("HEAD",)):
        ran = ada.run("custody", "verify", "--json", "--unsigned-ok", *what)
        assert (ran.returncode, [one["code"] for one in json.loads(ran.stdout)["reasons"]]) == (1, ["stale"]), what


def test_what_was_pinned_is_pinned_anew_under_a_new_secret_as_the_command_says(team: tuple[Member, Member]) -> None:
    ada, _ = team
    ada.must("custody", "anchor", "set", ".")
    ada.must("dvc", "repro")
    said = ada.must("custody", "keys", "rotate", "--secret", "pipeline").splitlines()
    commands = [line.rpartition(": ")[2] for line in said if "custody anchor" in line]
    assert commands == ["custody anchor clear", "custody anchor set ."]
    stopped = ada.run("dvc", "repro")
    assert "anchor/manifest.json: is sealed under another key than keys names" in stopped.stderr
    pin, again = (command.split() for command in commands)
    assert "anchor: nothing is pinned" in ada.must(*pin)
    assert [path.name for path in (ada.project.root / "data/anchor").iterdir()] == ["manifest.json"]
    ada.must("dvc", "repro")
    ada.must(*again)
    ada.must("dvc", "repro")
    assert ada.project.json("data/anchor/manifest.json")["key"]["check"] == ada.project.policy()["keys"]["check"]
    assert ada.project.json("data/validated/report.json")["anchor"]


def test_sharing_leaves_the_pipeline_as_it_is_and_merges(team: tuple[Member, Member], tmp_path: Path) -> None:
    ada, bob = team
    names = ("carol", "dave")
    people = [Person(tmp_path, name) for name in names]
    trust(ada.project, ada.person, bob.person, *people)
    ada.project.commit()
    bob.pull()
    ada.must("custody", "keys", "grant", "carol")
    ada.project.commit()
    bob.must("custody", "keys", "grant", "dave")
    bob.project.commit()
    bob.project.git("pull", "--quiet", "--no-rebase", "--no-edit")
    found = sorted(path.name for path in (bob.project.root / ".custody/keys/ops").iterdir())
    assert found == ["ada.json", "bob.json", "carol.json", "dave.json"]
    assert "up to date" in ada.must("dvc", "status"), "no stage depends on who may open what"


def test_files_that_git_could_not_merge_are_refused(team: tuple[Member, Member]) -> None:
    _, bob = team
    path = bob.project.root / ".custody/keys/ops/bob.json"
    path.write_text("<<<<<<< HEAD\n" + path.read_text() + "=======\n")
    stopped = bob.run(*COLLECT)
    assert (stopped.returncode, stopped.stderr.count("\n")) == (3, 1)
    assert ".custody/keys/ops/bob.json: is not the JSON that custody keys grant writes" in stopped.stderr


def test_an_identity_that_others_can_read_stops(team: tuple[Member, Member]) -> None:
    _, bob = team
    bob.person.file.chmod(0o644)
    stopped = bob.run(*COLLECT)
    assert (stopped.returncode, stopped.stderr.count("\n")) == (3, 1)
    assert "chmod 600 on the identity file" in stopped.stderr


def test_a_command_that_fails_stops_a_stage_with_one_line(team: tuple[Member, Member], tmp_path: Path) -> None:
    _, bob = team
    helper = tmp_path / "helper"
    helper.write_text("#!/bin/sh\necho secret=do-not-show-this\necho do-not-show-this >&2\nexit 3\n")
    helper.chmod(0o700)
    stopped = bob.project.run(*COLLECT, CUSTODY_KEY_COMMAND=str(helper))
    assert (stopped.returncode, stopped.stdout, stopped.stderr.count("\n")) == (3, "", 1)
    assert "CUSTODY_KEY_COMMAND: failed (status 3)" in stopped.stderr
    assert "do-not-show-this" not in stopped.stderr


def test_a_stage_runs_on_what_a_command_or_the_environment_hands_over(team: tuple[Member, Member]) -> None:
    ada, bob = team
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ada.project.root)
        patch.setenv("CUSTODY_IDENTITY", str(ada.person.file))
        secret = wrapped.ask(Wanted("ops", "pipeline"))
    assert secret is not None
    helper = bob.project.root.with_name("vault.py")
    helper.write_text(VAULT.format(python=sys.executable, secret=secret.hex()))
    helper.chmod(0o700)
    nobody = {"CUSTODY_IDENTITY": "/nonexistent"}
    for source in ({"CUSTODY_KEY_COMMAND": f"{helper} --get"}, {"CUSTODY_SECRET_PIPELINE": secret.hex()}):
        done = bob.project.run(*COLLECT, **nobody, **source)
        assert (done.returncode, done.stderr) == (0, "")
        assert (bob.project.root / "data/collected/receipt.json").read_bytes() == (
            ada.project.root / "data/collected/receipt.json"
        ).read_bytes()
        shutil.rmtree(bob.project.root / "data/collected")
    asked = helper.with_name("asked").read_text().splitlines()
    assert [line.partition("=")[0] for line in asked] == ["zone", "compartment", "epoch", "check", ""]
    assert bob.project.run(*COLLECT, **nobody).returncode == 3


VAULT = """#!{python}
import pathlib, sys
asked = sys.stdin.read()
pathlib.Path(__file__).with_name("asked").write_text(asked)
if "zone=ops\\ncompartment=pipeline\\n" in asked and sys.argv[1:] == ["--get"]:
    print("secret={secret}")
"""


def test_whoever_holds_the_signing_key_alone_signs_and_opens_nothing(
    team: tuple[Member, Member], tmp_path: Path
) -> None:
    ada, _ = team
    rita = Member(Person(tmp_path, "rita", "releaser"), ada.project, tmp_path / "none.json")
    key = Signer(tmp_path, "team")
    trust(ada.project, ada.person, rita.person)
    path = ada.project.root / ".custody" / "trust.yaml"
    path.write_text(path.read_text() + signers_yaml(team=key.entry()).decode())
    ada.must("custody", "keys", "grant", "rita", "--signing-key", str(key.path))
    assert "signed by team" in rita.must("custody", "release", "sign")
    ada.project.commit()
    assert "signed by team" in rita.must("custody", "verify")
    for command in (COLLECT, ("custody", "privacy", "unseal", str(tmp_path / "out.jsonl"), "--purpose", "look")):
        stopped = rita.run(*command)
        assert (stopped.returncode in {1, 3}, stopped.stdout, stopped.stderr.count("\n")) == (True, "", 1)
    assert not (tmp_path / "out.jsonl").exists()
    refused = ada.run("custody", "release", "sign")
    assert (refused.returncode, refused.stderr.count("\n")) == (3, 1)
    assert "opens nothing of zone ops, compartment release" in refused.stderr
