"""Each attack on a release is performed on a real project, and each is named as what it is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import custody
from custody.errors import RefusedError
from trust.golden_release import GOLDEN
from trust.harm import RELEASED, first, flip, writable

if TYPE_CHECKING:
    from collections.abc import Callable

    from trust.conftest import Answer, Signed

    Verify = Callable[..., Answer]

pytestmark = [pytest.mark.xdist_group("attacks"), pytest.mark.usefixtures("signed")]


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
        (lambda: flip(first()), ["altered", "lock"]),
        (lambda: first().unlink(), ["missing", "lock"]),
        (lambda: (RELEASED / "more.parquet").write_bytes(b"PAR1"), ["extra", "lock"]),
        (lambda: first().rename(RELEASED / "renamed.parquet"), ["missing", "extra", "lock"]),
    ],
    ids=["flipped byte", "missing", "extra", "renamed"],
)
def test_a_changed_folder_is_named(verify: Verify, harm: Callable[[], Any], codes: list[str]) -> None:
    harm()
    answer = verify()
    assert (answer.status, answer.codes) == (1, codes)
    with pytest.raises(RefusedError):
        custody.load(RELEASED)


def test_a_statement_rewritten_with_its_files_is_not_what_was_signed(verify: Verify) -> None:
    told = json.loads((RELEASED / "statement.json").read_text())
    told["figures"]["quality_score"] = 1.0
    writable(RELEASED / "statement.json").write_text(json.dumps(told, sort_keys=True, indent=2) + "\n")
    assert verify().codes == ["lock", "unsigned"]
    with pytest.raises(RefusedError, match="nobody whose key you trust signed it"):
        custody.load(RELEASED)


def test_the_statement_of_another_release_is_not_this_ones(verify: Verify) -> None:
    other = GOLDEN / "0.1.0" / "released"
    writable(RELEASED / "statement.json").write_bytes((other / "statement.json").read_bytes())
    answer = verify()
    assert answer.status == 1
    assert {"missing", "extra", "stale", "lock", "unsigned"} <= set(answer.codes)
    for path in RELEASED.glob("*.parquet"):
        path.unlink()
    shutil.copytree(other, RELEASED, dirs_exist_ok=True)
    assert {"stale", "lock", "unsigned"} <= set(verify().codes), "nor does it come with its own files"
    with pytest.raises(RefusedError, match="nobody whose key you trust signed it"):
        custody.load(RELEASED)


def test_a_policy_edited_after_the_release_makes_it_stale(signed: Signed, verify: Verify) -> None:
    text = Path("params.yaml").read_text()
    Path("params.yaml").write_text(text.replace("  k: 5\n", "  k: 2\n"))
    assert set(verify().codes) == set(verify("data/released").codes) == {"stale"}
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
    for what in ((), ("data/released",), (str(RELEASED.resolve()),)):
        answer = verify(*what)
        assert (answer.status, answer.verdict["what"]) == (1, "the work tree"), "it is the project's own, and judged so"
        assert {"refused_later", "stale", "lock"} <= set(answer.codes)


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
    assert verify().codes == verify("data/released").codes == ["retracted"]
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
    writable(RELEASED / "statement.json").write_text(json.dumps(told))
    assert verify().codes == ["statement"]


def test_a_demo_key_release_dressed_up_as_real_is_found(verify: Verify) -> None:
    told = json.loads((RELEASED / "statement.json").read_text())
    told["key"]["zone"] = "production"
    next(iter(told["sources"].values()))["files"][0]["sha256"] = "0" * 64
    writable(RELEASED / "statement.json").write_text(json.dumps(told))
    assert "demo_key" in verify().codes
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
    flip(first())
    ran = signed.project.run("custody", "release", "sign", "--key", str(signed.ada.path))
    assert ran.returncode == 1
    assert ran.stderr.startswith("custody: nothing was signed: the release does not verify\n  altered: ")
    assert not Path("data/signatures").exists()


def test_a_revision_that_is_none_stops(verify: Verify) -> None:
    answer = verify("no-such-revision")
    assert answer.status == 3
    assert answer.err == "custody: PATH | REV: is no folder and no revision of this repository; give one of them\n"
