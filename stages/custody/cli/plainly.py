"""`custody log` and `custody diff` without Typer, which takes longer to start than they do to answer.

Only what is spelled plainly is read here. A mistake, a wish for help and any other spelling are Typer's to read.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

JSON: Final = "--json"
TRUSTED: Final = "--trusted"
"""Has a value."""
COMMANDS: Final = ("log", "diff")


def answered(words: Sequence[str]) -> bool:
    """Print what a command line asks for and leave with its status; False where it is not one of these."""
    gc.disable()  # there is little garbage, and none is missed
    try:
        return _answered(words)
    finally:
        gc.enable()


def _answered(words: Sequence[str]) -> bool:
    lines = _lines(words)
    if lines is None:
        return False
    try:
        for line in lines:
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python would write there as it ends
        sys.exit(1)
    gc.freeze()  # or Python would look through all of it as it ends
    sys.exit(0)


def _lines(words: Sequence[str]) -> Iterator[str] | None:
    command, *rest = words or [""]
    read = _read(rest) if command in COMMANDS else None
    if read is None:
        return None
    arguments, trusted, as_json = read
    if command == "log" and not arguments:
        from custody.cli.told import log  # noqa: PLC0415  # late: one of the two is asked for

        return log.lines(Path(), trusted, as_json=as_json)
    if command == "diff" and trusted is None and len(arguments) in {1, 2}:
        from custody.cli.told import diff  # noqa: PLC0415
        from custody.engine import without  # noqa: PLC0415

        without.pandas()
        without.numpy()
        return diff.lines(Path(), arguments[0], [*arguments, "HEAD"][1], as_json=as_json)
    return None


def _read(words: Sequence[str]) -> tuple[list[str], Path | None, bool] | None:
    """Return arguments, trusted keys and whether JSON is asked for; None for what is not spelled plainly."""
    arguments: list[str] = []
    trusted, as_json = None, False
    waiting = iter(words)
    for word in waiting:
        if word == TRUSTED and trusted is None:
            value = next(waiting, "")
            if not value or value.startswith("-"):
                return None
            trusted = Path(value)
        elif word.startswith("-") and word != JSON:
            return None
        elif word == JSON:
            as_json = True
        else:
            arguments.append(word)
    return arguments, trusted, as_json
