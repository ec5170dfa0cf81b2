"""A file from a web server, over https alone: a redirect to anything else is not followed."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

if TYPE_CHECKING:
    from http.client import HTTPMessage

SECONDS: Final = 30


class _Https(HTTPRedirectHandler):
    """Follows a redirect to https alone."""

    def redirect_request(  # noqa: PLR0913, PLR0917  # as the class above has it
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if not newurl.startswith("https://"):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetched(url: str, most: int) -> bytes:
    """Return the first `most` bytes of what a URL holds; `OSError` says in a few words why there is no answer."""
    try:
        with build_opener(_Https).open(url, timeout=SECONDS) as answer:
            held: bytes = answer.read(most)
            return held
    except (URLError, ValueError) as error:
        raise OSError(0, f"the server said {error.code}" if isinstance(error, HTTPError) else "no answer") from None
