"""`dataset` and `keys`."""

from __future__ import annotations

from typing import Final

from custody.history.review.rules import Rule, higher, mixed

RULES: Final = {
    "dataset.name": Rule("provenance", mixed, "a release called {new} may be taken for another data set"),
    "dataset.purpose": Rule("privacy", mixed, "data is used for {new}, which nobody may have been told of"),
    "dataset.audience": Rule("privacy", mixed, "a release reaches an {new} audience"),
    "dataset.as_of": Rule("retention", higher, "a record that had run out on {old} is kept again on {new}"),
    "keys.zone": Rule("privacy", mixed, "whoever holds zone {new} can read the raw data"),
    "keys.check": Rule("privacy", mixed, "the secret of the zone is another one"),
}
