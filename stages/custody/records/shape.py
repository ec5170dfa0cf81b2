"""The shape of a text: what kind of characters stand where, and none of them.

Letters become `a` or `A`, digits `9`, each run of a kind at most three long, so that neither a word nor its length can
be read back; ASCII punctuation and blanks stay. `ada.lovelace@example.org` is `aaa.aaa@aaa.aaa`.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 32
"""Characters that a shape has at most."""
READ: Final = 256
"""Characters of the text that are looked at."""
_PUNCTUATION: Final = frozenset(" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_RUN: Final = re.compile(r"(.)\1{3,}")


def shape(text: str) -> str:
    """Return the shape of a text; what is neither letter, digit nor ASCII punctuation is `?`."""
    marks = _RUN.sub(lambda run: run[1] * 3, "".join(map(_mark, text[:READ])))
    return marks if len(marks) <= LONGEST and len(text) <= READ else marks[: LONGEST - 1] + "…"


def _mark(character: str) -> str:
    if character in _PUNCTUATION:
        return character
    if character.isalpha():
        return "A" if character.isupper() else "a"
    return "9" if character.isdigit() else "?"
