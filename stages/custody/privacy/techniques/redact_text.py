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
    texts = splice.replace(texts, spans, sentinels.write(hits.identifier))
    shaped = _matching(texts, shapes.PROBE)  # few: most addresses are known ones, and sentinels by now
    texts = splice.put(texts, shaped, shapes.redact(texts.take(pa.array(shaped))))
    texts, written = _spelled(texts, known)
    redacted = pc.if_else(values.is_valid(), texts, None).cast(pa.string())
    return Redacted(redacted, dict(sorted((counts + written).items())))


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


def _spelled(texts: pa.Array, known: Known) -> tuple[pa.Array, Counter[str]]:
    """Texts with tokens and placeholders in the place of sentinels, and how many of each kind."""
    spans, numbers = sentinels.read(texts)
    shaped = numbers >= sentinels.FIRST
    numbers = np.where(shaped, numbers - sentinels.FIRST + len(known), numbers)
    placeholders = pa.array([f"<{shape}>" for shape in sentinels.SHAPES])
    inserts = pa.concat_arrays([known.replacements, placeholders]).take(pa.array(numbers))
    kinds = pa.concat_arrays([known.kinds, pa.array(sentinels.SHAPES)]).take(pa.array(numbers)).value_counts()
    counts = Counter(dict(zip(kinds.field(0).to_pylist(), kinds.field(1).to_pylist(), strict=True)))
    return splice.replace(texts, spans, inserts), counts


def _count(texts: pa.Array, kind: str) -> int:
    return int(pc.sum(pc.count_substring(texts, f"<{kind}>"), min_count=0).as_py())
