"""Dies by SIGKILL right before a chosen file operation, of a write after half of its bytes."""

from __future__ import annotations

import os
import pathlib
import signal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def watch(operations: Iterable[str], point: int | None) -> list[str]:
    """Watch these functions of `os`, and what writes a file whole; return the list that names each one done.

    This process dies before operation number `point`.
    """
    done: list[str] = []

    def watched(owner: Any, name: str) -> None:
        original = getattr(owner, name)

        def call(*arguments: Any, **more: Any) -> Any:
            if len(done) == point:
                if name in ("write", "write_bytes"):
                    original(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            done.append(name)
            return original(*arguments, **more)

        setattr(owner, name, call)

    for name in operations:
        watched(os, name)
    watched(pathlib.Path, "write_bytes")
    return done
