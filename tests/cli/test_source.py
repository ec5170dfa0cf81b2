import gzip
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from custody.errors import CustodyError
from custody.governance import keys
from custody.policy import load
from custody.records import digest
from custody.records.seal import unseal
from custody.sources.opening import source_label

ROOT = Path(__file__).resolve().parents[2]
RAW = (
    b"time,login,ip,shoe size\n2026-10-01T10:00:00Z,mia.moser,10.9.8.7,39\n2026-10-01T11:00:00Z,ole.otte,10.9.8.6,44\n"
)


@pytest.fixture
def raw(project: Path, custody: Callable[..., Any]) -> Path:
    """A raw file outside the project, and a zone of the project's own."""
    assert custody("keys", "init", "ops").status == 0
    path = project.parent / "vpn export.csv"
    path.write_bytes(RAW)
    return path


def test_add_seals_what_opens_again_as_collect_opens_it(project: Path, raw: Path, custody: Callable[..., Any]) -> None:
    ran = custody("source", "add", str(raw), "--id", "vpn")
    assert ran.status == 0
    sealed = (project / "data/sources/vpn.sealed").read_bytes()
    zone = keys.open_zone(load(project / "params.yaml").keys, [])
    assert unseal(sealed, source_label("data/sources/vpn.sealed"), zone) == RAW
    assert b"moser" not in sealed
    assert raw.read_bytes() == RAW
    assert "delete it, or keep it out of git and DVC" in ran.err


def test_what_add_sealed_for_one_folder_is_refused_in_another(
    project: Path, raw: Path, custody: Callable[..., Any]
) -> None:
    for folder in ("data/sources", "data/more"):
        assert custody("source", "add", str(raw), "--id", "vpn", "--to", folder).status == 0
    zone = keys.open_zone(load(project / "params.yaml").keys, [])
    first, second = ((project / folder / "vpn.sealed").read_bytes() for folder in ("data/sources", "data/more"))
    assert unseal(second, source_label("data/more/vpn.sealed"), zone) == RAW
    for data, place in ((first, "data/more/vpn.sealed"), (second, "data/sources/vpn.sealed")):
        with pytest.raises(CustodyError):
            unseal(data, source_label(place), zone)


def test_add_drafts_an_entry_that_the_policy_takes(project: Path, raw: Path, custody: Callable[..., Any]) -> None:
    ran = custody("source", "add", str(raw), "--id", "vpn")
    path = project / "params.yaml"
    text = (
        path.read_text()
        .replace("sources:\n", "sources:\n" + ran.out, 1)
        .replace("  - partner\n", "  - partner\n  - vpn\n")
    )
    path.write_text(text)
    assert custody("policy", "check").status == 0
    source = load(path).sources["vpn"]
    assert source.sha256 == hashlib.sha256(RAW).hexdigest()
    assert source.columns == {"ts": "time", "user": "login", "src_ip": "ip"}
    assert source.format.type == "csv"
    assert {source.provenance.owner, source.provenance.license, source.provenance.basis} == {"unknown"}
    assert source.purposes == ("unknown",)
    assert source.path == "data/sources/vpn.sealed"


def test_add_prints_no_value_and_no_file_name(raw: Path, custody: Callable[..., Any]) -> None:
    ran = custody("source", "add", str(raw), "--id", "vpn")
    for word in ("moser", "10.9.8", "shoe", "export", "39"):
        assert word not in ran.out.replace(hashlib.sha256(RAW).hexdigest(), "") + ran.err


def test_add_refuses_the_demo_zone_and_writes_nothing(project: Path, custody: Callable[..., Any]) -> None:
    path = project.parent / "raw.csv"
    path.write_bytes(RAW)
    ran = custody("source", "add", str(path), "--id", "vpn")
    assert ran.status == 3
    assert "custody keys init ZONE" in ran.err
    assert [one.name for one in project.iterdir()] == ["params.yaml"]


def test_add_refuses_a_demo_file_under_the_demo_zone_as_well(project: Path, custody: Callable[..., Any]) -> None:
    shutil.copy(ROOT / "data/sources/access.csv", project / "raw.csv")
    assert custody("source", "add", "raw.csv").status == 3
    assert not (project / "data").exists()


