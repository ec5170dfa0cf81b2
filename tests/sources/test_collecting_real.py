"""Collect on the files that real tools wrote: every line is accounted for."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from custody.engine import serial
from custody.policy.sources import Source
from custody.records.folder import open_folder, replace
from custody.sources import collecting
from custody.sources.discover import discover
from custody.sources.opening import identify, look
from support import ZONE

PROVENANCE = {"owner": "team", "license": "Apache-2.0", "basis": "security", "review_by": "2027-01-01"}


def source(path: str, format: dict[str, Any], columns: dict[str, str]) -> Source:  # noqa: A002  # the policy's word
    raw = {"path": path, "format": format, "columns": columns, "provenance": PROVENANCE, "purposes": ["p"]}
    return Source.model_validate_json(json.dumps(raw))


def collect(
    root: Path, target: Path, sources: dict[str, Source], fields: dict[str, Any]
) -> tuple[dict[str, Any], pa.Table]:
    files = identify(look(discover(sources, root), sources, root, serial.run), sources, ZONE, serial.run)
    with replace(target, ZONE) as sink:
        body, partitions = collecting.collect(files, sources, fields, sink, serial.run)
        sink.finish("receipt.json", body, partitions)
    folder = open_folder(target, "receipt.json", ZONE)
    count = folder.body["accounting"]
    assert count["read"] == count["collected"] + count["malformed"] + count["skipped"]
    return folder.body, pa.concat_tables([folder.read(one) for one in folder.partitions])


def test_logins_web_requests_and_network_logs_merge_into_one_schema(real_data: Path, tmp_path: Path) -> None:
    zeek = {"type": "zeek"}
    sources = {
        "sshd": source(
            "sshd/auth.log",
            {"type": "text", "pattern": "sshd", "year": 2017},
            {"ts": "time", "user": "user", "src_ip": "rhost", "event": "event", "message": "message"},
        ),
        "web": source(
            "apache/apache_logs",
            {"type": "text", "pattern": "combined"},
            {"ts": "time", "src_ip": "rhost", "event": "method", "message": "path", "status": "status"},
        ),
        "ntlm": source(
            "zeek/ntlm.log.gz",
            zeek,
            {"ts": "ts", "user": "username", "src_ip": "id.orig_h", "host": "hostname", "ok": "success"},
        ),
        "smtp": source(
            "zeek/smtp.log.gz", zeek, {"ts": "ts", "mail": "mailfrom", "src_ip": "id.orig_h", "message": "subject"}
        ),
        "ftp": source(
            "zeek/ftp.log.gz",
            zeek,
            {"ts": "ts", "user": "user", "src_ip": "id.orig_h", "event": "command", "message": "arg"},
        ),
        "software": source(
            "zeek/software.log.gz", zeek, {"ts": "ts", "src_ip": "host", "event": "software_type", "message": "name"}
        ),
        "known": source("zeek/known_hosts.log.gz", zeek, {"ts": "ts", "src_ip": "host"}),
    }
    fields = {
        "ts": "timestamp", "user": "user", "mail": "email", "src_ip": "ip", "host": "host",
        "event": "category", "message": "text", "status": "integer", "ok": "boolean",
    }  # fmt: skip
    body, table = collect(real_data, tmp_path / "out", sources, fields)
    read = {name: sum(file["read"] for file in one["files"]) for name, one in body["sources"].items()}
    assert read["sshd"] == len((real_data / "sshd/auth.log").read_bytes().splitlines())
    assert read["web"] == len((real_data / "apache/apache_logs").read_bytes().splitlines()) == 10_000
    for name in ("ntlm", "smtp", "ftp", "software"):
        assert read[name] == len(gzip.decompress((real_data / f"zeek/{name}.log.gz").read_bytes()).splitlines())
    malformed = [one for one in body["malformed_examples"] if one["source"] == "web"]
    assert len(malformed) == 1
    assert sum(file["malformed"] for file in body["sources"]["web"]["files"]) == 1
    assert {name: one["missing_columns"] for name, one in body["sources"].items() if one["missing_columns"]} == {}
    assert table.column("ts").null_count == 0
    assert "ts" not in body["problems"]
    span = body["sources"]["ntlm"]["files"][0]
    assert span["first"] == "2018-03-24"
    assert set(table.column("!source").unique().to_pylist()) == set(sources)
    assert pc.max(table.column("!repeat")).as_py() > 1


def test_nested_alerts_keep_their_microseconds(real_data: Path, tmp_path: Path) -> None:
    columns = {"ts": "timestamp", "event": "event_type", "src_ip": "src_ip", "dst_ip": "dest_ip", "port": "dest_port",
               "sig": "alert.signature", "user_agent": "http.http_user_agent"}  # fmt: skip
    fields = {
        "ts": "timestamp",
        "event": "category",
        "src_ip": "ip",
        "dst_ip": "ip",
        "port": "integer",
        "sig": "text",
        "user_agent": "text",
    }
    body, table = collect(
        real_data, tmp_path / "out", {"ids": source("suricata/eve.json", {"type": "jsonl"}, columns)}, fields
    )
    assert body["accounting"] == {"read": 5000, "collected": 5000, "malformed": 0, "skipped": 0}
    lines = [json.loads(line) for line in (real_data / "suricata/eve.json").read_text().splitlines()]
    stamps = [line["timestamp"] for line in lines]
    assert [one.strftime("%Y-%m-%dT%H:%M:%S.%f%z") for one in table.column("ts").to_pylist()] == stamps
    assert table.column("port").to_pylist() == [line.get("dest_port") for line in lines]
    assert table.column("sig").to_pylist() == [line.get("alert", {}).get("signature") for line in lines]
    assert body["problems"] == {}


@pytest.mark.parametrize(
    ("path", "more", "columns", "fields", "read"),
    [
        (
            "http_params/payload_full.csv",
            {},
            {"payload": "payload", "length": "length", "label": "label"},
            {"payload": "text", "length": "integer", "label": "category"},
            31_068,
        ),
        (
            "urls/url_data_medium.csv",
            {},
            {"url": "url", "bad": "isMalicious", "created": "created", "is_ip": "isIP"},
            {"url": "url", "bad": "boolean", "created": "timestamp", "is_ip": "boolean"},
            30_001,
        ),
        (
            "nsl_kdd/KDD*.txt",
            {"header": False, "names": [f"f{i}" for i in range(41)] + ["attack", "difficulty"]},
            {"duration": "f0", "protocol": "f1", "rate": "f24", "attack": "attack"},
            {"duration": "integer", "protocol": "category", "rate": "number", "attack": "category"},
            25_192 + 22_544,
        ),
    ],
)
def test_tables_of_real_samples_are_collected_whole(
    real_data: Path,
    tmp_path: Path,
    path: str,
    more: dict[str, Any],
    columns: dict[str, str],
    fields: dict[str, Any],
    read: int,
) -> None:
    body, table = collect(real_data, tmp_path / "out", {"s": source(path, {"type": "csv", **more}, columns)}, fields)
    header = 0 if more else 1
    assert body["accounting"]["read"] == read
    assert body["accounting"]["collected"] == read - header - body["accounting"]["malformed"]
    assert body["problems"] == {}
    assert all(table.column(name).null_count < table.num_rows for name in fields)
