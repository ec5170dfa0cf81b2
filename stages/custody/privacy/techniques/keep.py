"""keep: a column as it is; refused for direct identifiers by the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from custody.policy.schema import FieldType
    from custody.policy.techniques import Keep
    from custody.records.zone import Zone


def apply(values: pa.Array, column: Keep, kind: FieldType, zone: Zone) -> pa.Array:  # noqa: ARG001  # one signature
    """Return the values as they are."""
    return values
