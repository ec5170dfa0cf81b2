"""`type`: a present value is of the column's type (syntactic accuracy, ISO/IEC 25024 Acc-I-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from custody.policy.quality import Type
    from custody.quality.bits import Mask
    from custody.quality.cells import Cells


def broken(cells: Cells, _: Type) -> Mask:
    """True where the source's text could not be read as the column's type, or a structure stood in its place."""
    return cells.wrong
