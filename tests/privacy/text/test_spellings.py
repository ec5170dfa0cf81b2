"""A known address or name is found however it is spelled."""

from __future__ import annotations

import pyarrow as pa
import pytest

from custody.privacy.leaks.searching import search_for
from custody.privacy.techniques import redact_text
from custody.privacy.text import identifiers
from privacy.known_names import build

NAMES = build(
    {
        "user": ["alice", "maria lopez", "zed", "bob", "7"],
        "email": ["zed@corp.com", "bob@m\u00fcller.de"],
        "src_ip": ["10.1.1.7", "2001:db8::7"],
        "nic": ["aa:bb:cc:dd:ee:01"],
    }
)
MAC, V4, V6 = "aa:bb:cc:dd:ee:01", "10.1.1.7", "2001:db8::7"
SPELLED = [
    ("dev aabbccddee01 up", MAC),
    ("AA-BB-CC-DD-EE-01", MAC),
    ("aabb.ccdd.ee01 AABB-CCDD-EE01", MAC),
    ("port aabbcc-ddee01 up AABBCC-DDEE01", MAC),
    ("aa%3Abb%3Acc%3Add%3Aee%3A01", MAC),
    ("x 2001:0DB8:0:0::7 y", V6),
    ("src:2001:db8:0:0:0:0:0:7: late", V6),
    ("2001%3Adb8%3A%3A7", V6),
    ("ip-10-1-1-7.ec2", V4),
    ("10[.]1[.]1[.]7 10(.)1(.)1(.)7", V4),
    ("10%2E1%2E1%2E7", V4),
    ("10_1_1_7", V4),
    (r"\\2001-db8--7.ipv6-literal.net\share", V6),
    ("2001-DB8-0-0-0-0-0-7s4.ipv6-literal.net", V6),
    ("http://10.1.263/x 10.1.263", V4),  # 263 is 1.7
    ("bob@xn--mller-kva.de", "bob@m\u00fcller.de"),
    (r"zed\u0040corp.com", "zed@corp.com"),
    ("zed=40corp.com", "zed@corp.com"),
    ("zed\uff20corp.com zed%2540corp.com zed&#64;corp.com", "zed@corp.com"),
    ("maria%20lopez maria+lopez maria\u00a0lopez maria  lopez", "maria lopez"),
    (r"\u003calice\u003e", "alice"),
    ("\x1b[31malice", "alice"),
    (r"\x1b[1;31malice", "alice"),
    (r"\x20alice", "alice"),
    ("%253Dalice", "alice"),
    ("=3Dalice", "alice"),
]
NOTHING = [
    "aabbccddee01f",
    "aabbccddee02",
    "12:30:11",
    "10-1-1-70",
    "110-1-1-7",
    "Windows 10.1.263 v10.1.263 Chrome/10.1.263 10.1.263.5 2.10.1.263 10.1.7",
    "2001-db8--7.example.net",
    "malice",
    "mariano-lopezz",
    "[31malice",
]


@pytest.mark.parametrize(("text", "name"), SPELLED)
def test_other_spellings_are_hits(text: str, name: str) -> None:
    for hits in (NAMES.find(pa.array([text])), search_for(NAMES).find(pa.array([text]), whole=False)):
        assert {NAMES.names[number].as_py() for number in hits.identifier.tolist()} == {name}


@pytest.mark.parametrize(("text", "name"), SPELLED)
def test_redaction_leaves_none_of_them(text: str, name: str) -> None:
    token = NAMES.replacements[NAMES.names.to_pylist().index(name)].as_py()
    written = redact_text.apply(pa.array([text]), NAMES).values
    assert token in written[0].as_py()
    assert len(NAMES.find(written)) == 0


def test_a_host_is_found_in_punycode() -> None:
    names = build({"host": ["m\u00fcller.corp.net", "xn--bcher-kva.example", "web-01.corp.net"]})
    hits = names.find(pa.array(["to XN--MLLER-KVA.corp.net:443", "by b\u00fccher.example.", "m\u00fcller.corp"]))
    assert hits.row.tolist() == [0, 1]


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_spelling_is_no_hit(text: str) -> None:
    assert len(NAMES.find(pa.array([text]))) == 0


def test_all_texts_at_once_give_what_each_alone_gives() -> None:
    texts = [text for text, _ in SPELLED] + NOTHING
    alone = [len(NAMES.find(pa.array([text]))) for text in texts]
    assert [NAMES.find(pa.array(texts)).row.tolist().count(row) for row in range(len(texts))] == alone


PLACES = [
    "TargetUserName=bob", "<Data Name='SubjectUserName'>bob</Data>", "Account Name:\t\tbob", "suser=bob", "duser=bob",
    "sasl_username=bob", "user_id=bob", "AUDIT_USER=bob", "for user 'bob'", "sudo: bob : TTY", "sudo:      bob : TTY",
    "(bob) CMD (ls)", r"CORP\bob", r"CORP\\bob", "CORP%5Cbob", "/home/bob/x", "/home/bob", "~bob/x",
    r'{\"user\":\"bob\"}', "user%3Dbob", "user%22%3A%22bob%22", '"user" => "bob"', "remote_user=bob",
]  # fmt: skip


@pytest.mark.parametrize("text", PLACES)
def test_a_short_name_counts_in_an_identifiers_place(text: str) -> None:
    hits = NAMES.find(pa.array([text]))
    assert [NAMES.names[number].as_py() for number in hits.identifier.tolist()] == ["bob"]


@pytest.mark.parametrize("text", ["x bob y", "takes ~7 s", "superuser=bob", r"a\bob", "at /home/7/x"])
def test_elsewhere_it_does_not(text: str) -> None:
    assert len(NAMES.find(pa.array([text]))) == (text == r"a\bob")


def test_a_cell_of_several_people_names_each_of_them() -> None:
    cells = ['["gertrude", "hildegard"]', '{"name": {"full": ["theodora"]}}', "[broken", "carol", '[1, null, ""]']
    gathered = identifiers.gather(pa.table({"user": cells}), "user", "user")
    assert gathered.values.to_pylist() == sorted(cells)
    assert gathered.raw.to_pylist() == ["gertrude", "hildegard", "theodora"]
    assert identifiers.merge([gathered, gathered]).raw == gathered.raw
