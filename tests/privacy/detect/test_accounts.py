from __future__ import annotations

import pytest

from privacy.detect.redacting import one, redact

CASES = [
    ("user=alice action=x", "user=<user> action=x"),
    ("suser=alice duser=bob", "suser=<user> duser=<user>"),
    (r"user=CORP\alice", r"user=CORP\<user>"),
    (r"{\"userName\":\"alice\",\"n\":1}", r"{\"userName\":\"<user>\",\"n\":1}"),
    ('{"user": "Alice Meier"}', '{"user": "<user>"}'),
    ("username: \x27alice\x27", "username: \x27<user>\x27"),
    ("Account Name:\t\talice\n\tAccount Domain:\t\tCORP", "Account Name:\t\t<user>\n\tAccount Domain:\t\tCORP"),
    ("Display Name:\t\tAlice Meier\n", "Display Name:\t\t<user>\n"),
    ("<Data Name=\x27TargetUserName\x27>alice</Data>", "<Data Name=\x27TargetUserName\x27><user></Data>"),
    ("<user>alice</user>", "<user><user></user>"),  # an element, not a placeholder
    ('acct="alice" uid=1000 auid=4294967295', 'acct="<user>" uid=1000 auid=4294967295'),
    ('{"user":{"key":"1","name":"alice"}}', '{"user":{"key":"1","name":"<user>"}}'),
    ("mysql -u alice -h db", "mysql -u <user> -h db"),
    ("user=jürgen.müller", "user=<user>"),
    ("logname= uid=0 ruser= rhost=h user = alice", "logname= uid=0 ruser= rhost=h user = <user>"),
    ("user=root", "user=root"),  # reviewed
    ("user=- user=null user: unknown, user_count=4, user=42", "user=- user=null user: unknown, user_count=4, user=42"),
    ("user=d41d8cd98f00b204e9800998ecf8427e", "user=d41d8cd98f00b204e9800998ecf8427e"),
    ("Account Name: SYSTEM Account Domain: NT AUTHORITY", "Account Name: SYSTEM Account Domain: NT AUTHORITY"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_stands_after_a_key_goes(text: str, expected: str) -> None:
    assert one(text, "accounts") == expected


def test_texts_do_not_influence_each_other() -> None:
    assert redact([text for text, _ in CASES], "accounts") == [expected for _, expected in CASES]
