"""suppress: the column is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from custody.policy.privacy import Suppress
    from custody.policy.schema import FieldType
    from custody.records.zone import Zone


def apply(values: pa.Array, column: Suppress, kind: FieldType, zone: Zone) -> None:  # one signature
    """Return nothing: the column has no released form."""
