"""One e-mail message (RFC 5322, MIME) as a record.

Fields: from, to, cc, subject, date, message_id (decoded, null where the message has none), body (the first plain text,
else the HTML as it stands), attachments and defects (how many), encoding (of the body). A header with bytes that it
should have encoded is read as UTF-8 where they are, else as Latin-1, and counts as a defect.
"""

from __future__ import annotations

import email
import email.policy
from typing import TYPE_CHECKING

from custody.sources.streams.encoding import canonical, honest

if TYPE_CHECKING:
    from email.message import EmailMessage

HEADERS = {"from": "From", "to": "To", "cc": "Cc", "subject": "Subject", "date": "Date", "message_id": "Message-ID"}
FIELDS = frozenset({*HEADERS, "body", "encoding", "attachments", "defects"})
BROKEN = (LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError)
"""What the standard library's parser raises on hostile headers and parts; the raw text is taken then."""


def fields(raw: bytes) -> dict[str, str | None]:
    """Return the fields of the message `raw`."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body, encoding, odd = _body(message)
    defects = sum(len(part.defects) for part in message.walk()) + odd
    record: dict[str, str | None] = {"body": body, "encoding": encoding}
    for name, header in HEADERS.items():
        record[name], odd = _header(message, header)
        defects += odd
    return record | {"attachments": str(_attachments(message)), "defects": str(defects)}


def _header(message: EmailMessage, name: str) -> tuple[str | None, int]:
    """Return the text of the first header `name`, and how many defects it has."""
    source = next((text for key, text in message.raw_items() if key.lower() == name.lower()), None)
    if source is None:
        return None, 0
    raw = str(source).encode("utf-8", "surrogateescape")
    plain, _ = honest(raw, "utf-8")
    unfolded = plain.replace("\r", "").replace("\n", "")
    try:
        value = email.policy.default.header_factory(name, unfolded)
        text, defects = str(value), len(value.defects)
    except BROKEN:
        text, defects = unfolded, 1
    odd = not str(source).isascii()
    return honest(text.encode("utf-8", "surrogateescape"), "utf-8")[0], defects + odd


def _body(message: EmailMessage) -> tuple[str | None, str | None, int]:
    """Return the text of the body, the encoding it is in, and 1 where that is not the declared one."""
    try:
        part = message.get_body(("plain", "html"))
        raw = part.get_payload(decode=True) if part is not None else None
        declared = part.get_content_charset("utf-8") if part is not None else "utf-8"
    except BROKEN:
        return None, None, 1
    if not isinstance(raw, bytes):
        return None, None, 0
    text, used = honest(raw, declared)
    return text, used, int(used != canonical(declared))


def _attachments(message: EmailMessage) -> int:
    return sum(part.get_content_disposition() == "attachment" for part in message.walk())
