"""anonymize: accepted records, de-identified, and a measured answer to what is left of people in them.

Two passes over the partitions: `gathering` finds what only the whole data set tells, `candidate` writes and measures.
Where the policy microaggregates, `learning` goes before them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError
from custody.privacy import candidate, injectivity, report, tracing
from custody.privacy.attack.attacking import attack
from custody.privacy.detect import presidio
from custody.privacy.gathering import gather
from custody.privacy.inputs import open_inputs
from custody.privacy.leaks.searching import search_for
from custody.privacy.learning import learnt
from custody.privacy.text import known
from custody.privacy.totals import First, Second

if TYPE_CHECKING:
    from custody.anchor import Anchor
    from custody.policy.dataset import Dataset
    from custody.policy.privacy import Privacy
    from custody.records.folder import Folder, Sink
    from custody.records.run import Run

REPORT = "report.json"


def anonymize(  # noqa: PLR0913, PLR0917  # what a stage is: what it reads, its two sections, where to, and how
    collected: Folder,
    validated: Folder,
    dataset: Dataset,
    privacy: Privacy,
    sink: Sink,
    run: Run,
    anchor: Anchor | None = None,
) -> dict[str, Any]:
    """Write the candidate to `sink` and return its report, which then stands in the folder too.

    A record goes on where it breaks no quarantining rule, is not withheld (`withhold`), is not left out
    (`suppressing`) and, unless `on_violation` is refuse, is in no group that misses `k`, `l`, `l_entropy` or `t` on
    the levels that were chosen (`settling`). The result does not depend on the engine, and but for the partitions'
    names not on how the records are cut into partitions. `CustodyError` when the two folders are not of one run, or
    when a record is not accounted for.
    """
    presidio.require(privacy.columns.items())
    inputs = learnt(open_inputs(collected, validated, dataset, privacy), run)
    pairs = inputs.pairs()
    first = First(inputs)
    for gathered in run(gather, inputs, pairs, "anonymize: gather"):
        first.add(gathered)
    names = known.build(first.identifiers(), privacy.columns, inputs.collected.zone, privacy.not_personal)
    settled = first.settle()
    earlier = tracing.known_from(anchor and anchor.part(tracing.PART), settled.inputs)
    job = candidate.Job(settled.inputs, search_for(names), settled.small, sink)
    second = Second(settled.inputs, job.search)
    for outcome in run(candidate.write, job, pairs, "anonymize: write"):
        second.add(outcome)
    injectivity.require(second.tokens())
    attacks = report.Attacks(attack(settled.inputs, first.guesses(), second.targets(), run), earlier)
    body = {**report.body(settled, first, second, names, attacks), "anchor": anchor and anchor.digest}
    _account(body, validated)
    sink.finish(REPORT, body, second.partitions)
    return body


def _account(body: dict[str, Any], validated: Folder) -> None:
    counts = body["accounting"]
    parts = counts["candidate"] + counts["suppressed"] + counts["withheld"]
    told = validated.body.get("accounting", {}).get("accepted")
    if counts["accepted"] != parts or counts["accepted"] != told:
        raise CustodyError(
            f"{validated.label}: {told} records were accepted, {counts['accepted']} found and {parts} accounted for; "
            "run dvc repro"
        )
