from __future__ import annotations

import pytest

from privacy.detect.redacting import one, redact

CASES = [
    ("sshpass -p hunter2x ssh h", "sshpass -p <secret> ssh h"),
    ("curl -u alice:hunter2x https://x", "curl -u alice:<secret> https://x"),
    ("mysql -u a -phunter2x -h b", "mysql -u a -p<secret> -h b"),
    (r"net use Z: \\a\b /user:CORP\c hunter2x", r"net use Z: \\a\b /user:CORP\c <secret>"),
    ("DB_PASS=hunter2x run", "DB_PASS=<secret> run"),
    ("<password>hunter2x</password>", "<password><secret></password>"),
    ("AccountKey=" + "Ab1+" * 20 + "==;x=1", "AccountKey=<secret>;x=1"),
    ("hvs." + "Ab1" * 8 + " glpat-" + "Ab1" * 7, "<secret> <secret>"),
    ("hash $6$salt$" + "Ab1." * 10, "hash <secret>"),
    ("username x password 7 0822455D0A16", "username x password 7 <secret>"),
    ("Login incorrect: [alice/hunter2x] (from client x)", "Login incorrect: [alice/<secret>] (from client x)"),
    ("Cookie: JSESSIONID=0123456789ABCDEF; theme=dark", "Cookie: JSESSIONID=<secret>; theme=dark"),
    ("IDENTIFIED BY \x27hunter2x\x27", "IDENTIFIED BY \x27<secret>\x27"),
    ("https://hooks.slack.com/services/T0/B0/x1", "https://hooks.slack.com/services/<secret>"),
    ("proxy sent Basic em9lOmh1bnRlcjI= and", "proxy sent Basic <secret> and"),
    ("x=Basic%20em9lOmh1bnRlcjI", "x=Basic%20<secret>"),
    (
        "Basic Authentication failed; basic settings/network ok",
        "Basic Authentication failed; basic settings/network ok",
    ),
    (
        "docker run -p 8080:80 nginx; ps -p 1; mkdir -p /x; nmap -p 22 h",
        "docker run -p 8080:80 nginx; ps -p 1; mkdir -p /x; nmap -p 22 h",
    ),
    ("(using password: YES) passwd:chauthtok): ok", "(using password: YES) passwd:chauthtok): ok"),
    ("tokens per second: 42, secret rotation job", "tokens per second: 42, secret rotation job"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_secrets_go(text: str, expected: str) -> None:
    assert one(text, "secrets") == expected


def test_texts_do_not_influence_each_other() -> None:
    assert redact([text for text, _ in CASES], "secrets") == [expected for _, expected in CASES]
