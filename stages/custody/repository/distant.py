"""Another repository: its history as a bare clone, its data as DVC brings it from its cache or remote.

Nothing of it is checked out or run. What arrives is what its dvc.lock says it is in DVC's own md5, and no more: whoever
uses it verifies it.
"""

from __future__ import annotations

import logging
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError
from custody.repository import git

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS: Final = 600
BLOCK: Final = 2**20
_SAFE: Final = ("-c", "protocol.ext.allow=never")


@contextmanager
def cloned(repository: str) -> Iterator[Path]:
    """Yield a bare clone of a repository, which goes when the block ends; `CustodyError` where there is none."""
    with tempfile.TemporaryDirectory(prefix="custody-") as place:
        root = Path(place) / "history"
        words = (*_SAFE, "clone", "--quiet", "--bare", "--", _absolute(repository), str(root))
        try:
            said = git.ask(Path(place), *words, seconds=SECONDS, elsewhere=True)
        except (OSError, subprocess.TimeoutExpired, ValueError):
            said = None
        if said is None:
            raise CustodyError("REPO: cannot be cloned; give the path or URL of a git repository that you may read")
        yield root


class Folder:
    """A folder that DVC keeps for a repository, in one of its commits."""

    def __init__(self, fs: Any, name: str) -> None:
        self._fs, self._name = fs, name

    def names(self) -> frozenset[str]:
        """Return what it holds, by names relative to it."""
        return frozenset(str(path).removeprefix(f"{self._name}/") for path in self._fs.find(self._name))

    def read(self, name: str, most: int) -> bytes:
        """Return the first `most` bytes of a file, and bring no other."""
        with self._fs.open(f"{self._name}/{name}", "rb") as file:
            return bytes(file.read(most))

    def get(self, name: str, target: Path, most: int) -> None:
        """Bring the first `most` bytes of a file; `name` must be safe to be one in `target`."""
        with self._fs.open(f"{self._name}/{name}", "rb") as file, (target / name).open("wb") as written:
            while most and (block := file.read(min(most, BLOCK))):
                most -= written.write(block)


@contextmanager
def folder(repository: str, commit: str, name: str) -> Iterator[Folder]:
    """Yield an output folder of a commit; `CustodyError` where DVC cannot bring it, whatever DVC says."""
    from dvc.api import DVCFileSystem  # type: ignore[import-untyped]  # noqa: PLC0415  # late: half a second
    from dvc.repo.open_repo import clean_repos  # type: ignore[import-untyped]  # noqa: PLC0415

    logging.getLogger("dvc").setLevel(logging.CRITICAL)  # one line of ours, none that quotes a path
    try:
        fs = DVCFileSystem(_absolute(repository), rev=commit)
        try:
            yield Folder(fs, name)
        finally:
            fs.close()
    except (CustodyError, MemoryError):
        raise
    except Exception:  # noqa: BLE001  # DVC's and its remotes' own kinds are many; each means that it is not there
        raise CustodyError(
            f"REPO: {commit[:12]} has no {name} in DVC's cache or remote that can be reached from here"
        ) from None
    finally:
        clean_repos()


def _absolute(repository: str) -> str:
    return str(Path(repository).resolve()) if Path(repository).is_dir() else repository
