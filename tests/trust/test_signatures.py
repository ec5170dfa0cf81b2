"""Which signatures count: known keys, in their days, in their role, each signer once."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from custody.engine import serial
from custody.errors import CustodyError, RefusedError
from custody.governance.audit import chain, entry
from custody.governance.audit.entry import BEGINNING, Event, Head
from custody.release import deciding, statement
from custody.trust import bundle, signatures, signers, signing, stored
from release import example
from support import ZONE
from trust.signing_keys import Signer, believed

if TYPE_CHECKING:
    from pathlib import Path

    from custody.governance.audit.chain import Chain
    from custody.release.statement import Statement

NOW = dt.datetime(2026, 11, 26, 12, 0, tzinfo=dt.UTC)
DAY = "2026-11-26"


class Case:
    """A release that asks for two releasers, and where its signatures go."""

    def __init__(self, root: Path, min_rows: int = 1, releasers: int = 2) -> None:
        self.released, self.target = root / "released", root / "signatures"
        self.audit: tuple[Head, ...] = ()
        asked = {"releaser": releasers} if releasers else {}
        policy = example.policy(gate={"signatures": asked, "min_rows": min_rows})
        deciding.record(example.build(root, under=policy), self.released, policy, ZONE, serial.run, example.CODE)

    @property
    def stated(self) -> Statement:
        return statement.read(self.released)

    def sign(self, signer: Signer, now: dt.datetime = NOW, **changed: str) -> None:
        trust = believed(**{signer.name: signer.entry(**changed)})
        self.signed(signer, trust, now)

    def signed(self, signer: Signer, trust: signers.Trust, now: dt.datetime = NOW) -> Path:
        text = (self.released / "statement.json").read_bytes()
        more: dict[str, Any] = {"target": self.target, "commit": None, "audit": self.audit, "now": now}
        return signing.sign(self.released, text, signer.key, trust, **more)[0]

    def judge(self, today: str = DAY, **entries: dict[str, str]) -> signatures.Judged:
        text = (self.released / "statement.json").read_bytes()
        return signatures.judge(stored.bundles(self.target), text, self.stated, believed(**entries), today)

    def codes(self, today: str = DAY, **entries: dict[str, str]) -> list[str]:
        return [reason.code for reason in self.judge(today, **entries).reasons]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


@pytest.fixture
def ada(tmp_path: Path) -> Signer:
    return Signer(tmp_path, "ada")


@pytest.fixture
def bob(tmp_path: Path) -> Signer:
    return Signer(tmp_path, "bob", "ed25519")


def test_two_signers_of_the_role_are_enough(case: Case, ada: Signer, bob: Signer) -> None:
    case.sign(ada)
    case.sign(bob)
    judged = case.judge(ada=ada.entry(), bob=bob.entry())
    assert (judged.counted, judged.reasons) == ({"ada": "releaser", "bob": "releaser"}, ())


def test_an_unknown_key_does_not_count(case: Case, ada: Signer, bob: Signer) -> None:
    case.sign(ada)
    case.sign(bob)
    assert case.codes(ada=ada.entry()) == ["signer", "threshold"]


def test_the_same_signer_twice_counts_once(case: Case, ada: Signer) -> None:
    case.sign(ada)
    with pytest.raises(RefusedError, match="ada has signed this release already"):
        case.sign(ada)
    (first,) = case.target.glob("*.sigstore.json")
    first.with_name(f"again.{first.name}").write_bytes(first.read_bytes())
    assert case.codes(ada=ada.entry()) == ["threshold"]


@pytest.mark.parametrize(
    "owner", ["team of ada", "  Team  OF ada ", "team\u00a0of ada\u200b", "te\u00adam of ada", "\uff54eam of ad\uff41"]
)
def test_two_keys_of_one_owner_count_once(case: Case, ada: Signer, bob: Signer, owner: str) -> None:
    case.sign(ada)
    case.sign(bob)
    judged = case.judge(ada=ada.entry(), bob=bob.entry(owner=owner))
    [reason] = judged.reasons
    assert (reason.code, sorted(judged.counted)) == ("threshold", ["ada", "bob"])
    assert reason.what == "1 of 2 signatures of role releaser count; ada, bob are of one owner and count once"


def test_an_owner_is_one_however_his_letters_are_composed(case: Case, ada: Signer, bob: Signer) -> None:
    case.sign(ada)
    case.sign(bob)
    assert case.codes(ada=ada.entry(owner="Zo\u00eb"), bob=bob.entry(owner="zoe\u0308")) == ["threshold"]
    assert case.codes(ada=ada.entry(owner="Zo\u00eb"), bob=bob.entry(owner="Zoe")) == []


def test_another_role_does_not_count(case: Case, ada: Signer, bob: Signer) -> None:
    case.sign(ada)
    case.sign(bob, role="auditor")
    assert case.codes(ada=ada.entry(), bob=bob.entry(role="auditor")) == ["role", "threshold"]
    assert case.codes(ada=ada.entry(), bob=bob.entry()) == ["role", "threshold"], "a role that the signer chose himself"


@pytest.mark.parametrize("days", [{"from": "2026-11-27"}, {"until": "2026-11-25"}])
def test_a_signature_outside_the_days_of_its_key_does_not_count(
    case: Case, ada: Signer, bob: Signer, days: dict[str, str]
) -> None:
    case.sign(ada)
    case.sign(bob)
    assert case.codes(ada=ada.entry(), bob=bob.entry(**days)) == ["key_expired", "threshold"]


def test_a_retired_key_stays_good_for_what_it_signed(case: Case, ada: Signer, bob: Signer) -> None:
    case.sign(ada)
    case.sign(bob)
    assert case.codes("2030-01-01", ada=ada.entry(), bob=bob.entry(status="retired", until=DAY)) == []


def test_a_compromised_key_counts_only_for_what_a_believed_one_saw(case: Case, ada: Signer, bob: Signer) -> None:
    case.sign(ada)
    case.sign(bob)  # lists ada's bundle as earlier
    assert case.codes(ada=ada.entry(status="compromised"), bob=bob.entry()) == []
    assert case.codes(ada=ada.entry(), bob=bob.entry(status="compromised")) == ["key_compromised", "threshold"]
    lost = {"status": "compromised"}
    codes = case.codes(ada=ada.entry(**lost), bob=bob.entry(**lost))
    assert codes == ["key_compromised", "key_compromised", "threshold"]


def test_a_checkpoint_after_the_key_was_lost_covers_nothing(case: Case, ada: Signer, bob: Signer) -> None:
    case.sign(ada)
    case.sign(bob)
    for since, codes in (("2026-11-27", []), (DAY, ["key_compromised", "threshold"])):
        assert case.codes(ada=ada.entry(status="compromised", since=since), bob=bob.entry()) == codes


def test_who_knows_that_a_key_is_lost_does_not_vouch_for_what_it_signs(case: Case, ada: Signer, bob: Signer) -> None:
    case.sign(ada)
    trust = believed(ada=ada.entry(status="compromised"), bob=bob.entry())
    case.signed(bob, trust)
    assert case.codes(ada=ada.entry(status="compromised"), bob=bob.entry()) == ["key_compromised", "threshold"]


def _log(*events: Event) -> tuple[Chain, list[bytes]]:
    lines, head = [], Head("ab" * 16, 0, BEGINNING)
    for event in events:
        text = entry.line(event, NOW, "a" * 16, head)
        head = Head(head.writer, head.entries + 1, entry.digest(text))
        lines.append(text + b"\n")
    return chain.judge(b"".join(lines)), lines


@pytest.mark.parametrize("covered", [True, False])
def test_a_compromised_key_counts_for_a_signature_whose_entry_a_checkpoint_covers(
    case: Case, ada: Signer, bob: Signer, tmp_path: Path, *, covered: bool
) -> None:
    """Bob signed another release, elsewhere, after the log had seen ada's signature made, or before."""
    case.sign(ada)
    (path,) = case.target.glob("*.ada.sigstore.json")
    made = Event("sign", "done", about={"bundle": hashlib.sha256(path.read_bytes()).hexdigest()})
    log, lines = _log(Event("load", "done"), made, Event("load", "done"))
    other = Case(tmp_path / "other", min_rows=2)
    other.audit = (chain.judge(b"".join(lines[: 2 if covered else 1])).head,)
    other.sign(bob)
    (seen,) = other.target.glob("*.bob.sigstore.json")
    (case.target / seen.name).write_bytes(seen.read_bytes())
    trust = believed(ada=ada.entry(status="compromised", since="2026-11-27"), bob=bob.entry())
    text = (case.released / "statement.json").read_bytes()

    def codes(chains: dict[str, Chain]) -> list[str]:
        judged = signatures.judge(stored.bundles(case.target), text, case.stated, trust, DAY, chains)
        return [reason.code for reason in judged.reasons]

    assert codes({log.writer: log}) == ["threshold"] if covered else ["key_compromised", "threshold"]
    assert codes({}) == ["key_compromised", "threshold"]
    for changed in ({}, {"since": DAY}):
        trust = believed(ada=ada.entry(status="compromised", **changed), bob=bob.entry())
        assert codes({log.writer: log}) == ["key_compromised", "threshold"], "who has the key writes entries too"
    trust = believed(ada=ada.entry(status="compromised", since="2026-11-27"), bob=bob.entry())
    forged, _ = _log(Event("load", "done"), Event("fetch", "done"), made)
    assert codes({log.writer: forged}) == ["key_compromised", "threshold"], "another log than the one that bob saw"


