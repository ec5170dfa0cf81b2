"""What `custody diff` prints: how two releases differ, in figures, sources, columns, rows and labels."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from custody.errors import plain
from custody.history.differing import differ
from custody.history.version import versions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from custody.history.differing import Difference

REASONS: Final = {
    "policy": "kept out by the other policy or code",
    "ids": "ids of another epoch or data set name, not joined",
    "file": "files read by one of them alone",
    "source": "sources of one of them alone",
    "key": "under another key, not joined",
    "refused": "of a refused release",
}
SHORT: Final = 12


def lines(root: Path, a: str, b: str, *, as_json: bool) -> Iterator[str]:
    """Yield the lines of a comparison, or all as one JSON text."""
    found = differ(*versions(root, [(a, "A"), (b, "B")]))
    if as_json:
        yield json.dumps(found._asdict(), indent=2, ensure_ascii=False)
    else:
        yield from map(plain, _lines(found))


def _lines(found: Difference) -> Iterator[str]:
    yield f"{found.revisions[0][:SHORT]} {found.decisions[0]} → {found.revisions[1][:SHORT]} {found.decisions[1]}"
    yield from _section("figures", {name: _arrow(pair) for name, pair in found.figures.items()})
    yield from _section("sources", found.sources)
    yield from _section("columns", found.columns)
    if found.rows is not None:
        yield from _section("rows", {name or "all": _rows(told) for name, told in found.rows.items()})
        yield from _section("changed in", found.rows[""]["changed_columns"])
    yield from _section("did not go on", {name: _arrow(pair) for name, pair in found.kept_off.items()})
    for column, classes in (found.labels or {}).items():
        yield from _section(f"rows by {column}", {name: _arrow(pair) for name, pair in classes.items()})
    yield from (f"note: {note}" for note in found.notes)


def _section(title: str, lines: dict[str, Any]) -> Iterator[str]:
    """Yield a title and an indented line for each; nothing where there is nothing to tell."""
    width = max(map(len, lines), default=0)
    if lines:
        yield f"{title}:"
    yield from (f"  {name.ljust(width)}  {_count(told)}" for name, told in lines.items())


def _rows(told: dict[str, Any]) -> str:
    parts = [] if told["same"] is None else [f"{_count(told['same'])} same"]
    parts += [f"{_count(told[name])} {name}" for name in ("moved", "changed") if told[name]]
    for name in ("added", "removed"):
        by = "; ".join(f"{_count(count)} {REASONS[reason]}" for reason, count in told[f"{name}_by"].items())
        parts += [f"{_count(told[name])} {name}" + (f" ({by})" if by else "")] if told[name] else []
    parts += ["added and removed not told"] if parts and told["added"] is None else []
    return ", ".join(parts) or "too few to tell"


def _arrow(pair: tuple[Any, Any]) -> str:
    return f"{_count(pair[0])} → {_count(pair[1])}"


def _count(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else str(value)
