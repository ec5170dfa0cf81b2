"""Where the records come from: provenance, digests and counts of every source, and of its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from custody.release.condition import count, entries, section
from custody.reporting.facts.people import personal

if TYPE_CHECKING:
    from custody.reporting.reading import Read

FILES = 50
"""Files of one source that are listed; the receipt holds them all."""


@dataclass(frozen=True)
class File:
    """One file that was read."""

    id: str
    sha256: str
    bytes: int | None
    read: int | None
    collected: int | None
    first: str | None
    """First day; None where there is no time, or times speak of people."""
    last: str | None


@dataclass(frozen=True)
class Source:
    """One source of the policy."""

    id: str
    description: str | None
    owner: str
    license: str
    basis: str
    review_by: str
    purposes: tuple[str, ...]
    missing_columns: tuple[str, ...]
    dropped_fields: int | None
    files: tuple[File, ...]
    files_left_out: int


def sources(read: Read) -> tuple[Source, ...]:
    """Return the sources of collect's receipt, by id."""
    receipt = section(read.body("collect"), "sources")
    return tuple(_source(name, section(receipt, name), dated=not _personal(read, name)) for name in sorted(receipt))


def _personal(read: Read, source: str) -> bool:
    """True where a time of this source speaks of people: then its first and last day are not told."""
    named = read.policy.sources[source].columns if source in read.policy.sources else {}
    times = {name for name, kind in read.policy.fields.items() if kind == "timestamp" and (name in named or not named)}
    return bool(times & personal(read.policy))


def _source(name: str, told: dict[str, Any], *, dated: bool) -> Source:
    files = entries(told.get("files"))
    return Source(
        id=name,
        description=_text(told.get("description")),
        owner=str(told.get("owner")),
        license=str(told.get("license")),
        basis=str(told.get("basis")),
        review_by=str(told.get("review_by")),
        purposes=_texts(told.get("purposes")),
        missing_columns=_texts(told.get("missing_columns")),
        dropped_fields=count(told.get("dropped_fields")),
        files=tuple(_file(one, dated=dated) for one in files[:FILES]),
        files_left_out=max(0, len(files) - FILES),
    )


def _file(told: dict[str, Any], *, dated: bool) -> File:
    return File(
        id=str(told.get("id")),
        sha256=str(told.get("sha256")),
        bytes=count(told.get("bytes")),
        read=count(told.get("read")),
        collected=count(told.get("collected")),
        first=_text(told.get("first")) if dated else None,
        last=_text(told.get("last")) if dated else None,
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
