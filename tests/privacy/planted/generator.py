"""Security messages with identifiers at known places, the same for the same seed."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

from privacy.planted.values import IDENTIFIERS, PLAIN

HERE = Path(__file__).parent
SLOT = re.compile("«([a-z0-9]+)»")


@dataclass(frozen=True)
class Planted:
    """One identifier: its kind, and where it stands in its text, in characters."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Message:
    """One text, what is planted in it, and the number of its template."""

    text: str
    planted: tuple[Planted, ...]
    template: int


def templates(name: str) -> list[str]:
    """Templates of `inside`, `outside`, `later`, `latest` or `negatives`."""
    lines = (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.replace("⏎", "\n").replace("⇥", "\t") for line in lines if not line.startswith("# ")]


def messages(name: str, rounds: int, seed: int) -> list[Message]:
    """Every template of a set, `rounds` times, each time with other values."""
    draw, chosen = random.Random(seed), templates(name)  # noqa: S311  # reproducible, not secret
    return [fill(template, number, draw) for _ in range(rounds) for number, template in enumerate(chosen)]


def fill(template: str, number: int, draw: random.Random) -> Message:
    """Put values in the place of a template's slots."""
    parts, planted, length = [], [], 0
    for place, part in enumerate(SLOT.split(template)):
        text = part
        if place % 2 and part in IDENTIFIERS:
            kind, make = IDENTIFIERS[part]
            text = make(draw)
            planted.append(Planted(kind, length, length + len(text)))
        elif place % 2:
            text = PLAIN[part](draw)
        parts.append(text)
        length += len(text)
    return Message("".join(parts), tuple(planted), number)
