from __future__ import annotations

import pytest

from custody.errors import CustodyError
from sources.reads import Whole, whole

APACHE = ("rhost", "user", "method", "path", "protocol", "request", "status", "bytes", "referrer", "agent", "time")


def read(data: bytes, *wanted: str, **format_: object) -> Whole:
    return whole(data, wanted, type="text", **format_)


def row(line: str, *wanted: str, pattern: str) -> list[str | None]:
    found = read(line.encode(), *wanted, pattern=pattern)
    assert found.rows == 1
    return [found.columns[name][0] for name in wanted]


SYSLOG = [
    ("Mar 27 13:06:56 web sshd[12]: hello", ["Mar 27 13:06:56", "web", "sshd", "12", "hello"]),
    ("Mar  7 13:06:56 web CRON: hello", ["Mar  7 13:06:56", "web", "CRON", None, "hello"]),
    ("<38>Mar 27 13:06:56 10.0.0.1 su[1]: x: y", ["Mar 27 13:06:56", "10.0.0.1", "su", "1", "x: y"]),
    ("2026-03-27T13:06:56.123456+02:00 web a-b[3]: hi", ["2026-03-27T13:06:56.123456+02:00", "web", "a-b", "3", "hi"]),
    (
        "2026-03-27T13:06:56Z fe80::1 sshd(pam_unix)[3]: hi",
        ["2026-03-27T13:06:56Z", "fe80::1", "sshd(pam_unix)", "3", "hi"],
    ),
    ("Mar 27 13:06:56 web last message", ["Mar 27 13:06:56", "web", None, None, "last message"]),
]


@pytest.mark.parametrize(("line", "values"), SYSLOG)
def test_syslog_lines_of_every_form_are_read(line: str, values: list[str | None]) -> None:
    assert row(line, "time", "host", "process", "pid", "message", pattern="syslog") == values


EVENTS = [
    # message, event, user, rhost, port, method
    (
        "Accepted publickey for al from 192.0.2.1 port 22 ssh2: RSA SHA256:x",
        "accepted",
        "al",
        "192.0.2.1",
        "22",
        "publickey",
    ),
    ("Failed password for al from 2001:db8::1 port 22 ssh2", "failed", "al", "2001:db8::1", "22", "password"),
    ("Failed none for invalid user  from 192.0.2.1 port 5 ssh2", "failed", None, "192.0.2.1", "5", "none"),
    ("Failed password for invalid user a b from 192.0.2.1 port 5 ssh2", "failed", "a b", "192.0.2.1", "5", "password"),
    ("Invalid user al from 192.0.2.1", "invalid_user", "al", "192.0.2.1", None, None),
    ("Invalid user al from 192.0.2.1 port 5", "invalid_user", "al", "192.0.2.1", "5", None),
    (
        "Connection closed by authenticating user al 192.0.2.1 port 5 [preauth]",
        "connection_closed",
        "al",
        "192.0.2.1",
        "5",
        None,
    ),
    ("Disconnected from 192.0.2.1 port 5 [preauth]", "disconnected", None, "192.0.2.1", "5", None),
    ("Disconnected from user al 192.0.2.1 port 5", "disconnected", "al", "192.0.2.1", "5", None),
    ("Received disconnect from 192.0.2.1 port 5:11: Bye", "disconnected", None, "192.0.2.1", "5", None),
    ("pam_unix(sshd:session): session opened for user al(uid=1) by (uid=0)", "session_opened", "al", None, None, None),
    ("pam_unix(cron:session): session closed for user root", "session_closed", "root", None, None, None),
    (
        "pam_unix(sshd:auth): authentication failure; logname= uid=0 rhost=h.example  user=al",
        "auth_failure",
        "al",
        "h.example",
        None,
        None,
    ),
    ("  al : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls", "command", "al", None, None, None),
    (
        "  al : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls",
        "command",
        "al",
        None,
        None,
        None,
    ),
    ("(root) CMD (run-parts /etc/cron.hourly)", "command", "root", None, None, None),
    (
        "User al from 192.0.2.1 not allowed because not listed in AllowUsers",
        "not_allowed",
        "al",
        "192.0.2.1",
        None,
        None,
    ),
    ("Did not receive identification string from 192.0.2.1 port 5", "bad_protocol", None, "192.0.2.1", "5", None),
    ("something else", "other", None, None, None, None),
]


