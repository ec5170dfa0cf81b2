"""`privacy.columns`: what is done to one column, as a whole, since role, technique and strength go together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

from custody.history.review.rules import Answer, equivalent, higher, lower, mixed, more, on, ranked, together
from custody.policy.techniques import Period

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custody.history.review.rules import Compare

ROLE: Final = ranked(("insensitive", "label"), "sensitive", "quasi", "direct")
PERIODS: Final = ranked(*get_args(Period)[:7], ("28d", "1M"), ("364d", "1Y"))
"""From the finest to the coarsest; 28 days and a month overlap, neither is the coarser one."""
STRENGTH: Final[Mapping[str, Compare]] = {
    "keep_first": lower,
    "keep_last": lower,
    "to": PERIODS,
    "prefix": lower,
    "level": higher,
    "top": lower,
    "bottom": higher,
    "size": higher,
    "bound": higher,
    "scale": higher,
    "within": higher,
    "v4": lower,
    "v6": lower,
    "detectors": more,
    "fold_rare": on,
    "technique": equivalent,  # compared below
    "role": ROLE,
}
"""What makes a technique stronger; any other key is mixed."""


def column(old: Any, new: Any) -> Answer:
    """Class the treatment of a column; a column that is not there at all shows nothing."""
    if _shows_nothing(old) or _shows_nothing(new):
        both = _shows_nothing(old) and _shows_nothing(new)
        return "equivalent" if both else "tightens" if _shows_nothing(new) else "loosens"
    if old["technique"] == new["technique"]:
        keys = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
        return together(STRENGTH.get(key, mixed)(old.get(key), new.get(key)) for key in keys)
    return together([_techniques(old["technique"], new["technique"]), ROLE(old["role"], new["role"])])


def _techniques(old: str, new: str) -> Answer:
    if "keep" in {old, new}:
        return "loosens" if new == "keep" else "tightens"
    if {old, new} == {"mac", "encrypt_deterministic"}:
        return "tightens" if new == "mac" else "loosens"
    return "mixed"


def _shows_nothing(one: Any) -> bool:
    return one is None or (one["technique"] == "suppress" and one["scope"] == "column")
