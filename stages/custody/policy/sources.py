"""`sources`: what is read, in which format, from whom and for what."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from custody.policy.forms import SHA256
from custody.policy.model import Closed, Day, Field_, Id, Pattern, Text


def _inside(path: str) -> str:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "\\" in path or path != str(pure):
        raise ValueError("must be a plain relative path inside the project, without '..'")
    return path


ProjectPath = Annotated[str, StringConstraints(min_length=1, max_length=1000), AfterValidator(_inside)]


class Format(Closed):
    """What all formats share: how their times are read and how much of them is read."""

    encoding: Literal["auto", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"] = "auto"
    """auto: by byte-order mark, else UTF-8; a record that is not is malformed."""
    time: Text = "auto"
    """auto (ISO 8601, or what a shipped pattern or Zeek defines), iso, syslog, clf, epoch_s, epoch_ms, epoch_us, or a
    strptime format."""
    tz: Text = "UTC"
    """IANA zone of times that carry none."""
    year: Annotated[int, Field(ge=1970, le=2262)] | None = None
    """Year of times that carry none (syslog, a strptime format without %Y)."""
    max_expanded_bytes: Annotated[int, Field(ge=1)] = 16 * 2**30
    """A compressed file that expands beyond this stops the run."""
    max_record_bytes: Annotated[int, Field(ge=64, le=2**28)] = 16 * 2**20
    """A longer record is malformed."""


class Csv(Format):
    """Delimited text (RFC 4180 and its dialects)."""

    type: Literal["csv"]
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    """Between fields; a tab for TSV."""
    quote: Annotated[str, StringConstraints(max_length=1)] = '"'
    """Empty: no quoting."""
    escape: Annotated[str, StringConstraints(max_length=1)] = ""
    """Escape character inside quotes; empty: a doubled quote."""
    header: bool = True
    """The first record names the columns."""
    names: tuple[Text, ...] = ()
    """Column names of a file without a header, and only of such a one."""


class Jsonl(Format):
    """One JSON object per line (JSON Lines)."""

    type: Literal["jsonl"]


class Json(Format):
    """One JSON document that holds an array of objects; it is held in memory whole, so at most 1 GiB."""

    type: Literal["json"]
    records: str = ""
    """Dotted path to the array; empty: the document is the array."""


class Parquet(Format):
    """Apache Parquet."""

    type: Literal["parquet"]


class Zeek(Format):
    """Zeek's tab-separated logs with their `#fields` and `#types` lines."""

    type: Literal["zeek"]


class Lines(Format):
    """Text lines that a pattern with named groups takes apart."""

    type: Literal["text"]
    pattern: Text
    """`sshd`, `syslog` or `combined` (shipped), or an RE2 pattern with named groups `(?P<name>…)`."""
    unmatched: Literal["skip", "malformed"] = "malformed"
    """What becomes of a line that the pattern does not claim."""
    skip: Pattern | None = None
    """Lines that this pattern finds are skipped."""


class Document(Format):
    """One file, one record."""

    type: Literal["document"]
    kind: Literal["email", "text"] = "text"
    """email is taken apart (RFC 5322), text is one body."""


AnyFormat = Annotated[Csv | Jsonl | Json | Parquet | Zeek | Lines | Document, Field(discriminator="type")]


class Provenance(Closed):
    """Who answers for the source and why it may be used; `unknown` is accepted here and refused by the gate."""

    owner: Text
    """A team, never a person: it stands in dvc.lock in the clear."""
    license: Text
    """SPDX identifier."""
    basis: Text
    """Legal basis, for example security, contract, consent."""
    review_by: Day
    """The gate refuses after this day."""


class Source(Closed):
    """One source: files of one format from one owner."""

    path: ProjectPath
    """A file, or a glob, inside the project."""
    description: Text | None = None
    """What it is, for people."""
    format: AnyFormat
    columns: Annotated[dict[Field_, Text], Field(min_length=1)]
    """Ours: theirs. A dotted path reaches into nested records."""
    provenance: Provenance
    purposes: Annotated[tuple[Id, ...], Field(min_length=1)]
    """What records of this source may be used for."""
    sha256: Annotated[str, StringConstraints(pattern=SHA256)] | None = None
    """Pinned digest of the file's plain content; another content stops the run. Not for a glob."""
    plaintext: Text | None = None
    """Why this source may lie in DVC's cache and remotes unsealed; without a reason that stops the run."""
