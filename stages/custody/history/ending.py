"""A process that is stopped from outside, and cleans up first; a signal that it was started to ignore, it ignores."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENDING: Final = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def ending_well() -> Iterator[None]:
    """Within the block SIGTERM and SIGHUP end this process as an exception does, so that it cleans up.

    One that is ignored stays so: `nohup` starts a command that is to outlive its terminal.
    """
    heard = [number for number in _ENDING if signal.getsignal(number) not in {signal.SIG_IGN, None}]
    before = {number: signal.signal(number, _end) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, _: object) -> None:
    sys.exit(128 + number)
