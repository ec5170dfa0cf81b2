"""Make the anchor: one named part for each comparison that a later run makes with the pinned version.

A part is a table of integers, keyed hashes and policy words; no value of a record is in it. To compare something else
with the pinned version, write a function of `Accepted` that returns its tables, and add a line to `PARTS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from custody.anchor.pinned import MANIFEST, VERSION
from custody.errors import CustodyError
from custody.history import audited, histograms, profiled, traced
from custody.records.folder import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pyarrow as pa

    from custody.history.accepted import Accepted

PARTS: Final[tuple[Callable[[Accepted], Mapping[str, pa.Table]], ...]] = (
    profiled.parts,
    histograms.parts,
    audited.parts,
    traced.parts,
)
"""What makes parts, each by its name; the name is a file's, so it is in lower case."""


def pin(accepted: Accepted, revision: str, target: Path) -> dict[str, Any]:
    """Write the anchor to `target`, whole or not at all, and return its manifest's body."""
    zone = accepted.zone
    rows = sum(table.num_rows for table in accepted.tables())
    if not rows:
        raise CustodyError(
            "REV: no record of it was accepted, so there is nothing to compare with; pin another version"
        )
    body: dict[str, Any] = {
        "schema_version": VERSION,
        "revision": revision,
        "key": {"zone": zone.name, "check": zone.check},
        "schema": accepted.schema,
        "rows": rows,
        "collected": accepted.opened.collected.digest,
        "validated": accepted.opened.validated.digest,
    }
    with replace(target, zone, accepted.policy.digests("quality")) as sink:
        made = {name: table for make in PARTS for name, table in make(accepted).items()}
        written = [sink.write(name, table) for name, table in sorted(made.items())]
        sink.finish(MANIFEST, body, written)
    return body
