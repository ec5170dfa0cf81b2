from __future__ import annotations

import random

import pytest

from custody.privacy.detect import ibans
from privacy.planted import values
from privacy.planted.generator import Planted, fill, messages, templates
from privacy.planted.scoring import score, spans


@pytest.mark.parametrize("name", ["inside", "outside", "later"])
def test_spans_are_where_the_values_stand(name: str) -> None:
    for message in messages(name, 1, seed=5):
        assert message.planted
        assert "«" not in message.text
        places = [0, *(place for one in message.planted for place in (one.start, one.end))]
        assert places == sorted(places)


def test_a_seed_gives_the_same_messages() -> None:
    assert messages("inside", 1, seed=5) == messages("inside", 1, seed=5)
    assert messages("inside", 1, seed=5) != messages("inside", 1, seed=6)


def test_every_slot_is_known() -> None:
    draw = random.Random(1)  # noqa: S311  # reproducible
    for name in ("inside", "outside", "later", "negatives"):
        for number, template in enumerate(templates(name)):
            message = fill(template, number, draw)
            assert all(message.text[one.start : one.end].strip() for one in message.planted)


def test_made_up_ibans_hold_by_an_independent_sum() -> None:
    draw = random.Random(1)  # noqa: S311  # reproducible
    for _ in range(50):
        iban = values.iban(draw)
        digits = "".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])
        assert int(digits) % 97 == 1
        assert len(iban) == next(length for length, countries in ibans.LENGTHS.items() if iban[:2] in countries)


def test_scores_count_what_is_whole_and_what_takes_more_along() -> None:
    message = fill("user=«user» done", 0, random.Random(1))  # noqa: S311  # reproducible
    (one,) = message.planted
    exact, wide, half = one, Planted("user", one.start, one.end + 5), Planted("user", one.start, one.end - 1)
    assert score([message], [[exact]]).recall("user") == score([message], [[exact]]).precision("user") == 1
    assert (score([message], [[wide]]).recall("user"), score([message], [[wide]]).precision("user")) == (1, 0)
    assert (score([message], [[half]]).recall("user"), score([message], [[half]]).precision("user")) == (0, 1)
    assert score([message], [[Planted("host", one.start, one.end)]]).recall("user") == 0


def test_spans_are_read_from_what_redaction_wrote() -> None:
    found = spans("user alice from 10.0.0.1", "user <user> from <ip>")
    assert found == [Planted("user", 5, 10), Planted("ip", 16, 24)]
