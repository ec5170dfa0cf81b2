"""The first layer of a review: each key that differs, classed by its rule and told in plain words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from custody.history.review import dataset, gate, privacy, quality, sources, trust
from custody.history.review.rules import Rule, mixed, together
from custody.repository.head import ABSENT, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from custody.history.review.rules import About, Answer

POLICY: Final[Mapping[str, Rule]] = {
    **dataset.RULES,
    **sources.RULES,
    **quality.RULES,
    **privacy.RULES,
    **gate.RULES,
}
TRUST: Final[Mapping[str, Rule]] = trust.RULES
UNKNOWN: Final = Rule("privacy", mixed)
LOOSER: Final = frozenset({"loosens", "mixed"})


@dataclass(frozen=True)
class Change:
    """A key whose value differs."""

    key: str
    answer: Answer
    about: About
    old: str
    new: str
    example: str | None
    """What a loosening lets through, made up from the policy; None for what does not loosen."""

    def line(self) -> str:
        """Return it in one line."""
        such = f"; for example, {self.example}" if self.example else ""
        return f"{self.key}: {self.old} → {self.new}: {self.answer} ({self.about}){such}"


def changes(old: Any, new: Any, rules: Mapping[str, Rule], path: tuple[str, ...] = ()) -> Iterator[Change]:
    """Yield each key whose value differs, in the order of keys; both are whole values, defaults written out."""
    rule = _rule(rules, path)
    both = isinstance(old, dict) and isinstance(new, dict)
    if old == new and isinstance(old, bool) == isinstance(new, bool):
        return
    if both and (rule is None or not _whole(rules, path)):
        for key in sorted({*old, *new}):
            yield from changes(old.get(key), new.get(key), rules, (*path, key))
        return
    if not both and rule is None and (isinstance(old, dict) or isinstance(new, dict)):
        for key in sorted({*(old or {}), *(new or {})}):
            yield from changes((old or {}).get(key), (new or {}).get(key), rules, (*path, key))
        return
    yield _change(path, old, new, rule or UNKNOWN)


def by_concern(found: Iterable[Change]) -> dict[About, Answer]:
    """Return one answer for each of quality, privacy, provenance and retention that a change is about."""
    told: dict[About, list[Answer]] = {}
    for one in found:
        told.setdefault(one.about, []).append(one.answer)
    return {about: together(told[about]) for about in sorted(told)}


def loosens(found: Iterable[Change]) -> bool:
    """Say whether anything loosens; mixed and unknown count as loosening."""
    return any(one.answer in LOOSER for one in found)


def _change(path: tuple[str, ...], old: Any, new: Any, rule: Rule) -> Change:
    answer = rule.compare(old, new)
    words = [shown(ABSENT if one is None else one) for one in (old, new)]
    name = _name(path)
    example = rule.example.format(old=words[0], new=words[1], name=name) if answer in LOOSER else None
    return Change(".".join(path), answer, rule.about, words[0], words[1], example)


def _name(path: tuple[str, ...]) -> str:
    """Return what a key belongs to, in a word: the rule, the column, the source or the signal."""
    if path[:2] == ("quality", "rules"):
        return ".".join(path[2:4])
    if path[:2] in {("quality", "predicates"), ("quality", "signals"), ("privacy", "columns"), ("privacy", "epochs")}:
        return path[2]
    return path[1] if path[0] in {"signers", "sources"} and path[2:3] != ("columns",) else path[-1]


def _rule(rules: Mapping[str, Rule], path: tuple[str, ...]) -> Rule | None:
    """Return the rule for a key: the one with the fewest wildcards."""
    fitting = [pattern for pattern in rules if _fits(pattern.split("."), path)]
    return rules[min(fitting, key=lambda one: one.count("*"))] if fitting else None


def _whole(rules: Mapping[str, Rule], path: tuple[str, ...]) -> bool:
    """Say whether a key is compared as a whole: no rule speaks of anything below it."""
    return not any(
        len(pattern.split(".")) > len(path) and _fits(pattern.split(".")[: len(path)], path) for pattern in rules
    )


def _fits(pattern: list[str], path: tuple[str, ...]) -> bool:
    return len(pattern) == len(path) and all(one in {"*", part} for one, part in zip(pattern, path, strict=True))
