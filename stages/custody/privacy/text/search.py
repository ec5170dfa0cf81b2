"""The search for names in texts: as they are, in identifiers' places, in other spellings, and inside of encodings.

Most texts hold names as they are or none: the automaton tells those, and one pattern tells which texts could hold
anything more. Only these are looked at closely.

Encodings are taken off, not listed: a text is decoded (`escapes`, `base64`) and searched again, up to `DEPTH` deep, so
that a name is found whatever its case and whichever of its characters are encoded.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.text import (
    base64,
    composed,
    decoded,
    escapes,
    folding,
    hexed,
    matching,
    packed,
    places,
    probes,
    runs,
    spellings,
)
from custody.privacy.text.haystack import Found, Haystack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from custody.privacy.text.decoded import Decoded

    Whole: TypeAlias = int | NDArray[np.int8]

NOT, ANY, LETTERS = range(3)
"""Which short and numeric names count where they are the whole text: none, all, or those with letters alone."""
SPELLINGS = ("as_is", "address", "escaped", "base64")
"""How a name was spelled: as it is, as another form of an address, in escapes, in base64."""
AS_IS, ADDRESS, ESCAPED, BASE64 = range(4)
DEPTH = 3
"""Encodings inside of each other."""
_ESCAPING = np.isin(np.arange(256), list(b"%\\=[;"))
"""Bytes from which on letters may be an escape, behind which another word begins."""
LEADS = 0xC0
"""From here on bytes lead a character of several (RFC 3629)."""
_END = np.iinfo(np.int64).max
_SPELLED = 15
"""Bytes of the longest address that is one run of letters and digits; in a longer run only base64 can hold a name."""


class Finder:
    """Finds names (folded, distinct); hits say `identifier + len(names) * spelling`."""

    def __init__(
        self, names: pa.Array, allowed: NDArray[np.bool_], placed: NDArray[np.bool_], lettered: NDArray[np.bool_]
    ) -> None:
        self._names, self._allowed, self._placed, self._lettered = names, allowed, placed, lettered

    def find(self, hay: Haystack, whole: Whole) -> Found:
        """What `matching.resolve` gives of all hits, sought only where the settled ones do not tell.

        They are chosen from left to right. So hits that begin inside of a settled one, which is of a person, are none,
        and hits that overlap no settled one leave those as they are.
        """
        settled, left = self._tokens.settled(hay)
        others = Found.join([self._others(hay, DEPTH), self._whole(hay, whole)])
        beaten = self._contested(settled, others, left)
        left[self._shields(hay, settled).row] = True
        apart, rows = ~left[others.row], np.flatnonzero(left)
        if not len(rows) and not len(others.row):
            return settled
        parts = [settled.filter(~left[settled.row]), self._personal_first(others.filter(apart & ~beaten))]
        if len(rows):
            part = hay.part(rows)
            among = [self._tokens.find(part).moved(part, hay, rows), others.filter(~apart)]
            parts.append(self._personal_first(Found.join(among)))
        found = Found.join(parts)
        return found.filter(np.argsort(found.start, kind="stable"))

    def _contested(self, settled: Found, others: Found, left: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell which of the other hits a settled one beats; where one contests another, its text becomes `left`."""
        if not len(others.row):
            return np.zeros(0, dtype=bool)
        held = np.zeros(len(left), dtype=bool)
        held[others.row] = True
        near = settled.filter(held[settled.row])
        allowed = self._allowed[near.identifier]
        beside, beaten = matching.compared(others, near.filter(~allowed))
        left[others.row[~beside & ~beaten]] = True
        beside, _ = matching.compared(others, near.filter(allowed))
        left[others.row[~beside]] = True
        return beaten

    def in_words(self, hay: Haystack) -> bool:
        """Say whether texts of letters, digits and underscores alone hold a name that is not the whole of one of them.

        Nothing of `places` is spelled so, and no escape.
        """
        short = np.diff(hay.offsets) <= _SPELLED
        if not short.all():
            short |= pc.match_substring(hay.texts, "_").to_numpy(zero_copy_only=False)
        if len(self._spellings.find(hay.part(np.flatnonzero(short))).row):
            return True
        rows = probes.matching(hay.raw, self._packed)
        return any(len(self._in_layers(some, DEPTH).row) for some in _grouped(self._packed_in(hay, rows)))

    def _unusual(self, hay: Haystack) -> NDArray[np.int64]:
        """Texts that can hold more than names as they are."""
        return np.union1d(probes.matching(hay.raw, self._probe), composed.rows(hay.raw))

    def _others(self, hay: Haystack, depth: int) -> Found:
        """Hits but for those of tokens as they are."""
        unusual = self._unusual(hay)
        if not len(unusual):
            return Found.none()
        part = hay.part(unusual)
        found = [self._coded(self._spellings.find(part), ADDRESS), self._decoded(part, depth)]
        found += [self._places.find(part)] if self._placed.any() else []
        return Found.join(found).moved(part, hay, unusual)

    def _decoded(self, hay: Haystack, depth: int) -> Found:
        """Hits in what is left when an encoding is taken off."""
        if not depth or not len(hay):
            return Found.none()
        return Found.join([self._in_layers(some, depth) for some in _grouped(self._layers(hay))])

    def _layers(self, hay: Haystack) -> Iterator[tuple[Decoded, int]]:
        """Yield texts with one encoding taken off, where there may be one."""
        *written, packed_ = probes.each(hay.raw, [*(probe for probe, _ in _WRITTEN), self._packed])
        decoders = [*(decode for _, decode in _WRITTEN), escapes.composed_of]
        for decode, rows in zip(decoders, [*written, composed.rows(hay.raw)], strict=True):
            layer = decode(hay, rows) if len(rows) else None
            if layer is not None and len(layer.row):
                yield layer, ESCAPED
        yield from self._packed_in(hay, packed_)

    def _packed_in(self, hay: Haystack, rows: NDArray[np.int64]) -> Iterator[tuple[Decoded, int]]:
        """Yield what base64 stands for in these texts."""
        for layer in base64.unpacked(hay, rows, self._text):
            yield layer, BASE64

    def _in_layers(self, layers: list[tuple[Decoded, int]], depth: int) -> Found:
        """Hits in decoded texts, searched at once, as hits in the original."""
        whole = decoded.joined([layer for layer, _ in layers])
        spelling = np.repeat([code for _, code in layers], [len(layer.haystack) for layer, _ in layers])
        found = self._inside(whole.haystack, spelling == BASE64, depth)
        return self._coded(whole.back(found), spelling[found.row])

    def _inside(self, hay: Haystack, packed: NDArray[np.bool_], depth: int) -> Found:
        """Hits in decoded texts; in what base64 gave, further encodings are looked for where it is text alone."""
        chosen = np.flatnonzero(~packed)
        chosen = np.concatenate([chosen, base64.whole_texts(hay, np.flatnonzero(packed))])
        part = hay.part(chosen)
        found = [self._tokens.find(hay), self._others(part, depth - 1).moved(part, hay, chosen)]
        others = np.setdiff1d(composed.rows(hay.raw), chosen)
        if len(others):
            layer = escapes.composed_of(hay, others)
            found.append(layer.back(self._coded(self._tokens.find(layer.haystack), ESCAPED)))
        joined = Found.join(found)
        told = packed[joined.row]
        sure = base64.with_password(joined.filter(told & base64.is_text(joined, hay)), hay)
        return Found.join([joined.filter(~told), sure])

    def _coded(self, found: Found, spelling: int | NDArray[np.int64]) -> Found:
        count = len(self._names)
        return found._replace(identifier=found.identifier % max(count, 1) + count * spelling)

    def _whole(self, hay: Haystack, whole: Whole) -> Found:
        if not self._placed.any() or not np.any(whole):
            return Found.none()
        found = self._places.whole(hay)
        asked = np.broadcast_to(whole, len(hay))[found.row]
        return found.filter((asked == ANY) | (asked == LETTERS) & self._lettered[found.identifier])

    def _shields(self, hay: Haystack, settled: Found) -> Found:
        """Allowed hits that a personal one may overlap: of several words, or behind what may be an escape."""
        allowed = settled.filter(self._allowed[settled.identifier])
        behind = _ESCAPING[hay.at(allowed.start - 1, allowed.row)]
        return allowed.filter(behind | ~self._one_word[allowed.identifier])

    def _personal_first(self, found: Found) -> Found:
        """What is left of overlapping hits: personal ones, then the allowed ones that none of those overlaps."""
        allowed = self._allowed[found.identifier % max(len(self._names), 1)]
        personal, others = matching.resolve([found.filter(~allowed)]), found.filter(allowed)
        free = np.append(personal.start, _END)[np.searchsorted(personal.end, others.start, side="right")] >= others.end
        return Found.join([personal, matching.resolve([others.filter(free)])])

    @cached_property
    def _probe(self) -> str:
        """Finds what can hold more than names as they are in texts, not folded, of ASCII: one pass for all."""
        folded = [self._spellings.probe] + ([self._places.probe] if self._placed.any() else [])
        cased = "|".join(probe for probe in folded if probe)
        anywhere = f"{escapes.PROBE}|{escapes.QUOTED_PROBE}|{hexed.GLANCE}|{self._packed}"
        return f"(?i:{cased})|{anywhere}" if cased else anywhere

    @cached_property
    def _packed(self) -> str:
        return packed.probe(bytes(np.flatnonzero(self._text[LEADS:]) + LEADS))

    @cached_property
    def _text(self) -> NDArray[np.bool_]:
        """What bytes a text of names is made of, however they are written."""
        names = self._names.filter(pc.invert(pc.string_is_ascii(self._names)))
        return runs.texts_of({*folding.spelled(composed.spelled("".join(names.to_pylist()))).encode()})

    @cached_property
    def _one_word(self) -> NDArray[np.bool_]:
        word: NDArray[np.bool_] = pc.match_substring_regex(self._names, "^[0-9a-z_]+$").to_numpy(zero_copy_only=False)
        return word

    @cached_property
    def _tokens(self) -> matching.Tokens:
        chosen = np.flatnonzero(~self._placed)
        names = self._names.take(pa.array(chosen))
        others, origin = spellings.listed(names)
        return matching.Tokens(pa.concat_arrays([names, others]), np.concatenate([chosen, chosen[origin]]))

    @cached_property
    def _spellings(self) -> spellings.Spellings:
        return spellings.Spellings(self._names, np.arange(len(self._names)))

    @cached_property
    def _places(self) -> places.Places:
        chosen = np.flatnonzero(self._placed)
        names = self._names.take(pa.array(chosen))
        others, origin = spellings.folded(names)
        return places.Places(pa.concat_arrays([names, others]), np.concatenate([chosen, chosen[origin]]))


def _grouped(layers: Iterable[tuple[Decoded, int]]) -> Iterator[list[tuple[Decoded, int]]]:
    """Yield layers in groups of a bounded size, since searching a few together costs little more than one."""
    waiting, size = [], 0
    for layer in layers:
        waiting.append(layer)
        size += len(layer[0].haystack.data)
        if size > runs.BATCH:
            yield waiting
            waiting, size = [], 0
    if waiting:
        yield waiting


_WRITTEN = (
    (escapes.PROBE, escapes.unescaped),
    (escapes.NUL, escapes.parted),
    (escapes.QUOTED_PROBE, escapes.unquoted),
    (hexed.PROBE, hexed.unhexed),
)
"""What finds the texts that may be written in a way, and what takes it off."""
