import bz2
import gzip
import json
import lzma
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from custody.profiling.guess import guess
from custody.synth import generator

CSV = b"time,user,ip\n2026-01-01,a,10.0.0.1\n2026-01-02,b,10.0.0.2\n"
ZEEK = b"#separator \\x09\n#fields\tts\tuid\tid.orig_h\n#types\ttime\tstring\taddr\n1.0\tC1\t10.0.0.1\n"
SSHD = b"Oct  5 00:04:29 gate sshd[24105]: Failed password for root from 203.0.113.1 port 22 ssh2\n"
COMBINED = b'203.0.113.9 - - [05/Oct/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 10 "-" "curl"\n'
FIELDS = ("time", "user", "ip")
SYSLOG_FIELDS = ("priority", "time", "host", "process", "pid", "message")
SSHD_FIELDS = (*SYSLOG_FIELDS, "event", "user", "rhost", "port", "method")
COMBINED_FIELDS = tuple(
    "rhost ident user time request method path protocol status bytes referrer agent".split()  # noqa: SIM905  # as documented
)

CASES: list[tuple[bytes, dict[str, Any], tuple[str, ...]]] = [
    (CSV, {"type": "csv"}, FIELDS),
    (CSV.replace(b",", b"\t"), {"type": "csv", "delimiter": "\t"}, FIELDS),
    (CSV.replace(b",", b";"), {"type": "csv", "delimiter": ";"}, FIELDS),
    (b"\xef\xbb\xbf" + CSV, {"type": "csv"}, FIELDS),
    (CSV.decode().encode("utf-16"), {"type": "csv"}, FIELDS),
    (ZEEK, {"type": "zeek"}, ("ts", "uid", "id.orig_h")),
    (SSHD * 3, {"type": "text", "pattern": "sshd", "unmatched": "skip"}, SSHD_FIELDS),
    (
        SSHD.replace(b"sshd[24105]", b"cron[1]") * 3,
        {"type": "text", "pattern": "syslog", "unmatched": "skip"},
        SYSLOG_FIELDS,
    ),
    (COMBINED * 3, {"type": "text", "pattern": "combined"}, COMBINED_FIELDS),
    (b'{"a": {"b": 1}}\n{"a": {"c": 2}}\n{broken\n', {"type": "jsonl"}, ("a.b", "a.c")),
    (b'[{"a": 1}, {"b": {"c": 2}}]', {"type": "json"}, ("a", "b.c")),
    (b'[\n {"a": 1},\n {"b": 2}, {"cut off', {"type": "json"}, ("a", "b")),
    (b'{\n "meta": 1,\n "events": [{"a": 1}]\n}', {"type": "json", "records": "events"}, ("a",)),
    (b"From: a@example.org\nTo: b@example.org\nSubject: x\n\nbody\n", {"type": "document", "kind": "email"}, ()),
    (b"some words\nand more\n", {"type": "text", "pattern": "(?P<text>.*)"}, ("text",)),
    (b"", {"type": "text", "pattern": "(?P<text>.*)"}, ()),
]


@pytest.mark.parametrize(("data", "format_", "fields"), CASES)
def test_formats_are_told_by_content(
    tmp_path: Path, data: bytes, format_: dict[str, Any], fields: tuple[str, ...]
) -> None:
    path = tmp_path / "raw"
    path.write_bytes(data)
    found = guess(path)
    assert (found.format, found.fields) == (format_, fields)


def test_values_of_a_file_without_header_are_no_names(tmp_path: Path) -> None:
    path = tmp_path / "raw"
    path.write_bytes(b"2026-01-01,alice,10.0.0.1\n2026-01-02,bob,10.0.0.2\n")
    found = guess(path)
    assert found.format == {"type": "csv", "header": False, "names": ["field_1", "field_2", "field_3"]}
    assert "alice" not in repr(found)


@pytest.mark.parametrize("key", ["alice@corp.example", "10.0.0.1", "4711", "u12345", "a b", "", "x" * 60, "müller"])
def test_a_json_key_that_may_be_a_value_is_not_shown(tmp_path: Path, key: str) -> None:
    path = tmp_path / "raw"
    path.write_text(json.dumps({key: [{"user": 1, key: {"a": 1}}]}, indent=1))
    found = guess(path)
    assert found.format == {"type": "json", "records": "<path to the records>"}
    assert found.fields == ("user", "?")
    assert "by hand" in found.notes[0]
    assert not key or key not in repr(found)


def test_the_time_of_log_shippers_is_a_name(tmp_path: Path) -> None:
    (tmp_path / "raw").write_text('{"@timestamp": 1, "id.orig_h": 2}\n')
    assert guess(tmp_path / "raw").fields == ("@timestamp", "id.orig_h")


def test_compressed_content_is_looked_into(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "zip", "w") as archive:
        archive.writestr("inner", CSV)
    (tmp_path / "gz").write_bytes(gzip.compress(CSV, mtime=0))
    (tmp_path / "bz2").write_bytes(bz2.compress(CSV))
    (tmp_path / "xz").write_bytes(lzma.compress(CSV))
    (tmp_path / "zst").write_bytes(pa.Codec("zstd").compress(CSV, asbytes=True))
    for path in sorted(tmp_path.iterdir()):
        assert guess(path).fields == FIELDS, path.name


def test_a_damaged_archive_is_not_taken_for_text_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "raw"
    path.write_bytes(gzip.compress(CSV * 100, mtime=0)[:20])
    assert guess(path).format["type"] in {"text", "csv"}


@pytest.mark.parametrize("data", [b"PK\x03\x04 and no more", gzip.compress(CSV, mtime=0)[:12]])
def test_what_cannot_be_expanded_is_said_to_hold_no_line(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "raw").write_bytes(data)
    assert guess(tmp_path / "raw").notes == ("no line of the file could be read",)


def test_parquet_gives_its_column_names(tmp_path: Path) -> None:
    pq.write_table(pa.table({"time": [1], "user": ["a"]}), tmp_path / "raw")
    assert guess(tmp_path / "raw").fields == ("time", "user")
    (tmp_path / "cut").write_bytes((tmp_path / "raw").read_bytes()[:50])
    assert guess(tmp_path / "cut").notes == ("the file looks damaged",)


def test_demo_files_are_told_as_the_shipped_policy_reads_them(tmp_path: Path) -> None:
    generator.write(tmp_path, 2000, 1, ("text", "csv", "jsonl", "tsv"))
    types = {name: guess(tmp_path / name).format for name in generator.NAMES.values()}
    assert types["auth.log"]["pattern"] == "sshd"
    assert types["access.csv"] == {"type": "csv"}
    assert types["alerts.jsonl"] == {"type": "jsonl"}
    assert types["partner.tsv"] == {"type": "csv", "delimiter": "\t"}


def test_real_files_are_told_as_what_they_are(real_data: Path) -> None:
    expected = {
        "sshd/auth.log": "text",
        "apache/apache_logs": "text",
        "suricata/eve.json": "jsonl",
        "urls/url_data_medium.csv": "csv",
        "http_params/payload_full.csv": "csv",
        "nsl_kdd/KDDTest+.txt": "csv",
    } | {str(path.relative_to(real_data)): "zeek" for path in real_data.glob("zeek/*.log.gz")}
    found = {name: guess(real_data / name).format for name in expected}
    assert {name: format_["type"] for name, format_ in found.items()} == expected
    assert found["sshd/auth.log"]["pattern"] == "sshd"
    assert found["apache/apache_logs"]["pattern"] == "combined"
    assert found["nsl_kdd/KDDTest+.txt"]["header"] is False
    assert json.dumps(found).count('field_1"') == 1
