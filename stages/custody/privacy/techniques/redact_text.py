"""redact_text: identifiers in text become tokens, or typed placeholders where only their shape is known.

In this order: secrets and URL credentials (`secrets`); known identifiers, which get the token that they have in their
own column, or `<user>`, `<ip>`, … where that column has no tokens; then the shapes of e-mail, MAC and IP addresses
and card numbers (`shapes`). What was written is not looked at again. Redacting twice changes nothing, but for
addresses that ip_prefix wrote: no one can tell them from others, so a second time they become `<ip>`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.text import secrets, sentinels, shapes, splice
from custody.privacy.text.haystack import compact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from custody.privacy.text.known import Known

SECRETS = f"{sentinels.RESERVED}|{secrets.PROBE}"


@dataclass(frozen=True)
class Redacted:
    """Redacted texts (strings; null stays null), and how many identifiers were replaced, by kind; only kinds found."""

    values: pa.Array
    counts: Mapping[str, int]


def apply(values: pa.Array, known: Known) -> Redacted:
    """Redact every text; pure, text by text: other rows, partitions and earlier runs change nothing."""
    texts, counts = _without_secrets(compact(values))
    hits = known.find(texts)
    spans = splice.Spans(hits.row, hits.start, hits.end)
    shaped = splice.matching_between(texts, spans, shapes.PROBE)  # few: most addresses are known ones
    inside = np.isin(hits.row, shaped)
    part, shapes_written = _with_shapes(texts, shaped, spans.filter(inside), hits.identifier[inside], known)
    identifiers = pa.array(hits.identifier[~inside])
    texts = splice.replace(texts, spans.filter(~inside), known.replacements.take(identifiers))
    redacted = pc.if_else(values.is_valid(), splice.put(texts, shaped, part), None).cast(pa.string())
    counts += shapes_written + _tally(known.kinds.take(identifiers))
    return Redacted(redacted, dict(sorted(counts.items())))


def _matching(texts: pa.Array, pattern: str) -> NDArray[np.int64]:
    return pl.Series(texts).str.contains(pattern).arg_true().to_numpy().astype(np.int64)


def _without_secrets(texts: pa.Array) -> tuple[pa.Array, Counter[str]]:
    """Texts without secrets and without reserved characters, and how many secrets there were."""
    rows = _matching(texts, SECRETS)
    before = texts.take(pa.array(rows))
    part = sentinels.cleared(before)
    for pattern, rewrite in secrets.REWRITES:
        part = pc.replace_substring_regex(part, pattern, rewrite)
    counts = {name: _count(part, name) - _count(before, name) for name in ("credentials", "secret")}
    return splice.put(texts, rows, part), +Counter(counts)


def _with_shapes(
    texts: pa.Array, rows: NDArray[np.int64], spans: splice.Spans, identifiers: NDArray[np.int64], known: Known
) -> tuple[pa.Array, Counter[str]]:
    """Texts of these rows without known identifiers, which stand at `spans`, and without shapes; how many of each kind.

    What a shape swallows is replaced with it: sentinels stand for the identifiers meanwhile.
    """
    local = splice.Spans(np.searchsorted(rows, spans.row), spans.start, spans.end)
    part = splice.replace(texts.take(pa.array(rows)), local, sentinels.write(identifiers))
    return _spelled(shapes.redact(part), known)


def _spelled(texts: pa.Array, known: Known) -> tuple[pa.Array, Counter[str]]:
    """Texts with tokens and placeholders in the place of sentinels, and how many of each kind."""
    spans, numbers = sentinels.read(texts)
    shaped = numbers >= sentinels.FIRST
    numbers = np.where(shaped, numbers - sentinels.FIRST + len(known), numbers)
    placeholders = pa.array([f"<{shape}>" for shape in sentinels.SHAPES])
    inserts = pa.concat_arrays([known.replacements, placeholders]).take(pa.array(numbers))
    kinds = pa.concat_arrays([known.kinds, pa.array(sentinels.SHAPES)]).take(pa.array(numbers))
    return splice.replace(texts, spans, inserts), _tally(kinds)


def _tally(kinds: pa.Array) -> Counter[str]:
    counted = kinds.value_counts()
    return Counter(dict(zip(counted.field(0).to_pylist(), counted.field(1).to_pylist(), strict=True)))


def _count(texts: pa.Array, kind: str) -> int:
    return int(pc.sum(pc.count_substring(texts, f"<{kind}>"), min_count=0).as_py())