def test_a_signature_from_the_future_does_not_count(case: Case, ada: Signer, bob: Signer) -> None:
    case.sign(ada)
    case.sign(bob, NOW + dt.timedelta(days=2))
    assert case.codes(ada=ada.entry(), bob=bob.entry()) == ["clock", "threshold"]


def test_a_clock_that_was_set_back_stops_signing(case: Case, ada: Signer, bob: Signer) -> None:
    case.sign(ada)
    with pytest.raises(CustodyError, match="was signed later than this clock says"):
        case.sign(bob, NOW - dt.timedelta(seconds=1))


@pytest.mark.parametrize(
    ("roles", "role", "counts"),
    [
        ({}, "releaser", True),
        ({}, "intern", False),
        ({"releaser": ["release"], "intern": ["pipeline"]}, "intern", False),
        ({"publisher": ["release", "pipeline"]}, "publisher", True),
        ({"publisher": ["release"]}, "releaser", False),
        ({"engineer": ["pipeline"]}, "releaser", False),
    ],
)
def test_where_the_policy_names_no_role_the_verifiers_list_does(
    tmp_path: Path, ada: Signer, roles: dict[str, list[str]], role: str, *, counts: bool
) -> None:
    case = Case(tmp_path / "any", releasers=0)
    case.sign(ada, role=role)
    trust = signers.read(json.dumps({"roles": roles, "signers": {"ada": ada.entry(role=role)}}).encode(), "trust.yaml")
    text = (case.released / "statement.json").read_bytes()
    judged = signatures.judge(stored.bundles(case.target), text, case.stated, trust, DAY)
    assert (list(judged.counted), [one.code for one in judged.reasons]) == ((["ada"], []) if counts else ([], ["role"]))


