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
        collected, validated = self.opened.collected, self.opened.validated
        verdicts = {one.name: one for one in validated.partitions}
        quarantining = list(validated.body["quarantine_rules"])
        for partition in sorted(collected.partitions):
            table = collected.read(partition)
            verdict = verdicts.get(partition.name)
            if verdict is None or verdict.rows != table.num_rows:
                raise CustodyError(
                    f"{validated.label}: does not judge the records of {collected.label}; run: dvc repro"
                )
            broken = validated.read(verdict).select(quarantining)
            accepted = np.ones(table.num_rows, dtype=np.bool_)
            for name in quarantining:
                accepted &= ~pc.fill_null(broken.column(name), pa.scalar(True)).to_numpy()  # noqa: FBT003  # a value
            yield table.filter(pa.array(accepted))
