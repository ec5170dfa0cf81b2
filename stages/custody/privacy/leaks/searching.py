"""The search of the leak scan: `Known.find`, and a short cut for columns of tokens.

Where every text is one run of ASCII letters, digits and underscores, as tokens and row ids are, an identifier is a
token of its own only when it is the whole text. Then a look-up replaces the search, with the same hits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.text import folding
from custody.privacy.text.boundaries import WORD
from custody.privacy.text.haystack import Haystack
from custody.privacy.text.known import Hits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.privacy.text.known import Known


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

    def find(self, texts: pa.Array, *, whole: bool) -> Hits:
        """Return what `Known.find` returns."""
        if not len(texts) or not len(self.known):
            return Hits.none()
        hay = Haystack(folding.fold(texts))
        return self._look_up(hay, whole=whole) if _are_words(hay) else self.known.search(hay, whole=whole)

    def _look_up(self, hay: Haystack, *, whole: bool) -> Hits:
        lengths = np.diff(hay.offsets)
        if (lengths <= _SPELLED).any() and len(self.known.respelled(hay)[0]):
            return self.known.search(hay, whole=whole)
        if not np.isin(lengths, self.lengths).any():
            return Hits.none()
        found = pc.index_in(hay.texts, value_set=self.words.cast(hay.texts.type))
        row = np.flatnonzero(found.is_valid().to_numpy(zero_copy_only=False))
        identifier = self.places[found.drop_null().to_numpy()]
        counts = whole | ~self.known.placed[identifier]
        allowed = self.known.allowed[identifier]
        allowed_row = row[counts & allowed]
        row, identifier = row[counts & ~allowed], identifier[counts & ~allowed]
        return Hits(row, np.zeros_like(row), lengths[row], identifier, allowed_row)


def _are_words(hay: Haystack) -> bool:
    """True where every byte is a letter, digit or underscore; most texts that are none show it at once."""
    data = hay.data[hay.offsets[0] : hay.offsets[-1]]
    return bool(WORD[data[:_GLANCE]].all() and WORD[data].all())


_SPELLED = 15
"""Bytes of the longest address that is one run of letters, digits and underscores (`spellings`)."""
_GLANCE = 4096
"""Bytes."""


def search_for(known: Known) -> Search:
    """Make ready to search for known identifiers."""
    word = pc.match_substring_regex(known.names, r"^[0-9a-z_]+$").to_numpy(zero_copy_only=False)
    number = pc.match_substring_regex(known.names, "^-?[0-9]{9,}$")
    words = known.names.filter(pa.array(word))
    return Search(
        known,
        words,
        np.flatnonzero(word),
        np.unique(pc.binary_length(words).to_numpy(zero_copy_only=False)).astype(np.int64),
        bool(pc.any(number, min_count=0).as_py()),
        bool(pc.any(pc.equal(known.kinds, "timestamp"), min_count=0).as_py()),
    )
