"""Guess how a raw file is written: its format and the names of its fields, from the first mebibyte of it.

Field names come out of headers, keys and patterns. What could be a value is never returned: not the first line of a
file without a header, and no JSON key that is not a plain identifier, nor one of an object that is keyed by values
(`custody.profiling.keys`); `UNNAMED` or `UNTOLD` stands in its place.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError
from custody.profiling.keys import OBJECTS, is_name, paths

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 2**20
"""Bytes of expanded content that are looked at."""
LINES = 50
UNTOLD = "<path to the records>"
"""Stands for a path that a person fills in."""
KEYED = "an object is keyed by what may be values (people, addresses, numbers): its keys are not told"
DELIMITERS = ",\t;|"

_SYSLOG = re.compile(r"^(?:<\d+>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ ")
_SSHD = re.compile(r" sshd(?:-session)?\[\d+\]: ")
_COMBINED = re.compile(r'^\S+ \S+ .* \[\d\d/[A-Z][a-z]{2}/\d{4}:[\d:]{8} [+-]\d{4}\] "')
_MAIL = re.compile(
    r"^(?:Received|Return-Path|Delivered-To|From|Date|Message-ID|MIME-Version|Subject|To): ", re.IGNORECASE
)
_ADDRESS = re.compile(r"\w@\w")
_NAME = re.compile(r"^[A-Za-z_@#][\w .:/()@#%-]{0,62}$")


@dataclass(frozen=True)
class Guess:
    """A format in the policy's words, and the names of the fields."""

    format: dict[str, Any]
    fields: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    """What a person has to look at."""


def guess(path: Path) -> Guess:
    """Look at a file; what nothing recognizes is text without a pattern."""
    if _begins(path, 4) == b"PAR1":
        return _parquet(path)
    head = _head(path)
    if head[:4] == b"PAR1":
        return Guess({"type": "parquet"})
    text = _decoded(head)
    lines = [line for line in text.splitlines()[:LINES] if line.strip()]
    if not lines:
        return Guess({"type": "text", "pattern": "(?P<text>.*)"}, notes=("no line of the file could be read",))
    for look in (_zeek, _json, _log, _mail, _csv):
        found = look(lines, text)
        if found is not None:
            return found
    return Guess({"type": "text", "pattern": "(?P<text>.*)"}, ("text",), ("no format was recognized; write a pattern",))


