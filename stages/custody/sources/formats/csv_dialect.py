"""The dialect of a delimited file, as bytes, checked once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from custody.errors import CustodyError

if TYPE_CHECKING:
    from custody.policy.sources import Csv


@dataclass(frozen=True)
class Dialect:
    """How fields are told apart. A quote counts only at the start of a field; anywhere else it is text."""

    delimiter: bytes
    quote: bytes
    escape: bytes
    limit: int
    """A record is at most this many bytes."""

    quoted: re.Pattern[bytes]
    """Matches what follows an opening quote, up to and with the closing one; never gives back what it took."""

    blank: bytes
    """White space that makes up a blank line: all but the delimiter."""


def dialect(format: Csv) -> Dialect:  # noqa: A002  # the policy's word
    """Return the dialect of `format`; `CustodyError` where two of its signs cannot be told apart."""
    signs = [sign for sign in (format.delimiter, format.quote, format.escape) if sign]
    if len(set(signs)) != len(signs) or {"\n", "\r", "\0"} & set(signs):
        raise CustodyError("format: delimiter, quote and escape must be three different signs, and no line end")
    if not (format.quote + format.escape).isascii():
        raise CustodyError("format: quote and escape must be ASCII signs")
    quote, escape = format.quote.encode(), format.escape.encode()
    delimiter = format.delimiter.encode()
    return Dialect(
        delimiter, quote, escape, format.max_record_bytes, _quoted(quote, escape), b" \t\f\v\r".replace(delimiter, b"")
    )


def _quoted(quote: bytes, escape: bytes) -> re.Pattern[bytes]:
    if not quote:
        return re.compile(rb"(?!)")
    q, e = re.escape(quote), re.escape(escape)
    plain, special = (rb"[^%b%b]*+" % (q, e), rb"%b." % e) if escape else (rb"[^%b]*+" % q, q + q)
    return re.compile(plain + rb"(?:" + special + plain + rb")*+" + q, re.DOTALL)
