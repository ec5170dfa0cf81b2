"""The detectors by name, and redaction with them: what they find becomes the sentinel of a typed placeholder.

Texts are independent of each other. A text is searched until nothing more is found in it, since neighbors may share what
tells of them; what was found tells of others (`Group <x> User <y>`), and what redaction wrote earlier stands for what it
replaced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custody.privacy.detect import accounts, directory, hosts, ibans, mailboxes, presidio, secrets, sentences, urls
from custody.privacy.detect.rules import found, is_spared, matching_rows
from custody.privacy.text import sentinels, splice
from custody.privacy.text.haystack import Found, Haystack
from custody.privacy.text.matching import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from custody.privacy.detect.rules import Rule

BUILT_IN: dict[str, tuple[Rule, ...]] = {
    "urls": urls.RULES,
    "secrets": secrets.RULES,
    "ibans": ibans.RULES,
    "mailboxes": mailboxes.RULES,
    "hosts": hosts.RULES,
    "directory": directory.RULES,
    "accounts": accounts.RULES,
    "sentences": sentences.RULES,
}
"""Detectors by the name that the policy gives them; where two find the same, the earlier names it."""
EARLY = frozenset({"urls", "secrets", "ibans"})
"""Detectors that look before addresses and cards are found, which could be part of what they find."""
ROUNDS = 8
"""Each round finds what an earlier one uncovered; texts that go on longer were made to."""


def rules(names: Iterable[str]) -> tuple[Rule, ...]:
    """Rules of these detectors, in the order of `BUILT_IN`."""
    wanted = frozenset(names)
    listed = tuple(rule for name, listed in BUILT_IN.items() if name in wanted for rule in listed)
    return listed + (hosts.SHAPED if "hosts" in wanted else ())


def redact(texts: pa.Array, chosen: Sequence[Rule], spared: frozenset[str]) -> pa.Array:
    """Replace what these rules find by the sentinels of placeholders.

    `texts` are large strings without nulls and reserved characters, with sentinels for known identifiers; `spared`
    are texts (folded) that stay: reviewed words, and tokens of an earlier redaction.
    """
    touched = matching_rows(texts, chosen)
    if not len(touched):
        return texts
    part, brought = sentinels.protected(texts.take(pa.array(touched)))
    rows, left = touched, part
    for _ in range(ROUNDS):
        findings = resolve([_whole(Haystack(left), found(left, chosen, spared))])
        if not len(findings.row):
            break
        changed = np.unique(findings.row)
        left = _replaced(left, findings, [rule.kind for rule in chosen]).take(pa.array(changed))
        rows = rows[changed]
        part = splice.put(part, np.searchsorted(touched, rows), left)
    return splice.put(texts, touched, sentinels.restored(part, brought))


def redact_with_presidio(texts: pa.Array, spared: frozenset[str]) -> pa.Array:
    """Do as `redact` does with what Presidio finds, in every text."""
    part, brought = sentinels.protected(texts)
    findings = resolve([_whole(Haystack(part), presidio.find(part))])
    first = Haystack(part).offsets[findings.row]
    pieces = splice.pieces(part, splice.Spans(findings.row, findings.start - first, findings.end - first))
    findings = findings.filter(~is_spared(pieces, spared))
    return sentinels.restored(_replaced(part, findings, tuple(presidio.KINDS.values())), brought)


def _whole(hay: Haystack, findings: Found) -> Found:
    """Findings that begin or end inside of a sentinel, with all of it."""
    leads = np.append(np.flatnonzero(hay.data == sentinels.LEAD), np.iinfo(np.int64).max)
    half = sentinels.SIZE // 2

    def inside(place: NDArray[np.int64]) -> NDArray[np.bool_]:
        nth = np.searchsorted(leads, place)
        result: NDArray[np.bool_] = (leads[nth] == place) & (nth % 2 == 1)
        return result

    start, end = findings.start, findings.end
    return findings._replace(start=start - half * inside(start), end=end + half * inside(end))


def _replaced(texts: pa.Array, findings: Found, kinds: Sequence[str]) -> pa.Array:
    first = Haystack(texts).offsets[findings.row]
    written = pa.array([sentinels.of(kind) for kind in kinds], pa.large_string())
    spans = splice.Spans(findings.row, findings.start - first, findings.end - first)
    return splice.replace(texts, spans, written.take(pa.array(findings.identifier)))
