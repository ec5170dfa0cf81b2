"""The audit log: an entry is whole and on the disk before the call returns, or there is none and the caller knows."""

from __future__ import annotations

import datetime as dt
import os
import resource
import signal
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from custody.errors import CustodyError, RefusedError
from custody.governance.audit import actors, entry, log
from custody.governance.audit.entry import Event
from custody.records.plain import read_json
from support import log_path, logged

LOOK = Event("frontier", reason="case 7", about={"zone": "ops", "asked": ("a", "b"), "number": 7})


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's log yet, and the work directory outside git."""
    monkeypatch.chdir(tmp_path)
    return log_path().parent


def lines() -> list[bytes]:
    return log_path().read_bytes().splitlines()


def test_an_entry_says_who_when_what_and_why_and_is_its_owners_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", "somebody-else")
    monkeypatch.setenv("LOGNAME", "somebody-else")
    head = log.append(folder, LOOK, lambda: dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC))
    ((actor, name),) = read_json(folder / actors.FILE).items()
    assert name == actors._account()
    assert logged() == [
        {
            "about": {"asked": ["a", "b"], "number": 7, "zone": "ops"},
            "action": "frontier",
            "actor": actor,
            "at": "2026-11-01T12:00:00Z",
            "number": 1,
            "outcome": "granted",
            "previous": "0" * 64,
            "reason": "case 7",
            "release": None,
            "schema": "custody/audit/v1",
            "writer": head.writer,
        }
    ]
    assert log_path().stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert head == entry.Head(head.writer, 1, entry.digest(lines()[0]))


def test_the_log_holds_no_name_and_an_erased_actor_is_nobodys(folder: Path) -> None:
    log.record(LOOK)
    actor = logged()[0]["actor"]
    assert actors._account().encode() not in log_path().read_bytes().replace(b"frontier", b"")
    log.record(LOOK)
    assert logged()[1]["actor"] == actor
    before = lines()
    log.erase(actor)
    assert actors.names(folder) == {}
    assert (logged()[2]["actor"], logged()[2]["about"]) == (actor, {"actor": actor}), "the erasure draws no new one"
    assert sorted(path.name for path in folder.iterdir()) == [actors.FILE, log.LOG]
    with pytest.raises(CustodyError, match="ACTOR: is not known here"):
        log.erase(actor)
    assert len(lines()) == 3, "and no entry says that what was not known was erased"
    log.record(LOOK)
    assert logged()[3]["actor"] != actor, "and whoever comes again is somebody new"
    assert lines()[:2] == before


def test_whose_pseudonym_it_is_can_be_read_by_the_owner_alone(folder: Path) -> None:
    log.record(LOOK)
    assert (folder / actors.FILE).stat().st_mode & 0o777 == 0o600
    (folder / actors.FILE).chmod(0o644)
    log.erase(logged()[0]["actor"])
    assert (folder / actors.FILE).stat().st_mode & 0o777 == 0o600


def test_nothing_is_forgotten_where_the_log_takes_no_entry(folder: Path) -> None:
    log.record(LOOK)
    log_path().chmod(0o666)
    known = actors.names(folder)
    with pytest.raises(CustodyError, match="is no file of its owner's alone"):
        log.erase(logged()[0]["actor"])
    assert actors.names(folder) == known


def test_each_entry_is_chained_to_the_one_before() -> None:
    for _ in range(3):
        log.record(LOOK)
    told = logged()
    assert [one["number"] for one in told] == [1, 2, 3]
    assert [one["previous"] for one in told[1:]] == [entry.digest(line) for line in lines()[:2]]
    assert len({one["writer"] for one in told}) == 1


@pytest.mark.parametrize("cut", [1, 10, 200])
def test_what_a_crash_tore_is_cut_off_and_said_and_no_acknowledged_entry_is_lost(cut: int) -> None:
    log.record(LOOK)
    log.record(LOOK)
    whole = lines()
    with log_path().open("ab") as file:
        file.write(whole[1][:cut])
    log.record(LOOK)
    assert lines()[:2] == whole
    healed, after = logged()[2:]
    assert (healed["action"], healed["about"], healed["number"]) == ("heal", {"bytes": cut}, 3)
    assert (after["action"], after["number"], after["previous"]) == ("frontier", 4, entry.digest(lines()[2]))


def test_a_torn_first_entry_is_healed_too(folder: Path) -> None:
    folder.mkdir(parents=True)
    log_path().write_bytes(b'{"about":{"as')
    log.record(LOOK)
    assert [(one["action"], one["number"]) for one in logged()] == [("heal", 1), ("frontier", 2)]


