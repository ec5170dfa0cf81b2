"""The tests' own look for people: it finds what it has to find, and excuses nothing but a coincidence."""

from __future__ import annotations

from pipeline import scanner

WANTED = {b"192.0.2.7", b"ada", b"2001:db8::7"}


def test_a_raw_column_is_not_excused() -> None:
    cells = [("192.0.2.7", "192.0.2.7"), ("198.51.100.4", "192.0.2.9")]
    assert scanner.standing(WANTED, scanner.unexcused(cells)) == {b"192.0.2.7"}


def test_another_records_address_is_a_coincidence_only_as_a_whole_cell() -> None:
    assert scanner.standing(WANTED, scanner.unexcused([("192.0.2.7", "192.0.2.9"), (None, "192.0.2.7")])) == set()
    assert scanner.standing(WANTED, scanner.unexcused([("from 192.0.2.7", "192.0.2.9")])) == {b"192.0.2.7"}
    assert scanner.standing(WANTED, scanner.unexcused([("ada", "192.0.2.9")])) == {b"ada"}
    assert scanner.standing(WANTED, scanner.unexcused([("2001:db8::7", None)])) == set()


def test_ipv6_addresses_are_found_in_every_form() -> None:
    found = scanner.addresses(b"from 2001:DB8:0::7, [fe80::1]:22 and ::ffff:192.0.2.1.")
    assert {b"2001:DB8:0::7", b"2001:db8::7", b"2001:0db8:0000:0000:0000:0000:0000:0007", b"fe80::1"} <= found
    assert b"::ffff:192.0.2.1" in found


def test_times_hardware_addresses_names_and_the_unspecified_address_are_no_ipv6() -> None:
    assert scanner.addresses(b"12:30:45 00:11:22:33:44:55 Foo::a std::b:: :: a:b:c") == set()


def test_words_stand_at_their_edges_in_any_case() -> None:
    assert scanner.standing(WANTED, b"user=ADA; adamant 1192.0.2.7") == {b"ada"}
