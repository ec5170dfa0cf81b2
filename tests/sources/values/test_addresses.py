"""One canonical text per address; what is ambiguous is no address."""

from __future__ import annotations

import ipaddress
import random
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.sources.values import addresses
from custody.sources.values.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from custody.sources.values.converted import Converted

Converter = "Callable[[pa.Array], Converted]"


def one(convert: Callable[[pa.Array], Converted], text: str) -> tuple[str | None, str | None]:
    done = convert(clean(pa.array([text], pa.string())))
    return done.values[0].as_py(), None if done.why is None else done.why[0].as_py()


def expected(text: str) -> str | None:
    """Python's reading, an IPv4 address taken out of its IPv6 mapping."""
    address = ipaddress.ip_address(text)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def test_three_thousand_random_addresses_equal_pythons_ipaddress() -> None:
    dice = random.Random(7)  # noqa: S311  # no secret
    texts = [str(ipaddress.IPv4Address(dice.getrandbits(32))) for _ in range(1000)]
    for i in range(2000):
        value = dice.getrandbits(128) & dice.getrandbits(128) & (dice.getrandbits(128) if i % 2 else -1)
        address = ipaddress.IPv6Address(value)
        texts.append([address.exploded, address.exploded.upper(), str(address), f"::ffff:{texts[i % 1000]}"][i % 4])
    dice.shuffle(texts)
    done = addresses.ip(pa.array(texts))
    assert done.why is None
    assert done.values.to_pylist() == [expected(text) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "010.0.0.1",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "1.2.3.4:80",
        "[::1]",
        "fe80::1%eth0",
        "1.2.3.4/24",
        "::ffff:010.0.0.1",
        "2001:::1",
        "1.2.3.4\n1.2.3.4",
        "\u0661.\u0662.\u0663.\u0664",
        "0x7f.0.0.1",
        "16909060",
        "localhost",
        "-",
    ],
)
def test_ambiguous_or_other_forms_are_not_addresses(text: str) -> None:
    assert one(addresses.ip, text) == (None, "not_an_address")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (" 10.0.0.1\t", "10.0.0.1"),
        ("::FFFF:1.2.3.4", "1.2.3.4"),
        ("::ffff:102:304", "1.2.3.4"),
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("::", "::"),
        ("::1.2.3.4", "::102:304"),
    ],
)
def test_canonical_forms_of_ip_addresses(text: str, canonical: str) -> None:
    assert one(addresses.ip, text) == (canonical, None)


@pytest.mark.parametrize("text", ["00:1B:44:11:3A:B7", "00-1b-44-11-3a-b7", "001b.4411.3ab7", "001B44113AB7"])
def test_every_notation_of_a_mac_becomes_one(text: str) -> None:
    assert one(addresses.mac, text) == ("00:1b:44:11:3a:b7", None)


@pytest.mark.parametrize("text", ["00:1b:44:11:3a", "00:1b-44:11:3a:b7", "0:1b:44:11:3a:b7", "g01b44113ab7", "-"])
def test_what_is_no_mac_is_named(text: str) -> None:
    assert one(addresses.mac, text) == (None, "not_a_mac")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (" Alice.Smith@Example.COM ", "alice.smith@example.com"),
        ("a@münchen.example", "a@münchen.example"),
        ("A@xn--MNCHEN-3ya.example", "a@münchen.example"),
        ("a@MU\u0308NCHEN.example", "a@münchen.example"),
        ("a@xn--.example", "a@xn--.example"),
        ("a@xn--0b0c.example", "a@xn--0b0c.example"),  # half of a surrogate pair
        ("用户@例え.jp", "用户@例え.jp"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_emails_are_one_text_in_lower_case(text: str, canonical: str) -> None:
    assert one(addresses.email, text) == (canonical, None)


@pytest.mark.parametrize(
    "text", ["alice", "@b.com", "a@", "a@b@c", "a b@c.com", "<a@b.com>", "a@b.com, c@d.com", "a@\u3000b"]
)
def test_what_has_no_single_at_with_text_on_both_sides_is_no_email(text: str) -> None:
    assert one(addresses.email, text) == (None, "not_an_email")


def test_missing_is_neither_a_value_nor_wrong() -> None:
    for convert in (addresses.ip, addresses.mac, addresses.email):
        done = convert(pa.array([None, "x"], pa.string()))
        assert done.values[0].as_py() is None
        assert done.why is not None
        assert done.why.to_pylist()[0] is None


TEXTS = st.one_of(
    st.ip_addresses().map(str),
    st.ip_addresses(v=6).map(lambda address: address.exploded.upper()),
    st.emails(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(lambda text: f"{text}@İx.{text}"),
    st.from_regex(r"\A[0-9a-fA-F]{2}([:-]?[0-9a-fA-F]{2}){5}\Z"),
    st.from_regex(r"\Aa@xn--[a-z0-9-]{1,12}\.b\Z"),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)


@given(st.lists(TEXTS, max_size=8))
def test_a_canonical_form_is_its_own_canonical_form(texts: list[str]) -> None:
    for convert in (addresses.ip, addresses.mac, addresses.email):
        once = convert(clean(pa.array(texts, pa.string()))).values
        twice = convert(clean(once))
        assert twice.why is None
        assert twice.values.equals(once)


@given(st.lists(TEXTS | st.none(), min_size=1, max_size=8))
def test_texts_that_repeat_become_what_each_alone_becomes(texts: list[str | None]) -> None:
    for convert in (addresses.ip, addresses.mac, addresses.email):
        cells = clean(pa.array(texts, pa.string()))
        alone = [convert(cells.slice(i, 1)) for i in range(len(cells))]
        done = convert(pa.concat_arrays([cells] * 3))
        assert done.values.to_pylist() == [each.values[0].as_py() for each in alone] * 3
        codes = [None if each.why is None else each.why[0].as_py() for each in alone]
        assert ([None] * len(codes) * 3 if done.why is None else done.why.to_pylist()) == codes * 3


@pytest.mark.parametrize("texts", [["1.2.3.4", None, "255.0.0.1"], [None, None], []])
def test_a_column_of_quads_is_taken_as_it_stands(texts: list[str | None]) -> None:
    done = addresses.ip(pa.array(texts, pa.string()))
    assert done.values.to_pylist() == texts
    assert done.why is None
