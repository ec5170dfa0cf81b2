from __future__ import annotations

import csv
import re
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.policy.techniques import IpPrefix, Mac
from custody.privacy.techniques import ip_prefix, mac, redact_text
from custody.privacy.text import known
from privacy.known_names import build
from support import ZONE

NAMES = build(
    {
        "user": ["alice", "bob", "7", "secret", "email", "王小明"],
        "email": ["alice@corp.com"],
        "src_ip": ["10.0.0.1", "2001:db8::1"],
        "dst_ip": ["10.0.0.2"],
        "host": ["db-17.corp.com"],
    },
    not_personal=["root"],
)
NOBODY = known.build([], {}, ZONE, ["root"])
PERSON = Mac(role="direct", technique="mac", domain="person")


def token(name: str) -> str:
    result: str = mac.apply(pa.array([name]), PERSON, "user", ZONE)[0].as_py()
    return result


def address(text: str) -> str:
    column = IpPrefix(role="direct", technique="ip_prefix", domain="network")
    result: str = ip_prefix.apply(pa.array([text]), column, "ip", ZONE)[0].as_py()
    return result


def redact(texts: list[str | None], names: known.Known = NAMES) -> list[Any]:
    result: list[Any] = redact_text.apply(pa.array(texts, pa.string()), names).values.to_pylist()
    return result


