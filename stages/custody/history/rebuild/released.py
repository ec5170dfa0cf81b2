"""Which rows and columns of a release are others when it is built anew: counts, as people may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from custody.history import rows_shown
from custody.history.counts import Counts
from custody.history.releases import RELEASED
from custody.history.rows import compare
from custody.records import parquet
from custody.release.stated import SUFFIX

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from custody.history.version import Version

WORDS: Final = {"added": "rebuilt alone", "removed": "recorded alone"}


def differences(version: Version, project: Path) -> list[str]:
    """Return a line for the rows, and one for the columns where there are changed rows."""
    recorded = {name: version.table(name) for name in version.listing or {} if name.endswith(SUFFIX)}
    if version.statement is None or any(table is None for table in recorded.values()):
        return ["the recorded release is not in DVC's cache, so rows were not compared"]
    before = {name.removesuffix(SUFFIX): table for name, table in recorded.items() if table is not None}
    return lines(sum(compare(before, rebuilt(project), lambda _: "file").values(), Counts()), version.k)


def rebuilt(project: Path) -> dict[str, pa.Table]:
    """Return the tables of the release that was built anew, by the name of their partition."""
    files = sorted((project / RELEASED).glob(f"*{SUFFIX}"))
    return {path.stem: parquet.decode(path.read_bytes(), path.name) for path in files}


def lines(found: Counts, k: int) -> list[str]:
    """Return what to tell of rows that differ, as people may see them who know how many rows there were and are."""
    told = rows_shown.of_all(found, k)
    counts = [f"{told[name]} {WORDS.get(name, name)}" for name in rows_shown.NAMES if told[name]]
    columns = sorted(told["changed_columns"])
    return [f"rows: {', '.join(counts) or 'too few to tell'}"] + [f"columns: {', '.join(columns)}"] * bool(columns)
