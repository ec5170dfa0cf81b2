"""`finite`: a present number is a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from custody.policy.quality import Finite
    from custody.quality.bits import Mask
    from custody.quality.cells import Cells


def broken(cells: Cells, _: Finite) -> Mask:
    """True where a numeric column holds NaN, ±inf or text."""
    return cells.wrong
