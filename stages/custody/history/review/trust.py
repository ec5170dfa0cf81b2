"""`.custody/trust.yaml`: whose signatures count."""

from __future__ import annotations

from typing import Final

from custody.history.review.rules import Rule, absent, higher, lower, mixed, ranked

RULES: Final = {
    "signers.*": Rule("provenance", absent, "a release that {name} signed is believed"),
    "signers.*.key": Rule("provenance", mixed, "a signature by another key counts as that of {name}"),
    "signers.*.owner": Rule("provenance", mixed, "{new} answers for {name}"),
    "signers.*.role": Rule("provenance", mixed, "{name} vouches as {new}"),
    "signers.*.from": Rule("provenance", higher, "a signature from before {old} counts"),
    "signers.*.until": Rule("provenance", lower, "a signature from after {old} counts"),
    "approvals.*": Rule("provenance", higher, "a change that fewer of {name} signed off is merged"),
    "signers.*.status": Rule("provenance", ranked("active", "retired", "compromised"), "{name} may sign again"),
}
