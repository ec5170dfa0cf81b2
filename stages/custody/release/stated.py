"""The release statement as plain values: what is one, and what a comparison reads of it.

The models of `statement` take longer to start. They are built of nothing that is refused here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from custody.errors import RefusedError
from custody.policy import checks
from custody.policy.forms import CHECK, SHA256

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    signatures: dict[str, int]
    """How many signers of each role, each of another owner, must vouch for it."""

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
        value["signatures"],
    )


def check(value: dict[str, Any], where: str) -> None:
    """Check a statement's JSON; `RefusedError` for one of another version, altered or incomplete."""
    if value.get("schema") != VERSION:
        raise RefusedError(f"{where}: is not of version {VERSION}; load it with the Custody release that wrote it")
    if _STATEMENT(value) is not None or not _is_one_piece(value):
        raise altered(where)


def altered(where: str) -> RefusedError:
    """Return the error for what no gate wrote."""
    return RefusedError(f"{where}: is incomplete or was altered; {AGAIN}")


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


def _is_figure(value: Any) -> bool:
    return type(value) in {int, float} and -MOST <= value <= MOST


_ID, _SHA256, _COUNT = checks.name, checks.matches(SHA256), checks.whole(0, MOST)
_KNOWN, _FIGURE = checks.or_none(_COUNT), checks.or_none(checks.when(_is_figure))
_FILE = {
    "name": checks.matches(FILE_NAME),
    "sha256": _SHA256,
    "md5": checks.matches(MD5),
    "bytes": _COUNT,
    "rows": _COUNT,
}
_SOURCE_FILE = checks.closed({"id": checks.text, "sha256": checks.or_none(_SHA256), "bytes": _KNOWN})
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
    "id": checks.matches(CONDITION, CONDITION_LONGEST),
    "held": checks.when(lambda value: type(value) is bool),
    "figure": _FIGURE,
    "threshold": _FIGURE,
    "what": checks.text,
}
_MATERIALS = {
    "owner": checks.words,
    "license": checks.words,
    "basis": checks.words,
    "review_by": checks.day,
    "files": checks.listed(_SOURCE_FILE),
}
_STATEMENT = checks.closed(
    {
        "schema": checks.one_of(VERSION),
        "dataset": checks.closed(
            {"name": _ID, "purpose": _ID, "as_of": checks.day}, {"audience": checks.one_of("internal", "external")}
        ),
        "decision": checks.one_of("released", "refused"),
        "conditions": checks.listed(checks.closed(_CONDITION, {"of": _KNOWN}), 1),
        "files": checks.listed(checks.closed({**_FILE, "logical": _SHA256})),
        "rows": _COUNT,
        "columns": checks.mapped(
            checks.text,
            checks.closed(
                {"type": checks.text, "role": checks.text, "technique": checks.text},
                {"level": checks.or_none(checks.text)},
            ),
        ),
        "sources": checks.mapped(_ID, checks.closed(_MATERIALS)),
        "policy": _SHA256,
        "code": checks.mapped(checks.text, _SHA256),
        "key": checks.closed({"zone": _ID, "check": checks.matches(CHECK)}),
        "accounting": checks.closed({**dict.fromkeys(_ACCOUNTING, _KNOWN), "released": _COUNT}),
        "figures": checks.mapped(checks.text, _FIGURE),
        "signatures": checks.mapped(_ID, checks.whole(1)),
        "expires": checks.or_none(checks.day),
    }
)
