"""The candidate's files: measured before the decision, unsealed after it, and never rewritten."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import CustodyError
from custody.records import digest, parquet
from custody.release.stated import FILE_NAME, SUFFIX
from custody.release.statement import File

if TYPE_CHECKING:
    from pathlib import Path

    from custody.records.folder import Folder, Partition
    from custody.records.run import Run


@dataclass(frozen=True)
class Measured:
    """What the gate itself found in the files; `unlicensed` is None where no license was looked for or found."""

    rows: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    """Arrow type by column, in the order of the files."""
    unlicensed: int | None = None
    marks: tuple[bytes, ...] = ()
    """What tells each partition's content, in their order."""


@dataclass(frozen=True)
class _Measuring:
    folder: Folder
    license_column: str | None
    licenses: tuple[str, ...]


@dataclass(frozen=True)
class _Releasing:
    folder: Folder
    target: Path


def measure(folder: Folder, license_column: str | None, licenses: tuple[str, ...], run: Run) -> Measured:
    """Open every partition, check its rows against the report, and count rows without an allowed license.

    The values are those of the report, whose MAC holds, where the digest of the sealed bytes is: only columns and rows,
    which stand in the footer, and the license are read. `CustodyError` when a partition is not the one reported or
    when two have different columns.
    """
    shared = _Measuring(folder, license_column, licenses)
    found = list(run(_measure, shared, folder.partitions, "gate: check"))
    if any(one.columns != found[0].columns or list(one.columns) != list(found[0].columns) for one in found):
        raise CustodyError(
            f"{folder.label}: its files differ in their columns; run the stage again: dvc repro anonymize"
        )
    counts = [one.unlicensed for one in found if one.unlicensed is not None]
    unlicensed = sum(counts) if found and len(counts) == len(found) else None
    marks = tuple(mark for one in found for mark in one.marks)
    return Measured(sum(one.rows for one in found), found[0].columns if found else {}, unlicensed, marks)


def release(folder: Folder, measured: Measured, target: Path, run: Run) -> tuple[File, ...]:
    """Write every partition's Parquet file, the one that was measured, to `target`, byte for byte as it was sealed.

    Files come by name.
    """
    wanted = list(zip(folder.partitions, measured.marks, strict=True))
    return tuple(sorted(run(_release, _Releasing(folder, target), wanted, "gate: release"), key=_name))


def _name(file: File) -> str:
    return file.name


def _measure(shared: _Measuring, partition: Partition) -> Measured:
    if not re.fullmatch(FILE_NAME, partition.name + SUFFIX):
        raise CustodyError(f"{shared.folder.label}: a partition has a name that no stage gives; run the stage again")
    where, (data, mark) = f"{shared.folder.label}/{partition.name}", shared.folder.marked(partition)
    rows, types = parquet.outline(data, where)
    if rows != partition.rows:
        raise CustodyError(f"{where}: its rows are not those of the report; run the stage again: dvc repro anonymize")
    column = shared.license_column
    licensed = column is not None and types.get(column) == "string"
    unlicensed = _unlicensed(parquet.decode(data, where, [str(column)]), shared) if licensed else None
    return Measured(rows, types, unlicensed, (mark,))


def _unlicensed(table: pa.Table, shared: _Measuring) -> int:
    allowed = pc.is_in(table.column(shared.license_column), value_set=pa.array(shared.licenses, pa.string()))
    return int(table.num_rows - (pc.sum(allowed.cast(pa.int64())).as_py() or 0))


def _release(shared: _Releasing, wanted: tuple[Partition, bytes]) -> File:
    partition, mark = wanted
    data = shared.folder.again(partition, mark)
    name = partition.name + SUFFIX
    (shared.target / name).write_bytes(data)
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()  # the name under which DVC keeps the file
    return File(
        name=name, sha256=digest.sha256(data), md5=md5, bytes=len(data), rows=partition.rows, logical=partition.logical
    )
