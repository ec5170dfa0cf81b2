"""One entry of the audit log: what it holds, and the one way to write it.

A line is the canonical JSON (RFC 8785, JCS) of a closed object. `previous` is the SHA-256 of the line before it, so
that a line vouches for all that stand above. No float is ever in it, no control character, and no value of the data;
`reason` is what a person typed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

from custody.errors import CustodyError, printable

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION: Final = "custody/audit/v1"
BEGINNING: Final = "0" * 64
"""What the first entry of a writer has as its previous one."""
LONGEST: Final = 500
"""Characters of a reason."""
LIMIT: Final = 2**14
"""Bytes of a line."""

Action: TypeAlias = Literal[
    "load",
    "fetch",
    "stage",
    "decision",
    "sign",
    "retract",
    "approve",
    "keys",
    "anchor",
    "publish",
    "erase",
    "erasure",
    "heal",
    "unseal",
    "reidentify",
    "review",
    "reproduce",
    "report",
    "frontier",
    "statistics",
]
Outcome: TypeAlias = Literal["granted", "done", "refused", "failed"]
"""granted: written before it was begun, so that nothing is seen without an entry."""
Told: TypeAlias = "str | int | tuple[str, ...] | None"

ACTIONS: Final = frozenset(get_args(Action))
OUTCOMES: Final = frozenset(get_args(Outcome))
TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
_FIELDS: Final = frozenset(
    ("about", "action", "actor", "at", "number", "outcome", "previous", "reason", "release", "schema", "writer")
)
_TEXTS: Final = ("schema", "action", "outcome", "at", "actor", "writer", "previous")
_OTHER: Final = "is no canonical entry of this version"
_FORM: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [0-9a-f]{16} [0-9a-f]{32} [0-9a-f]{64} [0-9a-f]{64}", re.ASCII
)
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_LARGEST: Final = 2**53 - 1
"""Of a whole number in canonical JSON."""


@dataclass(frozen=True)
class Event:
    """What happened, as those who log it say it."""

    action: Action
    outcome: Outcome = "granted"
    reason: str | None = None
    """Why, as the person who did it typed it."""
    release: str | None = None
    """SHA-256 of the statement of the release that it was done to."""
    about: Mapping[str, Told] = field(default_factory=dict)
    """More that tells; no value of the data, and of files the name that the policy gives them."""


@dataclass(frozen=True)
class Head:
    """Where a writer's log stands: how many entries, and the SHA-256 of the last line."""

    writer: str
    entries: int
    digest: str


def line(event: Event, at: dt.datetime, actor: str, after: Head) -> bytes:
    """Return the line that follows `after`, without its line end; `CustodyError` for a reason that is none.

    `at` is in UTC. `about` has short names and texts, whole numbers or lists of texts; a character that does not print
    is written as a question mark.
    """
    import rfc8785  # noqa: PLC0415  # late: who only names entries starts without it

    text = rfc8785.dumps(
        {
            "about": {name: _shown(told) for name, told in event.about.items()},
            "action": event.action,
            "actor": actor,
            "at": at.strftime(TIME),
            "number": after.entries + 1,
            "outcome": event.outcome,
            "previous": after.digest,
            "reason": _checked(event.reason),
            "release": event.release,
            "schema": VERSION,
            "writer": after.writer,
        }
    )
    if len(text) > LIMIT:
        raise CustodyError(f"audit log: an entry would be longer than {LIMIT} bytes; ask for less at once")
    return text


def read(text: bytes) -> dict[str, Any]:
    """Return an entry; `ValueError` for a line that `line` would not write so, byte for byte."""
    import orjson  # noqa: PLC0415  # late, as above

    try:
        value = orjson.loads(text)
    except ValueError:
        raise ValueError(_OTHER) from None
    if not isinstance(value, dict) or value.keys() != _FIELDS or len(text) > LIMIT or not _sound(value):
        raise ValueError(_OTHER)
    # Of texts, whole numbers, lists and ASCII keys orjson writes what RFC 8785 asks for, twenty times as fast.
    if orjson.dumps(value, option=orjson.OPT_SORT_KEYS) != text:
        raise ValueError(_OTHER)
    return value


def digest(text: bytes) -> str:
    """Return what the next line has as its previous one."""
    return hashlib.sha256(text).hexdigest()


def _sound(value: dict[str, Any]) -> bool:
    if any(type(value[name]) is not str for name in _TEXTS) or not isinstance(value["release"], str | None):
        return False
    release, reason, about = value["release"] or BEGINNING, value["reason"], value["about"]
    form = f"{value['at']} {value['actor']} {value['writer']} {value['previous']} {release}"
    return (
        value["schema"] == VERSION
        and value["action"] in ACTIONS
        and value["outcome"] in OUTCOMES
        and _is_whole(value["number"])
        and _FORM.fullmatch(form) is not None
        and _is_time(value["at"])
        and value["release"] != ""
        and (reason is None or (isinstance(reason, str) and _is_reason(reason)))
        and isinstance(about, dict)
        and all(_NAME.fullmatch(name) and _is_told(told) for name, told in about.items())
    )


def _is_time(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_reason(text: str) -> bool:
    return 0 < len(text) <= LONGEST and text.isprintable() and text == text.strip()


def _is_whole(value: Any) -> bool:
    return type(value) is int and -_LARGEST <= value <= _LARGEST


def _is_told(value: Any) -> bool:
    if type(value) is list:
        return all(type(one) is str and one.isprintable() for one in value)
    return value is None or (type(value) is str and value.isprintable()) or _is_whole(value)


def _shown(told: Told) -> Any:
    if isinstance(told, tuple):
        return [printable(one) for one in told]
    return printable(told) if isinstance(told, str) else told


def _checked(reason: str | None) -> str | None:
    if reason is None:
        return None
    if not _is_reason(reason.strip()) or len(reason) > LONGEST:
        raise CustodyError(f"--reason: say why, in one line of at most {LONGEST} characters; it stands in the log")
    return reason.strip()
