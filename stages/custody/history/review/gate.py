"""`gate`: the conditions of a release."""

from __future__ import annotations

from typing import Final

from custody.history.review.rules import Rule, absent, fewer, higher, lower, on, present

RULES: Final = {
    "gate.min_quality_score": Rule("quality", higher, "a release with a score of {new} passes"),
    "gate.confidence": Rule("quality", lower, "a rate that is below its minimum, sure to {old}, passes"),
    "gate.require_anchor": Rule("quality", on, "a run that is compared with nothing passes"),
    "gate.reviewed.*": Rule("quality", absent, "the finding {name} no longer stops a release"),
    "gate.max_malformed": Rule("quality", lower, "a run of which {new} is malformed passes"),
    "gate.require_privacy_check": Rule("privacy", on, "a release that was not searched for people passes"),
    "gate.require_provenance": Rule("provenance", on, "a source without owner or license passes"),
    "gate.max_residual_identifiers": Rule("privacy", lower, "a release with {new} identifiers left passes"),
    "gate.licenses": Rule("provenance", fewer, "a source under one of {new} passes"),
    "gate.license_column": Rule("provenance", present, "a record of any license passes"),
    "gate.max_distinct_share": Rule("privacy", lower, "a column of which {new} is distinct passes"),
    "gate.distinct_ok": Rule("privacy", fewer, "one of {new} may tell people apart"),
    "gate.signatures.*": Rule("provenance", higher, "a release that no {name} signed loads"),
    "gate.min_rows": Rule("privacy", higher, "a release of {new} rows passes"),
}
