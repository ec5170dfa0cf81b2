"""Bad input: one line that says what to do, the right status, no cell value, nothing half-written."""

from __future__ import annotations

import bz2
import gzip
import io
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest

from custody.governance import demo
from pipeline.small import CANARY, HEADER, ROWS, edge, made, stage, stopped, through

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.project import Project

pytestmark = pytest.mark.usefixtures("keyring")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return made(tmp_path / "project")


def test_the_undisturbed_project_is_released(project: Project) -> None:
    said = through(project, "collect", "validate", "anonymize", "gate", "enforce")
    assert CANARY not in said
    assert project.json("data/released/statement.json")["decision"] == "released"


@pytest.mark.parametrize(
    "content", [b"", HEADER.encode(), b"\xef\xbb\xbf"], ids=["empty", "header only", "byte-order mark"]
)
def test_nothing_to_read_is_a_refusal_with_its_reasons(project: Project, content: bytes) -> None:
    edge(project).write_bytes(content)
    through(project, "collect", "validate", "anonymize", "gate")
    assert project.json("data/released/statement.json")["decision"] == "refused"
    done = stage(project, "enforce")
    assert done.returncode == 1
    assert "rules." in done.stderr


@pytest.mark.parametrize(
    ("rows", "reason", "count"),
    [
        (b"2026-10-01T12:00:00Z,u\n" * 3, "too_few_fields", 3),
        (b"2026-10-01T12:00:00Z,u,192.0.2.1,0.1,a,b,c\n" * 2, "too_many_fields", 2),
        (b"2026-10-01T12:00:00Z,u\0,192.0.2.1,0.1,a\n", "nul_byte", 1),
        (b"2026-10-01T12:00:00Z,\xff\xfe,192.0.2.1,0.1,a\n", "bad_encoding", 1),
        (b'2026-10-01T12:00:00Z,u,192.0.2.1,0.1,"open\n', "unclosed_quote", 1),
    ],
)
def test_a_bad_record_costs_itself(project: Project, rows: bytes, reason: str, count: int) -> None:
    middle = ROWS.encode().splitlines(keepends=True)
    edge(project).write_bytes(HEADER.encode() + b"".join(middle[:30]) + rows + b"".join(middle[30:]))
    through(project, "collect")
    receipt = project.json("data/collected/receipt.json")
    assert receipt["malformed"] == {reason: count}
    assert receipt["accounting"] == {"read": 61 + count, "collected": 60, "malformed": count, "skipped": 1}
    assert receipt["malformed_examples"][0]["line"] == 32


def test_binary_noise_under_a_csv_name_releases_nothing(project: Project) -> None:
    noise = bytes((i * i * 7 + i // 3) % 256 for i in range(20_000))
    edge(project).write_bytes(noise)
    done = stage(project, "collect")
    if done.returncode == 0:
        through(project, "validate", "anonymize", "gate")
        assert project.json("data/released/statement.json")["decision"] == "refused"
    else:
        stopped(done, "sources.edge")


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("edge.csv", HEADER.encode() + b"0" * 50_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: gzip.compress((HEADER + ROWS).encode())[:-20], "sources.edge"),
        (lambda: bz2.compress((HEADER + ROWS).encode())[:-9], "sources.edge"),
        (_bomb, "max_expanded_bytes"),
        (("when,login,ip,risk,text,ip\n" + ROWS).encode, "sources.edge"),
    ],
    ids=["truncated gzip", "truncated bzip2", "zip bomb", "duplicate column names"],
)
def test_a_file_that_cannot_be_used_stops_the_stage(project: Project, content: Callable[[], bytes], words: str) -> None:
    through(project, "collect")
    before = project.outputs()
    values = project.policy()
    values["sources"]["edge"]["format"]["max_expanded_bytes"] = 10_000_000
    project.write_policy(values)
    edge(project).write_bytes(content())
    stopped(stage(project, "collect"), words)
    assert project.outputs() == before
    assert not list((project.root / "data").glob(".*.new"))


def test_dates_before_1970_and_after_2262_come_through_every_stage(project: Project) -> None:
    years = ("0001", "1677", "1815", "1969", "2263", "2600", "9998")
    rows = "".join(
        f"{year}-06-01T12:00:00Z,user{i},192.0.2.{i + 1},0.5,at {i} in {j}\n"
        for j, year in enumerate(years)
        for i in range(4)
    )
    edge(project).write_text(HEADER + rows, encoding="utf-8")
    through(project, "collect", "validate", "anonymize", "gate")
    statement = project.json("data/released/statement.json")
    assert statement["decision"] == "released", statement["conditions"]
    code = "import custody; frame = custody.load('data/released'); print(sorted(set(frame['ts'].astype(str).str[:4])))"
    said = project.must("python", "-c", code)
    assert str(list(years)) in said.splitlines()


def test_keys_that_stand_in_two_files_conflict(project: Project) -> None:
    values = project.policy()
    values["sources"]["edge"]["path"] = "data/sources/*.csv"
    values["quality"] |= {"key": ["ts", "user"], "conflicts": "quarantine"}
    project.write_policy(values)
    first = "2026-10-01T12:00:00Z,user0,192.0.2.1,"
    edge(project).write_text(HEADER + f"{first}0.1,a\n2026-10-02T12:00:00Z,user1,192.0.2.1,0.1,b\n", encoding="utf-8")
    edge(project).with_name("other.csv").write_text(HEADER + f"{first}0.9,a\n", encoding="utf-8")
    through(project, "collect", "validate")
    assert len(list((project.root / "data/collected").glob("*.sealed"))) == 2
    assert project.json("data/validated/report.json")["rules"]["conflicts"]["broken"] == 2


