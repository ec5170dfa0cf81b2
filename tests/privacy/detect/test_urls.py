from __future__ import annotations

import pytest

from privacy.detect.redacting import one, redact

CASES = [
    ("GET /x?user=alice&lang=de HTTP/1.1", "GET /x?user=<user>&lang=de HTTP/1.1"),
    ("/x?a=1&user_id=12345&b=2", "/x?a=1&user_id=<user>&b=2"),
    ("/x?email=alice%40corp&x=1", "/x?email=<email>&x=1"),
    ("/x?session=abcdef&sig=a%2Bb", "/x?session=<secret>&sig=<secret>"),
    ("/x?access_token=abc&lang=de", "/x?access_token=<secret>&lang=de"),
    ("/x?phone=%2B49301234&dob=1999-01-01#top", "/x?phone=<personal>&dob=<personal>#top"),
    ("/x?user[name]=alice", "/x?user[name]=<user>"),
    ("/x?id=42&page=7&sort=asc&v=1.2", "/x?id=42&page=7&sort=asc&v=1.2"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_personal_parameters_go_and_their_names_stay(text: str, expected: str) -> None:
    assert one(text, "urls") == expected


def test_texts_do_not_influence_each_other() -> None:
    assert redact([text for text, _ in CASES], "urls") == [expected for _, expected in CASES]