@pytest.mark.parametrize(
    "bobs",
    [None, {"until": "2026-11-25"}, {"from": "2026-11-27"}, {"role": "auditor"}, {"status": "compromised"}],
    ids=["unknown", "expired", "too early", "wrong role", "compromised"],
)
def test_a_signature_too_many_that_is_not_believed_is_a_note(
    tmp_path: Path, ada: Signer, bob: Signer, bobs: dict[str, str] | None
) -> None:
    case = Case(tmp_path / "one", releasers=1)
    case.sign(ada)
    case.sign(bob)
    listed = {} if bobs is None else {"bob": bob.entry(**bobs)}
    assert case.codes(DAY, **listed)[-1] == "threshold"
    judged = case.judge(DAY, ada=ada.entry(), **listed)
    assert (list(judged.counted), judged.reasons) == (["ada"], ())
    [note] = judged.notes
    assert note.startswith("not counted, and not needed: ")


def test_signatures_of_other_releases_by_whoever_are_a_note(
    tmp_path: Path, case: Case, ada: Signer, bob: Signer
) -> None:
    """So that a signer can be taken off the list, and earlier releases stay where they are."""
    case.sign(ada)
    case.sign(bob)
    other, gone = Case(tmp_path / "other", min_rows=2), Signer(tmp_path, "gone")
    for signer in (gone, ada):
        other.sign(signer)
        (path,) = other.target.glob(f"*.{signer.name}.sigstore.json")
        (case.target / path.name).write_bytes(path.read_bytes())
    broken = json.loads(path.read_bytes())
    broken["dsseEnvelope"]["signatures"][0]["sig"] = "MEUCIQ=="
    (case.target / path.name).write_text(json.dumps(broken))
    judged = case.judge(ada=ada.entry(), bob=bob.entry())
    assert judged.reasons == ()
    assert judged.notes == ("signatures of other releases that are not believed: 2",)


