"""`privacy`: how the people in the data are protected, column by column."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from custody.policy.model import Closed, Field_, Id, Text

Edge = Annotated[float, Field(ge=-(2**53), le=2**53)]
"""A bound for numbers, exact both as an integer and in floating point."""

Role = Literal["direct", "quasi", "sensitive", "label", "insensitive"]


class Column(Closed):
    """What a column is (role) and what is done to it (technique), in the words of ISO/IEC 20889."""

    role: Role
    """direct names a person, quasi does so together with others, sensitive and label are what is learnt of one."""


class Keep(Column):
    """As it is."""

    technique: Literal["keep"]


class Suppress(Column):
    """The column is left out."""

    technique: Literal["suppress"]


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
    """Numbers into bins, with top coding or by it alone; text to a prefix."""

    technique: Literal["generalize"]
    bins: tuple[Edge, ...] = ()
    """Lower edges, ascending; a value becomes the text `[low, high)`, `<lowest` or `≥highest`."""
    prefix: Annotated[int, Field(ge=1, le=64)] | None = None
    """Keep the first characters."""
    top: Edge | None = None
    """Top coding: a larger number becomes this one (of an integer column, its whole part)."""


class RoundTime(Column):
    """Times are rounded down in UTC to a multiple of `to`; weeks begin on Monday."""

    technique: Literal["round_time"]
    to: Literal["1min", "5min", "15min", "1h", "6h", "1d", "7d", "1M", "1Y"]
    """How coarse: minutes, hours, days, weeks from Monday, months, years."""


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


class Privacy(Closed):
    """Roles and techniques, withholding, and how many subjects a group must have."""

    subject: Field_ | None = None
    """The column that names the person; k counts its distinct values. Its role is direct, or it is suppressed."""
    consent: Field_ | None = None
    """Records whose value here does not say yes are withheld. Yes is `yes`, `true`, `1` or `granted` in any case, of a
    boolean column true, of an integer column 1; a missing value is no yes."""
    retention_days: Annotated[int, Field(ge=1)] | None = None
    """Records older than this at `dataset.as_of` are withheld."""
    retention_column: Field_ | None = None
    """The timestamp that retention is counted from; needed where the schema has several."""
    not_personal: tuple[Text, ...] = ()
    """Reviewed words (service accounts) that may stand in a release although a direct column holds them."""
    columns: dict[Field_, AnyColumn]
    """Every column of the schema; there is no default."""
    k: Annotated[int, Field(ge=2)] | None = None
    """Least number of distinct subjects that share each combination of quasi-identifiers."""
    on_violation: Literal["refuse", "suppress"] = "refuse"
    """What becomes of rows in smaller groups."""
