"""Validate a collected folder: judge each partition, merge, and write each partition's verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError
from custody.quality import report, verdicts
from custody.quality.fingerprints import Seeds
from custody.quality.judging import Judged, Plan, judge
from custody.quality.merging import merge
from custody.quality.rules import rules

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from custody.anchor import Anchor
    from custody.policy.quality import Quality
    from custody.records.folder import Folder, Partition, Sink
    from custody.records.run import Run

REPORT = "report.json"


@dataclass(frozen=True)
class _Draft:
    """Verdicts of one partition, to be written under its name."""

    name: str
    rows: int
    bits: NDArray[np.uint8]


def validate(collected: Folder, quality: Quality, sink: Sink, run: Run, anchor: Anchor | None = None) -> dict[str, Any]:
    """Give every collected record a verdict and return the report, which it has written with the verdicts.

    One verdict partition per collected one, of the same name and order of rows. Results depend on the records and their
    order, not on the engine or on how the records are cut into partitions.
    """
    schema = _schema(collected)
    plan = Plan(rules(quality), tuple(sorted(schema)), quality, Seeds.of(collected.zone))
    partitions = sorted(collected.partitions)
    merged = merge(list(run(_judge, (collected, plan), partitions, "validate: judge")), plan.rules)
    _account(collected, sum(merged.rows))
    drafts = [
        _Draft(partition.name, rows, bits)
        for partition, rows, bits in zip(partitions, merged.rows, merged.verdicts, strict=True)
    ]
    written = list(run(_write, (sink, tuple(rule.id for rule in plan.rules)), drafts, "validate: write verdicts"))
    body = {**report.body(collected.digest, plan.rules, merged), "anchor": anchor and anchor.digest}
    sink.finish(REPORT, body, written)
    return body


def _judge(shared: tuple[Folder, Plan], partition: Partition) -> Judged:
    collected, plan = shared
    return judge(collected.read(partition, plan.needs), plan)


def _write(shared: tuple[Sink, tuple[str, ...]], draft: _Draft) -> Partition:
    sink, ids = shared
    return sink.write(draft.name, verdicts.table(draft.bits, draft.rows, ids))


def _schema(collected: Folder) -> dict[str, str]:
    schema = collected.body.get("schema")
    if collected.body.get("stage") != "collect" or not isinstance(schema, dict) or not schema:
        raise CustodyError(f"{collected.label}: is no folder that collect wrote; give validate the one that it wrote")
    return schema


def _account(collected: Folder, rows: int) -> None:
    """Stop when the partitions hold another number of records than collect counted."""
    counted = collected.body.get("accounting", {}).get("collected")
    if counted != rows:
        raise CustodyError(
            f"{collected.label}: the receipt counts other records than the partitions hold; run collect again"
        )
