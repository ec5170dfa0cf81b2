"""Questions to git: a fixed command, no prompt, no locks, an environment that does not steer it elsewhere.

A repository may be a stranger's, and its own configuration names programs: for its hooks, its monitor of files, its
remotes, and objects that it lacks. None of them runs, and nothing is fetched, but where a caller asks to go elsewhere.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SECONDS: Final = 30
_FIXED: Final = (
    "core.quotePath=off",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "gpg.program=false",
    "log.showSignature=false",
    "log.follow=false",
)
_NO_REMOTE: Final = ("core.sshCommand=false", "core.gitProxy=false")
_NO_FETCH: Final = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"}
_KEPT: Final = frozenset({"GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_CEILING_DIRECTORIES"})


def ask(
    root: Path, *arguments: str, given: bytes = b"", seconds: int = SECONDS, elsewhere: bool = False
) -> bytes | None:
    """Return what git prints, `given` being its standard input; None where it says no.

    Only with `elsewhere` may it go to another repository, as the user's own configuration says. `OSError` or
    `TimeoutExpired` where it does not answer.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key in _KEPT}
    settings = _FIXED if elsewhere else (*_FIXED, *_NO_REMOTE)
    ran = subprocess.run(  # noqa: S603  # a list of words, no shell
        ["git", *(word for one in settings for word in ("-c", one)), *arguments],  # noqa: S607  # the git that is first on PATH
        cwd=root,
        env={**environment, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
        | ({} if elsewhere else _NO_FETCH),
        input=given,
        capture_output=True,
        timeout=seconds,
        check=False,
    )
    return ran.stdout if ran.returncode == 0 else None


def answer(root: Path, *arguments: str, given: bytes = b"") -> bytes | None:
    """Return what `ask` does; `CustodyError` where git does not answer."""
    try:
        return ask(root, *arguments, given=given)
    except (OSError, subprocess.TimeoutExpired, ValueError):
        raise CustodyError("git: does not answer; see that it is installed and that this is a repository") from None


def must(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    """Return what git prints; `CustodyError` where it says no: what it cannot read may say anything."""
    said = answer(root, *arguments, given=given)
    if said is None:
        raise unreadable()
    return said


def unreadable() -> CustodyError:
    """Return the error for what a repository should hold and git cannot read."""
    return CustodyError(
        "git: cannot read what this repository should hold: objects of it are missing or damaged; see: git fsck, "
        "or clone it again, as a whole"
    )


def no_repository() -> CustodyError:
    """Return the error for a folder that lies in no repository."""
    return CustodyError("git: here is no repository; run in the folder of the project")


def contents(root: Path, names: Sequence[str]) -> list[bytes | None]:
    """Return the contents of many objects, read with one git; None for a path that its revision does not have.

    A name is an object's id or `<revision>:<path>`; what is there and no file is None too. Raises what `ask` raises;
    `CustodyError` where git says no, or where an object that should be there is lost.
    """
    if not names:
        return []
    said = ask(root, "cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode())
    found = list(_parted(said)) if said is not None else []
    if len(found) != len(names):
        raise unreadable()
    _none_lost(root, [name for name, (is_there, _) in zip(names, found, strict=True) if not is_there])
    return [text for _, text in found]


def _parted(said: bytes) -> Iterator[tuple[bool, bytes | None]]:
    """Yield whether an object is there, and its bytes if it is a file, out of what `cat-file --batch` prints.

    That is `<id> <kind> <size>`, the bytes and a line end, or `<name> missing`.
    """
    place = 0
    while (end := said.find(b"\n", place)) >= 0:
        head, place = said[place:end].split(b" "), end + 1
        if len(head) != 3 or not head[2].isdigit():  # noqa: PLR2004  # id, kind, size
            yield False, None
            continue
        size = int(head[2])
        yield True, said[place : place + size] if head[1] == b"blob" else None
        place += size + 1


def _none_lost(root: Path, names: Sequence[str]) -> None:
    """Stop where one of the names, all of which git calls missing, is of an object that is lost, or below a lost one.

    `cat-file` tells a lost object from an absent path by no word; `rev-list` says no where it cannot read one.
    """
    if not names:
        return
    revisions, paths = zip(*(name.partition(":")[::2] for name in names), strict=True)
    asked = "\n".join([*dict.fromkeys(revisions), "--", *dict.fromkeys(paths), ""])
    words = ("--literal-pathspecs", "rev-list", "--objects", "--no-walk", "--stdin")
    if not all(paths) or ask(root, *words, given=asked.encode()) is None:
        raise unreadable()
