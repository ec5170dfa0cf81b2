"""Policies for the real files: what a team would write for each of them."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = "2026-11-01"


def source(path: str, fmt: dict[str, Any], columns: dict[str, str], license_: str = "Apache-2.0") -> dict[str, Any]:
    """One source of the shipped kind, with whole provenance."""
    return {
        "path": path,
        "format": fmt,
        "columns": columns,
        "provenance": {"owner": "soc", "license": license_, "basis": "security", "review_by": "2027-11-01"},
        "purposes": ["threat-detection"],
    }


def policy(  # one argument per section
    keys: dict[str, str],
    sources: dict[str, Any],
    schema: dict[str, str],
    quality: dict[str, Any],
    privacy: dict[str, Any],
    gate: dict[str, Any],
) -> dict[str, Any]:
    """A whole policy."""
    licenses = sorted({one["provenance"]["license"] for one in sources.values()})
    dataset = {"name": "real", "purpose": "threat-detection", "audience": "internal", "as_of": AS_OF}
    return {
        "dataset": dataset,
        "keys": keys,
        "sources": sources,
        "schema": schema,
        "quality": quality,
        "privacy": privacy,
        "gate": {"min_quality_score": 0.5, "licenses": licenses, **gate},
    }


ZEEK = {
    "ftp": {
        "ts": "ts",
        "user": "user",
        "src_ip": "id.orig_h",
        "dst_ip": "id.resp_h",
        "event": "command",
        "message": "arg",
    },
    "ntlm": {"ts": "ts", "user": "username", "src_ip": "id.orig_h", "dst_ip": "id.resp_h", "message": "hostname"},
    "smtp": {"ts": "ts", "src_ip": "id.orig_h", "dst_ip": "id.resp_h", "email": "mailfrom", "message": "last_reply"},
    "software": {"ts": "ts", "src_ip": "host", "event": "software_type", "message": "unparsed_version"},
    "known_hosts": {"ts": "ts", "src_ip": "host"},
}


def events(keys: dict[str, str]) -> dict[str, Any]:
    """sshd, Apache and five Zeek logs, merged into one event schema."""
    sources = {
        "sshd": source(
            "data/sources/auth.log",
            {"type": "text", "pattern": "sshd", "year": 2017},
            {"ts": "time", "user": "user", "src_ip": "rhost", "event": "event", "message": "message"},
        ),
        "apache": source(
            "data/sources/apache_logs",
            {"type": "text", "pattern": "combined"},
            {"ts": "time", "user": "user", "src_ip": "rhost", "event": "status", "message": "request"},
        ),
    }
    for name, fields in ZEEK.items():
        sources[name] = source(f"data/sources/{name}.log.gz", {"type": "zeek"}, fields, "CC-BY-SA-4.0")
    schema = {"ts": "timestamp", "user": "user", "email": "email", "src_ip": "ip", "dst_ip": "ip", "event": "category"}
    columns: dict[str, Any] = {
        "ts": {"role": "quasi", "technique": "round_time", "to": "1M"},
        "user": {"role": "direct", "technique": "mac", "domain": "person"},
        "email": {"role": "direct", "technique": "mac", "domain": "person"},
        "src_ip": {"role": "direct", "technique": "ip_prefix", "domain": "network"},
        "dst_ip": {"role": "direct", "technique": "ip_prefix", "domain": "network"},
        "event": {"role": "sensitive", "technique": "keep"},
        "message": {"role": "insensitive", "technique": "redact_text"},
    }
    quality = {
        "key": [],
        "duplicates": "warn",
        "conflicts": "quarantine",
        "rules": {
            "ts": {
                "complete": {"severity": "error", "min_pass": 0.99},
                "type": {"severity": "error", "min_pass": 0.99},
            },
            "src_ip": {"type": {"severity": "error", "min_pass": 0.9}},
            "dst_ip": {"type": {"severity": "error", "min_pass": 0.9}},
        },
    }
    privacy = {"subject": "src_ip", "not_personal": [], "columns": columns, "k": 3, "on_violation": "suppress"}
    return policy(keys, sources, {**schema, "message": "text"}, quality, privacy, {})


def suricata(keys: dict[str, str]) -> dict[str, Any]:
    """Nested, sparse JSON lines."""
    fields = {
        "ts": "timestamp",
        "event": "event_type",
        "src_ip": "src_ip",
        "dst_ip": "dest_ip",
        "port": "dest_port",
        "proto": "proto",
        "signature": "alert.signature",
        "severity": "alert.severity",
        "host": "http.hostname",
        "url": "http.url",
    }
    schema = {
        "ts": "timestamp",
        "event": "category",
        "src_ip": "ip",
        "dst_ip": "ip",
        "port": "integer",
        "proto": "category",
        "signature": "text",
        "severity": "integer",
        "host": "host",
        "url": "text",
    }
    columns = {
        "ts": {"role": "quasi", "technique": "round_time", "to": "1Y"},
        "event": {"role": "label", "technique": "keep"},
        "src_ip": {"role": "direct", "technique": "ip_prefix", "domain": "network"},
        "dst_ip": {"role": "direct", "technique": "ip_truncate", "v4": 16},
        "port": {"role": "insensitive", "technique": "keep"},
        "proto": {"role": "insensitive", "technique": "keep"},
        "signature": {"role": "insensitive", "technique": "redact_text"},
        "severity": {"role": "insensitive", "technique": "keep"},
        "host": {"role": "insensitive", "technique": "suppress"},
        "url": {"role": "insensitive", "technique": "redact_text"},
    }
    rules = {
        "ts": {"complete": {"severity": "error", "min_pass": 1.0}},
        "port": {"range": {"min": 0, "max": 65535, "severity": "error", "min_pass": 0.99}},
    }
    quality = {"duplicates": "warn", "rules": rules}
    privacy = {"subject": "src_ip", "columns": columns, "k": 2, "on_violation": "suppress"}
    sources = {"suricata": source("data/sources/eve.json", {"type": "jsonl"}, fields, "MIT")}
    return policy(keys, sources, schema, quality, privacy, {})


def http_params(keys: dict[str, str]) -> dict[str, Any]:
    """Labeled HTTP parameter values: no person's column, people in the text."""
    schema = {"payload": "text", "length": "integer", "attack": "category", "label": "category"}
    columns = {
        "payload": {"role": "insensitive", "technique": "redact_text"},
        "length": {"role": "insensitive", "technique": "keep"},
        "attack": {"role": "label", "technique": "keep"},
        "label": {"role": "label", "technique": "keep"},
    }
    allowed = {"values": ["norm", "anom"], "severity": "error", "min_pass": 0.99}
    quality = {
        "duplicates": "quarantine",
        "rules": {"label": {"allowed": allowed}, "payload": {"complete": {"min_pass": 0.9}}},
    }
    fields = {"payload": "payload", "length": "length", "attack": "attack_type", "label": "label"}
    sources = {"params": source("data/sources/payload_full.csv", {"type": "csv"}, fields, "MIT")}
    gate = {"distinct_ok": ["payload"], "require_privacy_check": False}
    return policy(keys, sources, schema, quality, {"columns": columns}, gate)


