"""What collect knows of its files, in integers: sums of files are a source, sums of sources the receipt."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from custody.policy.schema import FieldType
    from custody.policy.sources import Source
    from custody.records.folder import Partition
    from custody.sources.opening import SourceFile

EXAMPLES = 100
"""Malformed records of one file that are listed with their line."""
SHOWN = 20
"""Files that no source names that are told by name."""
NAMES = 65_536
"""Unwanted field names that are told apart; a source that makes up names for each record reaches it, and it stays."""
_BY_USE = frozenset({"jsonl", "json", "document"})
"""Formats whose fields show by use: a column is missing where no file has it. In others each file declares its own."""
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017  # one spelling for every Python


@dataclass
class FileSummary:
    """Counts of one file; grows as its batches are read."""

    file: SourceFile
    read: int = 0
    malformed: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[int, str]] = field(default_factory=list)
    problems: dict[str, Counter[str]] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    missing: frozenset[str] | None = None
    """Fields that every batch so far lacks."""
    first: int | None = None
    last: int | None = None
    """Earliest and latest time, in microseconds since 1970; the receipt gives their days alone."""
    partitions: list[Partition] = field(default_factory=list)

    @property
    def collected(self) -> int:
        """Records that were written."""
        return sum(partition.rows for partition in self.partitions)

    def check(self) -> None:
        """Every record that was read is collected, malformed or skipped."""
        if self.read != self.collected + self.malformed.total() + self.skipped.total():
            raise CustodyError(
                f"{self.file.found.name}: the counts of records do not add up; "
                "this is a defect of Custody, please report it"
            )


def receipt(
    summaries: Sequence[FileSummary], sources: Mapping[str, Source], fields: Mapping[str, FieldType]
) -> dict[str, Any]:
    """Return the receipt's body, but for the zone and what lies beside the sources."""
    by_source = {name: [one for one in summaries if one.file.found.source == name] for name in sorted(sources)}
    problems: dict[str, Counter[str]] = {}
    for one in summaries:
        for column, counts in one.problems.items():
            problems.setdefault(column, Counter()).update(counts)
    return {
        "stage": "collect",
        "schema": {name: fields[name] for name in sorted(fields)},
        "sources": {name: _source(sources[name], files) for name, files in by_source.items()},
        "accounting": accounting(summaries),
        "malformed": _sum(one.malformed for one in summaries),
        "skipped": _sum(one.skipped for one in summaries),
        "malformed_examples": [
            {"source": one.file.found.source, "file": one.file.id, "line": line, "reason": reason}
            for one in summaries
            for line, reason in one.examples
        ],
        "problems": {column: _sum([counts]) for column, counts in sorted(problems.items())},
    }


def accounting(summaries: Iterable[FileSummary]) -> dict[str, int]:
    """`read = collected + malformed + skipped`, over some files."""
    total = {"read": 0, "collected": 0, "malformed": 0, "skipped": 0}
    for one in summaries:
        one.check()
        total["read"] += one.read
        total["collected"] += one.collected
        total["malformed"] += one.malformed.total()
        total["skipped"] += one.skipped.total()
    return total


def metrics(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures for `dvc metrics` out of a receipt's body."""
    return {**body["accounting"], "unnamed_files": body["unnamed_files"]}


def headline(body: Mapping[str, Any]) -> str:
    """One line for people."""
    count, sources = body["accounting"], len(body["sources"])
    unnamed = body["unnamed_files"]
    more = f"; {unnamed:,} file{'s' * (unnamed != 1)} in the folder that no source names" if unnamed else ""
    return (
        f"collected {count['collected']:,} of {count['read']:,} records from {sources} source{'s' * (sources != 1)} "
        f"({count['malformed']:,} malformed, {count['skipped']:,} skipped){more}"
    )


def reported(unnamed: Sequence[str]) -> list[str]:
    """Lines for people about files that no source names. No receipt holds a file's name: it may be a person's."""
    shown = [f"collect: not read, no source names it: {plain(name)}" for name in unnamed[:SHOWN]]
    more = len(unnamed) - len(shown)
    return [*shown, *([f"collect: not read, no source names them: {more:,} more files"] if more else [])]


def _source(source: Source, files: list[FileSummary]) -> dict[str, Any]:
    dropped: set[str] = set()
    for one in files:
        dropped |= one.dropped
    return {
        "owner": source.provenance.owner,
        "license": source.provenance.license,
        "basis": source.provenance.basis,
        "review_by": source.provenance.review_by,
        "purposes": sorted(source.purposes),
        "description": source.description,
        "missing_columns": _missing(source, files),
        "dropped_fields": min(len(dropped), NAMES),
        "files": [_file(one) for one in files],
    }


def _missing(source: Source, files: list[FileSummary]) -> list[str]:
    """Our names of columns whose field is not there; a file without any record says nothing."""
    lacking = [one.missing or frozenset() for one in files if one.read]
    if not lacking:
        return []
    join = frozenset.intersection if source.format.type in _BY_USE else frozenset.union
    theirs = join(*lacking)
    return sorted(ours for ours, field_ in source.columns.items() if field_ in theirs)


def _file(one: FileSummary) -> dict[str, Any]:
    return {
        "id": one.file.id,
        "sha256": one.file.sha256,
        "bytes": one.file.bytes,
        **accounting([one]),
        "first": _day(one.first),
        "last": _day(one.last),
    }


def _day(micros: int | None) -> str | None:
    """Return the day in UTC alone: the receipt is plain, and a time to the microsecond is one record's own."""
    if micros is None:
        return None
    return (_EPOCH + timedelta(microseconds=micros)).date().isoformat()


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(sorted(total.items()))
