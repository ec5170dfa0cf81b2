"""A release that came with a project around it: nothing of that project runs, and its keys vouch for nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import custody
from custody.errors import CustodyError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from trust.conftest import Answer, Signed

    Verify = Callable[..., Answer]

pytestmark = pytest.mark.xdist_group("attacks")
RELEASED = Path("data/released")
GATE = Path("data/metrics/gate.json")


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of whoever loads, with no project of its own."""
    (tmp_path / "away").mkdir()
    monkeypatch.chdir(tmp_path / "away")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other.state"))
    return tmp_path / "away"


def _trust_in_main(signed: Signed) -> None:
    (signed.project.root / ".custody").mkdir(exist_ok=True)
    shutil.copy(signed.trusted, signed.project.root / ".custody" / "trust.yaml")
    signed.project.commit()


def test_an_archive_that_brings_its_keys_along_is_not_believed(
    signed: Signed, verify: Verify, away: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CUSTODY_TRUST")
    _trust_in_main(signed)
    released = signed.project.root / RELEASED
    with pytest.raises(RefusedError, match="its key is not among the trusted ones"):
        custody.load(released)
    assert "unsigned" in verify(str(released)).codes
    assert len(custody.load(released, trusted=signed.trusted)) == 5513
    monkeypatch.chdir(signed.project.root)
    assert len(custody.load(RELEASED)) == 5513, "in the caller's own project its main branch counts"
    assert away.is_dir()


@pytest.mark.usefixtures("away")
def test_loading_a_strange_folder_runs_no_program_of_it(signed: Signed, verify: Verify) -> None:
    signed.project.must("custody", "release", "retract", ".", "--reason", "labels were wrong")
    signed.project.commit()
    blob = signed.project.git("rev-parse", "HEAD:.custody/retractions.json").strip()
    for key, value in {
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.url": "ssh://x/y",
        "remote.origin.promisor": "true",
        "core.sshCommand": "touch ran; false",
        "protocol.allow": "always",
    }.items():
        signed.project.git("config", key, value)
    (signed.project.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    (signed.project.root / ".custody" / "retractions.json").unlink()
    released = signed.project.root / RELEASED
    with pytest.raises(CustodyError, match="git: cannot read what this repository should hold"):
        custody.load(released)
    answer = verify(str(released))
    assert (answer.status, answer.verdict) == (3, {})
    assert not list(signed.project.root.rglob("ran"))


@pytest.mark.usefixtures("signed")
def test_a_release_from_elsewhere_is_not_held_against_the_retractions_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], verify: Verify
) -> None:
    """The project around it knows what it retracted itself, not what others did."""
    for name in ("released", "signatures"):
        shutil.copytree(Path("data") / name, Path("got") / name)
    custody.load("got/released")
    assert capsys.readouterr().err.endswith("signed by ada, retractions not checked, later refusals not checked\n")
    assert "retractions: not checked, no list is at hand" in verify("got/released").verdict["notes"]
    custody.load(RELEASED)
    assert capsys.readouterr().err.endswith("signed by ada\n")
    assert tmp_path.is_dir()


def test_without_history_and_list_retractions_are_not_checked(
    signed: Signed, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(signed.project.root / ".git")
    custody.load(RELEASED)
    assert capsys.readouterr().err.endswith("signed by ada, retractions not checked, later refusals not checked\n")


def test_a_lost_list_of_retractions_is_not_an_empty_one(signed: Signed) -> None:
    signed.project.must("custody", "release", "retract", ".", "--reason", "labels were wrong")
    signed.project.commit()
    folder = signed.project.git("rev-parse", "HEAD:.custody").strip()
    (signed.project.root / ".git" / "objects" / folder[:2] / folder[2:]).unlink()
    (signed.project.root / ".custody" / "retractions.json").unlink()
    with pytest.raises(CustodyError, match="git: cannot read what this repository should hold"):
        custody.load(RELEASED)


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"{"])
@pytest.mark.usefixtures("signed")
def test_a_decision_that_cannot_be_read_may_be_a_refusal(text: bytes) -> None:
    GATE.write_bytes(text)
    with pytest.raises(CustodyError, match=r"data/metrics/gate\.json: cannot be read, so it may be a refusal"):
        custody.load(RELEASED)


def test_a_refusal_is_not_taken_back_by_removing_it(signed: Signed, capsys: pytest.CaptureFixture[str]) -> None:
    earlier = signed.project.git("rev-parse", "HEAD").strip()
    GATE.unlink()
    custody.load(RELEASED)
    assert capsys.readouterr().err.endswith("signed by ada\n"), "the last commit has it"
    signed.project.git("checkout", "--quiet", "--", str(GATE))
    held = GATE.read_text()
    GATE.write_text(json.dumps({**json.loads(held), "released": 0}))
    signed.project.commit()
    GATE.unlink()
    signed.project.commit()
    signed.project.git("checkout", "--quiet", earlier)
    with pytest.raises(RefusedError, match="a later decision on this data set is a refusal"):
        custody.load(RELEASED)
    signed.project.git("checkout", "--quiet", "main")
    custody.load(RELEASED)
    assert capsys.readouterr().err.endswith("later refusals not checked\n"), "no decision stands here"
