"""Markdown for a pull request: nothing of a policy becomes a link, a mention, HTML or another cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from custody.reporting.compose import document
from custody.reporting.document import Document, Mark, Name, Section, Table
from custody.reporting.markdown import markdown

if TYPE_CHECKING:
    from custody.reporting.facts.report import Report


def _one(text: str) -> str:
    table = Table("caption", ("a", "b"), ((Name(text), Name("end")),))
    whole = Document("t", Mark(held=True, word="released"), "", (), (), (Section("s", "S", (table,)),), "")
    [line] = [line for line in markdown(whole).splitlines() if line.endswith("`end` |")]
    return line


@given(st.text(alphabet="`|\\<>@#[](){}!*_~ab\n\r\t\u202e", max_size=30))
def test_a_name_stays_in_its_cell_and_in_its_code_span(text: str) -> None:
    line = _one(text)
    cells = re.split(r"(?<!\\)\|", line)
    assert len(cells) == 4, line
    inner = cells[1].strip()
    if inner != "-":
        fence = re.match("`+", inner)
        assert fence is not None
        assert inner.endswith(fence[0])
        runs = re.findall("`+", inner[len(fence[0]) : len(inner) - len(fence[0])])
        assert all(len(run) != len(fence[0]) for run in runs)


def test_the_answer_and_what_is_broken_come_first(no: Report) -> None:
    text = markdown(document(no))
    first = text.index("<details>")
    assert text.startswith("## ❌ refused: auth\\-events\n")
    assert "`rules.threat_score.range`" in text[:first]
    assert "quality.rules.threat_score.range.max: 1 → 0.5" not in text[:first]  # it is committed
    assert text.count("<details>") == text.count("</details>")


def test_every_section_of_the_page_stands_in_it(yes: Report) -> None:
    text = markdown(document(yes))
    for title in ("Where every record went", "Quality", "Missing values", "People", "Sources", "Policy in force"):
        assert title in text
    assert "✅ released" in text
