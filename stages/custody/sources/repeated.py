"""Columns whose texts repeat themselves: what is done to a text is done once for each that differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

FIRST = 1_024
"""So many rows tell whether a column repeats itself."""


def distinct(texts: pa.Array) -> tuple[pa.Array, Callable[[pa.Array], pa.Array]]:
    """Return the texts, each once where most repeat, and what lays values of them out over all rows again.

    Null is laid out as null. Of N rows drawn from N/2 texts, the first n repeat about n²/N times; where there are no
    more than n rows, n/2 times.
    """
    first = texts.slice(0, FIRST)
    again = len(first) - len(first.dictionary_encode().dictionary)
    if again * (len(first) + len(texts)) < len(first) ** 2:
        return texts, lambda values: values
    coded = texts.dictionary_encode()
    return coded.dictionary, lambda values: values.take(coded.indices)
