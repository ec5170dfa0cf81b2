import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from custody.policy import json_schema, load
from custody.policy.yaml import parse

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "stages/custody/policy/params.schema.json"


def test_check_says_what_the_policy_covers_in_one_line(project: Path, custody: Callable[..., Any]) -> None:
    ran = custody("policy", "check")
    assert ran.status == 0
    assert ran.out.count("\n") == 1
    assert load(project / "params.yaml").digest() in ran.out
    assert "4 sources, 13 columns" in ran.out


def test_check_explains_every_mistake_with_its_line(project: Path, custody: Callable[..., Any]) -> None:
    path = project / "params.yaml"
    text = path.read_text().replace("  k: 5\n", "  k: 1\n").replace("  min_rows: 1000\n", "  min_row: 1000\n")
    path.write_text(text)
    lines = text.splitlines()
    ran = custody("policy", "check")
    assert ran.status == 3
    assert ran.out == ""
    found = ran.err.splitlines()
    assert f"params.yaml:{lines.index('  k: 1') + 1}: privacy.k:" in ran.err
    assert f"params.yaml:{lines.index('  min_row: 1000') + 1}: gate.min_row: is not a key of the policy" in ran.err
    assert len(found) == 2


def test_check_names_what_to_look_at_again_and_holds(project: Path, custody: Callable[..., Any]) -> None:
    path = project / "params.yaml"
    path.write_text(path.read_text().replace("  max_residual_identifiers: 0", "  max_residual_identifiers: 2"))
    ran = custody("policy", "check")
    assert ran.status == 0
    assert ran.err.startswith("params.yaml:")
    assert ran.err.endswith(
        "gate.max_residual_identifiers: lets identifiers leave that were found; 0 lets none (doubt)\n"
    )
    assert custody("policy", "check", "--strict").status == 1


def test_check_names_an_anchor_that_is_missing_where_stages_need_one(
    project: Path, custody: Callable[..., Any]
) -> None:
    (project / "dvc.yaml").write_text("stages: {}\n")
    ran = custody("policy", "check")
    assert ran.err.startswith("data/anchor/manifest.json: is missing, so dvc repro stops; restore it")
    assert custody("policy", "check", "--strict").status == 1
    (project / "data/anchor").mkdir(parents=True, exist_ok=True)
    (project / "data/anchor/manifest.json").write_text("{}\n")
    assert custody("policy", "check", "--strict").err == ""


def test_check_takes_another_file(project: Path, custody: Callable[..., Any]) -> None:
    (project / "other.yaml").write_text("dataset: [\n")
    ran = custody("policy", "check", "other.yaml")
    assert ran.status == 3
    assert ran.err.startswith("other.yaml:")


def test_check_of_a_missing_file_says_what_to_do(project: Path, custody: Callable[..., Any]) -> None:
    (project / "params.yaml").unlink()
    ran = custody("policy", "check")
    assert ran.status == 3
    assert "run from the project's folder" in ran.err
    assert ran.err.count("\n") == 1


def test_committed_schema_is_the_models() -> None:
    import_module("custody.trust.attestation")  # it has closed models of its own, of the same names too
    assert json.loads(COMMITTED.read_text()) == json_schema(), "run: custody policy schema --write"


def test_schema_written_is_the_schema_printed(project: Path, custody: Callable[..., Any]) -> None:
    target = project / "stages/custody/policy/params.schema.json"
    target.parent.mkdir(parents=True)
    assert custody("policy", "schema", "--write").status == 0
    assert target.read_text() == custody("policy", "schema").out == COMMITTED.read_text()


def test_schema_is_written_only_where_a_project_is(project: Path, custody: Callable[..., Any]) -> None:
    ran = custody("policy", "schema", "--write")
    assert ran.status == 3
    assert list(project.iterdir()) == [project / "params.yaml"]


def values() -> dict[str, Any]:
    return parse((ROOT / "params.yaml").read_bytes(), "params.yaml").values


def test_schema_accepts_the_shipped_policy() -> None:
    jsonschema.validate(values(), json_schema(), cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("privacy", "k", 1),
        ("privacy", "kk", 5),
        ("dataset", "audience", "everybody"),
        ("gate", "licenses", []),
        ("keys", "check", "xyz"),
        ("schema", "ts", "time"),
    ],
)
def test_schema_refuses_what_the_model_refuses(section: str, key: str, value: Any) -> None:
    policy = values()
    policy[section][key] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(policy, json_schema(), cls=jsonschema.Draft202012Validator)


def test_schema_describes_every_section_and_technique_to_an_editor() -> None:
    schema = json_schema()
    assert all(node.get("description") for node in schema["$defs"].values())
    assert set(schema["properties"]) == {"dataset", "keys", "sources", "schema", "quality", "privacy", "gate"}


def test_first_line_of_the_policy_names_the_schema() -> None:
    first = (ROOT / "params.yaml").read_text().splitlines()[0]
    assert (ROOT / first.removeprefix("# yaml-language-server: $schema=")) == COMMITTED
