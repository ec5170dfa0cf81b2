"""What an Arrow column becomes where scalars are wanted.

Booleans, integers, floats and timestamps keep their types (timestamps with a zone are relabelled UTC). Text, binary
that is UTF-8, dictionaries of them, decimals, dates, times and durations become strings; of a date or time that no
calendar or clock has, its number. A list, map or struct becomes JSON text and is flagged. Text that is not UTF-8, or
longer than the limit, makes its row malformed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.sources.formats.arrow_sizes import sizes
from custody.sources.streams.encoding import valid

_WIDTHS = {32: pa.int32(), 64: pa.int64()}


@dataclass(frozen=True)
class Column:
    """One column: its values, the rows it cannot give (index → reason code), and where it is structured."""

    values: pa.Array
    malformed: dict[int, str] = field(default_factory=dict)
    mixed: np.ndarray | None = None


def scalars(array: pa.Array, limit: int) -> Column:
    """Return `array` as a column of scalars; a text of more than `limit` bytes is malformed."""
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType) or pa.types.is_dictionary(kind):
        return scalars(array.dictionary_decode() if pa.types.is_dictionary(kind) else array.storage, limit)
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return Column(array.cast(pa.float32()) if pa.types.is_float16(kind) else array)
    if pa.types.is_timestamp(kind):
        return Column(array.cast(pa.timestamp(kind.unit, "UTC")) if kind.tz else array)
    if pa.types.is_nested(kind):
        return _structured(array, limit)
    return _text(array, limit) if _is_text(kind) else Column(_as_text(array))


def _is_text(kind: pa.DataType) -> bool:
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_binary)
    more = (pa.types.is_large_binary, pa.types.is_binary_view, pa.types.is_fixed_size_binary)
    return not pa.types.is_decimal(kind) and any(test(kind) for test in (*tests, *more))


def _text(array: pa.Array, limit: int) -> Column:
    raw = array.cast(pa.large_binary())
    long = pc.fill_null(pc.greater(pc.binary_length(raw), limit), fill_value=False)
    if not pc.any(long).as_py():
        try:
            return Column(raw.cast(pa.string()))
        except pa.ArrowInvalid:
            pass
    values = raw.to_pylist()
    malformed = {i: "bad_encoding" for i, value in enumerate(values) if value is not None and not valid(value)}
    malformed |= dict.fromkeys(np.flatnonzero(long.to_numpy(zero_copy_only=False)).tolist(), "too_long")
    kept = [None if i in malformed else value for i, value in enumerate(values)]
    return Column(pa.array(kept, pa.string()), malformed)


def _as_text(array: pa.Array) -> pa.Array:
    try:
        texts = array.cast(pa.string())
        if not pa.types.is_temporal(array.type):
            return texts
        beyond = pc.starts_with(texts, "<")  # Arrow's word for what its calendar or clock lacks
        return pc.if_else(beyond, array.view(_WIDTHS[array.type.bit_width]).cast(pa.string()), texts)
    except pa.ArrowNotImplementedError:
        values = [_leaf(scalar) if scalar.is_valid else None for scalar in array]
        return pa.array([None if value is None else str(value) for value in values], pa.string())


def _structured(array: pa.Array, limit: int) -> Column:
    present = array.is_valid().to_numpy(zero_copy_only=False)
    long = sizes(array) > limit
    texts: list[str | None] = []
    malformed = {}
    for i, scalar in enumerate(array):
        text = None
        if long[i]:
            malformed[i] = "too_long"
        elif scalar.is_valid:
            try:
                text = _json(scalar)
            except UnicodeError:
                malformed[i] = "bad_encoding"
            except RecursionError:
                malformed[i] = "too_deep"
        texts.append(text)
    return Column(pa.array(texts, pa.string()), malformed, present if present.any() else None)


def _json(scalar: pa.Scalar) -> str:
    """Return JSON text of a nested value; what JSON has no word for becomes its text, bytes as hexadecimal digits."""
    try:
        value = scalar.as_py()
    except (UnicodeError, MemoryError):
        raise
    except Exception:  # noqa: BLE001  # Python has no word for some times, Arrow none for a field named twice
        value = _value(scalar)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_other)


def _value(scalar: pa.Scalar) -> object:
    """Return what `as_py` cannot give: times that Python lacks as their number, a struct that names twice as pairs."""
    kind = scalar.type
    if not scalar.is_valid:
        return None
    if pa.types.is_struct(kind):
        pairs = [(kind.field(i).name, _value(scalar[i])) for i in range(kind.num_fields)]
        found = dict(pairs)
        return found if len(found) == len(pairs) else pairs
    if pa.types.is_nested(kind) and isinstance(scalar, pa.ListScalar):
        return [_value(item) for item in scalar.values]
    if isinstance(kind, pa.BaseExtensionType) or pa.types.is_dictionary(kind):
        return _value(scalar.value)
    return _leaf(scalar)


def _leaf(scalar: pa.Scalar) -> object:
    try:
        return scalar.as_py()
    except (UnicodeError, MemoryError):
        raise
    except Exception:  # noqa: BLE001  # a time that Python lacks, or in a zone that nobody knows
        return str(getattr(scalar, "value", None))


def _other(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
