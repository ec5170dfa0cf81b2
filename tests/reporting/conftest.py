"""Projects to report on; tests copy what they change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from custody.reporting.facts.report import Report, report
from custody.reporting.reading import Read, read
from reporting import browser, project


@pytest.fixture(scope="session")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose last decision is no."""
    return project.build(tmp_path_factory.mktemp("report") / "project")


@pytest.fixture(scope="session")
def released(refused: Path) -> Path:
    """The project before, whose only decision is yes."""
    return project.released(refused)


@pytest.fixture
def no(refused: Path) -> Report:
    return report(read(refused, 50))


@pytest.fixture
def yes(released: Path) -> Report:
    return report(read(released, 50))


@pytest.fixture
def reading(refused: Path) -> Callable[[], Read]:
    return lambda: read(refused, 50)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[browser.Browser]:
    """A headless browser; the test is skipped, with its reason, where there is none."""
    program = browser.find()
    if program is None:
        pytest.skip("no Chromium on PATH (Debian: apt-get install chromium): pages are not looked at")
    started = browser.start(program, tmp_path_factory.mktemp("chromium"))
    yield started
    started.close()
