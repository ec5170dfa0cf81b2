"""`custody.load`: a release is verified before the first row of it is handed over. No secret key is needed."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from custody.governance.audit import log
from custody.records import digest
from custody.release import loader
from custody.release.words import counted
from custody.trust import places, tracking, vouching

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import pyarrow as pa


@overload
def load(
    path: str | os.PathLike[str],
    *,
    arrow: Literal[False] = False,
    columns: Sequence[str] | None = None,
    trusted: str | os.PathLike[str] | None = None,
    retractions: str | os.PathLike[str] | None = None,
) -> pd.DataFrame: ...
@overload
def load(
    path: str | os.PathLike[str],
    *,
    arrow: Literal[True],
    columns: Sequence[str] | None = None,
    trusted: str | os.PathLike[str] | None = None,
    retractions: str | os.PathLike[str] | None = None,
) -> pa.Table: ...
def load(
    path: str | os.PathLike[str],
    *,
    arrow: bool = False,
    columns: Sequence[str] | None = None,
    trusted: str | os.PathLike[str] | None = None,
    retractions: str | os.PathLike[str] | None = None,
) -> Any:
    """Return the rows of a release, after checking who vouches for it and every file of it against its statement.

    The bytes whose SHA-256 was compared are the bytes that are parsed. Signatures are looked for in `signatures` beside
    the folder; what nobody signed loads only where it was made. The audit log has an entry of it; where none can be
    written, a line says so, and the release loads. One line on stderr says what was loaded, who vouches for it, and
    what could not be checked. Where MLflow is imported and has an active run, the release becomes an input of that run.

    Args:
        path: Folder of the release, such as `data/released`; it may be a link, nothing in it may.
        arrow: Return a `pyarrow.Table` instead of a pandas frame.
        columns: Names of the columns to return, in this order; all where None. Every file is checked all the same.
        trusted: File of the keys that you believe; else `CUSTODY_TRUST`, else that of the main branch of the project in
            the work directory; never that of a project that the folder came with.
        retractions: File or URL of the newest retractions; else those of the project whose data/released the folder is.

    Returns:
        One row per released record, files by name and rows in the order of the file; `row_id` (32 hex digits) first and
        no index, the other columns by name. Types in pandas (Arrow), whether or not a column holds nulls: texts,
        addresses and pseudonyms `str` (string), times `datetime64[us, UTC]` (timestamp[us, tz=UTC]), numbers `float64`
        with NaN for null (double), integers `Int64` (int64), booleans `boolean` (bool).

    Raises:
        RefusedError: The gate refused the release (the message names the broken conditions), it is unsigned, retracted,
            expired or since refused, or the folder is not byte for byte what the statement lists, and nothing else.
        CustodyError: `columns` names what the release does not have; trusted keys or retractions cannot be read.
    """
    return _opened(Path(path), columns, trusted, retractions, arrow=arrow)


def _opened(
    folder: Path,
    columns: Sequence[str] | None,
    trusted: str | os.PathLike[str] | None,
    retractions: str | os.PathLike[str] | None,
    *,
    arrow: bool,
) -> Any:
    root = places.around(folder) or places.around(Path()) or Path()
    with log.noted("load", root) as logged:
        stated, text = loader.released(folder)
        logged.release = named = digest.sha256(text)
        known = places.known(
            folder, None if trusted is None else Path(trusted), None if retractions is None else os.fspath(retractions)
        )
        vouched = vouching.vouched(folder.name, text, stated, known, dt.datetime.now(dt.UTC).date())
        table = loader.rows(folder, stated, columns)
    what = f"{counted(stated.rows, 'row')}, {counted(table.num_columns, 'column')}"
    said = f"custody: loaded {stated.dataset.name}: {what}, released under policy {stated.policy[:12]}, {vouched}"
    said += tracking.log(stated, named)
    print(said, file=sys.stderr)  # noqa: T201  # promised to the user: what was loaded, in one line
    return table if arrow else loader.frame(table)
