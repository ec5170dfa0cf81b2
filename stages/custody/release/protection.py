"""Conditions on the protection of people: checks run, identifiers left, columns, distinct values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from custody.release import share
from custody.release.condition import Condition, at_most, count, faultless, section, unevaluated

if TYPE_CHECKING:
    from custody.policy.gate import Gate
    from custody.policy.privacy import Privacy

TOKENS: Final = frozenset({"mac", "encrypt_deterministic", "ip_prefix"})
"""Techniques after which many distinct values are meant to be."""
FEWEST: Final = 20
"""With fewer values in a column nearly all may well be distinct; their share says nothing."""
ROW_ID: Final = "row_id"
_STRANGER: Final = "a column that the policy does not name"


def privacy_check(anonymized: dict[str, Any], gate: Gate) -> list[Condition]:
    """Held where the leak scan and the count of subjects per group both ran; nothing where the policy does not ask."""
    if not gate.require_privacy_check:
        return []
    checks = (("leaks", "the leak scan"), ("risk", "the count of subjects per group"))
    faults = [f"{what} did not run" for key, what in checks if section(anonymized, key).get("evaluated") is not True]
    return [faultless("privacy_check", faults, "the leak scan and the count of subjects per group ran")]


def residual(anonymized: dict[str, Any], gate: Gate) -> Condition:
    """Held where the leak scan left no more than `gate.max_residual_identifiers`."""
    leaks = section(anonymized, "leaks")
    found = count(leaks.get("residual")) if leaks.get("evaluated") is True else None
    return at_most("residual_identifiers", found, gate.max_residual_identifiers, "identifiers left in the candidate")


def attack(anonymized: dict[str, Any]) -> Condition:
    """Held where nothing that a stranger computes without the key stands in the candidate."""
    tried = section(anonymized, "attack")
    hits = count(tried.get("hits")) if tried.get("evaluated") is True else None
    return at_most("attack", hits, 0, "guesses of a stranger without the key give a released value")


def columns(names: tuple[str, ...], privacy: Privacy) -> Condition:
    """Held where the candidate has exactly the row id and the columns that the policy does not suppress.

    `names` are the columns of the candidate's files; none where it has no file.
    """
    kept = {name for name, column in privacy.columns.items() if not column.left_out}
    expected = {ROW_ID, *kept}
    faults = [f"{name} is missing" for name in sorted(expected - set(names))]
    faults += [
        f"{name} does not belong" if name in privacy.columns else _STRANGER for name in sorted({*names} - expected)
    ]
    return faultless("columns", faults, "the candidate has the columns of the policy")


def distinct(anonymized: dict[str, Any], privacy: Privacy, gate: Gate) -> list[Condition]:
    """Question, column by column, one without a token technique of whose values nearly all are distinct.

    Held where `distinct / rows` is at most `gate.max_distinct_share`, where `gate.distinct_ok` lists the column, or
    where it has fewer than `FEWEST` values. Counts come from the report and leave out nulls.
    """
    reported = section(anonymized, "columns")
    columns = privacy.columns.items()
    questioned = sorted(name for name, one in columns if one.technique not in TOKENS and not one.left_out)
    return [_distinct(name, section(reported, name), gate) for name in questioned]


def _distinct(column: str, own: dict[str, Any], gate: Gate) -> Condition:
    name, most = f"distinct.{column}", gate.max_distinct_share
    different, rows = count(own.get("distinct")), count(own.get("rows"))
    if different is None or rows is None:
        return unevaluated(name, most, "the report of anonymize does not count this column")
    different = min(different, rows)  # beyond a million it is an estimate
    if rows < FEWEST:
        return Condition(name, True, different, None, f"values are distinct; fewer than {FEWEST} tell nothing", rows)  # noqa: FBT003  # held
    figure = share.of(different, rows)
    if column in gate.distinct_ok:
        return Condition(name, True, figure, None, "values are distinct; gate.distinct_ok lists it", rows)  # noqa: FBT003  # held
    held = not share.exceeds(different, rows, most)
    return Condition(name, held, figure, most, "values are distinct", rows)
