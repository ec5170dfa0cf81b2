"""Arrow's bits as NumPy's bools, taken by the byte: Arrow hands them over one by one, at ten times the cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


def there(values: pa.Array) -> NDArray[np.bool_]:
    """True where a value is not null."""
    if not values.null_count:
        return np.ones(len(values), np.bool_)
    bits = values.buffers()[0]
    if bits is None:  # of the type that holds nulls alone
        return np.asarray(values.is_valid().to_numpy(zero_copy_only=False))
    return _bools(bits, values)


def true(values: pa.BooleanArray) -> NDArray[np.bool_]:
    """True where a boolean is; null is false."""
    bits = values.buffers()[1]
    if bits is None:
        return np.zeros(len(values), np.bool_)
    held = _bools(bits, values)
    return held & there(values) if values.null_count else held


def _bools(bits: pa.Buffer, values: pa.Array) -> NDArray[np.bool_]:
    first, whole = values.offset // 8, np.frombuffer(bits, np.uint8)
    count = values.offset % 8 + len(values)
    return np.unpackbits(whole[first:], count=count, bitorder="little")[values.offset % 8 :].view(np.bool_)
