"""Objects of one shape: equal text but for the scalars in it.

Programs write their records one like the other: the same keys in the same order, with the same blanks. A shape is what
such lines share, learnt from one of them that was read exactly. A line that has the text of the shape around its own
scalars, and whose scalars are strings without escapes, plain numbers, `true`, `false` or `null`, is valid JSON with the
same keys; so none of its kind has to be parsed again. What does not fit is read exactly (see `jsonl`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from custody.sources.formats.json_fields import Fields
from custody.sources.formats.json_level import ABSENT, Level, lookup
from custody.sources.formats.json_text import exact, holds_repeated, too_deep
from custody.sources.repeated import distinct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from custody.sources.formats.json_marks import Marks

TOKEN = re.compile(rb'"[^"]*"|[^][{}:,"\s]+')
KEY = re.compile(rb"\s*:")
SCALAR = (
    r"\A(?:-?[1-9][0-9]{0,14}(?:\.[0-9]{1,17})?|0(?:\.[0-9]{1,17})?|-0\.[0-9]{0,16}[1-9]"
    r"|true|false|null)\z"
)
"""Scalars whose text is one whoever reads them: no exponent, no integer that a double does not hold, no minus zero."""


@dataclass(frozen=True)
class Hole:
    """Where a scalar stands in every line of a shape."""

    quote: int
    """Number, in the line, of the last quotation mark before it; a string stands between this one and the next."""
    string: bool
    after: int
    """Of other scalars: bytes from the end to the next quotation mark, or to the end of the line if it is the last."""
    last: bool
    """No quotation mark follows."""


@dataclass(frozen=True)
class Shape:
    """What lines share."""

    literals: tuple[bytes, ...]
    """The text before, between and after the holes."""
    holes: tuple[Hole, ...]
    places: dict[str, int]
    """Wanted field → number of the hole where it stands."""
    wanted: frozenset[str]
    unwanted: frozenset[str]

    @classmethod
    def of(cls, line: bytes, wanted: Sequence[str]) -> Shape | None:
        """Return the shape of `line`, which is plain (see `Marks`), or None where it has none that can be relied on.

        None for what is no valid object, for a wanted field that is an object or a list, for scalars in lists that no
        quotation mark tells apart, and where the names of unwanted fields would depend on a scalar.
        """
        if not _sound(line):
            return None
        scalars = [one for one in TOKEN.finditer(line) if not KEY.match(line, one.end())]
        holes = tuple(_holes(line, scalars))
        if not scalars or len(holes) != len(scalars):
            return None
        numbered = exact(_filled(line, scalars, [b"%d" % number for number in range(len(scalars))]))
        nulls = exact(_filled(line, scalars, [one[0] if _string(one) else b"null" for one in scalars]))
        places = {name: found for name in wanted if (found := lookup(numbered, name)) is not ABSENT}
        unwanted = _unwanted(numbered, wanted)
        if not all(type(found) is int for found in places.values()) or _unwanted(nulls, wanted) != unwanted:
            return None
        edges = [0, *(edge for one in scalars for edge in _inside(one)), len(line)]
        literals = tuple(line[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
        return cls(literals, holes, cast("dict[str, int]", places), frozenset(wanted), unwanted)

    def take(self, marks: Marks, lines: np.ndarray) -> tuple[np.ndarray, Fields]:
        """Return which of the `lines` fit, and their fields.

        The lines are plain, ascending, and have as many quotation marks as the one that the shape was learnt from.
        """
        chosen, edges = self._fitting(marks, lines)
        good = np.zeros(len(lines), bool)
        good[chosen] = True
        held = {*self.places.values(), *(number for number, hole in enumerate(self.holes) if not hole.string)}
        texts = {number: marks.texts(*edges[number]) for number in sorted(held)}
        sound = np.ones(len(chosen), bool)
        for number, text in texts.items():
            if not self.holes[number].string:
                found, laid_out = distinct(text)
                good_ones = pc.match_substring_regex(found, SCALAR)
                sound &= laid_out(good_ones).to_numpy(zero_copy_only=False)
                texts[number] = laid_out(_canonical(pc.if_else(good_ones, found, pa.scalar(None, pa.string()))))
        if not sound.all():
            good[chosen[~sound]] = False
            texts = {number: text.filter(pa.array(sound)) for number, text in texts.items()}
        columns = {name: texts[number] for name, number in self.places.items()}
        return good, Fields(columns, {}, self.wanted - set(columns))

    def _fitting(self, marks: Marks, lines: np.ndarray) -> tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
        """Return which lines have the shape's literals, ascending, and where each hole starts and ends in those."""
        left, at, stop, first = np.arange(len(lines)), marks.begin[lines], marks.stop[lines], marks.first[lines]
        edges: list[tuple[np.ndarray, np.ndarray]] = []
        for hole, literal in zip((*self.holes, None), self.literals, strict=True):
            start = at + len(literal)
            fits = start <= stop
            if fits.all():
                fits = marks.same(at, literal)
            else:
                fits[fits] = marks.same(at[fits], literal)
            if hole is None:
                fits &= start == stop
            else:
                at = stop - hole.after if hole.last else marks.quotes[first + hole.quote + 1] - hole.after
                fits &= start <= at
                edges.append((start, at))
            if not fits.all():
                left, at, stop, first = left[fits], at[fits], stop[fits], first[fits]
                edges = [(begin[fits], end[fits]) for begin, end in edges]
        return left, edges


def _sound(line: bytes) -> bool:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return isinstance(value, dict) and not too_deep(line) and not holds_repeated(exact(line))


def _string(scalar: re.Match[bytes]) -> bool:
    return scalar[0].startswith(b'"')


def _inside(scalar: re.Match[bytes]) -> tuple[int, int]:
    """Return where a scalar starts and ends, a string without its quotation marks."""
    string = _string(scalar)
    return scalar.start() + string, scalar.end() - string


def _holes(line: bytes, scalars: Sequence[re.Match[bytes]]) -> Iterator[Hole]:
    """Yield the hole of each scalar, up to one that no quotation mark tells from the next."""
    starts = [*(one.start() for one in scalars), len(line)]
    for one, following in zip(scalars, starts[1:], strict=True):
        string = _string(one)
        quote = line.count(b'"', 0, one.start() + string) - 1
        after = line.find(b'"', one.end(), following + 1) - one.end()
        last = after < 0
        if quote < 0 or (last and following < len(line)):
            return
        yield Hole(quote, string, 0 if string else len(line) - one.end() if last else after, last and not string)


def _filled(line: bytes, scalars: Sequence[re.Match[bytes]], texts: Sequence[bytes]) -> bytes:
    """Return `line` with `texts` in place of its scalars."""
    parts, at = [], 0
    for found, text in zip(scalars, texts, strict=True):
        parts += [line[at : found.start()], text]
        at = found.end()
    return b"".join([*parts, line[at:]])


def _unwanted(value: object, wanted: Sequence[str]) -> frozenset[str]:
    return Level([cast("dict[str, object]", value)]).unwanted(frozenset(wanted))


def _canonical(texts: pa.Array) -> pa.Array:
    """Return scalars as every reader gives them: null is null, and a fraction the shortest text of its double."""
    texts = pc.if_else(pc.equal(texts, "null"), pa.scalar(None, pa.string()), texts)
    broken = pc.match_substring(texts, ".")
    if not pc.any(broken).as_py():
        return texts
    floats = pc.if_else(broken, texts, pa.scalar(None, pa.string())).cast(pa.float64()).cast(pa.string())
    return pc.coalesce(floats, texts)
