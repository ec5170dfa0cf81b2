"""One e-mail message (RFC 5322, MIME) as a record.

Fields: from, to, cc, subject, date, message_id (decoded, null where the message has none), body (the first plain text,
else the HTML as it stands), attachments and defects (how many), encoding (of the body). A header with bytes that it
should have encoded is read as UTF-8 where they are, else as Latin-1, and counts as a defect.
What cannot be taken apart, or only at great cost, costs at most itself: its raw text stands as it is, and counts as a
defect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.sources.formats.mail_headers import header
from custody.sources.formats.mail_parts import defects, disposition, parsed, parts, texts
from custody.sources.streams.encoding import canonical, honest

if TYPE_CHECKING:
    from email.message import Message

HEADERS = {"from": "From", "to": "To", "cc": "Cc", "subject": "Subject", "date": "Date", "message_id": "Message-ID"}
FIELDS = frozenset({*HEADERS, "body", "encoding", "attachments", "defects"})


def fields(raw: bytes) -> dict[str, str | None]:
    """Return the fields of the message `raw`."""
    body: str | None
    encoding: str | None
    message, odd = parsed(raw)
    if message is None:
        body, encoding = honest(raw, "utf-8")
        nothing = dict.fromkeys(HEADERS)
        return {"body": body, "encoding": encoding, **nothing, "attachments": "0", "defects": str(odd)}
    try:
        body, encoding, wrong = _body(message)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # hostile parts make the standard library raise anything
        (body, encoding), wrong = honest(raw, "utf-8"), 1
    record: dict[str, str | None] = {"body": body, "encoding": encoding}
    odd += wrong + defects(message)
    for name, title in HEADERS.items():
        record[name], wrong = _header(message, title)
        odd += wrong
    attached = sum(disposition(part) == "attachment" for part in parts(message))
    return record | {"attachments": str(attached), "defects": str(odd)}


def _header(message: Message, name: str) -> tuple[str | None, int]:
    """Return the text of the first header `name`, and how many defects it has."""
    source = next((text for key, text in message.raw_items() if key.lower() == name.lower()), None)
    return (None, 0) if source is None else header(source, name)


def _body(message: Message) -> tuple[str | None, str | None, int]:
    """Return the text of the body, the encoding it is in, and 1 where that is not the declared one."""
    found: dict[str, Message] = {}
    for subtype, text_part in texts(message):
        found.setdefault(subtype, text_part)
    part = found.get("plain", found.get("html", found.get("raw")))
    if part is None:
        return None, None, 0
    declared = _charset(part)
    raw = _content(part, plain=part is not found.get("raw"))
    text, used = honest(raw, declared or "utf-8")
    return text, used, int(declared is None or used != canonical(declared))


def _charset(part: Message) -> str | None:
    """Return the encoding that the part declares, utf-8 where it declares none, and None where that cannot be read."""
    try:
        return str(part.get_content_charset("utf-8"))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # as above
        return None


def _content(part: Message, *, plain: bool) -> bytes:
    """Return the bytes of the part, decoded from its transfer encoding where it is a `plain` part, not a container."""
    if plain:
        del part["content-type"]  # a charset that nobody knows must not stop the decoding of the bytes
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            return content
    return str(part.get_payload()).encode("utf-8", "surrogateescape")
