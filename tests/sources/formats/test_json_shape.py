"""Lines that are taken apart together give what each gives alone, whatever hides among them."""

from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.sources.formats.json_marks import Marks
from custody.sources.formats.json_shape import Shape
from custody.sources.formats.json_shapes import FEW
from custody.sources.streams.framing import Frame
from sources.reads import Whole, whole

WANTED = ("a", "b.c", "b.d", "e.f.g", "x")
STRINGS = [
    b"", b"x", b"null", b"1", b"caf\xc3\xa9", b"\\u00e9", b'\\"', b"\\\\", b"a\\nb", b"[1, 2]", b"{", b"}, {", b": ",
    b"\xff", b"\x00", b"\t", b"\x7f", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\\ud800", b'"', b'": "', b'", "x": "',
]  # fmt: skip
SCALARS = [
    b"0", b"-0", b"1", b"-1", b"01", b"1.", b".5", b"+1", b"0.560", b"-0.5", b"-0.0", b"1e3", b"1E400", b"1.50", b"3.0",
    b"12345678901234567890", b"9007199254740993", b"999999999999999", b"1000000000000000", b"100000000000000000000000",
    b"0.1234567890123456789", b"0.30000000000000004", b"123456789.123456789", b"5e-324", b"0x1", b"1_0", b"Infinity",
    b"true", b"false", b"null", b"True", b"NaN", b"nul", b"tru e", b"", b" 1", b"1 ", b"1\t", b"[1]", b"[]", b"{}",
    b'{"c": 1}', b'"s"', b"1, 2", b'1, "a": 2',
]  # fmt: skip
USUAL_STRINGS, USUAL_SCALARS = [b"ab", b"c.d", b"10.0.0.1"], [b"1", b"23", b"0.5", b"true", b"null"]
SHAPES = [
    b'{"a": "$", "b": {"c": #, "d": "$"}, "x": #}',
    b'{"a":#,"b":{"c":"$","d":#}}',
    b'{"e": {"f": {"g": "$", "h": #}}, "u": "$", "a": #, "v": [#, "$"]}',
    b'{"b": {"c": "$"}, "b.d": #, "e": #, "y": {"z": #}}\r',
    b' {"a" : "$" , "x":\t# } ',
    b'{"a": [#, #], "x": "$"}',
    b'{"a": "$", "a": "$", "x": #}',
    b'{"x": #, "b": #}',
]
MARKS = (b"$", b"#")


def _line(shape: bytes, random: Random, odd: float) -> bytes:
    """Fill a shape: mostly with what lines usually hold, and now and then with what they should not."""
    text = b""
    for sign in (shape[i : i + 1] for i in range(len(shape))):
        if sign not in MARKS:
            text += sign
        elif random.random() < odd:
            text += random.choice(STRINGS if sign == b"$" else SCALARS)
        else:
            text += random.choice(USUAL_STRINGS if sign == b"$" else USUAL_SCALARS)
    if random.random() < odd / 8:
        at = random.randrange(len(text))
        text = text[:at] + random.choice([b"", b'"', b",", b"}", b"\\", b" ", b"9"]) + text[at + random.randrange(2) :]
    return text


@given(
    st.randoms(use_true_random=False),
    st.lists(st.sampled_from(SHAPES), min_size=1, max_size=3),
    st.sampled_from([0, 0.02, 0.3]),
)
def test_lines_together_give_what_they_give_in_small_files(random: Random, shapes: list[bytes], odd: float) -> None:
    raws = [_line(random.choice(shapes), random, odd) for _ in range(random.choice([1, 60, 150]))]
    small = [raws[at : at + FEW - 1] for at in range(0, len(raws), FEW - 1)]  # too few for a shape
    assert whole(b"\n".join(raws) + b"\n", WANTED, type="jsonl") == _joined([_read(part) for part in small])


def _read(raws: list[bytes]) -> Whole:
    return whole(b"\n".join(raws) + b"\n", WANTED, type="jsonl")


