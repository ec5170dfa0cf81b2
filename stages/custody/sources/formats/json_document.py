"""One JSON document: an array of objects, at its top or at a dotted path inside it.

The document is read as a whole, in memory; one that is not JSON stops the run. An element that is no object, or names a
key twice, costs itself. Lines are the numbers of the elements, from 1.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from custody.errors import CustodyError
from custody.sources.formats.json_fields import columns
from custody.sources.formats.json_level import ABSENT, Level, lookup
from custody.sources.formats.json_text import NotReadError, Repeated, exact, holds_repeated, loads, repeats
from custody.sources.formats.reading import MALFORMED, Batch, table_of
from custody.sources.streams.sizes import ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from custody.policy.sources import Json

WHOLE = 2**30
"""A document of more bytes stops the run, whatever `max_expanded_bytes` says, since it is held in memory."""


def read(data: Iterator[bytes], format: Json, wanted: Sequence[str]) -> Iterator[Batch]:  # noqa: A002  # the policy's word
    """Yield the elements of the array at `format.records` of UTF-8 `data`; an empty file has none.

    `CustodyError`: no JSON, no array at that path, or more than `max_expanded_bytes` or 1 GiB.
    """
    text = _whole(data, format.max_expanded_bytes)
    elements, closely = _elements(text, format.records) if text and not text.isspace() else ([], _never)
    for start in range(0, max(len(elements), 1), ROWS):
        yield _batch(elements[start : start + ROWS], start, wanted, closely)


def _whole(data: Iterator[bytes], limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    for chunk in data:
        parts.append(chunk)
        size += len(chunk)
        if size > WHOLE:
            raise CustodyError("the document is larger than a JSON document may be (1 GiB); use JSON Lines")
        if size > limit:
            raise CustodyError(
                f"the document is larger than {limit} bytes; raise format.max_expanded_bytes if it may be"
            )
    return b"".join(parts)


def _elements(text: bytes, path: str) -> tuple[list[object], Callable[[], list[object]]]:
    """Return the elements, and a function that gives them once more with exact integers."""
    try:
        value = loads(text)
        if repeats(text, value):
            value = exact(text)
    except NotReadError as error:
        raise CustodyError(f"the document cannot be read: {MALFORMED[str(error)]}") from None
    return _array(value, path), cache(lambda: _array(exact(text), path))


def _array(value: object, path: str) -> list[object]:
    found = lookup(value, path) if path else value
    if found is ABSENT:
        raise CustodyError(f"format.records: the document has nothing at {path}")
    if not isinstance(found, list):
        raise CustodyError(f"format.records: {path or 'the document'} is not an array; name the path to the records")
    if _repeated_outside(value, found):
        raise CustodyError("the document names a key twice outside its records; which of them is meant?")
    return found


def _repeated_outside(value: object, records: object) -> bool:
    if value is records:
        return False
    if isinstance(value, dict):
        return isinstance(value, Repeated) or any(_repeated_outside(part, records) for part in value.values())
    return isinstance(value, list) and any(_repeated_outside(part, records) for part in value)


def _never() -> list[object]:
    return []


def _batch(
    elements: Sequence[object],
    start: int,
    wanted: Sequence[str],
    closely: Callable[[], list[object]],
) -> Batch:
    items: list[dict[str, object]] = []
    lines: list[int] = []
    malformed: list[tuple[int, str]] = []
    for number, element in enumerate(elements, start + 1):
        if not isinstance(element, dict):
            malformed.append((number, "not_an_object"))
        elif holds_repeated(element):
            malformed.append((number, "duplicate_key"))
        else:
            items.append(element)
            lines.append(number)
    level = Level(items)
    fields = columns(level, wanted, lambda i: closely()[lines[i] - 1])
    table = table_of(fields.columns, wanted, len(items))
    numbers = np.array(lines, np.int64)
    return Batch(table, numbers, malformed, {}, level.unwanted(frozenset(wanted)), fields.missing, fields.mixed)
