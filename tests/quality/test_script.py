"""The script itself, as DVC runs it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from custody.governance import keys
from custody.policy import load
from custody.records import open_folder, replace
from quality.collecting import table
from support import ROOT, STAGES, no_anchor

if TYPE_CHECKING:
    from pathlib import Path

    from custody.records.zone import Zone


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Zone:
    """A project with the shipped policy, a zone of its own and a collected folder."""
    monkeypatch.setenv("CUSTODY_KEYRING", str(tmp_path / "keyring.json"))
    zone = keys.create("lab")
    text = (ROOT / "params.yaml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^  zone: .*$", f"  zone: {zone.name}", text, count=1)
    (tmp_path / "params.yaml").write_text(re.sub(r"(?m)^  check: .*$", f"  check: '{zone.check}'", text, count=1))
    schema = dict(load(tmp_path / "params.yaml").fields)
    rows = [{"user": "ann", "label": "benign"}, {"user": "ann", "label": "benign"}, {"user": "bob", "label": "none"}]
    receipt = {
        "stage": "collect",
        "schema": schema,
        "sources": {"edge": {"files": [{"id": "0" * 16, "sha256": "0" * 64}]}},
        "accounting": {"read": 3, "collected": 3, "malformed": 0, "skipped": 0},
    }
    with replace(tmp_path / "data" / "collected", zone) as sink:
        sink.finish("receipt.json", receipt, [sink.write("edge-0000000000000000-00000", table(rows, schema))])
    no_anchor(tmp_path / "data")
    return zone


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(STAGES / "validate.py"), "data/collected", "data/validated", *words]
    return subprocess.run(command, cwd=folder, env=dict(os.environ), capture_output=True, text=True, check=False)


def test_it_writes_verdicts_report_and_figures_and_says_so_in_one_line(tmp_path: Path, zone: Zone) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(
        r"validated 3 records: 0 accepted, 3 quarantined; score 0\.\d{3}; \d+ rules not evaluated\n", done.stdout
    )
    validated = open_folder(tmp_path / "data" / "validated", "report.json", zone)
    assert validated.body["quarantined_by"]["duplicates"] == 1
    assert validated.body["quarantined_by"]["label.allowed"] == 1
    assert sorted(path.name for path in (tmp_path / "data" / "metrics").iterdir()) == [
        "missing.csv",
        "rules.csv",
        "validate.json",
    ]


@pytest.mark.usefixtures("zone")
def test_a_second_run_writes_the_same_bytes(tmp_path: Path) -> None:
    outputs = []
    for _ in range(2):
        assert run(tmp_path).returncode == 0
        outputs.append({path: path.read_bytes() for path in sorted((tmp_path / "data").rglob("*")) if path.is_file()})
    assert outputs[0] == outputs[1]


@pytest.mark.usefixtures("zone")
def test_an_altered_receipt_stops_it_and_leaves_the_last_output(tmp_path: Path) -> None:
    assert run(tmp_path).returncode == 0
    before = (tmp_path / "data" / "validated" / "report.json").read_bytes()
    receipt = tmp_path / "data" / "collected" / "receipt.json"
    receipt.write_text(receipt.read_text().replace('"collected": 3', '"collected": 2'))
    done = run(tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert re.fullmatch(r"custody: collected/receipt\.json: .* run the stage again\n", done.stderr)
    assert (tmp_path / "data" / "validated" / "report.json").read_bytes() == before


@pytest.mark.usefixtures("zone")
def test_without_a_collected_folder_it_says_what_to_run(tmp_path: Path) -> None:
    (tmp_path / "data" / "collected" / "receipt.json").unlink()
    done = run(tmp_path)
    assert done.returncode == 3
    assert done.stderr == "custody: collected/receipt.json: is missing; run: dvc repro\n"
    assert not (tmp_path / "data" / "validated").exists()
