"""The script of collect: what it prints, writes and refuses."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from custody.records.folder import open_folder
from custody.records.zone import Zone
from sources.collected import FIELDS, csv_text, source
from support import STAGES

OWN = Zone(
    "test", hashlib.sha256(b"of these tests").digest(), reversible=Zone("test", hashlib.sha256(b"more").digest())
)
"""A zone whose secrets look random, as a keyring wants them."""


def project(root: Path, zone: str = "test") -> Path:
    """A project whose policy has two sources under a keyring of its own."""
    root.mkdir(exist_ok=True)
    (root / "data" / "sources").mkdir(parents=True)
    (root / "data" / "sources" / "a.csv").write_text(csv_text(70_000))
    (root / "data" / "sources" / "b.jsonl.gz").write_bytes(gzip.compress(b'{"u":"eve"}\n{"u":' * 2000, mtime=0))
    (root / "data" / "sources" / "unnamed.txt").write_text("x")
    policy: dict[str, Any] = {
        "dataset": {"name": "d", "purpose": "p", "audience": "internal", "as_of": "2026-11-01"},
        "keys": {"zone": zone, "check": OWN.check},
        "sources": {
            "edge": source("data/sources/a.csv").model_dump(mode="json", exclude_defaults=False, exclude_none=True),
            "api": source("data/sources/*.gz", {"type": "jsonl"}, {"user": "u"}).model_dump(
                mode="json", exclude_none=True
            ),
        },
        "schema": FIELDS,
        "quality": {"rules": {"user": {"complete": {"severity": "warn", "min_pass": 0.1}}}},
        "privacy": {"columns": {name: {"role": "insensitive", "technique": "keep"} for name in FIELDS}},
        "gate": {"min_quality_score": 0.1, "require_privacy_check": False, "licenses": ["Apache-2.0"]},
    }
    (root / "params.yaml").write_text(json.dumps(policy, indent=1))
    keyring = root.parent / "keyring.json"
    keyring.write_text(json.dumps({"zones": {"test": OWN.secret.hex()}}))
    keyring.chmod(0o600)
    return root


def script(root: Path) -> subprocess.Popen[str]:
    command = [sys.executable, str(STAGES / "collect.py"), "data/sources", "data/collected"]
    settings = {**os.environ, "CUSTODY_KEYRING": str(root.parent / "keyring.json")}
    return subprocess.Popen(command, cwd=root, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_the_script_writes_records_receipt_metrics_and_one_line(tmp_path: Path) -> None:
    root = project(tmp_path / "project")
    status, out, err = finish(script(root))
    assert (status, err) == (0, "collect: not read, no source names it: unnamed.txt\n")
    assert out == (
        "collected 70,001 of 72,002 records from 2 sources (2,000 malformed, 1 skipped); "
        "1 file in the folder that no source names\n"
    )
    metrics = json.loads((root / "data" / "metrics" / "collect.json").read_text())
    assert metrics == {"read": 72_002, "collected": 70_001, "malformed": 2_000, "skipped": 1, "unnamed_files": 1}
    folder = open_folder(root / "data" / "collected", "receipt.json", OWN)
    assert folder.body["unnamed_files"] == 1
    assert not re.search(r"eve|u1[0-9]?\b|a.csv|b.jsonl", (root / "data" / "collected" / "receipt.json").read_text())


def test_the_demo_key_is_not_given_to_other_sources(tmp_path: Path) -> None:
    root = project(tmp_path / "project", zone="demo")
    status, out, err = finish(script(root))
    assert (status, out) == (3, "")
    assert err.startswith("custody: keys.zone: the demo key is public")
    assert len(err.splitlines()) == 1
    assert not (root / "data" / "collected").exists()


def test_files_that_no_source_names_are_told_by_names_that_cannot_move_a_terminal(tmp_path: Path) -> None:
    root = project(tmp_path / "project")
    (root / "data" / "sources" / "\x1b[2J\u202ex\ny.csv").write_text("x")
    for number in range(30):
        (root / "data" / "sources" / f"z{number:02}.csv").write_text("x")
    status, out, err = finish(script(root))
    lines = err.splitlines()
    assert (status, len(lines)) == (0, 21)
    assert lines[0] == "collect: not read, no source names it: ?[2J?x?y.csv"
    assert lines[-1] == "collect: not read, no source names them: 12 more files"
    assert "32 files in the folder that no source names" in out
    receipt = (root / "data" / "collected" / "receipt.json").read_text()
    assert "unnamed.txt" not in receipt
    assert "z01" not in receipt
