"""Where the records come from: provenance, digests and counts of every source, and of its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from custody.release.condition import count, entries, section

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
    return tuple(_source(name, section(receipt, name)) for name in sorted(receipt))


def _source(name: str, told: dict[str, Any]) -> Source:
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
        files=tuple(map(_file, files[:FILES])),
        files_left_out=max(0, len(files) - FILES),
    )


def _file(told: dict[str, Any]) -> File:
    return File(
        id=str(told.get("id")),
        sha256=str(told.get("sha256")),
        bytes=count(told.get("bytes")),
        read=count(told.get("read")),
        collected=count(told.get("collected")),
        first=_text(told.get("first")),
        last=_text(told.get("last")),
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
