"""Input of a size or shape that is meant to hurt gets a right answer, and nothing raw is left in it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pytest

from custody.privacy.leaks.searching import search_for
from custody.privacy.techniques import redact_text
from custody.privacy.techniques import registry as techniques
from custody.privacy.text.search import ANY
from privacy import folders
from privacy.known_names import build
from support import ZONE

SIZE = 10_000_000
"""Bytes of a message."""
PEOPLE = 200_000
NAMES = build(
    {"user": ["bartholomea", "anna lee", "q7"], "email": ["anna.lee@corp.example"], "src_ip": ["10.77.20.248"]}
)
SECRETS = (
    "bartholomea",
    "anna lee",
    "anna.lee@corp.example",
    "10.77.20.248",
    "10-77-20-248",
    b"bartholomea".hex(),
)
WRITTEN = [
    "bartholomea", "ANNA LEE", "anna.lee@corp.example", "10.77.20.248", "ip-10-77-20-248", "user=q7",
    quote("".join(f"%{byte:02x}" for byte in b"bartholomea")), json.dumps(json.dumps("anna.lee\u0040corp.example")),
    "".join(f"\\u{ord(character):04x}" for character in "bartholomea"),
    base64.b64encode(b"the user bartholomea was here").decode(),
    base64.b64encode("net user bartholomea".encode("utf-16-le")).decode(),
]  # fmt: skip
FILLERS = {
    "words": "session opened by nobody at noon; ",
    "one word": "x",
    "base64": base64.b64encode(bytes(range(256)) * 3).decode(),
    "base64 of text": base64.b64encode(b"nothing to be seen in here, go on. " * 3).decode(),
    "escapes": "%2541\\u0041&#65;=41",
    "parts of names": "bartholome anna anna ",
    "addresses": "10.77.20.24 ",
    "an address without an end": "10.77.20.",
    "cues": "user=",
    "at signs": "a@",
    "white space": " \t",
    "colons": ":a",
    "brackets": '{"a":[',
    "letters of four bytes": "\U0001f600",
}


@pytest.mark.parametrize(
    ("label", "size"),
    [("words", SIZE), ("base64 of text", SIZE), ("one word", SIZE), ("base64", 2**20), ("escapes", 2**20)],
)
def test_a_message_of_ten_megabytes_is_redacted_from_its_first_to_its_last_word(label: str, size: int) -> None:
    filler = FILLERS[label]
    gap = f" {filler * (size // len(WRITTEN) // len(filler))} "
    message = gap.join(f" {one} " for one in WRITTEN)
    assert len(message.encode()) > 0.9 * size
    redacted = redact_text.apply(pa.array([message, "by bartholomea"]), NAMES).values
    assert len(search_for(NAMES).find(redacted, whole=ANY)) == 0
    lowered = redacted[0].as_py().lower()
    assert not [secret for secret in SECRETS if secret in lowered]
    assert redacted[1].as_py() == f"by {NAMES.replacements[NAMES.names.index('bartholomea').as_py()]}"
    assert len(lowered) > 0.8 * size, "what names nobody stays"


@pytest.mark.parametrize("label", FILLERS)
def test_a_repeated_piece_of_a_pattern_neither_hides_a_name_nor_stops_the_search(label: str) -> None:
    filler = FILLERS[label] * (100_000 // len(FILLERS[label]))
    texts = pa.array([f"{filler} {name} {filler}" for name in ("bartholomea", "anna.lee@corp.example", "10.77.20.248")])
    assert {*NAMES.find(texts).row.tolist()} == {0, 1, 2}
    redacted = redact_text.apply(texts, NAMES).values
    assert len(NAMES.find(redacted)) == 0
    assert not [cell for cell in redacted.to_pylist() for secret in SECRETS if secret in cell]


NESTED = ("^(a+)+$", "^(a|aa)+$", "^(a|a?)+$", "(.*a){12}$", "^(([a-z])+.)+[A-Z]([a-z])+$")


@pytest.mark.parametrize("pattern", NESTED)
def test_a_pattern_of_the_policy_that_others_choke_on_is_matched_in_linear_time(pattern: str) -> None:
    policy = folders.privacy(
        {"message": {"role": "insensitive", "technique": "suppress", "scope": "cell", "matches": pattern}}
    )
    texts = ["a" * 100_000 + "!", "b" * 100_000, "a" * 12 if "A-Z" not in pattern else "ab.Ab"]
    done = techniques.transform(pa.array(texts), policy.columns["message"], "text", ZONE).values
    assert done is not None
    assert done.to_pylist() == [texts[0], texts[1], None]


def test_as_many_people_as_records_get_a_token_each_and_none_is_left(tmp_path: Path) -> None:
    rows = [
        {"user": f"person.{i:06}x", "message": f"session of person.{i:06}x from 10.0.0.1", "ts": folders.at(1 + i % 20)}
        for i in range(PEOPLE)
    ]
    candidate = folders.anonymized(tmp_path, [folders.Source(rows)], folders.privacy())
    assert candidate.body["leaks"]["residual"] == 0
    table = candidate.rows
    tokens = table.column("user").to_pylist()
    assert len({*tokens}) == PEOPLE
    assert table.column("message").to_pylist() == [f"session of {token} from <ip>" for token in tokens]
    assert not [name for name in tokens if "person" in name]
    assert "person.0" not in json.dumps(candidate.body)
