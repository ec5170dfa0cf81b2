"""data/anchor as a stage reads it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from custody.anchor import open_anchor
from custody.errors import CustodyError
from custody.records import Zone, replace
from support import ZONE, no_anchor

if TYPE_CHECKING:
    from pathlib import Path

PART = pa.table({"count": [1, 2]})


def pin(data: Path, zone: Zone = ZONE, **body: Any) -> Path:
    """Pin something that has one part."""
    told = {
        "schema_version": "custody/anchor/v1",
        "revision": "a" * 40,
        "key": {"zone": zone.name, "check": zone.check},
        "schema": {"user": "user"},
        "rows": 2,
    }
    with replace(data / "anchor", zone) as sink:
        sink.finish("manifest.json", {**told, **body}, [sink.write("profile", PART)])
    return data / "anchor"


def test_an_empty_manifest_means_no_anchor(tmp_path: Path) -> None:
    no_anchor(tmp_path)
    assert open_anchor(tmp_path / "anchor", ZONE) is None


def test_a_part_is_read_by_its_name_and_an_unknown_one_is_none(tmp_path: Path) -> None:
    anchor = open_anchor(pin(tmp_path), ZONE)
    assert anchor is not None
    assert (anchor.revision, anchor.schema, anchor.rows, anchor.parts) == ("a" * 40, {"user": "user"}, 2, ("profile",))
    assert anchor.part("profile") == PART
    assert anchor.part("linkability") is None


def _missing(root: Path) -> None:
    shutil.rmtree(root)


def _emptied(root: Path) -> None:
    (root / "manifest.json").write_text("{}\n")


def _no_json(root: Path) -> None:
    (root / "manifest.json").write_text("pinned")


def _altered(root: Path) -> None:
    body = json.loads((root / "manifest.json").read_text())
    (root / "manifest.json").write_text(json.dumps({**body, "rows": 3}))


def _newer(root: Path) -> None:
    body = json.loads((root / "manifest.json").read_text())
    (root / "manifest.json").write_text(json.dumps({**body, "schema_version": "custody/anchor/v2"}))


def _part_lost(root: Path) -> None:
    (root / "profile.sealed").unlink()


def _part_added(root: Path) -> None:
    (root / "balance.sealed").write_bytes(b"more")


@pytest.mark.parametrize("harm", [_missing, _emptied, _no_json, _altered, _newer, _part_lost, _part_added])
def test_what_is_no_whole_anchor_stops_with_one_line_that_says_what_to_do(tmp_path: Path, harm: Any) -> None:
    root = pin(tmp_path)
    harm(root)
    with pytest.raises(CustodyError, match=r"^anchor[:/].*custody anchor set REV") as stopped:
        open_anchor(root, ZONE)
    assert "\n" not in str(stopped.value)


def test_a_foreign_anchor_is_refused_by_the_name_of_its_key(tmp_path: Path) -> None:
    foreign = Zone("other", bytes(range(1, 33)))
    with pytest.raises(CustodyError, match="sealed under another key than keys names"):
        open_anchor(pin(tmp_path, foreign), ZONE)


def test_a_foreign_anchor_that_claims_our_key_is_refused(tmp_path: Path) -> None:
    foreign = Zone("other", bytes(range(1, 33)))
    root = pin(tmp_path, foreign, key={"zone": ZONE.name, "check": ZONE.check})
    with pytest.raises(CustodyError, match="was altered"):
        open_anchor(root, ZONE)


def test_a_part_that_was_swapped_does_not_open(tmp_path: Path) -> None:
    root = pin(tmp_path)
    anchor = open_anchor(root, ZONE)
    assert anchor is not None
    (root / "profile.sealed").write_bytes((root / "profile.sealed").read_bytes()[:-1])
    with pytest.raises(CustodyError, match=r"anchor/profile: is not the part"):
        anchor.part("profile")
    with pytest.raises(CustodyError, match="was altered"):
        open_anchor(root, ZONE)


@pytest.mark.parametrize("body", [{"schema": {}}, {"schema": None}, {"rows": "many"}, {"revision": ""}])
def test_a_sealed_manifest_that_lacks_what_a_run_needs_is_refused(tmp_path: Path, body: dict[str, Any]) -> None:
    with pytest.raises(CustodyError, match="was altered, lacks a part"):
        open_anchor(pin(tmp_path, **body), ZONE)
