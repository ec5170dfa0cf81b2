"""Each attack on a release is performed on a real project, and each is named as what it is."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml

import custody
from custody.errors import RefusedError
from custody.release import statement
from custody.trust import contents
from trust.golden_release import GOLDEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from trust.conftest import Answer, Signed

    Verify = Callable[..., Answer]

pytestmark = [pytest.mark.xdist_group("attacks"), pytest.mark.usefixtures("signed")]
RELEASED = Path("data/released")


def _first() -> Path:
    return min(RELEASED.glob("*.parquet"))


def _writable(path: Path) -> Path:
    """Break the hard link that DVC keeps to its cache."""
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data)
    return path


def _flip(path: Path) -> None:
    data = bytearray(_writable(path).read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _object(md5: str) -> Path:
    """Where DVC's cache has an object."""
    return Path(".dvc/cache/files/md5", md5[:2], md5[2:])


def _plant(data: bytes, suffix: str = "") -> str:
    """Put an object into DVC's cache under its own md5."""
    md5 = _md5(data)
    path = _object(md5 + suffix)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return md5 + suffix


def _edit_lock(change: Callable[[dict[str, Any]], None]) -> None:
    lock = Path("dvc.lock")
    values = yaml.safe_load(lock.read_text())
    change(values["stages"])
    lock.write_text(yaml.safe_dump(values, sort_keys=False))


def _listing() -> list[dict[str, str]]:
    names = sorted(path.name for path in RELEASED.iterdir())
    return [{"md5": _md5((RELEASED / name).read_bytes()), "relpath": name} for name in names]


def test_an_untouched_project_and_revision_verify(verify: Verify) -> None:
    for what in ((), ("HEAD",), ("data/released",)):
        answer = verify(*what)
        assert (answer.status, answer.codes, answer.verdict["signers"]) == (0, [], ["ada"]), what


def test_a_clone_without_the_data_verifies_the_revision_from_its_remote(signed: Signed, verify: Verify) -> None:
    signed.project.must("dvc", "remote", "add", "-d", "store", "../store")
    signed.project.must("dvc", "push", "--quiet")
    shutil.rmtree(".dvc/cache")
    assert verify("HEAD").status == 0


@pytest.mark.parametrize(
    ("harm", "codes"),
    [
        (lambda: _flip(_first()), ["altered", "lock"]),
        (lambda: _first().unlink(), ["missing", "lock"]),
        (lambda: (RELEASED / "more.parquet").write_bytes(b"PAR1"), ["extra", "lock"]),
        (lambda: _first().rename(RELEASED / "renamed.parquet"), ["missing", "extra", "lock"]),
    ],
    ids=["flipped byte", "missing", "extra", "renamed"],
)
def test_a_changed_folder_is_named(verify: Verify, harm: Callable[[], Any], codes: list[str]) -> None:
    harm()
    answer = verify()
    assert (answer.status, answer.codes) == (1, codes)
    with pytest.raises(RefusedError):
        custody.load(RELEASED)


def test_a_forged_lock_with_a_planted_object_is_found(signed: Signed, verify: Verify) -> None:
    """`dvc status` says up to date; the release is another one."""
    _flip(_first())
    listing = _listing()
    for entry in listing:
        _plant((RELEASED / entry["relpath"]).read_bytes())
    name = _plant(json.dumps(listing, sort_keys=True).encode(), ".dir")

    def forge(stages: dict[str, Any]) -> None:
        next(one for one in stages["gate"]["outs"] if one["path"] == "data/released")["md5"] = name
        next(one for one in stages["enforce"]["deps"] if one["path"] == "data/released")["md5"] = name

    _edit_lock(forge)
    signed.project.commit()
    assert "altered" in verify().codes
    assert verify("HEAD").codes == ["altered"]
    assert "up to date" in signed.project.must("dvc", "status", "gate", "enforce")


def test_a_statement_rewritten_with_its_files_is_not_what_was_signed(verify: Verify) -> None:
    told = json.loads((RELEASED / "statement.json").read_text())
    told["figures"]["quality_score"] = 1.0
    _writable(RELEASED / "statement.json").write_text(json.dumps(told, sort_keys=True, indent=2) + "\n")
    assert verify().codes == ["lock", "unsigned"]
    with pytest.raises(RefusedError, match="nobody whose key you trust signed it"):
        custody.load(RELEASED)


def test_the_statement_of_another_release_is_not_this_ones(verify: Verify) -> None:
    other = GOLDEN / "0.1.0" / "released"
    _writable(RELEASED / "statement.json").write_bytes((other / "statement.json").read_bytes())
    answer = verify()
    assert answer.status == 1
    assert {"missing", "extra", "stale", "lock", "unsigned"} <= set(answer.codes)
    for path in RELEASED.glob("*.parquet"):
        path.unlink()
    shutil.copytree(other, RELEASED, dirs_exist_ok=True)
    assert {"stale", "lock", "unsigned"} <= set(verify().codes), "nor does it come with its own files"
    with pytest.raises(RefusedError, match="nobody whose key you trust signed it"):
        custody.load(RELEASED)


