"""`privacy.hierarchies`: who stands above a value, level by level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field, StringConstraints

from custody.policy.model import Closed, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GROUP: Final = r"^[A-Za-z0-9][A-Za-z0-9 _/-]{0,62}$"
OTHER: Final = "OTHER"
"""What becomes of a value that no group covers."""
SHIPPED: Final[Mapping[str, int]] = {"country": 2, "ip": 3}
"""Hierarchies that need no definition, and how many levels they have."""

Group = Annotated[str, StringConstraints(pattern=GROUP)]
Members = Annotated[tuple[Text, ...], Field(min_length=1)]
Level = Annotated[dict[Group, Members], Field(min_length=1)]


class Hierarchy(Closed):
    """Groups of values, groups of these groups, and so on; each member stands in one group of its level."""

    levels: Annotated[tuple[Level, ...], Field(min_length=1, max_length=16)]
    """Level 1 groups the values of a column, each further level the groups of the one below."""

    def above(self, level: int) -> dict[str, str]:
        """Return the group at this level (from 1) of each value that is covered."""
        found = {member: member for members in self.levels[0].values() for member in members}
        for groups in self.levels[:level]:
            parents = {member: group for group, members in groups.items() for member in members}
            found = {value: parents[group] for value, group in found.items() if group in parents}
        return found


def faults(name: str, hierarchy: Hierarchy) -> Iterator[str]:
    """Return what is wrong with a hierarchy: a gap, a cycle, a member in two groups."""
    where = f"privacy.hierarchies.{name}.levels"
    below: set[str] = set()
    for place, groups in enumerate(hierarchy.levels):
        listed = [(group, i, member) for group, members in groups.items() for i, member in enumerate(members)]
        seen: set[str] = set()
        for group, i, member in listed:
            if member in seen:
                yield f"{where}.{place}.{group}.{i}: stands in this level already; a value has one group"
            elif place and member not in below:
                yield f"{where}.{place}.{group}.{i}: is no group of the level below"
            seen.add(member)
        if place:
            missing = sorted(below - seen)
            yield from (f"{where}.{place}: no group holds {group}, a group of the level below" for group in missing)
        if OTHER in groups:
            yield f"{where}.{place}.{OTHER}: stands for values that no group covers; choose another name"
        below = {*groups}
    yield from _cycles(where, hierarchy)


def _cycles(where: str, hierarchy: Hierarchy) -> Iterator[str]:
    """A group called as something below it, that it does not hold: read alone, its name says the wrong thing."""
    for low, members in enumerate(hierarchy.levels):
        parents = {member: group for group, listed in members.items() for member in listed}
        for high in range(low, len(hierarchy.levels)):
            yield from (
                f"{where}.{high}.{name}: is also the name of what another group holds; choose another name"
                for name in sorted({*hierarchy.levels[high]} & {*parents})
                if parents[name] != name
            )
            if high + 1 < len(hierarchy.levels):
                upper = {member: group for group, listed in hierarchy.levels[high + 1].items() for member in listed}
                parents = {member: upper.get(group, group) for member, group in parents.items()}