@pytest.mark.parametrize(("message", "event", "values"), [(m, e, list(rest)) for m, e, *rest in EVENTS])
def test_a_message_tells_its_event(message: str, event: str, values: list[str | None]) -> None:
    line = f"Mar 27 13:06:56 web sshd[1]: {message}"
    assert row(line, "event", "user", "rhost", "port", "method", pattern="sshd") == [event, *values]


def test_messages_read_together_equal_messages_read_alone() -> None:
    data = "".join(f"Mar 27 13:06:56 web sshd[1]: {message}\n" for message, *_ in EVENTS).encode()
    found = read(data, "event", "user", "rhost", "port", "method", pattern="sshd")
    names = ("event", "user", "rhost", "port", "method")
    assert list(zip(*(found.columns[name] for name in names), strict=True)) == [tuple(rest) for _, *rest in EVENTS]


def test_an_address_written_into_a_user_name_is_not_the_peer() -> None:
    user = "x from 192.0.2.9 port 1 ssh2"
    line = f"Mar 27 13:06:56 web sshd[1]: Failed password for invalid user {user} from 192.0.2.1 port 5 ssh2"
    assert row(line, "user", "rhost", pattern="sshd") == [user, "192.0.2.1"]


def test_a_repeated_message_stays_one_record_with_its_count() -> None:
    start = b"Mar 27 13:06:56 web sshd[1]: "
    data = start + b"message repeated 3 times: [ Failed password for al from 192.0.2.1 port 5 ssh2]\n"
    data += start + b"hi\n" + b"Mar 27 13:06:56 web last message repeated 7 times\n"
    found = read(data, "message", "event", "user", pattern="sshd")
    assert found.repeat == [3, 1, 7]
    assert found.columns["message"][0] == "Failed password for al from 192.0.2.1 port 5 ssh2"
    assert found.columns["event"] == ["failed", "other", "other"]
    assert found.columns["user"] == ["al", None, None]


COMBINED = [
    (
        r'192.0.2.1 - al [17/May/2015:10:05:03 +0000] "GET /a?b HTTP/1.1" 200 5 "http://x/" "M \"q\" z"',
        ["192.0.2.1", "al", "GET", "/a?b", "HTTP/1.1", "GET /a?b HTTP/1.1", "200", "5", "http://x/", r"M \"q\" z"],
    ),
    (
        r'h.example - - [17/May/2015:10:05:03 +0000] "-" 408 - "-" "-"',
        ["h.example", None, None, None, None, None, "408", None, None, None],
    ),
    (
        r'::1 - a b [17/May/2015:10:05:03 +0000] "\x16\x03 \" oops" 400 226',
        ["::1", "a b", None, None, None, r"\x16\x03 \" oops", "400", "226", None, None],
    ),
]


@pytest.mark.parametrize(("line", "values"), COMBINED)
def test_access_log_lines_of_every_form_are_read(line: str, values: list[str | None]) -> None:
    assert row(line, *APACHE, pattern="combined") == [*values, "17/May/2015:10:05:03 +0000"]


def test_the_policy_says_what_becomes_of_other_lines() -> None:
    data = b"k=1\nnoise\n\n# comment\nk=2\n\xff\n"
    found = read(data, "v", pattern="^k=(?P<v>[0-9]+)$", skip="^#")
    assert (found.columns["v"], found.lines) == (["1", "2"], [1, 5])
    assert found.malformed == [(2, "unmatched"), (6, "bad_encoding")]
    assert found.skipped == {"blank": 1, "policy_skip": 1}
    found = read(data, "v", pattern="^k=(?P<v>[0-9]+)$", unmatched="skip")
    assert found.malformed == [(6, "bad_encoding")]
    assert found.skipped == {"blank": 1, "unmatched": 2}


def test_fields_that_the_pattern_has_not_are_missing() -> None:
    found = read(b"k=1\n", "w", pattern="^k=(?P<v>[0-9]+)$")
    assert (found.missing, found.dropped, found.rows) == ({"w"}, {"v"}, 1)


@pytest.mark.parametrize("pattern", ["nginx", "^(a)$", r"(?P<a>x)(?=y)", "(?P<a>", "(?P<a>x)(?P<a>y)"])
def test_a_pattern_that_cannot_serve_stops(pattern: str) -> None:
    with pytest.raises(CustodyError, match=r"format\.pattern"):
        read(b"x\n", "a", pattern=pattern)


def test_a_pattern_that_invites_backtracking_takes_linear_time() -> None:
    found = read(b"a" * 100_000 + b"!\n", "x", pattern="^(?P<x>(?:a+)+)$")
    assert found.malformed == [(1, "unmatched")]
