"""The gate's decision: a pure function of what the stages report, what the candidate holds, and the policy.

Every condition is held or broken with its figure, and what could not be evaluated is broken: a report without the
part that a condition needs refuses, it does not fail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custody.release import accounting, findings, people, protection, provenance, rules
from custody.release.condition import Decision, at_least

if TYPE_CHECKING:
    from custody.policy import Policy
    from custody.release.candidate import Measured


def decide(
    receipt: dict[str, Any],
    validated: dict[str, Any],
    anonymized: dict[str, Any],
    measured: Measured,
    policy: Policy,
) -> Decision:
    """Return every condition of `policy.gate`; the candidate may leave when all are held.

    `receipt`, `validated` and `anonymized` are the bodies of the three stages' receipts; `measured` is what the gate
    itself found in the candidate's files.
    """
    gate, privacy = policy.gate, policy.privacy
    return Decision(
        (
            accounting.condition(receipt, validated, anonymized, measured.rows),
            at_least("rows", measured.rows, gate.min_rows, "rows in the candidate"),
            *rules.malformed(receipt, gate),
            *rules.missing_columns(receipt),
            rules.score(validated, gate),
            *rules.rules(validated, policy.quality, gate),
            *findings.signals(validated, policy.quality, gate),
            *findings.findings(validated, gate),
            *protection.privacy_check(anonymized, gate),
            protection.residual(anonymized, gate),
            protection.attack(anonymized),
            *people.conditions(anonymized, privacy),
            protection.columns(tuple(measured.columns), privacy),
            *protection.distinct(anonymized, privacy, gate),
            *provenance.provenance(receipt, policy.dataset.as_of, gate),
            *provenance.licenses(receipt, gate),
            *provenance.record_licenses(measured.rows, measured.unlicensed, gate),
        )
    )