def _begins(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def _head(path: Path) -> bytes:
    """Return the first bytes of the plain content, as many as can be expanded."""
    from custody.sources.streams.compression import DAMAGE, compression, expand  # noqa: PLC0415  # late: imports Arrow

    if compression(_begins(path, 10)) == "zip":
        try:
            with zipfile.ZipFile(path) as archive, archive.open(archive.infolist()[0]) as member:
                return member.read(HEAD)
        except (*DAMAGE, OSError, ValueError, IndexError):
            return b""
    head = b""
    with path.open("rb") as file:
        try:
            stream = expand(file, 16 * HEAD)
            while len(head) < HEAD and (block := stream.read(2**16)):
                head += block
        except CustodyError:
            return head
    return head


def _decoded(head: bytes) -> str:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            return head.decode(name, errors="replace")
    return head.decode("utf-8", errors="replace")


def _parquet(path: Path) -> Guess:
    import pyarrow as pa  # noqa: PLC0415  # late: only such a file needs it
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        return Guess({"type": "parquet"}, tuple(pq.read_schema(path).names))
    except (pa.ArrowException, OSError):
        return Guess({"type": "parquet"}, notes=("the file looks damaged",))


def _zeek(lines: list[str], _: str) -> Guess | None:
    names = next((line.split("\t")[1:] for line in lines if line.startswith("#fields\t")), None)
    return None if names is None else Guess({"type": "zeek"}, tuple(names))


def _json(lines: list[str], text: str) -> Guess | None:
    whole = text.lstrip()
    if whole[:1] not in {"{", "["}:
        return None
    first = [one for one in map(_object, lines) if one is not None]
    if whole[0] == "{" and len(first) * 2 > len(lines):
        return _named_by({"type": "jsonl"}, [_object(line) for line in text.splitlines()[:OBJECTS]])
    return _named_by({"type": "json"}, _elements(whole)) if whole[0] == "[" else _inside(_object(text))


def _named_by(format_: dict[str, Any], records: list[Any], *notes: str) -> Guess:
    """Return the fields of records; what is keyed by values is said."""
    fields, keyed = paths([one for one in records if isinstance(one, dict)])
    return Guess(format_, fields, (*notes, KEYED) if keyed else notes)


def _elements(text: str) -> list[Any]:
    """Return the first objects of an array whose end may lie beyond what was read."""
    decoder, place = json.JSONDecoder(), 1
    found: list[Any] = []
    while len(found) < OBJECTS:
        place += len(text[place:]) - len(text[place:].lstrip(" \t\r\n,"))
        try:
            element, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        found.append(element)
    return [one for one in found if isinstance(one, dict)]


def _inside(document: Any) -> Guess | None:
    """Return a document whose records stand in an array under one of its keys."""
    if not isinstance(document, dict):
        return None
    for name, value in document.items():
        records = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
        if records:
            if is_name(name):
                return _named_by({"type": "json", "records": name}, records)
            note = "the key of the records may be a value, so it is not shown; write the path in records by hand"
            return _named_by({"type": "json", "records": UNTOLD}, records, note)
    return Guess({"type": "json"}, notes=("no array of records was found; set records to its path",))


def _object(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _log(lines: list[str], _: str) -> Guess | None:
    for name, form in (("combined", _COMBINED), ("syslog", _SYSLOG)):
        if sum(form.match(line) is not None for line in lines) * 2 > len(lines):
            return _shipped("sshd" if name == "syslog" and any(map(_SSHD.search, lines)) else name)
    return None


def _shipped(name: str) -> Guess:
    from custody.sources.formats.patterns import MESSAGE_FIELDS, PATTERNS  # noqa: PLC0415

    groups = re.findall(r"\(\?P<(\w+)>", PATTERNS[name])
    fields = tuple(dict.fromkeys([*groups, *(("event", *MESSAGE_FIELDS) if name == "sshd" else ())]))
    if name == "combined":
        return Guess({"type": "text", "pattern": name}, fields)
    return Guess({"type": "text", "pattern": name, "unmatched": "skip"}, fields, ("syslog writes no year: set year",))


def _mail(lines: list[str], _: str) -> Guess | None:
    if len(lines) < 3 or not all(_MAIL.match(line) or line[0] in " \t" for line in lines[:3]):  # noqa: PLR2004
        return None
    return Guess({"type": "document", "kind": "email"})


def _csv(lines: list[str], _: str) -> Guess | None:
    delimiter = max(DELIMITERS, key=lambda one: _steady(lines, one))
    if not _steady(lines, delimiter):
        return None
    format_: dict[str, Any] = {"type": "csv"} | ({} if delimiter == "," else {"delimiter": delimiter})
    names, *rows = csv.reader(lines, delimiter=delimiter)
    if all(map(_named, names)) and len(set(names)) == len(names) and not _recurs(names, rows):
        return Guess(format_, tuple(names))
    numbered = [f"field_{i}" for i in range(1, len(names) + 1)]
    note = "the first line does not look like a header; give the columns their names"
    return Guess({**format_, "header": False, "names": numbered}, tuple(numbered), (note,))


def _named(text: str) -> bool:
    """A text of a name's form; an e-mail address is a value."""
    return _NAME.match(text.strip()) is not None and _ADDRESS.search(text) is None


def _recurs(names: list[str], rows: list[list[str]]) -> bool:
    """True where a line below has one of the first line's texts in the same place: then the first is data as well."""
    return any(name and name == text for row in rows for name, text in zip(names, row, strict=False))


def _steady(lines: list[str], delimiter: str) -> int:
    """Return how many fields a delimiter makes when nearly every line agrees, else 0."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:
        return 0
    usual = max(set(widths), key=lambda one: (widths.count(one), one))
    return usual if usual > 1 and widths.count(usual) * 10 >= len(widths) * 8 else 0
