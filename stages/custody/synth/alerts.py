"""alerts.jsonl: alerts of a monitoring system as nested JSON, with text that names people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from custody.synth import clock, draw, edge, texts
from custody.synth.defects import BLOCK, Counts, Defect, line, missing, plan, value, wrong
from custody.synth.people import SMALL_SIZE, Person, turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME = "alerts.jsonl"
STREAM = 3
CATEGORIES = ("brute-force", "malware", "phishing", "policy")
LEAKS = ("card", "email", "ip", "mac", "secret", "url")

_SCORE = ("threat_score.finite", "threat_score.range")

PLAN = plan(
    [
        Defect("duplicate", ("validate/broken/duplicates",)),
        Defect("conflict_edge", ("validate/broken/conflicts",)),  # the other half loses: alerts are preferred
        Defect("conflict_here", ("validate/broken/conflicts",) * 2),  # nothing decides between the two
        Defect("small_group", ("anonymize/suppressed/small_group",)),
        *(Defect(f"text_{kind}", (f"anonymize/in_text/{kind}",)) for kind in LEAKS),
        Defect("past_retention", ("anonymize/withheld/retention",)),
        wrong("not_a_time", "time", ['"soon"', '"2026-02-30T00:00:00Z"'], "ts", "not_a_time", "ts.type", "ts.range"),
        wrong("no_year", "time", ['"0001-01-01T00:00:00+02:00"'], "ts", "time_out_of_range", "ts.type", "ts.range"),
        missing("no_user", "name", ["null", '""'], "user"),
        wrong("bad_address", "ip", ['"not an address"', '"1.2.3.4/33"'], "src_ip", "not_an_address", "src_ip.type"),
        wrong("bad_email", "email", ['"nobody"', '"a@b@c"'], "email", "not_an_email", "email.type"),
        wrong("bad_device", "device", ['"02-00"'], "device", "not_a_mac", "device.type"),
        wrong("score_mixed", "score", ['{"value": 0.4}', "[0.4, 0.5]"], "threat_score", "mixed", *_SCORE),
        wrong("score_text", "score", ['"high"'], "threat_score", "not_a_number", *_SCORE),
        wrong("score_not_finite", "score", ['"NaN"', '"-Infinity"'], "threat_score", "not_finite", *_SCORE),
        value("score_range", "score", ["1.5", "-0.2"], "validate/broken/threat_score.range"),
        missing("no_score", "score", ["null"], "threat_score"),
        value("bad_label", "verdict", ['"unsure"'], "validate/broken/label.allowed"),
        line(
            "not_json", [b'{"timestamp": "2026-10-09T10:00:00Z", "actor": {"na', b"oops"], "collect/malformed/not_json"
        ),
        line("not_an_object", [b'["2026-10-09T10:00:00Z"]', b"42"], "collect/malformed/not_an_object"),
        line("duplicate_key", [b'{"verdict": "benign", "verdict": "malicious"}'], "collect/malformed/duplicate_key"),
        line("bad_encoding", [b'{"verdict": "\xff\xfe"}'], "collect/malformed/bad_encoding"),
        line("nul_byte", [b'{"verdict": "\x00"}'], "collect/malformed/nul_byte"),
        Defect("blank_line", ("collect/skipped/blank",), line=(b"", b"  ")),
    ]
)


def lines(seed: int, count: int, people: Sequence[Person], counts: Counts, edge_count: int) -> Iterator[bytes]:
    """Yield the file's lines and count what is planted; `edge_count` is how many records access.csv has, or 0."""
    start, edge_start = draw.stream(seed, STREAM), draw.stream(seed, edge.STREAM)
    twin = edge.PLAN.place("conflict")
    before: dict[str, str] = {}
    for i in range(count):
        block, place = divmod(i, BLOCK)
        defect = PLAN.places.get(place)
        if defect is not None and defect.name == "conflict_edge" and block * BLOCK + twin >= edge_count:
            defect = None  # the other half would stand beyond the end of access.csv
        if defect is not None:
            counts.add(defect.found)
            if defect.line:
                yield defect.line[block % len(defect.line)]
                continue
        values = _record(start, i, count, people)
        if defect is None:
            before = values
        elif defect.name == "conflict_edge":
            values.update(_twin(edge.record(edge_start, block * BLOCK + twin, edge_count, people)))
        else:
            values = _planted(defect, values, before, block, people)
        yield _json(values, turned=defect is not None and defect.name == "duplicate")


