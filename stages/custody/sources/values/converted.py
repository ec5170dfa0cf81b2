"""What a conversion gives: values, and a reason code where the text is no value of the type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from custody.sources.repeated import distinct

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Converted:
    """One column converted.

    Both have one entry per row. A row that is missing is null in both; a row that is present but wrong is null in
    `values` and has its reason code in `why`.
    """

    values: pa.Array
    why: pa.Array | None = None
    """Reason codes; None: nothing is wrong."""


def once_each(text: pa.Array, convert: Callable[[pa.Array], Converted]) -> Converted:
    """Return what `convert`, which looks at each row alone, makes of a column: once per text where they repeat."""
    texts, laid_out = distinct(text)
    done = convert(texts)
    return Converted(laid_out(done.values), None if done.why is None else laid_out(done.why))


def judged(present: pa.Array, values: pa.Array, code: str) -> Converted:
    """Every row that is `present` and has no value is wrong, for the reason `code`."""
    return explained(values, pc.and_(present, pc.is_null(values)), code)


def explained(values: pa.Array, wrong: pa.Array, code: str) -> Converted:
    """Null the rows that are `wrong` and give them the reason `code`."""
    if not pc.any(wrong).as_py():
        return Converted(values)
    return Converted(
        pc.if_else(wrong, pa.scalar(None, values.type), values), pc.if_else(wrong, code, pa.scalar(None, pa.string()))
    )


def matches(text: pa.Array, pattern: str) -> pa.Array:
    """Tell for each row, never null, whether the RE2 `pattern` is found in it."""
    return pc.fill_null(pc.match_substring_regex(text, pattern), False)  # noqa: FBT003  # Arrow's own signature


def among(mask: pa.Array, text: pa.Array) -> pa.Array:
    """Keep `text` where `mask` holds; null elsewhere."""
    return pc.if_else(mask, text, pa.scalar(None, text.type))


def by_distinct(text: pa.Array, function: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    """Apply a Python function once per distinct value; None becomes null."""
    encoded = pc.dictionary_encode(text)
    answers = pa.array([function(value) for value in encoded.dictionary.to_pylist()], kind)
    return answers.take(encoded.indices)