def test_a_line_of_200_megabytes_costs_itself_and_little_memory(project: Project) -> None:
    with edge(project).open("wb") as file:
        file.write(HEADER.encode() + ROWS.encode())
        for _ in range(200):
            file.write(b"x" * 1_000_000)
        file.write(b"\n" + ROWS.encode())
    values = project.policy()
    values["sources"]["edge"]["format"]["max_record_bytes"] = 1_000_000
    project.write_policy(values)
    code = "import sys; sys.argv[0:1] = []; sys.path.insert(0, 'stages'); import collect\n"
    code += "try: collect.main()\nfinally: print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    done = project.run("python", "-c", code, "stages/collect.py", "data/sources", "data/collected")
    assert done.returncode == 0, done.stderr
    receipt = project.json("data/collected/receipt.json")
    assert receipt["malformed"] == {"too_long": 1}
    assert receipt["accounting"]["collected"] == 120
    assert int(done.stdout.split()[-1]) < 450_000, "kB at most; ru_maxrss would count the parent's memory, too"


def test_a_missing_source_names_the_policy_key(project: Project) -> None:
    edge(project).unlink()
    stopped(stage(project, "collect"), "sources.edge")


def test_a_wrong_pinned_digest_stops(project: Project) -> None:
    values = project.policy()
    values["sources"]["edge"]["sha256"] = "0" * 64
    project.write_policy(values)
    stopped(stage(project, "collect"), "sources.edge.sha256")


def test_a_link_that_leaves_the_project_is_not_followed(project: Project, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    shutil.move(edge(project), outside)
    edge(project).symlink_to(outside)
    stopped(stage(project, "collect"), "sources.edge")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("dataset:", "dataset: &a", "anchors and aliases are refused"),
        ("\n  k: 3", "\n  k: !!int 3", "tags are refused"),
        ("\n  k: 3", "\n  k: 3\n  k: 2", "stands twice"),
        ("\n  k: 3", "\n  kk: 3", "privacy.kk: is not a key of the policy"),
        ("\n  k: 3", "\n  k: 1", "privacy.k"),
        ("path: data/sources/edge.csv", "path: ../edge.csv", "sources.edge.path"),
        ("min_pass: 0.9", "min_pass: 90", "min_pass"),
    ],
)
def test_an_unusable_policy_stops_every_stage(project: Project, old: str, new: str, words: str) -> None:
    path = project.root / "params.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    for name in ("collect", "validate", "anonymize", "gate", "enforce"):
        stopped(stage(project, name), words)


def test_a_pattern_that_invites_backtracking_is_answered_in_linear_time(project: Project) -> None:
    values = project.policy()
    values["quality"]["rules"]["message"] = {"pattern": {"regex": "(a+)+$", "severity": "warn", "min_pass": 0.0}}
    project.write_policy(values)
    edge(project).write_text(
        HEADER + ROWS + f"2026-10-01T12:00:00Z,u,192.0.2.1,0.1,{'a' * 50_000}!\n", encoding="utf-8"
    )
    through(project, "collect", "validate")
    assert project.json("data/validated/report.json")["rules"]["message.pattern"]["broken"] == 61


def test_keys_that_are_missing_open_to_others_or_of_another_zone_stop(
    project: Project, keyring: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keyring.chmod(0o644)
    stopped(stage(project, "collect"), "chmod 600")
    keyring.chmod(0o600)
    values = project.policy()
    values["keys"]["check"] = "0" * 16
    project.write_policy(values)
    stopped(stage(project, "collect"), "keys.check")
    monkeypatch.setenv("CUSTODY_KEYRING", str(tmp_path / "none.json"))
    stopped(stage(project, "collect"), "keyring")


def test_the_demo_key_is_not_given_to_a_real_source(project: Project) -> None:
    values = project.policy()
    values["keys"] = {"zone": "demo", "check": demo.ZONE.check}
    project.write_policy(values)
    stopped(stage(project, "collect"), "demo key is public")


def test_a_source_that_dvc_tracks_in_the_clear_needs_a_reason(project: Project) -> None:
    (project.root / "data" / "sources" / "edge.csv.dvc").write_text(
        "outs:\n- md5: 0\n  path: edge.csv\n", encoding="utf-8"
    )
    stopped(stage(project, "collect"), "sources.edge")
    values = project.policy()
    values["sources"]["edge"]["plaintext"] = "public benchmark data"
    project.write_policy(values)
    through(project, "collect")


def test_a_swapped_older_partition_is_refused(project: Project) -> None:
    through(project, "collect")
    [old] = (project.root / "data" / "collected").glob("*.sealed")
    kept = old.read_bytes()
    edge(project).write_text(HEADER + ROWS.replace("user1", "user2"), encoding="utf-8")
    through(project, "collect", "validate", "anonymize")
    [new] = (project.root / "data" / "collected").glob("*.sealed")
    new.write_bytes(kept)
    for name in ("validate", "anonymize"):
        stopped(stage(project, name), "is not the partition of this run")


def test_stages_that_do_not_belong_together_stop(project: Project) -> None:
    through(project, "collect", "validate", "anonymize")
    edge(project).write_text(HEADER + ROWS[: len(ROWS) // 2], encoding="utf-8")
    through(project, "collect")
    for name in ("anonymize", "gate"):
        done = stage(project, name)
        assert done.returncode == 3, name
        assert done.stderr.count("\n") == 1


def test_frames_on_request_show_no_value(project: Project) -> None:
    edge(project).write_bytes(gzip.compress((HEADER + ROWS).encode())[:-20])
    done = stage(project, "collect", "--traceback")
    assert done.returncode == 3
    assert ".py:" in done.stderr
    assert CANARY not in done.stderr
    assert "user1" not in done.stderr
