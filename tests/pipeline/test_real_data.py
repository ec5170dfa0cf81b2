"""The main job on real files: every line accounted for, and nobody's identifier in what comes out."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

import custody
from pipeline import policies, scanner
from pipeline.project import Project, create, zone

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("keyring")

# Names of services and words of every log, reviewed: they stand in raw columns and say nothing of a person.
ORDINARY = {
    b"root",
    b"admin",
    b"test",
    b"user",
    b"guest",
    b"anonymous",
    b"ubuntu",
    b"oracle",
    b"ftp",
    b"nobody",
    b"unknown",
    b"-",
}


def _run(project: Project, values: dict[str, Any], files: list[Path]) -> tuple[str, dict[str, Any]]:
    for file in files:
        shutil.copyfile(file, project.root / "data" / "sources" / file.name)
    project.write_policy(values)
    project.commit()
    done = project.repro()
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr, project.json("data/released/statement.json")


def _accounted(project: Project, statement: dict[str, Any], lines: int) -> dict[str, int]:
    counts: dict[str, int] = statement["accounting"]
    assert counts["read"] == counts["collected"] + counts["malformed"] + counts["skipped"]
    assert counts["collected"] == counts["accepted"] + counts["quarantined"]
    assert counts["accepted"] == counts["released"] + counts["suppressed"] + counts["withheld"]
    assert counts["read"] == lines
    frame = custody.load(project.root / "data" / "released")
    assert len(frame) == counts["released"] > 0
    return counts


def _nobody(project: Project, wanted: set[bytes], printed: str, raw: dict[str, list[str | None]]) -> None:
    """No wanted identifier stands in any artifact; in the release only where a technique wrote that very cell."""
    released = project.root / "data" / "released"
    for name, data in {**project.outputs(), "printed": printed.encode()}.items():
        if not name.startswith("data/released/") or name.endswith(".json"):
            assert scanner.standing(wanted, data) == set(), name
    table = custody.load(released, arrow=True)
    for column in table.column_names:
        if not pa.types.is_string(table.column(column).type):
            continue
        cells = [value for value in table.column(column).to_pylist() if value is not None]
        found = scanner.standing(wanted, "\n".join(cells).encode())
        if column in raw:  # prefix-preserving addresses: one may happen to equal another's raw address, as a whole cell
            found -= {cell.lower().encode() for cell in cells if scanner.IPV4.fullmatch(cell.encode())}
        assert found == set(), column


def _lines(path: Path) -> int:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return data.count(b"\n") + (not data.endswith(b"\n"))


@pytest.mark.xdist_group("events")
def test_three_kinds_of_logs_become_one_event_set(tmp_path: Path, real_data: Path) -> None:
    project = create(tmp_path / "project")
    files = [real_data / "sshd" / "auth.log", real_data / "apache" / "apache_logs"]
    files += [real_data / "zeek" / f"{name}.log.gz" for name in policies.ZEEK]
    printed, statement = _run(project, policies.events(zone()), files)
    _accounted(project, statement, sum(_lines(file) for file in files))
    receipt = project.json("data/collected/receipt.json")
    malformed = {name: sum(file["malformed"] for file in one["files"]) for name, one in receipt["sources"].items()}
    assert malformed["apache"] == 1
    assert malformed["sshd"] == 0
    everything = b"\n".join(
        gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes() for file in files
    )
    users = set(
        re.findall(rb"(?:for|user|invalid user) ([a-z][a-z0-9_-]{3,})(?: from| by|\s*$)", everything, re.MULTILINE)
    )
    wanted = scanner.addresses(everything) | scanner.emails(everything) | (users - ORDINARY)
    assert len(wanted) > 1000
    _nobody(project, wanted, printed, {"src_ip": [], "dst_ip": []})


@pytest.mark.xdist_group("suricata")
def test_nested_sparse_events(tmp_path: Path, real_data: Path) -> None:
    project = create(tmp_path / "project")
    file = real_data / "suricata" / "eve.json"
    printed, statement = _run(project, policies.suricata(zone()), [file])
    counts = _accounted(project, statement, 5000)
    assert counts["malformed"] == 0
    wanted = scanner.addresses(file.read_bytes())
    hosts = {json.loads(line).get("http", {}).get("hostname", "").encode() for line in file.read_bytes().splitlines()}
    assert len(wanted) > 10
    _nobody(project, wanted | scanner.emails(b"\n".join(hosts)), printed, {"src_ip": [], "dst_ip": []})


@pytest.mark.xdist_group("http")
def test_people_inside_payloads(tmp_path: Path, real_data: Path) -> None:
    project = create(tmp_path / "project")
    file = real_data / "http_params" / "payload_full.csv"
    printed, statement = _run(project, policies.http_params(zone()), [file])
    _accounted(project, statement, _records(project))
    wanted = scanner.emails(file.read_bytes())
    assert len(wanted) > 100
    _nobody(project, wanted, printed, {})


@pytest.mark.xdist_group("urls")
def test_labeled_urls(tmp_path: Path, real_data: Path) -> None:
    project = create(tmp_path / "project")
    file = real_data / "urls" / "url_data_medium.csv"
    printed, statement = _run(project, policies.urls(zone()), [file])
    _accounted(project, statement, _lines(file))
    raw = file.read_bytes()
    _nobody(project, scanner.emails(raw) | scanner.addresses(raw), printed, {})


@pytest.mark.xdist_group("nsl")
def test_headerless_flows(tmp_path: Path, real_data: Path) -> None:
    project = create(tmp_path / "project")
    files = [real_data / "nsl_kdd" / name for name in ("KDDTrain+_20Percent.txt", "KDDTest+.txt")]
    _, statement = _run(project, policies.nsl_kdd(zone(), real_data), files)
    counts = _accounted(project, statement, 25_192 + 22_544)
    assert counts["malformed"] == 0
    seen: set[bytes] = set()
    copies = 0
    for file in files:
        for line in file.read_bytes().splitlines():
            copies += line in seen
            seen.add(line)
    assert counts["quarantined"] == copies


def _records(project: Project) -> int:
    return int(project.json("data/collected/receipt.json")["accounting"]["read"])
