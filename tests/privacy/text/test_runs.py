"""The vectorized reading of base64 finds what reading it run by run with patterns and the standard library does."""

from __future__ import annotations

import base64
import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.privacy.text import base64 as base64_
from custody.privacy.text import folding, packed, runs
from custody.privacy.text.haystack import Haystack

A = "[A-Za-z0-9+/_-]"
RUN = re.compile(rf"(?:{A}{{60,}}\r?\n)+{A}+|{A}{{6,}}")
TEXT = runs.texts_of()
PIECES = st.one_of(
    st.sampled_from(["/", "+", "-", "_", "=", " ", "\n", "\r\n", "x" * 60, "Qk" * 31, "é", "", "user/"]),
    st.binary(max_size=14).map(lambda data: base64.b64encode(data).decode().rstrip("=")),
    st.text("anile.smth09 \t", max_size=14).map(lambda text: base64.b64encode(text.encode()).decode().rstrip("=")),
    st.text("ABCXYZabcxyz0189+/_-", max_size=9),
)
TEXTS = st.lists(st.lists(PIECES, max_size=7).map("".join), max_size=5)


def haystack(texts: list[str]) -> Haystack:
    return folding.haystack(pa.array(texts, pa.string()))


def listed(raw: Haystack) -> Haystack:
    return Haystack(raw.raw)


def decoded(run: str, begin: int) -> bytes:
    """What the run's characters from `begin` on spell, without bits that are left over."""
    characters = re.sub(r"[\r\n]", "", run).replace("-", "+").replace("_", "/")[begin:]
    return base64.b64decode(characters + "A" * (-len(characters) % 4))[: len(characters) * 6 // 8]


def is_text(data: bytes) -> bool:
    good = [bool(TEXT[byte]) for byte in data]
    return all(good) or any(all(good[i : i + 8]) for i in range(len(good) - 7))


@settings(deadline=None)
@given(TEXTS)
def test_runs_are_what_the_pattern_finds(texts: list[str]) -> None:
    found = runs.runs(listed(haystack(texts)))
    spans = [
        (row, len(text[: match.start()].encode()), len(text[: match.end()].encode()))
        for row, text in enumerate(texts)
        for match in RUN.finditer(text)
    ]
    assert list(zip(*(part.tolist() for part in found), strict=True)) == spans


@settings(deadline=None)
@given(TEXTS)
def test_words_are_the_plain_runs_that_begin_inside_of_a_run(texts: list[str]) -> None:
    raw = listed(haystack(texts))
    found = runs.words(raw, runs.runs(raw))
    spans = [
        (row, len(text[: word.start()].encode()), len(text[: word.end()].encode()))
        for row, text in enumerate(texts)
        for run in RUN.finditer(text)
        for word in re.finditer("[A-Za-z0-9]{6,}", text)
        if run.start() < word.start() < run.end()
    ]
    assert list(zip(*(part.tolist() for part in found), strict=True)) == spans


@settings(deadline=None)
@given(TEXTS, st.sampled_from([2**19, 3, 40]))
def test_no_text_is_passed_over(texts: list[str], batch: int) -> None:
    hay = haystack(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "BATCH", batch)
        layers = list(base64_.unpacked(hay, np.arange(len(texts)), TEXT))
    read = {
        (int(row), text)
        for layer in layers
        for row, text in zip(layer.row, layer.haystack.raw.to_pylist(), strict=True)
    }
    for row, text in enumerate(texts):
        for run in RUN.finditer(text):
            for data in (decoded(run.group(), begin) for begin in range(4)):
                if data and is_text(data) and data.isascii():
                    assert (row, data.decode()) in read


@settings(deadline=None)
@given(st.text("anile.smth09 \t\n", min_size=8, max_size=30), st.binary(max_size=8), st.binary(max_size=8))
def test_the_probe_passes_over_no_eight_characters_of_text(text: str, before: bytes, after: bytes) -> None:
    assert re.search(packed.PROBE, base64.b64encode(before + text.encode() + after).decode())


@settings(deadline=None)
@given(st.text("anile.smth09", min_size=4, max_size=7))
def test_the_probe_passes_over_no_short_text_that_stands_alone(text: str) -> None:
    assert re.search(packed.PROBE, base64.b64encode(text.encode()).decode())