def _joined(parts: list[Whole]) -> Whole:
    first = parts[0]
    for one in parts[1:]:
        before = first.read
        for name in WANTED:
            first.columns[name] += one.columns[name]
        for name, lines in one.mixed.items():
            first.mixed[name] = first.mixed.get(name, []) + [line + before for line in lines]
        first.lines += [line + before for line in one.lines]
        first.malformed += [(line + before, reason) for line, reason in one.malformed]
        first.repeat += one.repeat
        first.skipped += Counter(one.skipped)
        first.dropped |= one.dropped
        first.missing = (first.missing or set()) & (one.missing or set())
        first.read += one.read
    return first


LINE = b'{"a": "x", "b": {"c": 1, "d": null}, "t": [1]}'


def _taken(shape: bytes, *lines: bytes) -> list[bool]:
    found = Shape.of(shape, ("a", "b.c"))
    assert found is not None
    marks = Marks.of(Frame(b"".join(line + b"\n" for line in lines), 1, len(lines)))
    good, _ = found.take(marks, np.arange(len(lines)))
    return [bool(one) for one in good]


def test_a_shape_takes_lines_that_differ_in_their_scalars_alone() -> None:
    other = b'{"a": "", "b": {"c": -0.25, "d": true}, "t": [null]}'
    assert _taken(LINE, LINE, other) == [True, True]


@pytest.mark.parametrize(
    "line",
    [
        b'{"a": "x", "b": {"c": 1, "e": null}, "t": [1]}',
        b'{"a": "x", "b": {"c": 1, "d": null}, "t": [1] }',
        b'{"a": "x", "b": {"c": 01, "d": null}, "t": [1]}',
        b'{"a": "x", "b": {"c": 1e5, "d": null}, "t": [1]}',
        b'{"a": "x", "b": {"c": 1, "d": nul}, "t": [1]}',
        b'{"a": "x", "b": {"c": 1, "d": {}}, "t": [1]}',
        b'{"a": "x", "b": {"c": 1, "d": null}, "t": [1, 2]}',
        b'{"a": "x", "b": {"c": 1, "d": null}, "t": []}',
        b'{"a": "x", "b": {"c": , "d": null}, "t": [1]}',
        b'{"a": "x", "b": {"c": [0.4, 0.5], "d": null}, "t": [1]}',
    ],
)
def test_a_shape_leaves_every_other_line(line: bytes) -> None:
    assert _taken(LINE, LINE, line) == [True, False]
    assert _taken(LINE, *[LINE] * FEW, line) == [True] * FEW + [False], "so it is among scalars that repeat"


def test_a_long_text_is_compared_with_no_line_that_is_shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else one line with a name of a megabyte takes that much memory for each other line of its frame."""
    compared, same = [], Marks.same

    def counted(self: Marks, at: np.ndarray, text: bytes) -> np.ndarray:
        compared.append(len(at) * len(text))
        return same(self, at, text)

    monkeypatch.setattr(Marks, "same", counted)
    name = b"n" * 10_000
    assert _taken(b'{"' + name + b'": "x", "a": "y"}', *[LINE] * FEW) == [False] * FEW
    assert sum(compared) < FEW * len(LINE)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"a": "x", "a": "y"}', "a key twice"),
        (b'{"a": {"k": "x"}}', "a wanted field is an object"),
        (b'{"a": ["x"]}', "a wanted field is a list"),
        (b'{"a": "x", "b": 1}', "whether b counts as unwanted depends on its being null"),
        (b'{"a": [1, 2]}', "nothing tells the scalars of the list apart"),
        (b'{"a": "x"} {}', "no JSON"),
        (b'["a", "x"]', "no object"),
        (b"{}", "no scalar"),
    ],
)
def test_what_cannot_be_relied_on_has_no_shape(line: bytes, why: str) -> None:
    assert Shape.of(line, ("a", "b.c")) is None, why
