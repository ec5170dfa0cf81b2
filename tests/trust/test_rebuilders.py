"""Whose word for a rebuild counts: enough independent people, of this release, and no believed no."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from custody.trust import bundle, rebuilders, rebuilds, signers, stored
from custody.trust.rebuilds import Predicate, Rebuilt
from trust.signing_keys import Signer, believed, trust

NOW = dt.datetime(2026, 11, 26, 12, 0, tzinfo=dt.UTC)
RELEASE, OTHER = "a" * 64, "b" * 64
NO: dict[str, Any] = {"rebuilt": OTHER, "stages": {"collect": "reproduced", "gate": "changed"}, "answer": "changed"}


class Case:
    """Three rebuilders of three owners, and whoever signed the release."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.target = folder, folder / "rebuilds"
        self.names = {name: Signer(folder, name) for name in ("bob", "cy", "dee", "ada")}
        self.entries = {
            name: one.entry(owner=f"team of {name}", role="releaser" if name == "ada" else "rebuilder")
            for name, one in self.names.items()
        }

    def says(self, name: str, statement: str = RELEASE, hours: int = 0, **changed: Any) -> Path:
        """Sign a verdict, that it was reproduced unless told otherwise."""
        told = {"stages": {"collect": "reproduced", "gate": "reproduced"}, "answer": "reproduced"}
        fixed = {"statement": statement, "rebuilt": statement, "revision": "c" * 40}
        verdict = Rebuilt(**{**fixed, "libraries": "locked", "python": "CPython 3.11.9", **told, **changed})
        mine = believed(**{name: {**self.entries[name], "role": "rebuilder"}})
        now = NOW + dt.timedelta(hours=hours)
        return rebuilds.sign(verdict, self.names[name].key, mine, target=self.target, now=now)[0]

    def judge(self, needed: int = 2, vouching: tuple[str, ...] = ("ada",), **entries: Any) -> rebuilders.Judged:
        keys = signers.read(trust(**{**self.entries, **entries}), "trust.yaml")
        return rebuilders.judge(stored.bundles(self.target), RELEASE, keys, "2026-11-26", vouching, needed)

    def codes(self, needed: int = 2, **entries: Any) -> list[str]:
        return [one.code for one in self.judge(needed, **entries).reasons]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_two_independent_rebuilders_are_two(case: Case) -> None:
    case.says("bob")
    case.says("cy", answer="equivalent", rebuilt=OTHER, stages={"collect": "equivalent", "gate": "reproduced"})
    assert case.judge() == rebuilders.Judged(("bob", "cy"))
    assert case.codes(3) == ["rebuilders"]
    assert case.judge(0).counted == ("bob", "cy")


ERASED: dict[str, Any] = {"rebuilt": OTHER, "stages": {"collect": "erased", "gate": "erased"}, "answer": "erased"}


def _saw(case: Case, digest: str | None = RELEASE, rebuilt: str = OTHER, revision: str = "c" * 40) -> tuple[str, ...]:
    keys = signers.read(trust(**case.entries), "trust.yaml")
    return rebuilders.erased(stored.bundles(case.target), digest, revision, rebuilt, keys, "2026-11-26")


def test_erased_counts_as_reproduced_does(case: Case) -> None:
    case.says("bob", **ERASED)
    case.says("cy")
    assert case.judge() == rebuilders.Judged(("bob", "cy"))


def test_who_saw_this_very_rebuild_as_erased_is_named(case: Case) -> None:
    case.says("bob", **ERASED)
    case.says("cy")
    assert _saw(case) == ("bob",)
    assert _saw(case, None) == ("bob",), "where the statement is gone, the revision tells it"
    assert _saw(case, None, revision="d" * 40) == ()
    assert _saw(case, "f" * 64) == ()
    assert _saw(case, rebuilt="f" * 64) == ()
    del case.entries["bob"]
    assert _saw(case) == _saw(case, None) == ()


def test_nobody_saw_it_as_erased_where_a_believed_changed_speaks_against_it(case: Case) -> None:
    case.says("bob", **ERASED)
    case.says("dee", **NO)
    assert _saw(case) == _saw(case, None) == ()
    del case.entries["dee"]
    assert _saw(case) == ("bob",)


def test_nobody_has_rebuilt_it(case: Case) -> None:
    [reason] = case.judge(1).reasons
    assert (reason.code, reason.what) == ("rebuilders", "0 of 1 independent rebuilders count")
    assert case.judge(0) == rebuilders.Judged()


def test_an_unknown_key_does_not_count(case: Case) -> None:
    case.says("bob")
    case.says("cy")
    del case.entries["cy"]
    assert case.codes() == ["signer", "rebuilders"]
    [note] = case.judge(1).notes
    assert "its key is not among the trusted ones" in note


def test_the_same_key_twice_counts_once(case: Case) -> None:
    first = case.says("bob")
    case.says("bob", hours=1)
    first.with_name(f"again.{first.name}").write_bytes(first.read_bytes())
    assert case.judge(1).counted == ("bob",)
    assert case.codes() == ["rebuilders"]


