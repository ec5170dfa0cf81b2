"""A project of one small source, its stages run one by one, and what a stage that stops must say."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

from pipeline import policies
from pipeline.project import Project, create, zone

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "canary.person@corp.example"
HEADER = "when,login,ip,risk,text\n"
ROWS = "".join(
    f"2026-10-{1 + i % 28:02}T12:00:00Z,user{i % 9},192.0.2.{i % 9 + 1},0.{i % 10},login by {CANARY} number {i}\n"
    for i in range(60)
)


STAGES = {
    "collect": ["collect.py", "data/sources", "data/collected"],
    "validate": ["validate.py", "data/collected", "data/validated"],
    "anonymize": ["anonymize.py", "data/collected", "data/validated", "data/anonymized"],
    "gate": ["gate.py", "decide", "data/anonymized", "data/released"],
    "enforce": ["gate.py", "enforce", "data/released"],
}
"""Script and arguments of each stage."""


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


def made(root: Path) -> Project:
    """Return the project, with its source and policy, before any stage ran."""
    project = create(root)
    edge(project).write_text(HEADER + ROWS, encoding="utf-8")
    project.write_policy(_policy(zone()))
    return project


def stage(project: Project, name: str, *flags: str) -> subprocess.CompletedProcess[str]:
    script, *arguments = STAGES[name]
    return project.run("python", f"stages/{script}", *arguments, *flags)


def through(project: Project, *names: str) -> str:
    said = ""
    for name in names:
        done = stage(project, name)
        assert done.returncode == 0, done.stderr
        said += done.stdout + done.stderr
    return said


def stopped(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 3, done.stdout + done.stderr
    assert words in done.stderr
    assert CANARY not in done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


def edge(project: Project) -> Path:
    return project.root / "data" / "sources" / "edge.csv"
