"""Every way of writing a time gives the one instant it means; what means none, or two, is named."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, reset_tzpath

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from custody.errors import CustodyError
from custody.policy.sources import AnyFormat
from custody.sources.values.times import Clock, clock, instants

ISO = Clock("iso", "UTC", None, "sources.s.format")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WHEN = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30))  # noqa: DTZ001


if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True, scope="module")
def _shipped_zones() -> Iterator[None]:
    """What the tests compare with is read from the tzdata package too: the system's data is older or newer."""
    reset_tzpath(to=())
    ZoneInfo.clear_cache()
    yield
    reset_tzpath()
    ZoneInfo.clear_cache()


def told(how: Clock, *texts: object, kind: pa.DataType | None = None) -> list[tuple[datetime | None, str | None]]:
    done = instants(pa.array(texts, kind or pa.string()), how)
    why = [None] * len(texts) if done.why is None else done.why.to_pylist()
    counts = done.values.cast(pa.int64()).to_pylist()
    return [(None if micros is None else micros_to(micros), code) for micros, code in zip(counts, why, strict=True)]


def micros_to(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


def named(form: str, tz: str = "UTC", year: int | None = None) -> Clock:
    return Clock(form, tz, year, "sources.s.format")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-01-01T00:00:00.152Z", "2026-01-01T00:00:00.152000+00:00"),
        ("2026-01-01 00:00:00", "2026-01-01T00:00:00+00:00"),
        ("2026-01-01", "2026-01-01T00:00:00+00:00"),
        ("2026-01-01T05", "2026-01-01T05:00:00+00:00"),
        ("2026-01-01T05:30", "2026-01-01T05:30:00+00:00"),
        ("2017-04-06T18:15:19.000142+0000", "2017-04-06T18:15:19.000142+00:00"),
        ("2026-01-01T00:00:00+05:30", "2025-12-31T18:30:00+00:00"),
        ("2026-01-01T00:00:00-05", "2026-01-01T05:00:00+00:00"),
        ("2026-01-01t00:00:00z", "2026-01-01T00:00:00+00:00"),
        ("2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00.123456+00:00"),
        ("2026-01-01T00:00:00,9999999Z", "2026-01-01T00:00:00.999999+00:00"),
        ("1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999+00:00"),
        ("1912-06-23T00:00:00Z", "1912-06-23T00:00:00+00:00"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:00"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999+00:00"),
        ("2024-02-29T12:00:00Z", "2024-02-29T12:00:00+00:00"),
    ],
)
def test_iso_8601(text: str, iso: str) -> None:
    assert told(ISO, text) == [(datetime.fromisoformat(iso), None)]
    assert told(ISO, text, "no time", None)[0] == (datetime.fromisoformat(iso), None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-02-29T00:00:00Z", "not_a_time"),
        ("2026-13-01T00:00:00Z", "not_a_time"),
        ("2026-01-01T24:00:00Z", "not_a_time"),
        ("2026-01-01T23:59:60Z", "not_a_time"),
        ("2026-01-01T00:00:00+24:00", "not_a_time"),
        ("2026-01-01T00:00:00+5", "not_a_time"),
        ("01/02/2026 00:00:00", "not_a_time"),
        ("1735689600", "not_a_time"),
        ("20260101", "not_a_time"),
        ("2026-01-01T00:00:00Z junk", "not_a_time"),
        ("yesterday", "not_a_time"),
        ("0000-06-01T00:00:00Z", "time_out_of_range"),
        ("0001-01-01T00:00:00+01:00", "time_out_of_range"),
        ("9999-12-31T23:59:59-00:01", "time_out_of_range"),
    ],
)
def test_what_is_no_time_is_named(text: str, code: str) -> None:
    assert told(ISO, text) == [(None, code)]
    assert told(ISO, text, "2026-01-01T00:00:00Z") == [(None, code), (datetime(2026, 1, 1, tzinfo=UTC), None)]


PIECES = st.tuples(
    st.sampled_from(["2026-01-01", "2024-02-29", "2026-02-29", "0000-01-01", "9999-12-31", "2026-1-1", "-020-01-01"]),
    st.sampled_from(["", "T", " ", "t", "  "]),
    st.sampled_from(
        ["", "00", "05:30", "23:59:59", "24:00:00", "23:59:60", "00:00:00.", "00:00:00.1", "00:00:00.1234567"]
    ),
    st.sampled_from(["", "Z", "z", " Z", "+00:00", "-2359", "+23:60", "+24:00", "+5", "+05", "-00:00", "+05:30:15"]),
)