def test_add_never_overwrites(project: Path, raw: Path, custody: Callable[..., Any]) -> None:
    assert custody("source", "add", str(raw), "--id", "vpn").status == 0
    before = (project / "data/sources/vpn.sealed").read_bytes()
    raw.write_bytes(RAW * 2)
    ran = custody("source", "add", str(raw), "--id", "vpn")
    assert ran.status == 3
    assert "exists and is never replaced" in ran.err
    assert (project / "data/sources/vpn.sealed").read_bytes() == before


def test_add_makes_an_id_of_the_name_where_it_can(project: Path, raw: Path, custody: Callable[..., Any]) -> None:
    good = raw.with_name("Edge Proxy.log.gz")
    good.write_bytes(gzip.compress(RAW, mtime=0))
    assert custody("source", "add", str(good)).status == 0
    assert (project / "data/sources/edge-proxy.sealed").is_file()
    bad = raw.with_name("2026 export.csv")
    bad.write_bytes(RAW)
    ran = custody("source", "add", str(bad))
    assert ran.status == 3
    assert "--id" in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere.csv", "--id", "vpn"], "FILE: is not a readable file"),
        ([".", "--id", "vpn"], "FILE: is not a readable file"),
        (["{raw}", "--id", "../vpn"], "--id: must be"),
        (["{raw}", "--id", "vpn", "--to", "../elsewhere"], "--to: must be a folder inside the project"),
        (["{raw}", "--id", "vpn", "--to", "{raw}"], "--to: must be a folder inside the project"),
        (["{raw}", "--id", "vpn", "--to", "link"], "leaves the project"),
    ],
)
def test_add_refuses_in_one_line(
    project: Path, raw: Path, custody: Callable[..., Any], arguments: list[str], says: str
) -> None:
    (project / "link").symlink_to(project.parent)
    ran = custody("source", "add", *(one.format(raw=raw) for one in arguments))
    assert ran.status == 3
    assert says in ran.err
    assert ran.err.count("\n") == 1
    assert not list(project.parent.rglob("*.sealed"))


def test_add_refuses_what_is_sealed_already(raw: Path, custody: Callable[..., Any]) -> None:
    custody("source", "add", str(raw), "--id", "vpn")
    ran = custody("source", "add", "data/sources/vpn.sealed", "--id", "again")
    assert ran.status == 3
    assert "is sealed already" in ran.err


