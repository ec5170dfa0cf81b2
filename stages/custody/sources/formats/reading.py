"""What every reader gives: batches of raw fields with their line numbers, and an account of every record.

The law of accounting, for each batch and so for each file: every record that was read is exactly one of

- a row of `table`,
- malformed: it could not be read, and costs itself alone, with its line and one of `MALFORMED`,
- skipped: structure, or what the policy says to pass over, counted under one of `SKIPPED`.

A record is a physical line, or several where a quoted field holds line breaks (CSV), an element (JSON document), a row
(Parquet), or the file (document). A header, a comment and a blank line are records that are skipped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

MALFORMED = {
    "bad_encoding": "not valid in the encoding that was declared or found",
    "nul_byte": "holds a NUL byte",
    "too_long": "longer than max_record_bytes",
    "too_few_fields": "fewer fields than the header names",
    "too_many_fields": "more fields than the header names",
    "unclosed_quote": "opens a quote that nothing closes",
    "stray_quote": "text after the quote that closes a field",
    "not_json": "not JSON",
    "not_an_object": "JSON, but not an object",
    "duplicate_key": "an object that names one key twice",
    "too_deep": "JSON nested too deeply to be read",
    "unmatched": "no match for the pattern",
    "no_fields_line": "a Zeek record before any #fields line",
}
"""Reason codes of records that cannot be read."""

SKIPPED = {
    "header": "column names, or a Zeek line that starts with #",
    "blank": "nothing but white space",
    "policy_skip": "claimed by the policy's skip pattern",
    "unmatched": "no match for the pattern, and the policy says to skip such lines",
}
"""Reason codes of records that are passed over."""


@dataclass(frozen=True)
class Batch:
    """Some consecutive records of one file.

    A reader yields at least one batch for a file, even for an empty one, in file order; a batch may have no rows.

    Values. Text formats (CSV, JSON, Zeek, lines, documents) give string columns: text as it stands in the record,
    untrimmed, `''` for an empty field; null where the record has no such field, where JSON says null or Zeek says
    unset. A JSON number is its own text (no digit lost), a JSON boolean `true` or `false`. Zeek sets and vectors are
    their text, parts joined by the set separator as in the file. Parquet keeps Arrow's boolean, integer, float and
    timestamp types (naive timestamps stay naive, others are UTC); its strings, dictionaries, decimals, dates, times
    and other scalars become strings. A list or object in place of a scalar is compact JSON text, flagged in `mixed`.
    """

    table: pa.Table
    """The wanted fields by their own names, each once, in the order wanted; a field the batch lacks is all null."""

    lines: np.ndarray
    """int64, one per row: the 1-based line where the record starts (record number for Parquet, JSON documents)."""

    malformed: list[tuple[int, str]] = field(default_factory=list)
    """(line, reason code) in ascending order of line."""

    skipped: dict[str, int] = field(default_factory=dict)
    """Reason code → records."""

    dropped: frozenset[str] = frozenset()
    """Names of fields in this batch that nobody wants. For counting distinct ones over a file, never for showing.

    An unwanted object counts as one field, whatever it holds.
    """

    missing: frozenset[str] = frozenset()
    """Wanted fields that this batch lacks: a file misses what *every* batch of it misses."""

    mixed: dict[str, np.ndarray] = field(default_factory=dict)
    """Column → bool per row, true where a list or object stands in place of a scalar; only columns that have one."""

    repeat: np.ndarray | None = None
    """int64, one per row: how often the record says it happened (syslog's "message repeated N times"); None: once."""

    @property
    def rows(self) -> int:
        """Records that became rows."""
        return len(self.lines)

    @property
    def read(self) -> int:
        """All records of the batch: rows + malformed + skipped."""
        return len(self.lines) + len(self.malformed) + sum(self.skipped.values())


def table_of(columns: Mapping[str, pa.Array], wanted: Sequence[str], rows: int) -> pa.Table:
    """Return a table of the `wanted` columns in that order, each once; one that is not in `columns` is all null."""
    names = list(dict.fromkeys(wanted))
    arrays = [columns[name] if name in columns else pa.nulls(rows, pa.string()) for name in names]
    return pa.Table.from_arrays(arrays, names=names)
