"""dvc.lock is read as DVC reads it."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from custody.repository import lock

TEXT = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=12)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXT)


def _dump(value: object) -> bytes:
    import io  # noqa: PLC0415  # one use

    out = io.BytesIO()
    writer = YAML()
    writer.default_flow_style = False
    writer.dump({"schema": "2.0", "stages": {"gate": {"value": value}}}, out)
    return out.getvalue()


@pytest.mark.parametrize(
    "text", ["on", "NO", "010", "12:30", "1e-3", "null", "2026-11-01", "0x1f", "1_000", "=", "<<", ""]
)
def test_a_text_stays_a_text(text: str) -> None:
    assert lock.parse(_dump(text)) == {"gate": {"value": text}}


@given(st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=5))
def test_what_dvc_writes_is_what_is_read(value: object) -> None:
    assert lock.parse(_dump(value)) == {"gate": {"value": value}}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b" " * (lock.LIMIT + 1),
        b"stages: 5",
        b"- stages",
        b"stages: {a: &x 1, b: *x}",
        b"stages: {a: !!python/object/apply:os.getcwd []}",
        b"stages: {a: [}",
        b"\xff\xfe",
        b"stages: " + b"[" * 5000,
        b"stages: {a: " + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_lock_is_none(text: bytes) -> None:
    assert lock.parse(text) is None


@pytest.mark.parametrize("plain", [True, False])
def test_an_output_is_found_however_the_file_is_laid_out(*, plain: bool) -> None:
    outs = [
        {"path": "data/metrics/gate.json", "md5": "a" * 32},
        {"path": "data/released", "hash": "md5", "md5": "b" * 32},
    ]
    params = {"params.yaml": {"outs": [{"path": "data/released", "md5": "c" * 32}]}}
    stages = {
        "collect": {"outs": [{"path": "data/released", "md5": "d" * 32}]},
        "gate": {"params": params, "outs": outs},
    }
    text = yaml.safe_dump({"schema": "2.0", "stages": stages}, sort_keys=False, default_flow_style=not plain).encode()
    assert lock.output(text, "gate", "data/released") == "b" * 32
    assert lock.output(text, "gate", "data/none") is None
    assert lock.output(text, "none", "data/released") is None
    assert lock.output(b"\xff", "gate", "data/released") is None
