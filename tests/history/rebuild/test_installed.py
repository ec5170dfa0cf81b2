"""An environment is believed only while it is what was installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from custody.history.rebuild.installed import MARK, mark, whole

TEXT = b"some-library==1.2\n"
PINS = {"Some_Library": "1.2"}


def _library(site: Path, name: str, version: str) -> Path:
    """Put a library of one module into an environment; return its RECORD."""
    module, info = site / f"{name}.py", site / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    module.write_text("VALUE = 1\n")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "RECORD").write_text(f"{name}.py,sha256=x,10\n__pycache__/{name}.pyc,,\n")
    return info / "RECORD"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """An environment with the one library that is pinned, and pip, which is not."""
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    _library(site, "some_library", "1.2")
    _library(site, "pip", "26.0")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    mark(tmp_path, TEXT)
    return tmp_path


def test_what_was_installed_is_whole(target: Path) -> None:
    assert whole(target, TEXT, PINS)


def test_another_lock_file_or_another_version_is_not_what_was_installed(target: Path) -> None:
    assert not whole(target, TEXT + b"# more\n", PINS)
    assert not whole(target, TEXT, {"some-library": "1.3"})
    assert not whole(target, TEXT, {**PINS, "other": "1.0"})


@pytest.mark.parametrize("text", [None, b"", b"{", b"[]", b'{"lock": 1}', b"\xff"])
def test_without_its_mark_it_is_not_finished(target: Path, text: bytes | None) -> None:
    (target / MARK).unlink()
    if text is not None:
        (target / MARK).write_bytes(text)
    assert not whole(target, TEXT, PINS)


def test_a_file_that_is_gone_cut_or_listed_anew_is_seen(target: Path) -> None:
    [site] = target.glob("lib/*/*")
    for path, text in (
        (site / "some_library.py", "VALUE = 100\n"),
        (site / "some_library-1.2.dist-info" / "RECORD", ""),
        (site / "pip.py", ""),
    ):
        before = path.read_bytes()
        path.write_text(text)
        assert not whole(target, TEXT, PINS), path.name
        path.unlink()
        assert not whole(target, TEXT, PINS), path.name
        path.write_bytes(before)
    assert whole(target, TEXT, PINS)


def test_a_library_that_was_added_and_a_python_that_is_gone_are_seen(target: Path) -> None:
    [site] = target.glob("lib/*/*")
    (target / "bin" / "python").unlink()
    assert not whole(target, TEXT, PINS)
    (target / "bin" / "python").touch()
    _library(site, "stranger", "1.0")
    mark(target, TEXT)
    assert not whole(target, TEXT, PINS)
