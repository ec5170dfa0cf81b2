"""What `custody log` and `custody diff` cost over a long history, next to `git log -p` over the same files.

usage: python tests/benchmarks/history.py [--commits N] [--releases N] [--folder DIR]

A repository is made with that many commits, of which every so-manieth records another release with its statement in
DVC's cache. Times are the best of five, in seconds of processor time (children included); start-up of the
interpreter and imports are told apart, since git has none.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "stages"))
ROOT = Path(__file__).resolve().parents[2]
FILES = (
    "dvc.lock",
    "params.yaml",
    "data/metrics/gate.json",
    "data/metrics/validate.json",
    "data/metrics/anonymize.json",
)
RUNS = 5


def main() -> None:
    """Make the repository, measure, print a line for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--commits", type=int, default=1000)
    parser.add_argument("--releases", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        build(root, asked.commits, asked.releases)
        measure(root)


def build(root: Path, commits: int, releases: int) -> None:
    """Write the commits with `git fast-import`; each release has a lock file and a statement of its own."""
    base = {name: (ROOT / name).read_bytes() for name in FILES}
    stated = json.loads((ROOT / "data" / "released" / "statement.json").read_bytes())
    step = max(1, commits // releases)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(root)], check=True)
    (root / ".dvc").mkdir()
    out = []
    for i in range(commits):
        files = {"notes.txt": f"commit {i}\n".encode()}
        if i % step == 0:
            statement = json.dumps({**stated, "policy": hashlib.sha256(str(i).encode()).hexdigest()}).encode()
            listed = [{"md5": put(root, statement), "relpath": "statement.json"}]
            output = put(root, json.dumps(listed).encode(), ".dir").encode()
            files |= base
            files["dvc.lock"] = re.sub(
                rb"(path: data/released\n +hash: md5\n +md5: )\S+", rb"\g<1>" + output, base["dvc.lock"]
            )
            files["params.yaml"] = base["params.yaml"] + b"# %d\n" % (i // (2 * step))
        out.append(
            b"commit refs/heads/main\ncommitter t <t@example.org> %d +0000\ndata 1\n.\n" % (1_700_000_000 + i * 3600)
        )
        out += [b"M 644 inline %s\ndata %d\n%s\n" % (name.encode(), len(text), text) for name, text in files.items()]
    subprocess.run(["git", "fast-import", "--quiet"], cwd=root, input=b"".join(out), check=True)
    subprocess.run(["git", "reset", "--quiet", "--hard"], cwd=root, check=True)


def put(root: Path, text: bytes, suffix: str = "") -> str:
    """Put a file into the repository's DVC cache; return the name that DVC gives it."""
    md5 = hashlib.md5(text, usedforsecurity=False).hexdigest() + suffix
    path = root / ".dvc" / "cache" / "files" / "md5" / md5[:2] / md5[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    return md5


def measure(root: Path) -> None:
    """Print what each costs, and how it compares with `git log -p`."""
    from custody.history.releases import releases  # noqa: PLC0415  # the path is set above

    def plain() -> None:
        subprocess.run(["git", "log", "-p", "--", "dvc.lock", "params.yaml"], cwd=root, check=True, capture_output=True)

    def typed(*words: str) -> Callable[[], object]:
        custody = shutil.which("custody", path=str(Path(sys.executable).parent)) or "custody"
        return lambda: subprocess.run([custody, *words], cwd=root, check=True, capture_output=True)

    base = seconds(plain)
    print(f"{len(releases(root))} releases")
    for name, work in (
        ("git log -p -- dvc.lock params.yaml", plain),
        ("history.releases.releases", lambda: releases(root)),
        ("custody --version (start-up alone)", typed("--version")),
        ("custody log", typed("log")),
        ("custody diff HEAD~100", typed("diff", "HEAD~100")),
    ):
        took = seconds(work)
        print(f"{name:36} {took:7.3f} s  {took / base:5.2f} of git log -p")


def seconds(work: Callable[[], object]) -> float:
    """Return the least processor time of a few runs, children included."""
    best = float("inf")
    for _ in range(RUNS):
        before = spent()
        work()
        best = min(best, spent() - before)
    return best


def spent() -> float:
    """Return the processor time of this process and of its children, so far."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


if __name__ == "__main__":
    main()
