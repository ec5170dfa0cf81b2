"""What a hostile writer may put where a valid document stands: any value anywhere in it, and any bytes instead."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[Any, ...]
DEEP: Any = []
for _ in range(300):
    DEEP = [DEEP]

WHOLE = st.one_of(st.integers(), st.sampled_from([2**53, 2**63, 2**64, 10**400, -1]))
TEXT = st.one_of(
    st.text(max_size=12), st.sampled_from(["", "\udcff", "\x1b[2K", "../x", "9999-99-99", "None", "0" * 64])
)
LEAF = st.one_of(st.none(), st.booleans(), WHOLE, st.floats(), st.sampled_from([1e308, 5e-324]), TEXT)
ANY = st.one_of(
    st.recursive(LEAF, lambda one: st.lists(one, max_size=3) | st.dictionaries(TEXT, one, max_size=3), max_leaves=6),
    st.just(DEEP),
)


def places(value: Any, above: Path = ()) -> Iterator[Path]:
    """Every place in a document, itself included."""
    yield above
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*above, key))


@st.composite
def changed(draw: st.DrawFn, document: Any) -> Any:
    """The document with another value at one place, or a key more, or one less."""
    place, value = draw(st.sampled_from(list(places(document)))), draw(ANY)
    if not place:
        return value
    whole = copy.deepcopy(document)
    at = whole
    for key in place[:-1]:
        at = at[key]
    match draw(st.sampled_from(["other", "more", "less"])):
        case "other":
            at[place[-1]] = value
        case "more" if isinstance(at, dict):
            at[draw(TEXT)] = value
        case _:
            del at[place[-1]]
    return whole


def texts(document: Any) -> st.SearchStrategy[bytes]:
    """Such documents as JSON, with what JSON has no number for in it, too; and any bytes."""
    written = changed(document).map(lambda value: json.dumps(value).replace("Infinity", "1e999").encode())
    return st.one_of(written, written, st.binary(max_size=40), st.just(b"[" * 100_000), st.just(b'{"a":' * 100_000))
