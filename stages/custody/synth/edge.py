"""access.csv: sign-ins at the web gateway, in local time; and partner.tsv, meant for another purpose only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.synth import clock, draw
from custody.synth.defects import BLOCK, Counts, Defect, line, missing, plan, value, wrong
from custody.synth.people import SMALL_SIZE, Person, turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME = "access.csv"
STREAM = 2
FIELDS = ("time", "login", "ip", "device", "dept", "code", "tries", "fails", "mfa", "risk", "verdict", "agent")
CODES = ("200", "401", "404")

PARTNER = "partner.tsv"
PARTNER_STREAM = 4
PARTNER_FIELDS = ("time", "user", "ip", "code")

_AGENTS = ('"Mozilla/5.0 (X11; Linux x86_64), like Gecko"', "curl/8.5.0", '"says ""hello"", then leaves"')
_TAIL = b",192.0.2.7,02:00:5e:00:00:99,sales,200,1,0,true,0.100,benign"
_BOM = "\ufeff"

_DATED = {"past_retention": "2025-09-30", "future": "2027-01-15"}
_PREDICATE = "predicates.failures_within_attempts"
_SCORE = ("threat_score.finite", "threat_score.range")

PLAN = plan(
    [
        Defect("duplicate", ("validate/broken/duplicates",)),
        Defect("conflict"),  # counted by the alerts, which hold the other half
        Defect("small_group", ("anonymize/suppressed/small_group",)),
        Defect("past_retention", ("anonymize/withheld/retention",)),
        Defect("future", ("validate/broken/ts.range",)),
        missing("no_time", "time", ["", "  "], "ts"),
        wrong("not_a_time", "time", ["yesterday", "2026-13-45 10:00:00"], "ts", "not_a_time", "ts.type", "ts.range"),
        wrong("dst_gap", "time", ["2026-03-29 02:30:00"], "ts", "dst_gap", "ts.type", "ts.range"),
        wrong("dst_ambiguous", "time", ["2025-10-26 02:30:00"], "ts", "dst_ambiguous", "ts.type", "ts.range"),
        missing("no_user", "login", ["", _BOM, "   "], "user"),
        wrong("bad_address", "ip", ["999.1.2.3", "10.0.0", "2001:::1"], "src_ip", "not_an_address", "src_ip.type"),
        wrong("bad_device", "device", ["02:00:5e:zz:00:01", "not known"], "device", "not_a_mac", "device.type"),
        value("bad_department", "dept", ["skunkworks"], "validate/broken/department.allowed"),
        value("bad_event", "code", ["418"], "validate/broken/event.allowed"),
        value("bad_label", "verdict", ["maybe"], "validate/broken/label.allowed"),
        wrong("bad_integer", "tries", ["3.7", "three"], "attempts", "not_an_integer", "attempts.type", _PREDICATE),
        wrong("bad_boolean", "mfa", ["perhaps"], "mfa", "not_a_boolean", "mfa.type"),
        wrong("risk_text", "risk", ["high"], "threat_score", "not_a_number", *_SCORE),
        wrong("risk_not_finite", "risk", ["NaN", "inf", "-inf"], "threat_score", "not_finite", *_SCORE),
        value("risk_range", "risk", ["7.3", "-1", "99"], "validate/broken/threat_score.range"),
        missing("no_risk", "risk", ["", _BOM, " "], "threat_score"),
        Defect("predicate", (f"validate/broken/{_PREDICATE}",), (("tries", "1", "fails", "5"),)),
        line("too_few_fields", [b"2026-10-09 10:00:00,short"], "collect/malformed/too_few_fields"),
        line(
            "too_many_fields",
            [b"2026-10-09 10:00:00,long" + _TAIL + b",a,b,c"],
            "collect/malformed/too_many_fields",
        ),
        line(
            "bad_encoding",
            [b"2026-10-09 10:00:00,M\xfcller" + _TAIL + b",curl"],
            "collect/malformed/bad_encoding",
        ),
        line("nul_byte", [b"2026-10-09 10:00:00,nul\x00" + _TAIL + b",curl"], "collect/malformed/nul_byte"),
    ]
)


def lines(seed: int, count: int, people: Sequence[Person], counts: Counts) -> Iterator[bytes]:
    """Yield the file's lines, a byte-order mark and the header first, and count what is planted."""
    start = draw.stream(seed, STREAM)
    counts.add(("collect/skipped/header",))
    before = b""
    yield (_BOM + ",".join(FIELDS)).encode()
    for i in range(count):
        block, place = divmod(i, BLOCK)
        defect = PLAN.places.get(place)
        if defect is not None:
            counts.add(defect.found)
            if defect.line:
                yield defect.line[block % len(defect.line)]
                continue
            if defect.name == "duplicate":
                yield before
                continue
        values = record(start, i, count, people)
        values.update(_planted(defect, block, people) if defect else {})
        before = ",".join(values.values()).encode()
        yield before


def record(start: int, i: int, count: int, people: Sequence[Person]) -> dict[str, str]:
    """Return record `i` as it is without a defect, fields in the file's order."""
    bits = draw.at(start, i)
    person = turn(people, i, 37)
    bad = bits % 10 < 3  # noqa: PLR2004  # three in ten are attacks
    tries = 1 + (bits >> 8) % 6
    return {
        "time": clock.iso(clock.moment(i, count, bits >> 16) + clock.LOCAL, " "),
        "login": person.name,
        "ip": person.ip,
        "device": person.device,
        "dept": person.department,
        "code": CODES[1 if bad else (bits >> 24) % 3],
        "tries": str(tries),
        "fails": str((bits >> 32) % (tries + 1)),
        "mfa": "false" if bad or bits & 64 else "true",
        "risk": score(bits, bad=bad),
        "verdict": "malicious" if bad else "benign",
        "agent": _AGENTS[(bits >> 40) % 3],
    }


def score(bits: int, *, bad: bool) -> str:
    """Return a score from 0 to 1 with three decimals: attacks from 0.35 up, the rest up to 0.6."""
    return f"0.{350 + (bits >> 44) % 640 if bad else 10 + (bits >> 44) % 590:03d}"


def partner(seed: int, count: int, people: Sequence[Person], counts: Counts) -> Iterator[bytes]:
    """Yield the lines of partner.tsv: clean records that the purpose of the training set does not cover."""
    start = draw.stream(seed, PARTNER_STREAM)
    counts.add(("collect/skipped/header",))
    counts.add(("anonymize/withheld/purpose",), count)
    yield "\t".join(PARTNER_FIELDS).encode()
    for i in range(count):
        bits, person = draw.at(start, i), turn(people, i, 71)
        time = clock.iso(clock.moment(i, count, bits)) + "Z"
        yield f"{time}\t{person.name}\t{person.ip}\t{CODES[bits % 3]}".encode()


def _planted(defect: Defect, block: int, people: Sequence[Person]) -> dict[str, str]:
    if defect.name in _DATED:
        return {"time": clock.iso(block % 86_400 * 1000, " ").replace(clock.FIRST_DAY, _DATED[defect.name])}
    if defect.name != "small_group":
        return defect.fields(block)
    person = people[block % SMALL_SIZE]
    return {"login": person.name, "ip": person.ip, "device": person.device, "dept": person.department}
