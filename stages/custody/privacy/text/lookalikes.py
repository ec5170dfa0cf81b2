"""Characters that only look another way, and what they are plainly: full-width and mathematical letters, `10。2。3。4`.

Compatibility forms (Unicode 3.7, NFKC); dashes, apostrophes, quotes, colons and slashes that are not ASCII's; the dots
that host names may have (UTS 46, 2.3); the dotless i and the dotted I, which upper and lower case make of the other
two; what is invisible. Case and accents stay. Texts of ASCII alone are plain.
"""

from __future__ import annotations

import unicodedata
from functools import cache, partial
from itertools import chain, starmap
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

from custody.privacy.text import splice
from custody.privacy.text.haystack import wide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

_BLOCKS = (
    (0x80, 0x3400), (0xA600, 0xAC00), (0xF900, 0x10000), (0x10700, 0x10E00), (0x16D00, 0x17000), (0x1D000, 0x1E100),
    (0x1EE00, 0x20000), (0x2F800, 0x2FB00),
)  # fmt: skip
"""Between and behind them stands no character that changes, but invisible ones: ideographs, Hangul, old scripts."""
INVISIBLE = (
    r"\x{AD}\x{34F}\x{61C}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}\x{200B}-\x{200F}\x{202A}-\x{202E}"
    r"\x{2060}-\x{206F}\x{3164}\x{FE00}-\x{FE0F}\x{FEFF}\x{FFA0}\x{E0001}\x{E0020}-\x{E007F}\x{E0100}-\x{E01EF}"
)
"""Inside of a character class: what fonts draw nothing for (Unicode 5.21, default ignorable)."""
_ALIKE = {
    "-": "\u02d7\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d",
    "'": "\u00b4\u02b9\u02bb\u02bc\u02bd\u02c8\u02ca\u2018\u2019\u201b\u2032\ua78c\uff07",
    '"': "\u201c\u201d\u201e\u201f\u2033\uff02",
    ".": "\u2024\u3002\uff0e\uff61",
    ":": "\u02d0\u2236\ua789\uff1a",
    "/": "\u2044\u2215\uff0f",
    "i": "\u0131",
    "I": "\u0130",
}
_TABLE = {ord(one): plain for plain, others in _ALIKE.items() for one in others}


def points() -> list[str]:
    """Return every character beyond ASCII that may be written another way."""
    return [*map(chr, chain.from_iterable(starmap(range, _BLOCKS)))]


def plain(text: str) -> str:
    """Return a text in plain characters."""
    shown = text.translate(_table())
    return shown if shown.isascii() else unicodedata.normalize("NFKC", shown).translate(_TABLE)


def each(form: Callable[[str], str], characters: Iterable[str]) -> list[str]:
    """Return a form of each character; a NUL between them keeps them apart, and all at once take a moment."""
    return form("\0".join(characters)).split("\0")


@cache
def _table() -> dict[int, str]:
    hidden = pl.Series([*points(), *map(chr, range(0xE0000, 0xE0200))])
    return _TABLE | {ord(one): "" for one in hidden.filter(hidden.str.contains(f"[{INVISIBLE}]")).to_list()}


def class_of(characters: Iterable[str]) -> str:
    """Return a pattern's class of characters that ascend, and of what is invisible."""
    places = np.array([ord(one) for one in characters])
    runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    return "[" + "".join(rf"\x{{{run[0]:X}}}-\x{{{run[-1]:X}}}" for run in runs) + INVISIBLE + "]"


@cache
def pattern() -> str:
    """Return what finds each character that is not plain."""
    listed = points()
    composed = partial(unicodedata.normalize, "NFC")
    others = zip(listed, each(plain, listed), each(composed, listed), strict=True)
    return class_of(one for one, shown, same in others if shown != same)


def odd(texts: pa.Array) -> NDArray[np.int64]:
    """Return the rows of texts (large strings without nulls) that are not plain."""
    chosen = wide(texts)
    if not len(chosen):
        return chosen
    held: NDArray[np.int64] = chosen[pl.Series(texts.take(pa.array(chosen))).str.contains(pattern()).to_numpy()]
    return held


def rewritten(texts: pa.Array) -> pa.Array:
    """Return texts (large strings without nulls and without the marks of `splice`) in plain characters."""
    spans = splice.find_often(texts, pattern())
    written = splice.pieces(texts, spans).dictionary_encode()
    meant = pa.array([plain(one) for one in written.dictionary.to_pylist()], pa.large_string())
    return splice.replace(texts, spans, meant.take(written.indices))
