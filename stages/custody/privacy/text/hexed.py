"""Hexadecimal taken off where Linux' audit writes it: a name or command with a blank, quote or other sign in it.

`proctitle=7375002D6C00616C696365` is `su -l alice`, a NUL between the words (audit_log_untrustedstring; the field
dictionary of audit-userspace says which fields are written so). Only what decodes to text alone is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custody.privacy.text import decoded, splice
from custody.privacy.text.decoded import Decoded
from custody.privacy.text.haystack import Haystack
from custody.privacy.text.splice import CLOSE, OPEN

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KEYS = r"(?i:acct|name|proctitle|exe|comm|cwd|cmd|path|data|a[0-9]{1,2})="
PROBE = rf"{_KEYS}[0-9A-Fa-f]{{8}}"
"""Finds every text that may hold one of four letters and more."""
_X = "[0-9A-Fa-f]"
_ASCII = rf"(?:[2-7]{_X}|0[09ADad])"
GLANCE = rf"=(?:{_ASCII}{{4}}|{_ASCII}{{0,3}}[C-Fc-f]{_X}[89ABab]{_X})"
"""Finds at no cost, in a pattern of many others, all of those texts and some more."""
_PATTERN, _MARKED = rf"({_KEYS})([0-9A-Fa-f]{{8,}})", rf"\1{OPEN}\2{CLOSE}"
_VALUE = np.zeros(256, dtype=np.uint8)
_VALUE[list(b"0123456789abcdefABCDEF")] = [*range(16), *range(10, 16)]
_STRANGE = np.isin(np.arange(256), [*range(ord(" ")), 0x7F]) & ~np.isin(np.arange(256), list(b"\0\t\r\n"))


def unhexed(haystack: Haystack, rows: NDArray[np.int64]) -> Decoded:
    """Return what the runs behind the keys in these texts stand for."""
    part = haystack.part(rows)
    raw = Haystack(splice.unmarked(part.raw))
    spans = splice.find(raw.texts, _PATTERN, _MARKED)
    begin, size = raw.offsets[spans.row] + spans.start, (spans.end - spans.start) // 2
    whole = (spans.end - spans.start) % 2 == 0
    row, begin, size = spans.row[whole], begin[whole], size[whole]
    at, data, offsets = _bytes(raw, begin, size)
    good = decoded.valid(data, offsets) & ~_STRANGE[data]
    kept = np.logical_and.reduceat(good, offsets[:-1]) if len(row) else np.zeros(0, dtype=bool)
    row, begin, size = row[kept], begin[kept], size[kept]
    at, data, offsets = _bytes(raw, begin, size)
    at += np.repeat((haystack.offsets[rows] - raw.offsets[:-1])[row], size)
    return Decoded(decoded.of(data, offsets), rows[row], at, at + 2)


def _bytes(
    raw: Haystack, begin: NDArray[np.int64], size: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.int64]]:
    """Return where pairs of digits stand, the bytes that they spell, and where runs begin among those."""
    offsets = np.concatenate([[0], np.cumsum(size)])
    at = np.repeat(begin - 2 * offsets[:-1], size) + 2 * np.arange(offsets[-1])
    return at, _VALUE[raw.data[at]] << 4 | _VALUE[raw.data[at + 1]], offsets