def test_add_removes_what_it_sealed_when_the_file_changed(
    project: Path, raw: Path, custody: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = iter(["a" * 64, "b" * 64])
    monkeypatch.setattr(digest, "file_sha256", lambda _: next(digests))
    ran = custody("source", "add", str(raw), "--id", "vpn")
    assert ran.status == 3
    assert "changed while it was being sealed" in ran.err
    assert list((project / "data/sources").iterdir()) == []


def receipt() -> dict[str, Any]:
    file = {
        "id": "00112233aabbccdd",
        "sha256": "00112233aabbccdd" * 4,
        "bytes": 12345,
        "read": 1803,
        "collected": 1750,
        "malformed": 28,
        "skipped": 25,
        "first": "2026-10-05",
        "last": "2026-10-18",
    }
    entry = {
        "owner": "web",
        "license": "Apache-2.0",
        "basis": "security",
        "review_by": "2027-11-01",
        "purposes": ["threat-detection"],
        "description": "Sign-ins",
        "missing_columns": ["mfa"],
        "dropped_fields": 1,
        "files": [file, {**file, "id": "00112233aabbccdd-2", "first": None, "last": None}],
    }
    gone = {**entry, "description": None, "files": [{**file, "id": "ffff000011112222", "collected": 7}]}
    schema = {"ts": "timestamp", "user": "user", "mfa": "boolean", "label": "category"}
    return {"stage": "collect", "schema": schema, "sources": {"gone": gone, "edge": entry}}


@pytest.fixture
def collected(project: Path) -> Path:
    path = project / "data/collected/receipt.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(receipt()))
    return path


@pytest.mark.usefixtures("collected")
def test_list_is_an_aligned_table(custody: Callable[..., Any]) -> None:
    ran = custody("source", "list")
    assert ran.status == 0
    assert ran.out.splitlines() == [
        "FILE                SOURCE   ROWS  COLUMNS  FIRST       LAST        SHA256        DESCRIPTION",
        "00112233aabbccdd    edge    1,750        3  2026-10-05  2026-10-18  00112233aabb  Sign-ins",
        "00112233aabbccdd-2  edge    1,750        3  -           -           00112233aabb  Sign-ins",
        "ffff000011112222    gone        7        0  2026-10-05  2026-10-18  00112233aabb  -",
    ]


@pytest.mark.usefixtures("collected")
def test_list_gives_json(custody: Callable[..., Any]) -> None:
    found = json.loads(custody("source", "list", "--json").out)
    assert [one["id"] for one in found] == ["00112233aabbccdd", "00112233aabbccdd-2", "ffff000011112222"]
    assert found[0]["columns"] == ["label", "ts", "user"]
    assert found[0]["sha256"] == "00112233aabbccdd" * 4
    assert set(found[0]) == {"id", "source", "description", "first", "last", "sha256", "rows", "columns"}


@pytest.mark.usefixtures("collected")
def test_show_takes_a_source_or_a_file(custody: Callable[..., Any]) -> None:
    one, both = custody("source", "show", "00112233aabbccdd"), custody("source", "show", "edge")
    assert "columns       label (category), ts (timestamp), user (user)" in one.out
    assert "malformed     28" in one.out
    assert "first day     2026-10-05\nlast day      2026-10-18\n" in one.out
    assert one.out.count("sha256") == 1
    assert both.out.count("sha256") == 2
    assert json.loads(custody("source", "show", "edge", "--json").out)[0]["read"] == 1803


@pytest.mark.usefixtures("collected")
def test_show_of_an_unknown_id_says_where_ids_stand(custody: Callable[..., Any]) -> None:
    ran = custody("source", "show", "nobody")
    assert ran.status == 3
    assert "custody source list" in ran.err


@pytest.mark.usefixtures("project")
def test_list_before_collect_says_what_to_run(custody: Callable[..., Any]) -> None:
    ran = custody("source", "list")
    assert ran.status == 3
    assert "is missing; run: dvc repro" in ran.err


@pytest.mark.parametrize(
    "text", ['{"stage": "gate"}', '{"schema": {}, "sources": {"edge": {"files": [3]}}}', "[]", "{"]
)
def test_list_refuses_what_is_no_receipt(collected: Path, custody: Callable[..., Any], text: str) -> None:
    collected.write_text(text)
    ran = custody("source", "list")
    assert ran.status == 3
    assert ran.err.count("\n") == 1


def test_synth_prints_the_counts_that_it_writes(project: Path, custody: Callable[..., Any]) -> None:
    ran = custody("source", "synth", "out", "--records", "1000", "--seed", "5", "--formats", "csv,tsv")
    assert ran.status == 0
    assert json.loads(ran.out) == json.loads((project / "out/defects.json").read_text())
    assert sorted(path.name for path in (project / "out").iterdir()) == ["access.csv", "defects.json", "partner.tsv"]


@pytest.mark.parametrize("formats", ["", "csv,", "xml", "csv,xml"])
def test_synth_refuses_formats_that_it_does_not_know(project: Path, custody: Callable[..., Any], formats: str) -> None:
    ran = custody("source", "synth", "out", "--records", "10", "--formats", formats)
    assert ran.status == 3
    assert "--formats: must be one or more of text,csv,jsonl,tsv" in ran.err
    assert not (project / "out").exists()


def test_synth_needs_at_least_one_record(project: Path, custody: Callable[..., Any]) -> None:
    assert custody("source", "synth", "out", "--records", "0").status == 2
    assert not (project / "out").exists()


def test_profile_drafts_and_leaves_the_file(project: Path, custody: Callable[..., Any], tmp_path: Path) -> None:
    raw = tmp_path / "vpn.csv"
    raw.write_text("time,user,ip\n" + "2026-10-01T10:00:00Z,canaryname,198.51.100.7\n" * 30, encoding="utf-8")
    before = raw.read_bytes()
    done = custody("source", "profile", str(raw))
    assert (done.status, done.err) == (0, "")
    assert "sources:\n" in done.out
    assert "  vpn:\n" in done.out
    assert "canaryname" not in done.out
    assert "198.51" not in done.out
    assert raw.read_bytes() == before
    assert sorted(path.name for path in project.iterdir()) == ["params.yaml"]


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_profile_of_no_file_stops(project: Path, custody: Callable[..., Any], name: str) -> None:  # noqa: ARG001
    done = custody("source", "profile", name, "--id", "new")
    assert (done.status, done.out) == (3, "")
    assert done.err == "custody: FILE: is not a readable file; give the path of one raw file\n"
