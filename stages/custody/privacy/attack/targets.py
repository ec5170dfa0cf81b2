"""What guesses are compared with: the values of a release's text columns, read as digests.

A text that could be a digest, of at least 32 bits in hexadecimal, base32, base64 or decimal digits, is read as each
of these that its characters allow, and of what was read the first 64 bits count, or 32 where there are no more. Of
every such text its hash counts, too. Inside of longer texts hexadecimal digests of 64 bits or more are found. Targets
merge by union, so partitions and order do not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy import risk
from custody.privacy.cells import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LONG, SHORT = 64, 32
"""Bits that are compared."""
SHAPE: Final = r"^[0-9A-Za-z+/_=-]{6,200}$"
INSIDE: Final = r"\b(?:[0-9a-f]{16,128}|[0-9A-F]{16,128})\b"
WIDEST: Final = 20
"""Characters that are looked at: as many as the decimal digits of 64 bits."""
ALPHABETS: Final = {
    4: ("0123456789abcdef", "0123456789ABCDEF"),
    5: ("abcdefghijklmnopqrstuvwxyz234567", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
    6: (
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
    ),
}
"""By bits of a character: spellings that share a table."""
_NONE = np.empty(0, dtype=np.uint64)
_BAD = 255


@dataclass(frozen=True)
class Targets:
    """Ascending numbers, each once: first 64 bits, all 32 bits, hashes of whole texts."""

    long: NDArray[np.uint64] = field(default_factory=lambda: _NONE, repr=False)
    short: NDArray[np.uint64] = field(default_factory=lambda: _NONE, repr=False)
    whole: NDArray[np.uint64] = field(default_factory=lambda: _NONE, repr=False)

    def __len__(self) -> int:
        return len(self.long) + len(self.short) + len(self.whole)


def targets(column: pa.ChunkedArray, seed: int) -> Targets:
    """Return the targets of one released column of texts; `seed` keys the hashes of whole texts."""
    texts = plain(pc.unique(column.combine_chunks())).drop_null()
    whole = pc.match_substring_regex(texts, SHAPE)
    shaped = pc.unique(pa.concat_arrays([texts.filter(whole), _inside(texts.filter(pc.invert(whole)))]))
    if not len(shaped):
        return Targets()
    hashes = risk.once(risk.hashes(pa.chunked_array([shaped]), seed))
    letters, length = _letters(shaped)
    parts = [_decimal(shaped)]
    for bits, (first, second) in ALPHABETS.items():
        parts.append(_read(letters, length, bits, first + second))
    long = risk.once(np.concatenate([part[0] for part in parts]))
    return Targets(long, risk.once(np.concatenate([part[1] for part in parts])), hashes)


def _inside(texts: pa.Array) -> pa.Array:
    """Return the hexadecimal digests that stand inside of longer texts."""
    found = pl.Series(values=texts, dtype=pl.String).str.extract_all(INSIDE).explode().drop_nulls()
    return found.unique().sort().to_arrow().cast(pa.string())


def merge(parts: Sequence[Targets]) -> Targets:
    """Return the targets of all parts."""
    listed = [Targets(), *parts]
    return Targets(
        risk.once(np.concatenate([part.long for part in listed])),
        risk.once(np.concatenate([part.short for part in listed])),
        risk.once(np.concatenate([part.whole for part in listed])),
    )


def _letters(texts: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the first characters (ASCII) of each text, shape (texts, WIDEST), 0 behind its end, and its length."""
    bare = pc.utf8_rtrim(texts, "=")
    length = pc.utf8_length(bare).to_numpy(zero_copy_only=False).astype(np.int64)
    cut = pc.utf8_slice_codeunits(bare, 0, WIDEST).to_numpy(zero_copy_only=False).astype(f"S{WIDEST}")
    return np.frombuffer(cut.tobytes(), dtype=np.uint8).reshape(-1, WIDEST), length


def _read(
    letters: NDArray[np.uint8], length: NDArray[np.int64], bits: int, alphabet: str
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the first 64 bits of texts that have so many, and the first 32 of the others, in one alphabet."""
    table = np.full(256, _BAD, dtype=np.uint8)
    table[list(alphabet.encode())] = np.arange(len(alphabet)) % (1 << bits)
    values = table[letters]
    enough = {size: -(-size // bits) for size in (LONG, SHORT)}
    sound = {size: (values[:, :many] != _BAD).all(axis=1) & (length >= many) for size, many in enough.items()}
    short = sound[SHORT] & (length < enough[LONG])
    return _packed(values[sound[LONG]], bits, LONG), _packed(values[short], bits, SHORT)


def _packed(values: NDArray[np.uint8], bits: int, size: int) -> NDArray[np.uint64]:
    packed = np.zeros(len(values), dtype=np.uint64)
    full, rest = divmod(size, bits)
    for place in range(full):
        packed = packed << np.uint64(bits) | values[:, place].astype(np.uint64)
    return packed << np.uint64(rest) | values[:, full].astype(np.uint64) >> np.uint64(bits - rest) if rest else packed


def _decimal(texts: pa.Array) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    digits = texts.filter(pc.match_substring_regex(texts, r"^[0-9]{6,20}$")).to_pylist()
    numbers = [number for number in map(int, digits) if number < 1 << LONG]
    split = [[n for n in numbers if n >> SHORT], [n for n in numbers if not n >> SHORT]]
    long, short = (np.array(part, dtype=np.uint64) for part in split)
    return long, short
