"""JSON Lines: one object per line, blank lines passed over.

Lines of one shape are taken apart together (see `json_shape`); what is left is parsed line by line. Both ways give the
same.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np
import orjson

from custody.sources.formats.json_fields import Fields, columns, joined
from custody.sources.formats.json_level import Level
from custody.sources.formats.json_marks import LARGEST, Marks
from custody.sources.formats.json_shapes import Shapes
from custody.sources.formats.json_text import exact, holds_repeated, spaced, too_deep
from custody.sources.formats.reading import Batch, table_of
from custody.sources.streams.framing import Frame, frames
from custody.sources.streams.screening import unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from custody.policy.sources import Jsonl

PART = 1024
"""So many lines are parsed at once: few enough to stay in the processor's cache on the way."""

UNREAD = object()
"""Stands in place of the value of a line that has none."""


def read(data: Iterator[bytes], format: Jsonl, wanted: Sequence[str]) -> Iterator[Batch]:  # noqa: A002  # the policy's word
    """Yield the objects of UTF-8 `data`; a line that is no object, or names a key twice, is malformed."""
    shapes = Shapes(wanted)
    nothing = True
    for frame in frames(data, format.max_record_bytes):
        nothing = False
        yield _batch(frame, wanted, shapes)
    if nothing:
        yield _batch(Frame(b"", 1, 0), wanted, shapes)


def _batch(frame: Frame, wanted: Sequence[str], shapes: Shapes) -> Batch:
    parts = _parts(frame, wanted, shapes)
    malformed = sorted(one for part in parts for one in part.malformed)
    if frame.too_long:
        malformed.append((frame.first + frame.count, "too_long"))
    blank = sum(part.blank for part in parts)
    lines = np.concatenate([part.lines for part in parts])
    fields = joined([part.fields for part in parts], [len(part.lines) for part in parts])
    if (np.diff(lines) < 0).any():
        order = np.argsort(lines)
        lines, fields = lines[order], fields.ordered(order)
    return Batch(
        table_of(fields.columns, wanted, len(lines)),
        lines,
        malformed,
        {"blank": blank} if blank else {},
        frozenset().union(*(part.unwanted for part in parts)),
        fields.missing,
        fields.mixed,
    )


def _parts(frame: Frame, wanted: Sequence[str], shapes: Shapes) -> list[_Part]:
    """Return the lines of `frame`, those of one shape together and the others parsed; in no order."""
    parts = []
    if len(frame.data) <= LARGEST:
        marks = Marks.of(frame)
        left = np.ones(frame.count, bool)
        for shape, lines, fields in shapes.take(marks):
            left[lines] = False
            parts.append(_Part(fields, lines + frame.first, [], 0, shape.unwanted))
        where = np.flatnonzero(left)
        edges = zip(marks.begin[left].tolist(), marks.end[left].tolist(), strict=True)
        raws = [frame.data[start:end] for start, end in edges]
    else:
        raws = frame.data.split(b"\n")[:-1]
        where = np.arange(frame.count)
    if raws or not parts:
        parts += [
            _part(raws[at : at + PART], where[at : at + PART] + frame.first, wanted)
            for at in range(0, max(len(raws), 1), PART)
        ]
    return parts


@dataclass(frozen=True)
class _Part:
    """What some lines turned out to be."""

    fields: Fields
    lines: np.ndarray
    malformed: list[tuple[int, str]]
    blank: int
    unwanted: frozenset[str]


def _part(raws: Sequence[bytes], numbers: np.ndarray, wanted: Sequence[str]) -> _Part:
    values = _values(raws)
    good = [type(value) is dict for value in values]
    malformed, blank = _others(raws, values, good)
    level, where = Level(list(compress(values, good))), np.flatnonzero(good)  # type: ignore[arg-type]  # objects alone
    bad = _refused(list(compress(raws, good)), level)
    if bad:
        malformed += [(int(where[i]), reason) for i, reason in bad.items()]
        level, where = level.only([i not in bad for i in range(len(where))]), np.delete(where, list(bad))
    fields = columns(level, wanted, lambda i: exact(raws[where[i]]))
    told = [(int(numbers[line]), reason) for line, reason in malformed]
    return _Part(fields, numbers[where], told, blank, level.unwanted(frozenset(wanted)))


def _values(raws: Sequence[bytes]) -> list[object]:
    """Return the value of each line, `UNREAD` where it has none."""
    loads, error = orjson.loads, orjson.JSONDecodeError
    values: list[object] = []
    for raw in raws:
        try:
            values.append(loads(raw))
        except error:
            values.append(UNREAD)
    return values


def _others(raws: Sequence[bytes], values: Sequence[object], good: Sequence[bool]) -> tuple[list[tuple[int, str]], int]:
    """Return why each line that is no object is none, and how many are blank."""
    malformed: list[tuple[int, str]] = []
    blank = 0
    for line in np.flatnonzero(~np.array(good, bool)).tolist():
        raw = raws[line]
        if values[line] is not UNREAD:
            malformed.append((line, "too_deep" if too_deep(raw) else "not_an_object"))
        elif not raw or raw.isspace():
            blank += 1
        else:
            malformed.append((line, unreadable(raw) or ("too_deep" if too_deep(raw) else "not_json")))
    return malformed, blank


def _refused(raws: Sequence[bytes], level: Level) -> dict[int, str]:
    """Return which objects nest too deeply or name a key twice.

    All are asked at once what `repeats` asks of one; only those that it does not clear are looked at closely.
    """
    counts = np.fromiter((raw.count(b'":') for raw in raws), np.int64, len(raws))
    closely = counts != level.keys()
    if spaced(b"".join(raws)):
        closely |= np.fromiter((spaced(raw) for raw in raws), bool, len(raws))
    found = {}
    for i in np.flatnonzero(closely).tolist():
        if too_deep(raws[i]):
            found[i] = "too_deep"
        elif holds_repeated(exact(raws[i])):
            found[i] = "duplicate_key"
    return found
