"""The shipped demo: its files are the generator's, its policy is sound, and each stage finds exactly what was planted.

What was planted stands in demo_defects.json, written by `custody source synth` together with the files.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from dvc.utils.serialize import modify_yaml  # type: ignore[import-untyped]  # DVC ships no types

import custody
from custody.cli.collected import files
from custody.governance import demo
from custody.policy import load
from custody.policy.sources import Provenance, Source
from custody.policy.yaml import parse
from custody.records.digest import file_sha256
from custody.synth import generator

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
PLANTED_IN = json.loads((ROOT / "tests/demo_defects.json").read_text(encoding="utf-8"))
STAGES = {
    "collect": ("collect.py", "data/sources", "data/collected"),
    "validate": ("validate.py", "data/collected", "data/validated"),
    "anonymize": ("anonymize.py", "data/collected", "data/validated", "data/anonymized"),
    "gate": ("gate.py", "decide", "data/anonymized", "data/released"),
}


def added(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Add two trees of counts."""
    both = {key: added(one[key], other[key]) for key in one.keys() & other.keys() if isinstance(one[key], dict)}
    sums = {key: one[key] + other[key] for key in one.keys() & other.keys() if not isinstance(one[key], dict)}
    return one | other | both | sums


PLANTED: dict[str, Any] = {}
for _figures in PLANTED_IN["files"].values():
    PLANTED = added(PLANTED, _figures["planted"])


def run(project: Path, stage: str) -> None:
    script, *arguments = STAGES[stage]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(ROOT / "stages" / script), *arguments, "--traceback"]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's policy and sources in which the four stages ran."""
    project = tmp_path_factory.mktemp("demo")
    for name in ("sources", "anchor"):
        shutil.copytree(ROOT / "data" / name, project / "data" / name)
    shutil.copy(ROOT / "params.yaml", project)
    for stage in STAGES:
        run(project, stage)
    return project


@pytest.fixture(scope="module")
def receipt(built: Path) -> dict[str, Any]:
    return report(built, "collected/receipt.json")


@pytest.fixture(scope="module")
def verdicts(built: Path) -> dict[str, Any]:
    return report(built, "validated/report.json")


@pytest.fixture(scope="module")
def candidate(built: Path) -> dict[str, Any]:
    return report(built, "anonymized/report.json")


@pytest.fixture(scope="module")
def released(built: Path) -> pd.DataFrame:
    frame: pd.DataFrame = custody.load(built / "data/released")
    return frame


