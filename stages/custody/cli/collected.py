"""What collect's receipt says of each file, for people: no key needed, no value and no file name in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError
from custody.records.plain import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from custody.policy.sources import Source

NOTHING = "-"


@dataclass(frozen=True)
class Collected:
    """One collected file as the receipt describes it."""

    id: str
    source: str
    description: str | None
    owner: str
    license: str
    basis: str
    review_by: str
    purposes: tuple[str, ...]
    sha256: str
    bytes: int
    read: int
    rows: int
    """Records that became rows of data/collected."""
    malformed: int
    skipped: int
    first: str | None
    last: str | None
    """Days in UTC of the earliest and the latest record; the receipt tells no closer time."""
    columns: dict[str, str]
    """Columns that the source fills and their types; none where the policy no longer names the source."""

    def summary(self) -> dict[str, Any]:
        """Return what `list` shows."""
        keys = ("id", "source", "description", "first", "last", "sha256", "rows")
        return {key: getattr(self, key) for key in keys} | {"columns": sorted(self.columns)}

    def full(self) -> dict[str, Any]:
        """Return everything."""
        return asdict(self)


def files(receipt: Path, sources: Mapping[str, Source]) -> list[Collected]:
    """Read the receipt; files in the order of source and id. `sources` are the policy's: they name columns."""
    body = read_json(receipt)
    try:
        found = [
            _file(source, entry, file, _columns(body["schema"], entry, sources.get(source)))
            for source, entry in body["sources"].items()
            for file in entry["files"]
        ]
    except (KeyError, TypeError, AttributeError):
        raise CustodyError(
            f"{receipt.parent.name}/{receipt.name}: is not a receipt that collect writes; run: dvc repro collect"
        ) from None
    return sorted(found, key=lambda one: (one.source, one.id))


def _columns(schema: dict[str, str], entry: dict[str, Any], source: Source | None) -> dict[str, str]:
    filled = set(source.columns if source is not None else ()) - set(entry["missing_columns"])
    return {column: kind for column, kind in sorted(schema.items()) if column in filled}


def _file(source: str, entry: dict[str, Any], file: dict[str, Any], columns: dict[str, str]) -> Collected:
    return Collected(
        id=file["id"],
        source=source,
        description=entry["description"],
        owner=entry["owner"],
        license=entry["license"],
        basis=entry["basis"],
        review_by=entry["review_by"],
        purposes=tuple(entry["purposes"]),
        sha256=file["sha256"],
        bytes=file["bytes"],
        read=file["read"],
        rows=file["collected"],
        malformed=file["malformed"],
        skipped=file["skipped"],
        first=file["first"],
        last=file["last"],
        columns=columns,
    )


def table(found: Sequence[Collected]) -> str:
    """Return aligned columns, one line per file."""
    head = ("FILE", "SOURCE", "ROWS", "COLUMNS", "FIRST", "LAST", "SHA256", "DESCRIPTION")
    lines = [head] + [
        (
            one.id,
            one.source,
            f"{one.rows:,}",
            str(len(one.columns)),
            one.first or NOTHING,
            one.last or NOTHING,
            one.sha256[:12],
            one.description or NOTHING,
        )
        for one in found
    ]
    right = {2, 3}
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def details(found: Sequence[Collected]) -> str:
    """Return every figure, one per line, files parted by an empty line."""
    return "\n\n".join("\n".join(_lines(one)) for one in found)


def _lines(one: Collected) -> list[str]:
    figures = {
        "file": one.id,
        "source": one.source,
        "description": one.description or NOTHING,
        "owner": one.owner,
        "license": one.license,
        "legal basis": one.basis,
        "review by": one.review_by,
        "purposes": ", ".join(one.purposes),
        "sha256": one.sha256,
        "bytes": f"{one.bytes:,}",
        "records read": f"{one.read:,}",
        "rows": f"{one.rows:,}",
        "malformed": f"{one.malformed:,}",
        "skipped": f"{one.skipped:,}",
        "first day": one.first or NOTHING,
        "last day": one.last or NOTHING,
        "columns": ", ".join(f"{column} ({kind})" for column, kind in one.columns.items()) or NOTHING,
    }
    width = max(map(len, figures))
    return [f"{name.ljust(width)}  {text}" for name, text in figures.items()]
