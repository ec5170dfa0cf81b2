from __future__ import annotations

import pickle
import time

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.techniques import registry as techniques
from custody.privacy.text import identifiers, known, matching
from privacy.known_names import COLUMNS, KINDS, build, found
from support import ZONE

NAMES = build(
    {
        "user": ["alice", "bob.smith1", "élodie", "王小明", "email", "bob", "al", "7", "12345678", "123456789"],
        "email": ["alice@corp.com", "carol@corp.com"],
        "src_ip": ["10.0.0.1", "2001:db8::1", "fe80::"],
        "nic": ["aa:bb:cc:00:11:22"],
    },
    raw={"src_ip": ["10.0.0", "unknown-host"]},
)

HITS = [
    # text, what is found in it
    ("user alice logged in", ["alice"]),
    ("ALICE and Alice", ["ALICE", "Alice"]),  # case does not count
    ("alice", ["alice"]),
    ("alice@corp.com", ["alice@corp.com"]),  # the longest
    ("alice@other.org", ["alice"]),  # the name inside an unknown address
    ("malice alices alice_1 al1ce", []),  # inside longer words
    ("«alice» “alice” alice\u2019s", ["alice", "alice", "alice"]),  # punctuation of other scripts
    ("éalice aliceé", []),  # letters of other scripts
    ("用户alice登录", ["alice"]),  # scripts without spaces have no word boundaries
    ("ÉLODIE, Élodie", ["ÉLODIE", "Élodie"]),
    ("😀alice😀", ["alice"]),
    ("王小明登录", ["王小明"]),
    ("q=%3Dalice%26", ["alice"]),  # the D belongs to the escape
    (r"first\nalice", ["alice"]),  # the n belongs to the escape
    ("bob.smith1 bob.smith10 bob.smith1.", ["bob.smith1", "bob.smith1"]),
    ("alice\u200b alice\u00ad", ["alice", "alice"]),  # invisible characters are no letters
    # e-mail
    ("<carol@corp.com>, carol@corp.com.", ["carol@corp.com", "carol@corp.com"]),
    ("carol@corp.com.au carol@corp.com-x x.carol@corp.com x-carol@corp.com", ["carol"] * 4),  # the local part
    ("xcarol@corp.com carols@corp.com carol_1@corp.com", []),
    ("to=carol%40corp.com&x CAROL%40CORP.COM", ["carol%40corp.com", "CAROL%40CORP.COM"]),
    # addresses
    ("10.0.0.1:22 (10.0.0.1) src_10.0.0.1_x 10.0.0.1.", ["10.0.0.1"] * 4),
    ("10.0.0.1.5 1.10.0.0.1 10.0.0.11 110.0.0.1 v10.0.0.1", []),
    ("10.0.0 is no address, 10.0.0.7 is another", ["10.0.0"]),
    ("[2001:DB8::1]:443 2001:db8::1, src:2001:db8::1", ["2001:DB8::1", "2001:db8::1", "2001:db8::1"]),
    ("2001:db8::1:2 2001:db8::12", []),
    ("2001:db8::1:alice 2001:db8::1:cafe1", ["2001:db8::1", "alice", "2001:db8::1"]),  # no group of an address
    ("aa:bb:cc:00:11:22 AA:BB:CC:00:11:22:33", ["aa:bb:cc:00:11:22"]),
    ("an unknown-host said", ["unknown-host"]),
    # what redaction writes
    ("<email> wrote to <ip>", []),
    ("email: email", ["email", "email"]),
    # numbers and short names: only in an identifier's place
    ("took 7 ms, al dente, bob said, 12345678 bytes", []),
    ("ticket 123456789", ["123456789"]),  # nine digits are no chance
    ("user=7 user 7, uid=7) login: 'bob' for al from x", ["7", "7", "7", "bob", "al"]),
    ('{"user": "bob", "username":"al"} USER=BOB', ["bob", "al", "BOB"]),
    ("for bob to do; superuser 7; user=77 user=7.5 user bobby", []),
    ("Failed password for bob from 10.0.0.9; invalid user al.", ["bob", "al"]),
    ("bob", ["bob"]),  # a whole text
    (" 7 ", [" 7 "]),
    ("", []),
    (None, []),
]


@pytest.mark.parametrize(("text", "expected"), HITS)
def test_identifiers_are_found_as_tokens_and_nowhere_else(text: str | None, expected: list[str]) -> None:
    assert [hit for _, hit in found(NAMES, [text])] == expected


def test_all_texts_at_once_give_what_each_gives_alone() -> None:
    texts = [text for text, _ in HITS]
    assert found(NAMES, texts) == [(row, hit) for row, (_, expected) in enumerate(HITS) for hit in expected]