def test_a_faulty_bundle_is_a_reason_however_many_count(case: Case, ada: Signer, bob: Signer, tmp_path: Path) -> None:
    case.sign(ada)
    case.sign(bob)
    eve = Signer(tmp_path, "eve")
    case.sign(eve)
    (path,) = case.target.glob("*.eve.sigstore.json")
    whole = json.loads(path.read_bytes())
    other = json.loads(next(case.target.glob("*.ada.sigstore.json")).read_bytes())["dsseEnvelope"]["signatures"][0]
    for harm in ({"dsseEnvelope": {**whole["dsseEnvelope"], "signatures": [{"sig": other["sig"]}]}}, {"mediaType": ""}):
        path.write_text(json.dumps({**whole, **harm}))
        assert case.codes(ada=ada.entry(), bob=bob.entry(), eve=eve.entry()) == ["signature"], harm.keys()


def test_a_signature_of_another_release_does_not_count(case: Case, ada: Signer, bob: Signer, tmp_path: Path) -> None:
    other = Case(tmp_path / "other", min_rows=2)
    case.sign(ada)
    other.sign(bob)
    (moved,) = other.target.glob("*.sigstore.json")
    (case.target / moved.name).write_bytes(moved.read_bytes())
    assert case.codes(ada=ada.entry(), bob=bob.entry()) == ["threshold"]


def _attest_again(case: Case, signer: Signer, change: Any) -> None:
    """Sign an altered attestation with a believed key."""
    (path,) = case.target.glob(f"*.{signer.name}.sigstore.json")
    value = json.loads(bundle.read(path.read_bytes(), path.name).payload)
    change(value)
    path.write_text(json.dumps(bundle.sign(json.dumps(value).encode(), signer.key)))


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.update(predicateType="urn:custody:attestation:release:v0"),
        lambda value: value.update(_type="https://in-toto.io/Statement/v0.1"),
        lambda value: value["predicate"].pop("statement"),
        lambda value: value["predicate"].update(time="yesterday"),
        lambda value: value["predicate"].update(time="2026-13-45T00:00:00Z"),
        lambda value: value["predicate"].update(more=1),
        lambda value: value.update(subject=[]),
        lambda value: value["subject"][1].update(name="../../etc/passwd"),
        lambda value: value["subject"][1]["digest"].update(sha256="0" * 64),
    ],
)
def test_an_attestation_of_another_version_kind_or_subject_does_not_count(
    case: Case, ada: Signer, bob: Signer, change: Any
) -> None:
    case.sign(ada)
    case.sign(bob)
    _attest_again(case, bob, change)
    assert case.codes(ada=ada.entry(), bob=bob.entry()) == ["signature", "threshold"]


def test_only_a_listed_key_that_is_good_today_signs(case: Case, ada: Signer, bob: Signer) -> None:
    for status in ("retired", "compromised"):
        with pytest.raises(CustodyError, match=f"is {status}"):
            case.sign(ada, status=status)
    for days in ({"from": "2026-11-27"}, {"until": "2026-11-25"}):
        with pytest.raises(
            CustodyError, match=r"the key of ada is good from .*, and today is 2026-11-26; sign with one"
        ):
            case.sign(ada, NOW, **days)
    trust = believed(ada=ada.entry())
    with pytest.raises(CustodyError, match="is not among the trusted keys"):
        case.signed(bob, trust)
    assert not case.target.exists()


def test_an_attestation_says_what_it_must_and_no_more(case: Case, ada: Signer) -> None:
    case.sign(ada)
    (path,) = case.target.glob("*.ada.sigstore.json")
    value = json.loads(bundle.read(path.read_bytes(), path.name).payload)
    assert value["predicate"] == {
        "statement": hashlib.sha256((case.released / "statement.json").read_bytes()).hexdigest(),
        "dataset": "auth-events",
        "decision": "released",
        "commit": None,
        "time": "2026-11-26T12:00:00Z",
        "signer": "ada",
        "role": "releaser",
        "earlier": [],
        "audit": {},
    }
    names = [subject["name"] for subject in value["subject"]]
    assert names == ["statement.json", *(file.name for file in case.stated.files)]
