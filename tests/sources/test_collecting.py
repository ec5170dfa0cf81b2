"""Collect, whole: every record accounted for, the same bytes however it is cut, stopped or spread over processes."""

from __future__ import annotations

import gzip
import hashlib
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.engine import pool, serial
from custody.errors import CustodyError
from custody.records.folder import Sink, open_folder, replace
from custody.records.zone import Zone
from custody.sources import collecting
from custody.sources.discover import discover
from custody.sources.formats import readers
from custody.sources.formats.reading import Batch
from custody.sources.opening import SourceFile, identify, look
from sources.collected import CSV, FIELDS, bytes_of, csv_text, source
from support import ZONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from custody.policy.sources import Source
    from custody.records.folder import Partition


def identified(root: Path, sources: dict[str, Source], zone: Zone = ZONE) -> list[SourceFile]:
    return identify(look(discover(sources, root), sources, root, serial.run), sources, zone, serial.run)


def run(
    root: Path,
    sources: dict[str, Source],
    fields: dict[str, Any] | None = None,
    engine: Any = serial.run,
    zone: Zone = ZONE,
) -> dict[str, Any]:
    files = identified(root, sources, zone)
    with replace(root / "out", zone) as sink:
        body, partitions = collecting.collect(files, sources, fields or FIELDS, sink, engine)
        sink.finish("receipt.json", body, partitions)
    return open_folder(root / "out", "receipt.json", zone).body


def rows(root: Path) -> list[dict[str, Any]]:
    folder = open_folder(root / "out", "receipt.json", ZONE)
    tables = [folder.read(partition) for partition in folder.partitions]
    return [row for table in tables for row in table.to_pylist()]


def test_the_receipt_accounts_for_every_record_of_every_file(tmp_path: Path) -> None:
    text = csv_text(100).splitlines()
    text[5] = "too,few"
    text[7] = "2026-01-01T00:00:00Z,bob,999.1.1.1,NaN,x"
    (tmp_path / "a.csv").write_text("\n".join(text) + "\n\n")
    (tmp_path / "b.jsonl").write_text(
        '{"time":"2026-02-01T00:00:00Z","login":"eve","other":1}\nnot json\n{"risk":[1]}\n'
    )
    sources = {
        "edge": source("a.csv", description="Edge proxy"),
        "api": source("b.jsonl", {"type": "jsonl"}, {**CSV, "note": "never"}, purposes=["q", "p"]),
    }
    body = run(tmp_path, sources)
    assert body["accounting"] == {"read": 105, "collected": 101, "malformed": 2, "skipped": 2}
    assert body["malformed"] == {"not_json": 1, "too_few_fields": 1}
    assert body["skipped"] == {"blank": 1, "header": 1}
    assert body["problems"] == {"score": {"mixed": 1, "not_finite": 1}, "src_ip": {"not_an_address": 1}}
    edge, api = body["sources"]["edge"], body["sources"]["api"]
    content = (tmp_path / "a.csv").read_bytes()
    assert edge["files"] == [
        {
            "id": hashlib.sha256(content).hexdigest()[:16],
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "read": 102,
            "collected": 99,
            "malformed": 1,
            "skipped": 2,
            "first": "2026-01-01",
            "last": "2026-01-01",
        }
    ]
    assert body["malformed_examples"] == [
        {"source": "api", "file": api["files"][0]["id"], "line": 2, "reason": "not_json"},
        {"source": "edge", "file": edge["files"][0]["id"], "line": 6, "reason": "too_few_fields"},
    ]
    assert (edge["missing_columns"], edge["dropped_fields"], edge["description"]) == ([], 1, "Edge proxy")
    assert (api["missing_columns"], api["dropped_fields"], api["purposes"]) == (["note", "src_ip"], 1, ["p", "q"])
    assert body["zone"] == ZONE.check
    assert body["schema"] == dict(sorted(FIELDS.items()))