def test_a_tampered_object_in_the_cache_is_found(verify: Verify) -> None:
    path = _object(_md5(_first().read_bytes()))
    path.chmod(0o644)
    _flip(path)
    answer = verify("HEAD")
    assert (answer.status, answer.codes) == (1, ["altered"])


def test_a_tampered_object_in_the_remote_is_found(signed: Signed, verify: Verify) -> None:
    signed.project.must("dvc", "remote", "add", "-d", "store", "../store")
    signed.project.must("dvc", "push", "--quiet")
    md5 = _md5(_first().read_bytes())
    shutil.rmtree(".dvc/cache")
    remote = Path("../store/files/md5", md5[:2], md5[2:])
    remote.chmod(0o644)
    remote.write_bytes(b"PAR1" + remote.read_bytes()[4:-9] + b"tampered!")
    answer = verify("HEAD")
    assert (answer.status, answer.codes) == (1, ["altered"])


def test_two_files_with_one_md5_are_an_attack(real_data: Path, tmp_path: Path) -> None:
    one, two = ((real_data / "md5_collision" / name).read_bytes() + b"more" for name in ("a.bin", "b.bin"))
    assert one != two
    assert _md5(one) == _md5(two)
    digest = hashlib.sha256(one).hexdigest()
    file = statement.File(name="a.parquet", sha256=digest, md5=_md5(one), bytes=len(one), rows=1, logical=digest)
    stated = cast("statement.Statement", SimpleNamespace(files=(file,)))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.parquet").write_bytes(one)
    assert [reason.code for reason in contents.judge(folder, stated, b"").reasons] == []
    (folder / "a.parquet").write_bytes(two)
    assert [reason.code for reason in contents.judge(folder, stated, b"").reasons] == ["collision"]


def test_a_policy_edited_after_the_release_makes_it_stale(signed: Signed, verify: Verify) -> None:
    text = Path("params.yaml").read_text()
    Path("params.yaml").write_text(text.replace("  k: 5\n", "  k: 2\n"))
    assert set(verify().codes) == {"stale"}
    signed.project.commit()
    assert set(verify("HEAD").codes) == {"stale"}


def test_a_failed_run_that_left_the_old_release_in_the_lock_is_stale(signed: Signed, verify: Verify) -> None:
    text = Path("params.yaml").read_text()
    Path("params.yaml").write_text(text.replace("path: data/sources/access.csv", "path: data/sources/none.csv"))
    assert signed.project.repro().returncode != 0
    signed.project.commit()
    answer = verify("HEAD")
    assert answer.status == 1
    assert set(answer.codes) == {"stale"}


def test_code_edited_while_a_stage_ran_is_found_although_dvc_says_up_to_date(signed: Signed, verify: Verify) -> None:
    path = Path("stages/custody/quality/score.py")
    path.write_text(path.read_text() + "# edited\n")
    signed.project.must("dvc", "commit", "--force")
    assert "up to date" in signed.project.must("dvc", "status")
    answer = verify()
    assert answer.status == 1
    assert answer.codes == ["stale"]
    assert "other code" in answer.verdict["reasons"][0]["what"]


def test_sources_changed_after_the_release_make_it_stale(verify: Verify) -> None:
    with Path("data/sources/partner.tsv").open("a") as file:
        file.write("\n")
    assert verify().codes == ["stale"]


def test_a_release_whose_later_decision_is_a_refusal_does_not_verify(signed: Signed, verify: Verify) -> None:
    earlier = signed.project.git("rev-parse", "HEAD").strip()
    text = Path("params.yaml").read_text()
    Path("params.yaml").write_text(text.replace("  min_rows: 1000", "  min_rows: 100000"))
    shutil.copytree(RELEASED, "../kept/released")
    shutil.copytree("data/signatures", "../kept/signatures")
    assert signed.project.repro().returncode != 0
    signed.project.commit()
    assert verify(earlier).codes == ["refused_later"]
    now = verify("HEAD", "--unsigned-ok")
    assert (now.status, now.verdict["decision"]) == (0, "refused"), "a truthful refusal can be merged"
    assert verify("HEAD", "--unsigned-ok", "--require-release").codes == ["refused"]
    signed.project.git("checkout", "--quiet", earlier)
    signed.project.must("dvc", "checkout", "--quiet")
    with pytest.raises(RefusedError, match="a later decision on this data set is a refusal"):
        custody.load(RELEASED)


