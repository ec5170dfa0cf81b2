"""JSON Lines: one object per line, blank lines passed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from custody.sources.formats.json_fields import columns
from custody.sources.formats.json_text import NotReadError, exact, holds_repeated, plain, quickly, repeats, too_deep
from custody.sources.formats.reading import Batch, table_of
from custody.sources.formats.unwanted import Unwanted
from custody.sources.streams.framing import Frame, frames
from custody.sources.streams.screening import unreadable

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
    raws = frame.data.split(b"\n")
    found = _Found()
    for number, raw in enumerate(raws[:-1], frame.first):
        found.take(number, raw)
    if frame.too_long:
        found.malformed.append((frame.first + frame.count, "too_long"))
    if not plain(frame.data, found.items):
        found.look_closely(raws, frame.first)
    items, lines = found.items, found.lines
    fields = columns(items, wanted, lambda i: exact(raws[lines[i] - frame.first]))
    return Batch(
        table_of(fields.columns, wanted, len(items)),
        np.array(lines, np.int64),
        sorted(found.malformed),
        {"blank": found.blank} if found.blank else {},
        unwanted.names(items),
        fields.missing,
        fields.mixed,
    )


@dataclass
class _Found:
    """What the lines of a frame turned out to be."""

    items: list[dict[str, object]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    malformed: list[tuple[int, str]] = field(default_factory=list)
    blank: int = 0

    def take(self, number: int, raw: bytes) -> None:
        try:
            item = quickly(raw)
        except NotReadError as error:
            if not raw or raw.isspace():
                self.blank += 1
            else:
                self.malformed.append((number, unreadable(raw) or str(error)))
            return
        if isinstance(item, dict):
            self.items.append(item)
            self.lines.append(number)
        else:
            self.malformed.append((number, "too_deep" if too_deep(raw) else "not_an_object"))

    def look_closely(self, raws: Sequence[bytes], first: int) -> None:
        """Take out the objects that nest too deeply or name a key twice."""
        pairs = list(zip(self.lines, self.items, strict=True))
        self.lines, self.items = [], []
        for number, item in pairs:
            raw = raws[number - first]
            if too_deep(raw):
                self.malformed.append((number, "too_deep"))
            elif repeats(raw, item) and holds_repeated(exact(raw)):
                self.malformed.append((number, "duplicate_key"))
            else:
                self.items.append(item)
                self.lines.append(number)
