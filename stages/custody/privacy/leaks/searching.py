"""The search of the leak scan: `Known.find`, and a short cut for columns of tokens.

Where every text is one run of ASCII letters, digits and underscores, as tokens and row ids are, an identifier is a
token of its own only when it is the whole text. Then a look-up replaces the search, with the same hits. Texts of a
column that held nothing in an earlier partition are not searched again (`remembered`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.leaks.remembered import Remembered
from custody.privacy.text import folding, spellings
from custody.privacy.text.known import Hits
from custody.privacy.text.search import ANY, AS_IS, LETTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from custody.privacy.text.known import Known


class Sought(NamedTuple):
    """Texts to search, and which short and numeric names count where they are the whole text (`search`)."""

    texts: pa.Array
    whole: int
    column: str | None = None
    """The column whose texts these are, where they repeat from partition to partition."""

    def part(self, rows: NDArray[np.int64]) -> Sought:
        """Return some of the texts."""
        return self._replace(texts=self.texts.take(pa.array(rows)))


@dataclass(frozen=True)
class Search:
    """What is searched for; a plain value, so that a worker process can have it."""

    known: Known
    words: pa.Array = field(repr=False)
    """Identifiers that are one run of letters, digits and underscores."""
    places: NDArray[np.int64] = field(repr=False)
    """Where they stand in `known.names`."""
    lengths: NDArray[np.int64]
    """Their distinct lengths in bytes."""
    long_numbers: bool
    """True where an identifier is a number long enough to count wherever it stands."""
    times: bool
    """True where a direct column holds times."""
    remembered: Remembered = field(default_factory=Remembered, repr=False, compare=False)

    def find(self, texts: pa.Array, *, whole: int) -> Hits:
        """Return what `Known.search` returns."""
        return self.find_each([Sought(texts, whole)])[0]

    def find_each(self, columns: Sequence[Sought]) -> list[Hits]:
        """Return what `Known.search` returns for each of these."""
        rows = [self._rows(one) for one in columns]
        parts = [one if len(own) == len(one.texts) else one.part(own) for one, own in zip(columns, rows, strict=True)]
        found = self._find_each(parts)
        for one, hits in zip(parts, found, strict=True):
            self._remember(one, hits)
        return [hits.moved(own) for hits, own in zip(found, rows, strict=True)]

    def _rows(self, one: Sought) -> NDArray[np.int64]:
        if one.column is None:
            return np.arange(len(one.texts), dtype=np.int64)
        return self.remembered.others(one.column, one.whole, one.texts)

    def _remember(self, one: Sought, hits: Hits) -> None:
        if one.column is not None and len(one.texts):
            empty = np.ones(len(one.texts), dtype=bool)
            empty[hits.row], empty[hits.allowed_row] = False, False
            self.remembered.add(one.column, one.whole, one.texts.filter(pa.array(empty)))

    def _find_each(self, columns: Sequence[Sought]) -> list[Hits]:
        """Search all but words at once."""
        found = [self._look_up(one.texts, whole=one.whole) if _is_worth_it(one.texts) else None for one in columns]
        rest = [i for i, hits in enumerate(found) if hits is None]
        texts = pa.chunked_array([columns[i].texts for i in rest], pa.string())
        wholes = np.repeat([columns[i].whole for i in rest], [len(columns[i].texts) for i in rest])
        hits = self.known.search(folding.haystack(texts), whole=wholes.astype(np.int8)) if rest else Hits.none()
        first = 0
        for i in rest:
            found[i] = hits.between(first, first + len(columns[i].texts))
            first += len(columns[i].texts)
        return [Hits.none() if one is None else one for one in found]

    def _look_up(self, texts: pa.Array, *, whole: int) -> Hits | None:
        """Return the hits in texts that are words; None where a look-up does not tell them."""
        if not len(texts) or not len(self.known):
            return Hits.none()
        if not _are_words(texts):
            return None
        if self.known.finder.in_words(folding.haystack(texts)):
            return None
        lengths = pc.binary_length(texts).fill_null(0).to_numpy(zero_copy_only=False)
        if not np.isin(lengths, self.lengths).any():
            return Hits.none()
        found = pc.index_in(pc.ascii_lower(texts), value_set=self.words)
        row = np.flatnonzero(found.is_valid().to_numpy(zero_copy_only=False))
        identifier = self.places[found.drop_null().to_numpy()]
        counts = ~self.known.placed[identifier] | (whole == ANY) | (whole == LETTERS) & self.known.lettered[identifier]
        allowed = self.known.allowed[identifier]
        allowed_row = row[counts & allowed]
        row, identifier = row[counts & ~allowed], identifier[counts & ~allowed]
        start = np.zeros_like(row)
        return Hits(row, start, lengths[row].astype(np.int64), identifier, start + AS_IS, allowed_row)


def _is_worth_it(texts: pa.Array) -> bool:
    """Say whether a look-up may cost less than a search of these texts together with others."""
    return len(texts) == 0 or len(texts) > _GLANCE


def _are_words(texts: pa.Array) -> bool:
    """True where every byte is a letter, digit or underscore; most texts that are none show it at once."""
    return _all_words(texts.slice(0, _GLANCE)) and _all_words(texts)


def _all_words(texts: pa.Array) -> bool:
    if pc.all(pc.ascii_is_alnum(texts), min_count=0).as_py():
        return True
    return not pc.any(pc.match_substring_regex(texts, "[^0-9A-Za-z_]"), min_count=0).as_py()


_GLANCE = 64
"""Texts."""


def search_for(known: Known) -> Search:
    """Make ready to search for known identifiers."""
    others, origin = spellings.folded(known.names)
    fresh = pc.invert(pc.is_in(others, value_set=known.names))
    names = pa.concat_arrays([known.names, others.filter(fresh)])
    places = np.concatenate([np.arange(len(known)), origin[fresh.to_numpy(zero_copy_only=False)]])
    word = pc.match_substring_regex(names, r"^[0-9a-z_]+$")
    number = pc.match_substring_regex(known.names, "^-?[0-9]{9,}$")
    words = names.filter(word)
    return Search(
        known,
        words,
        places[word.to_numpy(zero_copy_only=False)],
        np.unique(pc.binary_length(words).to_numpy(zero_copy_only=False)).astype(np.int64),
        bool(pc.any(number, min_count=0).as_py()),
        bool(pc.any(pc.equal(known.kinds, "timestamp"), min_count=0).as_py()),
    )
