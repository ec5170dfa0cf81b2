"""Traces of an earlier version, for the anchor to carry and for a later candidate to be attacked with.

A part of the anchor holds, of at most 2,000 people, keyed hashes of subject and of events as the present policy treats
their quasi-identifiers, and the digest of that treatment: hashes of another treatment or key are of no use.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custody.privacy import risk
from custody.privacy.gathering import groups_of, subjects_of
from custody.privacy.inputs import open_inputs
from custody.privacy.learning import learnt
from custody.privacy.merging import Merging
from custody.privacy.risk import linkability
from custody.privacy.risk.linkability import Known

if TYPE_CHECKING:
    from custody.policy.dataset import Dataset
    from custody.policy.privacy import Privacy
    from custody.privacy.inputs import Inputs, Pair
    from custody.records.folder import Folder
    from custody.records.run import Run

PART = "traces"
NONE = pa.Table.from_batches([], pa.schema({"subject": pa.int64(), "event": pa.int64(), "treatment": pa.string()}))
"""What the anchor carries where the policy does not ask for this attack."""


def pinned(collected: Folder, validated: Folder, dataset: Dataset, privacy: Privacy, run: Run) -> pa.Table:
    """Return the traces of the records of an earlier version that may be used, as a part of the anchor.

    `CustodyError` where that version has other columns than the policy, which could not be compared.
    """
    if privacy.linkability is None or not privacy.linkability.anchor:
        return NONE
    inputs = learnt(open_inputs(collected, validated, dataset, privacy), run)
    merging = Merging(risk.merge, len)
    for part in run(_groups, inputs, inputs.pairs(), "anchor: traces"):
        merging.add(part)
    known = linkability.earlier(merging.total(), inputs.seeds.draw)
    treatment = [treated(inputs)] * len(known.subject)
    return pa.table(
        {"subject": known.subject.view(np.int64), "event": known.event.view(np.int64), "treatment": treatment},
        schema=NONE.schema,
    )


def known_from(part: pa.Table | None, inputs: Inputs) -> Known | None:
    """Return what the anchor's part tells; None without one, and where it was made for another treatment."""
    if part is None or not part.num_rows or set(part.column("treatment").unique().to_pylist()) != {treated(inputs)}:
        return None
    return Known(*(part.column(name).to_numpy().view(np.uint64) for name in ("subject", "event")))


def treated(inputs: Inputs) -> str:
    """Digest of what makes two releases' events equal: the quasi-identifiers' treatments and the subject column."""
    columns = {name: inputs.privacy.columns[name].model_dump(mode="json") for name in inputs.quasi}
    named = {name: one.model_dump(mode="json") for name, one in inputs.privacy.hierarchies.items()}
    text = json.dumps([columns, named, inputs.privacy.subject], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _groups(inputs: Inputs, pair: Pair) -> risk.Groups:
    """Return who has which event in one partition."""
    subject = str(inputs.privacy.subject)
    table = inputs.read(pair, {*inputs.judged_columns(), *inputs.quasi, subject})
    usable = table.filter(pa.array(inputs.usable(pair, table)))
    return risk.summarize(groups_of(inputs, usable), subjects_of(inputs, usable), inputs.seeds.subject)
