"""The boundary: one line, the right status, and nothing of what an error carries."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
import typer

from custody.errors import CustodyError, RefusedError, boundary, plain

if TYPE_CHECKING:
    from collections.abc import Callable

CANARY = "alice@canary.example"


class Panic(BaseException):
    """What a library written in Rust raises when it panics."""


def _run(monkeypatch: pytest.MonkeyPatch, body: Callable[[], object], *arguments: str) -> int:
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

    @app.command()
    def command() -> object:
        secret = CANARY  # noqa: F841  # frames must not show it
        return body()

    monkeypatch.setattr(sys, "argv", ["stage", *arguments])
    with pytest.raises(SystemExit) as left:
        boundary(app)()
    return int(left.value.code or 0)


def _raise(error: BaseException) -> Callable[[], object]:
    def body() -> object:
        try:
            raise KeyError(CANARY)  # noqa: TRY301  # a context that must not be printed
        except KeyError:
            raise error  # noqa: B904  # as above

    return body


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (CustodyError("params.yaml: gone; restore it"), 3, "custody: params.yaml: gone; restore it\n"),
        (RefusedError("refused: k"), 1, "custody: refused: k\n"),
        (RefusedError("no\n  \r\x1b[2Kspoof\u202e"), 1, "custody: no\n  ??[2Kspoof?\n"),
        (ValueError(CANARY), 3, "custody: internal error (ValueError in test_errors.py:"),
        (OSError(28, "No space left on device", CANARY), 3, "refused a file operation (No space left on device)"),
        (MemoryError(CANARY), 3, "out of memory"),
        (Panic(CANARY), 3, "custody: internal error (Panic in test_errors.py:"),
    ],
)
@pytest.mark.parametrize("traceback", [False, True])
def test_errors_end_in_one_line_and_their_status(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    error: BaseException,
    status: int,
    words: str,
    traceback: bool,  # noqa: FBT001
) -> None:
    assert _run(monkeypatch, _raise(error), *["--traceback"] * traceback) == status
    printed = capfd.readouterr().err
    assert words in printed
    assert CANARY not in printed
    assert printed.count("custody: ") == bool(words)
    if traceback and words:
        assert "test_errors.py:" in printed
        assert type(error).__name__ in printed


def test_success_usage_and_exit_codes_pass_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def leave() -> object:
        raise typer.Exit(7)

    def interrupt() -> object:
        raise KeyboardInterrupt

    assert _run(monkeypatch, lambda: None) == 0
    assert _run(monkeypatch, leave) == 7
    assert _run(monkeypatch, interrupt) == 130
    assert _run(monkeypatch, lambda: None, "--nonsense") == 2


def test_nothing_printed_can_move_a_terminal() -> None:
    text = plain("a\x1b[2Jb\nc\u202ed" + "x" * 1000)
    assert text.startswith("a?[2Jb?c?d")
    assert len(text) == 400
