"""From the policy's paths to files: in one order on every machine, and never outside the project.

`*` and `?` stay within a folder name, `**` goes through folders, `[…]` is a set of characters. A wildcard takes no name
that starts with a dot, nor DVC's own `.dvc` files; `**` goes through no folder that is a symbolic link.
"""

from __future__ import annotations

import fnmatch
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from custody.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from custody.policy.sources import Source

_WILD = re.compile(r"[*?\[]")
_SIDECAR = ".dvc"


@dataclass(frozen=True, order=True)
class Found:
    """One file of one source. Its path is for opening alone: messages name it by source and number."""

    source: str
    number: int
    """1-based, in the order of paths."""
    path: Path
    place: str
    """The path inside the project, in POSIX form: what a sealed file is sealed under."""

    @property
    def name(self) -> str:
        """How messages name the file."""
        return f"sources.{self.source}: file {self.number}"


def discover(sources: Mapping[str, Source], root: Path) -> list[Found]:
    """Return the files of all sources by source and path; `CustodyError` where a source has none or leaves `root`."""
    home = root.resolve()
    found = []
    for source in sorted(sources):
        key = f"sources.{source}"
        paths = expand(sources[source].path, root)
        if paths is None or any(not path.resolve().is_relative_to(home) for path in paths):
            raise CustodyError(f"{key}.path: leads out of the project through a symbolic link; copy the data into it")
        if not paths:
            raise CustodyError(f"{key}.path: names no file; check the path, or restore the data (dvc pull)")
        if len(paths) > 1 and sources[source].sha256 is not None:
            raise CustodyError(f"{key}.sha256: pins one digest, and the path names {len(paths)} files; pin one file")
        found += [
            Found(source, number, path, path.relative_to(root).as_posix()) for number, path in enumerate(paths, 1)
        ]
    return found


def unnamed(folder: Path, found: Iterable[Found]) -> list[str]:
    """Return the files in `folder` that no source names, apart from hidden ones and DVC's, as sorted paths in it."""
    if not folder.is_dir():
        raise CustodyError("SOURCES: is not a folder; give the folder that holds the source files")
    named = {file.path.resolve() for file in found}
    return sorted(path.relative_to(folder).as_posix() for path in _walk(folder) if path.resolve() not in named)


def expand(pattern: str, root: Path) -> list[Path] | None:
    """Return the files of a path or glob; None where its folder is outside, which is then not searched."""
    literal = root / pattern
    if literal.is_file():
        return [literal]
    if not _WILD.search(pattern):
        return []
    steps = pattern.split("/")
    fixed = next(i for i, step in enumerate(steps) if _WILD.search(step))
    start = root.joinpath(*steps[:fixed])
    if not start.resolve().is_relative_to(root.resolve()):
        return None
    if not start.is_dir():
        return []
    paths = sorted((path.relative_to(start).parts, path) for path in _walk(start, hidden=True))
    return [path for parts, path in paths if _fits(parts, tuple(steps[fixed:]))]


def _walk(folder: Path, *, hidden: bool = False) -> Iterator[Path]:
    for place, folders, names in os.walk(folder, onerror=_stop):
        folders[:] = [name for name in folders if hidden or not name.startswith(".")]
        for name in names:
            path = Path(place, name)
            if (hidden or not name.startswith(".")) and not name.endswith(_SIDECAR) and path.is_file():
                yield path


def _stop(error: OSError) -> None:
    raise error


def _fits(parts: tuple[str, ...], steps: tuple[str, ...]) -> bool:
    if not parts or not steps:
        return not parts and not steps
    if steps[0] != "**":
        return _step(parts[0], steps[0]) and _fits(parts[1:], steps[1:])
    rest = steps[1:] or ("*",)
    through = next((i for i, part in enumerate(parts) if part.startswith(".")), len(parts))
    return any(_fits(parts[i:], rest) for i in range(through + 1))


def _step(name: str, step: str) -> bool:
    """Match one part of a path; as in a shell, a wildcard at its start takes no dot."""
    hidden = name.startswith(".") and not step.startswith(".")
    return not hidden and fnmatch.fnmatchcase(name, step)
