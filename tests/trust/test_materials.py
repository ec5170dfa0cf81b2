"""The sources of a revision are held against its lock file and its statement, and what is not at hand is said."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml

from custody.repository import cache
from custody.repository.kept import Held, Kept
from custody.trust import belonging, materials
from support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from custody.release.statement import Statement
    from trust.conftest import Answer, Signed

    Verify = Callable[..., Answer]

pytestmark = pytest.mark.xdist_group("attacks")
SOURCES = Path("data/sources")
ONE, TWO = "1" * 64, "2" * 64
A, B = Kept("a" * 32, ONE), Kept("b" * 32, TWO)


def _stated(*digests: str) -> Statement:
    files = tuple(SimpleNamespace(sha256=one) for one in digests)
    return cast("Statement", SimpleNamespace(sources={"s": SimpleNamespace(files=files)}))


def _judge(files: dict[str, Kept], *stated: str, params: bytes | None = None, **changed: Any) -> materials.Judged:
    """Judge a folder of `files` against a lock that records it, but for what is changed."""
    name = cache.name_of({path: one.md5 for path, one in files.items()})
    removed = changed.pop("removed", 0)
    entry = {"path": "data/sources", "md5": name or "0" * 32, "nfiles": len(files), **changed}
    lock = json.dumps({"stages": {"collect": {"deps": [entry]}}}).encode()
    policy = (ROOT / "params.yaml").read_bytes() if params is None else params
    revision = belonging.Revision(policy, lock, {}, Held(files, name, removed))
    return materials.judge(_stated(*stated), revision)


def test_what_the_lock_and_the_statement_say_is_found_without_a_word() -> None:
    assert _judge({"a": A, "b": B}, ONE, TWO) == materials.Judged()
    assert _judge({"a": A, "b": B}, ONE) == materials.Judged(), "a file that no source names"


def test_another_file_a_file_more_or_a_file_less_is_stale() -> None:
    for changed in ({"md5": "0" * 32}, {"md5": "0" * 32, "nfiles": 1}, {"md5": "0" * 32, "nfiles": 9, "removed": 1}):
        judged = _judge({"a": A, "b": B}, ONE, TWO, **changed)
        assert [one.code for one in judged.reasons] == ["stale"], changed


def test_files_that_nobody_keeps_here_are_a_note() -> None:
    judged = _judge({"a": A}, ONE, TWO, md5="0" * 32, nfiles=3)
    assert judged.reasons == ()
    assert judged.notes == (
        "sources: not held against dvc.lock, 2 of its files are kept by neither git nor DVC",
        "sources: 1 of 2 not held against the statement, they are sealed or not at hand",
    )


def test_more_of_the_statement_than_is_out_of_sight_is_a_forgery() -> None:
    judged = _judge({"a": A, "b": Kept("b" * 32)}, ONE, TWO)
    assert judged.reasons == ()
    assert judged.notes == ("sources: 1 of 2 not held against the statement, they are sealed or not at hand",)
    judged = _judge({"a": A, "b": Kept("b" * 32)}, TWO, "3" * 64)
    assert [one.code for one in judged.reasons] == ["sources"]
    assert "1 of the source files that the statement lists have another SHA-256 here" in judged.reasons[0].what
    assert "a forgery" in judged.reasons[0].what


def test_an_md5_that_is_not_at_hand_is_a_note() -> None:
    judged = _judge({"a": A, "b": Kept()}, ONE, TWO)
    assert judged.reasons == ()
    assert judged.notes[0] == "sources: not held against dvc.lock, the md5 of 1 of 2 is not at hand"


def test_a_folder_of_dvcs_whose_list_is_not_at_hand_is_held_by_its_name_alone() -> None:
    lock = {"stages": {"collect": {"deps": [{"path": "data/sources", "md5": "c.dir", "nfiles": 2}]}}}
    params = (ROOT / "params.yaml").read_bytes()
    for name, codes in (("c.dir", []), ("d.dir", ["stale"])):
        held = Held({"data/sources": Kept()}, name)
        judged = materials.judge(_stated(ONE, TWO), belonging.Revision(params, json.dumps(lock).encode(), {}, held))
        assert [one.code for one in judged.reasons] == codes
    assert (
        "2 of 2 not held against the statement"
        in materials.judge(
            _stated(ONE, TWO), belonging.Revision(params, json.dumps(lock).encode(), {}, Held({"x": Kept()}, "c.dir"))
        ).notes[0]
    )


def test_sources_elsewhere_and_a_policy_that_cannot_be_read_prove_nothing() -> None:
    elsewhere = (ROOT / "params.yaml").read_bytes().replace(b"data/sources/partner.tsv", b"data/elsewhere/partner.tsv")
    for params in (elsewhere, b"{", b""):
        assert _judge({"a": A}, TWO, params=params).reasons == ()
    assert [one.code for one in _judge({"a": A}, TWO).reasons] == ["sources"]


def test_without_sources_nothing_is_checked() -> None:
    judged = materials.judge(_stated(ONE), belonging.Revision(None, None, {}, None))
    assert judged == materials.Judged(notes=("sources: not checked, none are at hand",))


def test_a_real_revision_and_a_work_tree_without_sources_are_held_against_the_lock(
    signed: Signed, verify: Verify
) -> None:
    for what in ((), ("HEAD",)):
        assert not any("sources" in note for note in verify(*what).verdict["notes"]), what
    shutil.rmtree(SOURCES)
    answer = verify()
    assert (answer.status, answer.codes) == (0, []), "by what the last commit has"
    assert not any("sources" in note for note in answer.verdict["notes"])
    signed.project.git("checkout", "--quiet", "--", str(SOURCES))
    (SOURCES / "partner.tsv").unlink()
    assert verify().codes == ["stale"]


def test_sources_that_were_committed_after_the_release_make_the_revision_stale(signed: Signed, verify: Verify) -> None:
    with (SOURCES / "partner.tsv").open("a") as file:
        file.write("\n")
    signed.project.commit()
    answer = verify("HEAD")
    assert (answer.status, answer.codes) == (1, ["stale"])
    assert answer.verdict["reasons"][0]["what"].startswith("the sources are not those that dvc.lock records")


def test_sources_swapped_together_with_the_lock_are_not_those_of_the_statement(signed: Signed, verify: Verify) -> None:
    with (SOURCES / "partner.tsv").open("a") as file:
        file.write("\n")
    md5s = {path.name: hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest() for path in SOURCES.iterdir()}
    lock = yaml.safe_load(Path("dvc.lock").read_text())
    next(one for one in lock["stages"]["collect"]["deps"] if one["path"] == "data/sources")["md5"] = cache.name_of(md5s)
    Path("dvc.lock").write_text(yaml.safe_dump(lock, sort_keys=False))
    assert verify().codes == ["sources"]
    signed.project.commit()
    answer = verify("HEAD")
    assert (answer.status, answer.codes) == (1, ["sources"])
    assert "have another SHA-256 here, and the md5 that dvc.lock records" in answer.verdict["reasons"][0]["what"]


def test_colliding_sources_that_were_swapped_are_found(real_data: Path) -> None:
    """One md5, so one name for DVC; the statement knows the other by its SHA-256."""
    one, two = ((real_data / "md5_collision" / name).read_bytes() for name in ("a.bin", "b.bin"))
    first, second = (
        Kept(hashlib.md5(text, usedforsecurity=False).hexdigest(), hashlib.sha256(text).hexdigest())
        for text in (one, two)
    )
    assert first.md5 == second.md5
    assert first.sha256 != second.sha256
    assert _judge({"a": first}, str(first.sha256)) == materials.Judged()
    assert [one.code for one in _judge({"a": second}, str(first.sha256)).reasons] == ["sources"]
