"""Lines of text, taken apart by a pattern with named groups: a shipped one by its name, or one of the policy's.

The pattern is searched in the line; `^` and `$` bind it. A group that took nothing is null. The policy's `skip` pattern
is asked first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import CustodyError
from custody.sources.formats.matching import first_match, groups_of
from custody.sources.formats.messages import events, unrepeated
from custody.sources.formats.patterns import DASH_IS_NULL, MESSAGE_FIELDS, PATTERNS, USUAL
from custody.sources.formats.reading import Batch, table_of
from custody.sources.streams.framing import Frame, frames
from custody.sources.streams.screening import screen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

    from custody.policy.sources import Lines


def read(data: Iterator[bytes], format: Lines, wanted: Sequence[str]) -> Iterator[Batch]:  # noqa: A002  # the policy's word
    """Yield the lines of UTF-8 `data` that the pattern claims; the others as `format.unmatched` says.

    `CustodyError` where the pattern is not RE2 with named groups only.
    """
    reader = _Reader(format, wanted, _groups(format.pattern))
    for frame in frames(data, format.max_record_bytes):
        yield reader.batch(frame)
    yield reader.batch(Frame(b"", 1, 0))


def _groups(name: str) -> tuple[str, ...]:
    """Return the fields that the pattern gives."""
    pattern = PATTERNS.get(name, name)
    try:
        names = pc.extract_regex(pa.array([], pa.string()), pattern).type.names
    except pa.ArrowInvalid:
        names = []
    if not names or len(set(names)) != len(names):
        raise CustodyError(
            "format.pattern: is no shipped pattern (sshd, syslog, combined), and no RE2 pattern whose groups all have "
            "names of their own: (?P<name>...), or (?:...) for one that gives no field"
        )
    return (*names, "event", *MESSAGE_FIELDS) if name == "sshd" else tuple(names)


@dataclass(frozen=True)
class _Reader:
    format: Lines
    wanted: Sequence[str]
    fields: tuple[str, ...]

    def batch(self, frame: Frame) -> Batch:
        screened = screen(frame)
        texts, lines, malformed = screened.texts, screened.lines, list(screened.malformed)
        skipped = {"blank": screened.blank}
        if self.format.skip is not None:
            over = pc.match_substring_regex(texts, self.format.skip).to_numpy(zero_copy_only=False)
            skipped["policy_skip"] = int(over.sum())
            texts, lines = texts.filter(pa.array(~over)), lines[~over]
        claimed, columns = self._groups(texts)
        if not claimed.all():
            if self.format.unmatched == "skip":
                skipped["unmatched"] = int((~claimed).sum())
            else:
                malformed += [(line, "unmatched") for line in lines[~claimed].tolist()]
            some = pa.array(claimed)
            columns, lines = {name: column.filter(some) for name, column in columns.items()}, lines[claimed]
        columns, repeat = self._columns(columns)
        return Batch(
            table_of(columns, self.wanted, len(lines)),
            lines,
            sorted(malformed),
            {reason: count for reason, count in skipped.items() if count},
            frozenset(self.fields) - set(self.wanted),
            frozenset(self.wanted) - set(self.fields),
            repeat=repeat,
        )

    def _groups(self, texts: pa.Array) -> tuple[np.ndarray, dict[str, pa.Array]]:
        """Return which lines the pattern claims, and the groups that are needed; what others hold has no meaning."""
        name = self.format.pattern
        if name in PATTERNS:
            needed = [*self.wanted, "message"] if name in {"sshd", "syslog"} else self.wanted
            known = [*USUAL.get(name, ()), PATTERNS[name]]
            which, columns = first_match(texts, known, [one for one in groups_of(PATTERNS[name]) if one in needed])
            return which >= 0, columns
        groups = pc.extract_regex(texts, name)
        columns = {one: pc.struct_field(groups, one) for one in groups.type.names if one in self.wanted}
        return groups.is_valid().to_numpy(zero_copy_only=False), columns

    def _columns(self, columns: dict[str, pa.Array]) -> tuple[dict[str, pa.Array], np.ndarray | None]:
        """Return the wanted fields, and how often each record happened."""
        repeat = None
        if self.format.pattern in {"sshd", "syslog"}:
            columns["message"], repeat = unrepeated(columns["message"])
        if self.format.pattern == "sshd":
            columns |= events(columns["message"], self.wanted)
        return {name: self._given(column) for name, column in columns.items() if name in self.wanted}, repeat

    def _given(self, column: pa.Array) -> pa.Array:
        """Return the column with null in place of what is nothing."""
        nothing = self._nothing(column)
        return pc.if_else(nothing, pa.scalar(None, pa.string()), column) if nothing.true_count else column

    def _nothing(self, column: pa.Array) -> pa.Array:
        nothing = pc.equal(pc.binary_length(column), 0)
        return pc.or_(nothing, pc.equal(column, "-")) if self.format.pattern in DASH_IS_NULL else nothing
