"""Primitives of what the demo's policy asks for beyond the pipeline: one for each further step, named.

validate   conflicting labels and floods of copies: rows per (features, label), hashed; sources of one class, balance
           and constant features: rows per value; outliers: median of each number twice (deviations from it).
           The label audit, drift and appended blocks look at samples, or wait for an anchor: nothing.
anonymize  per detector one pass for its cues and its patterns over what holds one; per measure of risk one group count
           over (group, subject, value); the leak scan's search holds every spelling (as it is, upper case, URL, JSON,
           three alignments of base64; addresses as numbers, dashed, reversed) in place of the plain one.
"""

from __future__ import annotations

import base64
import ipaddress
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow.compute as pc

from benchmarks.clock import clocked
from benchmarks.primitives import GROUP, Data, searched
from custody.policy import load
from custody.privacy.detect.detecting import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from custody.privacy.detect.rules import Rule

LEAKS = "multi-pattern search in its text: leak scan"
NUMBERS = ("attempts", "failures", "threat_score")


def added(least: dict[str, dict[str, float]], data: Data) -> dict[str, dict[str, float]]:
    """Return the pipeline's primitives with those of the further steps."""
    anonymize = {**least["anonymize"], LEAKS: searched(data.candidate.column("message"), spelled(data.known))}
    anonymize |= {f"regex over text: {name}": detector(data, rules) for name, rules in BUILT_IN.items()}
    anonymize |= {f"group count: {name}": seconds for name, seconds in measures(data)}
    return {**least, "validate": {**least["validate"], **dict(signals(data))}, "anonymize": anonymize}


def signals(data: Data) -> Iterator[tuple[str, float]]:
    """Yield the steps of signals."""
    quality = load().quality
    frame = pl.DataFrame(pl.from_arrow(data.collected.select(["!source", *quality.features, str(quality.label)])))
    features, label, source = list(quality.features), str(quality.label), "!source"
    counts: dict[str, Callable[[], Any]] = {
        "row hash and group count: conflicting labels": lambda: copies(frame, [*features, label]),
        "row hash and group count: duplicate flood": lambda: copies(frame, [source, *features, label]),
        "group count: one class": lambda: frame.group_by(source, label).len(),
        "group count: balance": lambda: frame.group_by("department", label).len(),
        "group count: constant": lambda: [frame[name].value_counts() for name in features],
        "medians: outliers": lambda: [deviations(frame[name]) for name in NUMBERS],
    }
    for name, work in counts.items():
        yield name, clocked(work)


def copies(frame: pl.DataFrame, names: list[str]) -> Any:
    """How many rows each hash of these columns has."""
    return frame.select(names).hash_rows().value_counts()


def deviations(values: pl.Series) -> Any:
    """The median of absolute deviations from the median."""
    return (values - values.median()).abs().median()


def detector(data: Data, rules: Sequence[Rule]) -> float:
    """CPU seconds of one detector: texts with one of its cues, then all of its patterns at once over these."""
    texts, cues = pl.Series(data.messages), sorted({cue for one in rules for cue in one.cues})
    pattern = "|".join(f"(?:{one.pattern})" for one in rules)

    def cued() -> Any:
        held = texts.filter(texts.str.contains_any(cues, ascii_case_insensitive=True))
        return pc.match_substring_regex(held.to_arrow(), pattern)

    return min(clocked(cued), clocked(partial(pc.match_substring_regex, data.messages, pattern)))


def measures(data: Data) -> Iterator[tuple[str, float]]:
    """Yield the steps of risk per person."""
    columns = ["ts", "department", "user", "event"]
    rows = pl.DataFrame(pl.from_arrow(data.collected.select(columns))).drop_nulls("user")
    rows = rows.select("user", "event", group=pl.struct(*GROUP).hash(7))
    some = rows.filter(pl.col("user").hash(7) % 10 == 0).select("user", "group")
    counts: dict[str, Callable[[], Any]] = {
        "l and t": lambda: rows.group_by("group", "event").agg(pl.col("user").n_unique()),
        "unicity": lambda: rows.select("user", "group").unique().group_by("group").len(),
        "linkability": lambda: some.unique().group_by("group").len(),
        "inference": lambda: rows.unique().group_by("group", "event").len(),
    }
    for name, work in counts.items():
        yield name, clocked(work)


def spelled(known: Sequence[bytes]) -> list[bytes]:
    """Every spelling of every identifier."""
    found = {spelling for one in known for spelling in (*_words(one), *_numbers(one))}
    return sorted(found)


def _words(word: bytes) -> Iterator[bytes]:
    yield from (word, word.upper(), "".join(f"%{byte:02x}" for byte in word).encode())
    yield "".join(f"\\u{byte:04x}" for byte in word).encode()
    for before in range(3):
        first, cut = -(-before * 8 // 6), (before + len(word)) * 8 // 6
        yield base64.b64encode(b"\0" * before + word)[first:cut]


def _numbers(word: bytes) -> Iterator[bytes]:
    try:
        address = ipaddress.IPv4Address(word.decode())
    except ValueError:
        return
    yield from (f"{int(address):08x}".encode(), str(int(address)).encode(), word.replace(b".", b"-"))
    yield address.reverse_pointer.encode()
