"""A known identifier is found, and replaced, in every encoding that a log can bring it in."""

from __future__ import annotations

import base64
import json
import quopri
import random
from collections.abc import Callable
from itertools import cycle
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.privacy.leaks.searching import search_for
from custody.privacy.techniques import redact_text
from custody.privacy.text import runs, search
from privacy.known_names import build

PLANTED = 200
DRAW = random.Random(5)  # noqa: S311  # made-up data
SYLLABLES = [
    "an",
    "ber",
    "co",
    "dre",
    "el",
    "fi",
    "gor",
    "hu",
    "il",
    "jo",
    "ka",
    "lu",
    "mi",
    "no",
    "ot",
    "\u00e9",
    "\u0416",
]
ENDS = ["", ".x", "7"]
USERS = sorted({"".join(DRAW.choices(SYLLABLES, k=DRAW.randint(3, 6))) + DRAW.choice(ENDS) for _ in range(400)})
USERS = [user for user in USERS if len(user) >= 5][:PLANTED]
NAMES = build({"user": USERS, "src_ip": [f"10.77.{i}.248" for i in range(PLANTED)]})
SEARCH = search_for(NAMES)


def percent(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


def units(text: str) -> str:
    return "".join(f"\\u{ord(character):04X}" for character in text)


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


ENCODINGS: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "percent": percent,
    "percent of what must be": lambda name: quote(f"<{name}>", safe=""),
    "percent twice": lambda name: quote(percent(name), safe=""),
    "percent thrice": lambda name: quote(quote(percent(name), safe=""), safe=""),
    "json": units,
    "json in json": lambda name: json.dumps(json.dumps({"who": units(name)})),
    "html": lambda name: "".join(f"&#{ord(c)};" for c in name),
    "html hex": lambda name: "".join(f"&#x{ord(c):x};" for c in name),
    "quoted-printable": lambda name: quopri.encodestring(f"<{name}>".encode(), quotetabs=True).decode() + " ok",
    "bytes": lambda name: "".join(f"\\x{byte:02x}" for byte in name.encode()),
    "octal": lambda name: "".join(f"\\{byte:03o}" for byte in name.encode()),
    "invisible characters": lambda name: "".join(
        f"{c}{sign}" for c, sign in zip(name, cycle("\u200e\ufe0f\u034f\u00ad"), strict=False)
    ),
    "base64 alone": b64,
    **{f"base64 after {i}": lambda name, i=i: b64("." * i + name + " was here") for i in range(1, 4)},  # type: ignore[misc]
    "base64 for URLs": lambda name: base64.urlsafe_b64encode(f"??>{name}>??".encode()).decode(),
    "base64 without padding": lambda name: "user/" + b64(name).rstrip("="),
    "base64 of json": lambda name: b64(json.dumps({"sub": name, "iat": 5})),
    "base64 of base64": lambda name: b64(b64(f"the user {name} was here")),
    "base64 in a URL": lambda name: quote(b64(f"the user {name}"), safe=""),
    "base64 in lines": lambda name: base64.encodebytes(f"{'x' * 53} {name} and so on {'y' * 40}".encode()).decode(),
    "local part": lambda name: f"{name}@elsewhere.org",
    "domain": lambda name: f"CORP\\{name}",
    "domain in json": lambda name: f"CORP\\\\{name}",
    "realm": lambda name: f"{name}@CORP.LOCAL",
}


@pytest.mark.parametrize("label", ENCODINGS)
def test_every_planted_name_is_found_and_replaced(label: str) -> None:
    texts = pa.array([f"at 12:30 x={ENCODINGS[label](name)} done" for name in USERS])
    for hits in (NAMES.find(texts), SEARCH.find(texts, whole=search.NOT)):
        told = set(zip(hits.row.tolist(), NAMES.names.take(pa.array(hits.identifier)).to_pylist(), strict=True))
        assert told >= {(row, name.lower()) for row, name in enumerate(USERS)}
    redacted = redact_text.apply(texts, NAMES).values
    assert len(NAMES.find(redacted)) == 0


WIDE: list[Callable[[str], str]] = [
    lambda name: f"powershell -enc {base64.b64encode(f'net user {name} /add'.encode('utf-16-le')).decode()}",
    lambda name: base64.b64encode(name.encode("utf-16-le")).decode().rstrip("="),
    lambda name: base64.b64encode(f"x {name}".encode("utf-16-be")).decode(),
    lambda name: "".join(f"{character}\0" for character in name),
    lambda name: b64(base64.b64encode(f"by {name}".encode("utf-16-le")).decode()),
]


@pytest.mark.parametrize("encode", WIDE)
def test_a_name_in_utf_16_behind_base64_is_found_and_replaced(encode: Callable[[str], str]) -> None:
    plain = [name for name in USERS if name.isascii()]
    texts = pa.array([f"at 12:30 x={encode(name)} done" for name in plain])
    for hits in (NAMES.find(texts), SEARCH.find(texts, whole=search.NOT)):
        told = set(zip(hits.row.tolist(), NAMES.names.take(pa.array(hits.identifier)).to_pylist(), strict=True))
        assert told >= {(row, name.lower()) for row, name in enumerate(plain)}
    assert len(NAMES.find(redact_text.apply(texts, NAMES).values)) == 0


