"""The report as one HTML page: no script, no network, its own style alone, and a content policy that says so.

The page opens from disk. Its policy allows nothing but the one style sheet, by digest, so that even a text that got
past the escaping could neither run nor fetch anything.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib import resources
from itertools import count
from typing import TYPE_CHECKING

from custody.reporting.document import Beside, Bullets, Drawing, Mark, Name, Number, Paragraph, Table, Tiles, Words
from custody.reporting.tags import Markup, escaped, join, shown, tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.reporting.document import Block, Document, Part, Section

PAIR = 2
"""A table of so few columns is kept narrow, so that the eye finds from one to the other."""
PROSE = 40
"""A longer text in a cell is given room to be read."""
UNBROKEN = 32
"""A longer word is broken anywhere."""
_BREAK = re.compile(r"(?<=[._/:,-])")


def page(document: Document) -> str:
    """Return the page, UTF-8 text; the same document gives the same bytes."""
    ids = count(1)
    body = tag(
        "body",
        tag("a", "Skip to the report", href="#report", class_="skip"),
        _header(document),
        _contents(document),
        tag("main", *(_section(one, ids) for one in document.sections), id="report"),
        tag("footer", tag("p", document.foot)),
    )
    return f"<!DOCTYPE html>\n{tag('html', _head(document), body, lang='en')}\n"


def _head(document: Document) -> Markup:
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name_="color-scheme", content="light dark"),
        tag("meta", name_="referrer", content="no-referrer"),
        tag("title", f"{document.title}: {document.answer.word}"),
        Markup(f"<style>{style}</style>"),  # the package's own file, which the policy names by digest
    )


@cache
def _style() -> str:
    text = resources.files("custody.reporting").joinpath("page.css").read_text(encoding="utf-8")
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).strip()


def _header(document: Document) -> Markup:
    kind = "yes" if document.answer.held else "no"
    facts = [tag("div", tag("dt", name), tag("dd", value)) for name, value in document.facts]
    notices = [tag("li", notice) for notice in document.notices]
    return tag(
        "header",
        tag("p", "Custody report", class_="kicker"),
        tag("h1", document.title),
        tag("p", _sign(document.answer), tag("span", document.headline), class_=f"answer {kind}"),
        tag("dl", *facts, class_="facts"),
        tag("ul", *notices, class_="notices", role="list", aria_label="Read this first") if notices else None,
    )


def _contents(document: Document) -> Markup:
    links = [tag("li", tag("a", one.title, href=f"#{one.id}")) for one in document.sections]
    return tag("nav", tag("ul", *links), aria_label="Sections")


def _section(section: Section, ids: Iterator[int]) -> Markup:
    heading = tag("h2", section.title, id=section.id)
    return tag("section", heading, *(_block(one, ids) for one in section.blocks), aria_labelledby=section.id)


def _block(block: Block, ids: Iterator[int]) -> Markup:
    if isinstance(block, Paragraph):
        return tag("p", *map(_part, block.parts))
    if isinstance(block, Bullets):
        return tag("ul", *(tag("li", *_spaced(item)) for item in block.items), class_="reasons")
    if isinstance(block, Tiles):
        tiles = [
            tag("div", tag("dt", what), tag("dd", tag("strong", figure), tag("span", note)))
            for what, figure, note in block.tiles
        ]
        return tag("dl", *tiles, class_="tiles")
    if isinstance(block, Drawing):
        return _figure(block)
    if isinstance(block, Beside):
        return tag("div", *(tag("div", _table(one, ids)) for one in block.tables), class_="beside")
    return _folded(block, ids) if block.folded else _table(block, ids)


def _figure(drawing: Drawing) -> Markup:
    caption = tag("figcaption", drawing.text) if drawing.text else None
    if drawing.narrow is None:
        return tag("figure", drawing.svg, caption)
    return tag("figure", tag("div", drawing.svg, class_="wide"), tag("div", drawing.narrow, class_="narrow"), caption)


def _folded(table: Table, ids: Iterator[int]) -> Markup:
    lines = f" ({len(table.lines):,})"
    return tag("details", tag("summary", table.caption, tag("span", lines, class_="quiet")), _table(table, ids))


def _table(table: Table, ids: Iterator[int]) -> Markup:
    name = f"table-{next(ids)}"
    right = {i for line in table.lines for i, cell in enumerate(line) if isinstance(cell, Number)}
    heads = [
        tag("th", word or "name", scope="col", class_="figure" if i in right else None)
        for i, word in enumerate(table.head)
    ]
    whole = tag(
        "table",
        tag("caption", table.caption, id=name),
        tag("thead", tag("tr", *heads)),
        tag("tbody", *(_line(line, right) for line in table.lines)),
        class_="pairs" if len(table.head) == PAIR else None,
    )
    region = tag("div", whole, class_="scroll", role="region", aria_labelledby=name, tabindex="0")
    return join(region, tag("p", table.note, class_="note") if table.note else None)


def _line(cells: tuple[Part, ...], right: set[int]) -> Markup:
    first, *others = cells
    return tag("tr", tag("th", _part(first), scope="row"), *(_cell(one, i in right) for i, one in enumerate(others, 1)))


def _cell(part: Part, right: bool) -> Markup:  # noqa: FBT001  # of the column: its figures stand at the right
    if right:
        return tag("td", _part(part), class_="figure")
    if isinstance(part, Drawing):
        return tag("td", tag("span", part.svg, tag("span", part.text), class_="drawn"))
    text = part if isinstance(part, str) else part.text if isinstance(part, Words) else ""
    return tag("td", _part(part), class_="prose" if len(text) > PROSE else None)


def _part(part: Part) -> Markup:
    if isinstance(part, Name):
        pieces = [piece for piece in _BREAK.split(shown(part.text)) if piece]
        long = any(len(word) > UNBROKEN for piece in pieces for word in piece.split())
        return tag("code", *(join(piece, Markup("<wbr>")) for piece in pieces), class_="long" if long else None)
    if isinstance(part, Number | Words):
        return escaped(part.text)
    if isinstance(part, Mark):
        return _sign(part)
    if isinstance(part, Drawing):
        return join(part.svg, part.text)
    return escaped(part)


def _spaced(parts: tuple[Part, ...]) -> Iterator[Markup]:
    for i, part in enumerate(parts):
        yield join(" " if i else None, _part(part))


def _sign(mark: Mark) -> Markup:
    """A sign and a word, so that nothing hangs on color."""
    sign = tag("span", "✓" if mark.held else "✗", aria_hidden="true", class_="sign")
    return tag("span", sign, f" {mark.word}", class_="mark yes" if mark.held else "mark no")
