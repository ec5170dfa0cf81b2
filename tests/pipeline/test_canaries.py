"""Canary identifiers in every place of the inputs, and in nothing that is written, printed, raised or left behind."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from custody.quality.signals.evaluating import LOOKS
from pipeline import policies
from pipeline.canaries import WORD, contents, seen
from pipeline.project import Project, create, zone

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("keyring")

IP, MAC, CARD, PHONE = "198.51.100.213", "02:5a:71:ca:0a:17", "4539578763621486", "491705551238"
CANARIES = (WORD, IP, MAC, CARD, PHONE)
KINDS = ("benign", "malicious")


def _record(i: int) -> dict[str, Any]:
    """A record that is good; each tenth has a canary in a place of its own."""
    who = f"{WORD}{i % 12}x"
    return {
        "time": f"2026-10-{i % 9 + 1:02d}T10:{i % 60:02d}:00Z",
        "user": who,
        "mail": f"{who}@corp.example",
        "ip": f"198.51.100.{i % 200}" if i % 7 else IP,
        "device": MAC if i % 5 == 0 else f"02:00:00:00:00:{i % 12:02x}",
        "event": KINDS[i % 2] if i % 10 else f"{WORD}event",
        "count": i % 9 if i % 11 else f"{WORD}-{PHONE}",
        "note": f"{who} ({who}@corp.example) called from {IP} about card {CARD}",
        "dropped": f"{WORD} in a field that no column takes",
    }


def _csv(count: int) -> bytes:
    head = list(_record(0))
    lines = [",".join([*head, f"{WORD}header"])]
    lines += [",".join([*(str(value) for value in _record(i).values()), WORD]) for i in range(count)]
    lines += [f"{WORD},too,few", f'"{WORD} opens a quote', f"{WORD}\0{PHONE},,,,,,,,,"]
    return ("\n".join(lines) + "\n").encode()


def _jsonl(count: int) -> bytes:
    lines = [
        json.dumps({**_record(i), f"{WORD}.key": {WORD: WORD}, "count": [WORD] if i == 3 else i % 9})
        for i in range(count)
    ]
    lines += [f'{{"user": "{WORD}"', f'["{WORD}"]', f'{{"{WORD}": 1, "{WORD}": 2}}']
    return ("\n".join(lines) + "\n").encode() + b'{"user": "\xff' + WORD.encode() + b'"}\n'


def _zip(name: str, data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return target.getvalue()


def _policy(keys: dict[str, str]) -> dict[str, Any]:
    names = {"ts": "time", "user": "user", "email": "mail", "src_ip": "ip", "device": "device", "event": "event"}
    names |= {"count": "count", "note": "note"}
    keep = {"role": "insensitive", "technique": "keep"}
    values = policies.policy(
        keys,
        {
            "edge": policies.source("data/sources/edge/*", {"type": "csv"}, names),
            "alerts": policies.source("data/sources/alerts.jsonl.gz", {"type": "jsonl"}, names),
        },
        {
            "ts": "timestamp",
            "user": "user",
            "email": "email",
            "src_ip": "ip",
            "device": "mac",
            "event": "category",
            "count": "integer",
            "note": "text",
        },
        {
            "key": ["ts", "user"],
            "duplicates": "warn",
            "label": "event",
            "signals": {name: {"action": "warn"} for name in LOOKS},
            "rules": {
                "event": {"allowed": {"values": list(KINDS), "min_pass": 0.5}},
                "count": {
                    "type": {"min_pass": 0.5},
                    "range": {"min": 0, "max": 5, "min_pass": 0.1, "severity": "warn"},
                },
                "user": {"pattern": {"regex": "[a-z]{3}", "min_pass": 0, "severity": "warn"}},
                "note": {"length": {"max": 3, "min_pass": 0, "severity": "warn"}},
                "src_ip": {"type": {"min_pass": 0.5}},
            },
        },
        {
            "subject": "user",
            "k": 2,
            "on_violation": "suppress",
            "columns": {
                "ts": {"role": "quasi", "technique": "round_time", "to": "1M"},
                "user": {"role": "direct", "technique": "mac", "domain": "person"},
                "email": {"role": "direct", "technique": "mac", "domain": "mail"},
                "src_ip": {"role": "direct", "technique": "mac", "domain": "network"},
                "device": {"role": "direct", "technique": "mac", "domain": "device"},
                "event": {"role": "label", "technique": "keep"},
                "count": keep,
                "note": {"role": "insensitive", "technique": "redact_text"},
            },
        },
        {"distinct_ok": ["note"]},
    )
    for source in values["sources"].values():
        source["plaintext"] = "a test"
    return values


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = create(tmp_path / "project")
    made.write_policy(_policy(zone()))
    edge = made.root / "data/sources/edge"
    edge.mkdir(parents=True)
    (edge / f"{WORD}-file.csv.zip").write_bytes(_zip(f"{WORD}/inner-{WORD}.csv", _csv(240)))
    (made.root / "data/sources/alerts.jsonl.gz").write_bytes(gzip.compress(_jsonl(120)))
    (made.root / "tmp").mkdir()
    return made


def _check(said: dict[str, str], root: Path) -> None:
    found = {f"printed by {command}": seen(text.encode(), CANARIES) for command, text in said.items()}
    found |= {name: seen(data, CANARIES) for name, data in contents(root, [root / "data/sources", root / "stages"])}
    assert {name: canaries for name, canaries in found.items() if canaries} == {}


def _said(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout + done.stderr


def test_no_canary_is_written_printed_or_left_behind(project: Project) -> None:
    temporary = {"TMPDIR": str(project.root / "tmp")}
    said = {"dvc repro": _said(project.run("dvc", "repro", **temporary))}
    statement = project.json("data/released/statement.json")
    assert statement["decision"] == "released", statement["conditions"]
    assert statement["rows"] > 100
    receipt = project.json("data/collected/receipt.json")
    assert receipt["accounting"]["malformed"] >= 6
    project.commit()
    said["anchor"] = _said(project.run("custody", "anchor", "set", "HEAD", **temporary))
    said["dvc repro, anchored"] = _said(project.run("dvc", "repro", "gate", **temporary))
    assert project.json("data/validated/report.json")["drift"]
    plain = project.root / "data/plain.jsonl"  # a draft names fields, so no field's name is a canary here
    plain.write_text("".join(json.dumps(_record(i)) + "\n" for i in range(200)), encoding="utf-8")
    for command in (
        ("custody", "report"),
        ("custody", "report", "--format", "markdown", "--out", "report.md"),
        ("custody", "report", "--format", "json"),
        ("custody", "source", "list"),
        ("custody", "source", "show", "edge"),
        ("custody", "source", "profile", "data/plain.jsonl", "--id", "new"),
        ("dvc", "metrics", "show"),
        ("dvc", "metrics", "diff"),
        ("python", "-c", "import custody; print(custody.load('data/released').to_string())"),
    ):
        done = project.run(*command, **temporary)
        assert done.returncode == 0, _said(done)
        said[" ".join(command)] = _said(done)
    plain.unlink()
    assert project.json("data/validated/report.json")["examples"]
    _check(said, project.root)


def test_no_canary_stands_in_an_error(project: Project) -> None:
    said = {}
    values = project.policy()
    damaged = project.root / "data/sources/edge" / f"{WORD}-cut.csv.gz"
    damaged.write_bytes(gzip.compress(_csv(100))[:-40])
    for words in ({}, {"sha256": "0" * 64, "path": f"data/sources/edge/{WORD}-cut.csv.gz"}):
        for name, value in words.items():
            values["sources"]["edge"][name] = value
        project.write_policy(values)
        done = project.run("python", "stages/collect.py", "data/sources", "data/collected", "--traceback")
        assert done.returncode == 3, _said(done)
        said[f"collect {len(words)}"] = _said(done)
    done = project.run("custody", "source", "profile", str(damaged), "--id", "new", "--traceback")
    assert done.returncode == 0, _said(done)
    said["profile"] = _said(done).replace(f"{WORD}header", "")  # a draft names fields
    (project.root / "params.yaml").unlink()
    project.git("add", "--all")
    _check(said, project.root)


def test_the_search_finds_what_is_hidden() -> None:
    word = f"x{WORD}y"
    hidden = [
        *(base64.b64encode(b"." * i + word.encode()) for i in range(3)),
        *(word.encode().hex().encode(), "".join(f"%{byte:02X}" for byte in word.encode()).encode()),
        *("".join(f"\\u{ord(letter):04x}" for letter in word).encode(), word.upper().encode("utf-16-le")),
        "".join(f"&#{ord(letter)};" for letter in word).encode(),
        base64.b64encode(base64.b64encode(f'{{"payload": "{word}"}}'.encode())),
        base64.urlsafe_b64encode("".join(f"%{byte:02X}" for byte in word.encode()).encode()),
        b"xy" + base64.b64encode("".join(f"\\u{ord(letter):04x}" for letter in word).encode()).rstrip(b"="),
    ]
    assert [seen(b"some " + one + b" bytes", [WORD]) for one in hidden] == [{WORD}] * len(hidden)
    assert seen(b"nothing here", CANARIES) == set()
