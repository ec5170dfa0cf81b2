"""redact_text: identifiers in text become tokens, or typed placeholders where they are not known.

In this order: secrets and URL credentials (`secrets`); known identifiers, which get the token that they have in their
own column, or `<user>`, `<ip>`, … where that column has no tokens; further secrets, URL parameters and IBANs by
what stands around them (`detect`); the shapes of e-mail, MAC and IP addresses and card numbers (`shapes`); users and
hosts by what stands around them. What was written is not looked at again. A text with characters that only look
another way (`lookalikes`) is read once more in plain ones, and written in them where more is found so. Redacting twice
changes nothing, but for addresses that ip_prefix wrote: no one can tell them from others, so a second time they become
`<ip>`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.detect import detecting
from custody.privacy.text import lookalikes, probes, secrets, sentinels, shapes, splice
from custody.privacy.text.haystack import compact, wide

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from custody.privacy.text.known import Known


SAMPLE = 1024
"""Texts."""


@dataclass(frozen=True)
class Redacted:
    """Redacted texts (strings; null stays null), and how many identifiers were replaced, by kind; only kinds found."""

    values: pa.Array
    counts: Mapping[str, int]


def apply(values: pa.Array, known: Known, detectors: Sequence[str] = tuple(detecting.BUILT_IN)) -> Redacted:
    """Redact every text; pure, text by text: other rows, partitions and earlier runs change nothing."""
    if not values.null_count and _all_differ(values):
        texts, counts = _distinct(compact(values), np.ones(len(values), dtype=np.int64), known, detectors)
        return Redacted(texts.cast(pa.string()), dict(sorted(counts.items())))
    each = values.dictionary_encode()
    if not len(each.dictionary):
        return Redacted(pa.nulls(len(values), pa.string()), {})
    times = np.bincount(each.indices.drop_null().to_numpy(), minlength=len(each.dictionary))
    texts, counts = _distinct(compact(each.dictionary), times, known, detectors)
    return Redacted(texts.cast(pa.string()).take(each.indices), dict(sorted(counts.items())))


def _all_differ(values: pa.Array) -> bool:
    """Say whether a sample holds no text twice: then to look for equal texts costs more than it saves."""
    some = values.take(pa.array(range(0, len(values), max(len(values) // SAMPLE, 1)), pa.int64()))
    return bool(pc.count_distinct(some).as_py() == len(some))


def _distinct(
    texts: pa.Array, times: NDArray[np.int64], known: Known, detectors: Sequence[str]
) -> tuple[pa.Array, Counter[str]]:
    """Redacted texts, and how many identifiers were replaced where text i stands `times[i]` times."""
    brought = wide(texts)
    texts = splice.put(texts, brought, sentinels.cleared(texts.take(pa.array(brought)))) if len(brought) else texts
    once, counts = _marked(texts, times, known, detectors)
    odd = brought[lookalikes.odd(once.take(pa.array(brought)))]
    if len(odd):
        plain = lookalikes.rewritten(once.take(pa.array(odd)))
        again, further = _marked(plain, times[odd], known, detectors)
        more = np.flatnonzero(pc.not_equal(again, plain).to_numpy(zero_copy_only=False))
        once, counts = splice.put(once, odd[more], again.take(pa.array(more))), counts + further
    texts, spelled = _spelled(once, times, known)
    return texts, counts + spelled


def _marked(
    texts: pa.Array, times: NDArray[np.int64], known: Known, detectors: Sequence[str]
) -> tuple[pa.Array, Counter[str]]:
    """Texts with sentinels in the place of identifiers, and how many secrets were replaced."""
    early, late = detecting.rules({*detectors} & detecting.EARLY), detecting.rules({*detectors} - detecting.EARLY)
    texts, counts = _without_secrets(texts, times)
    hits = known.find(texts)
    # What a shape or a detector swallows is replaced with it.
    texts = splice.replace(texts, splice.Spans(hits.row, hits.start, hits.end), sentinels.write(hits.identifier))
    texts = detecting.redact(shapes.redact(detecting.redact(texts, early, known.spared)), late, known.spared)
    texts = detecting.redact_with_presidio(texts, known.spared) if "presidio" in detectors else texts
    return texts, counts


def _without_secrets(texts: pa.Array, times: NDArray[np.int64]) -> tuple[pa.Array, Counter[str]]:
    """Texts without secrets, and how many secrets there were."""
    rows = probes.matching(texts, secrets.PROBE)
    if not len(rows):
        return texts, Counter()
    before = texts.take(pa.array(rows))
    part = pc.replace_substring_regex(before, secrets.UNSET, rf"\1{secrets.COLON}\3")
    for pattern, rewrite in secrets.REWRITES:
        part = pc.replace_substring_regex(part, pattern, rewrite)
    part = pc.replace_substring(part, secrets.COLON, ":")
    fresh = {name: _count(part, name) - _count(before, name) for name in ("credentials", "secret")}
    counts = {name: int(number @ times[rows]) for name, number in fresh.items()}
    return splice.put(texts, rows, part), +Counter(counts)


def _spelled(texts: pa.Array, times: NDArray[np.int64], known: Known) -> tuple[pa.Array, Counter[str]]:
    """Texts with tokens and placeholders in the place of sentinels, and how many of each kind."""
    spans, numbers = sentinels.read(texts)
    shaped = numbers >= sentinels.FIRST
    numbers = np.where(shaped, numbers - sentinels.FIRST + len(known), numbers)
    placeholders = pa.array([f"<{shape}>" for shape in sentinels.SHAPES])
    inserts = pa.concat_arrays([known.replacements, placeholders]).take(pa.array(numbers))
    kinds = pa.concat_arrays([known.kinds, pa.array(sentinels.SHAPES)]).dictionary_encode()
    found = np.bincount(kinds.indices.to_numpy()[numbers], times[spans.row], minlength=len(kinds.dictionary))
    counts = dict(zip(kinds.dictionary.to_pylist(), found.astype(np.int64).tolist(), strict=True))
    return splice.replace(texts, spans, inserts), +Counter(counts)


def _count(texts: pa.Array, kind: str) -> NDArray[np.int64]:
    count: NDArray[np.int64] = pc.count_substring(texts, f"<{kind}>").to_numpy(zero_copy_only=False).astype(np.int64)
    return count
