"""What is guessed: the identifiers of the data set, in the spellings that go into a hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custody.privacy.canonical import canonical, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custody.privacy.text.identifiers import Identifiers

MOST = 2**10
"""Identifiers of a column that are guessed, evenly over their order, unless the attack is full.

What maps one of them without a key maps all of its kind: where it was done to one in a hundred, a thousand guesses
miss it with a chance of 0.99¹⁰²⁴, below 10⁻⁴. So the price stays below a second, however large the data set.
"""
BLOCK = 2**13
"""Identifiers that are guessed at once."""


def blocks(listed: Sequence[Identifiers], *, full: bool) -> list[list[str]]:
    """Return the guesses in blocks: each identifier as in the source, canonical, in capitals, with a line end."""
    texts = sorted({one for identifiers in listed for one in _spelled(identifiers, full=full)})
    return [texts[start : start + BLOCK] for start in range(0, len(texts), BLOCK)]


def chosen(values: pa.Array, *, full: bool, most: int = MOST) -> pa.Array:
    """Return the identifiers that are guessed, in their order."""
    if full or len(values) <= most:
        return values
    return values.take(pa.array(np.arange(most) * len(values) // most))


def _spelled(identifiers: Identifiers, *, full: bool) -> set[str]:
    values = chosen(identifiers.values, full=full)
    same = {*canonical(values, identifiers.kind).to_pylist()}
    source = {*text(values, identifiers.kind).to_pylist(), *chosen(identifiers.raw, full=full).to_pylist()}
    return same | source | {one.upper() for one in same} | {f"{one}\n" for one in same}
