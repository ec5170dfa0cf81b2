from __future__ import annotations

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.text import secrets, sentinels, shapes

EMAIL = [
    ("bob@corp.com", "<email>"),
    ("<bob@corp.com>,bob+tag@corp.co.uk.", "<<email>>,<email>."),
    ("mailto:bob@x.local root@srv.internal", "mailto:<email> <email>"),
    ("o'neil_x%y@corp.com", "<email>"),
    ("jürgen@müller.de 用户@例子.公司", "<email> <email>"),
    ("?e=bob%40corp.com&x=1", "?e=<email>&x=1"),
    ("?e=bob%2540corp.com", "?e=<email>"),  # encoded twice
    ("%3Cbob@corp.com%3E", "%3C<email>%3E"),
    ("bob&#64;corp.com", "<email>"),
    (r"zed\u0040corp.com zed=40corp.com zed\uff20corp.com".replace(r"\uff20", "\uff20"), "<email> <email> <email>"),
    ("?page=404.html", "?page=404.html"),
    ("'bob@corp.com' .bob@corp.com", "'<email>' .<email>"),
    ("a@b.com@c.org", "<email>@c.org"),
    ("user @corp and @@version, a@b, 5@6.7", "user @corp and @@version, a@b, 5@6.7"),
    ("git@host:repo me@corp.c", "git@host:repo me@corp.c"),  # no top-level domain
]
IP = [
    ("10.0.0.1", "<ip>"),
    ("10.0.0.1 10.0.0.2,10.0.0.3", "<ip> <ip>,<ip>"),  # neighbors that share a separator
    ("10.0.0.1:22 http://10.0.0.1/x (10.0.0.1)", "<ip>:22 http://<ip>/x (<ip>)"),
    ("010.001.000.255", "<ip>"),
    ("/10.0.0.1 node1/10.0.0.1:8020", "/<ip> node1/<ip>:8020"),  # as Java prints addresses
    ("10.0.0.1.443 > 10.0.0.2.53", "<ip>.443 > <ip>.53"),  # as tcpdump prints ports
    ("a_10.0.0.1_10.0.0.2_b", "a_<ip>_<ip>_b"),
    ("x=%3D10.0.0.1", "x=%3D<ip>"),
    (r"a\n10.0.0.1", r"a\n<ip>"),
    ("ip-10-77-20-248 ec2-52-80-34-196.compute", "ip-<ip> ec2-<ip>.compute"),
    ("256.1.1.1 1.2.3 1.2.3.4444 2026-03-29", "256.1.1.1 1.2.3 1.2.3.4444 2026-03-29"),
    (
        "Chrome/10.0.64.20 version 1.2.3.4 v1.2.3.4 Version=1.2.3.4",
        "Chrome/10.0.64.20 version 1.2.3.4 v1.2.3.4 Version=1.2.3.4",
    ),
    ("openvpn@10-0-0-1.service openvpn@10.0.0.1.service", "openvpn@<ip>.service openvpn@<ip>.service"),
    ("srv 10.0.0.1 server: 10.0.0.1", "srv <ip> server: <ip>"),  # no version, though `v` and `ver` stand there
    ("OID 1.3.6.1.4.1.311", "OID 1.3.6.1.4.1.311"),
    ("2001:db8::1", "<ip>"),
    ("[2001:db8::1]:443 fe80::1%eth0 ::1", "[<ip>]:443 <ip>%eth0 <ip>"),
    ("1:2:3:4:5:6:7:8 1:2:3:4:5:6:10.0.0.1 ::ffff:10.0.0.1", "<ip> <ip> <ip>"),
    ("2001:db8::1: timeout; src:2001:db8::2, source:2001:db8::3", "<ip>: timeout; src:<ip>, source:<ip>"),
    ("2001:db8:: 2001:db8::1 2001:db8::2", "<ip> <ip> <ip>"),
    ("a):2001:db8::1 :fe80::1", "a):<ip> :<ip>"),
    ("2001:db8::1:bob 2001:db8::1:decaf", "<ip>:bob <ip>:decaf"),
    (
        r"\\2001-db8--1.ipv6-literal.net\x fe80--1s4.ipv6-literal.net",
        r"\\<ip>.ipv6-literal.net\x <ip>.ipv6-literal.net",
    ),
    ("12:34:56 std::string Foo::Bar on :: port, a:b:c", "12:34:56 std::string Foo::Bar on :: port, a:b:c"),
]
MAC = [
    ("aa:bb:cc:dd:ee:0F AA-BB-CC-DD-EE-FF aabb.ccdd.eeff", "<mac> <mac> <mac>"),
    ("MAC=" + ":".join(["ab"] * 14) + " SRC", "MAC=<mac> SRC"),  # iptables
    ("aa:bb:cc:dd:ee:ff:bob aa:bb:cc:dd:ee:ff-", "<mac>:bob <mac>-"),
    ("port aabbcc-ddee01, 001A2B-3C4D5E", "port <mac>, <mac>"),  # as switches of HP write them
    (
        "20241a-123456-x 202410-123456 facade-decade a1aabbcc-ddee01",
        "20241a-123456-x 202410-123456 facade-decade a1aabbcc-ddee01",
    ),
    ('mac aabbccddee01 src_mac: "AABBCCDDEE01" hwaddr=aabbccddee01', 'mac <mac> src_mac: "<mac>" hwaddr=<mac>'),
    ('Calling-Station-Id = "aabbccddee01" ether 020000ddee01', 'Calling-Station-Id = "<mac>" ether <mac>'),
    ("hmac=aabbccddee01 id aabbccddee01 mac aabbccddee0102", "hmac=aabbccddee01 id aabbccddee01 mac aabbccddee0102"),
    ("hwaddr:aa:bb:cc:dd:ee:ff.", "hwaddr:<mac>."),
    (":".join(["ab"] * 16), ":".join(["ab"] * 16)),  # an MD5 fingerprint
]
NONE = [("", ""), ("GET /index.html HTTP/1.1 200", "GET /index.html HTTP/1.1 200"), ("a" * 50, "a" * 50)]
CASES = EMAIL + IP + MAC + NONE


