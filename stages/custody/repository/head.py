"""What changed since the last commit: the policy, key by key, and the data of the sources.

HEAD's dvc.lock records the policy and the digests that its results were made from, so it is compared with the
params.yaml and the dvc.lock at hand. This is for what a person reads; nothing is decided on it, and it never fails.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError
from custody.policy import yaml
from custody.repository import git, lock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PARAMS: Final = "params.yaml"
GATE: Final = "gate"
WIDEST: Final = 60


class _Absent:
    """A key that one of two policies does not have."""


ABSENT: Final = _Absent()


@dataclass(frozen=True)
class Key:
    """A policy key whose value differs; `ABSENT` where one side has none."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Since:
    """What differs from the last commit."""

    unknown: str | None = None
    """Why nothing could be compared; None when it was."""
    keys: tuple[Key, ...] = ()
    sources: tuple[str, ...] = ()
    """Inputs that hold the sources of the policy."""
    others: tuple[str, ...] = ()
    """Other inputs of any stage: code, requirements."""


def since_commit(root: Path, sources: Iterable[str]) -> Since:
    """Compare the project at `root` with its last commit; `sources` are the paths and globs that the policy reads."""
    text = committed(root, lock.LOCK)
    if isinstance(text, str):
        return Since(unknown=text)
    old = lock.parse(text)
    params = _at(old, GATE, "params", PARAMS)
    if old is None or not isinstance(params, dict):
        return Since(unknown=f"the last commit's {lock.LOCK} records no decision of the gate")
    try:
        new = lock.parse((root / lock.LOCK).read_bytes())
        values = yaml.parse((root / PARAMS).read_bytes(), PARAMS).values
    except (OSError, CustodyError):
        return Since(unknown=f"{PARAMS} or {lock.LOCK} cannot be read")
    if new is None:
        return Since(unknown=f"{lock.LOCK} cannot be read")
    changed = _changed(old, new)
    of_sources = tuple(path for path in changed if _holds_a_source(path, tuple(sources)))
    others = tuple(path for path in changed if path not in of_sources)
    return Since(keys=tuple(differences(params, values)), sources=of_sources, others=others)


def committed(root: Path, name: str) -> bytes | str:
    """Return a file of the project as the last commit has it, or the reason why there is none."""
    try:
        head = git.ask(root, "rev-parse", "--verify", "--quiet", "HEAD")
        [blob] = git.contents(root, [f"HEAD:./{name}"]) if head is not None else [None]
    except (OSError, subprocess.TimeoutExpired):
        return "git does not answer"
    except CustodyError:
        return f"git cannot read the last commit's {name}; see: git fsck"
    return f"there is no commit with a {name} yet" if blob is None else blob


def differences(old: Any, new: Any, path: tuple[str, ...] = ()) -> Iterator[Key]:
    """Yield each leaf that differs, by its dotted key, in the order of keys; a list is one leaf."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}, key=str):
            yield from differences(old.get(key, ABSENT), new.get(key, ABSENT), (*path, str(key)))
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        yield Key(".".join(path), old, new)


def shown(value: Any) -> str:
    """A policy value in a few words."""
    if isinstance(value, _Absent):
        return "(none)"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def _changed(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Paths of dependencies that differ, without those that a stage makes: they follow from the others."""
    made = {path for stages in (old, new) for stage in stages for path in _entries(stages, stage, "outs")}
    before, after = _inputs(old), _inputs(new)
    differ = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    return sorted(path for path in differ if not any(path == one or path.startswith(f"{one}/") for one in made))


def _inputs(stages: dict[str, Any]) -> dict[str, Any]:
    return {path: one for stage in sorted(stages) for path, one in _entries(stages, stage, "deps").items()}


def _entries(stages: dict[str, Any], stage: str, key: str) -> dict[str, Any]:
    found = _at(stages, stage, key)
    return {str(one.get("path")): one for one in found if isinstance(one, dict)} if isinstance(found, list) else {}


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _holds_a_source(path: str, sources: tuple[str, ...]) -> bool:
    """True where a dependency is a source, or a folder that a source's path or glob leads through."""
    parts = PurePosixPath(path).parts
    return any(
        len(parts) <= len(wanted := PurePosixPath(one).parts)
        and all(fnmatchcase(part, pattern) for part, pattern in zip(parts, wanted, strict=False))
        for one in sources
    )