def urls(keys: dict[str, str]) -> dict[str, Any]:
    """Labeled URLs with creation dates."""
    schema = {"url": "text", "malicious": "boolean", "domain": "host", "created": "timestamp", "is_ip": "boolean"}
    columns = {
        "url": {"role": "insensitive", "technique": "redact_text"},
        "malicious": {"role": "label", "technique": "keep"},
        "domain": {"role": "insensitive", "technique": "suppress"},
        "created": {"role": "quasi", "technique": "round_time", "to": "1Y"},
        "is_ip": {"role": "insensitive", "technique": "keep"},
    }
    quality = {"key": ["url"], "conflicts": "quarantine", "rules": {"url": {"complete": {"min_pass": 0.99}}}}
    fields = {"url": "url", "malicious": "isMalicious", "domain": "domain", "created": "created", "is_ip": "isIP"}
    sources = {"urls": source("data/sources/url_data_medium.csv", {"type": "csv"}, fields, "MIT")}
    privacy = {"subject": "domain", "columns": columns, "k": 5, "on_violation": "suppress"}
    return policy(keys, sources, schema, quality, privacy, {"distinct_ok": ["url"]})


def nsl_kdd(keys: dict[str, str], real_data: Path) -> dict[str, Any]:
    """Headerless flow features, two files of one layout."""
    with (real_data / "nsl_kdd" / "Field Names.csv").open(newline="") as file:
        named = [(row[0].strip(), row[1].strip()) for row in csv.reader(file) if row]
    types = {name: "number" if kind == "continuous" else "category" for name, kind in named}
    schema = {**types, "attack": "category", "difficulty": "integer"}
    columns = {name: {"role": "insensitive", "technique": "keep"} for name in schema}
    columns["attack"] = {"role": "label", "technique": "keep"}
    fmt = {"type": "csv", "header": False, "names": list(schema)}
    rules = {name: {"finite": {"severity": "error"}} for name, kind in types.items() if kind == "number"}
    sources = {
        "train": source("data/sources/KDDTrain+_20Percent.txt", fmt, {name: name for name in schema}),
        "test": source("data/sources/KDDTest+.txt", fmt, {name: name for name in schema}),
    }
    quality = {"duplicates": "quarantine", "rules": rules}
    return policy(keys, sources, schema, quality, {"columns": columns}, {"require_privacy_check": False})
