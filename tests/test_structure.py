"""The structure that design and dvc.yaml promise, held against the code."""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import Any

import pytest
import yaml

from custody.release import chain
from imports import closure, imports_of, room
from support import ROOT, STAGES

PIPELINE: dict[str, Any] = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))
LAYERS = [
    {"errors.py"},
    {"policy"},
    {"records"},
    {"repository"},
    {"anchor"},
    {"quality", "privacy", "sources"},
    {"engine", "release", "governance"},
    {"synth", "statistics", "frontier", "trust"},
    {"history"},
    {"reporting", "profiling"},
    {"cli", "__init__.py"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
FILES = sorted((STAGES / "custody").rglob("*.py"))


def _script(stage: str) -> str:
    return str(PIPELINE["stages"][stage]["cmd"]).split()[1]


@pytest.mark.parametrize("stage", PIPELINE["stages"])
def test_a_stage_depends_on_exactly_the_code_it_imports(stage: str) -> None:
    script = _script(stage)
    rooms = {f"stages/custody/{room(path)}" for path in closure(ROOT / script)}
    declared = {dep for dep in PIPELINE["stages"][stage]["deps"] if dep.startswith("stages/")}
    assert declared == {script, "stages/custody/__init__.py", *rooms}
    assert "requirements.lock" in PIPELINE["stages"][stage]["deps"]


@pytest.mark.parametrize("stage", PIPELINE["stages"])
def test_a_stage_names_exactly_the_policy_sections_it_reads(stage: str) -> None:
    nodes = list(ast.walk(ast.parse((ROOT / _script(stage)).read_text(encoding="utf-8"))))
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "policy"}
    digests = [node for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == "policy.digests"]
    passed = [node for node in nodes if isinstance(node, ast.Call) and "policy" in map(ast.unparse, node.args)]
    declared = PIPELINE["stages"][stage]["params"]
    if stage in {"gate", "enforce"}:
        assert declared == [{"params.yaml": None}], "a decision depends on the whole policy"
        return
    assert not passed, "a stage hands on sections, not the whole policy"
    assert {{"fields": "schema"}.get(name, name) for name in used - {"digests"}} == set(declared)
    assert [ast.literal_eval(word) for call in digests for word in call.args] == sorted(declared)
    assert sorted(chain.SECTIONS[stage]) == sorted(declared), "the gate compares what the stage declares"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(STAGES)))
def test_imports_go_downwards_only(path: Any) -> None:
    here = room(path)
    for other in imports_of(path):
        there = room(other)
        if there not in {here, "__init__.py"}:
            assert LEVEL[there] < LEVEL[here], f"{here} must not import {there}"


def test_scripts_are_short() -> None:
    for script in STAGES.glob("*.py"):
        assert len(script.read_text(encoding="utf-8").splitlines()) <= 80, script.name


def test_the_command_line_starts_without_pandas() -> None:
    code = "import sys, custody.cli.app; sys.exit(any(name in sys.modules for name in ('pandas', 'pyarrow', 'polars')))"
    subprocess.run([sys.executable, "-B", "-c", code], check=True, env={"PYTHONPATH": str(STAGES)})


def test_what_compares_the_rows_of_releases_does_without_numpy() -> None:
    code = (
        "import sys; from custody.engine import without; without.pandas(); without.numpy()\n"
        "import custody.cli.told.diff, custody.history.rows, custody.records.parquet\n"
        "sys.exit(any(name in sys.modules for name in ('numpy', 'pandas', 'pydantic', 'typer', 'yaml')))"
    )
    subprocess.run([sys.executable, "-B", "-c", code], check=True, env={"PYTHONPATH": str(STAGES)})


def test_what_verifies_signatures_of_the_past_starts_no_library_that_signs_or_models() -> None:
    code = (
        "import sys, custody.history.standing, custody.cli.told.log\n"
        "assert not {'cryptography', 'urllib.request', 'yaml'} & set(sys.modules), 'where nothing is signed'\n"
        "import custody.history.vouching\n"
        "heavy = {'pydantic', 'google', 'in_toto_attestation', 'securesystemslib', 'urllib.request', 'orjson'}\n"
        "sys.exit(bool(heavy & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-B", "-c", code], check=True, env={"PYTHONPATH": str(STAGES)})
