from __future__ import annotations

import pytest

from privacy.detect.redacting import one, redact

CASES = [
    ("CN=Alice Meier,OU=Sales,DC=corp,DC=org", "CN=<user>,OU=Sales,DC=corp,DC=org"),
    ('dn="uid=alice,ou=people,o=x"', 'dn="uid=<user>,ou=people,o=x"'),
    (r"by CORP\alice now", r"by CORP\<user> now"),
    ("S-1-5-21-3623811015-3361044348-30300820-1013 S-1-5-18", "<user> S-1-5-18"),
    ("alice@CORP for host", "<user>@CORP for host"),
    ("arn:aws:iam::123456789012:user/dev/alice", "arn:aws:iam::123456789012:user/dev/<user>"),
    ("arn:aws:sts::123456789012:assumed-role/Admin/alice", "arn:aws:sts::123456789012:assumed-role/Admin/<user>"),
    ("open /home/alice/x /Users/bob/y", "open /home/<user>/x /Users/<user>/y"),
    (r"open C:\Users\alice\x", r"open C:\Users\<user>\x"),
    ("%2Fhome%2Falice%2Fx", "%2Fhome%2F<user>%2Fx"),
    ("CN=DigiCert Global Root CA,OU=x,O=DigiCert", "CN=DigiCert Global Root CA,OU=x,O=DigiCert"),
    ("CN=Users,DC=corp", "CN=Users,DC=corp"),
    (r"NT AUTHORITY\SYSTEM C:\Windows\System32\cmd.exe", r"NT AUTHORITY\SYSTEM C:\Windows\System32\cmd.exe"),
    ("arn:aws:s3:::bucket/alice /var/app/home/x", "arn:aws:s3:::bucket/alice /var/app/home/x"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_names_of_directories_go(text: str, expected: str) -> None:
    assert one(text, "directory") == expected


def test_texts_do_not_influence_each_other() -> None:
    assert redact([text for text, _ in CASES], "directory") == [expected for _, expected in CASES]
