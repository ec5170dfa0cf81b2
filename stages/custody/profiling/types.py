"""The type of a column: the first that nearly all of its values are of, as collect converts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from custody.profiling import names
from custody.sources.values import addresses, epochs, numeric, times
from custody.sources.values.times import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from custody.policy.schema import FieldType
    from custody.sources.values.converted import Converted

ENOUGH: Final = 0.95
"""Share of the values that must be of a type."""
EPOCHS: Final = {"epoch_s": (10, 10), "epoch_ms": (13, 13), "epoch_us": (16, 16)}
"""Digits before the point of a time of our day, per unit."""
FORMS: Final = (
    "iso", "clf", "%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d",
    "%Y%m%d%H%M%S", "%Y%m%d", "%d-%b-%Y %H:%M:%S", "%b %d %Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y",
)  # fmt: skip
_URL: Final = r"^[A-Za-z][A-Za-z0-9+.-]{1,15}://"
_PROSE: Final = r"\s\S+\s"
LONG: Final = 64
FEW: Final = 50


@dataclass(frozen=True)
class Typed:
    """A column's type and its values of that type."""

    kind: FieldType
    values: pa.Array
    fit: float
    """Share of present values that are of the type."""
    reason: str


def time_form(columns: Mapping[str, pa.Array]) -> str | None:
    """Return the form in which a source writes its times, in the policy's words; None where no column holds times.

    The column with a time's name that most values fit decides; of equals ISO 8601 wins, since it is unambiguous.
    """
    best: tuple[float, int, str] = (0.0, 0, "")
    for name, texts in columns.items():
        if not names.words(name) & names.TIMES or texts.null_count == len(texts):
            continue
        for rank, form in enumerate((*FORMS, *EPOCHS)):
            fit = _fit(_times(texts, form), texts)
            best = max(best, (fit, -rank, form))
    return best[2] if best[0] >= ENOUGH else None


def typed(name: str, texts: pa.Array, clock: Clock | None) -> Typed:
    """Return the type of a column; without any value it is text of which nothing is known."""
    if texts.null_count == len(texts):
        return Typed("text", texts, 0.0, "no value was seen")
    hints = names.words(name)
    for kind, convert, reason in _order(hints, clock):
        done = convert(texts)
        fit = _fit(done, texts)
        if fit >= ENOUGH and (kind != "boolean" or _words(texts)):
            return Typed(kind, done.values, fit, reason)
    return Typed(*_text(hints, texts))


def _order(hints: frozenset[str], clock: Clock | None) -> list[tuple[FieldType, Callable[[pa.Array], Converted], str]]:
    ways: list[tuple[FieldType, Callable[[pa.Array], Converted], str]] = [
        ("mac", addresses.mac, "hardware addresses"),
        ("ip", addresses.ip, "IP addresses"),
        ("email", addresses.email, "e-mail addresses"),
        ("boolean", numeric.boolean, "yes or no"),
        ("integer", numeric.integer, "whole numbers"),
        ("number", numeric.number, "numbers"),
    ]
    if clock is None:
        return ways
    time: tuple[FieldType, Callable[[pa.Array], Converted], str] = (
        "timestamp",
        lambda texts: times.instants(texts, clock),
        "times",
    )
    numbered = clock.form in epochs.UNITS or not {"-", "/", ".", ":"} & set(clock.form.replace("iso", "-"))
    if numbered:  # digits alone are a time only in a column that is called one
        return [time, *ways] if hints & names.TIMES else ways
    return [time, *ways]


def _text(hints: frozenset[str], texts: pa.Array) -> tuple[FieldType, pa.Array, float, str]:
    present = texts.drop_null()
    distinct = len(present.unique())
    prose = pc.sum(pc.match_substring_regex(present, _PROSE)).as_py() or 0
    longest = pc.max(pc.utf8_length(present)).as_py()
    if (pc.sum(pc.match_substring_regex(present, _URL)).as_py() or 0) >= ENOUGH * len(present):
        return "url", texts, 1.0, "URLs"
    if prose * 10 > len(present) or longest > LONG * 4:
        return "text", texts, 1.0, "free text"
    if hints & names.PERSON:
        return "user", texts, 1.0, "its name says that it names people"
    if hints & names.HOSTS:
        return "host", texts, 1.0, "its name says that it names machines"
    if distinct <= FEW or distinct * 20 <= len(present):
        return "category", texts, 1.0, "few distinct values"
    return ("text" if prose or longest > LONG else "category"), texts, 1.0, "short texts, many of them distinct"


def _times(texts: pa.Array, form: str) -> Converted:
    if form in EPOCHS:
        low, high = EPOCHS[form]
        shaped = pc.match_substring_regex(texts, rf"^[0-9]{{{low},{high}}}(?:\.[0-9]*)?$")
        texts = pc.if_else(pc.fill_null(shaped, False), texts, "-")  # noqa: FBT003  # Arrow's own signature
    return times.instants(texts, Clock(form, "UTC", None, "format"))


def _fit(done: Converted, texts: pa.Array) -> float:
    present = len(texts) - texts.null_count
    return (len(done.values) - done.values.null_count) / present if present else 0.0


def _words(texts: pa.Array) -> bool:
    """Yes and no in words; 0 and 1 may be counts."""
    return bool(pc.any(pc.match_substring_regex(texts, "^[A-Za-z]+$")).as_py())
