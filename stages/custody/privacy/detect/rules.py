"""What a detector is made of: patterns with the identifier in their middle, and a judge of what they find.

A pattern has three groups: what tells of the identifier, the identifier, and what follows. It runs on RE2, linear in the
text. Patterns run on few texts: on one of those that are alike (`templates`); one pass (Aho and Corasick, 1975) finds all
rules' cues at once, and a rule looks only at texts that hold one of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.detect import templates
from custody.privacy.text import folding, sentinels, splice
from custody.privacy.text.haystack import Found, Haystack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Judge = Callable[[pa.Array], NDArray[np.int64]]

MARKED = rf"\1{splice.OPEN}\2{splice.CLOSE}\3"


def everything(pieces: pa.Array) -> NDArray[np.int64]:
    """Judge every finding right."""
    length: NDArray[np.int64] = pc.binary_length(pieces).to_numpy(zero_copy_only=False).astype(np.int64)
    return length


@dataclass(frozen=True)
class Rule:
    """One pattern of one kind of identifier."""

    kind: str
    cues: tuple[str, ...]
    """Lower-case texts; whatever the pattern matches holds one of them, in any case."""
    pattern: str
    judge: Judge = everything
    """Given distinct findings, how many bytes of each are the identifier; 0 where it is none."""
    marked: str = MARKED
    """How the pattern's groups are written with marks around the identifier."""


def rule(kind: str, cues: str, pattern: str, judge: Judge = everything, marked: str = MARKED) -> Rule:
    """Return a rule; `cues` are separated by line feeds."""
    return Rule(kind, tuple(cues.split("\n")), pattern, judge, marked)


class Cued:
    """Texts, and which of the rules' cues stand in which of them."""

    def __init__(self, texts: pa.Array, rules: Sequence[Rule]) -> None:
        self.texts = texts
        self._cues = sorted({cue for one in rules for cue in one.cues})
        lists = pl.Series(texts).str.extract_many(self._cues, ascii_case_insensitive=True, overlapping=True)
        count = lists.list.len().to_numpy()
        flat = lists.filter(pl.Series(count > 0)).explode() if count.any() else pl.Series([], dtype=pl.String)
        cue = flat.str.to_lowercase().cast(pl.Enum(self._cues)).to_physical().to_numpy()
        order = np.argsort(cue, kind="stable")
        self._row = np.repeat(np.arange(len(texts)), count)[order]
        self._first = dict(zip(self._cues, np.searchsorted(cue[order], np.arange(len(self._cues))), strict=True))
        self._behind = dict(
            zip(self._cues, np.searchsorted(cue[order], np.arange(len(self._cues)), "right"), strict=True)
        )

    def rows(self, rule: Rule) -> NDArray[np.int64]:
        """Rows of the texts that hold a cue of the rule."""
        held = np.zeros(len(self.texts), dtype=bool)
        for cue in rule.cues:
            held[self._row[self._first[cue] : self._behind[cue]]] = True
        return np.flatnonzero(held)


def matching_rows(texts: pa.Array, rules: Sequence[Rule]) -> NDArray[np.int64]:
    """Rows of the texts that hold a cue of any of the rules."""
    cues = sorted({cue for one in rules for cue in one.cues})
    if not cues:
        return np.zeros(0, dtype=np.int64)
    held = pl.Series(texts).str.contains_any(cues, ascii_case_insensitive=True)
    return held.arg_true().to_numpy().astype(np.int64)


def found(texts: pa.Array, rules: Sequence[Rule], spared: frozenset[str]) -> Found:
    """What the rules find, overlapping findings too; `identifier` is the rule's number.

    `texts` are large strings without nulls and without the marks of `splice`. A finding that is nothing but a known
    identifier's sentinel, or one of the `spared` texts (folded), is none.
    """
    if not rules or not len(texts):
        return Found.none()
    some, hay = templates.alike(texts), Haystack(texts)
    cued = Cued(some.texts, rules)
    hits = Found.join([_of_rule(cued, number, one) for number, one in enumerate(rules)])
    hits = hits.filter(np.argsort(hits.row, kind="stable"))
    return _judged(hay, some.spread(hits, hay), rules, spared)


def _of_rule(cued: Cued, number: int, rule: Rule) -> Found:
    """What the pattern finds, but for what is nothing but sentinels."""
    rows = cued.rows(rule)
    if not len(rows):
        return Found.none()
    part = cued.texts.take(pa.array(rows))
    matching = pc.match_substring_regex(part, rule.pattern)
    rows = rows[matching.to_numpy(zero_copy_only=False)]
    if not len(rows):
        return Found.none()
    part = Haystack(part.filter(matching))
    spans = splice.find(part.texts, rule.pattern, rule.marked)
    spans = spans.filter(~is_spared(splice.pieces(part.texts, spans), frozenset()))
    first = part.offsets[spans.row]
    hits = Found(spans.row, first + spans.start, first + spans.end, np.full(len(first), number))
    return hits.moved(part, Haystack(cued.texts), rows)


def _judged(hay: Haystack, hits: Found, rules: Sequence[Rule], spared: frozenset[str]) -> Found:
    """Hits as far as their rules' judges say, each asked once for each distinct text."""
    first = hay.offsets[hits.row]
    encoded = splice.pieces(hay.texts, splice.Spans(hits.row, hits.start - first, hits.end - first)).dictionary_encode()
    piece, kept = encoded.indices.to_numpy(), ~is_spared(encoded.dictionary, spared)
    judges = list(dict.fromkeys(rule.judge for rule in rules))
    judge = np.array([judges.index(rule.judge) for rule in rules])[hits.identifier]
    length = np.zeros(len(piece), dtype=np.int64)
    for number, judged in enumerate(judges):
        chosen = np.flatnonzero((judge == number) & kept[piece])
        asked, which = np.unique(piece[chosen], return_inverse=True)
        length[chosen] = judged(encoded.dictionary.take(pa.array(asked)))[which]
    return hits._replace(end=hits.start + length).filter(length > 0)


def is_spared(pieces: pa.Array, spared: frozenset[str]) -> NDArray[np.bool_]:
    """True for what is nothing but sentinels, or a spared text."""
    known = pc.match_substring_regex(pieces, f"^[\"']?[{sentinels.CLASS}]+[\"']?$")
    listed = [text in spared for text in folding.fold(pieces).to_pylist()]
    result: NDArray[np.bool_] = known.to_numpy(zero_copy_only=False) | np.array(listed, dtype=bool)
    return result
