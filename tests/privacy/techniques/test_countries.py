from __future__ import annotations

import re

import pytest

from custody.policy.hierarchies import SHIPPED, faults
from custody.privacy.techniques import countries

CASES = [
    # code, UN M49 region, continent
    ("DE", "Western Europe", "Europe"),
    ("GBR", "Northern Europe", "Europe"),
    ("US", "Northern America", "Americas"),
    ("MX", "Central America", "Americas"),
    ("CUB", "Caribbean", "Americas"),
    ("KE", "Eastern Africa", "Africa"),
    ("CY", "Western Asia", "Asia"),
    ("TWN", "Eastern Asia", "Asia"),
    ("NZ", "Australia and New Zealand", "Oceania"),
    ("AQ", "Antarctica", "Antarctica"),
]


@pytest.mark.parametrize(("code", "region", "continent"), CASES)
def test_a_country_has_its_region_and_continent(code: str, region: str, continent: str) -> None:
    hierarchy = countries.hierarchy()
    assert (hierarchy.above(1)[code], hierarchy.above(2)[code]) == (region, continent)


def test_all_249_countries_have_both_their_codes() -> None:
    codes = countries.hierarchy().above(2)
    assert sorted(map(len, codes)) == [2] * 249 + [3] * 249
    assert all(re.fullmatch("[A-Z]+", code) for code in codes)
    assert set(codes.values()) == {"Africa", "Americas", "Antarctica", "Asia", "Europe", "Oceania"}


def test_it_is_a_hierarchy_without_faults_and_as_deep_as_the_policy_says() -> None:
    assert list(faults("country", countries.hierarchy())) == []
    assert len(countries.hierarchy().levels) == SHIPPED["country"]