def report(project: Path, path: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((project / "data" / path).read_text(encoding="utf-8"))
    return body


def test_demo_key_opens_exactly_the_shipped_files() -> None:
    names = {path.name for path in (ROOT / "data/sources").iterdir()}
    assert names == set(generator.NAMES.values())
    assert {file_sha256(ROOT / "data/sources" / name) for name in names} == demo.SOURCES


def test_same_seed_makes_the_shipped_files_again(tmp_path: Path) -> None:
    body = generator.write(tmp_path, 6000, 7, tuple(generator.NAMES))
    assert body == PLANTED_IN
    for name in generator.NAMES.values():
        assert (tmp_path / name).read_bytes() == (ROOT / "data/sources" / name).read_bytes(), name


def test_policy_names_the_public_demo_key() -> None:
    keys = load(ROOT / "params.yaml").keys
    assert (keys.zone, keys.check) == (demo.ZONE.name, demo.ZONE.check)


def test_dvcs_own_rewriting_leaves_the_policy_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    shutil.copy(ROOT / "params.yaml", path)
    with modify_yaml(str(path)):
        pass
    assert path.read_bytes() == (ROOT / "params.yaml").read_bytes()
    with modify_yaml(str(path)) as values:  # what `dvc exp run -S` does
        values["privacy"]["k"] = 6
    assert path.read_text() == (ROOT / "params.yaml").read_text().replace("\n  k: 5\n", "\n  k: 6\n")


def test_every_section_and_every_key_of_a_first_kind_is_explained() -> None:
    """A comment stands above each key, but for those that another entry of the same kind explains."""
    text = (ROOT / "params.yaml").read_text().split("\n")
    document = parse("\n".join(text).encode(), "params.yaml")
    explained = {path[-1] for path, line in document.lines.items() if text[line - 2].lstrip().startswith("#")}
    alike = {"schema", "columns", "rules", "sources"}
    for path, line in document.lines.items():
        if len(path) <= 2 and path[0] not in alike:
            assert text[line - 2].lstrip().startswith("#"), ".".join(path)
    for key in ("path", "format", "columns", "provenance", "purposes", "owner", "license", "basis", "review_by"):
        assert key in explained, key


def _said() -> dict[tuple[str, ...], str]:
    """The comment above each key of params.yaml."""
    lines = (ROOT / "params.yaml").read_text().split("\n")
    said = {}
    for path, line in parse("\n".join(lines).encode(), "params.yaml").lines.items():
        above: list[str] = []
        while lines[line - 2 - len(above)].lstrip().startswith("#"):
            above.append(lines[line - 2 - len(above)])
        said[tuple(map(str, path))] = " ".join(above)
    return said


@pytest.mark.parametrize("section", ["dataset", "keys", "quality", "privacy", "gate"])
def test_each_decision_says_who_approves_it_and_what_it_risks(section: str) -> None:
    decisions = {path: words for path, words in _said().items() if len(path) == 2 and path[0] == section}
    assert decisions
    for path, words in decisions.items():
        assert "approve:" in words, ".".join(path)
        assert "risk:" in words, ".".join(path)


def test_each_decision_about_a_source_says_who_approves_it_and_what_it_risks() -> None:
    """The first source explains the keys of all; those of its format stand under the one that names it."""
    said = _said()
    first = next(path[1] for path in said if len(path) == 2 and path[0] == "sources")
    for name in Source.model_fields.keys() & {path[2] for path in said if path[:2] == ("sources", first) and path[2:]}:
        inside = Provenance.model_fields if name == "provenance" else [""]
        for path in [("sources", first, name, *filter(None, [key])) for key in inside]:
            assert "risk:" in said[path], ".".join(path)
            assert "approve:" in said[path], ".".join(path)


def test_every_record_is_accounted_for(receipt: dict[str, Any]) -> None:
    headers = PLANTED["collect"]["skipped"]["header"]
    counts = receipt["accounting"]
    assert counts["read"] == PLANTED_IN["records"] + headers
    assert counts["read"] == counts["collected"] + counts["malformed"] + counts["skipped"]
    assert receipt["unnamed_files"] == 0
    for source in receipt["sources"].values():
        assert source["missing_columns"] == []


def test_collect_finds_every_planted_malformed_and_skipped_record(receipt: dict[str, Any]) -> None:
    assert receipt["malformed"] == PLANTED["collect"]["malformed"]
    assert receipt["skipped"] == PLANTED["collect"]["skipped"]
    assert len(receipt["malformed_examples"]) == sum(PLANTED["collect"]["malformed"].values())


def test_malformed_records_are_named_by_the_line_they_stand_on(receipt: dict[str, Any]) -> None:
    raw = (ROOT / "data/sources/auth.log").read_bytes().split(b"\n")
    found = {one["line"]: one["reason"] for one in receipt["malformed_examples"] if one["source"] == "sshd"}
    bad = {i: "bad_encoding" for i, line in enumerate(raw, 1) if b"\xff" in line}
    assert found == bad | {i: "nul_byte" for i, line in enumerate(raw, 1) if b"\0" in line}


def test_collect_finds_every_planted_wrong_value(receipt: dict[str, Any]) -> None:
    found = {column: counts for column, counts in receipt["problems"].items() if counts}
    assert found == PLANTED["collect"]["problems"]


def test_collect_drops_what_the_policy_does_not_name(receipt: dict[str, Any]) -> None:
    assert receipt["sources"]["edge"]["dropped_fields"] == 1
    assert receipt["sources"]["alerts"]["dropped_fields"] == 0


def test_validate_finds_every_planted_break(verdicts: dict[str, Any]) -> None:
    missing = {f"{column}.complete": count for column, count in PLANTED["validate"]["missing"].items()}
    planted = PLANTED["validate"]["broken"] | missing
    rules = {rule: figures for rule, figures in verdicts["rules"].items() if figures["dimension"] != "signals"}
    broken = {rule: figures["broken"] for rule, figures in rules.items()}
    assert broken == {rule: planted[rule] for rule in broken}
    assert planted.keys() - broken.keys() == {"threat_score.complete"}  # planted, and no rule asks for a score
    assert verdicts["not_evaluated"] == []


def test_signals_find_the_planted_contradictions_and_numbers_far_away_and_nothing_that_refuses(
    verdicts: dict[str, Any],
) -> None:
    found = {(one["code"], one["where"]): one for one in verdicts["findings"]}
    assert found.keys() == {("conflicting_labels", ""), ("label_neighbors", ""), ("outliers", "threat_score")}
    assert found["conflicting_labels", ""]["count"] == verdicts["rules"]["signals.conflicting_labels"]["broken"] == 12
    assert found["outliers", "threat_score"]["count"] <= PLANTED["validate"]["broken"]["threat_score.range"]
    assert {one["action"] for one in found.values()} == {"warn"}
    reasons = {name: one["reason"] for name, one in verdicts["signals"].items() if not one["evaluated"]}
    assert reasons == {"appended_block": "no_anchor", "drift": "no_anchor"}, "nothing is pinned, and the report says so"


def test_validate_quarantines_errors_and_lets_warnings_pass(verdicts: dict[str, Any], receipt: dict[str, Any]) -> None:
    counts = verdicts["accounting"]
    assert (
        verdicts["records_evaluated"]
        == receipt["accounting"]["collected"]
        == sum(counts.values()) - counts["collected"]
    )
    warned = {rule for rule, figures in verdicts["rules"].items() if figures["severity"] == "warn"}
    assert {"user.complete", "device.type", "email.type", "mfa.type"} <= warned
    assert warned.isdisjoint(verdicts["quarantined_by"])


def test_anonymize_withholds_and_suppresses_what_was_planted(candidate: dict[str, Any]) -> None:
    planted = PLANTED["anonymize"]
    assert {reason: count for reason, count in candidate["withheld"].items() if count} == planted["withheld"]
    assert {reason: count for reason, count in candidate["suppressed"].items() if count} == planted["suppressed"]
    assert candidate["risk"]["k_smallest"] >= 5
    counts = candidate["accounting"]
    assert counts["accepted"] == counts["candidate"] + counts["suppressed"] + counts["withheld"]


def test_anonymize_replaces_every_planted_secret_in_text(candidate: dict[str, Any], released: pd.DataFrame) -> None:
    planted, texts = PLANTED["anonymize"]["in_text"], released["message"].dropna()
    kinds = {"card": "card", "mac": "mac", "secret": "secret", "url": "credentials"}
    assert {kind: candidate["redactions"][word] for kind, word in kinds.items()} == {
        kind: planted[kind] for kind in kinds
    }
    assert texts.str.contains("Beacon to <ip> every", regex=False).sum() == planted["ip"]
    assert texts.str.contains("Forwarded to <email> by", regex=False).sum() == planted["email"]
    for word in ("stranger", "AKIA", "s3cret", "192.0.2.", "02:00:5f"):
        assert not texts.str.contains(word, regex=False).any(), word
    assert candidate["leaks"]["residual"] == 0


def test_a_stranger_without_the_key_guesses_every_identifier_in_vain(candidate: dict[str, Any]) -> None:
    attack = candidate["attack"]
    assert (attack["hits"], attack["by_function"], attack["mode"]) == (0, {}, "known")
    assert attack["guesses"] > 1000
    assert attack["targets"] > 200
    assert attack["pairs"] > 300


def test_no_name_address_or_device_of_a_person_is_released(released: pd.DataFrame) -> None:
    """Searches with values that the test reads out of the sources by itself."""
    raw = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in (ROOT / "data/sources").iterdir())
    patterns = (
        r"\b[a-z]+\.[a-z]+(?=[,\t\"@]| from )",
        r"\S+@\S+\.(?:com|org|net)\b",
        r"\b10\.20\.\d+\.\d+",
        r"02(?::\w\w){5}",
    )
    known = {found.strip('"') for pattern in patterns for found in re.findall(pattern, raw)}
    assert len(known) > 4 * 100
    words = set(re.findall(r"[\w.:@-]+", released.to_csv(index=False)))
    assert words.isdisjoint(known)


