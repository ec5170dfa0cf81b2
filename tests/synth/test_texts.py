import re

import pytest

from custody.synth import texts
from custody.synth.people import population


def luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits)) % 10 == 0


@pytest.mark.parametrize("number", [0, 1, 999, 123_456_789])
def test_card_numbers_pass_the_luhn_check(number: int) -> None:
    assert len(texts.card(number)) == 16
    assert luhn(texts.card(number))


def test_what_leaks_stands_in_no_persons_columns() -> None:
    people = population(10_000_000)
    own = {value for person in people for value in (person.name, person.email, person.ip, person.device)}
    for number in range(0, 200_000, 777):
        words = {word for text in texts.leaks(number).values() for word in re.split(r"[\s/]+", text)}
        assert not words & own


def test_alerts_name_their_person() -> None:
    person = population(1)[5]
    told = [texts.alert(kind, person, 1) for kind in range(len(texts.ALERTS))]
    assert sum(any(value in text for value in (person.name, person.email, person.ip)) for text in told) == 5
