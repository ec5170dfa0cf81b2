"""From question to figures: ask, open, bound, measure, pay, and only then show."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError, RefusedError
from custody.governance import opening
from custody.governance.audit.entry import Event
from custody.privacy.inputs import open_inputs
from custody.statistics import ledger
from custody.statistics.bounding import bounded
from custody.statistics.measuring import Figure, measure

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from custody.policy import Policy
    from custody.policy.budget import Budget
    from custody.records.run import Run
    from custody.statistics.queries import Query


@dataclass(frozen=True)
class Request:
    """What is to be published, for how much, and why the data is opened."""

    queries: tuple[Query, ...]
    epsilon: float
    delta: float
    reason: str


@dataclass(frozen=True)
class Published:
    """Figures, what they cost, and what is left of the budget."""

    dataset: str
    subject: str
    records: int
    figures: tuple[Figure, ...]
    epsilon: float
    delta: float
    left: tuple[float, float]

    def document(self) -> dict[str, Any]:
        """Return everything as JSON holds it."""
        return {
            "dataset": self.dataset,
            "unit": "subject",
            "records_per_subject": self.records,
            "epsilon": self.epsilon,
            "delta": self.delta,
            "budget_left": {"epsilon": self.left[0], "delta": self.left[1]},
            "statistics": [asdict(figure) for figure in self.figures],
        }


def publish(root: Path, policy: Policy, request: Request, now: dt.datetime, run: Run) -> Published:
    """Return the figures, paid for: the ledger's entry is on the disk. Nothing is spent where anything fails before.

    The audit log has an entry before the data is opened.
    """
    budget = _budget(policy, request)
    ledger.refuse_beyond(root, budget, request.epsilon, request.delta)
    asked = [query.name for query in request.queries]
    granted = opening.grant(
        Event("statistics", reason=request.reason, about={"zone": policy.keys.zone, "asked": tuple(asked)}), root
    )
    opened = opening.records(granted, root / "data", policy.keys)
    inputs = open_inputs(opened.collected, opened.validated, policy.dataset, policy.privacy)
    table = bounded(inputs, request.queries, budget.records, run)
    figures = measure(table, request.queries, budget.records, request.epsilon, request.delta)
    spent = (request.epsilon, request.delta)  # what was asked for; the measurements cost no more
    costs = [math.fsum(getattr(one, name) for one in figures) for name in ("epsilon", "delta")]
    if any(cost > most * (1 + 1e-12) for cost, most in zip(costs, spent, strict=True)):
        raise CustodyError("the noise costs more than was asked for; nothing was published; report this")
    entry = ledger.Entry(
        now.date().isoformat(),
        policy.dataset.name,
        policy.digest(),
        opened.collected.digest,
        tuple(asked),
        budget.records,
        *spent,
    )
    left = ledger.spend(root, budget, entry)
    return Published(policy.dataset.name, str(policy.privacy.subject), budget.records, tuple(figures), *spent, left)


def _budget(policy: Policy, request: Request) -> Budget:
    budget = policy.privacy.budget
    if budget is None:
        raise CustodyError("privacy.budget: is missing; say what may be spent on the people in the data")
    if not 0 < request.epsilon <= budget.epsilon:
        raise RefusedError(f"--epsilon: must be above 0 and at most the whole budget, {budget.epsilon:g}")
    if any(query.kind == "discover" for query in request.queries) != (request.delta > 0):
        raise CustodyError("--delta: is what --discover costs; give both or neither")
    return budget
