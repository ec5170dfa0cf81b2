"""What stands beside a release, in the work tree or in a commit: policy, lock file, code, sources, figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.errors import CustodyError
from custody.release.statement import STAGES
from custody.repository import code, kept, lock, tree
from custody.trust.belonging import GATE, PARAMS, Revision
from custody.trust.materials import SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def of_workspace(root: Path) -> Revision:
    """Return what stands beside the release in the work tree."""
    read = {name: _maybe(root / name) for name in (PARAMS, lock.LOCK, code.PIPELINE)}
    held = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in [*(root / "stages").rglob("*"), root / code.LIBRARIES]
        if path.is_file()
    }
    sources = kept.in_folder(root, SOURCES)
    if sources is None and tree.has_commit(root):
        sources = kept.in_commit(root, "HEAD", SOURCES)  # a work tree that has none was made without
    return Revision(read[PARAMS], read[lock.LOCK], _code(read[code.PIPELINE], held), sources, _maybe(root / GATE))


def of_commit(root: Path, commit: str) -> Revision:
    """Return what stands beside the release in a commit."""
    held = tree.files(root, commit, [PARAMS, lock.LOCK, code.PIPELINE, code.LIBRARIES, "stages", GATE])
    sources = kept.in_commit(root, commit, SOURCES)
    coded = _code(held.get(code.PIPELINE), held)
    return Revision(held.get(PARAMS), held.get(lock.LOCK), coded, sources, held.get(GATE))


def _code(pipeline: bytes | None, held: Mapping[str, bytes]) -> dict[str, str | None]:
    found: dict[str, str | None] = dict.fromkeys(STAGES)
    for stage in STAGES:
        try:
            found[stage] = code.of_files(pipeline or b"", stage, held)
        except CustodyError:
            continue
    return found


def _maybe(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
