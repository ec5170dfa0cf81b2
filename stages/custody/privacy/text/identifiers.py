"""What a direct-identifier column holds: gathered partition by partition, and merged."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.cells import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from custody.policy.schema import FieldType

RAW = "!raw"


@dataclass(frozen=True)
class Identifiers:
    """Distinct values of one direct-identifier column, sorted, no null; `raw`: texts that could not be converted."""

    column: str
    kind: FieldType
    values: pa.Array = field(repr=False)
    raw: pa.Array = field(repr=False)


def gather(table: pa.Table, column: str, kind: FieldType) -> Identifiers:
    """Return the distinct identifiers of one column of a collected partition, and of its `!raw` companion."""
    names = table.column_names
    raw = table.column(column + RAW) if column + RAW in names else pa.chunked_array([], pa.string())
    values, raw = _distinct([table.column(column)]), _distinct([raw])
    return Identifiers(column, kind, values, _distinct([raw, _elements(values), _elements(raw)]))


def _elements(texts: pa.Array) -> pa.Array:
    """Return the texts inside of those that are a JSON list or object: a cell of several people names each of them."""
    if not pa.types.is_string(texts.type):
        return pa.array([], pa.string())
    found: set[str] = set()
    for text in texts.filter(pc.match_substring_regex(texts, r"^\s*[\[{]")).to_pylist():
        try:
            waiting = [json.loads(text)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            one = waiting.pop()
            if isinstance(one, str) and one.strip():
                found.add(unicodedata.normalize("NFC", one.strip()))
            elif isinstance(one, list | dict):
                waiting += one.values() if isinstance(one, dict) else one
    encodable = [one for one in sorted(found) if not any("\ud800" <= character <= "\udfff" for character in one)]
    return pa.array(encodable, pa.string())


def merge(parts: Iterable[Identifiers]) -> Identifiers:
    """Join what several partitions hold of one column; any order and grouping of the parts gives the same."""
    listed = list(parts)
    first = listed[0]
    values = _distinct([part.values for part in listed])
    return Identifiers(first.column, first.kind, values, _distinct([part.raw for part in listed]))


def _distinct(arrays: Sequence[Any]) -> pa.Array:
    chunks = [chunk for array in arrays for chunk in (array.chunks if isinstance(array, pa.ChunkedArray) else [array])]
    kind = arrays[0].type
    unique = plain(pc.unique(pa.chunked_array(chunks, kind))).drop_null()
    return unique.take(pc.sort_indices(unique))
