"""A change of keys that was broken off is finished, forgotten where it never began, and stops where others wrote."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from custody.errors import CustodyError
from custody.governance import pending
from custody.governance.planned import Change, Value, moved, written
from support import STAGES, logged

POLICY = "keys:\n  zone: ops\n  check: '1111111111111111'\n"


@pytest.fixture(autouse=True)
def change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Change:
    """One file to write, one to remove, one to move, one value; nothing of it is made."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path.parent / f"{tmp_path.name}.state"))
    for name, text in {"params.yaml": POLICY, "b": "old b", "c": "old c", ".c.new": "new c"}.items():
        Path(name).write_text(text)
    return Change(
        asked=("revoke", "bob"),
        what="revoke",
        zone="ops",
        parts=("pipeline",),
        files=(written(Path("a"), "new a"), written(Path("b"), None), moved(Path(".c.new"), Path("c"))),
        values=(Value(path=("keys", "check"), before="1" * 16, after="2" * 16),),
        told=("done",),
    )


def write_down(change: Change) -> None:
    pending._place().parent.mkdir(parents=True, exist_ok=True)
    pending._place().write_text(change.model_dump_json())


def made() -> bool:
    params = POLICY.replace("1" * 16, "2" * 16)
    texts = {path.name: path.read_text() for path in Path().iterdir()}
    return texts == {"a": "new a", "c": "new c", "params.yaml": params} and not pending._place().exists()


def do(change: Change, how_far: int) -> None:
    """Make the first writes of a change, as a command that is killed then."""
    steps = [change.files[0].make, change.files[1].make, change._write_values, change.files[2].make]
    for step in steps[:how_far]:
        step()


@pytest.mark.parametrize("how_far", range(5))
def test_it_is_finished_wherever_it_was_broken_off(change: Change, how_far: int) -> None:
    write_down(change)
    do(change, how_far)
    with pending.turn() as earlier:
        assert earlier == change
    assert made()
    assert [entry["about"]["change"] for entry in logged("keys")] == ["revoke"], "no entry, no change"
    with pending.turn() as earlier:
        assert earlier is None


def test_one_that_is_not_broken_off_is_made(change: Change) -> None:
    with pending.turn() as earlier:
        assert earlier is None
        pending.make(change)
    assert made()


@pytest.mark.parametrize("name", ["a", "b", "c", ".c.new", "params.yaml"])
def test_where_nothing_was_made_and_somebody_wrote_it_is_as_if_never(change: Change, name: str) -> None:
    write_down(change)
    Path(name).write_text(POLICY.replace("1" * 16, "3" * 16) if name == "params.yaml" else "another")
    with pending.turn() as earlier:
        assert earlier is None
    assert Path("c").read_text() == ("another" if name == "c" else "old c")
    assert not Path(".c.new").exists()
    assert not pending._place().exists()


@pytest.mark.parametrize("name", ["b", "c", ".c.new", "params.yaml"])
def test_where_some_was_made_and_somebody_wrote_it_stops_and_touches_nothing(change: Change, name: str) -> None:
    write_down(change)
    do(change, 1)
    Path(name).write_text(POLICY.replace("1" * 16, "3" * 16) if name == "params.yaml" else "another")
    before = {path.name: path.read_text() for path in Path().iterdir()}
    said = r"keys: custody keys revoke bob was broken off, and (b|c|params.yaml) was changed or removed since"
    with pytest.raises(CustodyError, match=said), pending.turn():
        pass
    assert {path.name: path.read_text() for path in Path().iterdir()} == before
    assert logged("keys") == []


def test_what_is_written_elsewhere_in_the_policy_stays(change: Change) -> None:
    write_down(change)
    Path("params.yaml").write_text(f"{POLICY}# a remark\n")
    with pending.turn():
        pass
    assert Path("params.yaml").read_text() == POLICY.replace("1" * 16, "2" * 16) + "# a remark\n"


def test_what_fails_before_the_first_write_leaves_nothing(change: Change) -> None:
    def fails() -> None:
        raise CustodyError("no")

    with pytest.raises(CustodyError, match="no"), pending.turn():
        pending.make(change, fails)
    assert (pending.broken_off(), Path("params.yaml").read_text(), Path("a").exists()) == (None, POLICY, False)


def test_what_is_written_down_and_cannot_be_read_stops(change: Change) -> None:
    write_down(change)
    pending._place().write_text("{}")
    with pytest.raises(CustodyError, match="keys: what an earlier command left cannot be read"), pending.turn():
        pass


_TURN = """
import sys, time
from custody.governance import pending
with pending.turn():
    print("in", flush=True)
    time.sleep(0.05)
    print("out", flush=True)
"""


def test_commands_take_turns(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(STAGES)}
    with (tmp_path / "said").open("w") as said:
        started = [
            subprocess.Popen([sys.executable, "-B", "-c", _TURN], env=environment, stdout=said, cwd=tmp_path)
            for _ in range(4)
        ]
        assert [process.wait() for process in started] == [0] * 4
    assert (tmp_path / "said").read_text().split() == ["in", "out"] * 4
