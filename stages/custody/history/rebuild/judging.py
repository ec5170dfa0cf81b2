"""What became of each stage when it was built anew: pure, from two lock files and what the stages' receipts list."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError
from custody.history.releases import PARAMS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import TypeAlias

    from custody.trust.rebuilds import Answer

    Stages: TypeAlias = Mapping[str, Mapping[str, Any]]

ORDER: Final[tuple[Answer, ...]] = ("reproduced", "equivalent", "erased", "changed", "failed", "unverifiable")
STATUS: Final[dict[Answer, int]] = {
    "reproduced": 0,
    "equivalent": 0,
    "erased": 0,
    "changed": 1,
    "failed": 1,
    "unverifiable": 3,
}
STAGES: Final = ("collect", "validate", "anonymize", "gate")
DATA: Final = "data/"
NORMALIZED: Final = frozenset({"partitions", "files", "mac", "collected", "validated"})
"""What two equivalent reports may differ in: digests of files, and of the receipts that they stand on."""


class UnverifiableError(CustodyError):
    """What is needed to build a revision anew is gone; the message names it."""


@dataclass(frozen=True)
class Verdict:
    """One stage: the answer, and what to tell of it in lines."""

    stage: str
    answer: Answer
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Built:
    """What a stage wrote: md5 of each output by path, and of each partition rows, digest and logical digest."""

    outs: Mapping[str, str]
    parts: Mapping[str, tuple[int, str, str]] | None = field(default=None, repr=False)
    """None where it is not at hand."""
    rest: str = ""
    """Digest of what else its report or statement says, without digests of files and receipts."""


def built(recorded: Mapping[str, str], report: Mapping[str, Any] | None) -> Built:
    """Return what a stage wrote, by its outputs and by the values of its receipt, report or statement."""
    if report is None:
        return Built(recorded)
    listed = report.get("partitions", report.get("files")) or []
    try:
        parts = {str(one["name"]): (int(one["rows"]), str(one["sha256"]), str(one["logical"])) for one in listed}
    except (KeyError, TypeError, ValueError):
        return Built(recorded)
    rest = {name: value for name, value in report.items() if name not in NORMALIZED}
    return Built(recorded, parts, hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest())


def outs(stages: Stages, stage: str) -> dict[str, str]:
    """Return the outputs that a lock file records for a stage."""
    return _entries(stages, stage, "outs")


def deps(stages: Stages, stage: str) -> dict[str, str]:
    """Return the dependencies that a lock file records for a stage."""
    return _entries(stages, stage, "deps")


def source_folders(stages: Stages) -> dict[str, int]:
    """Return the folders of data that collect read, with the number of files that is recorded of each."""
    return {
        str(one["path"]): one["nfiles"]
        for one in _listed(stages, "collect", "deps")
        if str(one.get("path")).startswith(DATA) and isinstance(one.get("nfiles"), int)
    }


def inconsistent(stages: Stages) -> list[str]:
    """Return what a lock file says twice and not alike: what a stage wrote, and what another read.

    Stages that only read a release, enforce and the project's own, may have been left for later.
    """
    wrote = {path: (stage, md5) for stage in stages for path, md5 in outs(stages, stage).items()}
    return [
        f"dvc.lock was edited, or recorded before all stages had run: {reader} read another {path} than "
        f"{wrote[path][0]} wrote"
        for reader in STAGES
        for path, md5 in deps(stages, reader).items()
        if path in wrote and wrote[path][1] != md5
    ]


def other_inputs(
    recorded: Stages, rebuilt: Stages, stage: str, explained: Collection[str] = (), unpinned: Collection[str] = ()
) -> list[str]:
    """Return what dvc.lock records for a stage that the revision does not hold: sources, code, libraries, policy.

    Folders of sources that erasures explain are passed over, and so are the pins of sources that they replaced.
    """
    made = {path for one in recorded for path in outs(recorded, one)}
    old, new = deps(recorded, stage), deps(rebuilt, stage)
    differ = sorted(path for path in {*old, *new} if old.get(path) != new.get(path))
    found = [
        f"{'sources' if path.startswith(DATA) else 'code'}: {path} is not the one that dvc.lock records"
        for path in differ
        if path not in explained and not any(path == one or path.startswith(f"{one}/") for one in made)
    ]
    if _params(recorded, stage, unpinned) != _params(rebuilt, stage, unpinned):
        found.append("policy: params.yaml is not what dvc.lock records for this stage")
    return found


def judge(stage: str, recorded: Built, rebuilt: Built) -> Verdict:
    """Compare what is recorded of a stage with what it wrote when it was built anew."""
    if recorded.outs == rebuilt.outs:
        return Verdict(stage, "reproduced")
    differ = sorted(
        path for path in {*recorded.outs, *rebuilt.outs} if recorded.outs.get(path) != rebuilt.outs.get(path)
    )
    shown = tuple(f"{path}: {recorded.outs.get(path)} recorded, {rebuilt.outs.get(path)} rebuilt" for path in differ)
    if recorded.parts is None or rebuilt.parts is None:
        return Verdict(stage, "changed", (*shown, "what was recorded is not at hand, so partitions were not compared"))
    equal = _values(recorded) == _values(rebuilt) and recorded.rest == rebuilt.rest
    if equal and not any(path.startswith("data/metrics/") for path in differ):
        alike = "all logical digests are equal, and so is what else is reported, without MACs and digests of files"
        return Verdict(stage, "equivalent", (*shown, *_parts(recorded, rebuilt), alike))
    return Verdict(stage, "changed", (*shown, *_parts(recorded, rebuilt)))


def overall(verdicts: Iterable[Verdict]) -> Answer:
    """Return the worst answer."""
    return max((one.answer for one in verdicts), key=ORDER.index, default="unverifiable")


def _values(built: Built) -> dict[str, tuple[int, str]]:
    return {name: (rows, logical) for name, (rows, _, logical) in (built.parts or {}).items()}


def _parts(recorded: Built, rebuilt: Built) -> list[str]:
    old, new = recorded.parts or {}, rebuilt.parts or {}
    told = []
    for name in sorted({*old, *new}):
        if name not in old or name not in new:
            told.append(f"partition {name}: {'rebuilt' if name in new else 'recorded'} alone")
        elif old[name] != new[name]:
            same = "equal values" if old[name][2] == new[name][2] else "other values"
            told.append(f"partition {name}: {same}, SHA-256 {old[name][1]} recorded, {new[name][1]} rebuilt")
    return told


def _params(stages: Stages, stage: str, unpinned: Collection[str]) -> Any:
    """Return the policy that a stage read, without the digests that these sources were pinned to."""
    params = (stages.get(stage) or {}).get("params")
    if not unpinned or not isinstance(params, dict):
        return params
    read = copy.deepcopy(params)
    sources = (read.get(PARAMS) or {}).get("sources") or {}
    for name in unpinned:
        if isinstance(sources.get(name), dict):
            sources[name].pop("sha256", None)
    return read


def _entries(stages: Stages, stage: str, key: str) -> dict[str, str]:
    return {str(one.get("path")): str(one.get("md5")) for one in _listed(stages, stage, key)}


def _listed(stages: Stages, stage: str, key: str) -> list[dict[str, Any]]:
    found = (stages.get(stage) or {}).get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
