"""The page in a real browser: whole, legible, reachable, and inert whatever the policy's texts are."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from custody.reporting.compose import document
from custody.reporting.document import Name, Paragraph, Section
from custody.reporting.page import page
from reporting.test_tags import HOSTILE, Seen

if TYPE_CHECKING:
    from custody.reporting.facts.report import Report
    from reporting.browser import Browser

PHONE, DESKTOP = 390, 1280
AXE = """
axe.run(document, {resultTypes: ['violations']}).then(found => found.violations
  .filter(one => ['serious', 'critical'].includes(one.impact))
  .map(one => one.id + ': ' + one.nodes.map(node => node.target.join(' ')).join(', ')))
"""
CUT = """
[...document.querySelectorAll('h1, h2, p, li, dd, summary, figcaption, .tiles strong')]
  .filter(one => one.checkVisibility() && !one.closest('.scroll') && !one.matches('.skip'))
  .filter(one => { const box = one.getBoundingClientRect(); return box.right > innerWidth + 1 || box.left < -1 })
  .map(one => one.tagName + ' ' + one.textContent.slice(0, 40))
"""
TINY = """
[...document.querySelectorAll('svg text')].filter(one => one.checkVisibility())
  .filter(one => one.getBoundingClientRect().height < 11).map(one => one.textContent)
"""
pytestmark = pytest.mark.xdist_group("chromium")


def _axe() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def _written(folder: Path, told: Report) -> Path:
    file = folder / "report.html"
    file.write_text(page(document(told)), encoding="utf-8")
    return file


def test_it_holds_no_script_no_handler_and_no_address(no: Report) -> None:
    text = page(document(no))
    seen = Seen(text)
    assert {"script", "link", "img", "iframe", "form"}.isdisjoint(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name in {"style", "src"}]
    assert all(value is not None and value.startswith("#") for name, value in seen.attributes if name == "href")
    assert "url(" not in text
    assert "@import" not in text


def test_its_content_policy_allows_its_own_style_alone(no: Report) -> None:
    text = page(document(no))
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    [policy] = [value for name, value in Seen(text).attributes if name == "content" and value and "src" in value]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_the_same_facts_give_the_same_bytes(no: Report) -> None:
    assert page(document(no)) == page(document(no))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("answer", ["yes", "no"])
def test_it_is_whole_and_accessible(
    chromium: Browser,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    answer: str,
    width: int,
    dark: bool,  # noqa: FBT001
) -> None:
    file = _written(tmp_path, request.getfixturevalue(answer))
    chromium.open(file, width, dark=dark)
    assert chromium.requests == [file.as_uri()]
    assert chromium.console == []
    assert chromium.value("document.documentElement.scrollWidth") <= width
    assert chromium.value(CUT) == []
    assert chromium.value(TINY) == []
    chromium.value("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert chromium.value("document.documentElement.scrollWidth") <= width
    assert chromium.value(CUT) == []
    if (answer, dark) in {("no", True), ("yes", False)}:  # axe takes its time; each answer once, each color once
        chromium.value("document.querySelectorAll('#policy ~ details').forEach(one => { one.open = false })")
        chromium.value(_axe())
        assert chromium.value(AXE) == []
    picture = tmp_path / "page.png"
    chromium.picture(picture)
    assert picture.stat().st_size > 20_000


def test_axe_sees_what_is_wrong(chromium: Browser, tmp_path: Path, no: Report) -> None:
    text = page(document(no))
    broken = tmp_path / "broken.html"
    broken.write_text(text.replace('<html lang="en">', "<html>").replace(' scope="col"', "", 1), encoding="utf-8")
    chromium.open(broken, DESKTOP)
    chromium.value(_axe())
    assert any("html-has-lang" in one for one in chromium.value(AXE))


def test_the_keyboard_reaches_the_skip_link_the_sections_and_the_tables(
    chromium: Browser, tmp_path: Path, no: Report
) -> None:
    chromium.open(_written(tmp_path, no), DESKTOP)
    reached = []
    for _ in range(12):
        chromium.key("Tab")
        reached.append(chromium.value("document.activeElement.tagName + ' ' + document.activeElement.className"))
    assert reached[0] == "A skip"
    assert "A " in reached
    assert "SUMMARY " in reached
    assert "DIV scroll" in reached
    chromium.value("document.querySelector('summary').focus()")
    chromium.key("Enter")
    assert chromium.value("document.querySelector('details').open") is True


def test_the_answer_reads_without_color(chromium: Browser, tmp_path: Path, no: Report) -> None:
    chromium.open(_written(tmp_path, no), DESKTOP)
    assert "✗ refused" in chromium.value("document.querySelector('.answer').textContent")
    marks = chromium.value("[...document.querySelectorAll('tbody .mark')].map(one => one.textContent)")
    assert {"✓ held", "✗ broken"} <= set(marks)


def test_hostile_text_is_text(chromium: Browser, tmp_path: Path, no: Report) -> None:
    form = document(replace(no, dataset=replace(no.dataset, name=HOSTILE, purpose=HOSTILE)))
    form = replace(form, sections=(*form.sections, Section("x", HOSTILE, (Paragraph((Name(HOSTILE), HOSTILE)),))))
    text = page(form)
    assert {"script", "img"}.isdisjoint(Seen(text).tags)
    file = tmp_path / "hostile.html"
    file.write_text(text, encoding="utf-8")
    chromium.open(file, PHONE)
    assert chromium.requests == [file.as_uri()]
    assert chromium.console == []
    assert chromium.value("document.documentElement.scrollWidth") <= PHONE


def test_even_a_script_that_got_in_would_not_run(chromium: Browser, tmp_path: Path, no: Report) -> None:
    """The content policy holds where escaping would fail."""
    inside = "<script>document.title = 'ran'</script><img src='http://e.example/x'><p onclick='x' style='color: red'>"
    file = tmp_path / "injected.html"
    file.write_text(page(document(no)).replace("<main", inside + "<main"), encoding="utf-8")
    chromium.open(file, DESKTOP)
    assert chromium.value("document.title") != "ran"
    assert any("Content Security Policy" in one for one in chromium.console)


def test_the_page_of_a_copied_project_is_the_same(refused: Path, tmp_path: Path, no: Report) -> None:
    from custody.reporting.facts.report import report  # noqa: PLC0415
    from custody.reporting.reading import read  # noqa: PLC0415

    copied = tmp_path / "elsewhere"
    shutil.copytree(refused, copied)
    assert page(document(report(read(copied, 50)))) == page(document(no))
