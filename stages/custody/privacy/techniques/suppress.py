"""suppress: the column is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from custody.policy.privacy import Suppress
    from custody.policy.schema import FieldType
    from custody.records.zone import Zone


def apply(values: pa.Array, column: Suppress, kind: FieldType, zone: Zone) -> pa.Array:  # noqa: ARG001  # one signature
    """Return nulls: whoever keeps the column's place instead of leaving it out has nothing in it."""
    return pa.nulls(len(values), values.type)
