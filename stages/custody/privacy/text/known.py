r"""The identifiers that a data set is known to hold, and where they stand in other text.

`build` makes the `Known` that redaction writes from and that the leak scan searches with, out of what `identifiers`
gathered.

What counts as a hit (letters compare without case, in every script):

- An identifier counts where it stands as a token of its own: no letter, digit or underscore of its own script on either
  side. An e-mail address or a network address is also no hit inside a longer one (`matching`).
- So does what names a person by a part of an identifier: words of a full name, the local part of an e-mail address, the
  account of `DOMAIN\account` (`derived`).
- A number of up to 8 digits, a name of up to 3 characters and a part that is a common word stand everywhere by chance.
  So they count only in an identifier's place, such as `user=7` or `for bob from` (`places`), or as the whole text.
- Other spellings count as the name itself: addresses as file names and reports write them (`spellings`), and whatever
  escapes or base64 hide (`search`).
- A word inside a placeholder that redaction writes (`<email>`) is no hit, whoever chose that word for a user name.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy import canonical
from custody.privacy.techniques import registry as techniques
from custody.privacy.text import derived, folding, places
from custody.privacy.text.search import ANY, NOT, Finder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from custody.policy.techniques import AnyColumn
    from custody.privacy.text.haystack import Haystack
    from custody.privacy.text.identifiers import Identifiers
    from custody.privacy.text.search import Whole
    from custody.records.zone import Zone

EMPTY = pl.DataFrame(schema=dict.fromkeys(("name", "replacement", "column", "kind"), pl.String))


@dataclass(frozen=True)
class Hits:
    """Where identifiers stand: one element per hit, sorted by place, never overlapping (leftmost, then longest).

    `row` is the index in the texts that were searched, `start` and `end` are byte offsets in that row's UTF-8 text,
    `identifier` indexes `Known.names`, `spelling` indexes `search.SPELLINGS`. `allowed_row` are the rows of hits of
    `not_personal` words, which are not among the others.
    """

    row: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    identifier: NDArray[np.int64]
    spelling: NDArray[np.int64]
    allowed_row: NDArray[np.int64]

    @staticmethod
    def none() -> Hits:
        """No hit."""
        nothing = np.empty(0, dtype=np.int64)
        return Hits(nothing, nothing, nothing, nothing, nothing, nothing)

    @property
    def allowed(self) -> int:
        """How many hits of `not_personal` words there are."""
        return len(self.allowed_row)

    def between(self, first: int, last: int) -> Hits:
        """Return the hits in the texts from `first` up to `last`, which are then texts 0 and following."""
        chosen = slice(*np.searchsorted(self.row, [first, last]))
        allowed = self.allowed_row[slice(*np.searchsorted(self.allowed_row, [first, last]))] - first
        start, end = self.start[chosen], self.end[chosen]
        return Hits(self.row[chosen] - first, start, end, self.identifier[chosen], self.spelling[chosen], allowed)

    def moved(self, rows: NDArray[np.int64]) -> Hits:
        """Return the hits in texts of which each is text `rows[i]` of others as hits in those; `rows` ascend."""
        return replace(self, row=rows[self.row], allowed_row=rows[self.allowed_row])

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
    """True for a number, very short name or common part: it counts only in an identifier's place or as a whole text."""
    common: NDArray[np.bool_] = field(repr=False)
    """True for a part that is a common word, or that many people's names share."""
    derived: NDArray[np.bool_] = field(repr=False)
    """True for what is only a part of an identifier."""
    not_personal: pa.Array
    """All words of `not_personal`, whether a column holds them or not."""

    def __len__(self) -> int:
        return len(self.names)

    @property
    def spared(self) -> frozenset[str]:
        """Texts (folded) that detectors leave alone: reviewed words, and what is written for known identifiers."""
        return self._spared

    @cached_property
    def _spared(self) -> frozenset[str]:
        return frozenset([*self.not_personal.to_pylist(), *folding.fold(self.replacements).to_pylist()])

    def find(self, texts: pa.Array | pa.ChunkedArray, *, whole: bool = True) -> Hits:
        """Find every known identifier in `texts` (strings; null holds none), in time linear in their bytes.

        `whole`: short and numeric names also count where they are the whole text.
        """
        return self.search(folding.haystack(texts), whole=ANY if whole else NOT)

    def search(self, hay: Haystack, *, whole: Whole) -> Hits:
        """Do what `find` does in texts that are folded already; `whole` (`search`) for all of them or each."""
        if not len(self):
            return Hits.none()
        found = self.finder.find(hay, whole)
        spelling, identifier = np.divmod(found.identifier, len(self))
        allowed = self.allowed[identifier]
        first = hay.offsets[found.row]
        row, start, end = (part[~allowed] for part in (found.row, found.start - first, found.end - first))
        return Hits(row, start, end, identifier[~allowed], spelling[~allowed], found.row[allowed])

    @cached_property
    def lettered(self) -> NDArray[np.bool_]:
        """True for short names with a letter that are no common word: no status or count is spelled so."""
        letter = pc.match_substring_regex(self.names, r"[^0-9+\-.,]").to_numpy(zero_copy_only=False)
        result: NDArray[np.bool_] = self.placed & ~self.common & letter
        return result

    @cached_property
    def finder(self) -> Finder:
        """What searches; made when first asked for."""
        return Finder(self.names, self.allowed, self.placed, self.lettered)

    def __getstate__(self) -> dict[str, Any]:
        """What a worker process gets: the arrays; it builds the automata itself."""
        return {name: value for name, value in self.__dict__.items() if name not in {"finder", "lettered"}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def build(
    identifiers: Sequence[Identifiers], columns: Mapping[str, AnyColumn], zone: Zone, not_personal: Sequence[str] = ()
) -> Known:
    """Make the known identifiers of a data set out of its direct columns, one `Identifiers` per column.

    `columns` are the policy's. A name that stands in several columns gets the token of the first that has tokens; so
    does a text that was convertible in one and not in another.
    """
    rank = lambda one: (columns[one.column].technique not in techniques.TOKENS, one.column)  # noqa: E731  # one use
    listed = [_listed(one, columns[one.column], zone) for one in sorted(identifiers, key=rank)]
    listed += [_frame(one, one.raw, None) for one in sorted(identifiers, key=rank)]
    names = pl.concat([EMPTY, *listed]).unique("name", keep="first", maintain_order=True)
    nobody = name(pa.array(not_personal, pa.string()))
    names = derived.added(names, pl.Series(nobody)).sort("name")
    folded = names["name"].to_arrow().cast(pa.string())
    allowed = pc.is_in(folded, value_set=nobody).to_numpy(zero_copy_only=False)
    common = names["common"].to_numpy() & ~allowed
    return Known(
        names=folded,
        columns=names["column"].to_arrow().cast(pa.string()),
        kinds=names["kind"].to_arrow().cast(pa.string()),
        replacements=names["replacement"].to_arrow().cast(pa.string()),
        allowed=allowed,
        placed=places.needed(folded) | common,
        common=common,
        derived=names["derived"].to_numpy(),
        not_personal=nobody,
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
