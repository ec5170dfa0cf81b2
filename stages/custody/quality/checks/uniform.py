"""`uniform`: the texts of a column are of one lexical class, number, time or text (mixed types).

Which class is usual in the column is known only when every record was counted: `classes` speaks for a partition,
`usual` for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.quality.cells import mask, plain, valid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custody.quality.bits import Mask
    from custody.quality.cells import Cells

NUMBER = r"\A[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\z"
CLOCK = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
TIME = rf"\A(?:[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:[Tt ]{CLOCK}(?: ?(?:[Zz]|[-+][0-9]{{2}}:?[0-9]{{2}}))?)?|{CLOCK})\z"
"""ISO 8601 dates, times and both, as RFC 3339 writes them; seconds and offset may be missing."""


def classes(cells: Cells) -> tuple[Mask, Mask, Mask]:
    """Return where a text reads as text, as a time and as a number; at most one is true, none where a cell is missing.

    A wrong cell counts with its source text.
    """
    if not pa.types.is_string(cells.values.type):
        raise TypeError
    texts = cells.values if cells.raw is None else pc.coalesce(cells.values, plain(cells.raw))
    number, time = mask(pc.match_substring_regex(texts, NUMBER)), mask(pc.match_substring_regex(texts, TIME))
    return valid(texts) & ~number & ~time, time, number


def usual(counts: Sequence[int]) -> int:
    """Return which class most values have; between equals the first of text, time, number."""
    return int(np.argmax(counts))
