"""Times to UTC microseconds: ISO 8601, syslog, the common log format, epochs, strptime formats.

Digits beyond microseconds are cut off, never rounded; years 1 to 9999; no locale, no system time zones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import CustodyError
from custody.policy.sources import Lines, Zeek
from custody.sources.values import epochs, iso, strptime, syslog, zones
from custody.sources.values.civil import SECOND, Civil, assemble, spread
from custody.sources.values.converted import Converted, among, explained, matches
from custody.sources.values.epochs import NOT_A_TIME, OUT_OF_RANGE, STAMP, told

if TYPE_CHECKING:
    from custody.policy.sources import AnyFormat

_NAMED = {"clf": "%d/%b/%Y:%H:%M:%S %z"}
TIME_FORMATS = {"sshd": "syslog", "syslog": "syslog", "combined": _NAMED["clf"]}
"""Form of `time` in the shipped line patterns; `syslog` is `Mar 27 13:06:56`, the day padded or not, or RFC 3339."""
_SYSLOG = strptime.pattern("%b %e %H:%M:%S", "").removesuffix(r"\z") + r"(?:[.,](?P<f>[0-9]+))?\z"
_ZONE = "(?P<z>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)"
_CLOCK = "[Tt ](?P<H>[0-9]{2})(?::(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2})(?:[.,](?P<f>[0-9]+))?)?)?"
_ISO = rf"\A(?P<Y>[0-9]{{4}})-(?P<m>[0-9]{{2}})-(?P<d>[0-9]{{2}})(?:{_CLOCK}{_ZONE}?)?\z"
_USUAL = (
    r"\A[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:\.[0-9]{1,6})?"
)
_LOCAL, _ZONED = rf"{_USUAL}\z", rf"{_USUAL}(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])\z"
_NAIVE = pa.timestamp("us")
_FULL = 20
"""A text this long that Arrow takes for a zoned time is one that `_ISO` takes."""


@dataclass(frozen=True)
class Clock:
    """How a source writes its times."""

    form: str
    """iso, syslog, clf, epoch_s, epoch_ms, epoch_us or a strptime format."""
    tz: str
    year: int | None
    key: str
    """The policy's key of the format, for messages."""

    def check(self) -> None:
        """Stop where the policy cannot mean what it says: an unknown zone or directive, a year that nothing tells."""
        zones.zone(self.tz, f"{self.key}.tz")
        if self.form in epochs.UNITS or self.form in {"iso", "syslog"}:
            return
        form = _NAMED.get(self.form, self.form)
        strptime.pattern(form, f"{self.key}.time")
        if strptime.needs_year(form):
            self.need_year()

    def need_year(self) -> None:
        """Stop where a time carries no year and the policy gives none."""
        if self.year is None:
            raise CustodyError(f"{self.key}.year: is missing; times of this source carry no year, so say which it is")


def clock(format_: AnyFormat, key: str) -> Clock:
    """Return how a source writes its times; `auto` is what its pattern or Zeek defines, else ISO 8601."""
    form = format_.time
    if form == "auto":
        known = "epoch_s" if isinstance(format_, Zeek) else None
        form = known or (TIME_FORMATS.get(format_.pattern, "iso") if isinstance(format_, Lines) else "iso")
    return Clock(form, format_.tz, format_.year, key)


def instants(values: pa.Array, how: Clock) -> Converted:
    """Convert clean text to timestamp[us, UTC]; Parquet's timestamps, and numbers as epochs, are taken as they are."""
    if pa.types.is_timestamp(values.type):
        return _native(values, how)
    if how.form in epochs.UNITS:
        return epochs.instants(values, epochs.UNITS[how.form])
    text = values.cast(pa.string())
    if how.form in {"iso", "syslog"}:
        return _iso(text, how) if how.form == "iso" else _syslog(text, how)
    return _fields(text, strptime.pattern(_NAMED.get(how.form, how.form), f"{how.key}.time"), how)


def _syslog(text: pa.Array, how: Clock) -> Converted:
    """RFC 3164's times, which carry no year, and the ISO 8601 that newer daemons write in their place."""
    rows, civil = syslog.usual(text, how.year or 1970)
    if rows.any():
        how.need_year()
        done = _universal(civil, civil.valid, how)
        rest = among(pc.invert(pa.array(rows)), text)
        return _spread(done, rows) if rest.null_count == len(rest) else _joined(_spread(done, rows), _syslog(rest, how))
    old = matches(text, "^[A-Za-z]")
    if not pc.any(old).as_py():
        return _iso(text, how)
    if pc.any(matches(text, _SYSLOG)).as_py():
        how.need_year()
    return _joined(_fields(among(old, text), _SYSLOG, how), _iso(among(pc.invert(old), text), how))


