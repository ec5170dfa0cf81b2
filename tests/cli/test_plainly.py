"""What is answered without Typer is what Typer's commands answer."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from custody.cli import plainly
from custody.cli.app import app
from custody.errors import boundary

LOCK = """schema: '2.0'
stages:
  gate:
    cmd: python stages/gate.py
    outs:
    - path: data/released
      hash: md5
      md5: {}.dir
"""


@pytest.fixture
def recorded(project: Path) -> Path:
    """A repository of two releases whose statement and policy are not at hand."""
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run([*git, "init", "--quiet"], cwd=project, check=True)
    for digit in "ab":
        (project / "dvc.lock").write_text(LOCK.format(digit * 32), encoding="utf-8")
        subprocess.run([*git, "add", "dvc.lock"], cwd=project, check=True)
        subprocess.run([*git, "commit", "--quiet", "--message", digit], cwd=project, check=True)
    return project


def _typers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]) -> tuple[Any, ...]:
    monkeypatch.setattr(sys, "argv", ["custody", *words])
    with pytest.raises(SystemExit) as left:
        boundary(app)()
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


PLAIN = [
    ["log"],
    ["log", "--json"],
    ["log", "--trusted", "none.yaml"],
    ["log", "--json", "--trusted", "none.yaml", "--json"],
    ["diff", "HEAD~1"],
    ["diff", "HEAD~1", "HEAD", "--json"],
    ["diff", "--json", "none"],
    ["diff", ""],
]
OTHER = [
    [],
    ["diff"],
    ["diff", "a", "b", "c"],
    ["diff", "HEAD~1", "--", "HEAD"],
    ["diff", "--help"],
    ["diff", "HEAD~1", "--trusted", "x"],
    ["log", "x"],
    ["log", "-x"],
    ["log", "--trusted"],
    ["log", "--trusted", ""],
    ["log", "--trusted", "--json"],
    ["log", "--trusted=none.yaml"],
    ["log", "--trusted", "a", "--trusted", "b"],
    ["which", "x"],
]


@pytest.mark.parametrize("words", [*PLAIN, *OTHER], ids=" ".join)
@pytest.mark.usefixtures("recorded")
def test_both_say_the_same(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    custody: Callable[..., Any],
    words: list[str],
) -> None:
    ran = custody(*words)
    assert (ran.status, ran.out, ran.err) == _typers(monkeypatch, capsys, words)


@pytest.mark.parametrize("words", OTHER, ids=" ".join)
def test_what_is_not_spelled_plainly_is_typers(words: list[str]) -> None:
    assert not plainly.answered(words)


@pytest.mark.parametrize("words", [["log"], ["diff", "HEAD~1"]], ids=" ".join)
def test_neither_typer_nor_a_library_for_models_or_data_is_started(recorded: Path, words: list[str]) -> None:
    code = (
        f"import sys; sys.argv = ['custody', *{words}]\n"
        "from custody.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'typer', 'pandas', 'pyarrow', 'polars', 'numpy', 'pydantic', 'dvc'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=recorded, capture_output=True, text=True, check=True, env=environment
    )
    assert ran.stdout.splitlines()[-1] == "[]"


def test_whoever_stops_reading_gets_no_more_words(recorded: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run(
        [sys.executable, "-m", "custody.cli", "log"], cwd=recorded, stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (ran.returncode, ran.stderr) == (1, b"")


def test_an_interruption_is_a_status(monkeypatch: pytest.MonkeyPatch, custody: Callable[..., Any]) -> None:
    def stop(*_: object, **__: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("custody.cli.told.log.releases", stop)
    ran = custody("log")
    assert (ran.status, ran.out, ran.err) == (130, "", "")


@pytest.mark.parametrize(
    ("encoding", "arrow"), [("ascii", "→".encode()), ("latin-1", b"\\u2192"), ("utf-8", "→".encode())]
)
def test_no_letter_stops_what_is_printed(recorded: Path, encoding: str, arrow: bytes) -> None:
    for words in (["diff", "HEAD~1"], ["diff", "HEAD~1", "--", "HEAD"]):
        ran = subprocess.run(
            [sys.executable, "-m", "custody.cli", *words],
            cwd=recorded,
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONIOENCODING": encoding},
        )
        assert (ran.returncode, arrow in ran.stdout, ran.stderr) == (0, True, b"")
