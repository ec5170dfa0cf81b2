"""Which sign-offs of a change count: of exactly this change, by keys that are believed now, each signer once."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from custody.errors import CustodyError, RefusedError
from custody.trust import approval, approving, bundle, signers, stored
from custody.trust.approval import Predicate
from trust.signing_keys import Signer, trust

if TYPE_CHECKING:
    from custody.trust.approving import SignOff

NOW = dt.datetime(2026, 11, 26, 12, 0, tzinfo=dt.UTC)
DAY = "2026-11-26"
CHANGE = {
    "base/params.yaml": "a" * 64,
    "base/.custody/trust.yaml": "b" * 64,
    "head/params.yaml": "c" * 64,
    "head/.custody/trust.yaml": "d" * 64,
    "review/meaning": "e" * 64,
}
EFFECT = {"review/effect": "f" * 64}


class Case:
    """Where sign-offs go, and an approver."""

    def __init__(self, root: Path) -> None:
        self.target, self.root = root / "approvals", root
        self.ada = Signer(root, "ada")

    def believed(self, *others: Signer, approvals: str = "", **changed: str) -> signers.Trust:
        """Ada as approver, or as what is changed; the others as approvers."""
        entries = {"ada": self.ada.entry(**{"role": "approver", **changed})}
        entries |= {one.name: one.entry(role="approver") for one in others}
        return signers.read(trust(**entries) + approvals.encode(), "trust.yaml")

    def sign(self, by: Signer | None = None, change: dict[str, str] = CHANGE, now: dt.datetime = NOW) -> Path:
        signer = by or self.ada
        known = self.believed(*([by] if by else []))
        return approving.approve(change, signer.key, known, asked={"approver"}, target=self.target, now=now)[0]

    def judge(self, known: signers.Trust | None = None, change: dict[str, str] = CHANGE, day: str = DAY) -> SignOff:
        bundles = stored.bundles(self.target)
        return approving.judge(bundles, change, known or self.believed(), day, frozenset())


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def _why(found: SignOff) -> str:
    assert not found.holds
    assert found.counted == {}
    [reason] = found.reasons
    return reason


def test_one_approver_is_enough_where_nothing_is_said(case: Case) -> None:
    assert not case.judge().holds
    case.sign()
    found = case.judge()
    assert (found.holds, found.counted, found.reasons) == (True, {"ada": "approver"}, ())
    assert found.lines() == ["sign-off: holds (1 of 1 approver)", f"  signed off by ada (approver) on {DAY}"]


@pytest.mark.parametrize("name", CHANGE)
def test_a_sign_off_dies_with_anything_that_it_names(case: Case, name: str) -> None:
    case.sign()
    assert _why(case.judge(change={**CHANGE, name: "0" * 64})) == f"ada's is of another {name}"


def test_a_layer_that_the_signer_did_not_see_is_not_covered_and_one_that_is_not_at_hand_is_not_asked_for(
    case: Case,
) -> None:
    case.sign()
    assert _why(case.judge(change=CHANGE | EFFECT)) == "ada's did not see review/effect"
    case.sign(change=CHANGE | EFFECT)
    assert case.judge(change=CHANGE | EFFECT).holds
    assert case.judge().holds
    assert not case.judge(change=CHANGE | {"review/effect": "0" * 64}).holds
    assert approval.differs(CHANGE | {"other": "0" * 64}, CHANGE) == "speaks of other too"


@pytest.mark.parametrize(("owner", "holds"), [("team of bob", True), ("team of ada", False), ("Team of  ADA", False)])
def test_two_keys_of_one_owner_sign_off_once(case: Case, owner: str, *, holds: bool) -> None:
    bob = Signer(case.root, "bob")
    case.sign()
    case.sign(bob)
    entries = {"ada": case.ada.entry(role="approver"), "bob": bob.entry(role="approver", owner=owner)}
    found = case.judge(signers.read(trust(**entries) + b"approvals:\n  approver: 2\n", "trust.yaml"))
    assert found.holds == holds
    if not holds:
        [reason] = found.reasons
        assert reason.endswith("'s, and an owner counts once")
        assert len(found.counted) == 1


def test_an_unknown_key_does_not_count(case: Case) -> None:
    case.sign(Signer(case.root, "bob"))
    assert _why(case.judge()) == "bob's key is not among the trusted ones"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"role": "releaser"}, "ada signed as another signer or role"),
        ({"status": "retired"}, "ada's key is retired"),
        ({"status": "compromised"}, "ada's key is compromised"),
        ({"until": "2026-11-25"}, "ada signed on 2026-11-26, the key is good from 2026-01-01 to 2026-11-25"),
        ({"from": "2026-11-27"}, "ada signed on 2026-11-26, the key is good from 2026-11-27"),
    ],
)
def test_a_key_that_is_not_good_for_it_now_does_not_count(case: Case, changed: dict[str, str], why: str) -> None:
    case.sign()
    assert _why(case.judge(case.believed(**changed))).startswith(why)


def test_a_key_must_be_good_today_too_and_no_clock_be_ahead(case: Case) -> None:
    case.sign()
    assert case.judge(case.believed(until=DAY)).holds
    assert "today is 2026-11-27" in _why(case.judge(case.believed(until=DAY), day="2026-11-27"))
    assert "today is 2026-11-25" in _why(case.judge(day="2026-11-25"))


def test_a_role_that_is_not_asked_for_does_not_count(case: Case) -> None:
    case.sign()
    known = case.believed(approvals="approvals:\n  board: 1\n")
    assert _why(case.judge(known)) == "ada has the role approver, and none of it is asked for"


def test_the_same_signer_twice_counts_once_and_two_are_two(case: Case) -> None:
    bob = Signer(case.root, "bob", "ed25519")
    known = case.believed(bob, approvals="approvals:\n  approver: 2\n")
    case.sign()
    case.sign(now=NOW + dt.timedelta(seconds=1))
    found = case.judge(known)
    assert (found.holds, found.counted, len(found.said)) == (False, {"ada": "approver"}, 1)
    case.sign(bob)
    assert case.judge(known).holds


def test_one_that_was_used_before_does_not_count_again_in_whatever_bytes(case: Case) -> None:
    path = case.sign()
    used = approving.spent([json.dumps(json.loads(path.read_bytes())).encode(), b"none"])
    assert len(used) == 1
    found = approving.judge(stored.bundles(case.target), CHANGE, case.believed(), DAY, used)
    assert _why(found) == "ada's was used up by an earlier merge; sign off anew"
    other = approving.judge(stored.bundles(case.target), EFFECT, case.believed(), DAY, used)
    assert (other.reasons, other.holds) == ((), False), "those of earlier changes are not told again"
    case.sign(now=NOW + dt.timedelta(seconds=1))
    assert approving.judge(stored.bundles(case.target), CHANGE, case.believed(), DAY, used).holds


def test_a_payload_that_was_changed_and_what_is_no_approval_do_not_count(case: Case) -> None:
    path = case.sign()
    text = json.loads(path.read_bytes())
    as_board = approval.build(CHANGE, Predicate(time="2026-11-26T12:00:00Z", signer="ada", role="board"))
    text["dsseEnvelope"]["payload"] = bundle.sign(as_board, case.ada.key)["dsseEnvelope"]["payload"]
    path.write_text(json.dumps(text))
    assert _why(case.judge()) == "ada's signature is not over what it holds"
    path.write_text("{}")
    assert _why(case.judge()).endswith("is not a signature bundle that Custody writes; get it again")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"approval:v1", b"approval:v2", "signs no approval of this version"),
        (b"approval:v1", b"release:v1", "signs no approval of this version"),
        (b'"role"', b'"roll"', "incomplete or altered"),
        (b"12:00:00Z", b"99:00:00Z", "incomplete or altered"),
        (b"head/params.yaml", b"base/params.yaml", "names a subject twice"),
        (b'"sha256"', b'"sha512"', "incomplete or altered"),
    ],
)
def test_an_approval_that_is_none_is_refused(old: bytes, new: bytes, why: str) -> None:
    payload = approval.build(CHANGE, Predicate(time="2026-11-26T12:00:00Z", signer="ada", role="approver"))
    assert old in payload
    with pytest.raises(RefusedError, match=why):
        approval.read(payload.replace(old, new), "it")


def test_signing_asks_for_a_key_that_is_believed_good_and_of_the_role(case: Case) -> None:
    bob = Signer(case.root, "bob")
    for key, known, why in (
        (bob.key, case.believed(), "KEY: is not among the trusted keys"),
        (case.ada.key, case.believed(role="releaser"), "ada has the role releaser, and a sign-off needs approver"),
        (case.ada.key, case.believed(status="retired"), "the key of ada is retired"),
        (case.ada.key, case.believed(until="2026-11-25"), "today is 2026-11-26"),
    ):
        with pytest.raises(CustodyError, match=why):
            approving.approve(CHANGE, key, known, asked={"approver"}, target=case.target, now=NOW)
    assert not case.target.exists()


def test_what_a_believed_key_signed_is_shown_in_one_line_of_plain_letters(case: Case) -> None:
    predicate = Predicate(time=NOW.strftime("%Y-%m-%dT%H:%M:%SZ"), signer="ada", role="approver")
    value = json.loads(approval.build(CHANGE, predicate))
    value["subject"].append({"name": "\ud800\n/merge\x1b[2J", "digest": {"sha256": "0"}})
    case.target.mkdir()
    signed = bundle.sign(json.dumps(value).encode(), case.ada.key)
    (case.target / f"a{stored.ATTESTATION}").write_text(json.dumps(signed), encoding="utf-8")
    assert _why(case.judge()) == "ada's speaks of ??/merge?[2J too"
