"""A forge on this machine: a repository with a proposal, and stand-ins for `gh`, `curl` and `python3 -m venv`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from history.review.proposing import edited
from pipeline.project import demo
from support import ROOT
from trust.signing_keys import Signer, trust

GITHUB = ROOT / ".github" / "workflows" / "review.yml"
GITLAB = ROOT / ".gitlab" / "review.yml"
SHELL = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]
SERVER = """#!{python}
import json, os, sys
folder = os.environ["FORGE"]
words, state = sys.argv[1:], json.load(open(folder + "/comments.json"))
header = sys.stdin.read() if "@-" in words else ""
open(folder + "/calls", "a").write(" ".join([os.path.basename(sys.argv[0]), *words]) + "\\n")
if header:
    assert header == "PRIVATE-TOKEN: secret-token\\n", header
url = next((word for word in words if "comments" in word or "/notes" in word or word.endswith("/user")), "")
verb = next((one for one in ("POST", "PATCH", "PUT") if one in words), "GET")
sent = next((word.lstrip("@") for word in words if word.endswith("body.json")), None)
github = os.path.basename(sys.argv[0]) == "gh"
who = {{"user": {{"login": "github-actions[bot]"}}}} if github else {{"author": {{"username": "bot"}}}}
if verb == "POST":
    state.append({{"id": 100 + len(state), "body": json.load(open(sent))["body"], **who}})
elif verb != "GET":
    [one] = [one for one in state if str(one["id"]) == url.rsplit("/", 1)[1]]
    one["body"] = json.load(open(sent))["body"]
elif url.endswith("/user"):
    print(json.dumps({{"username": "bot"}}))
elif "page=1" in url.split("&")[-1] or "--paginate" in words:
    print(json.dumps(state))
elif url:
    print("[]")
json.dump(state, open(folder + "/comments.json", "w"))
"""
PYTHON = """#!/bin/bash
# `python3 -m venv FOLDER` makes a folder whose python notes what pip is asked for, and runs all else
test "$1 $2" = "-m venv"
mkdir -p "$3/bin"
printf '%s\\n' '#!/bin/bash' 'if [ "$1 $2" = "-m pip" ]; then echo "pip $*" >> "$FORGE/calls"; exit 0; fi' \
  'exec {python} "$@"' > "$3/bin/python"
chmod +x "$3/bin/python"
"""


class Forge:
    """`project` is the repository on the forge, its branch `proposal` the pull request 7 with k lowered from 5 to 3."""

    def __init__(self, root: Path) -> None:
        self.root, self.fakes, self.temp = root, root / "fakes", root / "runner"
        self.ada = Signer(root, "ada")
        self.project = demo(root / "project")
        (self.project.root / ".custody").mkdir(exist_ok=True)
        (self.project.root / ".custody" / "trust.yaml").write_bytes(trust(ada=self.ada.entry(role="approver")))
        self.project.commit()
        self.project.git("checkout", "--quiet", "-b", "proposal")
        self.edit("  k: 5\n", "  k: 3\n")
        for folder in (self.fakes, self.temp):
            folder.mkdir()
        for name, text in (("gh", SERVER), ("curl", SERVER), ("python3", PYTHON)):
            (self.fakes / name).write_text(text.format(python=sys.executable), encoding="utf-8")
            (self.fakes / name).chmod(0o755)
        (self.root / "comments.json").write_text("[]", encoding="utf-8")

    def edit(self, old: str, new: str) -> None:
        """Change the proposal's policy."""
        edited(self.project.root / "params.yaml", old, new)
        self.push()

    def push(self) -> None:
        """Commit what the proposal holds, and let the forge know."""
        self.project.commit()
        for ref in ("refs/pull/7/head", "refs/merge-requests/7/head"):
            self.project.git("update-ref", ref, "HEAD")

    def commit(self, name: str) -> str:
        """The commit that a name stands for."""
        return self.project.git("rev-parse", name).strip()

    def environment(self, **more: str) -> dict[str, str]:
        """What a runner sets, and nothing of this machine but where programs are."""
        path = os.pathsep.join([str(self.fakes), os.environ["PATH"]])
        kept = {name: os.environ[name] for name in ("HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM")}
        state = {"XDG_STATE_HOME": str(self.root / "state"), "DVC_SITE_CACHE_DIR": str(self.root / "site")}
        return {**kept, **state, "PATH": path, "LANG": "C.UTF-8", "FORGE": str(self.root), **more}

    @property
    def calls(self) -> list[str]:
        """What was asked of the forge and of pip."""
        path = self.root / "calls"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    @property
    def comments(self) -> list[dict[str, Any]]:
        """Comments that are there."""
        found: list[dict[str, Any]] = json.loads((self.root / "comments.json").read_text(encoding="utf-8"))
        return found

    def approve(self) -> None:
        """Sign off what the proposal means."""
        words = ("custody", "policy", "approve", "main", "--meaning", "--key", str(self.ada.path))
        self.project.must(*words)
        self.push()


def run(script: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a step as a runner does."""
    return subprocess.run(
        [*SHELL, script],
        cwd=folder,
        env=environment,
        text=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def steps() -> dict[str, dict[str, Any]]:
    """The steps of the workflow for GitHub, by name."""
    [job] = yaml.safe_load(GITHUB.read_text(encoding="utf-8"))["jobs"].values()
    return {step["name"]: step for step in job["steps"]}


def script() -> str:
    """The whole script of the job for GitLab, which runs in one shell."""
    return "\n".join(yaml.safe_load(GITLAB.read_text(encoding="utf-8"))["review"]["script"])
