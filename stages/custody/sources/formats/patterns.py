"""Shipped line patterns, in RE2 syntax with named groups.

`syslog`: RFC 3164 lines as syslogd and journald write them, with or without `<PRI>`, with a time without a year or an
RFC 3339 time. Fields: priority, time, host, process, pid, message.

`sshd`: an authentication log: the fields of `syslog`, and what messages of OpenSSH, PAM, sudo, su, cron, logind and the
shadow tools say: event (one of `EVENTS`, `other` where no pattern knows the message), user, rhost (the peer), port
(the peer's), method.

`combined`: Apache's common and combined log formats. Fields: rhost, ident, user, time, request, method, path, protocol,
status, bytes, referrer, agent. A `-` is null. A request that is not HTTP is kept in `request` alone.
"""

from __future__ import annotations

SYSLOG = (
    r"^(?:<(?P<priority>[0-9]{1,3})>)?"
    r"(?P<time>[A-Z][a-z]{2} [ 0-9][0-9]? [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?) +"
    r"(?P<host>[^\s:\[\]]+|[0-9A-Fa-f:.]+) +"
    r"(?:(?P<process>[^\s:\[\]]+)(?:\[(?P<pid>[0-9]+)\])?: ?)?(?P<message>.*)$"
)

USUAL_SYSLOG = (
    r"^(?P<priority>)(?P<time>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}) (?P<host>[^\s:\[\]]+) "
    r"(?P<process>[^\s:\[\]]+)(?:\[(?P<pid>[0-9]+)\])?: (?P<message>.*)$"
)
"""What most lines look like: gives what `SYSLOG` gives, and RE2 finds it without trying several ways."""

QUOTED = r'(?:[^"\\]|\\.)*'
COMBINED = (
    r"^(?P<rhost>\S+) (?P<ident>\S+) (?P<user>\S+(?: [^\[\s]+)*) \[(?P<time>[^\]]+)\] "
    rf'"(?P<request>(?:(?P<method>[A-Z]+) (?P<path>[^\s"\\]*(?:\\.[^\s"\\]*)*)'
    rf'(?: (?P<protocol>[A-Z]+/[0-9.]+))?)|{QUOTED})" '
    r"(?P<status>[0-9]{3}|-) (?P<bytes>[0-9]+|-)"
    rf'(?: "(?P<referrer>{QUOTED})" "(?P<agent>{QUOTED})")?\s*$'
)

PATTERNS = {"sshd": SYSLOG, "syslog": SYSLOG, "combined": COMBINED}
USUAL = {"sshd": (USUAL_SYSLOG,), "syslog": (USUAL_SYSLOG,)}
"""Tried before a shipped pattern: narrower, quicker, and the same where they match."""

DASH_IS_NULL = frozenset({"combined"})
"""Patterns whose `-` stands for no value."""

REPEAT = r"^message repeated (?P<times>[0-9]{1,9}) times: \[ ?(?P<inner>.*?)\]?$"
REPEAT_LAST = r"^last message (?:repeated|buffered) (?P<times>[0-9]{1,9}) times?\b"

# Greedy: a user name may hold " from 192.0.2.1 port 22", written by who tries it; the true address stands last.
U = r"(?P<user>.*)"
IP = r"(?P<rhost>\S+)"
PORT = r"(?: port (?P<port>[0-9]{1,5}))?"
PEER = rf"(?:(?:invalid |authenticating )?user {U} )?{IP} port (?P<port>[0-9]{{1,5}})"