A, B, MAIL, IP = token("alice"), token("bob"), token("alice@corp.com"), address("10.0.0.1")
CASES = [
    # known identifiers get the token of their column
    ("user Alice from 10.0.0.1", f"user {A} from {IP}"),
    ("to ALICE@corp.com, alice%40corp.com", f"to {MAIL}, {MAIL}"),
    ("user=bob said bob", f"user={B} said bob"),
    ("bob", B),  # nothing but a short name
    ("src=2001:db8::1", f"src={address('2001:db8::1')}"),
    ("王小明登录", f"{token('王小明')}登录"),
    ("alice:fe80::5", f"{A}:<ip>"),
    # columns without tokens
    ("10.0.0.2 on db-17.corp.com", "<ip> on <host>"),
    # an unknown shape around a known identifier takes it along
    ("alice@other.org", "<email>"),
    ("x.alice@corp.com", "<email>"),
    ("ops@db-17.corp.com", "<email>"),
    ("password=alice", "password=<secret>"),
    ("https://alice:pw@10.0.0.1/x", f"https://<credentials>@{IP}/x"),
    # unknown shapes
    ("carol@x.io 10.9.9.9", "<email> <ip>"),
    # placeholders are not taken for the accounts `secret` and `email`
    ("token=abc carol@x.io", "token=<secret> <email>"),
    ("secret and email", f"{token('secret')} and {token('email')}"),
    # a version is no address, unless it is a known one
    ("Chrome/10.0.0.9 Chrome/10.0.0.1", f"Chrome/10.0.0.9 Chrome/{IP}"),
    # private characters cannot forge a token
    ("\U00100000\U00100001 alice", f"\ufffd\ufffd {A}"),
    ("\U00100000 carol@x.io", "\ufffd <email>"),
    ("\uf8fd\uf8fe\uf8ff 10.9.9.9", "\ufffd\ufffd\ufffd <ip>"),
    ("nothing here", "nothing here"),
    ("", ""),
    (None, None),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_identifiers_in_text_are_replaced(text: str | None, expected: str | None) -> None:
    assert redact([text]) == [expected]


def test_rows_and_partitions_do_not_matter() -> None:
    texts = [text for text, _ in CASES]
    assert redact(texts) == [expected for _, expected in CASES]
    assert redact(texts[:5]) + redact(texts[5:]) == redact(texts)
    sliced = redact_text.apply(pa.array(texts, pa.string()).slice(3, 6), NAMES)
    assert sliced.values.to_pylist() == [expected for _, expected in CASES[3:9]]


def test_what_was_replaced_is_counted_by_kind() -> None:
    texts = ["alice 10.0.0.1 10.9.9.9 carol@x.io <email>", "pwd=x user=bob", "https://u:p@h/ alice@corp.com", None]
    assert redact_text.apply(pa.array(texts), NAMES).counts == {
        "credentials": 1, "email": 2, "ip": 2, "secret": 1, "user": 2,
    }  # fmt: skip


def test_reviewed_words_stay() -> None:
    names = build({"user": ["root", "alice"]}, not_personal=["root"])
    assert redact(["root alice"], names) == [f"root {A}"]


SECRETS = [
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- x", "<secret> x"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb", "<secret>"),  # cut off
    ("AKIAIOSFODNN7EXAMPLE ASIAIOSFODNN7EXAMPLE", "<secret> <secret>"),
    ("eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJ_x-1 x", "<secret> x"),
    ("ghp_abcdefghijklmnopqrst xoxb-1234567890-abc", "<secret> <secret>"),
    ("Authorization: Bearer abcdef123456==", "Authorization: Bearer <secret>"),
    ("authorization: basic dXNlcjpwYXNz", "authorization: basic <secret>"),
    ("password=hunter2&x=1 passwd: hunter2", "password=<secret> passwd: <secret>"),
    ('{"password": "hunter 2", "API_KEY":"x"}', '{"password": "<secret>", "API_KEY":"<secret>"}'),
    ("client_secret='a b' db_password1=x", "client_secret='<secret>' db_password1=<secret>"),
    ("password%3Dhunter2", "password%3D<secret>"),
    ("Failed password for root, a token of respect", "Failed password for root, a token of respect"),
    ("sudo: PWD=/home/x ; pass=x", "sudo: PWD=/home/<user> ; pass=<secret>"),
    ("ftp://u:p@h/ ssh://u@h http://h.org/a@b", "ftp://<credentials>@h/ ssh://<credentials>@h http://h.org/a@b"),
    # a value runs to the next blank, or to the quote that opened it
    ("password=abc,hunter2x password=abc;hunter2x", "password=<secret> password=<secret>"),
    ('password=abc"hunter2x password="abc\\"hunter2x" y', 'password=<secret> password="<secret>" y'),
    (r"{\"password\":\"hunter2x\",\"a\":1}", r"{\"password\":\"<secret>\",\"a\":1}"),
    (r"{\"password\":\"hunt\\\"er2x\",\"a\":1}", r"{\"password\":\"<secret>\",\"a\":1}"),
    (r"{\"Authorization\":\"Basic aHVudGVyMng=\"}", r"{\"Authorization\":\"Basic <secret>\"}"),
    ("%22password%22%3A%22hunter2x%22 y", "%22password%22%3A<secret> y"),
    ('password => "hunter2x" password => hunter2x', 'password => "<secret>" password => <secret>'),
    ("run --password hunter2x --token 'a b' -v", "run --password <secret> --token '<secret>' -v"),
    ("pwd: hunter2x user[password]=hunter2x", "pwd: <secret> user[password]=<secret>"),
    ("key_AKIAIOSFODNN7EXAMPLE_ x_ghp_abcdefghijklmnopqrst", "key_<secret>_ x_<secret>"),
    ("https://u:p@ss/hunter2x@h/p http://h.org:8080/a@b", "https://<credentials>@h/p http://h.org:8080/a@b"),
    ("task-management risk-1234567890", "task-management risk-1234567890"),
]


@pytest.mark.parametrize(("text", "expected"), SECRETS)
def test_secrets_go_and_what_tells_of_them_stays(text: str, expected: str) -> None:
    assert redact([text], NOBODY) == [expected]


LOCAL = st.text("abcdefghijklmnopqrstuvwxyz0123456789._é", min_size=4, max_size=10).filter(
    lambda name: name[0].isalpha() and name[-1].isalnum()
)
AROUND = st.text("ab1 ._-:/@%='\"<>(),\n日é", max_size=8)


@given(LOCAL, st.tuples(*[st.integers(0, 255)] * 4), AROUND, AROUND)
def test_no_known_identifier_is_found_after_redaction(
    name: str, octets: tuple[int, ...], left: str, right: str
) -> None:
    ip = ".".join(map(str, octets))
    names = build({"user": [name], "email": [f"{name}@corp.com"], "dst_ip": [ip]})
    texts = [f"{left}{one}{right}" for one in (name, name.upper(), f"{name}@corp.com", f"{name}%40corp.com", ip)]
    assert len(names.find(pa.array(redact(list(texts), names)))) == 0


