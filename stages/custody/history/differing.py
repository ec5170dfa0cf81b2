"""How two releases differ: figures, sources, columns, rows by source and reason, balance of labels; never a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from custody.errors import RefusedError
from custody.history import classes, rows_shown
from custody.history.counts import POLICY, Counts, source_of
from custody.history.releases import number
from custody.history.shown import shown, told_parts
from custody.history.version import BRING
from custody.release.stated import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from custody.history.version import Version
    from custody.release.stated import Column, Stated

PERSONS: Final = frozenset({"subjects", "k_smallest"})
"""Figures that count persons."""
OFF: Final = {"validate": ("quarantined_by",), "anonymize": ("withheld", "suppressed")}
"""Where each stage's report counts, by reason, what it kept from going on."""


class Difference(NamedTuple):
    """Two releases; every count in it is as people may see it."""

    revisions: tuple[str, str]
    decisions: tuple[str | None, str | None]
    figures: dict[str, tuple[Any, Any]]
    """Those that differ, by name."""
    sources: dict[str, str]
    """What became of each source that differs."""
    columns: dict[str, str]
    """What became of each column that differs."""
    kept_off: dict[str, tuple[Any, Any]]
    """Records that did not go on, by reason, where the number differs."""
    rows: dict[str, Any] | None = None
    """None where they were not compared."""
    labels: dict[str, dict[str, tuple[Any, Any]]] | None = None
    """Rows per class, by label column; None where they were not counted."""
    notes: tuple[str, ...] = ()
    """What was not computed, and why."""


def differ(a: Version, b: Version) -> Difference:
    """Compare two releases as far as their data is at hand."""
    k = max(a.k, b.k)
    old, new = a.statement, b.statement
    notes = [
        f"{name}: its statement is not in DVC's cache, so columns, sources and rows were not compared; {BRING}"
        for name, one in (("A", old), ("B", new))
        if one is None
    ]
    figures = {name: _pair(name, a.figures.get(name), b.figures.get(name), k) for name in {*a.figures, *b.figures}}
    moved = {name: figures[name] for name in sorted(figures) if a.figures.get(name) != b.figures.get(name)}
    revisions, off = (a.commit, b.commit), _kept_off(a, b, k, notes)
    if old is None or new is None:
        decided = (_decision(a), _decision(b))
        return Difference(revisions, decided, moved, {}, {}, off, notes=tuple(notes))
    told, labels = _rows(a, b, (old, new), k, notes)
    decided = (old.decision, new.decision)
    sources, columns = _sources(old, new), _columns(old, new)
    return Difference(revisions, decided, moved, sources, columns, off, told, labels, tuple(notes))


def _pair(name: str, old: Any, new: Any, k: int) -> tuple[Any, Any]:
    hidden = name in PERSONS
    before, after = (shown(one, k) if hidden and one is not None else one for one in (old, new))
    return before, after


def _decision(version: Version) -> str | None:
    return {1: "released", 0: "refused"}.get(version.figures.get("released", -1))


def _kept_off(a: Version, b: Version, k: int, notes: list[str]) -> dict[str, tuple[Any, Any]]:
    found: dict[str, tuple[Any, Any]] = {}
    for stage, keys in OFF.items():
        old, new = a.report(stage), b.report(stage)
        if old is None or new is None:
            notes.append(f"the report of {stage} of one of them is not in DVC's cache; {BRING}")
            continue
        for key in keys:
            before, after = (_counts(one, stage, key) for one in (old, new))
            told = [told_parts(one, k) for one in (before, after)]
            for reason in sorted({*before, *after}):
                if before.get(reason, 0) != after.get(reason, 0):
                    name = f"{key.removesuffix('_by')}: {reason}"
                    found[name] = (told[0].get(reason, 0), told[1].get(reason, 0))
    return found


def _counts(report: Mapping[str, Any], stage: str, key: str) -> dict[str, int]:
    found = report.get(key) or {}
    if not isinstance(found, dict) or any(number(one, int) is None for one in found.values()):
        raise RefusedError(f"the report of {stage}: {key} holds what is no count; get it again or run: dvc repro")
    return found


def _sources(old: Stated, new: Stated) -> dict[str, str]:
    found = {}
    for name in sorted({*old.sources, *new.sources}):
        before, after = old.sources.get(name), new.sources.get(name)
        if before is None or after is None:
            found[name] = "added" if before is None else "removed"
        elif old.read(name) != new.read(name):
            found[name] = "its files changed"
        elif before != after:
            found[name] = "its provenance changed"
    return found


def _columns(old: Stated, new: Stated) -> dict[str, str]:
    """Of a refusal no columns are stated, so there is nothing to compare."""
    if not (old.columns and new.columns):
        return {}
    found = {}
    for name in sorted({*old.columns, *new.columns}):
        before, after = old.columns.get(name), new.columns.get(name)
        if before is None or after is None:
            found[name] = f"added: {_words(after)}" if before is None else f"removed, was {_words(before)}"
        elif before != after:
            found[name] = f"{_words(before)} → {_words(after)}"
    return found


def _words(column: Column | None) -> str:
    return "" if column is None else f"{column.role}, {column.level or column.technique}, {column.type}"


def _rows(
    a: Version, b: Version, stated: tuple[Stated, Stated], k: int, notes: list[str]
) -> tuple[dict[str, Any] | None, dict[str, dict[str, tuple[Any, Any]]] | None]:
    old, new = ({file.name: file for file in one.files} for one in stated)
    equal = {name for name in old.keys() & new.keys() if old[name].sha256 == new[name].sha256}
    before, after = _tables(a, old.keys() - equal), _tables(b, new.keys() - equal)
    if before is None or after is None:
        notes.append(
            f"released data of one of them is not in DVC's cache, so rows and labels were not compared; {BRING}"
        )
        return None, None
    counts = _compared(before, after, stated) if before or after else {}
    for name in equal:
        source = source_of(name)
        counts[source] = counts.get(source, Counts()) + Counts(same=old[name].rows)
    labels = classes.balance((a, b), stated, k)
    return rows_shown.by_source(counts, k), labels


def _compared(
    before: dict[str, pa.Table], after: dict[str, pa.Table], stated: tuple[Stated, Stated]
) -> dict[str, Counts]:
    from custody.history import rows  # noqa: PLC0415  # late: Arrow, where there are rows to compare

    return rows.compare(before, after, lambda source: _why(source, *stated))


def _tables(version: Version, names: set[str]) -> dict[str, pa.Table] | None:
    tables = {name.removesuffix(SUFFIX): version.table(name) for name in sorted(names)}
    whole_ = {name: table for name, table in tables.items() if table is not None}
    return whole_ if len(whole_) == len(tables) else None


def _why(source: str, old: Stated, new: Stated) -> str:
    """Why a whole partition is in one of the releases alone."""
    if not (old.released and new.released):
        return "refused"
    if old.key != new.key:
        return "key"
    if source not in old.sources or source not in new.sources:
        return "source"
    return POLICY if old.read(source) == new.read(source) else "file"
