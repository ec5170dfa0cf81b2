from __future__ import annotations

import pytest

from privacy.detect.redacting import one, redact

CASES = [
    ("to DE89370400440532013000.", "to <iban>."),
    ("GB29 NWBK 6016 1331 9268 19 now", "<iban> now"),
    ("BE68 5390 0754 7034 REF1 4711", "<iban> REF1 4711"),  # the country tells where it ends
    ("fr1420041010050500013m02606", "<iban>"),
    ("NO9386011117947 iban=CH9300762011623852957", "<iban> iban=<iban>"),
    ("DE89370400440532013001 XX89370400440532013000", "DE89370400440532013001 XX89370400440532013000"),
    ("DE8937040044053201300 ADE89370400440532013000", "DE8937040044053201300 ADE89370400440532013000"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_ibans_go_where_the_checksum_holds(text: str, expected: str) -> None:
    assert one(text, "ibans") == expected


def test_texts_do_not_influence_each_other() -> None:
    assert redact([text for text, _ in CASES], "ibans") == [expected for _, expected in CASES]
