"""DVC's local cache, read without starting DVC: a file by its md5, a folder by the md5 of its list of files.

The layout is that of DVC 3 (`files/md5/ab/cdef…`). Nothing is fetched and nothing is written. What is read has
the md5 that names it, or counts as not there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST: Final = 2**30
"""Bytes of a file; a larger one counts as not there."""
_MD5: Final = re.compile(r"[0-9a-f]{32}(\.dir)?")


def folder(root: Path) -> Path | None:
    """Return the cache of the DVC project that `root` belongs to, None where there is no such project."""
    home = next(
        (above / ".dvc" for above in (root.resolve(), *root.resolve().parents) if (above / ".dvc").is_dir()), None
    )
    if home is None:
        return None
    for file in (home / "config.local", home / "config", *_users()):
        named = _configured(file)
        if named is not None:
            return file.parent / os.path.expanduser(named)  # noqa: PTH111  # leaves an unknown user's home as it is
    return home / "cache"


def read(cache: Path | None, md5: str) -> bytes | None:
    """Return the file of this md5; None where the cache does not have it, or has another under its name."""
    path = place(cache, md5)
    try:
        if path is None or path.stat().st_size > LARGEST:
            return None
        text = path.read_bytes()
    except OSError:
        return None
    return text if hashlib.md5(text, usedforsecurity=False).hexdigest() == md5.removesuffix(".dir") else None


def listing(cache: Path | None, md5: str) -> dict[str, str] | None:
    """Return the md5 of each file of a folder, by its path in it; None where the cache does not have the list."""
    try:
        return {str(one["relpath"]): str(one["md5"]) for one in json.loads(read(cache, md5) or b"")}
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def name_of(md5s: Mapping[str, str | None]) -> str | None:
    """Return the name that DVC gives a folder of files with these md5s: that of their list; None where one is None."""
    if None in md5s.values():
        return None
    listed = json.dumps([{"md5": md5s[path], "relpath": path} for path in sorted(md5s)], sort_keys=True)
    return f"{hashlib.md5(listed.encode(), usedforsecurity=False).hexdigest()}.dir"


def place(cache: Path | None, md5: str) -> Path | None:
    """Return where the cache keeps what has this md5, whether or not it is there; None for what is no md5."""
    if cache is None or not _MD5.fullmatch(md5):
        return None
    return cache.joinpath("files", "md5", md5[:2], md5[2:])


def _users() -> list[Path]:
    configured = os.environ.get("XDG_CONFIG_HOME")
    try:
        own = Path(configured) if configured else Path.home() / ".config"
    except RuntimeError:
        return []
    return [own / "dvc" / "config", Path("/etc/xdg/dvc/config")]


def _configured(file: Path) -> str | None:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    if "cache" not in text:
        return None
    import configparser  # noqa: PLC0415  # late: few name a cache

    read = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        read.read_string(text)
        return read.get("cache", "dir", fallback=None)
    except configparser.Error:
        return None
