"""Is each lock file what pyproject.toml asks for, and free of any registry's address?

usage: python tests/check_lock.py [--write]

Without --write every requirement of pyproject.toml must be met by the locks, offline. With it they are resolved anew.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
RUN, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
BENCH = ROOT / "requirements-bench.lock"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; .*)? \\$")


def main() -> None:
    """Write the locks, or say what is wrong with them and exit 1."""
    if "--write" in sys.argv[1:]:
        resolve(RUN, ["--universal"])
        resolve(DEV, ["--universal", "--group", "dev", "--constraints", RUN.name])
        resolve(BENCH, ["--group", "bench", "--constraints", DEV.name])
    found = mistakes()
    sys.exit("\n".join(found) or None)


def resolve(lock: Path, more: list[str]) -> None:
    """Pin everything with hashes; `--universal`: for every platform and Python that pyproject.toml allows."""
    command = ["uv", "pip", "compile", "--generate-hashes", "--no-emit-index-url", "--no-header"]
    command += ["--no-annotate", "--quiet", "--python-version", "3.11", "pyproject.toml", "--output-file", lock.name]
    subprocess.run([*command, *more], cwd=ROOT, check=True)


def pins(lock: Path) -> dict[str, set[str]]:
    """Versions pinned per package: more than one where environments differ."""
    found: dict[str, set[str]] = {}
    for line in lock.read_text().splitlines():
        if match := PINNED.match(line):
            found.setdefault(canonicalize_name(match[1]), set()).add(match[2])
    return found


def mistakes() -> list[str]:
    """Requirements that no pin meets, pins that the locks disagree on, lines that are no pin or hash."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run, dev, bench = pins(RUN), pins(DEV), pins(BENCH)
    wanted = [(RUN, run, text) for text in project["project"]["dependencies"]]
    wanted += [(DEV, dev, text) for text in project["dependency-groups"]["dev"]]
    wanted += [(BENCH, bench, text) for text in project["dependency-groups"]["bench"]]
    found = []
    for lock, have, text in wanted:
        need = Requirement(text)
        versions = have.get(canonicalize_name(need.name), set())
        if not versions or not all(need.specifier.contains(version, prereleases=True) for version in versions):
            found.append(f"{lock.name}: nothing pinned meets {text}; run: make lock")
    found += [
        f"{DEV.name}: {name} differs from {RUN.name}; run: make lock" for name in run if dev.get(name) != run[name]
    ]
    found += [
        f"{BENCH.name}: {name} is none of {DEV.name}'s versions; run: make lock"
        for name in bench
        if name in dev and not bench[name] <= dev[name]
    ]
    for lock in (RUN, DEV, BENCH):
        odd = [
            line for line in lock.read_text().splitlines() if not PINNED.match(line) and "--hash=sha256:" not in line
        ]
        found += [f"{lock.name}: holds {len(odd)} lines that are neither pin nor hash"] * bool(odd)
    return found


if __name__ == "__main__":
    main()
