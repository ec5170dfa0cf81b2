from __future__ import annotations

import pyarrow as pa
import pytest

from custody.privacy.text import cards, sentinels, shapes

CARDS = [
    ("4111111111111111", "<card>"),
    ("4111 1111 1111 1111, 5500-0000-0000-0004", "<card>, <card>"),
    ("3782 822463 10005 378282246310005", "<card> <card>"),
    ("4222222222222 6304000000000000", "<card> <card>"),
    ("4111111111111112", "4111111111111112"),  # fails Luhn's check
    ("4111 1111 1111 1111 8080", "<card> 8080"),
    ("card_4111111111111111", "card_<card>"),
    ("0.4111111111111111", "0.4111111111111111"),  # a decimal fraction
    ("deadbeef4111111111111111 4111111111111111f", "deadbeef4111111111111111 4111111111111111f"),  # hexadecimal
    ("PAN4111111111111111 %B4111111111111111^", "PAN<card> %B<card>^"),
    (r"\n4111111111111111 x%3D4111111111111111 %204111111111111111", r"\n<card> x%3D<card> %20<card>"),
    ("4111\u00a01111\u00a01111\u00a01111, 4111  1111  1111  1111", "<card>, <card>"),
    ("4111+1111+1111+1111 4111%201111%201111%201111", "<card> <card>"),
    ("3056-930902-5904", "<card>"),  # Diners Club
    ("1700000000000000 1000000000009", "1700000000000000 1000000000009"),  # times pass the check too
    ("41111111111111111111", "41111111111111111111"),  # too long
    ("flow_id=4111111111111111 flowId: 4111111111111111", "flow_id=4111111111111111 flowId: 4111111111111111"),
    ('{"flow_id":4111111111111111,"id": "4111111111111111"}', '{"flow_id":4111111111111111,"id": "4111111111111111"}'),
    (r"{\"requestID\":4111111111111111}", r"{\"requestID\":4111111111111111}"),
    ("msgids: [4111111111111111, 4222222222222]", "msgids: [4111111111111111, <card>]"),  # beside the key alone
    ("/posts/4111111111111111 ?x=1&eid=4111111111111111", "/posts/4111111111111111 ?x=1&eid=4111111111111111"),
    ("flow_id=4111 1111 1111 1111", "flow_id=<card>"),  # no id has gaps
    ("card_id=4111111111111111 payment-id: 4111111111111111", "card_id=<card> payment-id: <card>"),
    ("account_id=4111111111111111 ccid=4111111111111111", "account_id=<card> ccid=<card>"),
    ("paid=4111111111111111 number=4111111111111111", "paid=<card> number=<card>"),
    ("valid: 4111111111111111 grid 4111111111111111", "valid: <card> grid <card>"),
]


def redacted(text: str) -> str:
    written: str = shapes.redact(pa.array([text], pa.large_string()))[0].as_py()
    return written.replace(sentinels.of("card"), "<card>")


@pytest.mark.parametrize(("text", "expected"), CARDS)
def test_cards_become_placeholders_and_nothing_else_changes(text: str, expected: str) -> None:
    assert redacted(text) == expected


def test_texts_do_not_influence_each_other() -> None:
    texts = pa.array([text for text, _ in CARDS], pa.large_string())
    written = [text.replace(sentinels.of("card"), "<card>") for text in cards.redact(texts).to_pylist()]
    assert written == [expected for _, expected in CARDS]
