from __future__ import annotations

import random
import time

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.policy.techniques import RedactText
from custody.privacy.detect import detecting, presidio, rules
from custody.privacy.techniques import redact_text
from custody.privacy.text import sentinels, shapes, splice
from privacy.detect.redacting import one, redact
from privacy.known_names import build
from privacy.planted.generator import messages

EVERY = detecting.rules(detecting.BUILT_IN)
PLANTED = [message.text for name in ("inside", "outside", "later", "negatives") for message in messages(name, 1, 3)]
PARTS = [
    "user=",
    "user ",
    "for ",
    " from ",
    "alice",
    "bob",
    "<user>",
    "<",
    ">",
    "10.0.0.1",
    "@",
    "\\",
    "CORP",
    "/home/",
]
PARTS += [
    "web01",
    "[",
    "]",
    "(",
    ")",
    '"',
    "'",
    " : TTY=",
    "password=",
    "-p x",
    "\n",
    ": ",
    ",",
    "é",
    "</user>",
    "://",
    "?token=",
]
PARTS += [
    "DE89370400440532013000",
    "Account Name:\t",
    "logged in",
    " by ",
    "host=",
    ".local",
    "<ip>",
    "&",
    "=",
    "\U00100000",
]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=10).map("".join)


def test_the_policy_names_every_detector_and_presidio_is_none_of_the_usual_ones() -> None:
    column = RedactText(role="insensitive", technique="redact_text")
    assert {*column.detectors} == {*detecting.BUILT_IN}


@given(st.lists(TEXTS, max_size=4), st.integers(0, 4))
def test_texts_are_independent_and_a_second_time_changes_nothing(texts: list[str], cut: int) -> None:
    once = redact(texts)
    assert redact(texts[:cut]) + redact(texts[cut:]) == once
    assert redact(once) == once


def test_redacting_planted_texts_twice_changes_nothing() -> None:
    once = redact(PLANTED)
    assert [pair for pair in zip(once, redact(once), strict=True) if pair[0] != pair[1]] == []


def test_known_identifiers_win_and_their_tokens_stay() -> None:
    names = build({"user": ["alice", "bo"], "src_ip": ["10.0.0.1"]}, not_personal=["deploy"])
    texts = pa.array(
        ["Failed password for alice from 10.0.0.1 port 1, user=carol user=bo user=deploy user=Deploy user=alice-x"]
    )
    once = redact_text.apply(texts, names)
    token = names.replacements[names.names.to_pylist().index("alice")].as_py()
    written = once.values[0].as_py()
    assert written.startswith(f"Failed password for {token} from ")
    assert "user=<user> " in written
    assert written.endswith(" user=deploy user=Deploy user=<user>")  # what stands around a known name goes along
    assert once.counts == {"ip": 1, "user": 4}


def test_no_detector_no_finding() -> None:
    text = "user=alice on web01.corp.local"
    column = redact_text.apply(pa.array([text]), build({}), ())
    assert column.values.to_pylist() == [text]


@pytest.mark.parametrize("number", range(len(EVERY)))
def test_a_cue_stands_in_every_text_that_its_pattern_matches(number: int) -> None:
    rule = EVERY[number]
    texts = shapes.redact(pa.array(PLANTED, pa.large_string()))
    uncued = [text for text in texts.to_pylist() if not any(cue in text.lower() for cue in rule.cues)]
    texts = pa.array(uncued, pa.large_string())
    findings = splice.pieces(texts, splice.find(texts, rule.pattern, rule.marked))
    assert rule.judge(findings).sum() == 0


def test_every_pattern_has_its_groups() -> None:
    for rule in EVERY:
        marked = pc.replace_substring_regex(pa.array(PLANTED), rule.pattern, rule.marked)
        bare = pc.replace_substring_regex(marked, "[\uf8fe\uf8ff]", "")
        assert bare.to_pylist() == PLANTED, rule.pattern


BAIT = [
    "user=",
    "user ",
    "for a from ",
    "a : ",
    "(to a) ",
    "login: [",
    "CN=a,",
    "C\\a\\",
    "/home/",
    "//a/",
    "a@",
    "<a@",
    "?user=",
]
BAIT += [
    "DE89 3704 ",
    "-p ",
    "curl -u ",
    "net use ",
    '"user":{',
    '"device":{"',
    "<password>",
    "arn:aws:iam::1:user/",
    "\\\\a",
    "Jan 1 ",
]
BAIT += [
    "\x00\x01é",
    "<user>",
    "a.local.",
    "[10.0.0.1] ",
    "DHCPACK(a) ",
    "logged in ",
    "by a(uid=",
    " as ",
    "key=",
    "$6$a",
]


@pytest.mark.parametrize("unit", BAIT)
def test_a_text_made_to_be_slow_takes_bounded_time(unit: str) -> None:
    start = time.process_time()
    redact([unit * (300_000 // len(unit)) + "!"])
    assert time.process_time() - start < 15


def test_binary_noise_goes_through() -> None:
    noise = random.Random(1).randbytes(200_000).decode("latin-1")  # noqa: S311  # reproducible
    assert redact([noise, None]) == [redact([noise])[0], None]


def test_a_finding_never_cuts_a_sentinel() -> None:
    names = build({"user": ["alice", "carol"]})
    texts = [f"{before}alice{between}carol{after}" for before in PARTS for between in PARTS for after in PARTS[::5]]
    redacted = redact_text.apply(pa.array(texts), names).values  # `sentinels.read` stops where one is cut
    assert not pc.any(pc.match_substring_regex(redacted, f"[{sentinels.CLASS}]")).as_py()


def test_placeholders_that_a_text_brings_along_are_no_redactions() -> None:
    counts = redact_text.apply(pa.array(["User <<user>> from <ip>, user=alice"]), build({})).counts
    assert counts == {"user": 1}
    assert one("<user>alice</user> <user>") == "<user><user></user> <user>"


def test_protected_placeholders_come_back() -> None:
    texts = pa.array(["<user> <card> <user></user>", ""], pa.large_string())
    protected, brought = sentinels.protected(texts)
    assert brought.tolist() == [0]
    assert sentinels.restored(protected, brought).equals(texts)
    assert not protected.equals(texts)


def test_presidio_that_is_not_installed_stops_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presidio, "PACKAGE", "no_such_package")
    column = RedactText(role="insensitive", technique="redact_text", detectors=("presidio",))
    with pytest.raises(CustodyError, match=r"privacy\.columns\.message\.detectors names presidio.*custody\[presidio\]"):
        presidio.require([("message", column)])


def test_rows_without_a_cue_are_not_looked_at() -> None:
    texts = pa.array(["nothing 1 2 3", "user=alice"], pa.large_string())
    assert rules.matching_rows(texts, EVERY).tolist() == [1]