@given(st.lists(PIECES.map("".join) | st.none() | st.text("0123456789-:.TZ+ ", max_size=26), max_size=8))
def test_what_a_time_becomes_does_not_depend_on_its_neighbors(texts: list[str | None]) -> None:
    assert told(ISO, *texts) == [told(ISO, text)[0] for text in texts]


def test_random_instants_equal_datetime_in_every_form() -> None:
    dice = random.Random(11)  # noqa: S311  # no secret
    moments = [datetime(1902, 1, 1, tzinfo=UTC) + timedelta(microseconds=dice.getrandbits(52)) for _ in range(2000)]
    seconds = [moment.replace(microsecond=0) for moment in moments]
    whole = [(moment - EPOCH) // timedelta(microseconds=1) for moment in moments]
    forms: list[tuple[str, list[str], list[datetime]]] = [
        ("iso", [moment.isoformat() for moment in moments], moments),
        ("clf", [moment.strftime("%d/%b/%Y:%H:%M:%S +0000") for moment in seconds], seconds),
        ("epoch_us", [str(micros) for micros in whole], moments),
        ("epoch_ms", [f"{'-' * (n < 0)}{abs(n) // 1000}.{abs(n) % 1000:03d}" for n in whole], moments),
        ("epoch_s", [f"{'-' * (n < 0)}{abs(n) // 10**6}.{abs(n) % 10**6:06d}" for n in whole], moments),
        ("%Y%m%dT%H%M%S.%f%z", [moment.strftime("%Y%m%dT%H%M%S.%f+0000") for moment in moments], moments),
        ("%A, %d. %B %Y %I:%M:%S %p", [m.strftime("%A, %d. %B %Y %I:%M:%S %p") for m in seconds], seconds),
        ("%j %Y %T", [moment.strftime("%j %Y %H:%M:%S") for moment in seconds], seconds),
        (
            "%y%m%d",
            [f"{i:02d}0203" for i in range(100)],
            [datetime(1900 + i + 100 * (i < 69), 2, 3, tzinfo=UTC) for i in range(100)],
        ),
        ("%s", [str(micros // 10**6) for micros in whole], seconds),
    ]
    for form, texts, expected in forms:
        assert told(named(form), *texts) == [(moment, None) for moment in expected], form


@given(WHEN, st.integers(-1439, 1439))
def test_an_offset_is_taken_off(local: datetime, minutes: int) -> None:
    text = f"{local.isoformat()}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    expected = local.replace(tzinfo=UTC) - timedelta(minutes=minutes)
    assert told(ISO, text) == [(expected, None)]
    assert told(ISO, text, "x")[0] == (expected, None)


def test_an_epoch_is_exact_to_the_microsecond() -> None:
    texts = ("1521911724.699488", "1521911724.6994889", "1.521911724699488e9", "0", "-0.0000001", "+1", "4102444800.")
    expected = [
        "2018-03-24T17:15:24.699488",
        "2018-03-24T17:15:24.699488",
        "2018-03-24T17:15:24.699488",
        "1970-01-01T00:00:00",
        "1969-12-31T23:59:59.999999",
        "1970-01-01T00:00:01",
        "2100-01-01T00:00:00",
    ]
    assert told(named("epoch_s"), *texts) == [
        (datetime.fromisoformat(one).replace(tzinfo=UTC), None) for one in expected
    ]


def test_epochs_that_are_no_time_or_too_far_are_named() -> None:
    texts = (
        "1521911724699",
        "999999999999999999",
        "1e400",
        "-1e30",
        "NaN",
        "inf",
        "12:30",
        "1_0",
        "",
        "1e-400",
        "9" * 2000,
    )
    codes = [code for _, code in told(named("epoch_s"), *texts)]
    far, no = "time_out_of_range", "not_a_time"
    assert codes == [far, far, far, far, no, no, no, no, no, None, no]
    assert told(named("epoch_ms"), "1521911724699.488")[0][0] == datetime(2018, 3, 24, 17, 15, 24, 699488, tzinfo=UTC)


def test_syslog_takes_its_year_from_the_policy() -> None:
    how = named("syslog", year=2017)
    texts = (
        "Mar 27 13:06:56",
        "Apr  7 00:00:01",
        "Apr 7 00:00:01",
        "mar 27 13:06:56",
        "Feb 29 00:00:00",
        "Foo 27 13:06:56",
    )
    march, april = datetime(2017, 3, 27, 13, 6, 56, tzinfo=UTC), datetime(2017, 4, 7, 0, 0, 1, tzinfo=UTC)
    assert told(how, *texts) == [
        (march, None), (april, None), (april, None), (march, None), (None, "not_a_time"), (None, "not_a_time")
    ]  # fmt: skip
    assert told(named("syslog", year=2016), "Feb 29 00:00:00") == [(datetime(2016, 2, 29, tzinfo=UTC), None)]


def test_a_syslog_that_writes_iso_8601_needs_no_year() -> None:
    moment = datetime(2026, 1, 1, 12, 0, 0, 250000, tzinfo=UTC)
    assert told(named("syslog"), "2026-01-01T12:00:00.25Z", "junk", None, "-") == [
        (moment, None), (None, "not_a_time"), (None, None), (None, "not_a_time")
    ]  # fmt: skip
    assert told(named("syslog", year=2026), "Jan  1 12:00:00.250", "2026-01-01T12:00:00.25Z") == [(moment, None)] * 2


def test_a_time_without_a_year_stops_until_the_policy_says_it() -> None:
    missing = r"sources\.s\.format\.year: is missing"
    with pytest.raises(CustodyError, match=missing):
        named("%d.%m. %H:%M").check()
    named("%d.%m. %H:%M", year=2020).check()
    with pytest.raises(CustodyError, match=missing):
        told(named("syslog"), "2026-01-01T00:00:00Z", "Mar 27 13:06:56")
    for form in ("clf", "epoch_s", "iso", "%s", "%F", "%d %b %y"):
        named(form).check()


@pytest.mark.parametrize(
    "form", ["%Q", "%Y-%m", "%H:%M", "%Y %Y-%m-%d", "%d/%m/%Y %I:%M", "%m %d %", "yesterday", "%j %p"]
)
def test_a_format_that_cannot_be_read_stops_with_its_key(form: str) -> None:
    with pytest.raises(CustodyError, match=r"^sources\.s\.format\.time: "):
        named(form, year=2020).check()


@pytest.mark.parametrize("tz", ["Mars/Olympus", "../../../etc/passwd", "EST5EDT4", "", "Europe", "/etc/localtime"])
def test_an_unknown_zone_stops_with_its_key(tz: str) -> None:
    with pytest.raises(CustodyError, match=r"^sources\.s\.format\.tz: "):
        named("iso", tz=tz).check()


@pytest.mark.parametrize(
    ("tz", "local", "code"),
    [
        ("Europe/Berlin", "2026-03-29T02:30:00", "dst_gap"),
        ("Europe/Berlin", "2026-03-29T02:00:00", "dst_gap"),
        ("Europe/Berlin", "2026-03-29T01:59:59.999999", None),
        ("Europe/Berlin", "2026-03-29T03:00:00", None),
        ("Europe/Berlin", "2026-10-25T02:30:00", "dst_ambiguous"),
        ("Europe/Berlin", "2026-10-25T03:00:00", None),
        ("America/New_York", "2026-03-08T02:15:00", "dst_gap"),
        ("America/New_York", "2026-11-01T01:59:59.999999", "dst_ambiguous"),
        ("Australia/Lord_Howe", "2026-10-04T02:15:00", "dst_gap"),
        ("Australia/Lord_Howe", "2026-10-04T02:30:00", None),
        ("America/Sao_Paulo", "2018-11-04T00:00:00", "dst_gap"),
        ("America/Sao_Paulo", "2018-02-17T23:30:00", "dst_ambiguous"),
        ("Pacific/Apia", "2011-12-30T12:00:00", "dst_gap"),
        ("Asia/Kolkata", "2026-03-29T02:30:00", None),
    ],
)
def test_times_that_never_were_and_times_that_were_twice(tz: str, local: str, code: str | None) -> None:
    ((value, why),) = told(named("iso", tz=tz), local)
    assert why == code
    if code is None:
        assert value == datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(tz)).astimezone(UTC)


@pytest.mark.parametrize(
    "tz", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Gaza"]
)
def test_random_local_times_equal_zoneinfo_fold_by_fold(tz: str) -> None:
    dice = random.Random(tz)  # noqa: S311  # no secret
    place = ZoneInfo(tz)
    locals_ = [datetime(1890, 1, 1) + timedelta(seconds=dice.randrange(200 * 366 * 86_400)) for _ in range(1500)]  # noqa: DTZ001
    for (value, code), local in zip(
        told(named("iso", tz=tz), *[one.isoformat() for one in locals_]), locals_, strict=True
    ):
        early, late = (local.replace(tzinfo=place, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
        assert code == (None if early == late else "dst_gap" if early < late else "dst_ambiguous")
        assert value == (None if code else (local - early).replace(tzinfo=UTC))


def test_a_text_with_an_offset_does_not_ask_the_zone() -> None:
    assert told(named("iso", tz="Europe/Berlin"), "2026-03-29T02:30:00+01:00")[0][1] is None


def test_years_at_the_edge_of_the_calendar_fall_out_of_range_by_zone() -> None:
    west, east = named("iso", tz="America/New_York"), named("iso", tz="Asia/Tokyo")
    assert told(west, "9999-12-31T23:00:00") == [(None, "time_out_of_range")]
    assert told(east, "0001-01-01T01:00:00") == [(None, "time_out_of_range")]


def test_the_systems_zones_are_never_asked(tmp_path: Path) -> None:
    """A system whose Vienna is Tokyo changes nothing."""
    wrong = tmp_path / "Europe" / "Vienna"
    wrong.parent.mkdir()
    wrong.write_bytes(resources.files("tzdata").joinpath("zoneinfo", "Asia", "Tokyo").read_bytes())
    code = (
        "import pyarrow as pa\nfrom custody.sources.values.times import Clock, instants\n"
        "print(instants(pa.array(['01 Oct 2026']), Clock('%d %b %Y', 'Europe/Vienna', None, 'k')).values[0])"
    )
    settings = {"PYTHONTZPATH": str(tmp_path), "TZ": "Asia/Tokyo", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-B", "-c", code], env=settings, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "2026-09-30 22:00:00+00:00"


def test_parquets_timestamps_keep_their_instant() -> None:
    moment = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001
    berlin = named("epoch_s", tz="Europe/Berlin")
    assert told(berlin, moment, None, kind=pa.timestamp("ms")) == [(None, "dst_gap"), (None, None)]
    assert told(berlin, moment, kind=pa.timestamp("us", "UTC")) == [(moment.replace(tzinfo=UTC), None)]
    assert told(ISO, -1, 1, kind=pa.timestamp("ns")) == [(micros_to(-1), None), (micros_to(0), None)]
    assert told(ISO, 2**62, -(2**62), None, kind=pa.timestamp("s")) == [(None, "time_out_of_range")] * 2 + [
        (None, None)
    ]


def test_numbers_are_epochs_where_the_policy_says_so() -> None:
    how, moment = named("epoch_s"), datetime(2018, 3, 24, 17, 15, 24, 699488, tzinfo=UTC)
    assert told(how, 1521911724.699488, float("nan"), 1e300, None, kind=pa.float64()) == [
        (moment, None), (None, "not_a_time"), (None, "time_out_of_range"), (None, None)
    ]  # fmt: skip
    assert told(named("epoch_us"), 1521911724699488, None, -(2**63), kind=pa.int64()) == [
        (moment, None), (None, None), (None, "time_out_of_range")
    ]  # fmt: skip
    assert told(named("epoch_ms"), 2**64 - 1, 1, kind=pa.uint64()) == [
        (None, "time_out_of_range"),
        (micros_to(1000), None),
    ]
    assert told(named("%Y%m%d"), 20260101, kind=pa.int64()) == [(datetime(2026, 1, 1, tzinfo=UTC), None)]


@pytest.mark.parametrize(
    ("raw", "form"),
    [
        ({"type": "csv"}, "iso"),
        ({"type": "zeek"}, "epoch_s"),
        ({"type": "text", "pattern": "sshd"}, "syslog"),
        ({"type": "text", "pattern": "combined"}, "%d/%b/%Y:%H:%M:%S %z"),
        ({"type": "text", "pattern": "(?P<a>.*)"}, "iso"),
        ({"type": "zeek", "time": "epoch_ms"}, "epoch_ms"),
    ],
)
def test_auto_means_what_the_format_defines(raw: dict[str, Any], form: str) -> None:
    parsed = TypeAdapter[Any](AnyFormat).validate_python(raw)
    assert clock(parsed, "sources.s.format").form == form