def test_every_collected_file_is_listed_with_what_it_holds(built: Path, receipt: dict[str, Any]) -> None:
    found = {
        one.source: one for one in files(built / "data/collected/receipt.json", load(built / "params.yaml").sources)
    }
    assert set(found) == set(load(built / "params.yaml").sources)
    assert {one.sha256 for one in found.values()} == demo.SOURCES
    assert sum(one.rows for one in found.values()) == receipt["accounting"]["collected"]
    assert sorted(found["sshd"].columns) == ["event", "message", "src_ip", "ts", "user"]
    assert found["edge"].first is not None
    assert found["edge"].first < "2025-10"


def test_a_repeated_line_stays_one_record(receipt: dict[str, Any], released: pd.DataFrame) -> None:
    text = (ROOT / "data/sources/auth.log").read_bytes()
    repeats = [int(times) for times in re.findall(rb"message repeated (\d+) times", text)]
    planted = PLANTED["collect"]["repeated"]
    assert (len(repeats), sum(repeats)) == (planted["records"], planted["events"])
    sshd = receipt["sources"]["sshd"]["files"][0]
    assert sshd["read"] == PLANTED_IN["files"]["auth.log"]["records"]
    assert len(released) < receipt["accounting"]["collected"]


def test_gate_releases_the_demo_with_margin(built: Path, released: pd.DataFrame) -> None:
    statement = report(built, "released/statement.json")
    assert statement["decision"] == "released"
    assert all(condition["held"] for condition in statement["conditions"])
    assert len(released) > 5000
    scored = next(one for one in statement["conditions"] if one["id"] == "quality_score")
    assert scored["figure"] > scored["threshold"] + 0.05
    assert released["label"].value_counts().min() > 500


def test_narrowing_the_score_breaks_its_rule_and_refuses(built: Path, tmp_path: Path) -> None:
    """The README's exercise."""
    project = tmp_path / "narrowed"
    shutil.copytree(built, project)
    text = (project / "params.yaml").read_text()
    place = text.index("        min: 0\n        max: 1\n")
    (project / "params.yaml").write_text(text[:place] + text[place:].replace("max: 1\n", "max: 0.5\n", 1))
    for stage in ("validate", "anonymize", "gate"):
        run(project, stage)
    figures = report(project, "validated/report.json")["rules"]["threat_score.range"]
    assert 0.4 < figures["pass_rate"] < figures["min_pass"] == 0.95
    statement = report(project, "released/statement.json")
    assert statement["decision"] == "refused"
    assert [one["id"] for one in statement["conditions"] if not one["held"]] == ["rules.threat_score.range"]
    assert [path.name for path in (project / "data/released").iterdir()] == ["statement.json"]