def test_an_old_release_beside_a_committed_refusal_does_not_load(signed: Signed, verify: Verify) -> None:
    """What a `git pull` without `dvc checkout` leaves."""
    shutil.copytree(RELEASED, "../kept")
    text = Path("params.yaml").read_text()
    Path("params.yaml").write_text(text.replace("  min_rows: 1000", "  min_rows: 100000"))
    assert signed.project.repro().returncode != 0
    signed.project.commit()
    shutil.rmtree(RELEASED)
    shutil.copytree("../kept", RELEASED)
    with pytest.raises(RefusedError, match="a later decision on this data set is a refusal"):
        custody.load(RELEASED)
    assert verify("data/released").codes == ["refused_later"]
    assert verify().status == 1


def test_metrics_that_tell_of_another_decision_are_found(signed: Signed, verify: Verify) -> None:
    path = Path("data/metrics/gate.json")
    told = json.loads(path.read_text())
    path.write_text(json.dumps({**told, "rows": told["rows"] + 1}))
    assert verify("--unsigned-ok").codes == ["lock"]
    signed.project.commit()
    assert verify("HEAD", "--unsigned-ok").codes == ["lock"]


def test_a_shallow_clone_says_that_later_refusals_were_not_checked(
    signed: Signed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    signed.project.commit()
    shallow = tmp_path / "shallow"
    signed.project.git("clone", "--quiet", "--depth", "1", f"file://{signed.project.root}", str(shallow))
    shutil.copytree(RELEASED, shallow / RELEASED)
    monkeypatch.chdir(shallow)
    custody.load(RELEASED)
    assert ", later refusals not checked" in capsys.readouterr().err


def test_a_retracted_release_is_refused_wherever_the_retraction_is_known(
    signed: Signed, verify: Verify, tmp_path: Path
) -> None:
    earlier = signed.project.git("rev-parse", "HEAD").strip()
    shutil.copytree("data", tmp_path / "consumer", ignore=shutil.ignore_patterns("sources"))
    signed.project.must("custody", "release", "retract", earlier, "--reason", "labels were wrong")
    signed.project.commit()
    assert verify().codes == ["retracted"]
    assert verify(earlier).codes == ["retracted"], "the old commit does not know it, its verifier does"
    with pytest.raises(RefusedError, match=r"was retracted on \d{4}-\d\d-\d\d: labels were wrong"):
        custody.load(RELEASED)
    pinned = tmp_path / "consumer" / "released"
    assert len(custody.load(pinned, trusted=signed.trusted)) > 0
    newest = tmp_path / "project" / ".custody" / "retractions.json"
    with pytest.raises(RefusedError, match="was retracted"):
        custody.load(pinned, trusted=signed.trusted, retractions=newest)
    assert verify(str(pinned), "--retractions", str(newest)).codes == ["retracted"]


def test_a_downgraded_statement_is_refused(verify: Verify) -> None:
    told = json.loads((RELEASED / "statement.json").read_text())
    told["schema"] = "custody/statement/v0"
    _writable(RELEASED / "statement.json").write_text(json.dumps(told))
    assert verify().codes == ["statement"]


def test_a_demo_key_release_dressed_up_as_real_is_found(verify: Verify) -> None:
    told = json.loads((RELEASED / "statement.json").read_text())
    told["key"]["zone"] = "production"
    next(iter(told["sources"].values()))["files"][0]["sha256"] = "0" * 64
    _writable(RELEASED / "statement.json").write_text(json.dumps(told))
    assert "demo_key" in verify("data/released").codes
    with pytest.raises(RefusedError, match="public demo key"):
        custody.load(RELEASED)


def test_keys_in_the_proposal_are_not_believed(signed: Signed, verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forger brings a list of his own; the verifier's main branch has none."""
    monkeypatch.delenv("CUSTODY_TRUST")
    signed.project.git("checkout", "--quiet", "-b", "proposal")
    Path(".custody").mkdir(exist_ok=True)
    shutil.copy(signed.trusted, ".custody/trust.yaml")
    signed.project.commit()
    assert verify("HEAD").codes == ["signer", "unsigned"]
    signed.project.git("checkout", "--quiet", "main")
    signed.project.git("merge", "--quiet", "proposal")
    assert verify("HEAD").status == 0, "merged by the verifier's own review, it counts"


def test_an_unsigned_release_loads_only_where_it_was_made() -> None:
    shutil.rmtree("data/signatures")
    with pytest.raises(RefusedError, match="nobody whose key you trust signed it, and it was not made here"):
        custody.load(RELEASED)


def test_a_release_that_does_not_verify_is_not_signed(signed: Signed) -> None:
    shutil.rmtree("data/signatures")
    _flip(_first())
    ran = signed.project.run("custody", "release", "sign", "--key", str(signed.ada.path))
    assert ran.returncode == 1
    assert ran.stderr.startswith("custody: nothing was signed: the release does not verify\n  altered: ")
    assert not Path("data/signatures").exists()


def test_a_revision_that_is_none_stops(verify: Verify) -> None:
    answer = verify("no-such-revision")
    assert answer.status == 3
    assert answer.err == "custody: PATH | REV: is no folder and no revision of this repository; give one of them\n"
