import ipaddress

import pytest

from custody.synth.people import DOMAINS, SMALL, SMALL_SIZE, population, turn

RESERVED = [
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


@pytest.mark.parametrize("records", [1, 6000, 100_000, 10_000_000])
def test_nobody_shares_a_name_address_or_device(records: int) -> None:
    people = population(records)
    for values in (
        {person.name for person in people},
        {person.email for person in people},
        {ipaddress.ip_address(person.ip) for person in people},
        {person.device for person in people},
    ):
        assert len(values) == len(people)


def test_addresses_and_domains_are_reserved_ones() -> None:
    for person in population(10_000_000)[::97]:
        address = ipaddress.ip_address(person.ip)
        assert any(address.version == net.version and address in net for net in RESERVED)
        assert person.email.split("@")[1] in DOMAINS
        assert person.email.split("@")[1].endswith(("example.com", "example.org", "example.net"))


def test_small_department_is_three_people_who_never_take_turns() -> None:
    people = population(6000)
    assert [person.department for person in people].count(SMALL) == SMALL_SIZE
    assert all(turn(people, i, 11).department != SMALL for i in range(10_000))


@pytest.mark.parametrize("records", [6000, 25_150, 1_000_000])
def test_everybody_has_a_turn_before_anybody_has_a_second(records: int) -> None:
    people = population(records)
    others = len(people) - SMALL_SIZE
    assert len({turn(people, i, 37) for i in range(others)}) == others
