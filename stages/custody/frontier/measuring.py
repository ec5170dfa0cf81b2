"""One point of the frontier per step: k in subjects, unicity, rows in groups below k, and the detector's macro-F1."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import CustodyError
from custody.frontier import detector
from custody.frontier.records import features, label, usable
from custody.frontier.steps import Step, released, steps
from custody.privacy import risk
from custody.privacy.gathering import subjects_of
from custody.privacy.learning import learnt
from custody.privacy.risk import unicity
from custody.privacy.risk.traces import traces

if TYPE_CHECKING:
    from collections.abc import Callable

    from custody.privacy.inputs import Inputs
    from custody.records.run import Run

KNOWN = 4
"""Events of a person that an attacker knows (de Montjoye and others 2013)."""


@dataclass(frozen=True)
class Point:
    """One step; `cost` is what macro-F1 loses against the raw features, None where no detector could be judged."""

    step: int
    treatment: str
    k: int
    unicity: float
    suppressed: int
    rows: int
    macro_f1: float | None
    cost: float | None


@dataclass(frozen=True)
class Frontier:
    """Every step, and the macro-F1 of a detector that learns the raw features."""

    k: int
    rows: int
    raw_macro_f1: float | None
    points: tuple[Point, ...]

    def document(self) -> dict[str, Any]:
        """Return everything as JSON holds it."""
        return asdict(self) | {"known_events": KNOWN}


def measure(inputs: Inputs, run: Run, k: int | None = None, told: Callable[[int, int], None] | None = None) -> Frontier:
    """Measure every step over all records that may be released; rows of groups below `k` are not learnt from.

    `told` is called with the steps done and their number.
    """
    least = k or inputs.privacy.k
    if least is None or inputs.privacy.subject is None or not inputs.quasi:
        raise CustodyError(
            "frontier: needs privacy.subject, at least one quasi column and a k (privacy.k or --k) to count people by"
        )
    inputs = learnt(inputs, run)
    table = usable(inputs, run)
    trial = _Trial(inputs, table)
    ladder = steps(inputs)
    points = []
    for step in ladder:
        points.append(_point(inputs, table, step, least, trial))
        if told is not None:
            told(len(points), len(ladder))
    return Frontier(least, table.num_rows, trial.raw, tuple(points))


class _Trial:
    """The split, the label and the raw features' macro-F1, the same for every step."""

    def __init__(self, inputs: Inputs, table: pa.Table) -> None:
        self.subjects = subjects_of(inputs, table)
        self.label = table.column(label(inputs)).combine_chunks()
        known = pc.is_valid(self.subjects).to_numpy()
        self.tried = detector.trial(risk.hashes(self.subjects, inputs.seeds.subject), known=known)
        raw = {name: table.column(name).combine_chunks() for name in features(inputs)}
        self.raw = detector.macro_f1(raw, self.label, ~self.tried, self.tried)


def _point(inputs: Inputs, table: pa.Table, step: Step, k: int, trial: _Trial) -> Point:
    columns = released(inputs, table, step, sorted({*inputs.quasi, *features(inputs)}))
    quasi = pa.table({name: columns[name] for name in inputs.quasi})
    groups = risk.groups_of(quasi, inputs.seeds.quasi)
    pairs = risk.summarize(groups, trial.subjects, inputs.seeds.subject)
    small = risk.contains(risk.below(pairs, k), groups)
    seen = {name: columns[name] for name in features(inputs) if name in columns}
    score = detector.macro_f1(seen, trial.label, ~trial.tried & ~small, trial.tried)
    singled = unicity.measure(traces(pairs), KNOWN, inputs.seeds.draw)
    cost = round(trial.raw - score, detector.DIGITS) if trial.raw is not None and score is not None else None
    return Point(
        step.number,
        step.words(),
        int(risk.measure(pairs, k).k_smallest or 0),
        singled.value if singled else 0.0,
        int(np.count_nonzero(small)),
        table.num_rows,
        score,
        cost,
    )
