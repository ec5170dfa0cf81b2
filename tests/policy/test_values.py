"""The policy knows how collect writes values, so that a list of allowed ones can match."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.policy.values import reads
from custody.sources.values import addresses

if TYPE_CHECKING:
    from custody.policy.schema import FieldType

WRITTEN: list[tuple[FieldType, str, bool]] = [
    ("mac", "02:00:5e:00:00:01", True),
    ("mac", "02:00:5E:00:00:01", False),
    ("mac", "02-00-5e-00-00-01", False),
    ("mac", "02005e000001", False),
    ("mac", "0200.5e00.0001", False),
    ("mac", "gateway", False),
    ("email", "ada@example.org", True),
    ("email", "Ada@example.org", False),
    ("email", "ada@xn--mnchen-3ya.example", False),
    ("email", "ada@münchen.example", True),
    ("email", "ada", False),
    ("email", "ada @example.org", False),
    ("email", "a@b@c", False),
]


@pytest.mark.parametrize(("kind", "text", "so"), WRITTEN)
def test_a_value_reads_where_collect_writes_it_so(kind: FieldType, text: str, so: bool) -> None:  # noqa: FBT001  # a case
    assert reads(text, kind) == so


NEAR = st.text(st.sampled_from("aB9@.:-_ ,<é\u0130\u00a0xn"), min_size=1, max_size=9)
MACS = st.from_regex(r"[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}|[0-9a-fA-F]{12}", fullmatch=True)
MAILS = st.builds("{}@{}".format, NEAR, NEAR | st.builds("xn--{}".format, NEAR))


@given(MACS | NEAR, MAILS | NEAR)
def test_what_collect_writes_reads_and_what_reads_it_would_not_write_otherwise(mac: str, mail: str) -> None:
    for kind, convert, text in (("mac", addresses.mac, mac), ("email", addresses.email, mail)):
        [written] = convert(pa.array([text])).values.to_pylist()
        assert written is None or reads(written, kind)  # type: ignore[arg-type]  # one of two kinds
        assert not reads(text, kind) or written == text  # type: ignore[arg-type]  # as above
