"""The libraries of a revision: its requirements.lock, installed with hashes into a virtual environment that is kept.

The environment is named by the digest of the lock file and by the Python that it is for, and stands in the user's
cache, so that it is made once. It is used where it still is what was installed (`installed`), else it is made anew;
whoever uses it holds its lock together with other users, and whoever makes it holds it alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import re
import shutil
import sys
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packaging.requirements import InvalidRequirement, Requirement

from custody.history.rebuild import installed
from custody.history.rebuild.judging import UnverifiableError
from custody.history.rebuild.place import opened, user_cache
from custody.history.rebuild.running import Programs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.history.rebuild.place import Place

LIBRARIES: Final = "requirements.lock"
_PIN: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


@contextmanager
def locked(place: Place, text: bytes | None) -> Iterator[Path]:
    """Yield the `bin` folder of the environment of a lock file; `UnverifiableError` names what is not to be had."""
    if text is None:
        raise UnverifiableError(
            f"{LIBRARIES}: the revision has none, so its libraries are not known; see --current-env"
        )
    python = f"{platform.python_implementation()}-{platform.python_version()}".lower()
    target = user_cache() / "environments" / f"{hashlib.sha256(text).hexdigest()[:32]}-{python}"
    lock = opened(target.with_name(f"{target.name}.lock"))
    try:
        fcntl.flock(lock, fcntl.LOCK_SH)
        if not installed.whole(target, text, pins(text)):
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not installed.whole(target, text, pins(text)):  # nobody has made it while this one waited
                _install(place, text, target)
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield target / "bin"
    finally:
        os.close(lock)


def current() -> Path:
    """Return the `bin` folder of the environment that runs this."""
    return Path(sys.executable).parent


def differences(text: bytes | None) -> list[str]:
    """Return the libraries of a lock file that the present environment has in another version, or lacks."""
    found = []
    for name, version in pins(text or b"").items():
        try:
            here = metadata.version(name)
        except metadata.PackageNotFoundError:
            here = "none"
        if here != version:
            found.append(f"{name} {version} → {here}")
    return found


def pins(text: bytes) -> dict[str, str]:
    """Return the versions that a lock file pins for this platform and Python, by name as it stands there."""
    found = {}
    for line in text.decode(errors="replace").splitlines():
        try:
            wanted = Requirement(line.rstrip("\\ "))
        except InvalidRequirement:
            continue  # a hash
        pin = _PIN.match(line)
        if pin is not None and (wanted.marker is None or wanted.marker.evaluate()):
            found[pin[1]] = pin[2]
    return found


def _install(place: Place, text: bytes, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    programs = Programs(place, current())
    file = place.root / LIBRARIES
    file.write_bytes(text)
    python = f"Python {platform.python_version()}"
    made = programs.run(sys.executable, "-m", "venv", str(target), cwd=place.root)
    if made.status:
        raise UnverifiableError(f"{python}: makes no virtual environment here; see that its module venv is installed")
    install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes")
    done = programs.run(str(target / "bin" / "python"), *install, "-r", str(file), cwd=place.root)
    if done.status:
        shutil.rmtree(target, ignore_errors=True)
        wanted = sorted(f"{name}=={version}" for name, version in pins(text).items())
        named = [one for one in wanted if re.search(rf"(?<![\w.-]){re.escape(one)}(?![\w.])", done.err)]
        raise UnverifiableError(
            f"{LIBRARIES}: {', '.join(named) or 'a library'} is not to be had for {python} with its locked hash"
        )
    installed.mark(target, text)
