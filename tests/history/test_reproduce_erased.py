"""`custody reproduce` after people were erased: their rows alone may be missing, and nobody's word is taken unasked."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from custody.trust import rebuilds, signers, stored
from custody.trust.rebuilds import Rebuilt
from history import forged, forgetting
from history.forgetting import GONE, PEOPLE
from trust.signing_keys import Signer, trust

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.project import Project

pytestmark = pytest.mark.xdist_group("forgetting")  # the repository is built once


def _told(project: Project, status: int, *words: str, revision: str = "v1") -> dict[str, Any]:
    done = project.run("custody", "reproduce", revision, "--json", "--current-env", *words)
    assert done.returncode == status, done.stdout + done.stderr
    assert not any(who.casefold() in (done.stdout + done.stderr).casefold() for who in PEOPLE)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _answers(told: dict[str, Any]) -> list[str]:
    return [one["answer"] for one in told["verdicts"]]


def _why(told: dict[str, Any], stage: str) -> str:
    return "\n".join(line for one in told["verdicts"] if one["stage"] == stage for line in one["why"])


def test_only_rows_of_erased_people_are_missing_and_a_verifier_counts_who_says_so(
    told_of_all: Project, tmp_path: Path
) -> None:
    forgetting.forget(told_of_all, GONE.upper(), text=forgetting.rows([GONE]))  # one person, however spelled
    bob, keys = Signer(tmp_path, "bob"), tmp_path / "trusted.yaml"
    keys.write_bytes(trust(bob=bob.entry(role="rebuilder")))
    told = _told(told_of_all, 0, "--sign", str(bob.path), "--trusted", str(keys))
    assert (told["answer"], _answers(told)) == ("erased", ["erased"] * 4)
    assert _why(told, "gate") == "only rows of erased people are missing"
    assert told["notes"][-1] == "1 of its sources replaced, as .custody/erasures.yaml of the main branch says"
    asked = ("--unsigned-ok", "--trusted", str(keys), "--rebuilders", "1", "--json")
    verified = json.loads(told_of_all.run("custody", "verify", "v1", *asked).stdout)
    assert (verified["holds"], verified["rebuilders"]) == (True, ["bob"])
    logged = "".join(path.read_text() for path in (told_of_all.state / "custody/audit").rglob("log.jsonl"))
    assert '"action":"erasure"' in logged
    assert '"id":"case-7","identifiers":1,"sources":1' in logged
    for text in (logged, (told_of_all.root / ".custody/erasures.yaml").read_text()):
        assert GONE.casefold() not in text.casefold()


@pytest.mark.parametrize(
    ("people", "text"),
    [
        ((GONE,), forgetting.rows([GONE]).replace(f"{PEOPLE[5]},0.3,17,team-2,benign\n", "")),
        ((GONE,), forgetting.rows([GONE], f"{PEOPLE[5]},0.1,500,team-2,benign\n")),
        ((GONE, PEOPLE[1]), None),
    ],
    ids=["a row of another is missing", "a row more", "others no longer reach k"],
)
def test_more_than_rows_of_erased_people_is_changed(
    told_of_all: Project, people: tuple[str, ...], text: str | None
) -> None:
    forgetting.forget(told_of_all, *people, text=text)
    told = _told(told_of_all, 1)
    assert _answers(told) == ["erased", "erased", "erased", "changed"]
    assert "more than rows of erased people differs" in _why(told, "gate")
    assert "rows: " in _why(told, "gate")


def test_a_statement_that_was_given_another_day_of_expiry_is_changed(told_of_all: Project) -> None:
    forged.alter(told_of_all, "data/released", "statement.json", {"expires": "2999-01-01"})
    told_of_all.git("tag", "--force", "v1")
    forgetting.forget(told_of_all, GONE, text=forgetting.rows([GONE]))
    told = _told(told_of_all, 1)
    assert _answers(told) == ["erased", "erased", "erased", "changed"]
    assert "statement.json says other things than of fewer rows" in _why(told, "gate")


def test_what_is_released_after_an_erasure_is_reproduced(told_of_all: Project) -> None:
    forgetting.forget(told_of_all, GONE)
    values = told_of_all.policy()
    values["sources"]["edge"].pop("sha256")
    told_of_all.write_policy(values)
    told_of_all.must("dvc", "repro", "--quiet", "gate")
    told_of_all.commit()
    told_of_all.must("dvc", "gc", "--workspace", "--force", "--quiet")
    told = _told(told_of_all, 0, revision="HEAD")
    assert (told["answer"], any("replaced" in note for note in told["notes"])) == ("reproduced", False)


def test_where_recorded_rows_are_gone_a_believed_rebuilders_word_counts_and_nobody_elses(
    told_of_all: Project, tmp_path: Path
) -> None:
    forgetting.forget(told_of_all, GONE)
    store = told_of_all.root / ".dvc/cache"
    [released] = [one.read_bytes() for one in store.rglob("*.dir") if b"statement.json" in one.read_bytes()]
    for one in json.loads(released):
        if one["relpath"] != "statement.json":
            (store / "files/md5" / one["md5"][:2] / one["md5"][2:]).unlink()
    bob, cy, eve = (Signer(tmp_path, name) for name in ("bob", "cy", "eve"))
    keys = tmp_path / "trusted.yaml"
    keys.write_bytes(trust(**{one.name: one.entry(role="rebuilder") for one in (bob, cy)}))
    asked = ("--sign", str(cy.path), "--trusted", str(keys))
    told = _told(told_of_all, 3, *asked)
    assert _answers(told) == ["erased", "erased", "erased", "unverifiable"]
    assert "data/released of the revision is no longer at hand" in _why(told, "gate")
    assert "custody reproduce REV --sign KEY, before old objects are removed" in _why(told, "gate")
    recorded, rebuilt = told["statements"]

    def says(who: Signer, rebuilt: str, days: int) -> None:
        """Sign that v1 is erased, `days` before now."""
        verdict = Rebuilt(
            statement=recorded,
            rebuilt=rebuilt,
            revision=told["revision"],
            answer="erased",
            stages={"gate": "erased"},
            libraries="locked",
            python="CPython 3.11",
        )
        mine = signers.read(trust(**{who.name: who.entry(role="rebuilder")}), "trust.yaml")
        now = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
        rebuilds.sign(verdict, who.key, mine, target=told_of_all.root / stored.REBUILDS, now=now)

    says(eve, rebuilt, 0)  # a stranger
    says(bob, "b" * 64, 2)  # who saw another rebuild
    assert _told(told_of_all, 3, *asked[2:])["answer"] == "unverifiable"
    says(bob, rebuilt, 1)
    told = _told(told_of_all, 0, *asked[2:])
    assert _answers(told) == ["erased"] * 4
    assert "bob compared it before, signed this very rebuild as erased, and is believed" in _why(told, "gate")
    assert _told(told_of_all, 3, *asked)["answer"] == "unverifiable", "who signs says what he saw himself"
    shutil.rmtree(store / "files")  # all that was recorded, as after a gc once there is another release
    told_of_all.must("dvc", "add", "--quiet", forgetting.SEALED)
    assert _answers(_told(told_of_all, 0, *asked[2:])) == ["erased"] * 4


def test_a_source_that_no_erasure_explains_is_changed(told_of_all: Project) -> None:
    with (told_of_all.root / forgetting.OTHER).open("a", encoding="utf-8") as other:
        other.write("someone-9,0.1,2000,team-1,benign\n")
    told_of_all.commit()
    told_of_all.git("tag", "--force", "v1")
    forgetting.forget(told_of_all, GONE)
    told = _told(told_of_all, 1)
    assert _answers(told)[0] == "changed"
    assert "sources: data/sources is not the one that dvc.lock records" in _why(told, "collect")


def test_an_erasure_that_the_main_branch_does_not_have_is_none(told_of_all: Project) -> None:
    told_of_all.git("checkout", "--quiet", "-b", "side")
    forgetting.forget(told_of_all, GONE)
    told = _told(told_of_all, 0)
    assert told["answer"] == "reproduced"
    assert not any("replaced" in note for note in told["notes"])
    told = _told(told_of_all, 1, revision="HEAD")  # which says so itself
    assert _answers(told)[0] == "changed"
    assert not any("replaced" in note for note in told["notes"])


def test_a_damaged_list_of_erasures_stops_it_in_one_line(told_of_all: Project) -> None:
    (told_of_all.root / ".custody").mkdir(exist_ok=True)
    (told_of_all.root / ".custody/erasures.yaml").write_text("erasures: {case-7: {}}\n", encoding="utf-8")
    told_of_all.commit()
    done = told_of_all.run("custody", "reproduce", "v1", "--current-env")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert ".custody/erasures.yaml: is no list of erasures" in done.stderr
