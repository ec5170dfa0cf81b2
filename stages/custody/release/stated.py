"""The release statement as plain values: what is one, and what a comparison reads of it.

The models of `statement` take longer to start. They are built of nothing that is refused here.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from custody.errors import RefusedError
from custody.policy.forms import CHECK, ID, LONGEST, SHA256, is_day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Check = Callable[[Any], bool]

STATEMENT: Final = "statement.json"
VERSION: Final = "custody/statement/v1"
SUFFIX: Final = ".parquet"
FILE_NAME: Final = r"^[a-z0-9][a-z0-9_-]{0,199}\.parquet$"
"""Names of released files: no folder, no dot but the last, so that no statement can name a file outside its folder."""
CONDITION: Final = r"^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*$"
CONDITION_LONGEST: Final = 200
MD5: Final = r"^[0-9a-f]{32}$"
MOST: Final = 2**53
"""No figure is larger: every whole number up to it is a float, too."""
STAGES: Final = ("collect", "validate", "anonymize", "gate")
AGAIN: Final = "get the release again or run: dvc repro"


class File(NamedTuple):
    """One released file."""

    name: str
    sha256: str
    rows: int


class Column(NamedTuple):
    """A released column."""

    type: str
    role: str
    technique: str
    level: str | None


class Stated(NamedTuple):
    """What a comparison reads of a statement."""

    decision: str
    files: tuple[File, ...]
    columns: dict[str, Column]
    sources: dict[str, Any]
    """Provenance and files of each source."""
    key: dict[str, str]
    """Zone, and the fingerprint of its secret."""

    @property
    def released(self) -> bool:
        """True when the data may leave."""
        return self.decision == "released"

    def read(self, source: str) -> frozenset[str | None]:
        """Return the digests of the files that were read of a source."""
        return frozenset(one["sha256"] for one in self.sources[source]["files"])


def parse(value: dict[str, Any], where: str) -> Stated:
    """Return a statement's plain values; errors are those of `check`."""
    check(value, where)
    return Stated(
        value["decision"],
        tuple(File(one["name"], one["sha256"], one["rows"]) for one in value["files"]),
        {name: Column(**{"level": None, **one}) for name, one in value["columns"].items()},
        value["sources"],
        value["key"],
    )


def check(value: dict[str, Any], where: str) -> None:
    """Check a statement's JSON; `RefusedError` for one of another version, altered or incomplete."""
    if value.get("schema") != VERSION:
        raise RefusedError(f"{where}: is not of version {VERSION}; load it with the Custody release that wrote it")
    if not (_is_text_throughout(value) and _STATEMENT(value) and _is_one_piece(value)):
        raise altered(where)


def altered(where: str) -> RefusedError:
    """Return the error for what no gate wrote."""
    return RefusedError(f"{where}: is incomplete or was altered; {AGAIN}")


def _is_text_throughout(value: dict[str, Any]) -> bool:
    """Say whether no text holds half of a character."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return True


def _is_one_piece(value: dict[str, Any]) -> bool:
    names, released = [one["name"] for one in value["files"]], value["decision"] == "released"
    return (
        names == sorted(set(names))
        and released == all(one["held"] for one in value["conditions"])
        and released == bool(value["files"])
        and released == bool(value["columns"])
        and value["code"].keys() == set(STAGES)
        and value["rows"] == sum(one["rows"] for one in value["files"]) == value["accounting"]["released"]
        and (not released or _adds_up(value["accounting"]))
    )


def _adds_up(counts: Mapping[str, int | None]) -> bool:
    parts = {
        "read": ("collected", "malformed", "skipped"),
        "collected": ("accepted", "quarantined"),
        "accepted": ("released", "suppressed", "withheld", "refused"),
    }
    return None not in counts.values() and all(
        counts[whole] == sum(counts[name] or 0 for name in names) for whole, names in parts.items()
    )


def _matches(pattern: str, longest: int | None = None) -> Check:
    form = re.compile(pattern)
    return lambda value: (
        type(value) is str and form.fullmatch(value) is not None and (longest is None or len(value) <= longest)
    )


def _whole(least: int, most: float) -> Check:
    return lambda value: type(value) is int and least <= value <= most


def _one_of(*words: str) -> Check:
    return lambda value: type(value) is str and value in words


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _list(check: Check, least: int = 0) -> Check:
    return lambda value: type(value) is list and len(value) >= least and all(map(check, value))


def _map(key: Check, check: Check) -> Check:
    return lambda value: type(value) is dict and all(map(key, value)) and all(map(check, value.values()))


def _closed(named: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Take an object of these keys and no others."""
    known = {**named, **(optional or {})}
    return lambda value: (
        type(value) is dict
        and named.keys() <= value.keys() <= known.keys()
        and all(known[name](one) for name, one in value.items())
    )


def _text(value: Any) -> bool:
    return type(value) is str


def _words(value: Any) -> bool:
    return type(value) is str and 0 < len(value) <= LONGEST


def _day(value: Any) -> bool:
    return type(value) is str and is_day(value)


def _figure(value: Any) -> bool:
    return type(value) in {int, float} and -MOST <= value <= MOST


_ID, _SHA256, _COUNT, _KNOWN = _matches(ID), _matches(SHA256), _whole(0, MOST), _or_none(_whole(0, MOST))
_FILE = {"name": _matches(FILE_NAME), "sha256": _SHA256, "md5": _matches(MD5), "bytes": _COUNT, "rows": _COUNT}
_SOURCE_FILE = _closed({"id": _text, "sha256": _or_none(_SHA256), "bytes": _KNOWN})
_ACCOUNTING = (
    "read",
    "collected",
    "malformed",
    "skipped",
    "accepted",
    "quarantined",
    "suppressed",
    "withheld",
    "refused",
)
_CONDITION = {
    "id": _matches(CONDITION, CONDITION_LONGEST),
    "held": lambda value: type(value) is bool,
    "figure": _or_none(_figure),
    "threshold": _or_none(_figure),
    "what": _text,
}
_MATERIALS = {"owner": _words, "license": _words, "basis": _words, "review_by": _day, "files": _list(_SOURCE_FILE)}
_STATEMENT = _closed(
    {
        "schema": _one_of(VERSION),
        "dataset": _closed({"name": _ID, "purpose": _ID, "as_of": _day}, {"audience": _one_of("internal", "external")}),
        "decision": _one_of("released", "refused"),
        "conditions": _list(_closed(_CONDITION, {"of": _KNOWN}), 1),
        "files": _list(_closed({**_FILE, "logical": _SHA256})),
        "rows": _COUNT,
        "columns": _map(_text, _closed({"type": _text, "role": _text, "technique": _text}, {"level": _or_none(_text)})),
        "sources": _map(_ID, _closed(_MATERIALS)),
        "policy": _SHA256,
        "code": _map(_text, _SHA256),
        "key": _closed({"zone": _ID, "check": _matches(CHECK)}),
        "accounting": _closed({**dict.fromkeys(_ACCOUNTING, _KNOWN), "released": _COUNT}),
        "figures": _map(_text, _or_none(_figure)),
        "signatures": _map(_ID, _whole(1, float("inf"))),
        "expires": _or_none(_day),
    }
)
