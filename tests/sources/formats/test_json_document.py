from __future__ import annotations

import gzip

import pytest

from custody.errors import CustodyError
from custody.sources.formats import json_document
from sources.reads import Whole, whole


def read(data: bytes, *wanted: str, **format_: object) -> Whole:
    return whole(data, wanted or ("a",), type="json", **format_)


def test_an_array_at_the_top_gives_its_objects_by_number() -> None:
    found = read(b'[{"a":1},2,{"a":"x","b":0},{"a":1,"a":2},{"a":123456789012345678901}]')
    assert found.columns == {"a": ["1", "x", "123456789012345678901"]}
    assert found.lines == [1, 3, 5]
    assert found.malformed == [(2, "not_an_object"), (4, "duplicate_key")]
    assert found.dropped == {"b"}


def test_a_path_reaches_the_array_inside_a_document() -> None:
    data = b'{"took":3,"hits.x":{"hits":[{"_source":{"a":{"b":"v"}}}]}}'
    assert read(data, "_source.a.b", records="hits.x.hits").columns == {"_source.a.b": ["v"]}


def test_utf16_documents_are_read() -> None:
    assert read('[{"a":"é"}]'.encode("utf-16")).columns == {"a": ["é"]}


@pytest.mark.parametrize("data", [b"", b" \n", b"[]", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_a_document_without_records_misses_everything(data: bytes) -> None:
    found = read(data)
    assert (found.read, found.missing) == (0, {"a"})


@pytest.mark.parametrize(
    ("data", "format_", "says"),
    [
        (b'[{"a":"secret"}', {}, "cannot be read: not JSON"),
        (b'{"a":"secret"}', {}, "the document is not an array"),
        (b'{"x":{"a":"secret"}}', {"records": "x"}, "x is not an array"),
        (b'{"x":[]}', {"records": "y.z"}, "nothing at y.z"),
        (b'{"x":[{"a":"secret"}],"x":[]}', {"records": "x"}, "names a key twice outside"),
        (b"[" * 200 + b"]" * 200, {}, "nested too deeply"),
        (b'[{"a":"\xff secret"}]', {}, "cannot be read"),
        (b'[{"a":"secret secret"}]', {"max_expanded_bytes": 10}, "larger than 10 bytes"),
    ],
)
def test_an_unusable_document_stops_without_a_value(data: bytes, format_: dict[str, object], says: str) -> None:
    with pytest.raises(CustodyError, match=says) as stopped:
        read(data, **format_)
    assert "secret" not in str(stopped.value)


def test_many_records_come_in_batches() -> None:
    found = read(b"[" + b",".join(b'{"a":%d}' % i for i in range(70_000)) + b"]")
    assert [int(a) for a in found.columns["a"]] == list(range(70_000))
    assert found.lines == list(range(1, 70_001))


def test_a_document_may_not_be_larger_than_memory_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert json_document.WHOLE == 2**30
    monkeypatch.setattr(json_document, "WHOLE", 100)
    assert read(b"[" + b" " * 98 + b"]").read == 0
    with pytest.raises(CustodyError, match=r"larger than a JSON document may be \(1 GiB\); use JSON Lines"):
        read(gzip.compress(b" " * 101))
