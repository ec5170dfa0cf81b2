from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.sources.formats import mail


def nested(levels: int, tail: bytes = b"deep") -> bytes:
    parts = (b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (i, i) for i in range(levels))
    return b"".join(parts) + b"\n" + tail


SURROGATE = b'Content-Type: text/plain; x="=?utf-7?q?+2AA-?="; filename==?utf-7?q?+2AA-?=\n\n'
HOSTILE = [
    # message, field, its text, defects at least
    (b"To: a@[\n \n\nhello", "to", "a@[ ", 1),
    (b"To: a@[\n \n\nhello", "body", "hello", 1),
    (b'Content-Type: text/plain; charset="utf-8\0"\n\nhello', "body", "hello", 1),
    (b'Date: Mon, 1 Jan 99999999999999 00:00:00 +9999"\n\nhello', "date", None, 1),
    (b"Content-Type: text/plain; x=" + b"(" * 3000 + b"\n\nhello", "body", "hello", 1),
    (SURROGATE + b"hello", "body", "hello", 0),
    (b"Subject: =?utf-7?q?+2AA-?=\n\nhello", "body", "hello", 1),
    (b"Content-Type: multipart/mixed\n\nno boundary", "body", "no boundary", 1),
    (b"Content-Disposition: attachment; filename=" + b"x" * 5000 + b"\n\nhello", "attachments", "1", 1),
    (b"To: " + b"(" * 2000 + b"\n\nhello", "to", "(" * 2000, 1),
]


@pytest.mark.parametrize(("data", "field", "text", "defects"), HOSTILE)
def test_what_the_parser_cannot_take_stands_as_it_is(data: bytes, field: str, text: str | None, defects: int) -> None:
    found = mail.fields(data)
    assert found.keys() == mail.FIELDS
    assert found[field] == text if text is not None else found[field]
    assert int(found["defects"] or 0) >= defects


def test_a_message_that_nests_too_deeply_is_one_text_with_its_headers() -> None:
    found = mail.fields(b"Subject: hi\n" + nested(2000))
    assert (found["subject"], found["defects"]) == ("hi", "1")
    assert (found["body"] or "").endswith("deep")
    assert mail.fields(nested(150))["body"] == "deep"


SLOW = [
    b"To: " + b'"' * 1_000_000,
    b"Subject: " + b"=?utf-8?q?a?= " * 20_000,
    b"Subject: " + b"=?utf-8?q?a?= " * 4_000,
    b"Subject: " + b"=?a?q?" * 10_000,
    b"Cc: " + b"=?" * 500_000,
    b"From: " + b'"' * 2_000,
    b"Message-ID: " + b"a@[" * 20_000,
    b"Content-Type: text/plain; x=" + b';"' * 500_000,
    b"Content-Disposition: " + b";" * 1_000_000,
    b"Content-Type: text/plain; charset=punycode\n\na-" + b"z" * 1_000_000,
    b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 200_000,
    nested(190, b"\n" * 500_000),
]


@pytest.mark.parametrize("data", SLOW)
def test_no_hostile_megabyte_takes_a_second(data: bytes) -> None:
    start = time.process_time()
    assert mail.fields(data + b"\n\nhello")["body"]
    assert time.process_time() - start < 1


def test_a_long_header_is_decoded_and_counts_as_a_defect() -> None:
    people = b", ".join(b"=?utf-8?q?=C3=89li?= <p%d@x.example>" % i for i in range(500))
    found = mail.fields(b"To: " + people + b"\n\nhello")
    assert found["to"] == ", ".join(f"Éli <p{i}@x.example>" for i in range(500))
    assert found["defects"] == "1"
    assert mail.fields(b"To: " + people * 5 + b"\n\nhello")["to"] == (people * 5).decode()


def test_the_root_of_related_parts_comes_before_their_texts() -> None:
    data = (
        b"Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>root</p>\n"
        b"--b\nContent-Type: text/plain\n\nnote\n--b--\n"
    )
    assert mail.fields(data)["body"] == "<p>root</p>"


PIECES = [b"Content-Type: ", b"multipart/mixed", b"message/rfc822", b"; boundary=b", b"\n--b\n", b"--b--", b"\n\n"]
MORE = [
    b"To: ",
    b"Date: ",
    b'"',
    b"(",
    b"@[",
    b"=?utf-7?q?+2AA-?=",
    b"\xff",
    b"\0",
    b"; charset=",
    b"base64",
    b"\r",
    b" ",
]


@settings(deadline=None)
@given(st.lists(st.sampled_from([*PIECES, *MORE]) | st.binary(max_size=8)))
def test_any_bytes_are_one_record_of_text(parts: list[bytes]) -> None:
    found = mail.fields(b"".join(parts))
    assert found.keys() == mail.FIELDS
    assert all(value is None or value.encode() is not None for value in found.values())
