"""One end of a review, and the inputs that policies are run on: sources and anchor of a revision, or of the work tree.

Nothing here is written but into the folder that is handed in; of the work tree, files are read where they lie.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError
from custody.history.rebuild import judging
from custody.repository import code, git, kept, tree, versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from custody.history.rebuild.judging import Stages
    from custody.policy import Policy

SOURCES: Final = "data/sources"
ANCHOR: Final = "data/anchor"
SIDECAR: Final = ".dvc"
_WILD: Final = frozenset("*?[")


@dataclass(frozen=True)
class Side:
    """BASE or HEAD."""

    name: str
    commit: str | None
    """None stands for the work tree."""
    policy: Policy = field(repr=False)
    values: Mapping[str, Any] = field(repr=False)
    """Of the policy, as they are written."""
    stages: Stages = field(repr=False)
    """Of its dvc.lock; empty where it has none that can be read."""

    @property
    def read(self) -> str | None:
        """The name that DVC gave the sources that this side's collect read; None where no run is recorded."""
        return judging.deps(self.stages, "collect").get(SOURCES)


@dataclass(frozen=True)
class Inputs:
    """Sources and anchor that policies are run on."""

    name: str | None
    """The name that DVC gives data/sources; None where it is not known."""
    home: Path
    """A folder laid out as the project, with `data/anchor`; with the sources once `sources` brought them."""
    root: Path
    commit: str | None
    """None where `home` is the project itself."""
    paths: tuple[str, ...]
    """What policies read."""

    def sources(self) -> Path:
        """Return `home` with the sources in it; `CustodyError` where they are neither in DVC's cache nor to be had."""
        if self.commit is not None and not (self.home / SOURCES).is_dir():
            tracking = _tracking(self.root, self.commit)
            _write(self.home, tracking.items())
            if not any(name.endswith(SIDECAR) for name in tracking):
                _write(self.home, _of_git(self.root, self.commit, self.paths))
                return self.home
            try:
                versions.bring_inputs(self.root, self.commit, self.paths, self.home)
            except CustodyError:
                raise CustodyError(
                    "the sources are neither in git, nor in DVC's cache, nor to be had from a remote; bring them: "
                    "dvc fetch --all-commits"
                ) from None
        return self.home


def inputs(root: Path, base: Side, head: Side, place: Path) -> tuple[Inputs, bool]:
    """Return HEAD's inputs, and whether they are those of BASE; what is brought lies below `place`."""
    paths = tuple(
        sorted({SOURCES, *(_fixed(one.path) for side in (base, head) for one in side.policy.sources.values())})
    )
    commit = (tree.commit_of(root, "HEAD") if _lacks(root) else None) if head.commit is None else head.commit
    home = root
    if commit is not None:
        home = place / "inputs"
        _write(home, tree.files(root, commit, [ANCHOR]).items())
    name = _name(root, commit)
    if name is None and commit is not None and base.commit is not None:
        name = base.read if _tracked(root, commit) == _tracked(root, base.commit) else None
    same = name is not None and name == base.read and _anchor(root, commit) == _anchor(root, base.commit)
    return Inputs(name, home, root, commit, paths), same


def _name(root: Path, commit: str | None) -> str | None:
    """Return the name that DVC gives the sources; None where it cannot be told from here."""
    found = kept.in_folder(root, SOURCES) if commit is None else kept.in_commit(root, commit, SOURCES)
    return found.name if found is not None else None


def _lacks(root: Path) -> bool:
    """Say whether the work tree lacks sources that DVC tracks, and has all else of them as its commit has it."""
    sidecars = [*(root / SOURCES).rglob(f"*{SIDECAR}"), (root / SOURCES).with_name(f"sources{SIDECAR}")]
    if all(one.with_suffix("").exists() for one in sidecars if one.is_file()) and (root / SOURCES).is_dir():
        return False
    said = git.answer(root, "status", "--porcelain", "--untracked-files=all", "--", SOURCES, f"*{SIDECAR}")
    return said == b""


def _tracked(root: Path, commit: str) -> dict[str, str]:
    """Return what git holds of the sources and of all that DVC tracks, by path."""
    listed = tree.blobs(root, commit, ["."])
    return {path: one.name for path, one in listed.items() if path.startswith(f"{SOURCES}/") or path.endswith(SIDECAR)}


def _tracking(root: Path, commit: str) -> dict[str, bytes]:
    """Return the files that say what DVC tracks: whether a source lies there in the clear is asked of them."""
    listed = tree.blobs(root, commit, ["."])
    names = [path for path in listed if path.endswith(SIDECAR) or os.path.basename(path) == code.PIPELINE]  # noqa: PTH119  # git's
    return tree.files(root, commit, names) if names else {}


def _of_git(root: Path, commit: str, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the files at or below `paths`, one at a time."""
    for path, blob in tree.blobs(root, commit, paths).items():
        [text] = git.contents(root, [blob.name])
        if text is None:
            raise git.unreadable()
        yield path, text


def _anchor(root: Path, commit: str | None) -> dict[str, str | bytes]:
    if commit is None:
        paths = [path for path in (root / ANCHOR).rglob("*") if path.is_file()]
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
    return dict(tree.files(root, commit, [ANCHOR]))


def _write(home: Path, files: Iterable[tuple[str, bytes]]) -> None:
    for name, text in files:
        target = home / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text)


def _fixed(path: str) -> str:
    """Return the part of a source's path that has no wildcard."""
    steps = path.split("/")
    wild = next((i for i, step in enumerate(steps) if _WILD & set(step)), len(steps))
    return "/".join(steps[:wild]) or SOURCES
