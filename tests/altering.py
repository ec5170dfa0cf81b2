"""Plain values with one thing in them altered, in each way that a stranger may think of."""

from __future__ import annotations

import copy
import math
from typing import Any

GONE = object()
ODD: list[Any] = [
    *(GONE, None, True, False, 0, 1, -1, 1.0, 0.5, -0.0, 2**53, 2**53 + 2, 10**30, 1e300, math.nan, math.inf),
    *(2**53 + 1, -(2**53) - 1, "\ud83d" + "\ude00"),
    *("", "x", "a" * 63, "a" * 64, "a" * 200, "a" * 201, "a" * 1001, "é", "\ud800", "0" * 32, "0" * 64),
    *("0" * 16, "0" * 64 + "\n", "x.parquet", "x.parquet\n", "../x.parquet", "2026-11-01", "20261101", "2026-02-30"),
    *("released", "refused", "internal", "custody/statement/v1", "custody/statement/v2"),
    *([], {}, [1], {"a": 1}, {"x": None}, {"\ud800": 1}, {"": "0" * 64}),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a value; of a list, whose items are of one kind, the first alone."""
    inner = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


def at(value: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a place."""
    for key in path:
        value = value[key]
    return value


def altered(value: dict[str, Any], path: tuple[Any, ...], odd: Any) -> dict[str, Any]:
    """The value with something else, or nothing, at a place."""
    whole = copy.deepcopy(value)
    inner = at(whole, path[:-1])
    if odd is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = odd
    return whole
