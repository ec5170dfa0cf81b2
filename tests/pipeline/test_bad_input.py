"""Bad input: one line that says what to do, the right status, no cell value, nothing half-written."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import resource
import shutil
import signal
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from custody.governance import demo
from pipeline import policies
from pipeline.project import Project, create, zone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("keyring")

CANARY = "canary.person@corp.example"
HEADER = "when,login,ip,risk,text\n"
ROWS = "".join(
    f"2026-10-{1 + i % 28:02}T12:00:00Z,user{i % 9},192.0.2.{i % 9 + 1},0.{i % 10},login by {CANARY} number {i}\n"
    for i in range(60)
)


def _policy(keys: dict[str, str]) -> dict[str, Any]:
    columns = {"ts": "when", "user": "login", "src_ip": "ip", "risk": "risk", "message": "text"}
    return policies.policy(
        keys,
        {"edge": policies.source("data/sources/edge.csv", {"type": "csv"}, columns)},
        {"ts": "timestamp", "user": "user", "src_ip": "ip", "risk": "number", "message": "text"},
        {"rules": {"risk": {"range": {"min": 0, "max": 1, "min_pass": 0.9}}, "ts": {"complete": {"min_pass": 0.9}}}},
        {
            "subject": "user",
            "columns": {
                "ts": {"role": "quasi", "technique": "round_time", "to": "1Y"},
                "user": {"role": "direct", "technique": "mac", "domain": "person"},
                "src_ip": {"role": "direct", "technique": "ip_prefix", "domain": "network"},
                "risk": {"role": "insensitive", "technique": "keep"},
                "message": {"role": "insensitive", "technique": "redact_text"},
            },
            "k": 3,
            "on_violation": "suppress",
        },
        {"distinct_ok": ["message"]},
    )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = create(tmp_path / "project")
    (made.root / "data" / "sources" / "edge.csv").write_text(HEADER + ROWS, encoding="utf-8")
    made.write_policy(_policy(zone()))
    return made


def stage(project: Project, name: str, *flags: str) -> subprocess.CompletedProcess[str]:
    commands = {
        "collect": ["collect.py", "data/sources", "data/collected"],
        "validate": ["validate.py", "data/collected", "data/validated"],
        "anonymize": ["anonymize.py", "data/collected", "data/validated", "data/anonymized"],
        "gate": ["gate.py", "decide", "data/anonymized", "data/released"],
        "enforce": ["gate.py", "enforce", "data/released"],
    }
    script, *arguments = commands[name]
    return project.run("python", f"stages/{script}", *arguments, *flags)


def _through(project: Project, *names: str) -> str:
    said = ""
    for name in names:
        done = stage(project, name)
        assert done.returncode == 0, done.stderr
        said += done.stdout + done.stderr
    return said


def _stopped(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 3, done.stdout + done.stderr
    assert words in done.stderr
    assert CANARY not in done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


def _edge(project: Project) -> Path:
    return project.root / "data" / "sources" / "edge.csv"


def test_the_undisturbed_project_is_released(project: Project) -> None:
    said = _through(project, "collect", "validate", "anonymize", "gate", "enforce")
    assert CANARY not in said
    assert project.json("data/released/statement.json")["decision"] == "released"


@pytest.mark.parametrize(
    "content", [b"", HEADER.encode(), b"\xef\xbb\xbf"], ids=["empty", "header only", "byte-order mark"]
)
def test_nothing_to_read_is_a_refusal_with_its_reasons(project: Project, content: bytes) -> None:
    _edge(project).write_bytes(content)
    _through(project, "collect", "validate", "anonymize", "gate")
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
    _edge(project).write_bytes(HEADER.encode() + b"".join(middle[:30]) + rows + b"".join(middle[30:]))
    _through(project, "collect")
    receipt = project.json("data/collected/receipt.json")
    assert receipt["malformed"] == {reason: count}
    assert receipt["accounting"] == {"read": 61 + count, "collected": 60, "malformed": count, "skipped": 1}
    assert receipt["malformed_examples"][0]["line"] == 32


def test_binary_noise_under_a_csv_name_releases_nothing(project: Project) -> None:
    noise = bytes((i * i * 7 + i // 3) % 256 for i in range(20_000))
    _edge(project).write_bytes(noise)
    done = stage(project, "collect")
    if done.returncode == 0:
        _through(project, "validate", "anonymize", "gate")
        assert project.json("data/released/statement.json")["decision"] == "refused"
    else:
        _stopped(done, "sources.edge")


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
    _through(project, "collect")
    before = project.outputs()
    values = project.policy()
    values["sources"]["edge"]["format"]["max_expanded_bytes"] = 10_000_000
    project.write_policy(values)
    _edge(project).write_bytes(content())
    _stopped(stage(project, "collect"), words)
    assert project.outputs() == before
    assert not list((project.root / "data").glob(".*.new"))


def test_dates_before_1970_and_after_2262_come_through_every_stage(project: Project) -> None:
    years = ("0001", "1677", "1815", "1969", "2263", "2600", "9998")
    rows = "".join(
        f"{year}-06-01T12:00:00Z,user{i},192.0.2.{i + 1},0.5,at {i} in {j}\n"
        for j, year in enumerate(years)
        for i in range(4)
    )
    _edge(project).write_text(HEADER + rows, encoding="utf-8")
    _through(project, "collect", "validate", "anonymize", "gate")
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
    _edge(project).write_text(HEADER + f"{first}0.1,a\n2026-10-02T12:00:00Z,user1,192.0.2.1,0.1,b\n", encoding="utf-8")
    _edge(project).with_name("other.csv").write_text(HEADER + f"{first}0.9,a\n", encoding="utf-8")
    _through(project, "collect", "validate")
    assert len(list((project.root / "data/collected").glob("*.sealed"))) == 2
    assert project.json("data/validated/report.json")["rules"]["conflicts"]["broken"] == 2


def test_a_line_of_200_megabytes_costs_itself_and_little_memory(project: Project) -> None:
    with _edge(project).open("wb") as file:
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
    _edge(project).unlink()
    _stopped(stage(project, "collect"), "sources.edge")


def test_a_wrong_pinned_digest_stops(project: Project) -> None:
    values = project.policy()
    values["sources"]["edge"]["sha256"] = "0" * 64
    project.write_policy(values)
    _stopped(stage(project, "collect"), "sources.edge.sha256")


def test_a_link_that_leaves_the_project_is_not_followed(project: Project, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    shutil.move(_edge(project), outside)
    _edge(project).symlink_to(outside)
    _stopped(stage(project, "collect"), "sources.edge")


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
        _stopped(stage(project, name), words)


def test_a_pattern_that_invites_backtracking_is_answered_in_linear_time(project: Project) -> None:
    values = project.policy()
    values["quality"]["rules"]["message"] = {"pattern": {"regex": "(a+)+$", "severity": "warn", "min_pass": 0.0}}
    project.write_policy(values)
    _edge(project).write_text(
        HEADER + ROWS + f"2026-10-01T12:00:00Z,u,192.0.2.1,0.1,{'a' * 50_000}!\n", encoding="utf-8"
    )
    _through(project, "collect", "validate")
    assert project.json("data/validated/report.json")["rules"]["message.pattern"]["broken"] == 61


def test_keys_that_are_missing_open_to_others_or_of_another_zone_stop(
    project: Project, keyring: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keyring.chmod(0o644)
    _stopped(stage(project, "collect"), "chmod 600")
    keyring.chmod(0o600)
    values = project.policy()
    values["keys"]["check"] = "0" * 16
    project.write_policy(values)
    _stopped(stage(project, "collect"), "keys.check")
    monkeypatch.setenv("CUSTODY_KEYRING", str(tmp_path / "none.json"))
    _stopped(stage(project, "collect"), "keyring")


def test_the_demo_key_is_not_given_to_a_real_source(project: Project) -> None:
    values = project.policy()
    values["keys"] = {"zone": "demo", "check": demo.ZONE.check}
    project.write_policy(values)
    _stopped(stage(project, "collect"), "demo key is public")


def test_a_source_that_dvc_tracks_in_the_clear_needs_a_reason(project: Project) -> None:
    (project.root / "data" / "sources" / "edge.csv.dvc").write_text(
        "outs:\n- md5: 0\n  path: edge.csv\n", encoding="utf-8"
    )
    _stopped(stage(project, "collect"), "sources.edge")
    values = project.policy()
    values["sources"]["edge"]["plaintext"] = "public benchmark data"
    project.write_policy(values)
    _through(project, "collect")


def test_a_swapped_older_partition_is_refused(project: Project) -> None:
    _through(project, "collect")
    [old] = (project.root / "data" / "collected").glob("*.sealed")
    kept = old.read_bytes()
    _edge(project).write_text(HEADER + ROWS.replace("user1", "user2"), encoding="utf-8")
    _through(project, "collect", "validate", "anonymize")
    [new] = (project.root / "data" / "collected").glob("*.sealed")
    new.write_bytes(kept)
    for name in ("validate", "anonymize"):
        _stopped(stage(project, name), "is not the partition of this run")


def test_stages_that_do_not_belong_together_stop(project: Project) -> None:
    _through(project, "collect", "validate", "anonymize")
    _edge(project).write_text(HEADER + ROWS[: len(ROWS) // 2], encoding="utf-8")
    _through(project, "collect")
    for name in ("anonymize", "gate"):
        done = stage(project, name)
        assert done.returncode == 3, name
        assert done.stderr.count("\n") == 1


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (700, 700))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


@pytest.mark.parametrize("name", ["collect", "validate", "anonymize", "gate"])
def test_a_disk_that_takes_no_more_leaves_the_old_output(project: Project, name: str) -> None:
    _through(project, "collect", "validate", "anonymize", "gate")
    before = project.outputs()
    commands = {
        "collect": ["stages/collect.py", "data/sources", "data/collected"],
        "validate": ["stages/validate.py", "data/collected", "data/validated"],
        "anonymize": ["stages/anonymize.py", "data/collected", "data/validated", "data/anonymized"],
        "gate": ["stages/gate.py", "decide", "data/anonymized", "data/released"],
    }
    done = subprocess.run(
        [sys.executable, *commands[name]],
        cwd=project.root,
        preexec_fn=_small_files,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    _stopped(done, "refused a file operation")
    assert project.outputs() == before
    assert not [path for path in (project.root / "data").rglob(".*") if path.name != ".gitignore"]


NO_MOUNT = 77
FULL = """
mkdir disk && mount -t tmpfs -o size=8m full disk && cp -r data disk/data || exit 77
dd if=/dev/zero of=disk/fill bs=4k 2>/dev/null
"$@"
status=$?
rm disk/fill
diff -r data disk/data >&2 || exit 78
exit $status
"""
"""Runs a stage on a file system of its own, in a mount namespace, that is full; then compares what it left."""


def _on_a_full_disk(project: Project, script: str, *words: str) -> subprocess.CompletedProcess[str]:
    stage_ = [
        sys.executable,
        f"stages/{script}",
        *(word if word == "data/sources" else word.replace("data/", "disk/data/") for word in words),
    ]
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", FULL, "sh", *stage_]
    done = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
    shutil.rmtree(project.root / "disk", ignore_errors=True)
    return done


@pytest.mark.skipif(shutil.which("unshare") is None, reason="no unshare: a test cannot mount a file system of its own")
def test_a_full_file_system_stops_every_stage_and_loses_nothing(project: Project) -> None:
    alone = ["unshare", "--map-root-user", "--mount", "true"]
    if subprocess.run(alone, capture_output=True, check=False).returncode:
        pytest.skip("this machine gives no test a mount namespace of its own")
    _through(project, "collect", "validate", "anonymize", "gate")
    for words in (
        ["validate.py", "data/collected", "data/validated"],
        ["anonymize.py", "data/collected", "data/validated", "data/anonymized"],
        ["gate.py", "decide", "data/anonymized", "data/released"],
        ["collect.py", "data/sources", "data/collected"],
    ):
        done = _on_a_full_disk(project, *words)
        if done.returncode == NO_MOUNT:
            pytest.skip("this machine lets no test mount a file system of its own")
        _stopped(done, "No space left on device")


def test_frames_on_request_show_no_value(project: Project) -> None:
    _edge(project).write_bytes(gzip.compress((HEADER + ROWS).encode())[:-20])
    done = stage(project, "collect", "--traceback")
    assert done.returncode == 3
    assert ".py:" in done.stderr
    assert CANARY not in done.stderr
    assert "user1" not in done.stderr
