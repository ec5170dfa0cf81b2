"""Flows as people may see them: whoever adds up what is told works out no count that is hidden."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import product
from typing import Any

import pytest

from custody.history.effect import figures, tables
from custody.history.effect.flows import LEFT, Flow
from custody.history.shown import FLOOR

K = FLOOR
REASONS = (("quarantined", "a"), ("quarantined", "b"), ("withheld", "x"))
ADMITTED = (("quarantined", "a"), ("suppressed", "g"))


def _flow(reasons: dict[str, int]) -> Flow:
    counts = +Counter(reasons)
    return Flow(Counter({"s": counts.total()}) if counts else Counter(), counts)


def _leaving(world: tuple[int, ...]) -> tuple[dict[str, Flow], dict[str, tuple[int, int]]]:
    """Records that are admitted no more, and figures before and after."""
    named = {f"{fate}: {why}": count for (fate, why), count in zip(REASONS, world, strict=True)}
    kinds = {fate: _flow({name: named[name] for name in named if name.startswith(fate)}) for fate, _ in REASONS}
    by = Counter({fate: one.records for fate, one in kinds.items()})
    pairs = {name: (100, 100 + by[name]) for name in by}
    pairs |= {name: (500, 500 - sum(world)) for name in ("candidate", "rows")}
    return {**kinds, LEFT: _flow(named)}, pairs | {"accepted": (700, 700 - by["quarantined"])}


def _entering(world: tuple[int, ...]) -> tuple[dict[str, Flow], dict[str, tuple[int, int]]]:
    """Records that are newly admitted, and others that are quarantined no more but suppressed."""
    reasons = {f"{fate}: {why}": count for (fate, why), count in zip(ADMITTED, world, strict=False)}
    other = world[2]
    pairs = {name: (500, 500 + sum(world[:2])) for name in ("candidate", "rows")}
    pairs["suppressed"] = (100, 100 + other - world[1])
    pairs["quarantined"] = (100, 100 - world[0] - other)
    pairs["accepted"] = (700, 700 + world[0] + other)
    return {"admitted": _flow(reasons), "suppressed": _flow({"suppressed: g": other}), LEFT: Flow()}, pairs


def _printed(flows: dict[str, Flow], pairs: dict[str, tuple[int, int]]) -> dict[str, Any]:
    told = tables.told(flows, K)
    moved = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return {"flows": told, "figures": figures.told(moved, K, vague=tables.hides(flows, K))}


@pytest.mark.parametrize("laid_out", [_leaving, _entering])
def test_whoever_adds_up_flows_and_figures_works_out_nothing_hidden(laid_out: Any) -> None:
    worlds = defaultdict(list)
    for world in product(range(17), repeat=3):
        worlds[repr(_printed(*laid_out(world)))].append(world)
    told = [
        (alike, i)
        for alike in worlds.values()
        for i in range(3)
        if any(0 < world[i] < K and max(world) < 12 for world in alike) and len({world[i] for world in alike}) < 2
    ]
    assert not told, told[:3]


def test_flows_that_overlap_are_told_in_sizes_once_a_count_is_hidden() -> None:
    flows, _ = _leaving((100, 0, 2))
    told = tables.told(flows, 5)
    assert {kind: one["records"] for kind, one in told.items()} == {
        "quarantined": "≥100",
        "withheld": "<5",
        LEFT: "≥100",
    }
    assert told[LEFT]["by_reason"] == {"quarantined: a": "≥5", "withheld: x": "<5"}


def test_what_hides_nothing_or_stands_alone_is_told_exactly() -> None:
    flows, _ = _leaving((100, 0, 7))
    assert tables.told(flows, 5)[LEFT]["records"] == 107
    alone, _ = _leaving((100, 2, 0))
    told = tables.told(alone, 5)
    assert told["quarantined"] == told[LEFT]
    assert told[LEFT]["records"] == 102
