"""HTML and SVG elements from plain values: every text and every attribute is escaped, and nothing else can be made.

Texts of policies and reports are untrusted. What is not printable (control characters, marks that turn the direction of
writing) becomes `?`, and a long text is cut. There is no way to write a script, a style or an event handler.
"""

from __future__ import annotations

import html
import re
from typing import Final, TypeAlias

LONGEST: Final = 1_000
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*")
_VOID = frozenset({"meta", "br", "hr", "path", "rect", "line", "circle", "polyline"})
_FORBIDDEN = frozenset({"script", "style", "iframe", "object", "embed", "base", "form", "link"})


class Markup(str):
    """Text that is markup already; only this module makes it."""

    __slots__ = ()


Child: TypeAlias = "str | Markup | int | None"


def shown(text: str) -> str:
    """Return a text that is safe to show anywhere: printable, one line, of bounded length."""
    clean = "".join(character if character.isprintable() else "?" for character in text)
    return clean if len(clean) <= LONGEST else clean[: LONGEST - 1] + "…"


def escaped(text: str) -> Markup:
    """Return a text as markup that shows it."""
    return Markup(html.escape(shown(text), quote=True))


def tag(name: str, *children: Child, **attributes: str | float | None) -> Markup:
    """Return an element; a trailing `_` of an attribute's name is dropped, another becomes `-`; None leaves it out."""
    if not _NAME.fullmatch(name) or name in _FORBIDDEN:
        raise ValueError(name)
    words = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    if name in _VOID and not children:
        return Markup(f"<{name}{words}>") if name in {"meta", "br", "hr"} else Markup(f"<{name}{words}/>")
    return Markup(f"<{name}{words}>{join(*children)}</{name}>")


def join(*children: Child) -> Markup:
    """Return elements and texts one after the other."""
    return Markup("".join(one if isinstance(one, Markup) else escaped(str(one)) for one in children if one is not None))


def _attribute(key: str, value: str | float) -> str:
    name = key.rstrip("_").replace("_", "-")
    if not _NAME.fullmatch(name) or name.lower().startswith("on") or name == "style":
        raise ValueError(name)
    text = str(value) if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
    if name == "href" and not text.startswith("#"):
        raise ValueError(name)
    return f' {name}="{escaped(text)}"'
