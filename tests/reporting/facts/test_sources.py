"""Sources with what they stand on."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from custody.reporting.facts.sources import FILES, sources
from custody.reporting.reading import Stage

if TYPE_CHECKING:
    from custody.reporting.facts.report import Report


def test_digests_are_those_of_the_files(yes: Report, released: Path) -> None:
    told = {file.sha256 for source in yes.sources for file in source.files}
    assert told == {hashlib.sha256(path.read_bytes()).hexdigest() for path in (released / "data/sources").iterdir()}
    assert {source.id: source.license for source in yes.sources}["alerts"] == "CC-BY-4.0"


def test_a_thousand_files_are_cut_and_said_to_be(reading: Any) -> None:
    read = reading()
    body = read.body("collect")
    many = {"edge": {**body["sources"]["edge"], "files": [{"id": str(i)} for i in range(FILES + 7)]}}
    [source] = sources(replace(read, stages={"collect": Stage({**body, "sources": many}, "")}))
    assert (len(source.files), source.files_left_out) == (FILES, 7)


def test_first_and_last_day_are_told_only_where_times_do_not_speak_of_people(reading: Any) -> None:
    read = reading()
    assert {file.first for source in sources(read) for file in source.files} == {None}
    privacy = read.policy.privacy
    plain = privacy.columns["ts"].model_copy(update={"role": "insensitive"})
    columns = privacy.model_copy(update={"columns": {**privacy.columns, "ts": plain}})
    told = sources(replace(read, policy=read.policy.model_copy(update={"privacy": columns})))
    assert all(file.first and file.last for source in told for file in source.files)
