"""The main job on real files: every line accounted for, and nobody's identifier in what comes out."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from custody.governance import keys
from custody.policy import load
from custody.privacy import rowid
from custody.records.folder import open_folder
from pipeline import policies, scanner
from pipeline.project import Project, create, zone

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("keyring")

ADDRESSES = {"ip_prefix", "ip_truncate"}
"""Techniques whose result is an address, which may happen to be somebody else's."""

PLACEHOLDER = re.compile(rb"<[a-z]+>")
"""What redaction writes in the place of a kind of identifier: `<user>` names a kind, and no account called user."""

ORDINARY = {b"user"}
"""Guessed as an account at the bastion host, and a column's name, which reports say; no released cell may hold it."""


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
    assert len(project.load()) == counts["released"] > 0
    return counts


def _nobody(project: Project, wanted: set[bytes], printed: str) -> None:
    """No wanted identifier stands in any artifact; in the release only where a technique wrote that very cell."""
    texts = {**project.outputs(), "printed": printed.encode()}
    found = {
        name: scanner.standing(wanted - ORDINARY, data)
        for name, data in texts.items()
        if not name.startswith("data/released/") or name.endswith(".json")
    }
    table = project.load()
    techniques = {name: column["technique"] for name, column in project.policy()["privacy"]["columns"].items()}
    pseudonymous = [name for name in table.column_names if techniques.get(name) in ADDRESSES]
    raw = _raw(project, pseudonymous)
    ids = table.column("row_id").to_pylist()
    assert set(ids) <= raw.keys()
    for place, column in enumerate(table.column_names):
        values = table.column(column).to_pylist()
        if column in pseudonymous:
            own = [raw[one][pseudonymous.index(column)] for one in ids]
            text = scanner.unexcused(zip(values, own, strict=True))
        elif pa.types.is_string(table.schema.types[place]):
            text = "\n".join(value for value in values if value is not None).encode()
        else:
            continue
        found[column] = scanner.standing(wanted, PLACEHOLDER.sub(b" ", text))
    assert {name: words for name, words in found.items() if words} == {}


def _raw(project: Project, columns: list[str]) -> dict[str, tuple[str | None, ...]]:
    """Row id → what the record has in these columns before it is de-identified; only the key gives the ids."""
    policy = load(project.root / "params.yaml")
    place = keys.open_zone(policy.keys, [])
    collected = open_folder(project.root / "data" / "collected", "receipt.json", place)
    found: dict[str, tuple[str | None, ...]] = {}
    for partition in collected.partitions:
        table = collected.read(partition)
        source, file = (table.column(name)[0].as_py() for name in ("!source", "!file"))
        ids = rowid.row_ids(place, policy.dataset, source, file, table.column("!line").to_numpy().astype(np.int64))
        cells = [table.column(name).to_pylist() for name in columns]
        rows = zip(*cells, strict=True) if columns else [()] * len(table)
        found.update(zip(rowid.text(ids).to_pylist(), rows, strict=True))
    return found


def _plain(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _lines(path: Path) -> int:
    data = _plain(path)
    return data.count(b"\n") + (not data.endswith(b"\n"))


@pytest.mark.xdist_group("events")
def test_three_kinds_of_logs_become_one_event_set(tmp_path: Path, real_data: Path) -> None:
    project = create(tmp_path / "project")
    files = [real_data / "sshd" / "auth.log", real_data / "apache" / "apache_logs"]
    files += [real_data / "zeek" / f"{name}.log.gz" for name in policies.ZEEK]
    printed, statement = _run(project, policies.events(zone("trial")), files)
    _accounted(project, statement, sum(_lines(file) for file in files))
    receipt = project.json("data/collected/receipt.json")
    malformed = {name: sum(file["malformed"] for file in one["files"]) for name, one in receipt["sources"].items()}
    assert malformed["apache"] == 1
    assert malformed["sshd"] == 0
    everything = b"\n".join(_plain(file) for file in files)
    users = _users(*files)
    wanted = scanner.addresses(everything) | scanner.emails(everything) | users
    assert len(scanner.addresses(everything)) > 1000
    assert len(scanner.emails(everything)) > 5
    assert len(users) > 50
    _nobody(project, wanted, printed)


def _users(auth: Path, apache: Path, *zeek: Path) -> set[bytes]:
    """User names of four characters or more, lower-case, by a reading of the test's own."""
    said = _plain(auth).replace(b"check pass; user unknown", b"")  # PAM's word for: no such account
    named = re.findall(rb"(?:for|user|invalid user) ([a-z][a-z0-9_-]+)(?: from| by|\s*$)", said, re.MULTILINE)
    named += [line.split(b" ", 3)[2] for line in _plain(apache).splitlines()]
    for file in zeek:
        lines = _plain(file).splitlines()
        [fields] = [line.split(b"\t")[1:] for line in lines if line.startswith(b"#fields")]
        for column in {b"user", b"username"} & set(fields):
            place = fields.index(column)
            named += [line.split(b"\t")[place] for line in lines if not line.startswith(b"#")]
    return {name.lower() for name in named if len(name) >= 4}


@pytest.mark.xdist_group("suricata")
def test_nested_sparse_events(tmp_path: Path, real_data: Path) -> None:
    project = create(tmp_path / "project")
    file = real_data / "suricata" / "eve.json"
    printed, statement = _run(project, policies.suricata(zone()), [file])
    counts = _accounted(project, statement, 5000)
    assert counts["malformed"] == 0
    raw = file.read_bytes()
    hosts = {json.loads(line).get("http", {}).get("hostname", "").encode() for line in raw.splitlines()} - {b""}
    assert len(hosts) > 40
    assert len(scanner.addresses(raw)) > 60
    assert len(scanner.emails(raw)) == 2
    _nobody(project, scanner.addresses(raw) | scanner.emails(raw) | hosts, printed)


@pytest.mark.xdist_group("http")
def test_people_inside_payloads(tmp_path: Path, real_data: Path) -> None:
    project = create(tmp_path / "project")
    file = real_data / "http_params" / "payload_full.csv"
    printed, statement = _run(project, policies.http_params(zone()), [file])
    with file.open(encoding="utf-8", newline="") as text:
        _accounted(project, statement, sum(1 for _ in csv.reader(text)))
    wanted = scanner.emails(file.read_bytes())
    assert len(wanted) > 1000
    _nobody(project, wanted, printed)


@pytest.mark.xdist_group("urls")
def test_labeled_urls(tmp_path: Path, real_data: Path) -> None:
    project = create(tmp_path / "project")
    file = real_data / "urls" / "url_data_medium.csv"
    printed, statement = _run(project, policies.urls(zone()), [file])
    _accounted(project, statement, _lines(file))
    raw = file.read_bytes()
    assert len(scanner.emails(raw)) > 200
    assert len(scanner.addresses(raw)) > 10
    _nobody(project, scanner.emails(raw) | scanner.addresses(raw), printed)


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
