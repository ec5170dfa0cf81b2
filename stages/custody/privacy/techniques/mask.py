"""mask: all but the first or last characters become `*`; a text's length stays.

At least half of every value is hidden: a value too short for `keep_first` and `keep_last` is masked whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

if TYPE_CHECKING:
    import pyarrow as pa

    from custody.policy.schema import FieldType
    from custody.policy.techniques import Mask
    from custody.records.zone import Zone


def apply(values: pa.Array, column: Mask, kind: FieldType, zone: Zone) -> pa.Array:  # noqa: ARG001  # keyless
    """Return masked texts (null stays null); a character is a Unicode code point of the NFC text."""
    shown = column.keep_first + column.keep_last
    length = pc.utf8_length(values)
    stars = pc.binary_repeat("*", length)
    first = pc.utf8_slice_codeunits(values, 0, column.keep_first)
    middle = pc.binary_repeat("*", pc.max_element_wise(pc.subtract(length, shown), 0, skip_nulls=False))
    last = pc.utf8_slice_codeunits(values, -column.keep_last, None) if column.keep_last else ""
    parts = pc.binary_join_element_wise(first, middle, last, "")
    return pc.if_else(pc.less_equal(2 * shown, length), parts, stars)
