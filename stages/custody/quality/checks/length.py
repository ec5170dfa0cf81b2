"""`length`: a present text has neither too few nor too many characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from custody.quality.cells import fixed

if TYPE_CHECKING:
    from custody.policy.quality import Length
    from custody.quality.bits import Mask
    from custody.quality.cells import Cells


def broken(cells: Cells, rule: Length) -> Mask:
    """True where a text is shorter than min or longer than max, in Unicode code points, both bounds allowed."""
    lengths = fixed(pc.utf8_length(cells.values))
    outside = np.zeros(len(lengths), dtype=np.bool_)
    if rule.min is not None:
        outside |= lengths < rule.min
    if rule.max is not None:
        outside |= lengths > rule.max
    return (outside & cells.right) | cells.wrong
