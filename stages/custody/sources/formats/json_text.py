"""One JSON text (RFC 8259), parsed fast and held to what the fast parser lets through.

orjson judges what is JSON: UTF-8, no NaN, no number beyond a double, no lone surrogate. It takes the last of two equal
keys, and turns an integer beyond 64 bits into a float; both are found here, and only then is the text read again by the
slower parser.
"""

from __future__ import annotations

import json
import re

import numpy as np
import orjson

DEPTH = 100
"""Objects and arrays nested deeper than this are not read."""
FAR = -(2**40)
"""Stands for the number of keys of what is nested deeper."""

STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
SPACED = re.compile(rb'"[ \t\r\n]+:')
STEP = np.zeros(256, np.int8)
STEP[[ord("{"), ord("[")]], STEP[[ord("}"), ord("]")]] = 1, -1


class NotReadError(Exception):
    """Carries the reason code of a text that is not read."""


class Repeated(dict[str, object]):
    """An object that names a key twice."""


def loads(text: bytes) -> object:
    """Return the value of `text`; `NotReadError` with a reason code where there is none or it is too deep."""
    value = quickly(text)
    if too_deep(text):
        raise NotReadError("too_deep")
    return value


def quickly(text: bytes) -> object:
    """Return the value of `text`, however deep it is; `NotReadError` where there is none."""
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise NotReadError("too_deep" if too_deep(text) else "not_json") from None
    return value


def too_deep(text: bytes) -> bool:
    """Say whether `text` nests deeper than `DEPTH`."""
    return text.count(b"[") + text.count(b"{") > DEPTH and depth(text) > DEPTH


def depth(text: bytes) -> int:
    """Return how deep `text` nests."""
    marks = STEP[np.frombuffer(STRING.sub(b"", text), np.uint8)]
    return int(np.cumsum(marks, dtype=np.int64).max(initial=0))


def spaced(text: bytes) -> bool:
    """Say whether white space may stand between a key in `text` and its colon."""
    near = any(space in text and space + b":" in text for space in (b" ", b"\t", b"\r", b"\n"))
    return near and SPACED.search(text) is not None


def repeats(text: bytes, value: object) -> bool:
    """Say whether an object in `text`, whose value is `value`, may name a key twice.

    Every key is followed by a colon at once, unless there is white space between. So `text` has at least as many `":`
    as keys, and where it has no more than `value` has, no key was lost. False is certain; true means: look closely.
    """
    return text.count(b'":') != keys(value) or spaced(text)


def keys(value: object, depth: int = 1) -> int:
    """Return how many keys all objects in `value`, at `depth`, have together; far below zero where it is too deep."""
    if depth > DEPTH:
        return FAR
    if isinstance(value, dict):
        return len(value) + sum(keys(part, depth + 1) for part in value.values() if isinstance(part, dict | list))
    if isinstance(value, list):
        return sum(keys(part, depth + 1) for part in value if isinstance(part, dict | list))
    return 0


def exact(text: bytes) -> object:
    """Return the value of `text`, which `loads` has read: integers exact, objects that repeat a key as `Repeated`."""

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(items)
        return made if len(made) == len(items) else Repeated(made)

    value: object = json.loads(text, object_pairs_hook=pairs)
    return value


def compact(value: object) -> str:
    """Return `value`, which `loads` or `exact` gave, as JSON text without white space."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:  # an integer beyond 64 bits
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def holds_repeated(value: object) -> bool:
    """Say whether an object anywhere in `value` repeats a key."""
    if isinstance(value, Repeated):
        return True
    if isinstance(value, dict):
        return any(holds_repeated(part) for part in value.values())
    return isinstance(value, list) and any(holds_repeated(part) for part in value)
