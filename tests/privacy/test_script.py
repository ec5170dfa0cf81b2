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
from custody.records import open_folder
from custody.records.plain import read_json
from privacy.folders import Source, at, folders
from support import ROOT, STAGES, no_anchor

if TYPE_CHECKING:
    from pathlib import Path

    from custody.records.zone import Zone

PEOPLE = ("ann.lee", "bob.jones", "carol.w", "dave.k", "erin.z")


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Zone:
    """A project with the shipped policy, a zone of its own, and collected and validated folders."""
    monkeypatch.setenv("CUSTODY_KEYRING", str(tmp_path / "keyring.json"))
    zone = keys.create("lab")
    text = (ROOT / "params.yaml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^  zone: .*$", f"  zone: {zone.name}", text, count=1)
    (tmp_path / "params.yaml").write_text(re.sub(r"(?m)^  check: .*$", f"  check: '{zone.check}'", text, count=1))
    policy = load(tmp_path / "params.yaml")
    rows = [
        {"user": name, "ts": at(1), "message": f"for {name}", "department": "it", "event": f"event{i % 2}"}
        for i, name in enumerate(PEOPLE)
    ]
    rows.append({"user": "old.timer", "ts": at(1).replace(year=2019), "message": "", "department": "it"})
    folders(tmp_path / "data", [Source(rows, purposes=(policy.dataset.purpose,))], dict(policy.fields), zone=zone)
    no_anchor(tmp_path / "data")
    return zone


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    paths = ["data/collected", "data/validated", "data/anonymized"]
    command = [sys.executable, str(STAGES / "anonymize.py"), *paths, *words]
    return subprocess.run(command, cwd=folder, env=dict(os.environ), capture_output=True, text=True, check=False)


def test_it_writes_candidate_report_and_figures_and_says_so(tmp_path: Path, zone: Zone) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    said, attacked = done.stdout.splitlines()
    assert said == (
        "pseudonymized 5 records: 1 withheld, 0 suppressed; smallest group 5 subjects; 0 residual identifiers"
    )
    assert re.fullmatch(
        r"attacked without the key \(known\): 18 guesses at 7 values, 0 mapped addresses: 0 hits, \d+\.\d\d s of "
        "processor time",
        attacked,
    ), attacked
    candidate = open_folder(tmp_path / "data" / "anonymized", "report.json", zone)
    assert candidate.body["withheld"]["retention"] == 1
    figures = read_json(tmp_path / "data" / "metrics" / "anonymize.json")
    assert (figures["candidate"], figures["k_smallest"], figures["residual"]) == (5, 5, 0)
    assert figures["redactions"] == 5


def test_a_second_run_writes_the_same_bytes(tmp_path: Path, zone: Zone) -> None:
    def content() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted((tmp_path / "data" / "anonymized").iterdir())}

    assert run(tmp_path).returncode == 0
    first = content()
    assert run(tmp_path).returncode == 0
    assert content() == first
    assert open_folder(tmp_path / "data" / "anonymized", "report.json", zone).partitions


@pytest.mark.usefixtures("zone")
def test_a_folder_that_is_not_there_stops_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "data" / "validated" / "report.json").unlink()
    done = run(tmp_path)
    assert done.returncode == 3
    assert done.stderr == "custody: validated/report.json: is missing; run: dvc repro\n"
    assert not (tmp_path / "data" / "anonymized").exists()


@pytest.mark.usefixtures("zone")
def test_no_name_is_printed_even_with_frames(tmp_path: Path) -> None:
    for part in (tmp_path / "data" / "collected").glob("*.sealed"):
        part.write_bytes(part.read_bytes()[:-1])
    done = run(tmp_path, "--traceback")
    assert done.returncode == 3
    assert not any(name in done.stdout + done.stderr for name in PEOPLE)
