"""auth.log: OpenSSH's syslog lines among those of other services."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from custody.synth import clock, draw
from custody.synth.defects import BLOCK, Counts, Defect, line, missing, plan, wrong
from custody.synth.people import Person, turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME = "auth.log"
STREAM = 1
GUESSED = ("root", "admin", "oracle", "guest", "ubuntu", "test", "pi", "123")
"""Account names that attackers try; the last two are too short or too plain to be searched for in text."""

_NOISE = (
    "CRON[{p}]: pam_unix(cron:session): session opened for user root by (uid=0)",
    "systemd-logind[812]: New session {p} of user root.",
    "kernel: [ {p}.000000] device eth0 entered promiscuous mode",
    "systemd[1]: Started Daily apt download activities.",
)

PLAN = plan(
    [
        *(Defect(f"other_service_{i}", ("collect/skipped/policy_skip",)) for i in range(8)),
        line("no_log_line", [b"--- log rotated ---", b"\tat some continuation line"], "collect/skipped/unmatched"),
        *(Defect(f"repeated_{i}", ("collect/repeated/records",)) for i in range(3)),
        Defect("blank_line", ("collect/skipped/blank",), line=(b"", b"   ")),
        Defect("duplicate", ("validate/broken/duplicates",)),
        line(
            "bad_encoding",
            [b"Oct  9 10:00:00 gate sshd[999]: Failed password for \xff\xfe\xfa from 192.0.2.9 port 22 ssh2"],
            "collect/malformed/bad_encoding",
        ),
        line(
            "nul_byte",
            [b"Oct  9 10:00:01 gate sshd[999]: Failed password for \x00 from 192.0.2.9 port 22 ssh2"],
            "collect/malformed/nul_byte",
        ),
        missing("no_user", "user", [""], "user"),
        wrong("no_address", "ip", ["UNKNOWN", "999.1.2.3"], "src_ip", "not_an_address", "src_ip.type"),
        wrong("no_such_day", "time", ["Feb 30 10:00:00", "Oct 12 25:61:00"], "ts", "not_a_time", "ts.type", "ts.range"),
    ]
)


@dataclass(frozen=True)
class _Place:
    """One place in the file: all that a line there depends on."""

    i: int
    count: int
    bits: int
    people: Sequence[Person] = field(repr=False)

    @property
    def time(self) -> str:
        return clock.syslog(clock.moment(self.i, self.count, self.bits))


def lines(seed: int, count: int, people: Sequence[Person], counts: Counts) -> Iterator[bytes]:
    """Yield the file's lines and count what is planted."""
    start = draw.stream(seed, STREAM)
    before = b""
    for i in range(count):
        block, place = divmod(i, BLOCK)
        defect, here = PLAN.places.get(place), _Place(i, count, draw.at(start, i), people)
        if defect is None:
            before = _login(here, {})
            yield before
            continue
        counts.add(defect.found)
        if defect.line:
            yield defect.line[block % len(defect.line)]
        elif defect.name == "duplicate":
            yield before
        else:
            yield _planted(defect, here, block, counts)


def _planted(defect: Defect, here: _Place, block: int, counts: Counts) -> bytes:
    if defect.name.startswith("other_service"):
        noise = _NOISE[here.bits % len(_NOISE)].format(p=here.bits % 9000 + 1000)
        return f"{here.time} gate {noise}".encode()
    if defect.name.startswith("repeated"):
        times = here.bits % 8 + 2
        counts.add(("collect/repeated/events",), times)
        return _login(here, {"repeated": str(times)})
    return _login(here, defect.fields(block))


def _login(here: _Place, other: dict[str, str]) -> bytes:
    """One login or failure; `other` holds values that stand in place of the record's own."""
    bits, person = here.bits, turn(here.people, here.i, 11)
    attack = bits % 5 < 2 or "user" in other  # noqa: PLR2004  # two in five lines are somebody else's attempts
    user = other.get("user", GUESSED[bits // 8 % len(GUESSED)] if attack else person.name)
    ip = other.get("ip") or (f"203.0.113.{here.i % 250 + 1}" if attack else person.ip)
    port, process = 1024 + (bits >> 20) % 60000, 1000 + (bits >> 40) % 30000
    good = not attack and bits % 11 < 9 and "repeated" not in other  # noqa: PLR2004
    word = "Accepted" if good else "Failed"
    text = f"{word} password for {'invalid user ' if attack else ''}{user} from {ip} port {port} ssh2"
    if "repeated" in other:
        text = f"message repeated {other['repeated']} times: [ {text}]"
    return f"{other.get('time') or here.time} gate sshd[{process}]: {text}".encode()
