"""The ladder of a column: its treatment as the policy has it, then coarser and coarser ones, the last of them blank.

    steps = ladder.steps(column, kind, privacy.hierarchies)
    steps[0] is column                                  # level 0: as the policy says
    registry.transform(values, steps[level], kind, zone, given=given)

Steps are nested: values that one step brings together stay together on every later one, so that no group of people
gets smaller on the way up (full-domain generalization, Samarati 2001; LeFevre et al. 2005, Incognito). Each step is
a treatment like any other, and its last, `suppress` with scope cell, leaves the column in the release with no value.

| treatment | next step |
|---|---|
| keep, of an ip or timestamp column | ip_truncate to /24 and /48; round_time to 1min |
| round_time, shift_time | 1min, 5min, 15min, 1h, 6h, 1d, 7d, 28d, 364d; 1M, 1Y |
| ip_truncate | the next /8 of IPv4 and /16 of IPv6 down |
| generalize by a hierarchy | one level up |
| generalize by bins | two classes become one |
| generalize by prefix | one character less |
| any other | none but the last |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.policy.hierarchies import SHIPPED
from custody.policy.techniques import IpTruncate, RoundTime, Suppress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custody.policy.hierarchies import Hierarchy
    from custody.policy.schema import FieldType
    from custody.policy.techniques import AnyColumn, Generalize, Period, ShiftTime

COARSER: Mapping[Period, Period] = {
    "1min": "5min",
    "5min": "15min",
    "15min": "1h",
    "1h": "6h",
    "6h": "1d",
    "1d": "7d",
    "7d": "28d",
    "28d": "364d",
    "1M": "1Y",
}
"""The next period that holds whole ones of each; weeks do not fit into months."""


def steps(column: AnyColumn, kind: FieldType, hierarchies: Mapping[str, Hierarchy]) -> tuple[AnyColumn, ...]:
    """Return the treatments of a column by level, at least one and each once; the last leaves no value."""
    found, step = [column], _coarser(column, kind, hierarchies)
    while step is not None:
        found.append(step)
        step = _coarser(step, kind, hierarchies)
    blank = Suppress(role=column.role, technique="suppress", scope="cell")
    left_nothing = column.technique == "suppress" and column.whole
    return tuple(found) if left_nothing else (*found, blank)


def _coarser(column: AnyColumn, kind: FieldType, hierarchies: Mapping[str, Hierarchy]) -> AnyColumn | None:
    """Return the next step, None where only the blank one is left."""
    if column.technique == "keep" and kind == "ip":
        return IpTruncate(role=column.role, technique="ip_truncate")
    if column.technique == "keep" and kind == "timestamp":
        return RoundTime(role=column.role, technique="round_time", to="1min")
    if column.technique in {"round_time", "shift_time"}:
        return _rounded(column)
    if column.technique == "ip_truncate":
        v4, v6 = max(column.v4 - 1, 0) // 8 * 8, max(column.v6 - 1, 0) // 16 * 16
        return column.model_copy(update={"v4": v4, "v6": v6}) if v4 or v6 else None
    if column.technique == "generalize":
        return _generalized(column, hierarchies)
    return None


def _rounded(column: RoundTime | ShiftTime) -> RoundTime | ShiftTime | None:
    to = COARSER.get(column.to) if column.to else "1min"
    return column.model_copy(update={"to": to}) if to else None


def _generalized(column: Generalize, hierarchies: Mapping[str, Hierarchy]) -> Generalize | None:
    if column.hierarchy is not None:
        own = hierarchies.get(column.hierarchy)
        depth = len(own.levels) if own else SHIPPED[column.hierarchy]
        return column.model_copy(update={"level": column.level + 1}) if column.level < depth else None
    if column.prefix is not None and column.prefix > 1:
        return column.model_copy(update={"prefix": column.prefix - 1})
    if len(column.bins) > 1:
        return column.model_copy(update={"bins": column.bins[1::2]})
    return None
