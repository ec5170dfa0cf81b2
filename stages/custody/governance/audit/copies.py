"""Copies of the writers' logs, in a folder or in a commit: each is read when it is asked for, so never all at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError, plain
from custody.records import regular
from custody.repository import git, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FOLDER: Final = "data/audit"
SUFFIX: Final = ".jsonl"
LIMIT: Final = 512 * 2**20
"""Bytes of a writer's file, wherever it stands."""


class Copies(Mapping[str, bytes]):
    """Writers' files by name. `CustodyError` for one that is larger than a log may be, when it is asked for."""

    def __init__(self, sizes: Mapping[str, int], read: Callable[[str], bytes | None]) -> None:
        self._sizes, self._read = sizes, read

    def __getitem__(self, name: str) -> bytes:
        if self.size(name) > LIMIT:
            raise CustodyError(f"{FOLDER}/{plain(name)}: is larger than {LIMIT} bytes, so it is no audit log")
        return self._read(name) or b""

    def __iter__(self) -> Iterator[str]:
        return iter(self._sizes)

    def __len__(self) -> int:
        return len(self._sizes)

    def size(self, name: str) -> int:
        """Return how many bytes a file has."""
        return self._sizes[name]

    @staticmethod
    def longest(*each: Copies) -> Copies:
        """Return of each file the longest copy; of those that are as long, the first one's."""
        of = {name: max((one for one in each if name in one), key=lambda one: one.size(name)) for name in _names(each)}
        return Copies({name: one.size(name) for name, one in of.items()}, lambda name: of[name][name])


def in_folder(folder: Path) -> Copies | None:
    """Return the writers' files in a folder, None where there is no folder; what is no plain file has no content."""
    if not folder.is_dir():
        return None
    sizes = {path.name: path.lstat().st_size for path in sorted(folder.iterdir()) if not _is_hidden(path.name)}
    return Copies(sizes, lambda name: regular.read(folder / name, LIMIT))


def in_project(root: Path) -> Copies:
    """Return the writers' files in the work tree of the project at `root`."""
    return in_folder(root / FOLDER) or Copies({}, lambda _: None)


def in_commit(root: Path, commit: str) -> Copies:
    """Return the writers' files in a commit of the project at `root`; `CustodyError` where git does not answer."""
    blobs = {path.removeprefix(f"{FOLDER}/"): blob for path, blob in tree.blobs(root, commit, [FOLDER]).items()}
    shown = {name: blob for name, blob in blobs.items() if not _is_hidden(name)}
    return Copies(
        {name: blob.size for name, blob in shown.items()}, lambda name: git.contents(root, [shown[name].name])[0]
    )


def _names(each: tuple[Copies, ...]) -> list[str]:
    return sorted({name for one in each for name in one})


def _is_hidden(name: str) -> bool:
    """Say whether a file is no log by its name: what a file manager or a writer that was killed left there."""
    return name.startswith(".")
