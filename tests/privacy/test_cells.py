from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.privacy import cells
from custody.privacy.techniques import registry as techniques
from privacy.folders import privacy
from privacy.known_names import build
from support import ZONE

if TYPE_CHECKING:
    from custody.policy.techniques import AnyColumn

TREATMENTS: list[dict[str, object]] = [
    {"technique": "keep", "role": "insensitive"},
    {"technique": "mask", "role": "direct", "keep_first": 1},
    {"technique": "mac", "role": "direct", "domain": "d"},
    {"technique": "encrypt_deterministic", "role": "direct", "domain": "d"},
    {"technique": "generalize", "role": "quasi", "prefix": 2},
    {"technique": "redact_text", "role": "insensitive"},
    {"technique": "suppress", "role": "direct"},
]
KNOWN = build({"user": ["anna", "bob.lee"]})
CELLS = st.lists(
    st.one_of(st.none(), st.sampled_from(["anna", "ANNA", "bob.lee said", "é", "", "x@y.org"])), max_size=9
)


def column(treatment: dict[str, object]) -> AnyColumn:
    return privacy({"user": treatment}).columns["user"]


@settings(deadline=None)
@given(CELLS, st.sampled_from(TREATMENTS))
def test_a_dictionary_is_treated_as_its_rows_are(texts: list[str | None], treatment: dict[str, object]) -> None:
    rows = pa.array(texts, pa.string())
    plain = techniques.transform(rows, column(treatment), "user", ZONE, KNOWN)
    encoded = techniques.transform(rows.dictionary_encode(), column(treatment), "user", ZONE, KNOWN)
    assert encoded.redactions == plain.redactions
    assert (encoded.values is None) == (plain.values is None)
    if plain.values is not None and encoded.values is not None:
        assert encoded.values.type == plain.values.type
        assert encoded.values.to_pylist() == plain.values.to_pylist()


@given(st.lists(st.sampled_from(["10.0.0.1", "2001:db8::1", "255.255.255.255", "::"]), max_size=9))
def test_addresses_in_a_dictionary_are_treated_as_their_rows_are(texts: list[str]) -> None:
    rows = pa.array(texts, pa.string())
    for treatment in (
        {"technique": "ip_prefix", "role": "direct", "domain": "n"},
        {"technique": "ip_truncate", "role": "quasi", "v4": 24, "v6": 48},
    ):
        one = privacy({"src_ip": treatment}).columns["src_ip"]
        values = [techniques.transform(cells_, one, "ip", ZONE).values for cells_ in (rows, rows.dictionary_encode())]
        assert values[0] is not None
        assert values[0].equals(values[1])


@given(CELLS, CELLS)
def test_chunks_with_dictionaries_of_their_own_become_plain(left: list[str | None], right: list[str | None]) -> None:
    chunks = [pa.array(texts, pa.string()).dictionary_encode() for texts in (left, right)]
    assert cells.plain(pa.chunked_array(chunks)).to_pylist() == [*left, *right]


@given(CELLS)
def test_what_treats_each_value_alone_is_done_once_per_distinct_value(texts: list[str | None]) -> None:
    rows = pa.array(texts, pa.string())
    done = cells.each(rows.dictionary_encode(), pc.utf8_upper)
    assert len(done.dictionary) == len(set(texts) - {None})
    assert cells.plain(done).to_pylist() == cells.each(rows, pc.utf8_upper).to_pylist()
