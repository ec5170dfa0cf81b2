"""The text of one e-mail header, however hostile: decoded by the standard library where it is short, else in one pass.

The standard library takes structured headers apart in quadratic time and raises what it likes at odd ones, so it is
asked about short headers alone. A longer one has its encoded words (RFC 2047) decoded in linear time, the longest
stands as it is; each counts as a defect.
"""

from __future__ import annotations

import binascii
import email.policy
import quopri
import re

from custody.sources.streams.encoding import honest

STRUCTURED = 2**11
"""A header of more characters is not taken apart."""
DECODED = 2**16
"""A header of more characters is not even decoded."""
WORDS = re.compile(r"=\?([^?\s]{1,100})\?([bBqQ])\?([^?\s]*)\?=")
BETWEEN = re.compile(r"(\?=)\s+(?==\?)")


def header(source: object, name: str) -> tuple[str, int]:
    """Return the text of the header `name` that stands in a message as `source`, and how many defects it has."""
    given = str(source)
    odd = int(not given.isascii())
    plain, _ = honest(given.encode("utf-8", "surrogateescape"), "utf-8")
    line = plain.replace("\r", "").replace("\n", "")
    if len(line) > DECODED:
        return line, odd + 1
    if len(line) > STRUCTURED:
        return decoded(line), odd + 1
    try:
        value = email.policy.default.header_factory(name, line)
        text, _ = honest(str(value).encode("utf-8", "surrogateescape"), "utf-8")
        return text, len(value.defects) + odd
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # hostile headers make the parser raise anything
        return decoded(line), odd + 1


def decoded(line: str) -> str:
    """Return `line` with its encoded words decoded; a word that cannot be stands as it is."""
    return WORDS.sub(_word, BETWEEN.sub(r"\1", line))


def _word(match: re.Match[str]) -> str:
    charset, kind, text = match.groups()
    try:
        raw = text.encode("ascii")
        data = binascii.a2b_base64(raw) if kind in "bB" else quopri.decodestring(raw, header=True)
    except ValueError:
        return match[0]
    return honest(data, charset.partition("*")[0])[0]
