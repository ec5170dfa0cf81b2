from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from custody.sources.formats.json_level import ABSENT, Level, lookup
from custody.sources.formats.json_text import keys

KEYS = st.sampled_from(["a", "b", "c", "a.b", "b.c", "a.b.c"])
LEAF = st.none() | st.integers(0, 3) | st.text(max_size=2) | st.booleans()
TREE = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))
ITEMS = st.lists(st.dictionaries(KEYS, TREE, max_size=4), max_size=12)
PATHS = ["a", "b", "a.b", "a.c", "b.c", "a.b.c", "a.b.c.a", "d"]


@settings(deadline=None)
@given(ITEMS, st.data())
def test_a_level_says_of_many_objects_what_each_says_alone(items: list[dict[str, object]], data: st.DataObject) -> None:
    level = Level(items)
    if data.draw(st.booleans()):
        kept = data.draw(st.lists(st.booleans(), min_size=len(items), max_size=len(items)))
        for path in PATHS:
            level.values(path)
        level = level.only(kept)
        items = [item for item, keep in zip(items, kept, strict=True) if keep]
    assert level.keys().tolist() == [keys(item) for item in items]
    for path in PATHS:
        alone = [lookup(item, path) for item in items]
        some = None if all(value is ABSENT for value in alone) else [None if v is ABSENT else v for v in alone]
        assert level.values(path) == some
    wanted = frozenset(data.draw(st.lists(st.sampled_from(PATHS), max_size=4)))
    assert level.unwanted(wanted) == frozenset().union(*(unwanted(item, wanted) for item in items))


def unwanted(item: dict[str, object], wanted: frozenset[str], prefix: str = "") -> set[str]:
    found = set()
    for key, value in item.items():
        path = prefix + key
        passed = any(one.startswith(path + ".") for one in wanted)
        if path in wanted or (passed and value is None):
            continue
        found |= unwanted(value, wanted, path + ".") if passed and isinstance(value, dict) else {path}
    return found


def test_objects_that_share_no_key_are_counted_one_by_one() -> None:
    items: list[dict[str, object]] = [{f"k{i}": {"x": i}} for i in range(100)]
    assert Level(items).keys().tolist() == [2] * 100
