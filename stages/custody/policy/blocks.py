"""YAML that is laid out as plainly as a policy is, read without a YAML library: its start is half of a short command.

That is a key or an item a line, comments, and values that are words, in quotes, or a flow sequence of these.
Anything else, right or wrong, is for `custody.policy.yaml` to read, which reads what is read here to the same effect.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from custody.policy import resolving

LIMIT: Final = 2**20
"""Bytes; a policy is short."""
DEPTH: Final = 16
_ODD: Final = re.compile("[^\n -~\u00a1-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\ud7ff]")
"""What is no letter, or ends a line for some; and a few that are rare."""
_KEY: Final = r"[A-Za-z_][A-Za-z0-9_-]{0,62}"
_WORDS: Final = r"[A-Za-z0-9_./+(<=][A-Za-z0-9_./+,;()<>=*@%-]*(?: [A-Za-z0-9_./+,;()<>=*@%-]+)*"
_SINGLE: Final = r"'[^']*'"
_DOUBLE: Final = r'"(?:[^"\\]|\\[tn"\\])*"'
_ITEM: Final = rf"(?:[A-Za-z0-9_./+][A-Za-z0-9_./+-]*|{_SINGLE})"
_FLOW: Final = rf"\[(?:{_ITEM}(?:, {_ITEM})*)?\]"
_LINE: Final = re.compile(
    rf"(?P<indent> *)(?:(?P<key>{_KEY}):|-)(?: (?P<value>{_WORDS}|{_SINGLE}|{_DOUBLE}|{_FLOW}|\{{\}}))?(?: +#.*)?"
)
_ESCAPED: Final = {r"\t": "\t", r"\n": "\n", r"\"": '"', r"\\": "\\"}


class _Line(NamedTuple):
    indent: int
    key: str | None
    """None for an item."""
    value: str | None
    """As it is written; None where what stands below is the value, or nothing."""


class _OtherError(Exception):
    """Not laid out so."""


def read(text: bytes, name: str) -> dict[str, Any]:
    """Return the values of a mapping; errors are those of `yaml.parse`, which reads what is laid out otherwise."""
    found = values(text)
    if found is None:
        from custody.policy.yaml import parse  # noqa: PLC0415  # late: that is what this room saves

        return parse(text, name).values
    return found


def values(text: bytes) -> dict[str, Any] | None:
    """Return the values of a mapping that is laid out plainly; None for anything else."""
    try:
        decoded = text.decode()
        if len(text) > LIMIT or _ODD.search(decoded):
            return None
        lines = [_line(row) for row in decoded.split("\n") if row.strip(" ") and row.lstrip(" ")[0] != "#"]
        if not lines or lines[0].indent or lines[0].key is None:
            return None
        found, end = _block(lines, 0, 1)
    except (UnicodeDecodeError, _OtherError):
        return None
    return found if end == len(lines) else None


def _line(row: str) -> _Line:
    found = _LINE.fullmatch(row)
    if found is None or found["key"] == found["value"] is None:
        raise _OtherError
    return _Line(len(found["indent"]), found["key"], found["value"])


def _block(lines: list[_Line], at: int, depth: int) -> tuple[Any, int]:
    """Return the mapping or sequence whose first line is the one `at`, and which line follows it."""
    if depth > DEPTH:
        raise _OtherError
    first = lines[at]
    keys: dict[str, Any] = {}
    items: list[Any] = []
    while at < len(lines) and lines[at].indent == first.indent and (lines[at].key is None) == (first.key is None):
        line, at = lines[at], at + 1
        if line.value is not None:
            value = _value(line.value)
        elif _is_below(lines, at, line):
            value, at = _block(lines, at, depth + 1)
        else:
            value = None
        if line.key is None:
            items.append(value)
        elif line.key in keys or not isinstance(_word(line.key), str):
            raise _OtherError
        else:
            keys[line.key] = value
    if at < len(lines) and lines[at].indent > first.indent:
        raise _OtherError
    return (items if first.key is None else keys), at


def _is_below(lines: list[_Line], at: int, line: _Line) -> bool:
    """Say whether the line `at` begins what a key holds: it is deeper, or an item that stands as deep as the key."""
    return at < len(lines) and (
        lines[at].indent > line.indent or (lines[at].indent == line.indent and lines[at].key is None)
    )


def _value(written: str) -> Any:
    if written == "{}":
        return {}
    if written[0] == "[":
        return [_value(one) for one in re.findall(_ITEM, written[1:-1])]
    if written[0] == "'":
        return written[1:-1]
    if written[0] == '"':
        return re.sub(r"\\.", lambda one: _ESCAPED[one[0]], written[1:-1])
    return _word(written)


def _word(written: str) -> Any:
    if resolving.is_date(written) or resolving.is_doubtful(written):
        raise _OtherError
    return resolving.resolved(written)
