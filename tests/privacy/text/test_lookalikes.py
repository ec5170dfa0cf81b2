"""A name, an address or a key is found in whatever characters it is spelled, and other text stays as it is."""

from __future__ import annotations

import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.privacy.leaks.searching import search_for
from custody.privacy.techniques import redact_text
from custody.privacy.text import lookalikes
from privacy.detect.redacting import one
from privacy.known_names import build

NAMES = [
    "liam o'brien",
    "sean.o\u2019neil",
    "anna-lena",
    "jean\u2011luc",
    "ibrahim",
    "\u0131\u015f\u0131k.kaya",
    "klaus",
    "bob",
]
KNOWN = build({"user": NAMES, "src_ip": ["10.2.3.4"], "email": ["o'hara@corp.com"]})
APOSTROPHES, DASHES = "'\u2018\u2019\u201b\u02bc\u2032\u00b4\uff07", "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"
MATHEMATICAL, WIDE = 0x1D41A, 0xFEE0
FORMS = [
    *((f"by LIAM O{sign}BRIEN,", NAMES[0]) for sign in APOSTROPHES),
    *((f"sean.o{sign}neil", NAMES[1]) for sign in APOSTROPHES),
    *((f"to o{sign}hara@corp.com", "o'hara@corp.com") for sign in APOSTROPHES),
    *((f"(Anna{sign}Lena)", NAMES[2]) for sign in DASHES),
    *((f"jean{sign}luc", NAMES[3]) for sign in DASHES),
    ("".join(chr(MATHEMATICAL + ord(letter) - ord("a")) for letter in "ibrahim"), NAMES[4]),
    ("".join(chr(WIDE + ord(letter)) for letter in "IBRAHIM"), NAMES[4]),
    ("\u0130BRAH\u0130M \u0131brah\u0131m", NAMES[4]),
    ("i\u0307brahim", NAMES[4]),
    ("I\u015eIK.KAYA i\u015fik.kaya", NAMES[5]),
    ("\u212alau\u017f klau\u24e2", NAMES[6]),
    ("kl\u200baus kla\u2060us k\u00adlaus kl\U000e0100aus", NAMES[6]),
    ("u\u017fer=bob", NAMES[7]),
    ("\uff55\uff53\uff45\uff52\uff1d\uff42\uff4f\uff42", NAMES[7]),
    *((sign.join(("10", "2", "3", "4")), "10.2.3.4") for sign in "\u3002\uff0e\uff61\u2024"),
    ("\uff11\uff10.\uff12.3.4", "10.2.3.4"),
    ("maria, liam\u3000o\u2019brien", NAMES[0]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), FORMS)
def test_every_form_of_a_known_name_is_found_and_redacted(text: str, name: str) -> None:
    column = pa.array([text])
    for hits in (KNOWN.find(column), search_for(KNOWN).find(column, whole=False)):
        assert {KNOWN.names[number].as_py() for number in hits.identifier.tolist()} == {name}
    written = redact_text.apply(column, KNOWN).values
    assert KNOWN.replacements[KNOWN.names.to_pylist().index(name)].as_py() in written[0].as_py()
    assert len(KNOWN.find(written)) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from 10\u30029\u30028\u30027 port", "from <ip> port"),
        ("from \uff11\uff10\uff0e\uff19\uff0e\uff18\uff0e\uff17", "from <ip>"),
        ("u\u017fer=carol1", "user=<user>"),
        ("\uff30\uff41\uff53\uff53\uff57\uff4f\uff52\uff44\uff1ahunter2x", "Password:<secret>"),
        ("LOG\u0130N=carol1", "LOGIN=<user>"),
        ("to carol\uff20corp\uff0ecom", "to <email>"),
        ("pass\u200bword=hunter2x", "password=<secret>"),
    ],
)
def test_nobody_known_is_found_in_plain_characters(text: str, expected: str) -> None:
    assert one(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It\u2019s a \u201csimple\u201d test \u2013 nothing\u2026 \u00bd \u2122 \uff21\uff22",
        "\u4e2d\u6587\u3002\u7248\u672c 3\u30025",
        "pages 10\u201320, 1.2\u20133.4",
    ],
)
def test_a_text_that_holds_nothing_stays_as_it_is(text: str) -> None:
    assert one(text) == text


def test_what_is_found_as_it_is_does_not_change_the_rest() -> None:
    assert one("user=carol1 \u2013 it\u2019s \uff21") == "user=<user> \u2013 it\u2019s \uff21"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_plain_is_plain(text: str) -> None:
    column = pa.array([text.translate({0xF8FE: "", 0xF8FF: ""})], pa.large_string())
    written = lookalikes.rewritten(column)
    assert lookalikes.odd(written).tolist() == []
    if text.isascii():
        assert written == column


WORDS = st.sampled_from(["user=carol1 ", "10.9.8.7 ", "\u2013 ", "10\u30029\u30028\u30027 ", "\u0131n ", "\uff41 "])


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=6).map("".join))
def test_redacting_twice_changes_nothing_and_all_that_goes_is_counted(text: str) -> None:
    once = redact_text.apply(pa.array([text]), KNOWN)
    assert redact_text.apply(once.values, KNOWN).values == once.values
    assert sum(once.counts.values()) == once.values[0].as_py().count("<")


def test_every_character_that_has_a_plain_form_is_looked_for() -> None:
    others = [*map(chr, range(0x80, 0xD800)), *map(chr, range(0xE000, 0x110000))]
    changed = [one for one in others if lookalikes.plain(one) != unicodedata.normalize("NFC", one)]
    assert lookalikes.odd(pa.array(changed, pa.large_string())).tolist() == [*range(len(changed))]
