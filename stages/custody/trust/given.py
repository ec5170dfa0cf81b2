"""What a verifier hands over himself: a plain file, or an https URL, read whole.

A list that came over plain http may be anybody's on the way, so it is not asked for, nor is a redirect to one followed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError, plain
from custody.records import regular

if TYPE_CHECKING:
    import os

LIMIT: Final = 2**22
_WEB: Final = "https://"
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def text(named: str | os.PathLike[str], what: str) -> bytes:
    """Return what a path or URL holds; `CustodyError` where it cannot be read, is no plain file, or is too large."""
    name = "the URL" if _URL.match(str(named)) else Path(named).name
    if name == "the URL" and not str(named).startswith(_WEB):
        raise CustodyError(
            f"the URL: {what} come over https:// alone, elsewhere they can be changed on the way; give that"
        )
    try:
        held = _fetched(str(named)) if name == "the URL" else regular.read(Path(named).resolve(), LIMIT + 1)
    except OSError as error:
        why = error.strerror or "no answer"
        raise CustodyError(f"{plain(name)}: {what} cannot be read ({why}); give another file") from None
    if held is None:
        raise CustodyError(f"{plain(name)}: is not a plain file; give one that holds {what}")
    if len(held) > LIMIT:
        raise CustodyError(f"{plain(name)}: is larger than {LIMIT} bytes; it is no file of {what}")
    return held


def _fetched(url: str) -> bytes:
    from custody.trust import web  # noqa: PLC0415  # late: few lists come from a server

    return web.fetched(url, LIMIT + 1)
