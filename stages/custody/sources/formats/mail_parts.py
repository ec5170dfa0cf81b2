"""A message as a tree of parts (MIME), within limits that no hostile one can exceed.

Only `Content-` headers are looked at, and of those only the first 2 KiB: the standard library takes them apart in
quadratic time. What would nest too deeply, or cost too much, is not taken apart: its parts stay one text.
"""

from __future__ import annotations

import email
import email.parser
import re
from email.message import Message
from email.policy import Compat32
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PARAMETERS = 2**11
"""So many characters of a `Content-` header are looked at."""
CONTAINERS = 200
"""A message with more parts that hold parts is not taken apart: the parser is recursive."""
BOUNDARIES = 10_000
"""A message with more lines that may be boundaries is not taken apart."""
WORK = 2**23
"""The parser compares each line with the boundary of each part around it; beyond so many times it is not asked."""
CONTAINER = re.compile(rb"(?:^|[\r\n])content-type:[\s\x1c-\x1f]*(?:multipart|message)/", re.IGNORECASE)
BOUNDARY = re.compile(rb"[\r\n]--")


class Cut(str):
    """A header of which only the start is looked at."""

    __slots__ = ()


class _Limits(Compat32):
    """Leaves headers as they stand, but for `Content-` ones, which it cuts."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        if name.lower().startswith("content-") and len(value) > PARAMETERS:
            return name, Cut(value[:PARAMETERS])
        return name, value


LIMITS = _Limits()


def parsed(raw: bytes) -> tuple[Message | None, int]:
    """Return the message, none where even its headers cannot be read, and how many defects that cost."""
    if not _costly(raw):
        try:
            message = email.message_from_bytes(raw, policy=LIMITS)
            return message, sum(_cut(part) for part in parts(message))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001, S110  # hostile messages make the parser raise anything
            pass
    try:
        message = email.parser.BytesHeaderParser(policy=LIMITS).parsebytes(raw)
        return message, 1 + _cut(message)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # as above
        return None, 1


def _costly(raw: bytes) -> bool:
    containers = sum(1 for _ in CONTAINER.finditer(raw))
    if not containers:
        return False
    lines = raw.count(b"\n") + raw.count(b"\r")
    boundaries = sum(1 for _ in BOUNDARY.finditer(raw))
    return containers > CONTAINERS or boundaries > BOUNDARIES or containers * lines > WORK


def parts(message: Message) -> Iterator[Message]:
    """Yield `message` and all parts inside it, in order."""
    left = [message]
    while left:
        part = left.pop()
        yield part
        left += reversed(_inside(part))


def texts(message: Message) -> Iterator[tuple[str, Message]]:
    """Yield the parts that may be the body, in order, with their subtype: `raw` for parts that were not taken apart.

    Attachments and enclosed messages are none; of related parts it is the root (RFC 2387).
    """
    left = [message]
    while left:
        part = left.pop()
        kind, _, subtype = part.get_content_type().partition("/")
        if disposition(part) == "attachment":
            continue
        if kind == "text":
            yield subtype, part
        elif kind == "multipart" or (kind == "message" and part is message):
            inside = _inside(part)
            left += [_root(part, inside)] if subtype == "related" and inside else reversed(inside)
            if not inside:
                yield "raw", part


def disposition(part: Message) -> str | None:
    """Return what the part says it is for, in lower case, such as `attachment`."""
    try:
        return part.get_content_disposition()
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # as above
        return None


def defects(message: Message) -> int:
    """Return how many defects the parser found in all parts."""
    return sum(len(part.defects) for part in parts(message))


def _cut(part: Message) -> int:
    return sum(isinstance(value, Cut) for _, value in part.raw_items())


def _inside(part: Message) -> list[Message]:
    inside = part.get_payload()
    return [item for item in inside if isinstance(item, Message)] if isinstance(inside, list) else []


def _root(part: Message, inside: list[Message]) -> Message:
    start = part.get_param("start")
    return next((item for item in inside if start and item["content-id"] == start), inside[0])
