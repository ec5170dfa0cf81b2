"""No text becomes markup, whatever it is."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.reporting.tags import Markup, escaped, join, shown, tag

HOSTILE = "</code><script>alert(1)</script><img src=x onerror=alert(1)>\"' onload='x' &amp; \u202e\u2066\x00\x1b[31m"


class Seen(HTMLParser):
    """Collects what a parser makes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(name)
        self.attributes += attributes

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text() | st.just(HOSTILE))
def test_a_text_is_one_text_and_an_attribute_one_attribute(text: str) -> None:
    seen = Seen(tag("p", text, title=text))
    assert seen.tags == ["p"]
    assert seen.attributes == [("title", shown(text))]
    assert seen.text == shown(text)


def test_what_cannot_be_seen_is_shown_as_a_question_mark() -> None:
    assert shown("a\u202eb\u2066c\x00d\x1be\nf") == "a?b?c?d?e?f"
    assert len(shown("x" * 100_000)) == 1_000


@pytest.mark.parametrize("name", ["script", "style", "iframe", "p onclick", "", "form"])
def test_a_dangerous_element_cannot_be_made(name: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        tag(name)


@pytest.mark.parametrize(
    "attributes", [{"onclick": "x"}, {"OnLoad": "x"}, {"style": "x"}, {"href": "javascript:x"}, {"href": "//e.example"}]
)
def test_a_dangerous_attribute_cannot_be_made(attributes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r".*"):
        tag("a", **attributes)


def test_only_markup_is_taken_as_markup() -> None:
    assert join("<b>", Markup("<i>"), 5, None) == "&lt;b&gt;<i>5"
    assert tag("rect", x=1.504, y=2.0) == '<rect x="1.5" y="2"/>'
    assert escaped("'") == "&#x27;"
