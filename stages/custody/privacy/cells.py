"""Columns of texts as Parquet holds them: the distinct texts, and for each row which of them it has.

What treats each value alone is then done once per distinct value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable


def is_dictionary(kind: pa.DataType) -> bool:
    """True for a dictionary of texts."""
    return bool(pa.types.is_dictionary(kind) and pa.types.is_string(kind.value_type))


def is_text(kind: pa.DataType) -> bool:
    """True for texts, in a dictionary or not."""
    return bool(pa.types.is_string(kind) or is_dictionary(kind))


def plain(values: Any) -> pa.Array:
    """Return an array or chunked array as one array that is no dictionary."""
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return whole.dictionary.take(whole.indices) if is_dictionary(whole.type) else whole


def each(values: pa.Array, function: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Return `function(values)`, a dictionary where `values` is one; `function` treats each value alone."""
    if not is_dictionary(values.type):
        return function(values)
    return pa.DictionaryArray.from_arrays(values.indices, function(values.dictionary))
