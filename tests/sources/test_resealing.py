"""Sources sealed anew: the same content under the next secret; all are prepared before one is moved."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from custody import engine
from custody.errors import CustodyError
from custody.policy.sources import Source
from custody.records.seal import open_sealed, seal_stream
from custody.records.zone import Zone
from custody.sources.opening import source_label
from custody.sources.resealing import resealed

OLD, NEW = Zone("ops", bytes(range(32))), Zone("ops", bytes(range(32, 64)))
CONTENT = b"time,user\n" + b"2026-10-01T10:00:00Z,annelise\n" * 5000
PLACES = ("data/a.sealed", "data/b.sealed")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("data").mkdir()
    for place in PLACES:
        with Path(place).open("wb") as file:
            seal_stream(io.BytesIO(CONTENT), file, source_label(place), OLD)
    Path("data/plain.csv").write_bytes(b"time,user\n")
    return tmp_path


def sources() -> dict[str, Source]:
    told: dict[str, Any] = {
        "format": {"type": "csv"},
        "columns": {"user": "user"},
        "provenance": {"owner": "soc", "license": "CC0-1.0", "basis": "security", "review_by": "2027-11-01"},
        "purposes": ["threat-detection"],
    }
    return {
        name: Source.model_validate({"path": path, **told}, strict=False)
        for name, path in {"sealed": "data/*.sealed", "plain": "data/plain.csv"}.items()
    }


def content(place: str, zone: Zone) -> bytes:
    with Path(place).open("rb") as file:
        return open_sealed(file, source_label(place), zone).read()


def prepare(old: Zone = OLD) -> Any:
    return resealed(sources(), Path(), old, NEW, engine.choose())


def listing() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(Path("data").iterdir())}


@pytest.mark.usefixtures("project")
def test_what_was_moved_opens_with_the_new_secret_alone_and_plain_files_stay() -> None:
    with prepare() as prepared:
        assert [str(path) for path in prepared] == list(PLACES)
        assert CONTENT[:40] not in b"".join(path.read_bytes() for path in prepared.values())
        for target, fresh in prepared.items():
            fresh.replace(target)
    for place in PLACES:
        assert content(place, NEW) == CONTENT
        with pytest.raises(CustodyError):
            content(place, OLD)
    assert sorted(listing()) == [*PLACES, "data/plain.csv"]


@pytest.mark.usefixtures("project")
def test_what_is_not_moved_leaves_everything_as_it_was() -> None:
    before = listing()
    with prepare():
        assert len(listing()) == len(before) + len(PLACES)
    assert listing() == before
    with pytest.raises(CustodyError, match="altered, belongs elsewhere or was sealed with another key"), prepare(NEW):
        pass
    assert listing() == before


@pytest.mark.usefixtures("project")
def test_one_damaged_file_stops_all() -> None:
    text = bytearray(Path(PLACES[1]).read_bytes())
    text[-1] ^= 1
    Path(PLACES[1]).write_bytes(text)
    before = listing()
    with pytest.raises(CustodyError, match=r"sources\.sealed: file 2"), prepare():
        pass
    assert listing() == before
