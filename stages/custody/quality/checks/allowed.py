"""`allowed`: a present value is one of a closed list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from custody.policy.quality import instant
from custody.quality.cells import mask

if TYPE_CHECKING:
    from custody.policy.quality import Allowed
    from custody.quality.bits import Mask
    from custody.quality.cells import Cells


def broken(cells: Cells, rule: Allowed) -> Mask:
    """True where a value is none of `values`; in a column that is no text they are read as its type."""
    kind = cells.held.type.value_type if pa.types.is_dictionary(cells.held.type) else cells.held.type
    values = pa.array([_read(text, kind) for text in rule.values], kind)
    return (~cells.each(lambda held: mask(pc.is_in(held, values))) & cells.right) | cells.wrong


def _read(text: str, kind: pa.DataType) -> Any:
    if pa.types.is_floating(kind):
        return float(text)
    if pa.types.is_integer(kind):
        return int(text)
    if pa.types.is_boolean(kind):
        return {"true": True, "false": False}[text]
    return instant(text) if pa.types.is_temporal(kind) else text
