"""Look at a file column by column: what a draft of policy is written from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from custody.profiling import measures, names, personal
from custody.profiling.draft import matched
from custody.profiling.guess import UNTOLD, guess
from custody.profiling.keys import UNNAMED
from custody.profiling.sample import Sample, fields_of, format_of, sample
from custody.profiling.types import time_form, typed
from custody.sources.values import times

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa

    from custody.policy import Policy
    from custody.profiling.types import Typed
    from custody.sources.values.times import Clock


@dataclass(frozen=True)
class Column:
    """A field of the file as a column of the policy."""

    ours: str
    theirs: str
    typed: Typed
    figures: measures.Measures
    guess: personal.Guess
    known: bool
    """The policy has this column already; only the mapping is new."""
    span: tuple[float, float] | None
    """A rounded range, of numbers that name nobody."""
    pattern: str | None
    """A pattern of character classes."""


@dataclass(frozen=True)
class Profile:
    """What was seen of a file."""

    format: dict[str, Any]
    columns: tuple[Column, ...]
    sample: Sample
    notes: tuple[str, ...]
    """What a person has to look at."""


def profile(path: Path, policy: Policy | None) -> Profile:
    """Look at a file; columns that the policy has already, by name and type, are taken for those."""
    found = guess(path)
    words, notes = dict(found.format), list(found.notes)
    fields = tuple(name for name in dict.fromkeys(fields_of(words, found.fields)) if name not in {UNNAMED, ""})
    if words.get("records") == UNTOLD or not fields:
        return Profile(
            words, (), Sample({}, 0, 0, 0, whole=False), (*notes, "no field could be named; add columns by hand")
        )
    seen = sample(path, words, fields)
    clock, said = _clock(words, seen, policy)
    notes += said
    external = policy is not None and policy.dataset.audience == "external"
    schema = {} if policy is None else dict(policy.fields)
    looked = {name: typed(name, texts, clock) for name, texts in seen.columns.items()}
    names_ = _names(looked, schema)
    columns = tuple(
        _column(names_[name], name, seen.columns[name], looked[name], (names_[name] in schema, external))
        for name in fields
    )
    if not seen.whole:
        notes.append(f"only the first {seen.records + seen.malformed + seen.skipped:,} records were looked at")
    return Profile(words, columns, seen, tuple(notes))


def _clock(words: dict[str, Any], seen: Sample, policy: Policy | None) -> tuple[Clock | None, list[str]]:
    """Settle how times are read, in `words` too where it must be said; nothing where no column holds times."""
    notes = []
    if words["type"] == "text" and words.get("pattern") in {"sshd", "syslog"} and policy is not None:
        words["year"] = int(policy.dataset.as_of[:4])
        notes.append("the year is that of dataset.as_of; a wrong one moves every record")
    shipped = words["type"] == "zeek" or words.get("pattern") in {"sshd", "syslog", "combined"}
    if not shipped:
        form = time_form(seen.columns)
        if form is None:
            return None, notes
        if form != "iso":
            words["time"] = form
            notes.append("the form of its times is a guess; see that day and month are not swapped")
    form_ = format_of({"year": 2000, **words})
    return times.clock(form_, "format"), notes


def _names(looked: Mapping[str, Typed], schema: Mapping[str, str]) -> dict[str, str]:
    """Theirs: ours. A column of the policy is taken where name and type agree, else a new name is made."""
    same = {theirs: ours for ours, theirs in matched(looked, schema).items() if looked[theirs].kind == schema[ours]}
    fresh = names.ours([name for name in looked if name not in same], schema)
    return {**same, **fresh}


def _column(ours: str, theirs: str, texts: pa.Array, one: Typed, told: tuple[bool, bool]) -> Column:
    known, external = told
    figures = measures.measures(texts)
    guessed = personal.role(theirs, one, figures, external=external)
    plain = not guessed.personal
    numbers = one.kind in {"integer", "number"}
    return Column(
        ours=ours,
        theirs=theirs,
        typed=one,
        figures=figures,
        guess=guessed,
        known=known,
        span=_span(theirs, one) if numbers and plain else None,
        pattern=measures.pattern(texts) if one.kind == "category" and not guessed.listed else None,
    )


def _span(theirs: str, one: Typed) -> tuple[float, float] | None:
    """A port has a range of its own (RFC 6335)."""
    return (0.0, 65_535.0) if names.words(theirs) & names.PORTS and one.kind == "integer" else measures.span(one)
