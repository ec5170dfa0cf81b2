"""The identifiers that a data set is known to hold, and where they stand in other text.

`gather` takes the distinct values of a direct-identifier column out of a partition, `merge` joins what partitions
gave, `build` makes the `Known` that redaction writes from and that the leak scan searches with.

What counts as a hit (letters compare without case, in every script):

- An identifier counts where it stands as a token of its own: no letter, digit or underscore of its own script on either
  side. An e-mail address or a network address is also no hit inside a longer one (`matching`).
- A number of up to 8 digits and a name of up to 3 characters stand everywhere by chance, so they count only in an
  identifier's place, such as `user=7` or `for bob from` (`places`), or where they are the whole text.
- A word inside a placeholder that redaction writes (`<email>`) is no hit, whoever chose that word for a user name.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy import canonical
from custody.privacy.cells import plain
from custody.privacy.techniques import registry as techniques
from custody.privacy.text import folding, matching, places, spellings
from custody.privacy.text.haystack import Found, Haystack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from custody.policy.schema import FieldType
    from custody.policy.techniques import AnyColumn
    from custody.records.zone import Zone

    Whole: TypeAlias = bool | NDArray[np.bool_]

RAW = "!raw"
_ESCAPING = np.isin(np.arange(256), list(b"%\\=[;"))
"""Bytes from which on letters may be an escape, behind which another word begins."""
_PROBE = f"{matching.PROBE}|{places.PROBE}|{spellings.PROBE}"
"""Finds every folded text that can hold more than names as they are, whatever the names are: one pass for all."""
_END = np.iinfo(np.int64).max
EMPTY = pl.DataFrame(schema=dict.fromkeys(("name", "replacement", "column", "kind"), pl.String))


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


@dataclass(frozen=True)
class Hits:
    """Where identifiers stand: one element per hit, sorted by place, never overlapping (leftmost, then longest).

    `row` is the index in the texts that were searched, `start` and `end` are byte offsets in that row's UTF-8 text,
    `identifier` indexes `Known.names`. `allowed_row` are the rows of hits of `not_personal` words, which are not among
    the others.
    """

    row: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    identifier: NDArray[np.int64]
    allowed_row: NDArray[np.int64]

    @staticmethod
    def none() -> Hits:
        """No hit."""
        return Hits(*(np.empty(0, dtype=np.int64) for _ in range(5)))

    @property
    def allowed(self) -> int:
        """How many hits of `not_personal` words there are."""
        return len(self.allowed_row)

    def between(self, first: int, last: int) -> Hits:
        """Return the hits in the texts from `first` up to `last`, which are then texts 0 and following."""
        begin, end = np.searchsorted(self.row, [first, last])
        allowed = self.allowed_row[slice(*np.searchsorted(self.allowed_row, [first, last]))]
        part = (self.start[begin:end], self.end[begin:end], self.identifier[begin:end])
        return Hits(self.row[begin:end] - first, *part, allowed - first)

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True)
class Known:
    """Known identifiers, ready to be searched for; plain arrays, so that a worker process can have it.

    All arrays have one element per distinct identifier (distinct without regard to case), sorted by text.
    """

    names: pa.Array = field(repr=False)
    """The identifiers, folded to lower case; sensitive: never to be shown."""
    columns: pa.Array
    """The column that each identifier was found in (the first by technique and name where it stands in several)."""
    kinds: pa.Array
    """That column's type in the schema."""
    replacements: pa.Array = field(repr=False)
    """What redaction writes: the token of its column, or `<kind>` where that column has no tokens."""
    allowed: NDArray[np.bool_] = field(repr=False)
    """True for a word of `not_personal`."""
    placed: NDArray[np.bool_] = field(repr=False)
    """True for a number or very short name, which counts only in an identifier's place or as a whole text."""

    def __len__(self) -> int:
        return len(self.names)

    def find(self, texts: pa.Array | pa.ChunkedArray, *, whole: bool = True) -> Hits:
        """Find every known identifier in `texts` (strings; null holds none), in time linear in their bytes.

        `whole`: short and numeric names also count where they are the whole text.
        """
        return self.search(Haystack(folding.fold(texts)), whole=whole)

    def search(self, hay: Haystack, *, whole: Whole) -> Hits:
        """Do what `find` does in texts that are folded already; `whole` for all of them or each."""
        found = self._resolved(hay, whole=whole)
        allowed = self.allowed[found.identifier]
        hits = found.filter(~allowed)
        first = hay.offsets[hits.row]
        return Hits(hits.row, hits.start - first, hits.end - first, hits.identifier, found.row[allowed])

    def _resolved(self, hay: Haystack, *, whole: Whole) -> Found:
        """What `matching.resolve` gives of all hits, sought only where the settled ones do not tell."""
        settled, left = self._tokens.settled(hay)
        unusual = np.flatnonzero(pl.Series(hay.texts).str.contains(_PROBE).to_numpy())
        part = hay.part(unusual)
        left[unusual[self._tokens.encoded(part)]] = True
        placed = Found.join([self._in_places(part), self.respelled(part)]).moved(part, hay, unusual)
        placed = Found.join([placed, self._whole(hay, whole)])
        left[placed.row] = True
        left[self._shields(hay, settled).row] = True
        rows = np.flatnonzero(left)
        if not len(rows):
            return settled
        part = hay.part(rows)
        rest = self._personal_first(Found.join([self._tokens.find(part).moved(part, hay, rows), placed]))
        found = Found.join([settled.filter(~left[settled.row]), rest])
        return found.filter(np.argsort(found.start, kind="stable"))

    def _shields(self, hay: Haystack, settled: Found) -> Found:
        """Allowed hits that a personal one may overlap: of several words, or behind what may be an escape."""
        allowed = settled.filter(self.allowed[settled.identifier])
        behind = _ESCAPING[hay.at(allowed.start - 1, allowed.row)]
        return allowed.filter(behind | ~self._one_word[allowed.identifier])

    def _personal_first(self, found: Found) -> Found:
        """What is left of overlapping hits: personal ones, then the allowed ones that none of those overlaps."""
        allowed = self.allowed[found.identifier]
        personal, others = matching.resolve([found.filter(~allowed)]), found.filter(allowed)
        free = np.append(personal.start, _END)[np.searchsorted(personal.end, others.start, side="right")] >= others.end
        return Found.join([personal, matching.resolve([others.filter(free)])])

    @cached_property
    def _one_word(self) -> NDArray[np.bool_]:
        word: NDArray[np.bool_] = pc.match_substring_regex(self.names, "^[0-9a-z_]+$").to_numpy(zero_copy_only=False)
        return word

    def respelled(self, hay: Haystack) -> Found:
        """Find addresses in other spellings than their own, in texts that are folded already."""
        return self._spellings.find(hay)

    def _in_places(self, hay: Haystack) -> Found:
        return self._places.find(hay) if self.placed.any() else Found.none()

    def _whole(self, hay: Haystack, whole: Whole) -> Found:
        if not self.placed.any() or not np.any(whole):
            return Found.none()
        found = self._places.whole(hay)
        return found.filter(np.broadcast_to(whole, len(hay))[found.row])

    @cached_property
    def _tokens(self) -> matching.Tokens:
        chosen = np.flatnonzero(~self.placed)
        names = self.names.take(pa.array(chosen))
        others, origin = spellings.listed(names)
        return matching.Tokens(pa.concat_arrays([names, others]), np.concatenate([chosen, chosen[origin]]))

    @cached_property
    def _spellings(self) -> spellings.Spellings:
        return spellings.Spellings(self.names, np.arange(len(self)))

    @cached_property
    def _places(self) -> places.Places:
        chosen = np.flatnonzero(self.placed)
        return places.Places(self.names.take(pa.array(chosen)), chosen)

    def __getstate__(self) -> dict[str, Any]:
        """What a worker process gets: the arrays; it builds the automata itself."""
        return {name: value for name, value in self.__dict__.items() if not name.startswith("_")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def build(
    identifiers: Sequence[Identifiers], columns: Mapping[str, AnyColumn], zone: Zone, not_personal: Sequence[str] = ()
) -> Known:
    """Make the known identifiers of a data set out of its direct columns, one `Identifiers` per column (see `merge`).

    `columns` are the policy's. A name that stands in several columns gets the token of the first that has tokens; so
    does a text that was convertible in one and not in another.
    """
    rank = lambda one: (columns[one.column].technique not in techniques.TOKENS, one.column)  # noqa: E731  # one use
    listed = [_listed(one, columns[one.column], zone) for one in sorted(identifiers, key=rank)]
    listed += [_frame(one, one.raw, None) for one in sorted(identifiers, key=rank)]
    names = pl.concat([EMPTY, *listed]).unique("name", keep="first", maintain_order=True).sort("name")
    folded = names["name"].to_arrow().cast(pa.string())
    allowed = pc.is_in(folded, value_set=name(pa.array(not_personal, pa.string())))
    return Known(
        names=folded,
        columns=names["column"].to_arrow().cast(pa.string()),
        kinds=names["kind"].to_arrow().cast(pa.string()),
        replacements=names["replacement"].to_arrow().cast(pa.string()),
        allowed=allowed.to_numpy(zero_copy_only=False),
        placed=places.needed(folded),
    )


def _listed(one: Identifiers, column: AnyColumn, zone: Zone) -> pl.DataFrame:
    tokens = None
    if column.technique in techniques.TOKENS:
        tokens = techniques.transform(one.values, column, one.kind, zone).values
    return _frame(one, canonical.text(one.values, one.kind), tokens)


def _frame(one: Identifiers, texts: pa.Array, tokens: pa.Array | None) -> pl.DataFrame:
    tokens = pa.nulls(len(texts), pa.string()) if tokens is None else tokens
    written = tokens.fill_null(f"<{one.kind}>")  # ip_prefix has no token for some
    frame = pl.DataFrame({"name": name(texts), "replacement": written}, schema_overrides={"name": pl.String})
    frame = frame.with_columns(column=pl.lit(one.column), kind=pl.lit(one.kind)).select(EMPTY.columns)
    return frame.filter(pl.col("name") != "")


def name(texts: pa.Array) -> pa.Array:
    """Return texts as names are compared: trimmed and without case (strings; null becomes empty)."""
    return folding.fold(pc.utf8_trim_whitespace(texts)).cast(pa.string())


def _distinct(arrays: Sequence[Any]) -> pa.Array:
    chunks = [chunk for array in arrays for chunk in (array.chunks if isinstance(array, pa.ChunkedArray) else [array])]
    kind = arrays[0].type
    unique = plain(pc.unique(pa.chunked_array(chunks, kind))).drop_null()
    return unique.take(pc.sort_indices(unique))
