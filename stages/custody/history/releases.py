"""The releases in git's history: what dvc.lock recorded as the gate's output, commit by commit.

Git tells which commit recorded which release, and the figures in data/metrics; DVC's cache has the statements. Nothing
is fetched and no data is opened, so that a release without a statement at hand is told by its metrics alone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from custody.history.shown import FLOOR, shown
from custody.repository import cache, changes, git, lock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PARAMS: Final = "params.yaml"
RELEASED: Final = "data/released"
STATEMENT: Final = "statement.json"
LARGEST: Final = 2**53
"""No figure is larger."""
METRICS: Final = {name: f"data/metrics/{name}.json" for name in ("gate", "validate", "anonymize")}


class Release(NamedTuple):
    """A release or a refusal, as the commit that recorded it first has it; None where it is not known."""

    commit: str
    day: str
    output: str
    """The name that DVC gives data/released."""
    tags: tuple[str, ...]
    decision: str | None
    rows: int | None
    score: float | None
    k_smallest: int | str | None
    """As people may see it: below the policy's k it is `<k`."""
    policy: str | None
    """Digest of the policy that it was decided under."""
    policy_computed: bool
    """The digest is that of the commit's params.yaml, since the statement is not at hand."""
    expires: str | None
    policy_changed: tuple[str, ...]
    """Commits that changed params.yaml after it, up to the next release, oldest first."""
    statement: bytes | None
    """Its statement.json; None where DVC's cache does not have it."""


def releases(root: Path) -> tuple[Release, ...]:
    """Return the releases on the way to HEAD, newest first; `CustodyError` where there is no git repository."""
    found = changes.changes(root, [lock.LOCK, PARAMS, *METRICS.values()])
    tagged = _tagged(root, [one.commit for one in found])
    store = cache.folder(root)
    texts = _texts(root, found)
    made: list[dict[str, Any]] = []
    held: dict[str, bytes | None] = {}
    params: str | None = None
    for change in reversed(found):
        params = change.blobs.get(PARAMS, params)
        held |= {name: texts.get(blob or "") for name, blob in change.blobs.items()}
        output = lock.output(held.get(lock.LOCK) or b"", "gate", RELEASED) if lock.LOCK in change.blobs else None
        if output is not None and (not made or made[-1]["output"] != output):
            made.append({**_facts(change, output, held, store), "params": params, "policy_changed": [], "tags": []})
        elif PARAMS in change.blobs and made:
            made[-1]["policy_changed"].append(change.commit)
        if made:
            made[-1]["tags"] += tagged.get(change.commit, [])
    _compute(root, [one for one in made if one["statement"] is None and one["params"]])
    return tuple(_release(one, made[i + 1] if i + 1 < len(made) else None) for i, one in enumerate(made))[::-1]


def statement_of(store: Path | None, output: str) -> bytes | None:
    """Return the statement of a release by the name that DVC gives its folder; None where it is not at hand."""
    named = (cache.listing(store, output) or {}).get(STATEMENT)
    return cache.read(store, named) if named else None


def number(value: Any, kind: type[int | float] = float) -> Any:
    """Return a figure as files tell it; None for what is no number of the kind, or larger than any figure is."""
    sound = isinstance(value, int | kind) and not isinstance(value, bool) and -LARGEST <= value <= LARGEST
    return value if sound else None


def _release(one: Mapping[str, Any], after: Mapping[str, Any] | None) -> Release:
    changed = [*one["policy_changed"], *([after["commit"]] if after and after["with_policy"] else [])]
    values = {name: value for name, value in one.items() if name not in {"with_policy", "params", "k"}}
    smallest = None if one["k_smallest"] is None else shown(one["k_smallest"], one["k"] or FLOOR)
    return Release(**{**values, "k_smallest": smallest, "policy_changed": tuple(changed), "tags": tuple(one["tags"])})


def _compute(root: Path, unstated: list[dict[str, Any]]) -> None:
    """Take the digest, and k, of each policy that holds under today's model."""
    if not unstated:
        return
    from custody.policy.policy import check  # noqa: PLC0415  # late: pydantic, which no statement needs here

    texts = git.contents(root, [one["params"] for one in unstated])
    policies = {text: check(text, PARAMS)[0] for text in {*texts} if text is not None}
    for one, text in zip(unstated, texts, strict=True):
        policy = policies.get(text) if text is not None else None
        one["policy"], one["policy_computed"] = (policy.digest(), True) if policy else (None, False)
        one["k"] = policy.privacy.k if policy else None


def _facts(change: changes.Change, output: str, held: Mapping[str, bytes | None], store: Path | None) -> dict[str, Any]:
    """Take figures from the statement where it is at hand, else from the metrics of the commit."""
    text = statement_of(store, output)
    stated = _json(text)
    figures = stated.get("figures")
    gate, quality, privacy = (_json(held.get(name) if text is None else None) for name in METRICS.values())
    told = {1: "released", 0: "refused"}.get(number(gate.get("released"), int))
    figures = figures if isinstance(figures, dict) else {}
    decision = stated.get("decision", told)
    return {
        "commit": change.commit,
        "day": change.day,
        "output": output,
        "with_policy": PARAMS in change.blobs,
        "decision": decision if decision in ("released", "refused") else None,
        "rows": number(stated.get("rows", gate.get("rows")), int),
        "score": number(figures.get("quality_score", quality.get("score"))),
        "k_smallest": number(figures.get("k_smallest", privacy.get("k_smallest")), int),
        "k": _k(stated.get("conditions")),
        "policy": _text(stated.get("policy")),
        "policy_computed": False,
        "expires": _text(stated.get("expires")),
        "statement": text,
    }


def _k(conditions: Any) -> int | None:
    """Return how many the smallest group had to be; None where no condition tells."""
    held = [one for one in conditions if isinstance(one, dict)] if isinstance(conditions, list) else []
    return next((number(one.get("threshold"), int) for one in held if one.get("id") == "k"), None)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _texts(root: Path, found: tuple[changes.Change, ...]) -> dict[str, bytes | None]:
    """Read every version of the files once; of the policy it is enough to know that it changed."""
    ids = {blob for one in found for name, blob in one.blobs.items() if blob and name != PARAMS}
    names = sorted(ids)
    return dict(zip(names, git.contents(root, names), strict=True))


def _tagged(root: Path, listed: list[str]) -> dict[str, list[str]]:
    """Return tags by the listed commit that was the newest when they were set."""
    tags = changes.tags(root)
    if not tags.keys() - set(listed):
        return tags
    found: dict[str, list[str]] = {}
    for commit, into in _into(changes.line_of(root), frozenset(listed)):
        found.setdefault(into, []).extend(tags.get(commit, []))
    return found


def _into(line: list[str], listed: frozenset[str]) -> Iterator[tuple[str, str]]:
    last = None
    for commit in reversed(line):
        last = commit if commit in listed else last
        if last is not None:
            yield commit, last


def _json(text: bytes | None) -> dict[str, Any]:
    if not text:
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
