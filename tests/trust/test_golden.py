"""A release of every version, never edited, still verifies and loads (`golden_release.py` makes them)."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

import custody
from custody.cli import main
from trust.golden_release import GOLDEN, digest

MADE = {"0.1.0": "ab2be74310be240c2385f10253fdd502563e83b97d5ee7e10ca5c64c3840f76c"}
"""SHA-256 over the names and digests of each release's files."""


def test_no_golden_release_was_edited_removed_or_forgotten() -> None:
    assert {path.name: digest(path) for path in GOLDEN.iterdir()} == MADE


@pytest.mark.parametrize("version", MADE)
def test_it_verifies_and_loads(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Far from this repository, as a consumer has it, and with keys that the consumer believes."""
    place = Path(shutil.copytree(GOLDEN / version, tmp_path / version))
    monkeypatch.chdir(tmp_path)
    words = ["verify", str(place / "released"), "--trusted", str(place / "trusted.yaml"), "--json", "--require-release"]
    monkeypatch.setattr(sys, "argv", ["custody", *words])
    with pytest.raises(SystemExit) as left:
        main()
    verdict = json.loads(capsys.readouterr().out)
    assert (left.value.code, verdict["reasons"], verdict["signers"]) == (0, [], ["ada"])
    assert "audit log: not checked, none is at hand" not in verdict["notes"]
    frame = custody.load(place / "released", trusted=place / "trusted.yaml")
    stated = json.loads((place / "released" / "statement.json").read_text())
    assert len(frame) == stated["rows"] > 1000
    assert set(frame.columns) == set(stated["columns"])


@pytest.mark.parametrize("version", MADE)
def test_one_flipped_bit_of_any_file_is_found(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Path(shutil.copytree(GOLDEN / version, tmp_path / version))
    trusted = GOLDEN / version / "trusted.yaml"
    files = [path for folder in ("released", "signatures", "audit") for path in sorted((place / folder).iterdir())]
    for path in (path for path in files if not path.name.endswith(".model-signing.json")):
        whole = path.read_bytes()
        path.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
        monkeypatch.setattr(sys, "argv", ["custody", "verify", str(place / "released"), "--trusted", str(trusted)])
        with pytest.raises(SystemExit) as left:
            main()
        assert left.value.code == 1, path.name
        path.write_bytes(whole)
    capsys.readouterr()