def test_rows_carry_source_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("time,login,ip,risk\n2026-01-01,a,1.2.3.4,1\nbad\n2026-01-02,b,::1,2\n")
    run(tmp_path, {"s": source("a.csv")})
    assert [(row["!source"], row["!line"], row["!repeat"], row["user"]) for row in rows(tmp_path)] == [
        ("s", 2, 1, "a"), ("s", 4, 1, "b")
    ]  # fmt: skip


def test_two_files_of_one_content_are_two_files(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(csv_text(3))
    body = run(tmp_path, {"s": source("*.csv")})
    first, second = (one["id"] for one in body["sources"]["s"]["files"])
    assert second == f"{first}-2"
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "receipt.json",
        *(f"{collecting.partition_stem('s', file, ZONE)}-00000.sealed" for file in (first, second)),
    }
    assert {row["!file"] for row in rows(tmp_path)} == {first, second}


def test_names_of_partitions_tell_nothing_of_the_raw_files_without_the_key(tmp_path: Path) -> None:
    for i in range(20):
        (tmp_path / f"{i}.csv").write_text(csv_text(1, seed=i))
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.glob("*.csv")]

    def names(zone: Zone) -> list[str]:
        run(tmp_path, {"s": source("*.csv")}, zone=zone)
        return sorted(path.stem for path in (tmp_path / "out").glob("*.sealed"))

    ours, others = names(ZONE), names(Zone(ZONE.name, bytes(range(1, 33))))
    assert len(set(ours)) == len(digests) == 20
    assert all(re.fullmatch("s-[0-9a-f]{16}-00000", name) for name in ours + others)
    assert not any(digest[:6] in name for digest in digests for name in ours + others)
    assert names(ZONE) == ours
    assert not set(ours) & set(others)


def test_one_content_in_two_sources_gives_names_that_do_not_join_them() -> None:
    stems = [collecting.partition_stem(source, "0" * 16, ZONE).rpartition("-")[2] for source in ("a", "b")]
    assert stems[0] != stems[1]


def test_every_partition_is_counted_as_it_is_written_and_named_by_number(tmp_path: Path) -> None:
    (tmp_path / "alice.csv").write_text(csv_text(collecting.RECORDS + 10))
    (tmp_path / "bob.csv").write_text(csv_text(3))
    seen: list[tuple[str, int]] = []

    def counted(partitions: Iterable[Partition], of: str) -> Iterator[Partition]:
        for partition in partitions:
            assert list((tmp_path / ".out.new").glob(f"{partition.name}.*"))
            seen.append((of, partition.rows))
            yield partition

    sources = {"s": source("*.csv")}
    with replace(tmp_path / "out", ZONE) as sink:
        collecting.collect(identified(tmp_path, sources), sources, FIELDS, sink, serial.run, counted=counted)
    assert seen == [("sources.s, file 1", collecting.RECORDS), ("sources.s, file 1", 10), ("sources.s, file 2", 3)]


def test_partitions_are_fixed_runs_and_an_append_changes_none_but_the_last(tmp_path: Path) -> None:
    count = collecting.RECORDS + 10
    (tmp_path / "a.csv").write_text(csv_text(count))
    run(tmp_path, {"s": source("a.csv")})
    folder = open_folder(tmp_path / "out", "receipt.json", ZONE)
    assert [one.rows for one in folder.partitions] == [collecting.RECORDS, 10]
    assert [one.name[-6:] for one in folder.partitions] == ["-00000", "-00001"]
    lines = [line for one in folder.partitions for line in folder.read(one).column("!line").to_pylist()]
    assert lines == list(range(2, count + 2))


