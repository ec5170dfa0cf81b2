"""JSON Lines: one object per line, blank lines passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custody.sources.framing import Frame, frames
from custody.sources.json_fields import columns
from custody.sources.json_text import NotReadError, exact, holds_repeated, loads, repeats
from custody.sources.reading import Batch, table_of
from custody.sources.screening import unreadable
from custody.sources.unwanted import Unwanted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from custody.policy.sources import Jsonl


def read(data: Iterator[bytes], format: Jsonl, wanted: Sequence[str]) -> Iterator[Batch]:  # noqa: A002  # the policy's word
    """Yield the objects of UTF-8 `data`; a line that is no object, or names a key twice, is malformed."""
    unwanted = Unwanted(wanted)
    nothing = True
    for frame in frames(data, format.max_record_bytes):
        nothing = False
        yield _batch(frame, wanted, unwanted)
    if nothing:
        yield _batch(Frame(b"", 1, 0), wanted, unwanted)


def _batch(frame: Frame, wanted: Sequence[str], unwanted: Unwanted) -> Batch:
    items: list[dict[str, object]] = []
    lines: list[int] = []
    malformed: list[tuple[int, str]] = []
    raws = frame.data.split(b"\n")
    blank = 0
    for number, raw in enumerate(raws[:-1], frame.first):
        if not raw or raw.isspace():
            blank += 1
            continue
        try:
            items.append(_object(raw))
            lines.append(number)
        except NotReadError as error:
            malformed.append((number, str(error)))
    if frame.too_long:
        malformed.append((frame.first + frame.count, "too_long"))
    fields = columns(items, wanted, lambda i: exact(raws[lines[i] - frame.first]))
    skipped = {"blank": blank} if blank else {}
    table = table_of(fields.columns, wanted, len(items))
    names = unwanted.names(items)
    return Batch(table, np.array(lines, np.int64), malformed, skipped, names, fields.missing, fields.mixed)


def _object(raw: bytes) -> dict[str, object]:
    try:
        item = loads(raw)
    except NotReadError:
        reason = unreadable(raw)
        if reason:
            raise NotReadError(reason) from None
        raise
    if not isinstance(item, dict):
        raise NotReadError("not_an_object")
    if repeats(raw, item) and holds_repeated(exact(raw)):
        raise NotReadError("duplicate_key")
    return item
