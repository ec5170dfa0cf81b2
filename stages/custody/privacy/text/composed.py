"""Characters that are written in another way and compared as one: `é` as `e` and an accent, `ß` as `SS` or `ss`.

Values of a column are compared in their canonical form (`canonical.folded`): composed (NFC) and case-folded. Folding of
texts keeps every byte in its place, and so leaves what that form changes more than the case of.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import chain, starmap
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.canonical import folded
from custody.privacy.text import folding

if TYPE_CHECKING:
    from numpy.typing import NDArray

_JAMO = r"[\x{1100}-\x{11FF}]"
"""What syllables of Hangul decompose to (Unicode 3.12)."""
_BLOCKS = ((0x80, 0x3400), (0xA000, 0xAC00), (0xF900, 0x20000), (0x2F800, 0x30000))
"""Between and behind them stand no characters that change: ideographs, syllables of Hangul, private ones."""


@cache
def _changed() -> str:
    """Class of the characters that the canonical form changes, and folding of texts does not as much."""
    points = [*map(chr, chain.from_iterable(starmap(range, _BLOCKS)))]
    kept = folding.fold(pa.array(points)).to_pylist()
    return f"[{''.join(one for one, same in zip(points, kept, strict=True) if folded(one) not in {same, ''})}]"


def rows(texts: pa.Array) -> NDArray[np.int64]:
    """Return the texts that hold one."""
    wide: NDArray[np.int64] = np.flatnonzero(~pc.string_is_ascii(texts).to_numpy(zero_copy_only=False))
    if not len(wide):
        return wide
    held = pl.Series(texts.take(pa.array(wide))).str.contains(rf"\p{{M}}|{_JAMO}|{_changed()}")
    held_rows: NDArray[np.int64] = wide[held.to_numpy()]
    return held_rows


@cache
def pattern() -> str:
    """Return what finds each of them."""
    return rf"[\p{{L}}\p{{N}}]\p{{M}}+|{_JAMO}+|{_changed()}"


def meaning(text: str) -> bytes:
    """Return the canonical form of what `pattern` finds."""
    return folded(text).encode()


def spelled(characters: str) -> str:
    """Return characters and those that stand for them when names made of them are written in other ways."""
    return characters + unicodedata.normalize("NFD", characters) + folded(characters)
