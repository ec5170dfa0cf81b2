"""What stands at the door of a release, and what is written down of who came through."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import custody
from custody.errors import RefusedError
from support import logged

if TYPE_CHECKING:
    from collections.abc import Callable

    from trust.conftest import Answer, Signed

    Verify = Callable[..., Answer]

pytestmark = [pytest.mark.xdist_group("attacks"), pytest.mark.usefixtures("signed")]
RELEASED = Path("data/released")


def _restate(change: Callable[[dict[str, Any]], Any]) -> None:
    """Write the statement anew, no longer linked to DVC's cache."""
    path = RELEASED / "statement.json"
    told = json.loads(path.read_text())
    change(told)
    path.unlink()
    path.write_text(json.dumps(told, sort_keys=True, indent=2) + "\n")


def test_loads_and_refusals_are_logged_with_the_release() -> None:
    before = len(logged())
    custody.load(RELEASED)
    shutil.rmtree("data/signatures")
    with pytest.raises(RefusedError):
        custody.load(RELEASED)
    with pytest.raises(RefusedError):
        custody.load("nowhere")
    told = [(one["action"], one["outcome"], one["release"]) for one in logged()[before:]]
    named = logged()[0:] and next(one["release"] for one in logged() if one["action"] == "decision")
    assert told == [("load", "done", named), ("load", "refused", named), ("load", "refused", None)]


def test_a_load_that_cannot_be_logged_warns_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null")
    assert len(custody.load(RELEASED)) == 5513
    warned, loaded = capsys.readouterr().err.splitlines()
    assert warned.startswith("custody: audit log: cannot be written (Not a directory)")
    assert warned.endswith("; going on without an entry")
    assert loaded.endswith("signed by ada")


def test_retractions_count_before_the_first_commit(signed: Signed) -> None:
    signed.project.must("custody", "release", "retract", ".", "--reason", "labels were wrong")
    shutil.rmtree(".git")
    signed.project.git("init", "--quiet", "--initial-branch=main")
    with pytest.raises(RefusedError, match="labels were wrong"):
        custody.load(RELEASED)


def test_no_pipe_or_device_is_waited_for(verify: Verify, tmp_path: Path) -> None:
    os.mkfifo("data/signatures/a.sigstore.json")
    Path("data/signatures/b.sigstore.json").symlink_to("/dev/zero")
    assert verify().codes == []
    custody.load(RELEASED)
    os.mkfifo(tmp_path / "trusted")
    answer = verify("--trusted", str(tmp_path / "trusted"))
    assert (answer.status, answer.err) == (
        3,
        "custody: trusted: is not a plain file; give one that holds the trusted keys\n",
    )
    (RELEASED / "statement.json").unlink()
    os.mkfifo(RELEASED / "statement.json")
    assert verify().codes == ["statement"]
    with pytest.raises(RefusedError, match="is not a plain file"):
        custody.load(RELEASED)


@pytest.mark.parametrize("text", ["just text", "- a list", "{", "", "signers: []", "\0", "a: &b 1"])
def test_a_file_that_is_no_list_of_keys_is_named_so(verify: Verify, tmp_path: Path, text: str) -> None:
    (tmp_path / "other.yaml").write_text(text)
    answer = verify("--trusted", str(tmp_path / "other.yaml"))
    assert answer.status == 3
    assert answer.err.startswith("custody: other.yaml: ")
    assert "policy" not in answer.err
    assert answer.err.count("\n") == 1


def test_a_huge_statement_is_none(verify: Verify) -> None:
    path = RELEASED / "statement.json"
    path.unlink()
    with path.open("wb") as file:
        file.truncate(2**24 + 1)
    answer = verify()
    assert answer.codes == ["statement"]
    assert "is larger than 16777216 bytes" in answer.verdict["reasons"][0]["what"]


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told["files"][0].update(name="../../etc/passwd"),
        lambda told: told.update(files=[{**told["files"][0], "name": "/etc/passwd"}]),
    ],
)
def test_a_path_that_climbs_out_is_no_statement(verify: Verify, change: Callable[[dict[str, Any]], Any]) -> None:
    _restate(change)
    assert verify().codes == ["statement"]


def test_duplicate_keys_are_no_statement(verify: Verify) -> None:
    path = RELEASED / "statement.json"
    text = path.read_text()
    path.unlink()
    path.write_text(text.replace('"decision"', '"decision": "refused",\n  "decision"', 1))
    assert verify().codes == ["statement"]


def _lower(told: dict[str, Any], name: str, **changed: Any) -> None:
    next(one for one in told["conditions"] if one["id"] == name).update(changed)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda told: _lower(told, "rows", threshold=1), "rows is held against another threshold than the policy's"),
        (lambda told: _lower(told, "k", figure=2), "k is said to be held, and its figure says otherwise"),
        (
            lambda told: told.update(conditions=[one for one in told["conditions"] if one["id"] != "attack"]),
            "the policy asks for attack",
        ),
    ],
)
def test_a_statement_is_not_believed_about_its_own_conditions(
    verify: Verify, change: Callable[[dict[str, Any]], Any], words: str
) -> None:
    """In CI on a proposal nobody has signed yet."""
    _restate(change)
    answer = verify("--unsigned-ok")
    assert answer.status == 1
    [what] = [one["what"] for one in answer.verdict["reasons"] if one["code"] == "conditions"]
    assert words in what


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda told: told.update(signatures={"intern": 1}), "another signatures than"),
        (lambda told: told.update(expires="9999-12-31"), "another expires than"),
        (lambda told: told["dataset"].update(purpose="advertising"), "another dataset than"),
        (lambda told: told["key"].update(check="0" * 16), "another key than"),
        (lambda told: told["sources"]["edge"].update(license="CC0-1.0"), "another provenance of sources than"),
        (lambda told: told["columns"]["user"].update(role="insensitive"), "another treatment of columns than"),
    ],
)
def test_a_statement_is_not_believed_about_what_the_policy_decides(
    verify: Verify, change: Callable[[dict[str, Any]], Any], words: str
) -> None:
    _restate(change)
    answer = verify("--unsigned-ok")
    assert answer.status == 1
    assert any(words in one["what"] for one in answer.verdict["reasons"] if one["code"] == "statement")
