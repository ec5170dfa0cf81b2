"""The techniques: what is done to a column, one class each, in the words of ISO/IEC 20889."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from custody.policy.model import Closed, Id, Pattern, Text

Edge = Annotated[float, Field(ge=-(2**53), le=2**53)]
"""A bound for numbers, exact both as an integer and in floating point."""

Period = Literal["1min", "5min", "15min", "1h", "6h", "1d", "7d", "28d", "364d", "1M", "1Y"]

Role = Literal["direct", "quasi", "sensitive", "label", "insensitive"]


class Column(Closed):
    """What a column is (role) and what is done to it (technique), in the words of ISO/IEC 20889."""

    role: Role
    """direct names a person, quasi does so together with others, sensitive and label are what is learnt of one."""

    @property
    def left_out(self) -> bool:
        """True where a release has no such column."""
        return False


class Keep(Column):
    """As it is."""

    technique: Literal["keep"]


class Suppress(Column):
    """Left out: the whole column, or the cells that hold a value.

    With `values` or `matches`, only the cells that hold such a value; the others keep theirs.
    """

    technique: Literal["suppress"]
    scope: Literal["column", "cell"] = "column"
    """What is left out; cells are counted as emptied."""
    values: tuple[Text, ...] = ()
    """Which values, as the column's type writes them."""
    matches: Pattern | None = None
    """Which texts: those that this pattern (RE2) matches as a whole."""

    @property
    def left_out(self) -> bool:
        """The whole column."""
        return self.scope == "column"

    @property
    def whole(self) -> bool:
        """No value of the column is released."""
        return not self.values and self.matches is None


class Mask(Column):
    """All but the first or last characters become `*`; a value that would show more than half is masked whole."""

    technique: Literal["mask"]
    keep_first: Annotated[int, Field(ge=0, le=8)] = 0
    """Characters left at the start."""
    keep_last: Annotated[int, Field(ge=0, le=8)] = 0
    """Characters left at the end."""


class Mac(Column):
    """Keyed pseudonym (HMAC-SHA-256): one value, one token wherever the domain is the same, whatever its case."""

    technique: Literal["mac"]
    domain: Id
    """Columns that share a domain share their pseudonyms."""


class EncryptDeterministic(Column):
    """Reversible pseudonym (AES-SIV) for the key holder."""

    technique: Literal["encrypt_deterministic"]
    domain: Id
    """Columns that share a domain share their pseudonyms."""


class Generalize(Column):
    """Numbers into bins, with top and bottom coding or by these alone; text to a prefix or up a hierarchy."""

    technique: Literal["generalize"]
    bins: tuple[Edge, ...] = ()
    """Lower edges, ascending; a value becomes the text `[low, high)`, `<lowest` or `≥highest`."""
    prefix: Annotated[int, Field(ge=1, le=64)] | None = None
    """Keep the first characters."""
    top: Edge | None = None
    """Top coding: a larger number becomes this one (of an integer column, its whole part)."""
    bottom: Edge | None = None
    """Bottom coding: a smaller number becomes this one (of an integer column, the next whole one)."""
    hierarchy: Id | None = None
    """Up a hierarchy: one of `privacy.hierarchies`, or a shipped one: country (ISO 3166 code, region, continent), ip
    (/24, /16, /8 of IPv4; /48, /32, /16 of IPv6)."""
    level: Annotated[int, Field(ge=1, le=16)] = 1
    """How far up the hierarchy."""
    uncovered: Literal["other", "empty"] = "other"
    """What becomes of a value that the hierarchy does not cover: `OTHER`, or an empty cell, counted."""


class RoundTime(Column):
    """Times are rounded down in UTC to a multiple of `to`; weeks begin on Monday."""

    technique: Literal["round_time"]
    to: Period
    """How coarse: minutes, hours, days, months, years; 7d, 28d and 364d are weeks from Monday."""


class IpPrefix(Column):
    """Prefix-preserving addresses (Crypto-PAn)."""

    technique: Literal["ip_prefix"]
    domain: Id
    """Columns that share a domain share their pseudonyms."""


class IpTruncate(Column):
    """Addresses cut to a network, written as one: `192.0.2.0/24`."""

    technique: Literal["ip_truncate"]
    v4: Annotated[int, Field(ge=0, le=32)] = 24
    """Bits of an IPv4 address that are left."""
    v6: Annotated[int, Field(ge=0, le=128)] = 48
    """Bits of an IPv6 address that are left."""


class RedactText(Column):
    """Identifiers in text become tokens (known ones) or typed placeholders (shapes)."""

    technique: Literal["redact_text"]


AnyColumn = Annotated[
    Keep | Suppress | Mask | Mac | EncryptDeterministic | Generalize | RoundTime | IpPrefix | IpTruncate | RedactText,
    Field(discriminator="technique"),
]
