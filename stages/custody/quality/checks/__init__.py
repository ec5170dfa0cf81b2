"""One check per file: `broken(cells, rule)` is true where a cell breaks the rule.

Missing cells are completeness's business and pass everywhere else. A cell that is present but wrong (text in a numeric
column, NaN, ±inf, no such address) breaks every check of its content. Shape: one bool per cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custody.quality.checks import allowed, complete, finite, length, pattern, range, type  # noqa: A004  # policy's words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from custody.quality.bits import Mask
    from custody.quality.cells import Cells

CELLWISE: Mapping[str, Callable[[Cells, Any], Mask]] = {
    "allowed": allowed.broken,
    "complete": complete.broken,
    "finite": finite.broken,
    "length": length.broken,
    "pattern": pattern.broken,
    "range": range.broken,
    "type": type.broken,
}
"""Checks that judge each cell on its own, by the policy's word for them."""
