"""generalize by a hierarchy: a value becomes the group above it, `level` steps up.

A value that no group covers becomes `OTHER`, or an empty cell where the policy says so. Hierarchies are maps of the
policy, but for two that are shipped: `country` (`countries`) and `ip`, whose levels are networks (`ip_truncate`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import CustodyError
from custody.policy.hierarchies import OTHER
from custody.policy.techniques import IpTruncate
from custody.privacy.canonical import canonical
from custody.privacy.techniques import countries, ip_truncate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custody.policy.hierarchies import Hierarchy
    from custody.policy.schema import FieldType
    from custody.policy.techniques import Generalize
    from custody.privacy.techniques.given import Given
    from custody.records.zone import Zone

NETWORKS = ((24, 48), (16, 32), (8, 16))
"""Bits of IPv4 and IPv6 that each level of `ip` leaves."""


def apply(values: pa.Array, column: Generalize, kind: FieldType, zone: Zone, given: Given) -> pa.Array:
    """Return the group of each value (strings; null stays null)."""
    if column.hierarchy == "ip":
        return ip_truncate.apply(values, network(column), kind, zone)
    groups = _named(str(column.hierarchy), given.hierarchies).above(column.level)
    texts = canonical(values, kind)
    if column.hierarchy == "country":
        texts = pc.utf8_upper(texts)
    members = canonical(pa.array(groups, pa.string()), kind)
    found = pa.array(groups.values(), pa.string()).take(pc.index_in(texts, value_set=members))
    return found if column.uncovered == "empty" else pc.if_else(values.is_valid(), pc.fill_null(found, OTHER), None)


def network(column: Generalize) -> IpTruncate:
    """Return the same step as `ip_truncate` takes it."""
    v4, v6 = NETWORKS[column.level - 1]
    return IpTruncate(role=column.role, technique="ip_truncate", v4=v4, v6=v6)


def _named(name: str, hierarchies: Mapping[str, Hierarchy]) -> Hierarchy:
    found = countries.hierarchy() if name == "country" else hierarchies.get(name)
    if found is None:
        raise CustodyError(f"privacy.hierarchies: {name} is missing; give it there")
    return found
