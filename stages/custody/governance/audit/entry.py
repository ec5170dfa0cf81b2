"""One entry of the audit log: what it holds, and the one way to write it.

A line is the canonical JSON (RFC 8785, JCS) of a closed object. `previous` is the SHA-256 of the line before it, so
that a line vouches for all that stand above. No float is ever in it, and no value of the data; `reason` is what a
person typed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

import orjson
import rfc8785

from custody.errors import CustodyError

if TYPE_CHECKING:
    import datetime as dt
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
    "keys",
    "anchor",
    "publish",
    "erase",
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
_SORTED: Final = orjson.OPT_SORT_KEYS
_OTHER: Final = "is no canonical entry of this version"
_FORM: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [0-9a-f]{16} [0-9a-f]{32} [0-9a-f]{64} (?:None|[0-9a-f]{64})"
)


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

    `at` is in UTC. `about` has short names and texts, whole numbers or lists of texts.
    """
    text = rfc8785.dumps(
        {
            "about": {name: list(told) if isinstance(told, tuple) else told for name, told in event.about.items()},
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
    try:
        value = orjson.loads(text)
    except ValueError:
        raise ValueError(_OTHER) from None
    # Of texts, whole numbers, lists and ASCII keys orjson writes what RFC 8785 asks for, twenty times as fast.
    if not isinstance(value, dict) or value.keys() != _FIELDS or orjson.dumps(value, option=_SORTED) != text:
        raise ValueError(_OTHER)
    form = f"{value['at']} {value['actor']} {value['writer']} {value['previous']} {value['release']}"
    sound = (
        value["schema"] == VERSION
        and value["action"] in ACTIONS
        and value["outcome"] in OUTCOMES
        and type(value["number"]) is int
        and _FORM.fullmatch(form)
        and isinstance(value["reason"], str | None)
        and isinstance(value["about"], dict)
        and len(text) <= LIMIT
    )
    if not sound:
        raise ValueError(_OTHER)
    return value


def digest(text: bytes) -> str:
    """Return what the next line has as its previous one."""
    return hashlib.sha256(text).hexdigest()


def _checked(reason: str | None) -> str | None:
    if reason is None:
        return None
    if not reason.strip() or not reason.isprintable() or len(reason) > LONGEST:
        raise CustodyError(f"--reason: say why, in one line of at most {LONGEST} characters; it stands in the log")
    return reason.strip()
