"""One file, one record: e-mail, or any other text.

`text` gives body and encoding; `email` gives what stands in `mail`. The field `encoding` says what was really used:
text that does not fit the encoding it declares is read as Latin-1, which fits any bytes and loses none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import pyarrow as pa

from custody.sources.formats import mail
from custody.sources.formats.reading import Batch, table_of
from custody.sources.streams.encoding import MARKS, found, honest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from custody.policy.sources import Document

FIELDS = {"text": frozenset({"body", "encoding"}), "email": mail.FIELDS}


def read(stream: BinaryIO, format: Document, wanted: Sequence[str]) -> Iterator[Batch]:  # noqa: A002  # the policy's word
    """Yield one batch of one record: malformed where too long or with a NUL, blank where there is no text."""
    raw = _at_most(stream, format.max_record_bytes + 1)
    reason = "too_long" if len(raw) > format.max_record_bytes else None
    record: dict[str, str | None] = {}
    if not reason and (plain := raw.removeprefix(MARKS[found(raw)])).strip():
        record = mail.fields(plain) if format.kind == "email" else text(raw, format.encoding)
        reason = "nul_byte" if any("\0" in value for value in record.values() if value) else None
    rows = 1 if record and not reason else 0
    columns = {name: pa.array([value], pa.string()) for name, value in record.items()} if rows else {}
    yield Batch(
        table_of(columns, wanted, rows),
        np.ones(rows, np.int64),
        [(1, reason)] if reason else [],
        {} if rows or reason else {"blank": 1},
        FIELDS[format.kind] - set(wanted),
        frozenset(wanted) - FIELDS[format.kind],
    )


def _at_most(stream: BinaryIO, size: int) -> bytes:
    parts = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def text(raw: bytes, encoding: str) -> dict[str, str | None]:
    """Return the text of `raw`, by its byte-order mark or `encoding`, and the encoding that it is really in."""
    codec = found(raw) if encoding in {"auto", "utf-16"} else encoding
    if encoding == "utf-16" and codec == "utf-8":
        codec = "utf-16-le"
    body, used = honest(raw.removeprefix(MARKS.get(codec, b"")), codec)
    return {"body": body, "encoding": used}
