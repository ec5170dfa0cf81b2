"""How one key is classed: rules that compare an old and a new value, and the answers they give.

A rule is a pure function of both values; None stands for a key that is not there. What no rule speaks of is mixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from custody.policy.quality import instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    Compare: TypeAlias = Callable[[Any, Any], "Answer"]

Answer = Literal["equivalent", "tightens", "loosens", "mixed"]
About = Literal["quality", "privacy", "provenance", "retention"]


@dataclass(frozen=True)
class Rule:
    """What a key is about, how it is compared, and what loosening it lets through, as an example."""

    about: About
    compare: Compare
    example: str = "what {old} held back may now pass under {new}"
    """Made up from the policy alone: `{old}`, `{new}`, `{name}` (of what the key belongs to)."""


def mixed(old: Any, new: Any) -> Answer:  # noqa: ARG001  # as every rule
    """No order is known: people must read it."""
    return "mixed"


def equivalent(old: Any, new: Any) -> Answer:  # noqa: ARG001
    """Words for people."""
    return "equivalent"


def higher(old: Any, new: Any) -> Answer:
    """A larger number, or a later time, is stricter; none at all asks nothing."""
    return _ordered(old, new)


def lower(old: Any, new: Any) -> Answer:
    """A smaller number, or an earlier time, is stricter; none at all asks nothing."""
    if old is None or new is None:
        return _presence(old, new)
    return _ordered(new, old)


def present(old: Any, new: Any) -> Answer:
    """It is stricter to have one; another one is mixed."""
    return _presence(old, new)


def absent(old: Any, new: Any) -> Answer:
    """It is stricter to have none; another one is mixed."""
    return _presence(new, old)


def fewer(old: Any, new: Any) -> Answer:
    """A list of what is allowed: fewer is stricter."""
    before, after = _words(old), _words(new)
    return more(list(after), list(before))


def more(old: Any, new: Any) -> Answer:
    """A list of what is looked at: more is stricter; order does not count."""
    before, after = _words(old), _words(new)
    if before == after:
        return "equivalent"
    return "tightens" if before < after else "loosens" if after < before else "mixed"


def ranked(*tiers: Any) -> Compare:
    """Words from the loosest to the strictest; those of one tuple are not comparable."""
    places = {word: i for i, tier in enumerate(tiers) for word in (tier if isinstance(tier, tuple) else (tier,))}

    def compare(old: Any, new: Any) -> Answer:
        if old not in places or new not in places or places[old] == places[new]:
            return "equivalent" if old == new else "mixed"
        return "tightens" if places[new] > places[old] else "loosens"

    return compare


def on(old: Any, new: Any) -> Answer:
    """A demand: it is stricter to make it."""
    return _presence(old or None, new or None)


def known(old: Any, new: Any) -> Answer:
    """`unknown` is looser than any word; one word for another is mixed."""
    return _presence(*(None if one in {None, "unknown"} else one for one in (old, new)))


def together(answers: Iterable[Answer]) -> Answer:
    """Return the answer for several changes at once: mixed where they pull both ways."""
    found = set(answers) - {"equivalent"}
    if not found:
        return "equivalent"
    return found.pop() if len(found) == 1 else "mixed"


def _presence(old: Any, new: Any) -> Answer:
    if old == new:
        return "equivalent"
    if old is not None and new is not None:
        return "mixed"
    return "tightens" if old is None else "loosens"


def _ordered(less: Any, greater: Any) -> Answer:
    if less is None or greater is None:
        return _presence(less, greater)
    try:
        low, high = (instant(one) if isinstance(one, str) else one for one in (less, greater))
        stricter, same = high > low, high == low
    except (ValueError, TypeError):
        return "mixed"
    return "equivalent" if same else "tightens" if stricter else "loosens"


def _words(values: Any) -> set[str]:
    return {str(one) for one in values or ()}
