"""What stands beside a release, in the work tree or in a commit: policy, lock file, code, sources, figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.errors import CustodyError
from custody.release.stated import STAGES
from custody.repository import code, kept, lock, tree
from custody.trust.belonging import Revision
from custody.trust.known import GATE, PARAMS
from custody.trust.materials import SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def of_workspace(root: Path) -> Revision:
    """Return what stands beside the release in the work tree."""
    params, locked, figures = (_maybe(root / name) for name in (PARAMS, lock.LOCK, GATE))
    sources = kept.in_folder(root, SOURCES)
    if sources is None and tree.has_commit(root):
        sources = kept.in_commit(root, "HEAD", SOURCES)  # a work tree that has none was made without
    return Revision(params, locked, code_of(root, None), sources, figures)


def of_commit(root: Path, commit: str) -> Revision:
    """Return what stands beside the release in a commit."""
    held = tree.files(root, commit, [PARAMS, lock.LOCK, GATE])
    sources = kept.in_commit(root, commit, SOURCES)
    return Revision(held.get(PARAMS), held.get(lock.LOCK), code_of(root, commit), sources, held.get(GATE))


def code_of(root: Path, commit: str | None) -> Mapping[str, str | None]:
    """Return the digest of each stage's code in a commit, or in the work tree; None where it cannot be told."""
    held = tree.files(root, commit, [code.PIPELINE, code.LIBRARIES, "stages"]) if commit is not None else _here(root)
    found: dict[str, str | None] = dict.fromkeys(STAGES)
    for stage in STAGES:
        try:
            found[stage] = code.of_files(held.get(code.PIPELINE, b""), stage, held)
        except CustodyError:
            continue
    return found


def _here(root: Path) -> dict[str, bytes]:
    paths = [*(root / "stages").rglob("*"), root / code.LIBRARIES, root / code.PIPELINE]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths if path.is_file()}


def _maybe(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
