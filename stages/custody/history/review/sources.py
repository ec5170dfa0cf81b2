"""`sources` and `schema`."""

from __future__ import annotations

from typing import Final

from custody.history.review.rules import Rule, absent, equivalent, fewer, known, lower, mixed, present

RULES: Final = {
    "sources.*": Rule("provenance", absent, "every record of {name} may now be released"),
    "sources.*.path": Rule("provenance", mixed, "files at {new} are read, which nobody may have reviewed"),
    "sources.*.description": Rule("provenance", equivalent),
    "sources.*.format": Rule("quality", mixed, "a line of {name} may be read as something else"),
    "sources.*.columns.*": Rule("privacy", mixed, "the field {new} of the source is read as {name}"),
    "sources.*.provenance.owner": Rule("provenance", known, "nobody is known to answer for the source"),
    "sources.*.provenance.license": Rule("provenance", known, "a record of license {new} may now be released"),
    "sources.*.provenance.basis": Rule("provenance", known, "a record is used on the basis {new}"),
    "sources.*.provenance.review_by": Rule("retention", lower, "a source that was due on {old} is used until {new}"),
    "sources.*.purposes": Rule("privacy", fewer, "a record is used for one of {new}"),
    "sources.*.sha256": Rule("provenance", present, "a file that was swapped is read"),
    "sources.*.plaintext": Rule("privacy", absent, "a raw file lies unsealed in caches and remotes"),
    "schema.*": Rule("privacy", absent, "values of the column {name} are taken up"),
}
