"""Accepted records of a version, partition by partition: what its release was made from, before de-identification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from custody.governance.opening import Opened
    from custody.policy import Policy
    from custody.records.zone import Zone


@dataclass(frozen=True)
class Accepted:
    """A version's records with their verdicts, and the policy that now asks for a comparison with them."""

    opened: Opened
    policy: Policy

    @property
    def zone(self) -> Zone:
        """The zone that sealed the records, and will seal the anchor."""
        return self.opened.collected.zone

    @property
    def schema(self) -> dict[str, str]:
        """The schema that the version was collected under."""
        return dict(self.opened.collected.body["schema"])

    def tables(self) -> Iterator[pa.Table]:
        """Yield each partition's accepted records, partitions in the order of their names."""
        return (table.filter(pa.array(~quarantined(broken))) for table, broken in judged(self.opened))


def judged(opened: Opened) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Yield each partition's records and, row by row, which rules that quarantine they break, in the order of names."""
    collected, validated = opened.collected, opened.validated
    verdicts = {one.name: one for one in validated.partitions}
    quarantining = list(validated.body["quarantine_rules"])
    for partition in sorted(collected.partitions):
        table = collected.read(partition)
        verdict = verdicts.get(partition.name)
        if verdict is None or verdict.rows != table.num_rows:
            raise CustodyError(f"{validated.label}: does not judge the records of {collected.label}; run: dvc repro")
        yield table, validated.read(verdict).select(quarantining)


def quarantined(broken: pa.Table) -> NDArray[np.bool_]:
    """Return which records break a rule; a verdict that is missing counts as broken."""
    found = np.zeros(broken.num_rows, dtype=np.bool_)
    for name in broken.column_names:
        found |= pc.fill_null(broken.column(name), pa.scalar(True)).to_numpy()  # noqa: FBT003  # a value
    return found
