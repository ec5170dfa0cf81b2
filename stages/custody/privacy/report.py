"""What anonymize tells: its report, the figures for `dvc metrics`, and one line.

Counts only. In `columns`, `rows` are the rows that hold a value and `distinct` how many values those are (an estimate
beyond a million, see `distinct`); both are null where a token technique, which keeps as many values as there were, or
none is left. `emptied` counts the cells that a technique left empty and that held a value, `uncovered` those
that hold `OTHER` for a value that the column's hierarchy does not cover.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from custody.privacy import risk

if TYPE_CHECKING:
    from custody.privacy.attack.attacking import Attacked
    from custody.privacy.inputs import Inputs
    from custody.privacy.text.known import Known
    from custody.privacy.totals import First, Second

METRICS = "anonymize.json"
_BEFORE = ("k_smallest", "groups", "groups_below", "rows_below")


def body(inputs: Inputs, first: First, second: Second, known: Known, attacked: Attacked) -> dict[str, Any]:
    """Return the report."""
    return {
        "stage": "anonymize",
        "collected": inputs.collected.digest,
        "validated": inputs.validated.digest,
        "dataset": inputs.dataset.model_dump(mode="json"),
        "accounting": {
            "accepted": first.accepted,
            "candidate": second.rows,
            "suppressed": first.suppressed.total() + second.suppressed,
            "withheld": first.withheld.total(),
        },
        "withheld": dict(sorted(first.withheld.items())),
        "suppressed": {**dict(sorted(first.suppressed.items())), "small_group": second.suppressed},
        "columns": {name: _column(name, inputs, second) for name in sorted(inputs.kinds)},
        "uncovered": dict(sorted(second.uncovered.items())),
        "risk": _risk(inputs, first, second),
        "leaks": _leaks(second, known),
        "attack": {**asdict(attacked), "evaluated": True},
        "redactions": dict(sorted(second.redactions.items())),
    }


def metrics(report: dict[str, Any]) -> dict[str, Any]:
    """Return the figures that `dvc metrics` compares."""
    measured, leaks = report["risk"], report["leaks"]
    return {
        **report["accounting"],
        "k_smallest": measured["k_smallest"],
        "subjects": measured["subjects"],
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
    }


def _risk(inputs: Inputs, first: First, second: Second) -> dict[str, Any]:
    """Return the candidate's risk, and what it was before small groups were suppressed."""
    k, after = inputs.privacy.k, second.groups()
    if k is None or after is None:
        measured = risk.Risk(k, evaluated=False, reason="no_k" if k is None else "no_subject")
    else:
        measured = risk.measure(after, k)
    earlier = asdict(first.before) if first.before else None
    return {
        **asdict(measured),
        "quasi": list(inputs.quasi),
        "on_violation": inputs.privacy.on_violation,
        "before_suppression": earlier and {key: earlier[key] for key in _BEFORE},
    }


def _leaks(second: Second, known: Known) -> dict[str, Any]:
    return {
        **asdict(second.leaks),
        "evaluated": second.rows > 0,
        "identifiers": int(np.count_nonzero(~known.derived)),
        "parts": int(np.count_nonzero(known.derived)),
        "skipped_short": int(np.count_nonzero(known.placed & ~known.common)),
        "skipped_common": int(np.count_nonzero(known.common)),
    }
