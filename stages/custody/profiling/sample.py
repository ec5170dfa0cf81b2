"""The first records of a file, as collect would read them: raw text by field, and what could not be read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from pydantic import TypeAdapter

from custody.errors import CustodyError
from custody.policy.sources import AnyFormat
from custody.sources.formats import documents
from custody.sources.formats.readers import read
from custody.sources.values.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

RECORDS: Final = 100_000
"""Records that are looked at."""
EXPANDED: Final = 2**30
"""Bytes that a compressed file may expand to while it is looked at."""


@dataclass(frozen=True)
class Sample:
    """Records of a file, column by column."""

    columns: dict[str, pa.Array] = field(repr=False)
    """Clean text by the name that the file gives the field; null where nothing stands."""
    records: int
    malformed: int
    skipped: int
    whole: bool
    """The file holds no more than was looked at."""
    nested: frozenset[str] = frozenset()
    """Fields that hold a list or an object somewhere."""


def format_of(words: Mapping[str, Any]) -> AnyFormat:
    """Return a format of the policy from plain values."""
    form: AnyFormat = TypeAdapter(AnyFormat).validate_json(json.dumps({**words, "max_expanded_bytes": EXPANDED}))
    return form


def fields_of(words: Mapping[str, Any], fields: Sequence[str]) -> tuple[str, ...]:
    """Return the fields that a format gives: those that the file names, or those that its kind always has."""
    if words["type"] == "document":
        return tuple(sorted(documents.FIELDS[words.get("kind", "text")]))
    return tuple(fields)


def sample(path: Path, words: Mapping[str, Any], fields: Sequence[str], most: int = RECORDS) -> Sample:
    """Read at most about `most` records; a file that cannot be read to there counts with what could be."""
    parts: dict[str, list[pa.Array]] = {name: [] for name in fields}
    nested: set[str] = set()
    rows = malformed = skipped = 0
    whole = True
    form = format_of(words)
    with path.open("rb") as stream:
        try:
            for batch in read(stream, form, fields):
                rows, malformed = rows + batch.rows, malformed + len(batch.malformed)
                skipped += sum(batch.skipped.values())
                nested |= {name for name, mask in batch.mixed.items() if mask.any()}
                for name in fields:
                    parts[name] += batch.table.column(name).chunks
                if rows + malformed + skipped >= most:
                    whole = False
                    break
        except CustodyError:
            whole = False
    return Sample({name: _texts(parts[name]) for name in fields}, rows, malformed, skipped, whole, frozenset(nested))


def _texts(chunks: Sequence[pa.Array]) -> pa.Array:
    return clean(pa.concat_arrays([pa.array([], pa.string()), *(_text(chunk) for chunk in chunks)]))


def _text(chunk: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(chunk.type):
        return pa.array([None if one is None else one.isoformat() for one in chunk.to_pylist()], pa.string())
    return chunk.cast(pa.string())
