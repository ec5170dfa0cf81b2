"""The shipped hierarchy of countries: ISO 3166-1 codes, their region and their continent.

Regions and continents are those of UN M49 (Standard country or area codes for statistical use): the intermediate
region where there is one, else the sub-region. Alpha-2 and alpha-3 codes, in either case.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from custody.policy.hierarchies import Hierarchy

TABLE = Path(__file__).with_name("countries.csv")


@cache
def hierarchy() -> Hierarchy:
    """Return it: level 1 is the region, level 2 the continent."""
    with TABLE.open(encoding="ascii", newline="") as file:
        rows = list(csv.DictReader(file))
    regions = {row["region"]: tuple(row["codes"].split()) for row in rows}
    continents = {
        name: tuple(row["region"] for row in rows if row["continent"] == name)
        for name in sorted({row["continent"] for row in rows})
    }
    return Hierarchy(levels=(regions, continents))
