"""Records in the clear: for somebody who may and says what for, once the log has it, and never in the repository."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.team import BAD, PEOPLE, ROWS, Member, trust

pytestmark = pytest.mark.xdist_group("team")
FOR = ("--purpose", "case 7")
RECORDS = ROWS.count("\n") - 1


@pytest.fixture
def ada(team: tuple[Member, Member]) -> Member:
    return team[0]


def unseal(member: Member, *arguments: str) -> tuple[int, str, str]:
    done = member.run("custody", "privacy", "unseal", *arguments)
    assert not any(name in done.stdout + done.stderr for name in PEOPLE)
    return done.returncode, done.stdout, done.stderr


def entries(member: Member) -> list[tuple[str, str, Any]]:
    """Outcome, purpose and kind of each opening that the log tells of."""
    [log] = (member.project.state / "custody" / "audit").glob("*/log.jsonl")
    told = [json.loads(line) for line in log.read_text().splitlines()]
    return [(one["outcome"], one["reason"], one["about"]["what"]) for one in told if one["action"] == "unseal"]


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_records_go_to_a_file_of_the_owners_alone_and_the_log_has_it(ada: Member, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"records.{suffix}"
    status, said, err = unseal(ada, str(out), *FOR)
    assert (status, err) == (0, "")
    assert f"{RECORDS + 1} records in the clear" in said
    assert out.stat().st_mode & 0o777 == 0o600
    read = pl.read_ndjson(out) if suffix == "jsonl" else pl.read_parquet(out)
    assert sorted(read["user"].drop_nulls().unique()) == sorted(PEOPLE)
    assert (read.height, read["!line"].n_unique()) == (RECORDS + 1, RECORDS + 1)
    assert entries(ada) == [("granted", "case 7", "collected")]
    assert ada.project.git("status", "--short") == ""


def test_the_quarantined_alone_come_with_the_rules_that_they_break(ada: Member, tmp_path: Path) -> None:
    out = tmp_path / "quarantine.jsonl"
    status, said, _ = unseal(ada, str(out), "--quarantine", *FOR)
    assert status == 0
    assert "1 quarantined records in the clear" in said
    [record] = [json.loads(line) for line in out.read_text().splitlines()]
    assert (record["user"], record["event"], record["!broken"]) == (None, "login", ["user.complete"])
    assert record["!line"] == (ROWS + BAD).count("\n")
    assert entries(ada) == [("granted", "case 7", "quarantine")]


def test_without_a_purpose_nothing_is_opened(ada: Member, tmp_path: Path) -> None:
    out = tmp_path / "records.jsonl"
    assert unseal(ada, str(out))[0] == 2
    status, _, err = unseal(ada, str(out), "--purpose", " ")
    assert (status, err.count("\n")) == (3, 1)
    assert not out.exists()


def test_a_role_that_may_not_is_refused_and_so_is_one_that_the_main_branch_does_not_know(
    ada: Member, team: tuple[Member, Member], tmp_path: Path
) -> None:
    out, bob = tmp_path / "records.jsonl", team[1]
    bob.person.role = "releaser"
    trust(ada.project, ada.person, bob.person)
    ada.project.commit()
    bob.pull()
    for role in ("releaser", "engineer"):
        bob.person.role = role
        trust(bob.project, ada.person, bob.person)  # his own edit, in his work tree alone
        status, said, err = unseal(bob, str(out), *FOR)
        assert (status, said, err.count("\n")) == (1, "", 1)
        assert "your role may not open pipeline" in err
    trust(ada.project, ada.person)
    ada.project.commit()
    bob.must("git", "checkout", "--quiet", ".")
    bob.pull()
    status, _, err = unseal(bob, str(out), *FOR)
    assert (status, err.count("\n")) == (1, 1)
    assert "your identity is none of its recipients" in err
    assert entries(bob) == [("refused", "case 7", "collected")] * 3
    assert not out.exists()


def test_no_log_no_key(ada: Member, tmp_path: Path) -> None:
    (ada.project.state / "custody" / "audit").touch()  # where the log's folder should be
    out = tmp_path / "records.jsonl"
    status, said, err = unseal(ada, str(out), *FOR)
    assert (status, said, err.count("\n")) == (3, "", 1)
    assert "audit log" in err
    assert not out.exists()


def test_the_file_is_never_in_the_project_nor_in_the_place_of_another(ada: Member, tmp_path: Path) -> None:
    (tmp_path / "there.jsonl").write_text("mine")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "nowhere.jsonl")
    (tmp_path / "inside").symlink_to(ada.project.root / "data")
    for out, words in (
        ("records.jsonl", "inside a project"),
        ("data/collected/records.jsonl", "inside a project"),
        (str(tmp_path / "inside" / "records.jsonl"), "inside a project"),
        (str(tmp_path / "there.jsonl"), "never replaced"),
        (str(tmp_path / "link.jsonl"), "never replaced"),
        (str(tmp_path / "records.csv"), "must end in .jsonl or .parquet"),
        (str(tmp_path / "no" / "folder.jsonl"), "cannot be written"),
    ):
        status, said, err = unseal(ada, out, *FOR)
        assert (status, said, err.count("\n")) == (3, "", 1), out
        assert words in err
    assert (tmp_path / "there.jsonl").read_text() == "mine"
    assert ada.project.git("status", "--short") == ""


def test_whoever_was_revoked_unseals_nothing_new(ada: Member, team: tuple[Member, Member], tmp_path: Path) -> None:
    bob = team[1]
    ada.must("custody", "keys", "revoke", "bob")
    ada.must("dvc", "repro")
    ada.project.commit()
    bob.pull()
    bob.must("cp", "-r", str(ada.project.root / "data" / "collected"), "data/collected")
    out = tmp_path / "records.jsonl"
    status, said, err = unseal(bob, str(out), *FOR)
    assert (status, said, err.count("\n")) == (3, "", 1)
    assert "identity: opens nothing of zone ops, compartment pipeline" in err
    assert not out.exists()


def test_an_altered_partition_leaves_no_file_behind(ada: Member, tmp_path: Path) -> None:
    [sealed] = (ada.project.root / "data" / "collected").rglob("*.sealed")
    text = bytearray(sealed.read_bytes())
    text[-1] ^= 1
    sealed.unlink()
    sealed.write_bytes(text)
    out = tmp_path / "records.parquet"
    status, said, err = unseal(ada, str(out), *FOR)
    assert (status, said, err.count("\n")) == (3, "", 1)
    assert not out.exists()