@pytest.mark.parametrize("tail", [b"{}\n", b"\n", b"\0" * 300 + b"\n", b"x" * 100_000])
def test_a_last_line_that_is_no_entry_stops(tail: bytes) -> None:
    log.record(LOOK)
    with log_path().open("ab") as file:
        file.write(tail)
    before = log_path().read_bytes()
    with pytest.raises(CustodyError, match=r"its last line is no entry; move the folder"):
        log.record(LOOK)
    assert log_path().read_bytes() == before


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines", "x" * 501, "\x1b[2J"])
def test_a_reason_is_one_line_that_says_something(folder: Path, reason: str) -> None:
    with pytest.raises(CustodyError, match="--reason"):
        log.record(Event("frontier", reason=reason))
    assert not folder.exists()


def test_an_entry_has_an_end(folder: Path) -> None:
    with pytest.raises(CustodyError, match="longer than 16384 bytes"):
        log.record(Event("statistics", about={"asked": ("x" * 20_000,)}))
    assert not folder.exists()


def test_a_log_that_is_a_link_a_pipe_or_open_to_others_is_not_written(tmp_path: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    (tmp_path / "elsewhere").touch()
    log_path().symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CustodyError, match="cannot be written"):
        log.record(LOOK)
    log_path().unlink()
    os.mkfifo(log_path())
    with pytest.raises(CustodyError, match="no file of its owner's alone"):
        log.record(LOOK)
    log_path().unlink()
    log_path().touch()
    log_path().chmod(0o666)
    with pytest.raises(CustodyError, match="chmod 600"):
        log.record(LOOK)
    assert log_path().read_bytes() == (tmp_path / "elsewhere").read_bytes() == b""


def _clones(root: Path) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "--quiet", "one"], cwd=root, check=True)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", "x"], cwd=root / "one", check=True)
    subprocess.run([*git, "clone", "--quiet", "one", "two"], cwd=root, check=True)
    subprocess.run([*git, "worktree", "add", "--quiet", "../tree"], cwd=root / "one", check=True)


def test_each_clone_has_a_log_and_worktrees_share_one(tmp_path: Path) -> None:
    _clones(tmp_path)
    one, two, tree = (log.record(LOOK, tmp_path / name) for name in ("one", "two", "tree"))
    assert one.writer == tree.writer != two.writer
    assert tree.entries == 2
    for name in ("one", "two", "tree"):
        status = ["git", "status", "--porcelain", "--ignored"]
        assert subprocess.run(status, cwd=tmp_path / name, check=True, capture_output=True).stdout == b""


def test_where_no_entry_can_be_written_a_note_warns_and_a_record_stops(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.parent.parent.parent.mkdir(parents=True, exist_ok=True)
    folder.parents[1].write_text("in the way")
    log.note(LOOK)
    said = capsys.readouterr().err
    assert said.startswith("custody: audit log: cannot be written (Not a directory)")
    assert said.endswith("; going on without an entry\n")
    with pytest.raises(CustodyError, match="audit log: cannot be written"):
        log.record(LOOK)


@pytest.mark.parametrize(
    ("error", "outcome"), [(None, "done"), (RefusedError("no"), "refused"), (CustodyError("stop"), "failed")]
)
def test_a_run_of_a_stage_is_one_entry_however_it_ends(error: Exception | None, outcome: str) -> None:
    with pytest.raises(type(error)) if error else nullcontext(), log.noted("stage", stage="collect"):
        if error:
            raise error
    assert [(one["action"], one["outcome"], one["about"]) for one in logged()] == [
        ("stage", outcome, {"stage": "collect"})
    ]


MANY = """
import sys
from pathlib import Path
from custody.governance.audit import log
from custody.governance.audit.entry import Event
for i in range(int(sys.argv[3])):
    head = log.append(Path(sys.argv[1]), Event("frontier", reason="x" * 400, about={"by": sys.argv[2], "i": i}))
    print(head.entries, head.digest, flush=True)
"""


def _started(folder: Path, *words: str, **more: Any) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", MANY, str(folder), *words]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, **more)


def _acknowledged(said: str) -> list[tuple[int, str]]:
    parts = [line.split(" ") for line in said.splitlines() if line.count(" ") == 1 and len(line.split(" ")[1]) == 64]
    return [(int(number), digest) for number, digest in parts]


def test_entries_of_eight_processes_at_once_stay_whole_and_in_one_chain(folder: Path) -> None:
    started = [_started(folder, str(i), "1000") for i in range(8)]
    said = [_acknowledged(process.communicate()[0]) for process in started]
    assert [process.returncode for process in started] == [0] * 8
    heads = {number: entry.digest(line) for number, line in enumerate(lines(), 1)}
    assert len(heads) == 8 * 1000
    assert all(heads[number] == digest for one in said for number, digest in one), "what was acknowledged is there"
    assert sum(len(one) for one in said) == 8 * 1000


@pytest.mark.parametrize("after", [3, 17])
def test_a_killed_writer_loses_nothing_it_was_told_of(folder: Path, after: int) -> None:
    with _started(folder, "0", "100000") as process:
        assert process.stdout is not None
        said = "".join(process.stdout.readline() for _ in range(after))
        process.send_signal(signal.SIGKILL)
        said += process.stdout.read()
    log.record(LOOK)
    heads = {number: entry.digest(line) for number, line in enumerate(lines(), 1)}
    assert [heads[number] for number, _ in _acknowledged(said)] == [digest for _, digest in _acknowledged(said)]
    assert len(_acknowledged(said)) >= after
    assert logged()[-1]["about"] == {"asked": ["a", "b"], "number": 7, "zone": "ops"}


def _full() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def test_a_disk_that_takes_no_more_loses_nothing_it_took(folder: Path) -> None:
    process = _started(folder, "0", "100000", stderr=subprocess.PIPE, preexec_fn=_full)
    said, err = process.communicate()
    assert process.returncode != 0
    assert "audit log: cannot be written (File too large)" in err
    assert [(number, entry.digest(line)) for number, line in enumerate(lines(), 1)] == _acknowledged(said)
    assert log_path().read_bytes().endswith(b"\n"), "nothing is left of the entry that did not fit"
    log.record(LOOK)
    assert "heal" not in [one["action"] for one in logged()]