def redacted(texts: list[str]) -> list[str]:
    written = shapes.redact(pa.array(texts, pa.large_string()))
    for shape in sentinels.SHAPES:
        written = pa.array([text.replace(sentinels.of(shape), f"<{shape}>") for text in written.to_pylist()])
    result: list[str] = written.to_pylist()
    return result


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_shapes_become_placeholders_and_nothing_else_changes(text: str, expected: str) -> None:
    assert redacted([text]) == [expected]


def test_texts_do_not_influence_each_other() -> None:
    assert redacted([text for text, _ in CASES]) == [expected for _, expected in CASES]


def test_the_probe_finds_every_text_that_a_shape_changes() -> None:
    changed = pl.Series([text for text, expected in CASES if text != expected])
    assert changed.str.contains(shapes.PROBE).all()


WORDS = (
    "10.0.0.1 1.2.3.4 255.255.255.0 255. 0.0.0.0 300.1.2.3.4 1.2.3 ::1 fe80::1 ab: aa:bb:cc:dd:ee:ff aabb.ccdd.eeff "
    "10:15:30 1-2-3-4 2026-10-05 a@b.com x.y+z@q.local %40 @ %3D =40 &#64; bob _ . : - / v Chrome/ 4111111111111111 "
    "é 1 25 256 aabbcc-ddee01 mac aabbccddee01 a--1.ipv6-literal.net krbtgt/ sshd@1.service .rpm % ( = flow_id="
)
PARTS = [*WORDS.split(), "4111 1111 1111 1111", "version ", "openssl ", " ", "\\n", "\n", sentinels.of("user")]


@given(st.lists(st.lists(st.sampled_from(PARTS), max_size=7).map("".join), max_size=5))
def test_most_texts_need_the_two_plain_patterns_only(texts: list[str]) -> None:
    column = pa.array(texts, pa.large_string())
    assert shapes.redact(column).to_pylist() == shapes.thoroughly(pl.Series(texts, dtype=pl.String)).to_list()


@pytest.mark.parametrize(
    "pattern", [secrets.PROBE, shapes.PROBE, shapes.UNUSUAL, shapes.EMAIL, shapes.EMAIL_ENCODED, shapes.IPV4]
)
def test_no_pattern_makes_the_engine_slow_on_other_scripts(pattern: str) -> None:
    assert r"\b" not in pattern.replace(r"(?-u:\b)", "")
