"""The techniques: what is done to a column, one class each, in the words of ISO/IEC 20889."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from custody.policy.model import Closed, Id, Text
from custody.policy.quality import WholePattern

Edge = Annotated[float, Field(ge=-(2**53), le=2**53)]
"""A bound for numbers, exact both as an integer and in floating point."""

Period = Literal["1min", "5min", "15min", "1h", "6h", "1d", "7d", "28d", "364d", "1M", "1Y"]

Role = Literal["direct", "quasi", "sensitive", "label", "insensitive"]


class Column(Closed):
    """What a column is (role) and what is done to it (technique), in the words of ISO/IEC 20889."""

    role: Role
    """direct names a person, quasi does so together with others, sensitive and label are what is learnt of one."""
    ordered: bool | Annotated[tuple[Text, ...], Field(min_length=2)] = False
    """For `t`, of a sensitive column: true where its numbers or times are near or far from each other, or its words,
    the least first; without an order all values are equally far apart."""
    fold_rare: bool = False
    """Categories that fewer than `k` subjects have become OTHER."""

    @property
    def left_out(self) -> bool:
        """True where a release has no such column."""
        return False


class Keep(Column):
    """As it is."""

    technique: Literal["keep"]


class Suppress(Column):
    """Left out: the whole column, the records that hold a value, or the cells that do.

    With `values` or `matches`, of records and cells only those that hold such a value; the others keep theirs.
    """

    technique: Literal["suppress"]
    scope: Literal["column", "record", "cell"] = "column"
    """What is left out. Records count as suppressed for the reason `value.<column>`, cells as emptied."""
    values: tuple[Text, ...] = ()
    """Which values, as the column's type writes them."""
    matches: WholePattern | None = None
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


class ShiftTime(Column):
    """All times of one subject are moved by one secret amount; see `privacy.subject`."""

    technique: Literal["shift_time"]
    domain: Id
    """Columns that share a domain are moved alike, so that what lies between them stays."""
    unit: Literal["day", "second"] = "day"
    """Whole days keep the time of day (UTC), whole seconds do not."""
    within: Annotated[int, Field(ge=1, le=315_360_000)]
    """The largest move, in units, either way; none is never drawn."""
    to: Period | None = None
    """Afterwards rounded down, as by round_time."""


class Microaggregate(Column):
    """Numbers and times become the mean of a group of neighbours with at least `size` distinct subjects."""

    technique: Literal["microaggregate"]
    size: Annotated[int, Field(ge=2, le=1_000_000)]
    """Least number of distinct subjects in a group."""


class Noise(Column):
    """Numbers are moved by a bounded random amount, drawn for each record from the zone's key; hides single values."""

    technique: Literal["noise"]
    bound: Annotated[float, Field(gt=0, le=2**53)]
    """The largest move, either way."""
    step: Annotated[float, Field(gt=0, le=2**53)]
    """Values are rounded to multiples of it, and moved by multiples of it; of an integer column a whole number."""
    distribution: Literal["laplace", "uniform"] = "laplace"
    """Small moves are likelier, or all are equally likely."""
    scale: Annotated[float, Field(gt=0, le=2**53)] | None = None
    """For laplace, about the mean size of a move before it is bounded; a quarter of `bound` where it is left out."""
    top: Edge | None = None
    """Top coding afterwards: a larger number becomes this one."""
    bottom: Edge | None = None
    """Bottom coding afterwards: a smaller number becomes this one."""

    @property
    def most(self) -> int:
        """Steps in the largest move."""
        return int(Decimal(repr(self.bound)) / Decimal(repr(self.step)))


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


Detector = Literal["accounts", "sentences", "directory", "hosts", "mailboxes", "urls", "secrets", "ibans", "presidio"]
"""Finds identifiers that stand in no column, by what stands around them; one module of `privacy/detect` each."""


class RedactText(Column):
    """Identifiers in text become tokens (known ones) or typed placeholders (shapes, and what detectors find)."""

    technique: Literal["redact_text"]
    detectors: tuple[Detector, ...] = (
        "accounts",
        "sentences",
        "directory",
        "hosts",
        "mailboxes",
        "urls",
        "secrets",
        "ibans",
    )
    """What looks for identifiers that stand in no column: users after a key (accounts), in sentences, in directory
    names and home folders (directory), hosts, mailboxes at a bare host, parameters of URLs, secrets and IBANs; all of
    these unless the policy lists some. `presidio` needs the extra `custody[presidio]`. Known identifiers and the
    shapes of addresses, cards and common secrets are always looked for."""


AnyColumn = Annotated[
    Keep
    | Suppress
    | Mask
    | Mac
    | EncryptDeterministic
    | Generalize
    | RoundTime
    | ShiftTime
    | Microaggregate
    | Noise
    | IpPrefix
    | IpTruncate
    | RedactText,
    Field(discriminator="technique"),
]