@pytest.mark.parametrize("label", ["base64 alone", "base64 after 1", "base64 without padding"])
def test_a_column_of_nothing_but_base64_is_no_column_of_tokens(label: str) -> None:
    plain = [name for name in USERS if name.isascii()]
    cells = pa.array([ENCODINGS[label](name).rstrip("=").removeprefix("user/") for name in plain])
    found = SEARCH.find(cells, whole=search.NOT)
    assert set(found.row.tolist()) == set(range(len(plain)))
    assert set(found.spelling.tolist()) == {search.BASE64}


@pytest.mark.parametrize(
    "encode",
    [
        lambda name: f"Proxy: {b64(name + ':hunter2 x!')} end",
        lambda name: f"c={b64(name + '@corp.local:hunter2 x!')}",
        lambda name: "auth " + b64("\0" + name + "\0hunter2 x!"),
        lambda name: "auth " + b64("CORP\\" + name + ":hunter2 x!"),
        lambda name: quote(f"Basic {b64(name + ':hunter2 x!')}", safe=""),
    ],
)
def test_the_password_behind_a_known_name_goes_with_it(encode: Callable[[str], str]) -> None:
    texts = pa.array([encode(name) for name in USERS])
    written = redact_text.apply(texts, NAMES, ()).values.to_pylist()
    kept = [b64("hunter2 x!"[shift:])[1:7] for shift in range(3)]
    assert [text for text in written if any(part in text for part in kept)] == []


def test_only_a_credential_takes_along_what_follows_a_name() -> None:
    texts = pa.array([b64(f"{name}, 10:30 it is") for name in USERS])
    hits = NAMES.find(texts)
    assert (hits.end - hits.start <= np.array([len(name.encode()) for name in USERS]) * 4 // 3 + 4).all()


ADDRESSES = [
    "0x0a4d{:02x}f8", "::ffff:10.77.{}.248", "::FFFF:0a4d:{:02x}f8", "248.{}.77.10.in-addr.arpa", "ip-10-77-{}-248.ec2",
    "010.077.{:03d}.248", "0x0a.0x4d.0x{:x}.0xf8", "10[.]77[.]{}[.]248",
]  # fmt: skip


@pytest.mark.parametrize("form", ADDRESSES)
def test_every_address_is_found_in_every_form(form: str) -> None:
    texts = pa.array([f"from {form.format(i)} at" for i in range(PLANTED)])
    hits = NAMES.find(texts)
    assert NAMES.names.take(pa.array(hits.identifier)).to_pylist() == [f"10.77.{i}.248" for i in range(PLANTED)]
    assert len(NAMES.find(redact_text.apply(texts, NAMES).values)) == 0


def test_every_address_is_found_as_a_number() -> None:
    texts = pa.array([f"addr {(10 << 24) + (77 << 16) + (i << 8) + 248}," for i in range(PLANTED)])
    assert NAMES.find(texts).row.tolist() == list(range(PLANTED))


def test_an_ipv6_address_is_found_backwards() -> None:
    names = build({"src_ip": ["2001:db8::7"]})
    nibbles = ".".join(reversed("20010db8000000000000000000000007"))
    assert len(names.find(pa.array([f"ptr {nibbles}.ip6.arpa"]))) == 1


PIECES = [
    USERS[0],
    USERS[-1],
    percent(USERS[1]),
    b64(USERS[2]),
    units(USERS[3]),
    "%25",
    "\\",
    "=",
    "/",
    " ",
    "@",
    "=41",
]


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), max_size=6))
def test_texts_searched_together_have_the_hits_that_each_has_alone(texts: list[str]) -> None:
    together = NAMES.find(pa.array(texts, pa.string()))
    for row, text in enumerate(texts):
        alone, chosen = NAMES.find(pa.array([text])), together.row == row
        assert together.start[chosen].tolist() == alone.start.tolist()
        assert together.identifier[chosen].tolist() == alone.identifier.tolist()


@settings(deadline=None)
@given(st.text(max_size=40), st.text("%\\u0=&#x;41aeQJ+/-_", max_size=40))
def test_no_text_stops_the_search(one: str, other: str) -> None:
    text = (one + other).encode(errors="replace").decode()
    hits = NAMES.find(pa.array([text]))
    assert (hits.end <= len(text.encode())).all()


def test_noise_is_no_base64() -> None:
    names = build({"user": [f"{a}{b}{c}{d}" for a in "abcdefgh" for b in "aeiou" for c in "lmnrst" for d in "aeiou"]})
    draw = random.Random(11)  # noqa: S311  # made-up data
    tokens = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz234567", k=24)) for _ in range(20_000)]
    digests = [b64("")] + [base64.b64encode(draw.randbytes(32)).decode() for _ in range(20_000)]
    assert search.BASE64 not in names.find(pa.array(tokens + digests)).spelling


def test_a_long_run_of_base64_is_cut_and_no_name_is_lost() -> None:
    text = b64("".join(f"{'x' * 1000}, {name}, " for name in USERS[:PLANTED]))
    names = {NAMES.names[number].as_py() for number in NAMES.find(pa.array([text])).identifier.tolist()}
    assert names == {name.lower() for name in USERS[:PLANTED]}
    assert len(text) > 2 * runs.WINDOW
