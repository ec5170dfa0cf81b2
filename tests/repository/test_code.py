from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

import custody
from custody.errors import CustodyError
from custody.repository import code

PIPELINE = """
stages:
  judge:
    deps:
    - requirements.lock
    - stages/judge.py
    - stages/custody/errors.py
    - stages/rules
    - data/sources
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    (tmp_path / "stages" / "rules").mkdir(parents=True)
    for name, text in {
        "dvc.yaml": PIPELINE,
        "requirements.lock": "a==1",
        "stages/judge.py": "judge",
        "stages/other.py": "other",
        "stages/rules/one.py": "one",
    }.items():
        (tmp_path / name).write_text(text)
    return tmp_path / "stages" / "judge.py"


def test_the_digest_is_of_declared_code_and_libraries_alone(script: Path) -> None:
    files = [script.parents[1] / "requirements.lock", script, script.parent / "rules" / "one.py"]
    listed = [
        [str(path.relative_to(script.parents[1])), hashlib.sha256(path.read_bytes()).hexdigest()] for path in files
    ]
    package = Path(custody.__file__).parent / "errors.py"
    listed.append(["stages/custody/errors.py", hashlib.sha256(package.read_bytes()).hexdigest()])
    text = json.dumps(sorted(listed), separators=(",", ":"))
    assert code.of_stage("judge", script) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("name", ["requirements.lock", "stages/judge.py", "stages/rules/one.py"])
def test_an_edit_of_any_declared_file_changes_it(script: Path, name: str) -> None:
    before = code.of_stage("judge", script)
    (script.parents[1] / name).write_text("edited")
    assert code.of_stage("judge", script) != before


def test_a_file_more_changes_it_and_a_compiled_or_undeclared_one_does_not(script: Path) -> None:
    before = code.of_stage("judge", script)
    (script.parent / "other.py").write_text("edited")
    compiled = script.parent / "rules" / "__pycache__"
    compiled.mkdir()
    (compiled / "one.cpython-311.pyc").write_bytes(b"compiled")
    assert code.of_stage("judge", script) == before
    (script.parent / "rules" / "two.py").write_text("")
    assert code.of_stage("judge", script) != before


def test_what_is_declared_and_not_there_stops(script: Path) -> None:
    (script.parents[1] / "requirements.lock").unlink()
    with pytest.raises(CustodyError, match=r"dvc\.yaml: code that it declares for judge cannot be read"):
        code.of_stage("judge", script)


@pytest.mark.parametrize(
    "text", ["", "stages: 1", "stages: {judge: {deps: 7}}", "stages: {judge: {deps: [7]}}", "a: [", "{"]
)
def test_a_pipeline_that_declares_nothing_stops(script: Path, text: str) -> None:
    (script.parents[1] / "dvc.yaml").write_text(text)
    with pytest.raises(CustodyError, match=r"dvc\.yaml: declares no dependencies of judge"):
        code.of_stage("judge", script)


def test_a_stage_without_its_libraries_stops(script: Path) -> None:
    (script.parents[1] / "dvc.yaml").write_text(PIPELINE.replace("    - requirements.lock\n", ""))
    with pytest.raises(CustodyError, match=r"judge must depend on requirements\.lock"):
        code.of_stage("judge", script)
