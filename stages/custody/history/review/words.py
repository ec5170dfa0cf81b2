"""A review for people: lines for a terminal, Markdown for a pull request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from custody.history.review import meaning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.history.review.meaning import Change
    from custody.history.review.reviewing import Review

SHORT: Final = 12
ORDER: Final = ("loosens", "mixed", "tightens", "equivalent")


def lines(told: Review) -> Iterator[str]:
    """Yield the answer, a line for each change, the loosest first, and what was not computed."""
    concerns = ", ".join(f"{about} {answer}" for about, answer in meaning.by_concern(told.changes).items())
    yield f"{told.base[:SHORT]} → {told.head[:SHORT]}: {told.answer}" + (f" ({concerns})" if concerns else "")
    yield from (f"  {one.line()}" for one in _loosest_first(told))
    if not told.changes:
        yield "  no key differs"
    yield f"effect: {told.effect.why}"
    yield f"attribution: {told.attribution.why}"
    if told.loosens:
        yield "What loosens or is mixed needs somebody who approves it."


def markdown(told: Review) -> str:
    """Return the same for a pull request: the answer first, the changes as a table, both digests at the end."""
    rows = [_row(one) for one in _loosest_first(told)]
    table = ["| key | answer | about | change | for example |", "|---|---|---|---|---|", *rows]
    concerns = [f"- {about}: {answer}" for about, answer in meaning.by_concern(told.changes).items()]
    upto = "" if " " in told.head else f"..{told.head[:SHORT]}"
    sides = (("base", told.base, told.digests[0]), ("head", told.head, told.digests[1]))
    parts = [
        f"## Policy review: {told.answer}",
        "\n".join(concerns),
        "\n".join(table) if rows else "No key differs.",
        f"Effect: {told.effect.why}. Attribution: {told.attribution.why}.",
        "\n".join(f"- {side} `{name[:SHORT]}`, policy `{digest}`" for side, name, digest in sides),
        f"See it with: `custody review {told.base[:SHORT]}{upto}`",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _loosest_first(told: Review) -> list[Change]:
    return sorted(told.changes, key=lambda one: (ORDER.index(one.answer), one.key))


def _row(one: Change) -> str:
    change = f"`{_code(one.old)}` → `{_code(one.new)}`"
    return f"| `{_code(one.key)}` | {one.answer} | {one.about} | {change} | {_text(one.example or '')} |"


def _code(text: str) -> str:
    """Text for a code span in a table: no backtick or pipe ends it."""
    return text.replace("`", "'").replace("|", "¦")


def _text(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~])", r"\\\1", text)
