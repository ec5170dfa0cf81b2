"""redact_text: identifiers in text become tokens, or typed placeholders where they are not known.

In this order: secrets and URL credentials (`secrets`); known identifiers, which get the token that they have in their
own column, or `<user>`, `<ip>`, … where that column has no tokens; further secrets, URL parameters and IBANs by
what stands around them (`detect`); the shapes of e-mail, MAC and IP addresses and card numbers (`shapes`); users and
hosts by what stands around them. What was written is not looked at again. Redacting twice changes nothing, but for
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

from custody.privacy.detect import detecting, rules
from custody.privacy.text import secrets, sentinels, shapes, splice
from custody.privacy.text.haystack import compact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from custody.privacy.text.known import Known

SECRETS = f"{sentinels.RESERVED}|{secrets.PROBE}"


@dataclass(frozen=True)
class Redacted:
    """Redacted texts (strings; null stays null), and how many identifiers were replaced, by kind; only kinds found."""

    values: pa.Array
    counts: Mapping[str, int]


def apply(values: pa.Array, known: Known, detectors: Sequence[str] = tuple(detecting.BUILT_IN)) -> Redacted:
    """Redact every text; pure, text by text: other rows, partitions and earlier runs change nothing."""
    early, late = detecting.rules({*detectors} & detecting.EARLY), detecting.rules({*detectors} - detecting.EARLY)
    texts, counts = _without_secrets(compact(values))
    hits = known.find(texts)
    spans = splice.Spans(hits.row, hits.start, hits.end)
    shaped = splice.matching_between(texts, spans, shapes.PROBE)  # few: most addresses are known ones
    with_presidio = "presidio" in detectors
    shaped = np.arange(len(texts)) if with_presidio else np.union1d(shaped, rules.matching_rows(texts, early + late))
    inside = np.isin(hits.row, shaped)
    part = _with_sentinels(texts, shaped, spans.filter(inside), hits.identifier[inside])
    part = detecting.redact(shapes.redact(detecting.redact(part, early, known.spared)), late, known.spared)
    part = detecting.redact_with_presidio(part, known.spared) if with_presidio else part
    part, unknown = _spelled(part, known)
    identifiers = pa.array(hits.identifier[~inside])
    texts = splice.replace(texts, spans.filter(~inside), known.replacements.take(identifiers))
    redacted = pc.if_else(values.is_valid(), splice.put(texts, shaped, part), None).cast(pa.string())
    counts += unknown + _tally(known.kinds.take(identifiers))
    return Redacted(redacted, dict(sorted(counts.items())))


def _matching(texts: pa.Array, pattern: str) -> NDArray[np.int64]:
    return pl.Series(texts).str.contains(pattern).arg_true().to_numpy().astype(np.int64)


def _without_secrets(texts: pa.Array) -> tuple[pa.Array, Counter[str]]:
    """Texts without secrets and without reserved characters, and how many secrets there were."""
    rows = _matching(texts, SECRETS)
    before = texts.take(pa.array(rows))
    part = pc.replace_substring_regex(sentinels.cleared(before), secrets.UNSET, rf"\1{secrets.COLON}\3")
    for pattern, rewrite in secrets.REWRITES:
        part = pc.replace_substring_regex(part, pattern, rewrite)
    part = pc.replace_substring(part, secrets.COLON, ":")
    counts = {name: _count(part, name) - _count(before, name) for name in ("credentials", "secret")}
    return splice.put(texts, rows, part), +Counter(counts)


def _with_sentinels(
    texts: pa.Array, rows: NDArray[np.int64], spans: splice.Spans, identifiers: NDArray[np.int64]
) -> pa.Array:
    """Texts of these rows with sentinels for known identifiers, which stand at `spans`.

    What a shape or a detector swallows is replaced with it.
    """
    local = splice.Spans(np.searchsorted(rows, spans.row), spans.start, spans.end)
    return splice.replace(texts.take(pa.array(rows)), local, sentinels.write(identifiers))


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
