"""The report of validate: integers of all rules, and the figures derived from them once, at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custody.quality.score import pass_rate, score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custody.quality.merging import Merged, Tally
    from custody.quality.rules import Rule


def body(collected: str, rules: Sequence[Rule], merged: Merged) -> dict[str, Any]:
    """Return the body of report.json; `collected` is the digest of the receipt of what was judged."""
    quarantining = [rule.id for rule in rules if rule.severity == "error"]
    records = sum(merged.rows)
    quarantined = merged.broken_by_any(rules, quarantining)
    figures = score(rules, merged.tallies)
    reasons = [(rule.id, merged.tallies[rule.id].reason) for rule in rules]
    return {
        "stage": "validate",
        "collected": collected,
        "rules": {rule.id: _rule(rule, merged.tallies[rule.id]) for rule in rules},
        "quarantine_rules": quarantining,
        "records_evaluated": records,
        "accounting": {"collected": records, "accepted": records - quarantined, "quarantined": quarantined},
        "quarantined_by": {id_: merged.tallies[id_].broken for id_ in quarantining},
        "score": figures.score,
        "dimensions": dict(figures.dimensions),
        "missing": merged.missing,
        "not_evaluated": [{"rule": id_, "reason": reason} for id_, reason in reasons if reason is not None],
    }


def headline(report: dict[str, Any]) -> str:
    """Return the one line that the stage prints."""
    accounting, value = report["accounting"], report["score"]
    figure = "no score, since nothing was evaluated" if value is None else f"score {value:.3f}"
    more = len(report["not_evaluated"])
    return (
        f"validated {accounting['collected']:,} records: {accounting['accepted']:,} accepted, "
        f"{accounting['quarantined']:,} quarantined; {figure}" + (f"; {more} rules not evaluated" if more else "")
    )


def _rule(rule: Rule, tally: Tally) -> dict[str, Any]:
    return {
        "severity": rule.severity,
        "min_pass": rule.min_pass,
        "dimension": rule.dimension,
        "evaluated": tally.evaluated,
        "broken": tally.broken,
        "pass_rate": pass_rate(tally),
    }
