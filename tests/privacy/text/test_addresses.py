from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.privacy.text import addresses

V4, V6 = st.ip_addresses(v=4), st.ip_addresses(v=6)


@given(V4, V6)
def test_an_address_is_told_from_every_form(four: ipaddress.IPv4Address, six: ipaddress.IPv6Address) -> None:
    octets = four.packed
    for text in (
        str(int(four)),
        f"0x{int(four):08x}",
        ".".join(map(hex, octets)),
        ".".join(f"0{one:o}" for one in octets),
    ):
        assert addresses.of_numbers(text) == str(four)
    if octets[2]:
        assert addresses.of_short(f"{octets[0]}.{octets[1]}.{octets[2] * 256 + octets[3]}") == str(four)
    assert addresses.of_resolver(four.reverse_pointer) == str(four)
    assert addresses.of_resolver(six.reverse_pointer) == str(six.ipv4_mapped or six)
    assert addresses.of_literal(f"{six.exploded.replace(':', '-')}s4.ipv6-literal.net") == str(six.ipv4_mapped or six)


@pytest.mark.parametrize("text", ["4294967296", "99999999999"])
def test_a_number_that_is_none_stays(text: str) -> None:
    assert addresses.of_numbers(text) == text


@pytest.mark.parametrize("text", ["10.2.255", "10.2.65536"])
def test_a_short_form_of_8_or_17_bits_stays(text: str) -> None:
    assert addresses.of_short(text) == text
