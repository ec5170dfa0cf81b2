"""What anonymize tells: its report, the figures for `dvc metrics`, and one line.

Counts only. In `columns`, `rows` are the rows that hold a value and `distinct` how many values those are (an estimate
beyond a million, see `distinct`); both are null where a token technique, which keeps as many values as there were, or
none is left. `emptied` counts the cells that a technique left empty and that held a value, `uncovered` those
that hold `OTHER` for a value that the column's hierarchy does not cover.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from custody.privacy import folding, risk
from custody.privacy.risk import measuring
from custody.privacy.risk.groups import pairs, sizes
from custody.privacy.risk.measuring import Attacker
from custody.privacy.settling import known_of

if TYPE_CHECKING:
    from custody.privacy.attack.attacking import Attacked
    from custody.privacy.inputs import Inputs
    from custody.privacy.risk import linkability
    from custody.privacy.settling import Settled
    from custody.privacy.text.known import Known
    from custody.privacy.totals import First, Second

METRICS = "anonymize.json"
_BEFORE = ("groups", "groups_below", "rows_below")
"""How few people the smallest group had is not told: they are below k."""


@dataclass(frozen=True)
class Attacks:
    """What a stranger without the key found, and the traces of the pinned release, None where none can be compared."""

    stranger: Attacked
    earlier: linkability.Known | None = None


def body(settled: Settled, first: First, second: Second, known: Known, attacks: Attacks) -> dict[str, Any]:
    """Return the report."""
    inputs = settled.inputs
    return {
        "stage": "anonymize",
        "collected": inputs.collected.digest,
        "validated": inputs.validated.digest,
        "dataset": inputs.dataset.model_dump(mode="json"),
        "accounting": {
            "accepted": first.accepted,
            "candidate": second.rows,
            "suppressed": (first.suppressed + second.suppressed).total(),
            "withheld": first.withheld.total(),
        },
        "withheld": dict(sorted(first.withheld.items())),
        "suppressed": {**dict(sorted(first.suppressed.items())), **dict(sorted(second.suppressed.items()))},
        "columns": {name: _column(name, inputs, second) for name in sorted(inputs.kinds)},
        "uncovered": dict(sorted(second.uncovered.items())),
        "generalized": settled.generalized,
        "risk": _risk(settled, second, attacks.earlier),
        "leaks": _leaks(second, known),
        "attack": {**asdict(attacks.stranger), "evaluated": True},
        "redactions": dict(sorted(second.redactions.items())),
    }


def metrics(report: dict[str, Any]) -> dict[str, Any]:
    """Return the figures that `dvc metrics` compares."""
    measured, leaks = report["risk"], report["leaks"]
    return {
        **report["accounting"],
        "k_smallest": measured["k_smallest"],
        "subjects": measured["subjects"],
        **measured["bounds"],
        "residual": leaks["residual"],
        "attack_hits": report["attack"]["hits"],
        "redactions": sum(report["redactions"].values()),
    }


def headline(report: dict[str, Any]) -> str:
    """Return what the stage says when it is done."""
    counts, measured, leaks = report["accounting"], report["risk"], report["leaks"]
    smallest = f"smallest group {measured['k_smallest']:,} subjects" if measured["evaluated"] else "groups not measured"
    left = f"{leaks['residual']:,} residual identifiers" if leaks["evaluated"] else "nothing to scan"
    return (
        f"pseudonymized {counts['candidate']:,} records: {counts['withheld']:,} withheld, "
        f"{counts['suppressed']:,} suppressed; {smallest}; {left}"
    )


def attack_line(report: dict[str, Any], seconds: float) -> str:
    """Return what the attack came to, and its processor time, which stands in no output."""
    told = report["attack"]
    tried = f"{told['guesses']:,} guesses at {told['targets']:,} values, {told['pairs']:,} mapped addresses"
    return (
        f"attacked without the key ({told['mode']}): {tried}: {told['hits']:,} hits, {seconds:.2f} s of processor time"
    )


def _column(name: str, inputs: Inputs, second: Second) -> dict[str, Any]:
    column, sample = inputs.privacy.columns[name], second.sample(name)
    return {
        "role": column.role,
        "technique": column.technique,
        "distinct": sample.distinct if sample else None,
        "rows": sample.rows if sample else None,
        "emptied": second.emptied[name],
        **_folded(name, inputs, second),
    }


def _folded(name: str, inputs: Inputs, second: Second) -> dict[str, Any]:
    """Return how many categories of a column that folds became OTHER, and the subjects of the rarest one left."""
    told = second.values(name)
    if told is None:
        return {}
    value, people, _ = sizes(told)
    present = people[value != folding.word(None, inputs.seed_of(name))]
    smallest = int(present.min()) if len(present) else None
    return {"folded": {"categories": len(inputs.folds[name]), "smallest": smallest}}


def _risk(settled: Settled, second: Second, earlier: linkability.Known | None) -> dict[str, Any]:
    """Return the candidate's risk, and what it was before small groups were suppressed or generalized."""
    inputs, k, after = settled.inputs, settled.inputs.privacy.k, second.groups()
    distinct = after and pairs(after)
    if k is None or distinct is None:
        measured = risk.Risk(k, evaluated=False, reason="no_k" if k is None else "no_subject")
    else:
        measured = risk.measure(distinct, k)
    before = asdict(settled.before) if settled.before else None
    attacks = _attacks(settled, after, distinct, earlier)
    return {
        **asdict(measured),
        **attacks,
        "bounds": measuring.bounds(attacks),
        "quasi": list(inputs.quasi),
        "on_violation": inputs.privacy.on_violation,
        "before_suppression": before and {key: before[key] for key in _BEFORE},
    }


def _attacks(
    settled: Settled, groups: risk.Groups | None, distinct: risk.Groups | None, earlier: linkability.Known | None
) -> dict[str, Any]:
    inputs = settled.inputs
    if groups is None or distinct is None:
        return dict.fromkeys(("sensitive", "unicity", "linkability", "inference"))
    known = known_of(distinct, inputs) if settled.known is None else settled.known
    return measuring.figures(
        groups, distinct, inputs.privacy, inputs.sensitive, Attacker(known, earlier, inputs.seeds.draw)
    )


def _leaks(second: Second, known: Known) -> dict[str, Any]:
    return {
        **asdict(second.leaks()),
        "evaluated": second.rows > 0,
        "identifiers": int(np.count_nonzero(~known.derived)),
        "parts": int(np.count_nonzero(known.derived)),
        "skipped_short": int(np.count_nonzero(known.placed & ~known.common)),
        "skipped_common": int(np.count_nonzero(known.common)),
    }
