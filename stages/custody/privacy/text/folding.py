"""Lower case that keeps every byte in its place, so that a hit in folded text is a hit in the text itself."""

from __future__ import annotations

import re
from functools import cache
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.text import splice
from custody.privacy.text.haystack import Haystack, compact, wide

FINAL_SIGMA, SIGMA = "\N{GREEK SMALL LETTER FINAL SIGMA}", "\N{GREEK SMALL LETTER SIGMA}"


def fold(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return `texts` without case, each exactly as many UTF-8 bytes long as it was (large strings; null becomes empty).

    Every script's simple lower case (Unicode 3.13), and the final sigma as a sigma. The few characters whose lower case
    has another length, such as the Kelvin sign, stay as they are.
    """
    plain = compact(texts)
    rows = wide(plain)
    return splice.put(pc.ascii_lower(plain), rows, _lower(plain.take(pa.array(rows))) if len(rows) else plain)


def haystack(texts: pa.Array | pa.ChunkedArray) -> Haystack:
    """Return texts folded, ready to be searched."""
    raw = compact(texts)
    return Haystack(fold(raw), raw)


def spelled(characters: str) -> str:
    """Return these characters, folded, and all others that `fold` makes one of them of."""
    if not characters:
        return ""
    points = [*map(chr, range(0x80, 0xD800)), *map(chr, range(0xE000, 0x20000))]  # surrogates are no characters
    folded = pc.is_in(fold(pa.array(points)), value_set=pa.array([*set(characters)], pa.large_string()))
    return characters + "".join(pa.array(points).filter(folded).to_pylist())


def _lower(texts: pa.Array) -> pa.Array:
    folded = pc.replace_substring(pc.utf8_lower(texts), FINAL_SIGMA, SIGMA)
    odd = pc.match_substring_regex(texts, _pattern())
    if not pc.any(odd, min_count=0).as_py():
        return folded
    slow = pa.array([_by_parts(text) for text in texts.filter(odd).to_pylist()], pa.large_string())
    return pc.replace_with_mask(folded, odd, slow)


def _by_parts(text: str) -> str:
    """Fold around the characters that must stay; odd positions of the split are those."""
    parts = re.split(f"({_pattern()})", text)
    parts[::2] = pc.replace_substring(pc.utf8_lower(pa.array(parts[::2])), FINAL_SIGMA, SIGMA).to_pylist()
    return "".join(parts)


@cache
def _pattern() -> str:
    """Class of the characters whose lower case has another length in UTF-8; all stand below U+20000."""
    points = [*map(chr, range(0x80, 0xD800)), *map(chr, range(0xE000, 0x20000))]  # surrogates are no characters
    characters = pa.array(points)
    before, after = pc.binary_length(characters), pc.binary_length(pc.utf8_lower(characters))
    odd = np.flatnonzero(
        cast("np.ndarray[tuple[int], np.dtype[np.bool_]]", pc.not_equal(before, after).to_numpy(zero_copy_only=False))
    )
    return f"[{''.join(points[i] for i in odd)}]"