def _record(start: int, i: int, count: int, people: Sequence[Person]) -> dict[str, str]:
    """Return record `i` as it is without a defect; each value is JSON already."""
    bits = draw.at(start, i)
    person = turn(people, i, 53)
    bad = bits % 2 == 0
    moment = clock.moment(i, count, bits >> 16)
    local = bits & 12 == 0  # one in four is written in local time
    tries = 1 + (bits >> 8) % 9
    return {
        "time": f'"{clock.iso(moment + clock.LOCAL)}+02:00"' if local else f'"{clock.iso(moment)}Z"',
        "name": f'"{person.name}"',
        "email": f'"{person.email}"',
        "dept": f'"{person.department}"',
        "ip": f'"{person.ip}"',
        "device": f'"{person.device}"',
        "category": f'"{CATEGORIES[(bits >> 24) % 4]}"',
        "text": f'"{texts.alert((bits >> 28) % 997, person, (bits >> 40) % 90000 + 10000)}"',
        "score": edge.score(bits, bad=bad),
        "tries": str(tries),
        "fails": str((bits >> 32) % (tries + 1)),
        "mfa": "false" if bits & 64 else "true",
        "verdict": '"malicious"' if bad else '"benign"',
    }


def _twin(other: dict[str, str]) -> dict[str, str]:
    """Return what an alert shares with a sign-in at the gateway so that both have one key, and disagree."""
    day, time = other["time"].split(" ")
    return {
        "time": f'"{day}T{time}+02:00"',
        "name": f'"{other["login"]}"',
        "email": "null",
        "text": f'"{texts.ALERTS[-1]}"',
        "ip": f'"{other["ip"]}"',
        "category": f'"{other["code"]}"',
        "dept": f'"{other["dept"]}"',
        "device": f'"{other["device"]}"',
        "verdict": '"benign"' if other["verdict"] == "malicious" else '"malicious"',
    }


def _planted(
    defect: Defect, values: dict[str, str], before: dict[str, str], block: int, people: Sequence[Person]
) -> dict[str, str]:
    """Return the record with its defect; `before` is the clean record that stands before it."""
    if defect.name == "duplicate":
        return before
    if defect.name == "conflict_here":
        opposite = '"benign"' if before["verdict"] == '"malicious"' else '"malicious"'
        return {**before, "verdict": opposite}
    if defect.name == "past_retention":
        time = clock.iso(block % 86_400 * 1000).replace(clock.FIRST_DAY, "2025-09-29")
        return values | {"time": f'"{time}Z"'}
    if defect.name == "small_group":
        person = people[block % SMALL_SIZE]
        own = {"name": person.name, "email": person.email, "ip": person.ip, "device": person.device}
        own |= {"dept": person.department, "text": texts.ALERTS[-1]}
        return values | {name: json.dumps(text) for name, text in own.items()}
    if defect.name.startswith("text_"):
        return values | {"text": json.dumps(texts.leaks(block)[defect.name.removeprefix("text_")])}
    return values | defect.fields(block)


def _json(values: dict[str, str], *, turned: bool) -> bytes:
    """Return one line; `turned` writes the same object with its keys in another order."""
    parts = [
        f'"timestamp": {values["time"]}',
        f'"actor": {{"name": {values["name"]}, "email": {values["email"]}, "dept": {values["dept"]}}}',
        f'"id": {{"orig_h": {values["ip"]}}}',
        f'"device": {{"mac": {values["device"]}}}',
        f'"alert": {{"category": {values["category"]}, "score": {values["score"]}, "text": {values["text"]}}}',
        f'"counts": {{"tries": {values["tries"]}, "fails": {values["fails"]}}}',
        f'"mfa": {values["mfa"]}',
        f'"verdict": {values["verdict"]}',
    ]
    return ("{" + ", ".join(reversed(parts) if turned else parts) + "}").encode()
