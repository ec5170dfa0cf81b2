from __future__ import annotations

import pytest

from privacy.detect.redacting import one, redact

CASES = [
    ("from=<root@web01> to=<alice@web02>", "from=<<email>> to=<<email>>"),
    ("message-id=<2026.1@mx>", "message-id=<<email>>"),
    ("ssh alice@web01 uptime", "ssh <email> uptime"),
    ("lodash@latest @media git@host:repo a@b", "lodash@latest @media git@host:repo a@b"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_mailboxes_at_a_bare_host_go(text: str, expected: str) -> None:
    assert one(text, "mailboxes") == expected


def test_texts_do_not_influence_each_other() -> None:
    assert redact([text for text, _ in CASES], "mailboxes") == [expected for _, expected in CASES]
