"""`.custody/trust.yaml`: whose signatures count, and who may open which secrets."""

from __future__ import annotations

from typing import Any, Final

from custody.history.review.rules import Answer, Rule, absent, fewer, higher, lower, mixed, ranked, together
from custody.trust.signers import APPROVER

_BY_DEFAULT: Final = "releaser"
"""Whose signatures count in a list that has no roles (`custody.trust.signers`)."""


def opens(old: Any, new: Any) -> Answer:
    """Return the answer for all roles: a role that may open more loosens, and so does a signature that counts now.

    They are compared as one, since the first role, and the last, say of all others whether their signatures count.
    """
    before, after = old or {}, new or {}
    if not all(isinstance(one, dict) and all(isinstance(may, list) for may in one.values()) for one in (before, after)):
        return "mixed"  # of another form than a list of trusted keys has
    each = [fewer(before.get(name), after.get(name)) for name in sorted({*before, *after})]
    return together([*each, fewer(_vouching(before), _vouching(after))])


def approvals(old: Any, new: Any) -> Answer:
    """Return the answer for all roles: one that is asked of less loosens, and naming one unasks the approver."""
    sides = [one or {APPROVER: 1} for one in (old, new)]
    if not all(isinstance(one, dict) and all(type(many) is int for many in one.values()) for one in sides):
        return "mixed"  # of another form than a list of trusted keys has
    before, after = sides
    return together([higher(before.get(role, 0), after.get(role, 0)) for role in sorted({*before, *after})])


def _vouching(roles: dict[str, list[str]]) -> list[str]:
    return sorted(role for role, may in roles.items() if "release" in may) if roles else [_BY_DEFAULT]


RULES: Final = {
    "roles": Rule("privacy", opens, "somebody of a role is given a secret, or signs, who could not: {new}"),
    "recipients.*": Rule("privacy", absent, "secrets are wrapped to {name}, who then opens what they seal"),
    "recipients.*.key": Rule("privacy", mixed, "secrets are wrapped to a key that somebody else may hold"),
    "recipients.*.role": Rule("privacy", mixed, "secrets are given out that {new} may open and {old} may not"),
    "signers.*": Rule("provenance", absent, "a release that {name} signed is believed"),
    "signers.*.key": Rule("provenance", mixed, "a signature by another key counts as that of {name}"),
    "signers.*.owner": Rule("provenance", mixed, "{new} answers for {name}"),
    "signers.*.role": Rule("provenance", mixed, "{name} vouches as {new}"),
    "signers.*.from": Rule("provenance", higher, "a signature from before {old} counts"),
    "signers.*.until": Rule("provenance", lower, "a signature from after {old} counts"),
    "approvals": Rule("provenance", approvals, "a change that fewer, or others, signed off is merged: {new}"),
    "signers.*.status": Rule("provenance", ranked("active", "retired", "compromised"), "{name} may sign again"),
    "signers.*.since": Rule("provenance", lower, "a signature of {name} from after {old}, when it was lost, counts"),
}