def _cut(whole: pa.Table, sizes: list[int], length: int, text: int) -> list[pa.Table]:
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    tables = (whole.slice(start, size) for start, size in zip(starts, sizes, strict=True))
    return list(collecting.chunked(tables, length, text))


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 7))
def test_partitions_do_not_depend_on_how_batches_are_cut(sizes: list[int], length: int) -> None:
    parts = _cut(pa.table({"n": list(range(sum(sizes)))}), sizes, length, 1)
    assert [part.num_rows for part in parts[:-1]] == [length] * (len(parts) - 1)
    assert all(part.num_rows and part.column("n").num_chunks == 1 for part in parts)
    assert [n for part in parts for n in part.column("n").to_pylist()] == list(range(sum(sizes)))


@given(
    st.lists(st.lists(st.none() | st.integers(0, 9), max_size=9), max_size=12), st.integers(1, 7), st.integers(1, 20)
)
def test_a_partition_ends_before_the_record_that_would_make_it_too_long(
    batches: list[list[int | None]], length: int, text: int
) -> None:
    lengths = [one for batch in batches for one in batch]
    cells = [None if one is None else "x" * one for one in lengths]
    whole = pa.table({"n": pa.array(range(len(cells)), pa.int64()), "t": pa.array(cells, pa.string())})
    wanted: list[list[int]] = []
    for one in lengths:
        if not wanted or len(wanted[-1]) == length or sum(wanted[-1]) + (one or 0) > text:
            wanted.append([])
        wanted[-1].append(one or 0)
    parts = _cut(whole, [len(batch) for batch in batches], length, text)
    assert [part.num_rows for part in parts] == [len(one) for one in wanted]
    assert [n for part in parts for n in part.column("n").to_pylist()] == list(range(len(cells)))


def test_what_stands_under_a_null_is_no_text_of_a_partition() -> None:
    offsets, data = (pa.py_buffer(one) for one in (np.arange(0, 45, 5, dtype=np.int32).tobytes(), b"xxxxx" * 8))
    held = pa.StringArray.from_buffers(8, offsets, data, pa.py_buffer(b"\xc1"))
    assert [part.num_rows for part in _cut(pa.table({"t": held}), [3, 5], 8, 15)] == [8]
    assert [part.num_rows for part in _cut(pa.table({"t": held}), [3, 5], 8, 14)] == [7, 1]


def test_a_partition_that_comes_as_one_is_not_copied() -> None:
    whole = pa.table({"t": ["a", "b", "c", "d"]})
    parts = _cut(whole, [2, 2], 2, 9)
    assert [part.column("t").chunk(0).buffers()[2].address for part in parts] == [
        whole.column("t").chunk(0).buffers()[2].address
    ] * 2


def test_readers_that_cut_their_batches_otherwise_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text(csv_text(2000).replace("10.0.0.7,", "nonsense,"))
    sources = {"s": source("a.csv")}
    run(tmp_path, sources)
    before, dice = bytes_of(tmp_path / "out"), random.Random(3)  # noqa: S311  # no secret

    def recut(*arguments: Any) -> Any:
        for batch in readers.read(*arguments):
            yield Batch(
                batch.table.slice(0, 0), batch.lines[:0], batch.malformed, batch.skipped, batch.dropped, batch.missing
            )
            start = 0
            while start < batch.rows:
                size = dice.randrange(300)
                yield Batch(batch.table.slice(start, size), batch.lines[start : start + size], missing=batch.missing)
                start += size

    monkeypatch.setattr(collecting, "read", recut)
    run(tmp_path, sources)
    assert bytes_of(tmp_path / "out") == before


def test_a_pool_of_processes_gives_the_same_bytes(tmp_path: Path) -> None:
    for i in range(3):
        (tmp_path / f"{i}.csv").write_text(csv_text(50, seed=i))
    sources = {"s": source("*.csv")}
    run(tmp_path, sources)
    before = bytes_of(tmp_path / "out")
    run(tmp_path, sources, engine=pool.of(2))
    assert bytes_of(tmp_path / "out") == before