@pytest.mark.parametrize("window", [1, 50, 10_000])
def test_windows_lose_and_repeat_nothing(monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    texts = [text for text, _ in HITS]
    whole = found(NAMES, texts)
    monkeypatch.setattr(matching, "WINDOW", window)
    monkeypatch.setattr(matching, "STEP", 1)
    assert found(NAMES, texts) == whole


def test_a_short_name_as_a_whole_text_counts_only_where_asked_for() -> None:
    assert found(NAMES, ["bob", "alice"], whole=False) == [(1, "alice")]


def test_two_characters_of_a_script_without_spaces_are_a_whole_name() -> None:
    names = build({"user": ["王伟", "王", "né"]})
    assert found(names, ["用户王伟登录", "王先生", "né le"]) == [(0, "王伟")]


def test_a_hit_does_not_cross_texts() -> None:
    assert found(NAMES, ["ali", "ce", "alice@corp", ".com"]) == [(2, "alice")]


def test_slices_and_chunks_are_searched_as_wholes() -> None:
    texts = pa.array(["alice", "x", "alice"])
    assert NAMES.find(texts.slice(1)).row.tolist() == [1]
    assert NAMES.find(pa.chunked_array([texts, texts])).row.tolist() == [0, 2, 3, 5]
    assert len(NAMES.find(pa.array([], pa.string()))) == 0


def test_words_that_are_nobody_are_counted_and_not_hits() -> None:
    names = build({"user": ["root", "alice"], "email": ["root@corp.com"]}, not_personal=["ROOT", "service"])
    hits = names.find(pa.array(["root and ROOT and service", "alice", "root@corp.com"]))
    assert (hits.row.tolist(), hits.allowed) == ([1, 2], 2)


def test_overlapping_names_give_the_leftmost_and_then_the_longest() -> None:
    names = build({"user": ["anna lee", "lee grant", "lee", "grant smith"]})
    assert [hit for _, hit in found(names, ["anna lee grant smith"])] == ["anna lee", "grant smith"]


def test_a_reviewed_word_shields_no_person_beside_it() -> None:
    names = build(
        {"user": ["admin", "admin maria", "maria lopez", "www-data", "data", "nalice", "alice"]},
        not_personal=["admin maria", "admin", "www-data", "nalice"],
    )
    assert [hit for _, hit in found(names, ["by admin maria lopez ok"])] == ["maria lopez"]
    assert [hit for _, hit in found(names, ["x www-data y"])] == ["data"]
    assert [hit for _, hit in found(names, [r"x\nalice"])] == ["alice"]
    hits = names.find(pa.array(["by admin maria", "admin, admin maria lopez", "nalice"]))
    assert (hits.row.tolist(), hits.allowed_row.tolist()) == ([0, 1], [0, 1, 1, 2])


def test_a_worker_process_gets_the_same_from_a_copy() -> None:
    texts = pa.array([text for text, _ in HITS])
    copy = pickle.loads(pickle.dumps(NAMES))  # noqa: S301  # our own
    NAMES.find(texts)
    again = pickle.loads(pickle.dumps(NAMES))  # noqa: S301  # our own, after its automaton was built
    assert copy.find(texts).start.tolist() == again.find(texts).start.tolist() == NAMES.find(texts).start.tolist()


def test_nothing_known_finds_nothing() -> None:
    names = known.build([], {}, ZONE)
    assert len(names) == 0
    assert len(names.find(pa.array(["alice", None]))) == 0


def test_replacements_are_the_tokens_of_the_columns() -> None:
    names = build(
        {"user": ["Alice"], "src_ip": ["10.0.0.1"], "dst_ip": ["10.0.0.2"], "badge": [123456789]}, {"email": ["Bob@"]}
    )
    written = dict(zip(names.names.to_pylist(), names.replacements.to_pylist(), strict=True))
    expected = {"10.0.0.2": "<ip>", "bob@": "<email>"}  # no tokens: cut to a network; not convertible
    for column, value in (("user", "Alice"), ("src_ip", "10.0.0.1"), ("badge", 123456789)):
        released = techniques.transform(pa.array([value]), COLUMNS[column], KINDS[column], ZONE).values
        assert released is not None
        expected[str(value).lower()] = released[0].as_py()
    assert written == expected


def test_a_name_of_several_columns_gets_the_first_token_there_is() -> None:
    both = build({"dst_ip": ["10.0.0.1"], "src_ip": ["10.0.0.1"]})
    assert both.replacements.to_pylist() == build({"src_ip": ["10.0.0.1"]}).replacements.to_pylist()
    assert both.columns.to_pylist() == ["src_ip"]


PARTS = st.lists(st.lists(st.one_of(st.none(), st.sampled_from("abcdefg")), max_size=6), min_size=1, max_size=5)


@given(PARTS, st.randoms())
def test_partitions_and_their_order_do_not_matter(parts: list[list[str | None]], random: object) -> None:
    def gathered(values: list[str | None]) -> identifiers.Identifiers:
        return identifiers.gather(
            pa.table({"user": pa.array(values, pa.string()), "user!raw": pa.array(values, pa.string())}), "user", "user"
        )

    shuffled = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    whole = gathered([value for part in parts for value in part])
    merged = identifiers.merge(map(gathered, shuffled))
    assert merged.values.equals(whole.values)
    assert merged.raw.equals(whole.raw)
    assert identifiers.merge([identifiers.merge(map(gathered, shuffled)), whole]).values.equals(whole.values)


WORD = st.text("abcé1_.-@: ", min_size=1, max_size=8)


@given(
    st.lists(st.text("abé1", min_size=4, max_size=7).filter(lambda name: not name.isdecimal()), min_size=1, max_size=5),
    st.lists(WORD, max_size=6),
)
def test_every_identifier_is_found_where_it_stands_between_spaces(identifiers: list[str], words: list[str]) -> None:
    names = build({"user": identifiers})
    for one in identifiers:
        text = " ".join([*words, one, *words])
        assert one in [hit for _, hit in found(names, [text])]


@pytest.mark.parametrize("byte", ["a", "a.", "a a ", "1.", ":", "user ", "@a", "é"])
def test_hostile_texts_take_linear_time(byte: str) -> None:
    names = build({"user": ["a" * n for n in range(4, 12)] + ["a.a.a.a", "a a", "7"], "src_ip": ["1.1.1.1"]})
    start = time.process_time()
    names.find(pa.array([byte * (1_000_000 // len(byte))]))
    assert time.process_time() - start < 20
