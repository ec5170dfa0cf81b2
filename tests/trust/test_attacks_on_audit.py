"""Each attack on the audit log is performed on a real project, and verifying names it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import rfc8785

from custody.errors import CustodyError, RefusedError
from custody.governance.audit import chain, copies, entry, log, publishing
from custody.governance.audit.entry import Event, Head
from custody.governance.audit.place import folder_of
from custody.repository import tree
from custody.trust import signers
from support import log_path, logged

if TYPE_CHECKING:
    from trust.conftest import Answer, Signed

    Verify = Callable[..., Answer]

pytestmark = [pytest.mark.xdist_group("attacks"), pytest.mark.usefixtures("signed")]
AUDIT = Path("data/audit")


def _file() -> Path:
    (path,) = AUDIT.glob("*.jsonl")
    return path


def _lines() -> list[bytes]:
    return _file().read_bytes().splitlines(keepends=True)


def _rewrite(lines: list[bytes]) -> None:
    _file().write_bytes(b"".join(lines))


def _chained(changed: Callable[[int, dict[str, Any]], None]) -> None:
    """Write the log anew, each entry changed, with a chain that is whole."""
    previous, written = entry.BEGINNING, []
    for number, line in enumerate(_lines(), 1):
        value = entry.read(line.rstrip(b"\n"))
        changed(number, value)
        text = rfc8785.dumps({**value, "previous": previous})
        previous = entry.digest(text)
        written.append(text + b"\n")
    _rewrite(written)


def _says(number: int, value: dict[str, Any]) -> None:
    if number == 1:
        value["outcome"] = "failed"


def _instead(put: Callable[[Path], None]) -> None:
    """Put something else in the log's place."""
    path = _file()
    path.unlink()
    put(path)


