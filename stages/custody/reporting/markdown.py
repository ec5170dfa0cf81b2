"""The report as Markdown for a pull request (GitHub's dialect): the answer and what is broken first, the rest folded.

Names and values of the policy and of reports stand in code spans, where a host finds no link, mention, picture or HTML.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from custody.reporting.document import Beside, Bullets, Drawing, Mark, Name, Number, Paragraph, Tiles, Words
from custody.reporting.tags import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.reporting.document import Block, Document, Part, Section, Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&-])")
_LINE = 600


def markdown(document: Document) -> str:
    """Return the report; the same document gives the same text."""
    return "\n\n".join(_parts(document)) + "\n"


def _parts(document: Document) -> Iterator[str]:
    yield f"## {_part(document.answer)}: {_plain(document.title)}"
    yield f"**{_plain(document.headline)}**"
    yield " · ".join(f"{_plain(name)} {_code(value)}" for name, value in document.facts)
    if document.notices:
        yield "> [!WARNING]\n" + "\n".join(f"> {_plain(notice)}" for notice in document.notices)
    for i, section in enumerate(document.sections):
        yield from _section(section, first=i == 0)
    yield f"---\n{_plain(document.foot)}"


def _section(section: Section, *, first: bool) -> Iterator[str]:
    blocks = [text for block in section.blocks for text in _block(block)]
    if first:
        yield from blocks
        return
    yield f"<details><summary>{_plain(section.title)}</summary>"
    yield from blocks
    yield "</details>"


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield "".join(map(_part, block.parts))
    elif isinstance(block, Bullets):
        yield "\n".join("- " + " ".join(map(_part, item)) for item in block.items)
    elif isinstance(block, Tiles):
        yield _grid(("figure", "value", ""), [tuple(map(_plain, tile)) for tile in block.tiles], frozenset({1}))
    elif isinstance(block, Drawing):
        if block.text:
            yield _plain(block.text)
    elif isinstance(block, Beside):
        for table in block.tables:
            yield from _table(table)
    else:
        yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    right = frozenset(i for line in table.lines for i, cell in enumerate(line) if isinstance(cell, Number))
    grid = _grid(table.head, [tuple(map(_part, line)) for line in table.lines], right)
    note = [_plain(table.note)] if table.note else []
    if table.folded:
        yield f"<details><summary>{_plain(table.caption)} ({len(table.lines):,})</summary>"
        yield from (grid, *note)
        yield "</details>"
    else:
        yield from (f"**{_plain(table.caption)}**", grid, *note)


def _grid(head: tuple[str, ...], lines: list[tuple[str, ...]], right: frozenset[int]) -> str:
    rule = ["---:" if i in right else "---" for i in range(len(head))]
    rows = [tuple(map(_plain, head)), tuple(rule), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _part(part: Part) -> str:
    if isinstance(part, Name | Words):
        return _code(part.text)
    if isinstance(part, Number | Drawing):
        return _plain(part.text)
    if isinstance(part, Mark):
        return f"{'✅' if part.held else '❌'} {_plain(part.word)}"
    return _plain(part)


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", shown(text))


def _code(text: str) -> str:
    """Return a code span of any text: fenced by more backticks than stand in it; a bar would end a table's cell."""
    clean = shown(text).strip()
    if not clean:
        return "-"
    clean = clean if len(clean) <= _LINE else clean[: _LINE - 1] + "…"
    fence = "`" * (max((len(run) for run in re.findall("`+", clean)), default=0) + 1)
    inner = clean.replace("|", "\\|")
    return f"{fence} {inner} {fence}" if "`" in clean else f"{fence}{inner}{fence}"
