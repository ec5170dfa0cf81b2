"""The search finds what trying every node finds, in fewer tests."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.risk.lattice import Levels, Verdict, search

LADDERS = st.lists(
    st.lists(st.integers(0, 20), min_size=1, max_size=5).map(lambda steps: [step / 20 for step in sorted(steps)]),
    min_size=1,
    max_size=3,
)


def nodes(losses: list[list[float]]) -> list[Levels]:
    return list(product(*(range(len(levels)) for levels in losses)))


def loss(losses: list[list[float]], levels: Levels) -> float:
    return round(sum(own[level] for own, level in zip(losses, levels, strict=True)), 6)


def best(losses: list[list[float]], holding: list[Levels]) -> Levels | None:
    return min(holding, key=lambda levels: (loss(losses, levels), sum(levels), levels), default=None)


@given(LADDERS, st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)), max_size=3))
def test_the_least_loss_is_found_where_the_demand_is_monotone(losses: list[list[float]], corners: list[Levels]) -> None:
    """A node holds where it is at least as coarse as one of a few corners."""

    def holds(levels: Levels) -> bool:
        return any(all(own >= least for own, least in zip(levels, corner, strict=False)) for corner in corners)

    found = search(losses, lambda levels: Verdict.HOLDS if holds(levels) else Verdict.SHORT)
    assert found.levels == best(losses, [levels for levels in nodes(losses) if holds(levels)])
    assert found.complete
    assert found.tested <= found.nodes == len(nodes(losses))


@given(LADDERS, st.integers(0, 8), st.integers(0, 2**32))
def test_what_is_not_monotone_is_tested_node_by_node(losses: list[list[float]], least: int, bits: int) -> None:
    top = nodes(losses)[-1]

    def verdict(levels: Levels) -> Verdict:
        if sum(levels) < min(least, sum(top)):
            return Verdict.SHORT
        near = levels == top or bits >> (sum(level * 5**i for i, level in enumerate(levels)) % 32) & 1
        return Verdict.HOLDS if near else Verdict.FAR

    found = search(losses, verdict)
    holding = [levels for levels in nodes(losses) if verdict(levels) is Verdict.HOLDS]
    assert found.complete
    assert found.levels in holding
    assert loss(losses, found.levels or ()) >= loss(losses, best(losses, holding) or ())


def test_a_ladder_that_never_holds_costs_one_test() -> None:
    found = search([[0.0, 0.5, 1.0]] * 5, lambda _: Verdict.SHORT)
    assert (found.levels, found.tested, found.nodes) == (None, 1, 243)


def test_a_large_lattice_is_settled_in_few_tests() -> None:
    tested: list[Levels] = []

    def test(levels: Levels) -> Verdict:
        tested.append(levels)
        return Verdict.HOLDS if sum(levels) >= 20 else Verdict.SHORT

    found = search([[level / 9 for level in range(10)]] * 4, test, most=60)
    assert found.levels is not None
    assert sum(found.levels) >= 20
    assert len(tested) == found.tested <= 60 + 6  # a path that was begun is walked to its end
    assert len(set(tested)) == len(tested)


def test_without_a_ladder_there_is_one_node() -> None:
    assert search([], lambda _: Verdict.HOLDS).levels == ()