@given(LOCAL, AROUND, AROUND)
def test_redacting_twice_changes_nothing(name: str, left: str, right: str) -> None:
    names = build({"user": [name], "dst_ip": ["10.0.0.2"]})
    texts = [
        f"{left}{one}{right}"
        for one in (
            name,
            f"{name}@x.org",
            "10.0.0.2",
            "10.9.9.9",
            "2001:db8::5",
            "password=x",
            "https://a:b@c",
            "4111111111111111",
        )
    ]
    once = redact(list(texts), names)
    assert redact(once, names) == once


@given(st.lists(st.one_of(st.none(), st.text("abcé10.:@%/-= ", max_size=30)), max_size=8), st.integers(0, 8))
def test_what_looks_harmless_is_not_changed_and_partitions_do_not_matter(texts: list[str | None], cut: int) -> None:
    assert redact(texts) == redact(texts[:cut]) + redact(texts[cut:])
    assert [text is None for text in redact(texts)] == [text is None for text in texts]


HOSTILE = ["a", "é", "1.", "1.1.1.1.", "_1.1.1.1", "1:", "::1", "aa:", "4", "4111 ", "a@", "a@b.", "a@b.cc", "%40"]
HOSTILE += ["http://", "http://a@", "password", "pwd=", "Bearer ", "-----BEGIN PRIVATE KEY-----"]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_texts_take_linear_time(unit: str) -> None:
    start = time.process_time()
    redact([unit * (1_000_000 // len(unit))])
    assert time.process_time() - start < 15


V4 = re.compile(r"(?<![0-9A-Za-z.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9A-Za-z]|\.[0-9])")
VERSION = re.compile(r"(?i)(?:[a-z]/|version |clr )$")
MAILS = re.compile(r"[A-Za-z0-9._+-]+(?:@|%40)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")


def left_over(text: str) -> list[str]:
    """Shapes that an independent scanner still sees: e-mail addresses, and IPv4 addresses that are no version."""
    quads = [m for m in V4.finditer(text) if all(int(part) < 256 for part in m.group().split("."))]
    quads = [m for m in quads if int(m.group().replace(".", ""))]  # the unspecified address is nobody's
    return [m.group() for m in quads if not VERSION.search(text[: m.start()])] + [
        m.group() for m in MAILS.finditer(text)
    ]


def messages(real_data: Path, name: str) -> list[str]:
    if not name.endswith(".csv"):
        return (real_data / name).read_text(encoding="utf-8", errors="replace").splitlines()
    with (real_data / name).open(encoding="utf-8", errors="replace", newline="") as file:
        return [row[0] for row in csv.reader(file)]


@pytest.mark.parametrize(
    "name", ["sshd/auth.log", "apache/apache_logs", "http_params/payload_full.csv", "urls/url_data_medium.csv"]
)
def test_real_texts_have_no_address_left(real_data: Path, name: str) -> None:
    texts = messages(real_data, name)
    assert sum(len(left_over(text)) for text in texts) > 10  # the scanner sees them before
    after = redact(list(texts), NOBODY)
    assert len(after) == len(texts)
    assert [row for row, text in enumerate(after) if left_over(text)] == []


def test_real_logins_lose_their_users_and_keep_one_token_each(real_data: Path) -> None:
    texts = messages(real_data, "sshd/auth.log")
    pattern = re.compile(r"(?:Invalid user|Accepted \w+ for|Failed \w+ for(?: invalid user)?) (\S+) from")
    users = sorted({m.group(1) for text in texts for m in pattern.finditer(text)} - {"root", "user"})
    names = build({"user": users})
    before, after = names.find(pa.array(texts)), redact(list(texts), names)
    assert len(before) > 1000
    assert len(names.find(pa.array(after))) == 0
    for user in users[::7]:
        rows = [row for row, text in enumerate(texts) if f"Invalid user {user} from" in text]
        assert all(f"Invalid user {token(user)} from" in after[row] for row in rows)
