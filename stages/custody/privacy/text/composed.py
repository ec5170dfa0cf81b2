"""Characters that are written in another way and compared as one: `é` as `e` and an accent, `ß` as `SS`, dashes as one.

Texts are compared in plain characters (`lookalikes`), composed (NFC) and case-folded. Folding of texts keeps every byte
in its place, and so leaves what that form changes more than the case of.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from custody.privacy import canonical
from custody.privacy.text import folding, lookalikes
from custody.privacy.text.haystack import wide

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_JAMO = r"[\x{1100}-\x{11FF}]"
"""What syllables of Hangul decompose to (Unicode 3.12)."""
_MARK = r"[\p{M}\x{FF9E}\x{FF9F}]"
"""Accents, also those of half-width Katakana."""
_DOTTED = "i\u0307"
"""What case folding makes of the dotted I."""


def folded(text: str) -> str:
    """Return the form in which texts are compared."""
    shown = lookalikes.plain(text)
    return canonical.folded(shown).replace(_DOTTED, "i") or shown  # a blank stays one


@cache
def _changed() -> str:
    """Class of the characters that this form changes, and folding of texts does not as much."""
    points = lookalikes.points()
    kept = folding.fold(pa.array(points)).to_pylist()
    others = zip(points, lookalikes.each(folded, points), kept, strict=True)
    return lookalikes.class_of(one for one, form, same in others if form != same)


def rows(texts: pa.Array) -> NDArray[np.int64]:
    """Return the texts that hold one."""
    chosen = wide(texts)
    if not len(chosen):
        return chosen
    held = pl.Series(texts.take(pa.array(chosen))).str.contains(pattern())
    held_rows: NDArray[np.int64] = chosen[held.to_numpy()]
    return held_rows


@cache
def pattern() -> str:
    """Return what finds each of them."""
    return rf"[\p{{L}}\p{{N}}]{_MARK}+|{_JAMO}+|{_changed()}"


def meaning(text: str) -> bytes:
    """Return the compared form of what `pattern` finds."""
    return folded(text).encode()


def spelled(characters: str) -> str:
    """Return characters and those that stand for them when names made of them are written in other ways."""
    return characters + unicodedata.normalize("NFD", characters) + folded(characters)