def _iso(text: pa.Array, how: Clock) -> Converted:
    """Let Arrow read a whole column that is of one kind; else the usual rows go by place, the others by the pattern."""
    quick = _whole(text, how)
    if quick is not None:
        return quick
    present = text.is_valid()
    parts = list(iso.usual(text))
    rest = np.logical_and.reduce([present.to_numpy(zero_copy_only=False), *(~rows for rows, _ in parts)])
    if rest.any():
        others = pc.dictionary_encode(text.filter(pa.array(rest)))
        civil = _civil(others.dictionary, _ISO, how)
        parts.append((rest, civil.take(others.indices.to_numpy(zero_copy_only=False))))
    civil = spread(parts, len(text))
    return _where(present, _universal(civil, civil.valid, how))


def _whole(text: pa.Array, how: Clock) -> Converted | None:
    """Return the times where Arrow reads every row as it reads the first; None where a row needs a closer look.

    Only the kind of the first row is tried: a cast that fails, fails row by row, and slowly.
    """
    first = text.drop_null().slice(0, 1)
    try:
        if pc.all(matches(first, _LOCAL)).as_py():
            return _native(text.cast(_NAIVE), how)
        if pc.all(matches(first, _ZONED)).as_py() and pc.min(pc.binary_length(text)).as_py() >= _FULL:
            return _ranged(text.cast(STAMP))
    except pa.ArrowInvalid:
        pass
    return None


def _fields(text: pa.Array, pattern: str, how: Clock) -> Converted:
    """Read times field by field; per distinct value, since logs repeat their seconds."""
    encoded = pc.dictionary_encode(text)
    civil = _civil(encoded.dictionary, pattern, how)
    done = _universal(civil, civil.valid, how)
    why = None if done.why is None else done.why.take(encoded.indices)
    return Converted(done.values.take(encoded.indices), why)


def _civil(text: pa.Array, pattern: str, how: Clock) -> Civil:
    parts = pc.extract_regex(text, pattern)
    found = pc.is_valid(parts).to_numpy(zero_copy_only=False)
    names = [parts.type.field(i).name for i in range(parts.type.num_fields)]
    civil = assemble({name: pc.struct_field(parts, name) for name in names}, how.year)
    return replace(civil, valid=found & civil.valid)


def _universal(civil: Civil, valid: np.ndarray, how: Clock) -> Converted:
    local = valid & ~civil.zoned
    utc = civil.local - civil.offset
    inside = (civil.local >= zones.FIRST) & (civil.local <= zones.LAST)
    gap, twice = np.zeros(len(utc), dtype=bool), np.zeros(len(utc), dtype=bool)
    chosen = np.flatnonzero(local & inside)
    if len(chosen):
        utc[chosen], gap[chosen], twice[chosen] = zones.to_utc(civil.local[chosen], how.tz, f"{how.key}.tz")
    outside = valid & ((utc < zones.FIRST) | (utc > zones.LAST) | (local & ~inside))
    return told(utc, {NOT_A_TIME: ~valid, OUT_OF_RANGE: outside, zones.GAP: gap, zones.AMBIGUOUS: twice})


def _native(stamps: pa.Array, how: Clock) -> Converted:
    """Take Arrow timestamps of any unit; naive ones are on the clock of the policy's zone."""
    present = pc.is_valid(stamps)
    counts = pc.fill_null(stamps.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    if stamps.type.unit == "ns":
        local = counts // 1_000
    else:
        unit = {"s": SECOND, "ms": 1_000, "us": 1}[stamps.type.unit]
        limit = zones.LAST // unit + 1
        local = np.clip(counts, -limit, limit) * unit
    whole = np.ones(len(local), dtype=bool)
    civil = Civil(local, np.zeros(len(local), dtype=np.int64), np.full(len(local), stamps.type.tz is not None), whole)
    done = _universal(civil, whole, how)
    return _where(present, done)


def _where(present: pa.Array, done: Converted) -> Converted:
    """Take what is not present for missing; it is null, and nothing is wrong with it."""
    if present.true_count == len(present):
        return done
    return Converted(among(present, done.values), None if done.why is None else among(present, done.why))


def _ranged(stamps: pa.Array) -> Converted:
    counts = stamps.cast(pa.int64())
    ends = pc.min_max(counts).as_py()
    if ends["min"] is None or zones.FIRST <= ends["min"] <= ends["max"] <= zones.LAST:
        return Converted(stamps)
    wrong = pc.fill_null(pc.or_(pc.less(counts, zones.FIRST), pc.greater(counts, zones.LAST)), False)  # noqa: FBT003
    return explained(stamps, wrong, OUT_OF_RANGE)


def _spread(part: Converted, rows: np.ndarray) -> Converted:
    """Return `part`, which has an entry for each of the `rows`, with an entry for every row; the others are null."""
    if rows.all():
        return part
    places = pa.array(np.cumsum(rows) - 1, mask=~rows)
    return Converted(part.values.take(places), None if part.why is None else part.why.take(places))


def _joined(first: Converted, second: Converted) -> Converted:
    """Put two parts of one column together; no row is in both."""
    whys = [part.why for part in (first, second) if part.why is not None]
    return Converted(pc.coalesce(first.values, second.values), pc.coalesce(*whys) if whys else None)
