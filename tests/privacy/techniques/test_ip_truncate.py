from __future__ import annotations

import ipaddress

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.policy.techniques import IpTruncate
from custody.privacy.techniques import ip_truncate
from support import ZONE

CASES = [
    # address, v4, v6, network
    ("192.0.2.77", 24, 48, "192.0.2.0/24"),
    ("192.0.2.77", 0, 48, "0.0.0.0/0"),
    ("192.0.2.77", 32, 48, "192.0.2.77/32"),
    ("192.0.2.255", 25, 48, "192.0.2.128/25"),  # not on a byte's edge
    ("2001:db8:1:2::3", 24, 48, "2001:db8:1::/48"),
    ("2001:db8:1:2::3", 24, 0, "::/0"),
    ("::ffff:192.0.2.77", 24, 48, "192.0.2.0/24"),  # an IPv4-mapped address is IPv4
]


@pytest.mark.parametrize(("address", "v4", "v6", "network"), CASES)
def test_an_address_becomes_its_network(address: str, v4: int, v6: int, network: str) -> None:
    column = IpTruncate(role="quasi", technique="ip_truncate", v4=v4, v6=v6)
    assert ip_truncate.apply(pa.array([address, None]), column, "ip", ZONE).to_pylist() == [network, None]


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**128 - 1), st.integers(0, 32), st.integers(0, 128))
def test_it_agrees_with_the_standard_library(small: int, large: int, v4: int, v6: int) -> None:
    column = IpTruncate(role="quasi", technique="ip_truncate", v4=v4, v6=v6)
    addresses = [str(ipaddress.IPv4Address(small)), str(ipaddress.IPv6Address(large | 1 << 127))]  # not IPv4-mapped
    written = ip_truncate.apply(pa.array(addresses), column, "ip", ZONE).to_pylist()
    assert written == [
        str(ipaddress.ip_network((one, length), strict=False)) for one, length in zip(addresses, (v4, v6), strict=True)
    ]
