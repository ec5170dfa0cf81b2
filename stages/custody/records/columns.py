"""Names of the columns that collect adds to those of the schema; no schema column has a `!` in its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from custody.policy.schema import FieldType

SOURCE = "!source"
"""Id of the source, string."""
FILE = "!file"
"""Id of the file in the source, string."""
LINE = "!line"
"""1-based line where the record starts, int64; record number in formats without lines."""
REPEAT = "!repeat"
"""How often the record says that it happened, int64."""

COMPANIONS: frozenset[FieldType] = frozenset({"timestamp", "ip", "mac", "email", "number", "integer", "boolean"})
"""Types that a text may fail to be; a column of such a type has the companions `raw` and `why`, both strings."""


def raw(column: str) -> str:
    """Name of the companion that holds the source's text where it is no value of the column's type."""
    return f"{column}!raw"


def why(column: str) -> str:
    """Name of the companion that holds the reason code of each text in `raw`."""
    return f"{column}!why"
