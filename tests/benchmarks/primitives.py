"""The fastest way at hand to do each step alone, on the data of a run: what any program would have to do at least.

What counts for which step, and why no stage gets by without it:

collect    SHA-256 of the sources twice (before reading, and again while reading: a file that changed meanwhile stops
           the stage); one parse of each source; Parquet of what it writes, SHA-256 of its values and of its files.
validate   SHA-256 of the files that it reads; read the columns that rules look at; one 64-bit hash of each row (copies
           and conflicts are over the whole data set); write a bit per rule and record.
anonymize  SHA-256 of the files and read the same columns and the verdicts; a keyed hash of each distinct identifier; a
           hash per row and a sort (ids that rows stand in the order of); subjects per group (k); text searched once by
           a pattern of all shapes and once for all known identifiers; Parquet of what it writes, SHA-256 of its values
           and of its files; read it back, search its text again (leak scan), count distinct values per column.
gate       SHA-256 of the candidate's files before the decision, SHA-256 and MD5 (DVC's name) of those it releases.

Conversion of types, time zones, addresses, checks of cells, joins and reports count as nothing here.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import ahocorasick_rs as aho
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks import parsers
from benchmarks.clock import clocked
from custody.governance import keys
from custody.policy import load
from custody.records import open_folder
from custody.records.columns import LINE, SOURCE, raw
from custody.records.parquet import ROW_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

SHAPES = "|".join(  # noqa: FLY002  # one shape per line
    (
        r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+",
        r"\b(?:\d{1,3}\.){3}\d{1,3}\b",
        r"(?:[0-9A-Fa-f]{1,4}:){2,7}[0-9A-Fa-f:]{1,4}",
        r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b",
        r"[a-z]+://[^/\s:]+:[^/\s@]+@",
        r"\b\d(?:[ -]?\d){12,18}\b",
        r"\bAKIA[0-9A-Z]{16}|\bgh[pousr]_\w{36}|\bxox[abprs]-[\w-]{10,}|\beyJ[\w-]+\.[\w-]+|-----BEGIN [A-Z ]+-----",
    )
)
"""E-mail, IPv4, IPv6, MAC, URL credentials, card numbers, keys and tokens."""
GROUP = (pl.col("ts").dt.truncate("1d"), pl.col("department"))
TOKENS = frozenset({"row_id", "user", "email", "src_ip", "device"})


@dataclass(frozen=True)
class Data:
    """What a run left: sources, and the files and tables of what each stage wrote."""

    sources: tuple[Path, ...]
    files: tuple[bytes, ...]
    """Parquet of the collected records."""
    verdicts: tuple[pa.Table, ...]
    released: tuple[bytes, ...]

    @cached_property
    def tables(self) -> list[pa.Table]:
        """Collected records by partition."""
        return [pq.read_table(pa.BufferReader(one), use_threads=False) for one in self.files]

    @cached_property
    def collected(self) -> pa.Table:
        """All collected records."""
        return pa.concat_tables(self.tables)

    @cached_property
    def candidate(self) -> pa.Table:
        """All rows of the release."""
        return pa.concat_tables([pq.read_table(pa.BufferReader(one)) for one in self.released])

    @cached_property
    def judged(self) -> list[str]:
        """Columns that rules look at."""
        columns = [name for name in self.collected.column_names if "!" not in name]
        return [SOURCE, *columns, *(raw(name) for name in columns if raw(name) in self.collected.column_names)]

    @cached_property
    def known(self) -> list[bytes]:
        """The distinct identifiers of the data."""
        columns = [self.collected.column(name) for name in ("user", "email", "src_ip", "device")]
        names = pc.unique(pa.chunked_array([chunk for column in columns for chunk in column.chunks]))
        return [name.encode() for name in pc.drop_null(names).to_pylist()]

    @cached_property
    def messages(self) -> pa.ChunkedArray:
        """The texts of the collected records."""
        return pc.drop_null(self.collected.column("message"))


def stored(folder: Path) -> Data:
    """Return what all stages left in a project."""
    zone = keys.open_zone(load(folder / "params.yaml").keys, [])
    collected = open_folder(folder / "data/collected", "receipt.json", zone)
    validated = open_folder(folder / "data/validated", "report.json", zone)
    return Data(
        tuple(sorted((folder / "data/sources").iterdir())),
        tuple(collected.read_bytes(partition) for partition in collected.partitions),
        tuple(validated.read(partition) for partition in validated.partitions),
        tuple(path.read_bytes() for path in sorted((folder / "data/released").glob("*.parquet"))),
    )


def measure(data: Data) -> dict[str, dict[str, float]]:
    """CPU seconds by stage and step."""
    digests = clocked(lambda: [hashlib.sha256(path.read_bytes()).digest() for path in data.sources])
    collected, candidate = clocked(partial(sha256, data.files)), clocked(partial(sha256, data.released))
    read_collected = clocked(partial(read, data.files, data.judged))
    return {
        "collect": {
            "SHA-256 of sources, before reading": digests,
            **{f"parse {path.name}": parsers.parsed(path) for path in data.sources},
            "SHA-256 of sources, while reading": digests,
            "Parquet write, collected": clocked(partial(write, data.tables)),
            "SHA-256 of values, collected": clocked(partial(hashed, data.collected)),
            "SHA-256 of files, collected": collected,
        },
        "validate": {
            "SHA-256 of files, collected": collected,
            "Parquet read, columns that rules look at": read_collected,
            "row hash": clocked(pl.DataFrame(pl.from_arrow(data.collected.select(data.judged))).hash_rows),
            "Parquet write, verdicts": clocked(partial(write, data.verdicts)),
        },
        "anonymize": {
            "SHA-256 of files, collected": collected,
            "Parquet read, the same columns": read_collected,
            "Parquet read, verdicts": clocked(partial(read, [encoded(table) for table in data.verdicts], None)),
            "keyed hash of distinct identifiers": clocked(partial(keyed, data.known)),
            "row hash and sort: ids of rows": clocked(partial(ordered, data.tables)),
            "group count: k": clocked(partial(groups, data.collected)),
            "regex over text: shapes": passed(data.messages, SHAPES),
            "multi-pattern search in text: redaction": searched(data.messages, data.known),
            "Parquet write, candidate": clocked(partial(write, [data.candidate])),
            "SHA-256 of values, candidate": clocked(partial(hashed, data.candidate)),
            "SHA-256 of files, candidate": candidate,
            "Parquet read of the written candidate: leak scan": clocked(partial(read, data.released, None)),
            "multi-pattern search in its text: leak scan": searched(data.candidate.column("message"), data.known),
            "group count: distinct values": clocked(partial(distinct, data.candidate)),
        },
        "gate": {
            "SHA-256 of the candidate's files": candidate,
            "SHA-256 of the released files": candidate,
            "MD5 of the released files": clocked(
                lambda: [hashlib.md5(one, usedforsecurity=False).digest() for one in data.released]
            ),
        },
    }


def sha256(files: Iterable[bytes]) -> list[bytes]:
    """SHA-256 of each file."""
    return [hashlib.sha256(one).digest() for one in files]


def keyed(known: Sequence[bytes]) -> list[bytes]:
    """HMAC-SHA-256 of each word."""
    return [hmac.digest(b"k" * 32, word, "sha256") for word in known]


def ordered(tables: Sequence[pa.Table]) -> list[Any]:
    """A hash of each row's line, sorted, by partition."""
    return [pl.Series(table.column(LINE)).hash(7).arg_sort() for table in tables]


