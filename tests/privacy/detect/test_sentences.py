from __future__ import annotations

import pytest

from privacy.detect.redacting import one, redact

CASES = [
    (
        "Failed password for invalid user alice from 10.0.0.1 port 22",
        "Failed password for invalid user <user> from <ip> port 22",
    ),
    ("Accepted publickey for alice from 2001:db8::1 port 22", "Accepted publickey for <user> from <ip> port 22"),
    ("session opened for user alice(uid=1) by bob(uid=0)", "session opened for user <user>(uid=1) by <user>(uid=0)"),
    ("New session 12 of user alice.", "New session 12 of user <user>."),
    ("sudo:   alice : TTY=pts/0 ;", "sudo:   <user> : TTY=pts/0 ;"),
    ("su: (to alice) bob on pts/0", "su: (to <user>) <user> on pts/0"),
    ("CRON[7]: (alice) CMD (x)", "CRON[7]: (<user>) CMD (x)"),
    ("new user: name=alice, UID=1", "new user: name=<user>, UID=1"),
    ("add \x27alice\x27 to group \x27x\x27", "add \x27<user>\x27 to group \x27x\x27"),
    ('10.0.0.1 - alice [05/Oct/2026:10:15:30 +0000] "GET /"', '<ip> - <user> [05/Oct/2026:10:15:30 +0000] "GET /"'),
    ("GET http://x/ alice DIRECT/10.0.0.1", "GET http://x/ <user> DIRECT/<ip>"),
    ("Group <Staff> User <alice> IP <10.0.0.1>", "Group <Staff> User <<user>> IP <<ip>>"),
    ("logged in as alice", "logged in as <user>"),
    ("alice logged in", "<user> logged in"),
    ("Login incorrect: [alice] (from client x)", "Login incorrect: [<user>] (from client x)"),
    ("alice@10.0.0.1", "<user>@<ip>"),
    ("alice/10.0.0.1:1194 MULTI", "<user>/<ip>:1194 MULTI"),
    ("the user interface was restarted", "the user interface was restarted"),
    ("Account lockout threshold reached", "Account lockout threshold reached"),
    ("for example from backups", "for example from backups"),
    ("user is not allowed", "user is not allowed"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_a_message_says_of_a_user_goes(text: str, expected: str) -> None:
    assert one(text, "sentences") == expected


def test_texts_do_not_influence_each_other() -> None:
    assert redact([text for text, _ in CASES], "sentences") == [expected for _, expected in CASES]
