"""Two identities never share a token, in whatever partitions they stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.policy.techniques import IpPrefix, Mac
from custody.privacy import injectivity
from custody.privacy.injectivity import Pairs, Space
from custody.privacy.techniques import registry as techniques
from custody.privacy.techniques import tokens
from privacy import folders
from support import ZONE

PERSON = Mac(role="direct", technique="mac", domain="person")
NETWORK = IpPrefix(role="direct", technique="ip_prefix", domain="network")
SPACE = Space("mac", "person")
NAMES = st.lists(st.one_of(st.none(), st.text("aAbBé ", max_size=3)), max_size=8)


def pairs(raw: list[str | None], written: list[str | None], kind: Any = "user") -> Pairs:
    before, after = (pa.chunked_array([pa.array(one, pa.string())]) for one in (raw, written))
    return injectivity.pairs(before, after, kind, 7)


def released(raw: list[str | None], column: Any, kind: Any) -> list[str | None]:
    values = techniques.transform(pa.array(raw, pa.string()), column, kind, ZONE).values
    assert values is not None
    return values.to_pylist()  # type: ignore[no-any-return]


@settings(deadline=None)
@given(st.lists(NAMES, max_size=4))
def test_what_the_technique_writes_holds_over_all_partitions(partitions: list[list[str | None]]) -> None:
    parts = [pairs(names, released(names, PERSON, "user")) for names in partitions]
    injectivity.require({SPACE: injectivity.merge(parts)})
    whole = [name for names in partitions for name in names]
    assert len(injectivity.merge(parts)) == len(pairs(whole, released(whole, PERSON, "user")))


def test_spellings_of_one_identity_are_one_and_an_address_without_image_has_no_token() -> None:
    assert len(pairs(["Bob", " bob", "BOB", None], ["t", "t", "t", None])) == 1
    addresses: list[str | None] = ["2001:db8::1", "2001:0DB8:0:0::1", "::ffff:10.0.0.1", "10.0.0.1"]
    told = pairs(addresses, released(addresses, NETWORK, "ip"), "ip")
    assert len(told) == 2
    injectivity.require({Space("ip_prefix", "network"): told})
    assert len(pairs(["10.0.0.1"], [None], "ip")) == 0


@pytest.mark.parametrize(("raw", "written"), [(["bob"], ["t1"]), (["anna"], ["t2"])])
def test_a_token_of_two_partitions_stops_the_run_and_no_name_is_told(raw: list[str], written: list[str]) -> None:
    merged = injectivity.merge([pairs(["anna", "carl"], ["t1", "t3"]), pairs([*raw], [*written])])
    with pytest.raises(CustodyError, match="mac, domain person: two identities got one token") as caught:
        injectivity.require({SPACE: merged})
    assert not {"anna", "bob", "t1"} & {*str(caught.value).split()}


def test_domains_are_spaces_of_their_own() -> None:
    injectivity.require({SPACE: pairs(["anna"], ["t"]), Space("mac", "device"): pairs(["bob"], ["t"])})


def test_a_technique_that_gives_all_the_same_token_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    column = {"role": "insensitive", "technique": "mac"}
    right, wrong = (folders.privacy({"area": {**column, "domain": domain}}) for domain in ("place", "town"))
    source = folders.Source([{"area": f"area {i}", "user": "anna.lee", "ts": folders.at(1)} for i in range(2)])
    folders.anonymized(tmp_path / "right", [source], right, size=1)
    monkeypatch.setattr(tokens, "ALPHABET", tokens.ALPHABET[:1].repeat(32))
    monkeypatch.setattr(tokens, "LIMIT", 0)
    with pytest.raises(CustodyError, match="domain town: two identities got one token"):
        folders.anonymized(tmp_path / "wrong", [source], wrong, size=1)
    assert not (tmp_path / "wrong" / "anonymized").exists()
