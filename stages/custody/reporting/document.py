"""A report's form, the same for the page and for Markdown: sections of paragraphs, lists, tables and drawings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from custody.reporting.tags import Markup


@dataclass(frozen=True)
class Name:
    """A name or value of the policy or a report: untrusted, shown as code."""

    text: str


@dataclass(frozen=True)
class Words:
    """Words of the policy: untrusted, read as text, but as code where a host would look for links in them."""

    text: str


@dataclass(frozen=True)
class Number:
    """A figure, ready to read."""

    text: str


@dataclass(frozen=True)
class Mark:
    """Held or broken, in a sign and a word."""

    held: bool
    word: str


@dataclass(frozen=True)
class Drawing:
    """A picture with the text that says the same."""

    svg: Markup = field(repr=False)
    text: str
    narrow: Markup | None = field(default=None, repr=False)
    """The picture for a phone's width, where the other would be too small to read."""


Part: TypeAlias = str | Name | Words | Number | Mark | Drawing
"""A plain str is the report's own words."""


@dataclass(frozen=True)
class Paragraph:
    """Words and names in a row."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Bullets:
    """A list; each item is parts in a row."""

    items: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True)
class Table:
    """Lines of cells; `folded` ones open on demand."""

    caption: str
    head: tuple[str, ...]
    lines: tuple[tuple[Part, ...], ...]
    folded: bool = False
    note: str | None = None
    """What stands below it."""


@dataclass(frozen=True)
class Beside:
    """Small tables, side by side where there is room."""

    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Tiles:
    """A few figures that matter most: what, figure, and what it is held against."""

    tiles: tuple[tuple[str, str, str], ...]


Block: TypeAlias = Paragraph | Bullets | Table | Beside | Tiles | Drawing


@dataclass(frozen=True)
class Section:
    """A part under a heading; `id` is where links lead."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """The whole: the answer on top."""

    title: str
    answer: Mark
    headline: str
    facts: tuple[tuple[str, str], ...]
    """What the data set is, in a few words each."""
    notices: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: str
