"""A release is withdrawn by its statement alone: who withdraws it may have, or reach, nothing else of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from custody.errors import CustodyError
from custody.trust import retractions

if TYPE_CHECKING:
    from collections.abc import Callable

    from trust.conftest import Answer, Signed

    Verify = Callable[..., Answer]

pytestmark = pytest.mark.xdist_group("attacks")
RELEASED = Path("data/released")


def _place(folder: Path, data: bytes) -> Path:
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return folder / "files" / "md5" / md5[:2] / md5[2:]


def _lose_data(folder: Path) -> None:
    """Remove the released data, and nothing else, from a cache or remote, and from the work tree."""
    for path in RELEASED.glob("*.parquet"):
        _place(folder, path.read_bytes()).unlink()
        path.unlink()


@pytest.mark.parametrize("where", ["cache", "remote"])
def test_the_statement_of_a_revision_is_enough_to_retract_it(signed: Signed, where: str) -> None:
    store = Path(".dvc/cache")
    named = hashlib.sha256((RELEASED / "statement.json").read_bytes()).hexdigest()
    if where == "remote":
        signed.project.must("dvc", "remote", "add", "-d", "store", "../store")
        signed.project.must("dvc", "push", "--quiet")
        shutil.rmtree(store)
        store = Path("../store")
    _lose_data(store)
    said = signed.project.must("custody", "release", "retract", "HEAD", "--reason", "labels were wrong")
    assert said == f"retracted: release {named[:12]}; commit and push .custody/retractions.json\n"


def test_a_statement_that_is_not_the_recorded_one_is_not_retracted(signed: Signed) -> None:
    path = _place(Path(".dvc/cache"), (RELEASED / "statement.json").read_bytes())
    path.chmod(0o644)
    path.write_text("{}")
    ran = signed.project.run("custody", "release", "retract", "HEAD", "--reason", "labels were wrong")
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (1, "", 1)
    assert "is not what its dvc.lock records" in ran.stderr
    assert not Path(retractions.PATH).exists()


def test_without_the_statement_its_digest_is_asked_for_and_will_do(signed: Signed, verify: Verify) -> None:
    named = hashlib.sha256((RELEASED / "statement.json").read_bytes()).hexdigest()
    shutil.move(".dvc/cache", "../cache")
    ran = signed.project.run("custody", "release", "retract", "HEAD", "--reason", "labels were wrong")
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (3, "", 1)
    assert ran.stderr.endswith("bring it first: dvc fetch --all-commits; or give the SHA-256 of its statement\n")
    signed.project.must("custody", "release", "retract", named, "--reason", "labels were wrong")
    assert verify().codes == ["retracted"]
    shutil.move("../cache", ".dvc/cache")
    assert verify("HEAD").codes == ["retracted"]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{",
        b'{"retractions": [], "retractions": []}',
        b'{"retractions": [{"statement": "x"}]}',
        b'{"a": 1}',
    ],
)
def test_what_is_no_list_is_not_an_empty_one(text: bytes) -> None:
    with pytest.raises(CustodyError, match=r"list: is no list of retractions; get it again"):
        retractions.read(text, "list")


def test_a_list_holds_each_release_once(tmp_path: Path) -> None:
    one = retractions.Retraction(statement="0" * 64, day="2026-11-26", reason="labels were wrong")
    retractions.add(tmp_path / "list.json", one)
    with pytest.raises(CustodyError, match="this release is retracted already"):
        retractions.add(tmp_path / "list.json", one)
    assert len(json.loads((tmp_path / "list.json").read_text())["retractions"]) == 1
    [reason] = retractions.read((tmp_path / "list.json").read_bytes(), "list").of("0" * 64)
    assert (reason.code, reason.what) == ("retracted", "was retracted on 2026-11-26: labels were wrong")
