"""`pattern`: a present text matches a regular expression as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

from custody.policy.quality import whole
from custody.quality.cells import mask

if TYPE_CHECKING:
    from custody.policy.quality import Matches
    from custody.quality.bits import Mask
    from custody.quality.cells import Cells


def broken(cells: Cells, rule: Matches) -> Mask:
    """True where a text does not match from its first to its last character (RE2, linear time)."""
    found = cells.each(lambda held: mask(pc.match_substring_regex(held, whole(rule.regex))))
    return (~found & cells.right) | cells.wrong