MESSAGES: tuple[tuple[str, str], ...] = (
    ("accepted", rf"^Accepted (?P<method>\S+) for {U} from {IP}{PORT}(?: |$)"),
    ("failed", rf"^Failed (?P<method>\S+) for (?:invalid user |illegal user )?{U} from {IP}{PORT}(?: ssh|:|$)"),
    ("invalid_user", rf"^(?:Invalid|Illegal) user {U} from {IP}{PORT}\s*$"),
    ("invalid_user", rf"^input_userauth_request: invalid user {U}(?: \[preauth\])?$"),
    (
        "max_attempts",
        rf"^(?:error: )?maximum authentication attempts exceeded for (?:invalid user )?{U} from {IP}{PORT} ",
    ),
    (
        "max_attempts",
        rf"^Disconnecting(?: {PEER})?: Too many authentication failures",
    ),
    ("max_attempts", r"^PAM service\(\S+\) ignoring max retries"),
    ("auth_failure", r"^pam_\w+\(\S+:auth\): authentication failure;.* rhost=(?P<rhost>\S*)(?:\s+user=(?P<user>.*))?$"),
    ("auth_failure", r"^PAM [0-9]+ more authentication failures?;.* rhost=(?P<rhost>\S*)(?:\s+user=(?P<user>.*))?$"),
    ("unknown_user", r"^pam_\w+\(\S+:\w+\): check pass; user unknown"),
    ("unknown_user", rf"^pam_\w+\(\S+:\w+\): user {U} does not exist"),
    (
        "session_opened",
        r"^pam_\w+\(\S+:session\): session opened for user (?P<user>.*?)(?:\(uid=[0-9]+\))?(?: by .*)?$",
    ),
    ("session_closed", rf"^pam_\w+\(\S+:session\): session closed for user {U}\s*$"),
    ("session_opened", rf"^New session \S+ of user {U}\.?$"),
    ("session_opened", rf"^Starting session: .* for {U} from {IP}{PORT}(?: |$)"),
    ("session_closed", r"^Removed session "),
    ("session_closed", rf"^Close session: user {U} from {IP}{PORT}(?: |$)"),
    ("disconnected", rf"^Received disconnect from {IP}{PORT}:"),
    ("disconnected", rf"^Received disconnect from {IP}: "),
    ("disconnected", rf"^Disconnected from {PEER}(?: |$)"),
    ("disconnected", r"^(?:Disconnecting|Timeout, client not responding)"),
    ("disconnected", rf"^Disconnected from {IP}(?: \[preauth\])?$"),
    ("connection_closed", rf"^Connection (?:closed|reset) by {PEER}(?: |$)"),
    ("connection_closed", rf"^Connection (?:closed|reset) by {IP}(?: \[preauth\])?$"),
    ("connection_closed", rf"^(?:fatal: )?Timeout before authentication for (?:connection from )?{IP}{PORT}"),
    ("connection_opened", rf"^Connection from {IP}{PORT}(?: |$)"),
    ("bad_protocol", r"^(?:error: )?(?:kex_exchange_identification|ssh_dispatch_run_fatal):"),
    ("bad_protocol", rf"^banner exchange: Connection from {IP}{PORT}:"),
    ("bad_protocol", rf"^Did not receive identification string from {IP}{PORT}"),
    ("bad_protocol", rf"^Bad protocol version identification '.*' from {IP}{PORT}"),
    ("bad_protocol", rf"^(?:fatal: )?Unable to negotiate with {IP}{PORT}:"),
    ("not_allowed", rf"^User {U} from {IP} not allowed because"),
    ("not_allowed", rf"^User {U} not allowed because"),
    ("reverse_mapping", r"^reverse mapping checking getaddrinfo for \S+ \[(?P<rhost>[^\]\s]+)\]"),
    ("reverse_mapping", rf"^Address {IP} maps to "),
    ("command", r"^\s*(?P<user>\S+) : (?:.*; )?TTY=.*COMMAND="),
    ("command", r"^\((?P<user>[^()\s]+)\) CMD "),
    ("su", r"^Successful su for \S+ by (?P<user>\S+)"),
    ("su_failed", r"^FAILED su for \S+ by (?P<user>\S+)"),
    ("user_added", r"^new user: name=(?P<user>[^,]+),"),
    ("user_removed", r"^delete user '(?P<user>[^']+)'"),
    ("group_added", r"^new group: name="),
    ("password_changed", rf"^pam_\w+\(\S+:chauthtok\): password changed for {U}\s*$"),
    ("server_started", r"^Server listening on "),
    ("server_stopped", r"^Received signal [0-9]+; terminating"),
)
"""Event and pattern of a message; the first that matches counts."""

_ADDRESS = r"(?P<rhost>[0-9A-Fa-f:.]+) port (?P<port>[0-9]{1,5})"
USUAL_MESSAGES: tuple[tuple[str, str], ...] = (
    ("accepted", rf"^Accepted (?P<method>\S+) for (?P<user>\S+) from {_ADDRESS} ssh2$"),
    ("failed", rf"^Failed (?P<method>\S+) for (?P<user>\S+) from {_ADDRESS} ssh2$"),
    ("failed", rf"^Failed (?P<method>\S+) for invalid user (?P<user>\S+) from {_ADDRESS} ssh2$"),
)
"""The same for messages. No word of theirs but one can be `from`, so no other way to read them is left."""

EVENTS = (*sorted({event for event, _ in MESSAGES}), "other")
MESSAGE_FIELDS = ("user", "rhost", "port", "method")
