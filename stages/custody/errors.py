"""One root for every error, and the one boundary that turns errors into exit statuses.

0 ran, 1 the answer is no, 2 usage, 3 unusable input or policy. A message says what, where and what to do. It never
holds a cell value or a key, and a library's own text is never shown, since it may quote one.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HINT = "run again with --traceback for the frames"


LONGEST = 400
"""Characters of a text that is shown."""


def plain(text: str) -> str:
    """Text that is safe on a terminal: one line, no control characters, of bounded length."""
    shown = printable(text)
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def printable(text: str) -> str:
    """Text that is safe on a terminal, however long: one line, no control characters."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else "?" for character in text)


class CustodyError(Exception):
    """Unusable input, policy or key: the run stops and records nothing."""

    status = 3


class RefusedError(CustodyError):
    """The answer is no: a refused release, or one that does not verify."""

    status = 1


def boundary(app: Callable[[list[str]], object]) -> Callable[[], None]:
    """Return a `main()` that runs `app` and exits with the status that the outcome calls for.

    `--traceback` anywhere on the command line adds frames and exception types, never a message that is not ours.
    """

    def main() -> None:
        frames = "--traceback" in sys.argv[1:]
        try:
            app([word for word in sys.argv[1:] if word != "--traceback"])
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001  # nothing may print what it carries, a Rust panic included
            if frames:
                _frames(error)
            message, status = _explain(error, "frames stand above" if frames else HINT)
            print(f"custody: {message}", file=sys.stderr)  # noqa: T201  # the one place that speaks for errors
            sys.exit(status)

    return main


def _explain(error: BaseException, hint: str) -> tuple[str, int]:
    """What to say and an exit status; of errors that are not ours only the type, the place and the system's word.

    What a message names may be of an attacker's choosing, so nothing in it moves the cursor or hides what was said.
    """
    if isinstance(error, CustodyError):
        return "\n".join(map(printable, str(error).split("\n"))), error.status
    if isinstance(error, MemoryError):
        return "out of memory; use fewer workers (CUSTODY_WORKERS) or smaller input files", 3
    if isinstance(error, OSError):
        todo = "see that there is space and permission to write, and run again"
        return f"the system refused a file operation ({error.strerror}); {todo}; {hint}", 3
    import traceback  # noqa: PLC0415  # late: most runs have no error

    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if "custody" in (file := Path(one.filename)).parts and file.name != "errors.py"]
    last = (ours or frames)[-1]
    return f"internal error ({type(error).__name__} in {Path(last.filename).name}:{last.lineno}); {hint}", 3


def _frames(error: BaseException) -> None:
    """Print where it happened: file, line and function of each frame; no source line, no message."""
    import traceback  # noqa: PLC0415

    seen: BaseException | None = error
    while seen is not None:
        for frame in traceback.extract_tb(seen.__traceback__):
            print(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}", file=sys.stderr)  # noqa: T201
        print(f"  {type(seen).__name__}", file=sys.stderr)  # noqa: T201
        seen = seen.__cause__ or seen.__context__