def test_a_reader_that_loses_a_record_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text(csv_text(5))
    write = Sink.write
    monkeypatch.setattr(Sink, "write", lambda sink, name, table: write(sink, name, table.slice(1)))
    with pytest.raises(CustodyError, match=r"sources\.s: file 1: the counts of records do not add up"):
        run(tmp_path, {"s": source("a.csv")})
    assert not (tmp_path / "out").exists()


def test_examples_of_malformed_records_are_capped_per_file(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("x\n" * 150)
    (tmp_path / "b.jsonl").write_text("y\n" * 3)
    body = run(tmp_path, {"s": source("*.jsonl", {"type": "jsonl"})})
    assert body["malformed"] == {"not_json": 153}
    assert [one["line"] for one in body["malformed_examples"]] == [*range(1, 101), 1, 2, 3]


def test_a_declared_column_is_missing_where_one_file_lacks_it_and_a_used_one_where_all_do(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("time,login,ip,risk\n2026-01-01,a,1.2.3.4,1\n")
    (tmp_path / "b.csv").write_text("time,login,ip\n2026-01-01,a,1.2.3.4\n")
    (tmp_path / "c.csv").write_text("")
    (tmp_path / "a.jsonl").write_text('{"time":"2026-01-01","login":"a"}\n')
    (tmp_path / "b.jsonl").write_text('{"time":"2026-01-01","ip":"1.2.3.4"}\n')
    body = run(tmp_path, {"s": source("*.csv"), "t": source("*.jsonl", {"type": "jsonl"})})
    assert body["sources"]["s"]["missing_columns"] == ["score"]
    assert body["sources"]["t"]["missing_columns"] == ["score"]


def test_the_receipt_tells_the_days_of_the_first_and_last_record_and_no_closer_time(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "time,login,ip,risk\n2026-10-05T23:30:00.123456-01:00,a,1.2.3.4,1\n2026-10-18T23:59:59.999999Z,a,1.2.3.4,1\n"
    )
    file = run(tmp_path, {"s": source("a.csv")})["sources"]["s"]["files"][0]
    assert (file["first"], file["last"]) == ("2026-10-06", "2026-10-18")
    assert "T00:30" not in (tmp_path / "out" / "receipt.json").read_text()
    assert not re.search(r"[0-9]:[0-9]{2}:[0-9]", (tmp_path / "out" / "receipt.json").read_text())


def test_an_empty_source_is_collected_as_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("")
    body = run(tmp_path, {"s": source("a.csv")})
    assert body["accounting"] == {"read": 0, "collected": 0, "malformed": 0, "skipped": 0}
    assert body["sources"]["s"]["files"][0]["first"] is None
    assert bytes_of(tmp_path / "out").keys() == {"receipt.json"}


def test_what_one_format_cannot_read_at_all_stops_and_names_no_file(tmp_path: Path) -> None:
    (tmp_path / "alice.csv.gz").write_bytes(gzip.compress(csv_text(50).encode())[:-20])
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old").write_text("old")
    with pytest.raises(CustodyError, match=r"^sources\.s: file 1: the gzip data is damaged") as caught:
        run(tmp_path, {"s": source("*.gz")})
    assert "alice" not in str(caught.value)
    assert bytes_of(tmp_path / "out") == {"old": b"old"}


def test_mistakes_about_times_are_found_before_a_byte_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(csv_text(3))
    for format_, key in (({"time": "%d.%m."}, "year"), ({"tz": "Mars/Base"}, "tz"), ({"time": "%Q"}, "time")):
        with pytest.raises(CustodyError, match=rf"^sources\.s\.format\.{key}: "):
            run(tmp_path, {"s": source("a.csv", {"type": "csv", **format_})})
    run(tmp_path, {"s": source("a.csv", {"type": "csv", "time": "%Q"}, {"user": "login"})})


def test_errors_of_writing_are_not_blamed_on_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text(csv_text(3))

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Sink, "write", full)
    with pytest.raises(OSError, match="No space left"):
        run(tmp_path, {"s": source("a.csv")})
