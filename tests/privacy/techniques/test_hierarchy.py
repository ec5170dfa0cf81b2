from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.policy.hierarchies import SHIPPED, Hierarchy
from custody.policy.techniques import Generalize
from custody.privacy.techniques import hierarchy, registry
from custody.privacy.techniques.given import Given
from support import ZONE

GIVEN = Given(
    hierarchies={
        "team": Hierarchy(
            levels=(
                {"technical": ("engineering", "operations"), "business": ("sales", "finance")},
                {"staff": ("technical", "business")},
            )
        )
    }
)
CASES: list[tuple[str, int, str, str, str | None]] = [
    # hierarchy, level, type of the column, value, group
    ("team", 1, "category", "engineering", "technical"),
    ("team", 2, "category", "engineering", "staff"),
    ("team", 1, "category", "Engineering", "OTHER"),  # a category compares exactly
    ("team", 1, "user", "Engineering", "technical"),  # a name does not
    ("team", 1, "category", "", "OTHER"),
    ("country", 1, "category", "de", "Western Europe"),
    ("country", 2, "category", "DEU", "Europe"),
    ("country", 1, "category", "XX", "OTHER"),
    ("ip", 1, "ip", "192.0.2.77", "192.0.2.0/24"),
    ("ip", 2, "ip", "192.0.2.77", "192.0.0.0/16"),
    ("ip", 3, "ip", "192.0.2.77", "192.0.0.0/8"),
    ("ip", 1, "ip", "2001:db8:1:2::3", "2001:db8:1::/48"),
]


def grouped(values: list[str | None], name: str, level: int, kind: Any, **how: Any) -> list[str | None]:
    column = Generalize(role="quasi", technique="generalize", hierarchy=name, level=level, **how)
    whole = registry.transform(pa.array(values, pa.string()), column, kind, ZONE, given=GIVEN).values
    encoded = registry.transform(pa.array(values, pa.string()).dictionary_encode(), column, kind, ZONE, given=GIVEN)
    assert whole is not None
    assert encoded.values == whole
    listed: list[str | None] = whole.to_pylist()
    return listed


@pytest.mark.parametrize(("name", "level", "kind", "value", "group"), CASES)
def test_a_value_becomes_the_group_above_it(name: str, level: int, kind: str, value: str, group: str) -> None:
    assert grouped([value, None], name, level, kind) == [group, None]


def test_what_no_group_covers_is_emptied_where_the_policy_says_so() -> None:
    assert grouped(["sales", "legal", None], "team", 1, "category", uncovered="empty") == ["business", None, None]


def test_the_shipped_address_hierarchy_is_as_deep_as_the_policy_says() -> None:
    assert len(hierarchy.NETWORKS) == SHIPPED["ip"]


def test_a_hierarchy_that_is_not_given_stops() -> None:
    column = Generalize(role="quasi", technique="generalize", hierarchy="none")
    with pytest.raises(CustodyError, match=r"privacy\.hierarchies: none is missing"):
        registry.transform(pa.array(["a"]), column, "category", ZONE, given=GIVEN)


@given(st.lists(st.none() | st.sampled_from(["engineering", "sales", "legal"]), max_size=8), st.integers(0, 8))
def test_values_are_grouped_alone_and_in_any_order(values: list[str | None], cut: int) -> None:
    whole = grouped(values, "team", 1, "category")
    assert whole == grouped(values[:cut], "team", 1, "category") + grouped(values[cut:], "team", 1, "category")
    assert whole[::-1] == grouped(values[::-1], "team", 1, "category")
    assert [one is None for one in whole] == [one is None for one in values]
