"""Who opened what: an entry is on the disk before anything is shown, or nothing is."""

from __future__ import annotations

import datetime as dt
import json
import os
import pwd
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from custody.errors import CustodyError
from custody.governance import access

NOW = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path


def entries() -> list[dict[str, Any]]:
    return [json.loads(line) for line in access.log_path().read_text().splitlines()]


def test_an_entry_says_who_when_what_and_why_and_is_its_owners_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "somebody-else")
    monkeypatch.setenv("LOGNAME", "somebody-else")
    access.record("look", " case 7 ", NOW, number=7)
    who = pwd.getpwuid(os.getuid()).pw_name
    assert entries() == [
        {"at": "2026-11-01T12:00:00+00:00", "who": who, "action": "look", "reason": "case 7", "number": 7}
    ]
    assert access.log_path().stat().st_mode & 0o777 == 0o600


def test_entries_are_only_ever_added() -> None:
    access.record("one", "a", NOW)
    first = access.log_path().read_bytes()
    access.record("two", "b", NOW)
    assert access.log_path().read_bytes().startswith(first)
    assert [entry["action"] for entry in entries()] == ["one", "two"]


def test_an_entry_that_was_cut_short_spoils_no_later_one() -> None:
    access.record("one", "a", NOW)
    with access.log_path().open("ab") as log:
        log.write(b'{"at": "20')
    access.record("two", "b", NOW)
    assert json.loads(access.log_path().read_text().splitlines()[-1])["action"] == "two"


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines", "x" * 501, "\x1b[2J"])
def test_a_reason_is_one_line_that_says_something(reason: str) -> None:
    with pytest.raises(CustodyError, match="--reason"):
        access.record("look", reason, NOW)
    assert not access.log_path().exists()


def test_a_log_that_is_a_link_or_open_to_others_is_not_written(tmp_path: Path) -> None:
    path = access.log_path()
    path.parent.mkdir()
    (tmp_path / "elsewhere").touch()
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CustodyError, match="nothing is shown"):
        access.record("look", "a", NOW)
    path.unlink()
    path.touch()
    path.chmod(0o666)
    with pytest.raises(CustodyError, match="chmod 600"):
        access.record("look", "a", NOW)
    assert path.read_bytes() == (tmp_path / "elsewhere").read_bytes() == b""


MANY = """
import datetime as dt, sys
from custody.governance import access
for _ in range(50):
    access.record("look", "x" * 400, dt.datetime.now(dt.UTC), number=sys.argv[1])
"""


def test_entries_of_several_processes_stay_whole() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    started = [subprocess.Popen([sys.executable, "-c", MANY, str(i)], env=environment) for i in range(3)]
    assert [process.wait() for process in started] == [0, 0, 0]
    assert sorted(entry["number"] for entry in entries()) == sorted([*"012"] * 50)
