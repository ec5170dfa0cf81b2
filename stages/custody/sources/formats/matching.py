"""Shipped patterns over whole columns: the first of several that claims a text takes it apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

GROUP = re.compile(r"\(\?P<(\w+)>")


def first_match(
    texts: pa.Array, patterns: Sequence[str], names: Sequence[str]
) -> tuple[np.ndarray, dict[str, pa.Array]]:
    """Return the index of the first of the shipped `patterns` that is found in each text (-1: none), and its groups.

    Only the groups `names` are taken, each a string column; `''` where the pattern has no such group.
    """
    which = np.full(len(texts), -1)
    parts: list[tuple[np.ndarray, dict[str, pa.Array]]] = []
    left, rest = np.arange(len(texts)), texts
    for number, pattern in enumerate(patterns):
        if not len(rest):
            break
        hit, found = _search(rest, without_groups(pattern, names))
        if not hit.any():
            continue
        where = left[hit]
        which[where] = number
        if hit.all():
            parts.append((where, found))
            left, rest = left[:0], rest.slice(0, 0)
            break
        some = pa.array(hit)
        parts.append((where, {name: column.filter(some) for name, column in found.items()}))
        left, rest = left[~hit], rest.filter(pc.invert(some))
    if len(parts) == 1 and not len(left):
        found = parts[0][1]
        return which, {name: found[name] if name in found else pa.repeat(pa.scalar(""), len(texts)) for name in names}
    parts.append((left, {}))
    order = np.argsort(np.concatenate([where for where, _ in parts]))
    return which, {name: _column(parts, name).take(pa.array(order)) for name in names}


def groups_of(pattern: str) -> list[str]:
    """Return the names of the groups of a shipped `pattern`."""
    return GROUP.findall(pattern)


def without_groups(pattern: str, names: Collection[str]) -> str:
    """Return a shipped `pattern` that matches the same and takes only the groups `names`."""
    return GROUP.sub(lambda found: found[0] if found[1] in names else "(?:", pattern)


def _search(texts: pa.Array, pattern: str) -> tuple[np.ndarray, dict[str, pa.Array]]:
    """Return in which texts the pattern is found, and what its groups hold there, in one pass."""
    if "(?P<" not in pattern:
        return pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False), {}
    groups = pc.extract_regex(texts, pattern)
    columns = {name: pc.struct_field(groups, name) for name in groups.type.names}
    return groups.is_valid().to_numpy(zero_copy_only=False), columns


def _column(parts: Sequence[tuple[np.ndarray, dict[str, pa.Array]]], name: str) -> pa.Array:
    blank = pa.scalar("")
    return pa.concat_arrays([found[name] if name in found else pa.repeat(blank, len(where)) for where, found in parts])
