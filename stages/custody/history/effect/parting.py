"""The third layer: what of a change in figures is the policy and what the data, by the arithmetic of `custody report`.

Three runs say it: BASE's policy on BASE's data, as BASE's metrics in git tell it; BASE's policy on HEAD's data; HEAD's
policy on HEAD's data. With one order alone, the policy's part is taken on HEAD's data, as a review's effect is.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError
from custody.history.attribution import Cells, attribute, parted, sentence
from custody.history.effect import figures
from custody.history.effect.telling import floor
from custody.history.shown import way
from custody.history.version import FIGURES
from custody.repository import head as since
from custody.repository import tree

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from custody.history.attribution import Count
    from custody.history.effect.running import Cell
    from custody.history.effect.side import Side

RULES: Final = "data/metrics/rules.csv"
PARTS: Final = ("total", "policy", "data")
SAME: Final = "The data is the same, so all of it is the policy."
ONE_ORDER: Final = "HEAD's data was judged under both policies; that order alone is taken."


def told(
    root: Path, base: Side, cells: tuple[Cell, Cell], unclear: Collection[str], *, same_data: bool
) -> dict[str, Any]:
    """Return each figure that changed, parted; `cells` are HEAD's data under either policy.

    Of the figures in `unclear` only the ways are told, as in the effect.

    `CustodyError` where BASE records no figures of its own policy and data.
    """
    mixed, after = cells
    if same_data:
        corners = Cells(figures.counts(mixed), figures.counts(after), figures.counts(after), figures.counts(mixed))
        return _told(corners, (figures.of(mixed), figures.of(mixed), figures.of(after)), cells, unclear, SAME)
    metrics, rules = _recorded(root, base)
    corners = Cells(rules, figures.counts(after), None, figures.counts(mixed))
    return _told(corners, (metrics, figures.of(mixed), figures.of(after)), cells, unclear, ONE_ORDER)


def released(root: Path, base: Side) -> bool | None:
    """Say what BASE decided on its own data, as it records it; None where it does not."""
    try:
        decided = _recorded(root, base)[0].get("released")
    except CustodyError:
        return None
    return None if decided is None else decided == 1


def _told(
    corners: Cells,
    values: tuple[Mapping[str, float], ...],
    cells: tuple[Cell, Cell],
    hidden: Collection[str],
    how: str,
) -> dict[str, Any]:
    k = floor(*(one.policy for one in cells))
    attributed = attribute(corners)
    known = sorted(name for name in values[0] if all(name in one for one in values))
    moved = {name: [one[name] for one in values] for name in known if len({one[name] for one in values}) > 1}
    parted_ = {name: _parts(*one) for name, one in moved.items()}
    small = {name for name, one in moved.items() if name in figures.COUNTS and any(0 < value < k for value in one)}
    unclear = {*hidden, *small} | {
        name for part in PARTS for name in figures.few({key: one[part] for key, one in parted_.items()}, k)
    }
    return {
        "how": how,
        "score": sentence(attributed),
        "figures": {name: _vague(one, k) if name in unclear else one for name, one in parted_.items()},
        "rules": {one.id: asdict(one.score) for one in attributed.rules},
    }


def _parts(before: float, mixed: float, after: float) -> dict[str, Any]:
    """Part one figure, given on BASE's data, on HEAD's under BASE's policy, and on HEAD's under HEAD's."""
    change = asdict(parted([Fraction(str(before)), None, Fraction(str(mixed)), Fraction(str(after))]))
    whole = all(isinstance(one, int) for one in (before, mixed, after))
    return {part: int(value) if whole else value for part, value in change.items()}


def _vague(one: Mapping[str, Any], k: int) -> dict[str, int | str]:
    """Of a count some part of which may not be told, tell which way each part goes."""
    return {part: way(int(value), k) if value else 0 for part, value in one.items()}


def _recorded(root: Path, base: Side) -> tuple[dict[str, float], dict[str, Count]]:
    """Return the figures that BASE has in git of its own policy."""
    files = _metrics(root, base)
    params = (base.stages.get("gate") or {}).get("params")
    params = params.get("params.yaml") if isinstance(params, dict) else None
    if not isinstance(params, dict) or list(since.differences(params, dict(base.values))):
        raise CustodyError("BASE records no figures of its own policy; run dvc repro there, and commit")
    try:
        found = {name: value for text in FIGURES for name, value in json.loads(files[text]).items()}
        return {name: value for name, value in found.items() if isinstance(value, int | float)}, figures.recorded(
            files[RULES]
        )
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        raise CustodyError("BASE has no figures in data/metrics that can be read") from None


def _metrics(root: Path, base: Side) -> dict[str, bytes]:
    names = [*FIGURES, RULES]
    if base.commit is not None:
        return tree.files(root, base.commit, names)
    return {name: (root / name).read_bytes() for name in names if (root / name).is_file()}
