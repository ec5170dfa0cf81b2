"""Is an environment still what was installed: these libraries in these versions, and every file of theirs?

Its mark holds the digest of the lock file, the Python and the digest of each library's RECORD, which lists its files.
Of the files themselves presence and size are looked at, not the bytes: that would cost more than many a rebuild, and
whoever can write into the user's cache can write the mark as well.
"""

from __future__ import annotations

import hashlib
import json
import platform
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final

from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MARK: Final = "custody-ready.json"
_OF_VENV: Final = frozenset({"pip", "setuptools", "wheel"})
"""What Python's own `venv` brings along, pinned or not."""


def mark(target: Path, text: bytes) -> None:
    """Say that the environment holds what this lock file pins; done last."""
    (target / MARK).write_text(json.dumps(_told(target, text), sort_keys=True, indent=1), encoding="utf-8")


def whole(target: Path, text: bytes, pins: Mapping[str, str]) -> bool:
    """Say whether the environment was finished, and still holds exactly what the lock file pins."""
    try:
        if json.loads((target / MARK).read_bytes()) != _told(target, text):
            return False
        held = {canonicalize_name(one.name): one.version for one in _libraries(target)}
        wanted = {canonicalize_name(name): version for name, version in pins.items()}
        of_venv = {name: version for name, version in held.items() if name in _OF_VENV}
        files = all(_is_there(one) for one in _libraries(target))
        return {**of_venv, **wanted} == held and files and (target / "bin" / "python").is_file()
    except (OSError, ValueError):
        return False


def _told(target: Path, text: bytes) -> dict[str, Any]:
    records = {
        str(one.name): hashlib.sha256((one.read_text("RECORD") or "").encode()).hexdigest()
        for one in _libraries(target)
    }
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return {"lock": hashlib.sha256(text).hexdigest(), "python": python, "records": records}


def _libraries(target: Path) -> Iterator[metadata.Distribution]:
    yield from metadata.distributions(path=[str(path) for path in sorted(target.glob("lib/python*/site-packages"))])


def _is_there(library: metadata.Distribution) -> bool:
    """Say whether every file that a library lists has its size; compiled ones list none."""
    return all(
        file.locate().stat().st_size == file.size  # type: ignore[attr-defined]  # a Path
        for file in library.files or ()
        if file.size is not None
    )
