"""`privacy`: withholding, risk, pseudonyms; columns stand in a file of their own."""

from __future__ import annotations

from typing import Final

from custody.history.review.columns import column
from custody.history.review.rules import Rule, absent, fewer, higher, lower, mixed, more, on, present, ranked

SHARE: Final = "a release in which that share of people is {new} passes"
RULES: Final = {
    "privacy.subject": Rule("privacy", mixed, "people are counted by {new}"),
    "privacy.consent": Rule("privacy", present, "a record of somebody who said no is released"),
    "privacy.retention_days": Rule("retention", lower, "a record older than {old} days is released"),
    "privacy.retention_column": Rule("retention", mixed, "age is counted from {new}"),
    "privacy.not_personal": Rule("privacy", fewer, "one of {new} may stand in a release"),
    "privacy.epochs.*": Rule("privacy", mixed, "pseudonyms of {name} are of another epoch"),
    "privacy.reidentify": Rule("privacy", absent, "a pseudonym can be taken back by who holds the secret"),
    "privacy.columns.*": Rule("privacy", column, "a value of {name} shows more than before"),
    "privacy.subsample": Rule("privacy", present, "every subject is exposed"),
    "privacy.subsample.rate": Rule("privacy", lower, "{new} of the subjects are exposed"),
    "privacy.subsample.compartment": Rule("privacy", mixed, "other subjects are exposed"),
    "privacy.subsample.without_subject": Rule(
        "privacy", ranked("keep", "suppress"), "a record of nobody known is released"
    ),
    "privacy.hierarchies.*": Rule("privacy", mixed, "a value of a column generalized by {name} shows more"),
    "privacy.k": Rule("privacy", higher, "a group of fewer than {old} people is released"),
    "privacy.attack": Rule("privacy", ranked("known", "full"), "an identifier of a whole directory is not tried"),
    "privacy.on_violation": Rule("privacy", mixed, "a row in a group that is too small is treated by {new}"),
    "privacy.max_suppressed": Rule("quality", mixed, "a release that lost {new} of its rows passes"),
    "privacy.l": Rule("privacy", higher, "a group with fewer than {old} sensitive values is released"),
    "privacy.l_entropy": Rule("privacy", higher, "a group with fewer than {old} sensitive values is released"),
    "privacy.t": Rule("privacy", lower, "a group that is {new} away from all others is released"),
    **{
        f"privacy.{name}": Rule("privacy", present, "{name} is not tried")
        for name in ("unicity", "linkability", "inference")
    },
    **{f"privacy.{name}.max": Rule("privacy", lower, SHARE) for name in ("unicity", "linkability", "inference")},
    "privacy.unicity.p": Rule("privacy", more, "an attacker who knows one of {old} events is not tried"),
    "privacy.linkability.auxiliary": Rule("privacy", higher, "an attacker who holds {old} of the records is not tried"),
    "privacy.linkability.anchor": Rule("privacy", on, "an attack with the earlier release is not tried"),
    "privacy.budget": Rule("privacy", absent, "noised statistics are published"),
    "privacy.budget.*": Rule("privacy", mixed),
}
