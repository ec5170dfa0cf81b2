"""`complete`: a value is present (completeness, ISO/IEC 25024 Com-I-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from custody.policy.quality import Complete
    from custody.quality.bits import Mask
    from custody.quality.cells import Cells


def broken(cells: Cells, _: Complete) -> Mask:
    """True where a cell is missing; a wrong value is present, and `type` speaks of it. Applies to every record."""
    return ~cells.present
