"""Hits that the technique itself wrote: an address that ip_prefix makes can be another raw address by chance.

A hit is such a coincidence, and no leak, where for the row all of this holds:

1. the technique, run again on the row's raw value, gives exactly the cell;
2. the identifier is not a word of the row's own raw value (`anna` is one of `anna@corp.com` and none of `annabel`), but
   for a network that ip_truncate wrote: 192.0.2.0/24 says no more of 192.0.2.0 than of its 255 neighbours;
3. in redacted text, the identifier is also one of the tokens that redaction writes. (Without it, text that redaction
   merely left as it was would pass the first test.)

A kept column, and one that no technique wrote, has no coincidences.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy import cells
from custody.privacy.canonical import canonical, text
from custody.privacy.techniques import registry as techniques
from custody.privacy.techniques.given import NOTHING
from custody.privacy.text import folding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from custody.policy.schema import FieldType
    from custody.policy.techniques import AnyColumn
    from custody.privacy.leaks.entries import Entries
    from custody.privacy.techniques.given import Given
    from custody.privacy.text.known import Hits, Known
    from custody.records.zone import Zone

V4, V6 = 32, 128
"""Bits of an address; a network of so many is one address."""


@dataclass(frozen=True)
class Written:
    """What a candidate was written from: the collected records, one for each of its rows in their order, and how."""

    raw: pa.Table = field(repr=False)
    columns: Mapping[str, AnyColumn]
    kinds: Mapping[str, FieldType]
    zone: Zone = field(repr=False)
    given: Mapping[str, Given] = field(default_factory=dict, repr=False)
    """By column, for all records in their order."""


def coincidences(name: str, entries: Entries, hits: Hits, written: Written, known: Known) -> int:
    """Return how many occurrences of `hits`, which index `entries.texts`, the technique of the column wrote itself."""
    treatment = written.columns.get(name)
    if treatment is None or treatment.technique == "keep":
        return 0
    row, identifier = hits.row, hits.identifier
    if treatment.technique == "redact_text":
        token = _are_tokens(identifier, known)
        row, identifier = row[token], identifier[token]
    rows = np.flatnonzero(np.isin(entries.codes, row))
    given, kind = written.given.get(name, NOTHING), written.kinds[name]
    if treatment.technique in techniques.BY_RECORD:
        raw, codes, times, given = *_each(written.raw.column(name), rows, entries), given.take(rows)
    else:
        raw, codes, times = _pairs(written.raw.column(name), rows, entries)
    again = techniques.transform(raw, treatment, kind, written.zone, known, given).values
    same = _equal(again, entries.texts.take(pa.array(codes)), kind)
    own = folding.fold(canonical(raw, kind)).to_pylist()
    names = _names(row, identifier, known)
    shared = treatment.technique == "ip_truncate" and treatment.v4 < V4 and treatment.v6 < V6
    return sum(
        int(count) * sum(shared or not _is_word(name, mine) for name in names[code])
        for code, count, mine, equal in zip(codes.tolist(), times, own, same, strict=True)
        if equal
    )


def _are_tokens(identifier: NDArray[np.int64], known: Known) -> NDArray[np.bool_]:
    """Which hits are of identifiers that are, by chance, also tokens that redaction writes."""
    tokens = folding.fold(known.replacements)
    names = known.names.take(pa.array(identifier)).cast(tokens.type)
    found: NDArray[np.bool_] = pc.is_in(names, value_set=tokens).to_numpy(zero_copy_only=False)
    return found


def _pairs(
    raw: pa.ChunkedArray, rows: NDArray[np.intp], entries: Entries
) -> tuple[pa.Array, NDArray[np.int64], NDArray[np.intp]]:
    """Return the distinct pairs of raw value and written entry at these rows, and how many rows have each."""
    values = cells.plain(raw.take(pa.array(rows)))
    origin = values.dictionary_encode(null_encoding="encode").indices.to_numpy(zero_copy_only=False)
    written = entries.codes[rows]
    pair = origin.astype(np.int64) * (len(entries.texts) + 1) + written
    _, first, times = np.unique(pair, return_index=True, return_counts=True)
    return values.take(pa.array(first)), written[first], times


def _each(
    raw: pa.ChunkedArray, rows: NDArray[np.intp], entries: Entries
) -> tuple[pa.Array, NDArray[np.int64], NDArray[np.intp]]:
    """Return raw value and written entry of each of these rows, which is one row each."""
    return cells.plain(raw.take(pa.array(rows))), entries.codes[rows], np.ones(len(rows), dtype=np.intp)


def _equal(again: pa.Array | None, texts: pa.Array, kind: FieldType) -> list[bool]:
    if again is None:
        return [False] * len(texts)
    equal: list[bool] = pc.fill_null(pc.equal(text(again, kind), texts), False).to_pylist()  # noqa: FBT003  # the value of nulls
    return equal


def _is_word(name: str, text: str) -> bool:
    """Whether a name stands in a text with no letter, digit or underscore beside it.

    No pattern is made of it: a key that maps a data set's own addresses onto each other has a name for each row.
    """
    at = text.find(name)
    while at >= 0:
        beside = text[max(at - 1, 0) : at] + text[at + len(name) : at + len(name) + 1]
        if not any(one.isalnum() or one == "_" for one in beside):
            return True
        at = text.find(name, at + 1)
    return False


def _names(row: NDArray[np.int64], identifier: NDArray[np.int64], known: Known) -> dict[int, list[str]]:
    """Identifiers by the entry they stand in."""
    found: dict[int, list[str]] = {}
    for entry, name in zip(row.tolist(), known.names.take(pa.array(identifier)).to_pylist(), strict=True):
        found.setdefault(entry, []).append(name)
    return found
