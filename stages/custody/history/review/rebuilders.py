"""Who may say what became of a rebuild: whoever believes them less believes their no less, too.

A believed *changed* or *failed* speaks against a release. So what would tighten, as for a signer of releases, is mixed
where it takes such verdicts out of the count: a rebuilder who goes, is called compromised or has fewer days, or whose
role may rebuild no more. A retired key keeps the verdicts of its time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from custody.history.review.rules import mixed, together
from custody.history.review.trust import RULES
from custody.trust.signers import REBUILDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from custody.history.review.rules import Rule

_LESS: Final = ("status", "from", "until")
"""What may make less of a signer's words count."""
_SILENT: Final = "what {name} found on rebuilding a release, a no among it, counts no more"


def rules(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Rule]:
    """Return the rules for a change of one list of trusted keys, as values, into another."""
    before, after = (one.get("signers") or {} for one in (old, new))
    may, then = (rebuilding(one.get("roles") or {}) for one in (old, new))
    kept = {name: one["role"] for name, one in before.items() if after.get(name, {}).get("role") == one["role"]}
    believed = {name for name, one in before.items() if one["role"] in may and one.get("status") != "compromised"}
    found = {
        key: replace(RULES[_any(key)], compare=mixed, example=_SILENT) for key in _silenced(before, after, believed)
    }
    lost = sorted(believed & {name for name, role in kept.items() if role not in then})
    opens = RULES["roles"]
    if lost:
        found["roles"] = replace(opens, compare=mixed, example=_SILENT.format(name=", ".join(lost)))
    elif any(role in then - may for role in kept.values()):
        found["roles"] = replace(opens, compare=lambda *both: together([opens.compare(*both), "loosens"]))
    return {**RULES, **found}


def rebuilding(roles: Mapping[str, list[str]]) -> frozenset[str]:
    """Return the roles whose verdict on a rebuild counts (`custody.trust.signers`)."""
    return frozenset(role for role, may in roles.items() if "pipeline" in may) if roles else frozenset({REBUILDER})


def _silenced(before: Mapping[str, Any], after: Mapping[str, Any], believed: set[str]) -> Iterator[str]:
    """Yield each key, of a rebuilder who is believed, that tightens by letting less of his verdicts count."""
    for name in sorted(believed):
        if name not in after:
            yield f"signers.{name}"
        for key in _LESS if name in after else ():
            old, new = before[name].get(key), after[name].get(key)
            if new != "retired" and RULES[f"signers.*.{key}"].compare(old, new) == "tightens":
                yield f"signers.{name}.{key}"


def _any(key: str) -> str:
    return ".".join(["signers", "*", *key.split(".")[2:]])
