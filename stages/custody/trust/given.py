"""What a verifier hands over himself: a plain file, or an https URL, read whole.

A list that came over plain http may be anybody's on the way, so it is not asked for, nor is a redirect to one followed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from custody.errors import CustodyError, plain
from custody.records import regular

if TYPE_CHECKING:
    import os
    from http.client import HTTPMessage

LIMIT: Final = 2**22
SECONDS: Final = 30
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


class _Https(HTTPRedirectHandler):
    """Follows a redirect to https alone."""

    def redirect_request(  # noqa: PLR0913, PLR0917  # as the class above has it
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if not newurl.startswith(_WEB):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _fetched(url: str) -> bytes:
    try:
        with build_opener(_Https).open(url, timeout=SECONDS) as answer:
            held: bytes = answer.read(LIMIT + 1)
            return held
    except (URLError, ValueError) as error:
        raise OSError(0, f"the server said {error.code}" if isinstance(error, HTTPError) else "no answer") from None
