"""Validate a collected folder: judge each partition, merge, and write each partition's verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError
from custody.quality import confirming, examples, report, verdicts
from custody.quality.bits import unpack
from custody.quality.fingerprints import Seeds
from custody.quality.judging import Judged, Plan, judge
from custody.quality.merging import Merged, merge
from custody.quality.observing import seen_in
from custody.quality.rules import DUPLICATES, Rule, rules
from custody.quality.signals import drift, evaluating, naming
from custody.quality.signals.marking import marked
from custody.quality.signals.seen import Seen
from custody.quality.watch import Watch, watch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from custody.anchor import Anchor
    from custody.policy.quality import Quality
    from custody.quality.bits import Mask
    from custody.quality.observing import Observed
    from custody.quality.signals.naming import Chosen
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
    watched = watch(quality, schema, anchor, partitions, collected.zone)
    judged = list(run(_judge, (collected, plan, watched), partitions, "validate: judge"))
    look = confirming.over(collected, partitions, plan, run)
    merged, ruled = merge(confirming.confirm([one for one, _ in judged], plan, look), plan.rules), plan.rules
    _account(collected, sum(merged.rows))
    named = partial(_named, collected, partitions, run)
    merged, ruled, told = _signals(watched, [one for _, one in judged], (merged, ruled), named)
    drafts = [
        _Draft(partition.name, rows, bits)
        for partition, rows, bits in zip(partitions, merged.rows, merged.verdicts, strict=True)
    ]
    written = list(run(_write, (sink, tuple(rule.id for rule in ruled)), drafts, "validate: write verdicts"))
    body = {
        **report.body(collected.digest, ruled, merged),
        **told,
        "examples": _examples(collected, (ruled, merged), run),
        "anchor": anchor and anchor.digest,
    }
    sink.finish(REPORT, body, written)
    return body


def _judge(shared: tuple[Folder, Plan, Watch | None], partition: Partition) -> tuple[Judged, Observed | None]:
    collected, plan, watched = shared
    table = collected.read(partition, plan.needs, coded=watched is None)
    return judge(table, plan), None if watched is None else seen_in(table, watched, partition.name)


def _signals(
    watched: Watch | None,
    seen: Sequence[Observed | None],
    judged: tuple[Merged, tuple[Rule, ...]],
    look: Callable[[Chosen], list[dict[str, Mask]]],
) -> tuple[Merged, tuple[Rule, ...], dict[str, Any]]:
    """Look for the policy's signals; return verdicts and rules with theirs, and what the report tells of them."""
    merged, ruled = judged
    if watched is None:
        return merged, ruled, {**evaluating.body({}), "drift": []}
    if any(part is None for part in seen):
        return merged, ruled, {**evaluating.body(evaluating.failed(watched.signals)), "drift": []}
    every = Seen(watched, [part for part in seen if part is not None], _copies(merged, ruled))
    outcomes = naming.resolved(every, evaluating.evaluate(every), look)
    told = {**evaluating.body(outcomes), "drift": drift.by_column(every, outcomes.get("drift"))}
    return *marked(merged, ruled, every, outcomes), told


def _named(collected: Folder, partitions: Sequence[Partition], run: Run, chosen: Chosen) -> list[dict[str, Mask]]:
    return list(run(_name, (collected, chosen), partitions, "validate: name records"))


def _name(shared: tuple[Folder, Chosen], partition: Partition) -> dict[str, Mask]:
    collected, chosen = shared
    return naming.masks(collected.read(partition), chosen)


def _copies(merged: Merged, ruled: Sequence[Rule]) -> list[Mask]:
    """Return, per partition, which records are copies; none where that could not be judged."""
    place = [rule.id for rule in ruled].index(DUPLICATES)
    return [unpack(verdict[place], rows) for verdict, rows in zip(merged.verdicts, merged.rows, strict=True)]


def _write(shared: tuple[Sink, tuple[str, ...]], draft: _Draft) -> Partition:
    sink, ids = shared
    return sink.write(draft.name, verdicts.table(draft.bits, draft.rows, ids))


def _examples(collected: Folder, judged: tuple[Sequence[Rule], Merged], run: Run) -> list[dict[str, Any]]:
    """Look the first records up that break each rule, by the order of rules."""
    partitions, (ruled, merged) = sorted(collected.partitions), judged
    wanted = [(partitions[part], rows) for part, rows in examples.places(merged, ruled).items()]
    found = [one for part in run(_look, (collected, ruled), wanted, "validate: examples") for one in part]
    return sorted(found, key=lambda one: str(one["rule"]))


def _look(
    shared: tuple[Folder, Sequence[Rule]], wanted: tuple[Partition, list[tuple[str, int]]]
) -> list[dict[str, Any]]:
    collected, ruled = shared
    partition, rows = wanted
    last = max(row for _, row in rows)
    return examples.examples(collected.head(partition, examples.needs(rows, ruled), last + 1), rows, ruled)


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
