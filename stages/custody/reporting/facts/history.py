"""Earlier decisions, as metrics in git's history tell them: a point per commit that changed a figure or the policy."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from custody.release.condition import count, number
from custody.reporting.facts.people import few
from custody.reporting.reading import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.reporting.facts.tables import Value
    from custody.reporting.reading import Read
    from custody.repository.past import Commit

NOW = "now"
PARAMS = "params.yaml"
MOST_RULES = 2_000


@dataclass(frozen=True)
class Point:
    """A decision of the past, or the one at hand."""

    commit: str
    """Abbreviated id of the commit; `now` for the decision at hand."""
    day: str | None
    released: bool
    rows: int | None
    score: float | None
    k_smallest: Value
    """People in the smallest group; `fewer than k` where they are."""
    policy_changed: bool
    """params.yaml differs from that of the point before."""
    pass_rates: dict[str, float]
    """By rule id; a rule that was not evaluated has no entry."""


def history(read: Read) -> tuple[Point, ...]:
    """Return past decisions, oldest first, and the one at hand last; equal neighbours are one point."""
    points: list[Point] = []
    before: bytes | None = None
    for commit in read.commits:
        policy = commit.files.get(PARAMS)
        point = _past(commit, changed=before is not None and policy != before)
        if point is not None:
            points.append(point)
            before = policy
    now = _now(read)
    if points and _figures(points[-1]) == _figures(now):
        now = Point(**{**vars(now), "day": points[-1].day, "policy_changed": points[-1].policy_changed})
        points.pop()
    k = read.policy.privacy.k
    return tuple(replace(one, k_smallest=few("k_smallest", one.k_smallest, k)) for one in (*_apart(points), now))


def earlier(read: Read) -> str | None:
    """Return the commit of the decision before the one at hand: HEAD's where something changed since, else an earlier.

    None where git's history holds no other decision.
    """
    changed = bool(read.since.keys or read.since.sources or read.since.others)
    decided = [(commit, point) for commit in read.commits if (point := _past(commit, changed=False)) is not None]
    if not decided:
        return None
    last, _ = decided[-1]
    if changed and read.since.unknown is None:
        return last.id
    policy, now = last.files.get(PARAMS), _figures(_now(read))
    others = [one.id for one, point in decided if one.files.get(PARAMS) != policy or _figures(point) != now]
    return others[-1] if others else None


def _apart(points: list[Point]) -> Iterator[Point]:
    """Leave out a commit that changed neither figures nor policy."""
    for i, point in enumerate(points):
        if i == 0 or point.policy_changed or _figures(point) != _figures(points[i - 1]):
            yield point


def _figures(point: Point) -> tuple[Any, ...]:
    return point.released, point.rows, point.score, point.k_smallest, point.pass_rates


def _past(commit: Commit, *, changed: bool) -> Point | None:
    """Return nothing for a commit without a decision, or with figures that are none of ours."""
    gate, quality, privacy = (_json(commit, f"{name}.json") for name in ("gate", "validate", "anonymize"))
    if gate.get("released") not in {0, 1}:
        return None
    return Point(
        commit=commit.id[:10],
        day=commit.day,
        released=gate["released"] == 1,
        rows=count(gate.get("rows")),
        score=number(quality.get("score")),
        k_smallest=count(privacy.get("k_smallest")),
        policy_changed=changed,
        pass_rates=_rates(commit.files.get(f"{METRICS}/rules.csv", b"")),
    )


def _now(read: Read) -> Point:
    rules = read.body("validate").get("rules")
    rates = {
        rule: number(figures.get("pass_rate"))
        for rule, figures in (rules.items() if isinstance(rules, dict) else ())
        if isinstance(figures, dict)
    }
    figures = read.statement.figures
    return Point(
        commit=NOW,
        day=None,
        released=read.statement.released,
        rows=read.statement.rows,
        score=number(figures.get("quality_score")),
        k_smallest=count(figures.get("k_smallest")),
        policy_changed=bool(read.since.keys),
        pass_rates={rule: float(rate) for rule, rate in rates.items() if rate is not None},
    )


def _json(commit: Commit, name: str) -> dict[str, Any]:
    try:
        value = json.loads(commit.files.get(f"{METRICS}/{name}", b"{}"))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _rates(text: bytes) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in csv.DictReader(io.StringIO(text.decode(errors="replace"))):
        rule, rate = row.get("rule"), row.get("pass_rate")
        try:
            if rule and rate and len(found) < MOST_RULES and 0 <= float(rate) <= 1:
                found[rule] = float(rate)
        except ValueError:
            continue
    return found
