from __future__ import annotations

import pytest

from custody.sources.formats import mail
from sources.reads import Whole, whole

PLAIN = (
    b"From: =?utf-8?b?w4lsaQ==?= <eli@mail.example>\nTo: a@b.example,\n c@d.example\nCc: e@f.example\n"
    b"Subject: =?utf-8?q?caf=C3=A9?=\nDate: Mon, 6 Apr 2026 10:00:00 +0200\nMessage-ID: <1@x.example>\n"
)


def read(data: bytes, *wanted: str, kind: str = "email", **format_: object) -> Whole:
    return whole(data, wanted, type="document", kind=kind, **format_)


def test_headers_are_decoded() -> None:
    found = read(PLAIN + b"\nhi\n", *sorted(mail.FIELDS))
    assert {name: values[0] for name, values in found.columns.items()} == {
        "from": "Éli <eli@mail.example>",
        "to": "a@b.example, c@d.example",
        "cc": "e@f.example",
        "subject": "café",
        "date": "Mon, 06 Apr 2026 10:00:00 +0200",
        "message_id": "<1@x.example>",
        "body": "hi\n",
        "encoding": "utf-8",
        "attachments": "0",
        "defects": "0",
    }
    assert found.lines == [1]


MULTIPART = (
    b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: multipart/alternative; boundary="c"\n\n'
    b"--c\nContent-Type: text/html; charset=utf-8\n\n<p>hi</p>\n--c\nContent-Type: text/plain; charset=iso-8859-1\n"
    b"Content-Transfer-Encoding: quoted-printable\n\ncaf=E9\n--c--\n--b\nContent-Type: application/pdf\n"
    b"Content-Disposition: attachment; filename=x.pdf\nContent-Transfer-Encoding: base64\n\nAAAA\n--b--\n"
)


def test_plain_text_comes_before_html_and_attachments_are_counted() -> None:
    found = read(MULTIPART, "body", "encoding", "attachments", "subject")
    assert found.columns == {"body": ["café"], "encoding": ["iso8859-1"], "attachments": ["1"], "subject": [None]}


BODIES = [
    # declared, bytes, read, encoding used, defects
    (b"utf-8", b"caf\xe9", "café", "latin-1", "1"),
    (b"us-ascii", b"caf\xc3\xa9", "cafÃ©", "latin-1", "1"),
    (b"x-unknown", b"caf\xe9", "café", "latin-1", "1"),
    (b"cp1252", b"\x93x\x94", "“x”", "cp1252", "0"),
]


@pytest.mark.parametrize(("declared", "raw", "text", "used", "defects"), BODIES)
def test_no_byte_of_a_body_is_lost(declared: bytes, raw: bytes, text: str, used: str, defects: str) -> None:
    data = b"Content-Type: text/plain; charset=" + declared + b"\nContent-Transfer-Encoding: 8bit\n\n" + raw
    found = read(data, "body", "encoding", "defects")
    assert found.columns == {"body": [text], "encoding": [used], "defects": [defects]}


@pytest.mark.parametrize("raw", [b"caf\xe9", "café".encode()])
def test_no_byte_of_a_header_is_lost(raw: bytes) -> None:
    found = read(b"Subject: " + raw + b"\n\nx", "subject", "defects")
    assert found.columns == {"subject": ["café"], "defects": ["1"]}


HOSTILE = [
    b"Subject: =?bad?=\nDate: garbage\nFrom: <<<\nMessage-ID: [xx\n\nq",
    b"From: \n" * 50,
    b'To: =?utf-8?b?////?=, =?x?q?=00?=, "\n\n',
    b"Content-Type: multipart/mixed\n\nno boundary",
    b"Content-Type: text/plain; charset*=utf-8'en'\n\nx",
    b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!!!=",
    b"\xff\xfe\xfd" * 100,
    b'Content-Type: multipart/mixed; boundary="b"\n\n' + b'--b\nContent-Type: multipart/mixed; boundary="b"\n\n' * 50,
]


@pytest.mark.parametrize("data", HOSTILE)
def test_hostile_mail_is_one_record(data: bytes) -> None:
    assert read(data, *sorted(mail.FIELDS)).read == 1


def test_text_documents_say_their_encoding() -> None:
    for data, encoding, body, used in [
        (b"caf\xc3\xa9\n", "auto", "café\n", "utf-8"),
        (b"caf\xe9\n", "auto", "café\n", "latin-1"),
        ("café".encode("utf-16"), "auto", "café", "utf-16-le"),
        (b"\x93", "cp1252", "“", "cp1252"),
    ]:
        found = read(data, "body", "encoding", kind="text", encoding=encoding)
        assert found.columns == {"body": [body], "encoding": [used]}


def test_what_is_no_document_is_accounted() -> None:
    assert read(b"x" * 65, "body", kind="text", max_record_bytes=64).malformed == [(1, "too_long")]
    assert read(b"a\0b", "body", kind="text").malformed == [(1, "nul_byte")]
    assert read(b" \n", "body", kind="text").skipped == {"blank": 1}
    found = read(b"x", "subject", kind="text")
    assert (found.missing, found.dropped) == ({"subject"}, {"body", "encoding"})


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n", b"\xff\xfe", b"\xfe\xff"])
@pytest.mark.parametrize("kind", ["text", "email"])
def test_nothing_but_a_byte_order_mark_is_blank(data: bytes, kind: str) -> None:
    found = read(data, "body", kind=kind)
    assert (found.rows, found.skipped) == (0, {"blank": 1})


def test_a_byte_order_mark_hides_no_header() -> None:
    assert read(b"\xef\xbb\xbfSubject: hi\n\nx", "subject").columns == {"subject": ["hi"]}
