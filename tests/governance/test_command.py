"""A key command is a real program: it is asked on standard input, answers on standard output, and is never quoted."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest

from custody.errors import CustodyError
from custody.governance import command, sharing, wrapped
from custody.governance.compartments import Wanted
from governance.people import Person, holders

SECRET = hashlib.sha256(b"a secret of this test").hexdigest()
WANTED = Wanted("soc", "pipeline", "0123456789abcdef")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for the second program; CUSTODY_KEY_COMMAND runs it with an argument that only a shell would expand."""
    path = tmp_path / "my vault" / "helper"
    path.parent.mkdir()
    monkeypatch.setenv("CUSTODY_KEY_COMMAND", f"'{path}' get '$HOME;*'")
    monkeypatch.chdir(tmp_path)
    return path


def write(program: Path, text: str) -> None:
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o700)


def test_it_is_asked_in_lines_and_its_answer_is_the_secret(program: Path, tmp_path: Path) -> None:
    write(program, f'cat > asked; printf "%s\\n" "$@" > words; echo "expires=never"; echo "secret={SECRET}"')
    assert command.ask(WANTED) == bytes.fromhex(SECRET)
    assert (tmp_path / "asked").read_text() == ("zone=soc\ncompartment=pipeline\nepoch=1\ncheck=0123456789abcdef\n\n")
    assert (tmp_path / "words").read_text() == "get\n$HOME;*\n", "no shell expands its words"


def test_without_a_fingerprint_the_newest_is_asked_for(program: Path, tmp_path: Path) -> None:
    write(program, "cat > asked")
    assert command.ask(Wanted("soc", "release")) is None
    assert (tmp_path / "asked").read_text() == "zone=soc\ncompartment=release\nepoch=1\n\n"


def test_a_program_that_does_not_read_its_question_is_heard(program: Path) -> None:
    write(program, f"exec 0<&-; echo secret={SECRET}")
    assert command.ask(WANTED) == bytes.fromhex(SECRET)


def test_without_a_command_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUSTODY_KEY_COMMAND", raising=False)
    assert command.ask(WANTED) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"echo secret={SECRET}; echo {SECRET} >&2; exit 7", r"failed \(status 7\)"),
        (f"echo secret={SECRET}; kill -9 $$", r"failed \(status -9\)"),
        (f"yes secret={SECRET}", "printed more than 65536 bytes"),
        (f"echo {SECRET}", "no list of key=value lines"),
        (f"echo secret={SECRET}; echo secret={SECRET}", "with one secret="),
        (f"echo secret={SECRET[:-2]}", "is no random 32-byte key"),
        (f"echo secret=xx{SECRET}", "holds no secret"),
        (f"printf '\\377\\000{SECRET}'", "no list of key=value lines"),
        ("echo secret=" + "00" * 32, "is no random 32-byte key"),
    ],
)
def test_what_it_does_wrong_is_refused_in_one_line_that_quotes_nothing(
    program: Path, capfd: pytest.CaptureFixture[str], text: str, says: str
) -> None:
    write(program, text)
    with pytest.raises(CustodyError, match=says) as stopped:
        command.ask(WANTED)
    assert stopped.value.status == 3
    assert "\n" not in str(stopped.value)
    assert SECRET[:12] not in str(stopped.value)
    assert capfd.readouterr() == ("", ""), "what it prints goes nowhere"


@pytest.mark.parametrize(
    "text",
    [
        "echo $$ > pid; exec sleep 1000",
        "exec 1>&-; echo $$ > pid; exec sleep 1000",
        f"echo secret={SECRET}; sleep 1000 & echo $! > pid",
    ],
    ids=["silent", "closed", "left-behind"],
)
def test_one_that_hangs_is_ended_with_all_that_it_started(program: Path, tmp_path: Path, text: str) -> None:
    write(program, text)
    with pytest.raises(CustodyError, match=r"did not answer within 1 seconds") as stopped:
        command.ask(WANTED, seconds=1)
    assert stopped.value.status == 3
    process = int((tmp_path / "pid").read_text())
    while _runs(process):  # killed, it ends when the system comes to it; pytest is stopped from outside if it does not
        time.sleep(0.01)


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.parametrize("line", ["'unfinished", "   ", "/nonexistent/helper", "."])
def test_a_line_that_runs_nothing_is_refused(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setenv("CUSTODY_KEY_COMMAND", line)
    with pytest.raises(CustodyError, match=r"CUSTODY_KEY_COMMAND: (is no command line|cannot be run)") as stopped:
        command.ask(WANTED)
    assert "nonexistent" not in str(stopped.value)


def test_the_epoch_is_the_one_that_the_repository_tells(program: Path, tmp_path: Path) -> None:
    ada = Person(tmp_path, "ada")
    first = sharing.Held("pipeline", "1" * 16, hashlib.sha256(b"1").digest())
    wrapped.write("ada", sharing.grant("soc", "ada", holders(ada), [first]))
    second = sharing.Held("pipeline", WANTED.check or "", bytes.fromhex(SECRET))
    files, _ = sharing.renew("soc", [second], holders(ada), wrapped.members("soc"))
    wrapped.write("ada", files["ada"])
    write(program, "cat > asked")
    command.ask(WANTED)
    assert "epoch=2\n" in (tmp_path / "asked").read_text()
