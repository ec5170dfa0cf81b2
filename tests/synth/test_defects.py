import pytest

from custody.synth import alerts, defects, edge, sshd
from custody.synth.defects import BLOCK, Counts, Defect, plan


@pytest.mark.parametrize("module", [sshd, edge, alerts])
def test_every_defect_has_a_place_of_its_own_after_a_clean_record(module: object) -> None:
    places = module.PLAN.places  # type: ignore[attr-defined]
    assert len({defect.name for defect in places.values()}) == len(places)
    assert all(0 < place < BLOCK and place - 1 not in places for place in places)


def test_too_many_defects_are_refused() -> None:
    with pytest.raises(ValueError, match="more defects than a block has room for"):
        plan([Defect(f"one_{i}") for i in range(BLOCK)])


def test_alternatives_come_in_turn() -> None:
    one = defects.value("some", "field", ["a", "b"], "collect/x")
    assert [one.fields(block) for block in range(3)] == [{"field": "a"}, {"field": "b"}, {"field": "a"}]


def test_counts_nest_by_stage() -> None:
    counts = Counts()
    counts.add(("collect/malformed/not_json", "collect/malformed/not_json", "validate/broken/ts.type"))
    counts.add(("collect/malformed/nul_byte",), 3)
    assert counts.tree() == {
        "collect": {"malformed": {"not_json": 2, "nul_byte": 3}},
        "validate": {"broken": {"ts.type": 1}},
    }
