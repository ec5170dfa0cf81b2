"""Are the sources at hand those that dvc.lock records, and those that the statement speaks of?

DVC looks at md5s alone, so both are asked: the name that DVC gives the folder, out of the md5 of each file, and the
SHA-256 of each file that the statement lists. What is not at hand is not judged, and said: raw data may be kept by
neither git nor DVC, bytes may lie on a remote, and the content of a sealed file needs its key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError
from custody.policy.policy import check
from custody.trust.verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.release.statement import Statement
    from custody.repository.kept import Held
    from custody.trust.belonging import Revision

SOURCES: Final = "data/sources"
_UNHELD: Final = "sources: not held against dvc.lock"


@dataclass(frozen=True)
class Judged:
    """What speaks against a release, and what was not looked at."""

    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()


def judge(stated: Statement, revision: Revision) -> Judged:
    """Hold the sources of a revision against its lock file and against a statement."""
    held, entry = revision.sources, revision.entry("collect", "deps", SOURCES)
    if held is None or not held.files:
        return Judged(notes=("sources: not checked, none are at hand",))
    nfiles = entry.get("nfiles")
    absent = max(0, nfiles - len(held.files)) if isinstance(nfiles, int) else 0
    recorded = held.name is not None and held.name == entry.get("md5")
    if held.name is not None and not recorded and (held.removed or held.whole or not absent):
        return Judged((Reason("stale", "the sources are not those that dvc.lock records; run: dvc repro"),))
    other, files = _other(stated, held)
    dark = absent + sum(one.sha256 is None for one in held.files.values())
    if len(other) > dark and _all_inside(revision.params):
        return Judged((_forged(len(other) - dark, recorded=recorded),))
    return Judged(notes=(*_unheld(held, absent, recorded=recorded), *_unseen(len(other), files)))


def _other(stated: Statement, held: Held) -> tuple[frozenset[str], int]:
    """Return the digests that a statement lists and no file here has, and how many it lists."""
    listed = {file.sha256 for source in stated.sources.values() for file in source.files if file.sha256 is not None}
    return frozenset(listed - {one.sha256 for one in held.files.values()}), len(listed)


def _all_inside(params: bytes | None) -> bool:
    """Say whether the policy reads nothing from elsewhere; what it reads cannot be told where it has mistakes."""
    try:
        policy = check(params or b"", "params.yaml")[0]
    except CustodyError:
        return False
    return policy is not None and all(one.path.startswith(f"{SOURCES}/") for one in policy.sources.values())


def _forged(number: int, *, recorded: bool) -> Reason:
    what = f"{number:,} of the source files that the statement lists have another SHA-256 here"
    return Reason("sources", f"{what}, and the md5 that dvc.lock records: a forgery" if recorded else what)


def _unheld(held: Held, absent: int, *, recorded: bool) -> Iterator[str]:
    unknown = sum(one.md5 is None for one in held.files.values())
    if held.name is None:
        yield f"{_UNHELD}, the md5 of {unknown:,} of {len(held.files):,} is not at hand"
    elif not recorded:
        yield f"{_UNHELD}, {absent:,} of its files are kept by neither git nor DVC"


def _unseen(other: int, listed: int) -> Iterator[str]:
    if other:
        yield f"sources: {other:,} of {listed:,} not held against the statement, they are sealed or not at hand"
