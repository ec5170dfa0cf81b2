"""`quality`: rules, duplicates, conflicts, signals."""

from __future__ import annotations

from typing import Final

from custody.history.review.rules import Rule, fewer, higher, lower, mixed, more, present, ranked

ACTION: Final = ranked("warn", ("review", "quarantine"), "refuse")
CHECK: Final = {
    "severity": Rule("quality", ranked("warn", "error"), "a record that breaks {name} is released"),
    "min_pass": Rule("quality", higher, "a release in which {new} of the records hold {name} passes"),
}
RULES: Final = {
    **{
        f"quality.{key}": Rule("quality", mixed)
        for key in ("key", "conflicts", "precedence", "newest", "label", "features")
    },
    "quality.duplicates": Rule("quality", ranked("warn", "quarantine"), "a copy of a record is released"),
    "quality.duplicates_min_pass": Rule("quality", higher, "a release of which {new} are no copies passes"),
    "quality.conflicts_min_pass": Rule("quality", higher, "a release of which {new} lose no conflict passes"),
    "quality.rules.*": Rule("quality", present, "a record with any value of {name} passes"),
    "quality.rules.*.*": Rule("quality", present, "a record that breaks {name} passes"),
    **{f"quality.rules.*.*.{key}": rule for key, rule in CHECK.items()},
    "quality.rules.*.*.min": Rule("quality", higher, "a record below {old} passes"),
    "quality.rules.*.*.max": Rule("quality", lower, "a record above {old} passes"),
    "quality.rules.*.*.values": Rule("quality", fewer, "a record with one of {new} passes"),
    "quality.rules.*.*.regex": Rule("quality", mixed, "a text that matches {new} passes"),
    "quality.predicates.*": Rule("quality", present, "a record that breaks {name} passes"),
    **{f"quality.predicates.*.{key}": rule for key, rule in CHECK.items()},
    **{f"quality.predicates.*.{key}": Rule("quality", mixed) for key in ("left", "op", "right", "value")},
    "quality.signals.*": Rule("quality", present, "poisoning that {name} would show goes unseen"),
    "quality.signals.*.action": Rule("quality", ACTION, "a finding of {name} stops nothing"),
    "quality.signals.*.min_records": Rule("quality", lower, "a group of {old} records is not judged"),
    "quality.signals.*.max_share": Rule("quality", lower, "a share of {new} is no finding"),
    "quality.signals.balance.by": Rule("quality", more, "a subgroup of {old} is not looked at"),
    "quality.signals.balance.max_difference": Rule("quality", lower, "a difference of {new} is no finding"),
    "quality.signals.outliers.deviations": Rule("quality", lower, "a number {new} deviations off is no outlier"),
    "quality.signals.isolation_forest.max_score": Rule("quality", lower, "a score of {new} is no outlier"),
    "quality.signals.drift.min_effect": Rule("quality", lower, "a drift of {new} is no finding"),
    "quality.signals.drift.confidence": Rule("quality", lower, "a drift that is sure to {old} is no finding"),
    "quality.signals.label_audit.false_positives": Rule("quality", higher, "fewer labels are doubted"),
    "quality.signals.label_audit.max_drifted": Rule("quality", mixed),
}