EDITED = "does not follow the one before it: edited, removed or moved"
ATTACKS: dict[str, tuple[Callable[[], Any], str]] = {
    "edited": (lambda: _rewrite([_lines()[0].replace(b'"done"', b'"failed"'), *_lines()[1:]]), EDITED),
    "removed": (lambda: _rewrite([*_lines()[:1], *_lines()[2:]]), EDITED),
    "reordered": (lambda: _rewrite([_lines()[1], _lines()[0], *_lines()[2:]]), EDITED),
    "doubled": (lambda: _rewrite([*_lines(), _lines()[-1]]), EDITED),
    "torn": (lambda: _file().write_bytes(_file().read_bytes()[:-9]), "is cut off"),
    "tail cut": (lambda: _rewrite(_lines()[:-1]), "its tail was cut off"),
    "not canonical": (lambda: _rewrite([_lines()[0].replace(b'":"', b'": "', 1), *_lines()[1:]]), "no canonical entry"),
    "emptied": (lambda: _rewrite([]), "entry 1 is missing"),
    "removed whole": (lambda: _file().unlink(), "was there before"),
    "renamed": (lambda: _file().rename(AUDIT / f"{'0' * 32}.jsonl"), "is the log of another writer"),
    "written anew": (lambda: _chained(_says), "edited or written anew"),
    "of another repository": (
        lambda: _chained(lambda _, one: one["about"].update({"repository": "f" * 40} if one["about"] else {})),
        "is the log of another repository",
    ),
    "stranger": (lambda: (AUDIT / "notes.txt").write_text("x"), "1 file does not belong"),
    "link": (lambda: _instead(lambda path: path.symlink_to("/dev/zero")), "entry 1 is missing"),
    "pipe": (lambda: _instead(os.mkfifo), "entry 1 is missing"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_on_the_published_log_is_found(signed: Signed, verify: Verify, attack: str) -> None:
    perform, words = ATTACKS[attack]
    perform()
    answer = verify()
    assert answer.status == 1
    assert set(answer.codes) == {"audit"}, "and nothing else is wrong"
    assert words in "\n".join(reason["what"] for reason in answer.verdict["reasons"])
    ran = signed.project.run("custody", "audit", "verify", "--trusted", str(signed.trusted))
    assert (ran.returncode, words in ran.stdout) == (1, True)


@pytest.mark.parametrize("attack", [name for name in ATTACKS if name not in {"pipe", "stranger"}])
def test_it_is_found_when_the_attacker_commits_it_too(signed: Signed, verify: Verify, attack: str) -> None:
    """The checkpoint of a signature covers the log, whatever git then says."""
    ATTACKS[attack][0]()
    signed.project.commit()
    shutil.rmtree(signed.project.state)
    for what in ((), ("HEAD",)):
        answer = verify(*what)
        assert answer.status == 1, what
        assert set(answer.codes) == {"audit"}


def test_a_tail_that_was_cut_where_it_was_published_before_is_found(signed: Signed, verify: Verify) -> None:
    log.record(Event("load", "done"))
    publishing.publish(Path())
    kept = _lines()
    log.record(Event("reidentify", reason="case 7"))
    shutil.rmtree("data/signatures")
    signed.project.must("custody", "release", "sign", "--key", str(signed.ada.path), "--trusted", str(signed.trusted))
    signed.project.commit()
    assert verify("HEAD").status == 0
    _rewrite(kept)
    signed.project.commit()
    answer = verify("HEAD")
    assert (answer.status, answer.codes) == (1, ["audit"])
    assert "it ends before: its tail was cut off" in answer.verdict["reasons"][0]["what"]


def test_a_fork_is_found(signed: Signed, verify: Verify) -> None:
    """Two copies of one state folder go on by themselves; a checkpoint has seen one of them."""
    shutil.copytree(signed.project.state, "../copy")
    log.record(Event("reidentify", reason="case 7"))
    shutil.rmtree("data/signatures")
    signed.project.must("custody", "release", "sign", "--key", str(signed.ada.path), "--trusted", str(signed.trusted))
    shutil.rmtree(signed.project.state)
    shutil.copytree("../copy", signed.project.state)
    log.record(Event("load", "done"))
    with pytest.raises(RefusedError, match="is not the beginning of the log here"):
        publishing.publish(Path())
    _file().unlink()
    publishing.publish(Path())
    signed.project.commit()
    shutil.copytree("data/audit", "../forked")
    answer = verify("HEAD")
    assert (answer.status, answer.codes) == (1, ["audit"])
    assert "edited or written anew" in answer.verdict["reasons"][0]["what"]


def test_no_attack_is_seen_where_work_goes_on(signed: Signed, verify: Verify) -> None:
    earlier = signed.project.git("rev-parse", "HEAD").strip()
    for _ in range(2):
        log.record(Event("load", "done"))
        signed.project.must("custody", "audit", "publish")
        assert verify().codes == []
        signed.project.commit()
        assert verify("HEAD").codes == verify(earlier).codes == []
    ran = signed.project.must("custody", "audit", "verify", "--trusted", str(signed.trusted))
    assert ran.startswith(f"audit: {len(_lines())} entries of 1 writer, 1 checkpoint: hold\n")
    signed.project.git("checkout", "--quiet", earlier)
    assert verify("main").codes == verify("HEAD").codes == []


@pytest.mark.parametrize("left", [".DS_Store", ".{}.jsonl.new"])
def test_what_a_file_manager_or_a_killed_writer_left_hidden_is_no_log(
    signed: Signed, verify: Verify, left: str
) -> None:
    """And the next signature puts the writer's own away."""
    (hidden := AUDIT / left.format(_file().stem)).write_bytes(_file().read_bytes()[:99])
    signed.project.commit()
    assert verify().codes == verify("HEAD").codes == []
    shutil.rmtree("data/signatures")
    signed.project.must("custody", "release", "sign", "--key", str(signed.ada.path), "--trusted", str(signed.trusted))
    assert hidden.exists() == (left == ".DS_Store")


def test_a_log_that_outgrew_all_code_and_policy_is_verified_signed_and_fetched(signed: Signed, verify: Verify) -> None:
    place = folder_of(Path()) / log.LOG
    last = entry.read(place.read_bytes().splitlines()[-1])
    head = Head(last["writer"], last["number"], entry.digest(place.read_bytes().splitlines()[-1]))
    event = Event("load", "done", about={"asked": ("x" * 16_000,)})
    lines: list[bytes] = []
    while len(lines) * 16_000 < tree.LARGEST:
        lines.append(entry.line(event, log.utc(), last["actor"], head))
        head = Head(head.writer, head.entries + 1, entry.digest(lines[-1]))
    with place.open("ab") as file:
        file.write(b"\n".join([*lines, b""]))
    shutil.rmtree("data/signatures")
    signed.project.must("custody", "release", "sign", "--key", str(signed.ada.path), "--trusted", str(signed.trusted))
    assert _file().stat().st_size > tree.LARGEST
    signed.project.commit()
    assert verify().codes == verify("HEAD").codes == []
    signed.project.must("custody", "audit", "verify", "--trusted", str(signed.trusted))
    signed.project.must("custody", "fetch", ".", "../got", "--rev", "HEAD", "--trusted", str(signed.trusted))
    assert Path("../got/audit", _file().name).read_bytes() == _file().read_bytes()


def test_a_log_that_is_larger_than_any_is_named_wherever_it_stands(signed: Signed, verify: Verify) -> None:
    with _file().open("r+b") as file:
        file.truncate(copies.LIMIT + 1)  # a hole: it takes no room
    answer = verify()
    assert answer.status == 3
    assert answer.err == f"custody: data/audit/{_file().name}: is larger than 536870912 bytes, so it is no audit log\n"
    assert signed.project.run("custody", "audit", "verify").returncode == 3


def test_four_that_publish_at_once_do_not_accuse_each_other(signed: Signed) -> None:
    once = (
        "from pathlib import Path\nfrom custody.governance.audit import publishing\n"
        "for _ in range(9): publishing.publish(Path())"
    )
    running = [subprocess.Popen([sys.executable, "-c", once], stderr=subprocess.PIPE) for _ in range(4)]
    assert [one.communicate()[1] for one in running] == [b""] * 4
    assert signed.project.must("custody", "audit", "verify", "--trusted", str(signed.trusted))


def test_a_log_of_a_repository_that_stood_here_before_is_not_published(signed: Signed) -> None:
    shutil.rmtree(".git")
    signed.project.git("init", "--quiet", "--initial-branch=main")
    with pytest.raises(CustodyError, match="the first commit of this repository is not here"):
        publishing.publish(Path())
    signed.project.git("-c", "user.name=b", "-c", "user.email=b@example.org", "commit", "--allow-empty", "-qm", "other")
    with pytest.raises(CustodyError, match="is of another repository that stood here before"):
        publishing.publish(Path())


def test_an_audit_folder_from_another_repository_is_refused(signed: Signed, verify: Verify) -> None:
    shutil.rmtree(".git")
    signed.project.git("init", "--quiet", "--initial-branch=main")
    signed.project.commit()
    answer = verify("HEAD")
    assert (answer.status, answer.codes) == (1, ["audit", "audit"])
    assert "is the log of another repository" in answer.verdict["reasons"][0]["what"]
    assert signed.project.run("custody", "audit", "verify").returncode == 1
    ran = signed.project.run("custody", "release", "sign", "--key", str(signed.ada.path))
    assert (ran.returncode, "is the log of another repository" in ran.stderr) == (1, True)


def test_a_clock_that_was_set_back_is_flagged_and_the_chain_holds(signed: Signed, verify: Verify) -> None:
    import datetime as dt  # noqa: PLC0415

    past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    number = log.append(folder_of(Path()), Event("load", "done"), lambda: past).entries
    publishing.publish(Path())
    answer = verify()
    assert answer.codes == []
    assert any(f"a clock was set back before entry {number}" in note for note in answer.verdict["notes"])
    assert "a clock was set back" in signed.project.must("custody", "audit", "verify", "--trusted", str(signed.trusted))


def test_two_writers_and_two_branches_merge_without_conflict(signed: Signed, verify: Verify) -> None:
    git = signed.project.git
    git("config", "user.name", "a")
    git("config", "user.email", "a@example.org")
    git("clone", "--quiet", ".", "../other")
    git("checkout", "--quiet", "-b", "side")
    log.record(Event("load", "done"))
    publishing.publish(Path())
    signed.project.commit()
    git("checkout", "--quiet", "main")
    log.record(Event("load", "done"))
    publishing.publish(Path())
    signed.project.commit()
    os.chdir("../other")
    log.record(Event("load", "done"))
    publishing.publish(Path())
    assert len(list(AUDIT.glob("*.jsonl"))) == 2
    from pipeline.project import Project  # noqa: PLC0415

    Project(Path.cwd()).commit()
    os.chdir(signed.project.root)
    git("pull", "--quiet", "--no-rebase", "--no-edit", "../other", "main")
    git("merge", "--quiet", "--no-edit", "side")
    assert len(list(AUDIT.glob("*.jsonl"))) == 2
    assert verify().codes == []
    assert verify("HEAD").codes == []


def test_what_was_done_is_in_the_log_of_the_project(signed: Signed) -> None:
    """One entry per run of a stage; signing before and after; nothing in the work tree but what was published."""
    told = [(one["action"], one["about"].get("stage"), one["outcome"]) for one in logged()]
    # enforce has no output, so that DVC runs it only where the lock file records another release than was made
    assert [one for one in told if one[1] != "enforce"] == [
        *(("stage", name, "done") for name in ("collect", "validate", "anonymize")),
        ("decision", "gate", "done"),
        ("sign", None, "granted"),
        ("publish", None, "granted"),
        ("sign", None, "done"),
    ]
    signed.project.must("custody", "release", "retract", ".", "--reason", "labels were wrong")
    assert (logged()[-1]["action"], logged()[-1]["reason"]) == ("retract", "labels were wrong")
    release = {one["release"] for one in logged() if one["action"] in {"decision", "sign", "retract"}}
    assert len(release) == 1
    assert None not in release
    signing = next(one for one in logged("sign") if one["outcome"] == "done")
    assert signing["about"].keys() == {"key", "bundle"}
    assert signing["about"]["key"] == signers.read(signed.trusted.read_bytes(), "trusted").signers["ada"].key_id
    assert b'"ada"' not in _file().read_bytes() + log_path().read_bytes(), "no pseudonym is tied to a name"
    assert chain.judge(_file().read_bytes()).published
