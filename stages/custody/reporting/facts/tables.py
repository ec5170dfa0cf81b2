"""Any part of a report as tables: whatever a stage measures is shown, by name, without this room knowing it.

A map of maps is a table with a line per key, a list of maps one with a line per entry, plain values are one line each.
Deeper values are named by their dotted path. Long tables are cut, and say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Value: TypeAlias = str | int | float | bool | None

LISTED = ("figure", "value")
LINES = 200
HEADS = 12


@dataclass(frozen=True)
class Table:
    """Lines of values under names."""

    name: str
    head: tuple[str, ...]
    lines: tuple[tuple[Value, ...], ...]
    left_out: int = 0
    """Lines that are not shown."""


def tables(name: str, value: Any) -> tuple[Table, ...]:
    """Return a value of a report as tables; nothing where it is empty."""
    return tuple(_tables(name, value))


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Value]]:
    """Yield plain values by dotted path; a list of plain values is one text."""
    if isinstance(value, dict):
        for key in value:
            yield from leaves(value[key], (*path, str(key)))
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for i, one in enumerate(value):
            yield from leaves(one, (*path, str(i)))
    elif isinstance(value, list):
        yield ".".join(path), ", ".join(map(str, value))
    else:
        yield ".".join(path), value


def _tables(name: str, value: Any) -> Iterator[Table]:
    if isinstance(value, dict):
        nested = {key: one for key, one in value.items() if _is_map_of_maps(one) or _is_list_of_maps(one)}
        rest = {key: one for key, one in value.items() if key not in nested}
        if rest and all(isinstance(one, dict) for one in rest.values()):
            yield _grid(name, {str(key): one for key, one in rest.items()})
        elif rest:
            yield from _listed(name, rest)
        for key, one in nested.items():
            yield from _tables(f"{name}.{key}", one)
    elif _is_list_of_maps(value):
        yield _grid(name, dict(enumerate(value)), named=False)
    elif value is not None and value != []:
        yield from _listed(name, {name: value})


def _grid(name: str, entries: Mapping[Any, dict[str, Any]], *, named: bool = True) -> Table:
    flat = {key: dict(leaves(one)) for key, one in entries.items()}
    heads = list(dict.fromkeys(head for one in flat.values() for head in one))[:HEADS]
    lines = [(*((str(key),) if named else ()), *(one.get(head) for head in heads)) for key, one in flat.items()]
    return Table(name, (*(("",) if named else ()), *heads), tuple(lines[:LINES]), max(0, len(lines) - LINES))


def _listed(name: str, value: Mapping[str, Any]) -> Iterator[Table]:
    lines = list(leaves(dict(value)))
    if lines:
        yield Table(name, LISTED, tuple(lines[:LINES]), max(0, len(lines) - LINES))


def _is_map_of_maps(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(isinstance(one, dict) for one in value.values())


def _is_list_of_maps(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)