def test_the_verdict_on_another_release_does_not_count(case: Case) -> None:
    case.says("bob")
    moved = case.says("cy", OTHER)
    moved.rename(moved.with_name(f"{RELEASE[:16]}.cy{stored.ATTESTATION}"))
    assert case.codes() == ["rebuilders"]
    case.says("dee", OTHER, answer="changed", rebuilt=RELEASE, stages={"gate": "changed"})
    assert case.codes(1) == [], "nor does a no"


@pytest.mark.parametrize("owner", ["team of bob", "  Team  OF bob "])
def test_two_keys_of_one_owner_count_once(case: Case, owner: str) -> None:
    case.says("bob")
    case.says("cy")
    assert case.codes(cy={**case.entries["cy"], "owner": owner}) == ["rebuilders", "rebuilders"]


def test_who_signed_the_release_is_not_independent_of_it(case: Case) -> None:
    case.says("bob")
    case.says("cy")
    assert case.codes(cy={**case.entries["cy"], "owner": "team of ada"}) == ["rebuilders", "rebuilders"]
    judged = case.judge(vouching=("bob",))
    assert "bob: is not independent: the same owner signed the release" in [one.what for one in judged.reasons]
    assert judged.counted == ("cy",)


def test_a_believed_no_speaks_against_it_whatever_others_say(case: Case) -> None:
    for name in ("bob", "cy"):
        case.says(name)
    case.says("dee", **NO)
    for needed in (0, 2):
        [reason] = case.judge(needed).reasons
        assert (reason.code, reason.what) == ("rebuilt", "dee rebuilt it on 2026-11-26: changed in gate")
    del case.entries["dee"]
    assert case.codes() == [], "a stranger spoils nothing"


def test_changed_stays_and_failed_may_be_tried_again(case: Case) -> None:
    case.says("bob", answer="failed", rebuilt=None, stages={"gate": "failed"})
    assert case.codes(0) == ["rebuilt"]
    case.says("bob", hours=1)
    assert case.judge(1) == rebuilders.Judged(("bob",))
    case.says("cy", **NO)
    case.says("cy", hours=1)
    assert case.codes(2) == ["rebuilt"]


def test_what_could_not_be_verified_and_a_no_with_other_libraries_say_nothing(case: Case) -> None:
    case.says("bob", answer="unverifiable", rebuilt=None, stages={})
    case.says("cy", **NO, libraries="current")
    assert case.codes(0) == []
    assert case.codes(1) == ["rebuilders"] * 3
    assert len(case.judge(0).notes) == 2


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"role": "auditor"}, "role"),
        ({"until": "2026-11-25"}, "key_expired"),
        ({"from": "2026-11-27"}, "key_expired"),
        ({"status": "compromised"}, "key_compromised"),
    ],
)
def test_a_key_that_may_not_or_is_lost_does_not_count(case: Case, changed: dict[str, str], code: str) -> None:
    case.says("bob", **NO)
    assert case.codes(1, bob={**case.entries["bob"], **changed}) == [code, "rebuilders"]
    assert case.codes(0, bob={**case.entries["bob"], **changed}) == []


def test_a_verdict_of_tomorrow_does_not_count(case: Case) -> None:
    case.says("bob", hours=24)
    assert case.codes(1) == ["clock", "rebuilders"]


@pytest.mark.parametrize(("role", "codes"), [("engineer", []), ("rebuilder", ["role", "rebuilders"])])
def test_where_the_list_has_roles_those_that_may_open_the_pipeline_rebuild(
    case: Case, role: str, codes: list[str]
) -> None:
    bob, roles = {**case.entries["bob"], "role": role}, {"engineer": ["pipeline"], "rebuilder": ["release"]}
    verdict: dict[str, Any] = {"statement": RELEASE, "rebuilt": RELEASE, "revision": "c" * 40, "answer": "reproduced"}
    said = Predicate(
        verdict=Rebuilt(**verdict, stages={"gate": "reproduced"}, libraries="locked", python="3"),
        time="2026-11-26T12:00:00Z",
        signer="bob",
        role=role,
    )
    bundles = {"bob.sigstore.json": json.dumps(bundle.sign(rebuilds.build(said), case.names["bob"].key)).encode()}
    keys = signers.read(json.dumps({"signers": {"bob": bob}, "roles": roles}).encode(), "trust.yaml")
    judged = rebuilders.judge(bundles, RELEASE, keys, "2026-11-26", (), 1)
    assert [one.code for one in judged.reasons] == codes


def test_a_bundle_that_was_touched_does_not_count(case: Case) -> None:
    path = case.says("bob")
    held = json.loads(path.read_text(encoding="utf-8"))
    other = json.loads(case.says("cy", OTHER).read_text(encoding="utf-8"))
    for touched in (
        {**held, "dsseEnvelope": {**held["dsseEnvelope"], "payload": other["dsseEnvelope"]["payload"]}},
        {**held, "dsseEnvelope": {**held["dsseEnvelope"], "signatures": other["dsseEnvelope"]["signatures"]}},
        {},
    ):
        path.write_text(json.dumps(touched), encoding="utf-8")
        assert case.codes(1)[-1] == "rebuilders"
        assert case.judge(1).counted == ()