def searched(texts: pa.ChunkedArray, words: Sequence[bytes]) -> float:
    """CPU seconds of searching texts for all `words`; building the automaton is left out."""
    data = pc.drop_null(texts).combine_chunks().buffers()[2].to_pybytes()
    automaton = aho.BytesAhoCorasick(words)
    return clocked(partial(automaton.find_matches_as_indexes, data, overlapping=True))


def passed(texts: pa.ChunkedArray, pattern: str) -> float:
    """CPU seconds of one pass that replaces what a pattern matches, by the faster of RE2 and Rust's regex."""
    series = pl.Series(texts)
    return min(
        clocked(partial(pc.replace_substring_regex, texts, pattern, "<x>")),
        clocked(lambda: series.str.replace_all(pattern, "<x>")),
    )


def groups(table: pa.Table) -> Any:
    """Distinct subjects for each combination of quasi-identifiers."""
    frame = pl.DataFrame(pl.from_arrow(table.select(["ts", "department", "user"])))
    return frame.group_by(*GROUP).agg(pl.col("user").n_unique())


def distinct(table: pa.Table) -> Any:
    """How many distinct values each released column has that holds no tokens."""
    names = [name for name in table.column_names if name not in TOKENS]
    return pl.DataFrame(pl.from_arrow(table.select(names))).select(pl.all().n_unique())


def hashed(table: pa.Table) -> bytes:
    """SHA-256 of a table's buffers, as every output has to be hashed once."""
    digest = hashlib.sha256()
    for column in table.columns:
        for chunk in column.chunks:
            for buffer in chunk.buffers():
                digest.update(buffer or b"")
    return digest.digest()


def write(tables: Sequence[pa.Table]) -> int:
    """Parquet files in memory, one per partition."""
    return sum(len(encoded(table)) for table in tables)


def encoded(table: pa.Table) -> bytes:
    """One Parquet file in memory, in the writer's fastest setting of the same compression."""
    sink = pa.BufferOutputStream()
    pq.write_table(
        table, sink, compression="zstd", compression_level=1, row_group_size=ROW_GROUP, write_statistics=False
    )
    return bytes(sink.getvalue().to_pybytes())


def read(files: Iterable[bytes], columns: list[str] | None) -> int:
    """Rows of Parquet files in memory."""
    return sum(pq.ParquetFile(pa.BufferReader(one)).read(columns=columns, use_threads=False).num_rows for one in files)
