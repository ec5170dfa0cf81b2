"""The README's session, typed: every command runs, and prints what the README says that it prints."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
import yaml

from custody.trust import signers
from governance.people import Person
from pipeline.project import Project, demo
from support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

README = (ROOT / "README.md").read_text(encoding="utf-8")
SESSIONS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
EDITOR = "sed -i '/The README.s exercise/,/severity/ s/max: 1$/max: 0.5/'"  # changes what the README says to change
RED = 255  # what the shell sees when a stage under DVC says no
pytestmark = pytest.mark.xdist_group("readme")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = demo(tmp_path_factory.mktemp("readme") / "clone")
    project.must("dvc", "repro", DVC_SITE_CACHE_DIR=str(project.root.parent / "site"))
    project.commit()
    return project


def _commands(session: str) -> list[tuple[str, str]]:
    parts = re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]
    return [(command, expected) for command, _, expected in (part.partition("\n") for part in parts)]


def _matches(printed: str, expected: str) -> bool:
    """Lines must be equal; `…` stands for any text in a line; alone for any but Custody's or an ERROR."""
    pattern = "".join(
        r"(?:(?!custody: |ERROR)[^\n]*\n)*?"
        if line.strip() == "…"
        else re.escape(line.rstrip()).replace("…", r"[^\n]*") + r"\n"
        for line in expected.splitlines()
    )
    return re.fullmatch(pattern, "".join(line.rstrip() + "\n" for line in printed.splitlines())) is not None


def test_what_a_lone_ellipsis_stands_for() -> None:
    assert _matches("", "…\n")
    assert _matches("one\n\ntwo\nend\n", "…\nend\n")
    assert not _matches("one\ncustody: refused\nend\n", "…\nend\n")
    assert not _matches("ERROR: failed\n", "…\n")
    assert not _matches("one\n", "")
    assert not _matches("a b\nc", "a …")


def test_the_session_prints_what_the_readme_shows(built: Project, tmp_path: Path) -> None:
    raw = tmp_path / "vpn.csv"
    raw.write_text("time,user,ip,event\n2026-10-01T10:00:00Z,ada,192.0.2.1,login\n", encoding="utf-8")
    assert len(SESSIONS) >= 5
    editor = tmp_path / "editor"
    editor.write_text(f'#!/bin/sh\n{EDITOR} "$1"\n', encoding="utf-8")
    editor.chmod(0o755)
    for session in SESSIONS:
        for command, expected in _commands(session):
            done = built.run(
                "bash", "-c", f"({command.replace('/path/to/vpn.csv', str(raw))}\n) 2>&1", EDITOR=str(editor)
            )
            assert _matches(done.stdout, expected), f"$ {command}\n{done.stdout}"
            assert done.returncode == _status(expected), f"$ {command}"


def _status(expected: str) -> int:
    if "ERROR: failed to reproduce" in expected:
        return RED
    return 1 if "needs sign-off" in expected else 0


def test_the_training_stage_trains_on_the_release(built: Project) -> None:
    built.git("checkout", "--quiet", "params.yaml")
    assert built.repro().returncode == 0
    [code] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    [stage] = [block for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if "train:" in block]
    (built.root / "train.py").write_text(code, encoding="utf-8")
    pipeline = (built.root / "dvc.yaml").read_text(encoding="utf-8")
    (built.root / "dvc.yaml").write_text(pipeline.replace("\nplots:", f"\n{stage}\nplots:", 1), encoding="utf-8")
    assert "train" in yaml.safe_load((built.root / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    done = built.repro("train", PYTHONDONTWRITEBYTECODE="1")  # it loads by the code that is tested
    assert done.returncode == 0, done.stdout + done.stderr
    assert built.json("data/metrics/train.json")["macro_f1"] > 0.5
    shutil.copyfile(ROOT / "dvc.yaml", built.root / "dvc.yaml")


def test_the_example_of_roles_is_read(tmp_path: Path) -> None:
    [example] = [block for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if "recipients:" in block]
    ada = Person(tmp_path, "ada")
    trust = signers.read(example.replace("age1…", ada.key).encode(), "README.md")
    assert trust.may("ada") == ("pipeline",)


def test_the_way_without_make_is_what_make_does(built: Project) -> None:
    [script] = [block for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if "-m venv" in block]
    by_hand = [part.strip() for part in script.replace("\\\n", "").split(" && ")]
    by_hand.remove(". .venv/bin/activate")
    printed = built.must("make", "--dry-run", "--always-make", "repro", "PYTHON=python3", "VENV=.venv")
    made = [
        command.replace(" --quiet --disable-pip-version-check", "")
        for command in printed.splitlines()
        if not command.startswith(("python3 -c ", "rm ", "touch ", "make"))
    ]
    assert by_hand == made


def test_every_link_leads_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / folder / "README.md" for folder in ("stages", "data", "tests"))):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.parent.name}: {target}"


def test_commands_named_in_the_readme_exist(built: Project) -> None:
    for group, command in [
        ("policy", "check"),
        ("policy", "schema"),
        ("keys", "init"),
        *_key_commands(),
        *_source_commands(),
    ]:
        assert built.run("custody", group, command, "--help").returncode == 0


def _key_commands() -> list[tuple[str, str]]:
    return [("keys", "rotate"), ("privacy", "reidentify"), ("privacy", "stats"), ("privacy", "frontier")]


def _source_commands() -> list[tuple[str, str]]:
    return [("source", name) for name in ("add", "profile", "list", "show", "synth")]
