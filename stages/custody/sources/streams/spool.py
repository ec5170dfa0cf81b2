"""A seekable copy of a stream that leaves nothing behind: in memory, then in a file that has no name."""

from __future__ import annotations

import shutil
import tempfile
from typing import BinaryIO, cast

IN_MEMORY = 64 * 2**20


def spooled(stream: BinaryIO) -> BinaryIO:
    """Return the rest of `stream` as a seekable file at its start; beyond 64 MiB it lies in an unlinked file."""
    copy = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # the caller reads it; closing it frees it
    shutil.copyfileobj(stream, copy, 2**20)
    copy.seek(0)
    return cast("BinaryIO", copy)
