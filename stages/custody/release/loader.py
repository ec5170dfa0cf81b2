"""The rows of a release: everything is checked against the statement before anything is handed out."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from custody.errors import CustodyError, RefusedError, plain
from custody.records import digest, parquet, regular
from custody.release import statement
from custody.release.stated import FILE_NAME, STATEMENT
from custody.release.words import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from custody.release.statement import File, Statement

_AGAIN: Final = "get the release again (dvc checkout, dvc pull)"


def rows(folder: Path, stated: Statement, columns: Sequence[str] | None) -> pa.Table:
    """Return the rows of a release whose statement was read, after checking every file of it against the statement.

    Each file is read once, and the bytes whose SHA-256 was compared are the bytes that are parsed. `columns` names the
    columns to return, in this order; all of them where None. `RefusedError` where something is missing, does not
    belong, is a link, or is not byte for byte what the statement lists; `CustodyError` for an unknown column.
    """
    wanted = _wanted(stated, columns)
    _exactly(folder, stated)
    return pa.concat_tables([_table(folder, file, stated).select(wanted) for file in stated.files])


def verify(folder: Path, stated: Statement) -> None:
    """Refuse a folder that does not hold, byte for byte, exactly what its statement lists."""
    _exactly(folder, stated)
    for file in stated.files:
        _intact(folder, file)


def released(folder: Path) -> tuple[Statement, bytes]:
    """Return the statement of a release, and its bytes; `RefusedError` for none, or with the reasons of a refusal."""
    if not folder.is_dir():
        raise RefusedError(
            f"{plain(folder.name)}: there is no such folder; give the folder of a release (data/released)"
        )
    held = statement.text(folder)
    stated = statement.of(held, folder)
    if not stated.released:
        broken = "; ".join(sentence(condition) for condition in stated.broken)
        raise RefusedError(f"{folder.name}: the gate refused this release: {broken}")
    return stated, held


def _wanted(stated: Statement, columns: Sequence[str] | None) -> list[str]:
    have = _in_order(stated)
    if columns is None:
        return have
    if isinstance(columns, str) or not columns or len(set(columns)) != len(columns):
        raise CustodyError("columns: must be a list of one or more column names, each once")
    unknown = [name for name in columns if name not in stated.columns]
    if unknown:
        raise CustodyError(f"columns: the release has no {', '.join(map(str, unknown))}; it has {', '.join(have)}")
    return list(columns)


def _in_order(stated: Statement) -> list[str]:
    return sorted(stated.columns, key=lambda name: (name != "row_id", name))


def _exactly(folder: Path, stated: Statement) -> None:
    """Refuse a folder that holds more or less than the statement lists; a name that is not listed is not repeated."""
    listed = {file.name for file in stated.files} | {STATEMENT}
    with os.scandir(folder) as found:
        present = {entry.name: entry.is_file(follow_symlinks=False) for entry in found}
    missing, linked = (
        sorted(listed - present.keys()),
        sorted(name for name in listed & present.keys() if not present[name]),
    )
    faults = [f"{name} is missing" for name in missing] + [f"{name} is not a plain file" for name in linked]
    if extra := len(present.keys() - listed):
        faults.append(f"{extra} {'does' if extra == 1 else 'do'} not belong")
    if faults:
        raise RefusedError(f"{folder.name}: does not hold what its statement lists: {'; '.join(faults)}; {_AGAIN}")


def _table(folder: Path, file: File, stated: Statement) -> pa.Table:
    data = _intact(folder, file)
    try:
        table = parquet.decode(data, file.name)
    except CustodyError:
        raise RefusedError(f"{folder.name}/{file.name}: is not a readable Parquet file; {_AGAIN}") from None
    types = {name: str(table.schema.field(name).type) for name in table.column_names}
    if table.num_rows != file.rows or types != {name: column.type for name, column in stated.columns.items()}:
        raise RefusedError(f"{folder.name}/{file.name}: rows or columns are not those of the statement; {_AGAIN}")
    return table


def _intact(folder: Path, file: File) -> bytes:
    data = _read(folder, file)
    if len(data) != file.bytes or digest.sha256(data) != file.sha256:
        raise RefusedError(f"{folder.name}/{file.name}: was altered, its digest is not the statement's; {_AGAIN}")
    return data


def _read(folder: Path, file: File) -> bytes:
    """Read a plain file once, and no more of it than one byte over its stated size."""
    if not re.fullmatch(FILE_NAME, file.name):
        raise RefusedError(f"{folder.name}: the statement names a file outside the release; {_AGAIN}")
    try:
        held = regular.read(folder / file.name, file.bytes + 1)
    except OSError as error:
        raise RefusedError(f"{folder.name}/{file.name}: cannot be read ({error.strerror}); {_AGAIN}") from None
    if held is None:
        raise RefusedError(f"{folder.name}/{file.name}: is not a plain file; {_AGAIN}")
    return held


def frame(table: pa.Table) -> pd.DataFrame:
    """Return the rows as a pandas frame; its types do not depend on whether a column holds nulls."""
    import pandas as pd  # noqa: PLC0415  # late: a load into Arrow does without

    kinds = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    whole: pd.DataFrame = table.to_pandas(types_mapper=kinds.get, split_blocks=True, self_destruct=True)
    return whole
