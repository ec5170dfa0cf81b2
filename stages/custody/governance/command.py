"""Secrets from a command of the user's choice, `CUSTODY_KEY_COMMAND`: the way to any vault, as git reaches a password.

The command is split into words as a shell does (shlex) and run without one. On its standard input stand lines
`zone=`, `compartment=`, `epoch=` and, where the policy names one, `check=` (the fingerprint), then an empty line. It
answers on standard output with a line `secret=`, or with nothing where it has none; lines of other keys are passed
over (git-credential(1)). What it prints, on standard error too, is never shown.
"""

from __future__ import annotations

import contextlib
import os
import select
import shlex
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError
from custody.governance import wrapped
from custody.governance.texts import decoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custody.governance.compartments import Wanted

NAME: Final = "CUSTODY_KEY_COMMAND"
SECONDS: Final = 60.0
"""How long it may take: long enough for somebody to touch a token."""
LIMIT: Final = 2**16
"""Bytes that it may print."""
_BLOCK: Final = 4096


def ask(wanted: Wanted, seconds: float = SECONDS) -> bytes | None:
    """Return the secret that the command hands over; None where there is no command, or it has none.

    `CustodyError` where it cannot be run, fails, takes longer than `seconds`, prints too much, or prints anything else.
    """
    line = os.environ.get(NAME)
    if not line:
        return None
    try:
        words = shlex.split(line)
    except ValueError:
        words = []
    if not words:
        raise CustodyError(f"{NAME}: is no command line; see its quotes")
    text = _secret(_answer(words, _question(wanted), seconds))
    return decoded(text, wanted, NAME) if text is not None else None


def _question(wanted: Wanted) -> bytes:
    lines = [f"zone={wanted.zone}", f"compartment={wanted.compartment}", f"epoch={wrapped.epoch(wanted)}"]
    lines += [f"check={wanted.check}"] if wanted.check else []
    return "".join(f"{line}\n" for line in [*lines, ""]).encode()


def _answer(words: Sequence[str], question: bytes, seconds: float) -> bytes:
    """Return what the command prints; where that fails, it is killed with all that it started."""
    try:
        process = subprocess.Popen(  # noqa: S603  # the user's own words, no shell
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except (OSError, ValueError):
        raise CustodyError(f"{NAME}: cannot be run; see that the program is there and may be executed") from None
    until = time.monotonic() + seconds
    with process:
        try:
            _tell(process, question)
            said = _read(process, until)
            status = process.wait(max(until - time.monotonic(), 0))
        except BaseException as error:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)  # it was not waited for, so the group is its own still
            if isinstance(error, TimeoutError | subprocess.TimeoutExpired):
                raise CustodyError(f"{NAME}: did not answer within {seconds:g} seconds; run it by hand") from None
            raise
    if status:
        raise CustodyError(f"{NAME}: failed (status {status}); run it by hand to see why")
    return said


def _tell(process: subprocess.Popen[bytes], question: bytes) -> None:
    with contextlib.suppress(BrokenPipeError):  # it need not read
        process.stdin.write(question)  # type: ignore[union-attr]  # fits the pipe's buffer
        process.stdin.close()  # type: ignore[union-attr]


def _read(process: subprocess.Popen[bytes], until: float) -> bytes:
    output, said = process.stdout.fileno(), b""  # type: ignore[union-attr]
    while True:
        ready, _, _ = select.select([output], [], [], max(until - time.monotonic(), 0))
        if not ready:
            raise TimeoutError
        block = os.read(output, _BLOCK)
        if not block:
            return said
        said += block
        if len(said) > LIMIT:
            raise CustodyError(f"{NAME}: printed more than {LIMIT} bytes; it must print the line secret= alone")


def _secret(said: bytes) -> str | None:
    lines = [line for line in said.decode("ascii", "replace").splitlines() if line]
    found = [line.partition("=")[2] for line in lines if line.startswith("secret=")]
    if any("=" not in line for line in lines) or len(found) > 1:
        raise CustodyError(f"{NAME}: printed what is no list of key=value lines with one secret=")
    return found[0] if found else None
