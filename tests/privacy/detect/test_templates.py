"""Looking at one of the texts that are alike finds what looking at each of them with every pattern would."""

from __future__ import annotations

import random
import re

import numpy as np
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from custody.privacy.detect import detecting, templates
from custody.privacy.detect.rules import found, is_spared
from custody.privacy.text import sentinels, shapes, splice
from custody.privacy.text.haystack import Haystack
from privacy.planted.generator import messages

EVERY = detecting.rules(detecting.BUILT_IN)
SPARED = frozenset(["deploy", "7", "web07"])
PLANTED = [message.text for name in ("inside", "outside", "later", "negatives") for message in messages(name, 1, 5)]
SENTINELS = [str(one) for one in sentinels.write(np.array([0, 1, 70_000, sentinels.FIRST, sentinels.FIRST + 3]))]
PARTS = [
    *SENTINELS,
    "user=", "user ", "password ", "secret ", "7", "5 ", "12", "1234", " 99/Oct/2026:", "[", "] ", " [", "(", ") ", " ",
    "for ", " from ", ": ", ":", ",", ".", "/", "=", "alice", "web07", "deploy", "sshd[4711]: ", "uid=0(",
    "S-1-5-21-1-22-333-4444", "%3d", "%22", "<13>1 ", "$5$", "host=", "key 7 ", "Jan  1 10:00:00 ", "x 32-bit", "sk12",
    "2026-10-05T10:15:30Z ", "DE89 3704 0044 0532 0130 00", "\n", '"', "'", "é", ".local",
    "7z a -pHunter22Secret ", "psexec64 -p Hunter2 ",
]  # fmt: skip


def told(texts: pa.Array) -> list[tuple[int, ...]]:
    hits = found(texts, EVERY, SPARED)
    first = Haystack(texts).offsets[hits.row]
    return sorted(
        zip(
            hits.row.tolist(),
            (hits.start - first).tolist(),
            (hits.end - first).tolist(),
            hits.identifier.tolist(),
            strict=True,
        )
    )


def plainly(texts: pa.Array) -> list[tuple[int, ...]]:
    """Every pattern over every text, without cues."""
    hits = []
    for number, rule in enumerate(EVERY):
        spans = splice.find(texts, rule.pattern, rule.marked)
        pieces = splice.pieces(texts, spans)
        length = np.where(is_spared(pieces, SPARED), 0, rule.judge(pieces))
        chosen = np.flatnonzero(length)
        hits += [(int(spans.row[i]), int(spans.start[i]), int(spans.start[i] + length[i]), number) for i in chosen]
    return sorted(hits)


def test_a_digit_of_a_program_s_name_is_no_number_whatever_stands_before_it() -> None:
    texts = pa.array([f"{sign}7z a -pHunter22Secret x.7z" for sign in ("", " ", *"/=([:,.\"'")], pa.large_string())
    assert told(texts) == plainly(texts)
    assert {row for row, *_ in told(texts)} == set(range(len(texts)))


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from(PARTS), max_size=9).map("".join), max_size=4))
@example(["1", "22 user 33", "44", "", "5"])
def test_alike_texts_need_one_look(texts: list[str]) -> None:
    column = pa.array(texts, pa.large_string())
    assert told(column) == plainly(column)


def test_planted_messages_with_other_numbers_and_addresses_need_one_look() -> None:
    draw = random.Random(3)  # noqa: S311  # reproducible
    others = [re.sub("[0-9]", lambda _: str(draw.randrange(10)), text) for text in PLANTED]
    column = shapes.redact(pa.array(PLANTED + others, pa.large_string()))
    assert told(column) == plainly(column)


def test_numbers_and_names_make_no_other_template() -> None:
    texts = [f"sshd[{i}]: port {10 + i} of {SENTINELS[i]} from 10.0.0.{i} user{i}" for i in (1, 2)]
    some = templates.alike(pa.array([*texts, texts[0]], pa.large_string()))
    assert some.which.tolist() == [0, 1, 0]  # what a word ends in is part of it
    same = templates.alike(pa.array([text[:-1] for text in texts], pa.large_string()))
    assert same.which.tolist() == [0, 0]


def test_a_text_does_not_depend_on_its_neighbors() -> None:
    texts = ["port 1", "2", "34 x", "5"]
    alone = [templates.alike(pa.array([text], pa.large_string())).texts[0].as_py() for text in texts]
    some = templates.alike(pa.array(texts, pa.large_string()))
    assert some.texts.take(pa.array(some.which)).to_pylist() == alone
