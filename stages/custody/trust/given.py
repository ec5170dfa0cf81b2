"""What a verifier hands over himself: a plain file, or a URL, read whole."""

from __future__ import annotations

import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.error import HTTPError, URLError

from custody.errors import CustodyError, plain
from custody.records import regular

if TYPE_CHECKING:
    import os

LIMIT: Final = 2**22
SECONDS: Final = 30
_WEB: Final = ("https://", "http://")


def text(named: str | os.PathLike[str], what: str) -> bytes:
    """Return what a path or URL holds; `CustodyError` where it cannot be read, is no plain file, or is too large."""
    name = Path(named).name if not str(named).startswith(_WEB) else "the URL"
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
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310  # http and https alone come here
            held: bytes = answer.read(LIMIT + 1)
            return held
    except (URLError, ValueError) as error:
        raise OSError(0, f"the server said {error.code}" if isinstance(error, HTTPError) else "no answer") from None
