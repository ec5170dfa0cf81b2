"""What `custody log` and `custody diff` cost over a long history, next to `git log -p` over the same files.

usage: python tests/benchmarks/history.py [--commits N] [--releases N] [--folder DIR]

A repository is made with that many commits, of which every so-manieth records another release: policy and lock file are
the demo's, in each release one threshold and the digests of all outputs are others, and DVC's cache has its statement.
Two releases also have their rows in the cache, one of them without every tenth. Times are the best of many, in seconds
of processor time (children included), as typed; below each command stands what of it the bare interpreter takes, and
what its imports take, which are a start that git does not have. Figures are taken in turns, so that a busy machine is
busy for all of them. Code is compiled before, as it is where pip installs it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from custody.trust.keyfile import PrivateKey

Tables = dict[str, bytes]
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "stages"))
ROOT = Path(__file__).resolve().parents[2]
FILES = (
    "dvc.lock",
    "params.yaml",
    "data/metrics/gate.json",
    "data/metrics/validate.json",
    "data/metrics/anonymize.json",
)
RUNS = 15
TRUST = """\
signers:
  ada:
    key: {key}
    owner: security-platform
    role: releaser
    from: '2026-01-01'
    until: '2999-01-01'
"""
ARROW = "import sys; sys.modules['numpy'] = None; import pyarrow.compute, pyarrow.parquet"


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
    tables = {1: released(), 2: released(every=10)}  # of the two newest releases
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(root)], check=True)
    (root / ".dvc").mkdir()
    out = []
    for i in range(commits):
        files = {"notes.txt": f"commit {i}\n".encode()}
        if i % step == 0:
            files |= base | release(root, base, stated, i // step, tables.get(releases - i // step, {}))
        out.append(
            b"commit refs/heads/main\ncommitter t <t@example.org> %d +0000\ndata 1\n.\n" % (1_700_000_000 + i * 3600)
        )
        out += [b"M 644 inline %s\ndata %d\n%s\n" % (name.encode(), len(text), text) for name, text in files.items()]
    subprocess.run(["git", "fast-import", "--quiet"], cwd=root, input=b"".join(out), check=True)
    subprocess.run(["git", "reset", "--quiet", "--hard"], cwd=root, check=True)


def release(root: Path, base: dict[str, bytes], stated: dict[str, Any], number: int, tables: Tables) -> Tables:
    """Put a release into the cache; return the policy and the lock file that record it."""
    own = {"policy": hashlib.sha256(str(number).encode()).hexdigest()}
    if tables:
        own |= stating(stated, tables)
    named = {"statement.json": json.dumps({**stated, **own}).encode(), **tables}
    listed = [{"md5": put(root, text), "relpath": name} for name, text in sorted(named.items())]
    output = put(root, json.dumps(listed).encode(), ".dir").encode()
    lock = re.sub(
        rb"(md5: )[0-9a-f]{32}",
        lambda one: one[1] + hashlib.md5(one[0] + output, usedforsecurity=False).hexdigest().encode(),
        base["dvc.lock"],
    )
    lock = re.sub(rb"(path: data/released\n +hash: md5\n +md5: )\S+", rb"\g<1>" + output, lock)
    score = b"min_quality_score: 0.%d" % (500 + number)
    return {"dvc.lock": lock, "params.yaml": re.sub(rb"min_quality_score: \S+", score, base["params.yaml"])}


def released(every: int = 0) -> Tables:
    """Return the demo's released files by name, without every so-manieth row."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # Arrow is the product's to start, where it is measured

    from custody.records import parquet  # noqa: PLC0415  # the path is set above

    found = {}
    for path in sorted((ROOT / "data" / "released").glob("*.parquet")):
        table = pq.read_table(path)
        kept = [row for row in range(table.num_rows) if not every or row % every]
        found[path.name] = parquet.encode(table.take(kept))
    return found


def stating(stated: dict[str, Any], tables: Tables) -> dict[str, Any]:
    """Return what a statement says of its files, as far as a comparison reads it."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    rows = {name: pq.read_metadata(pa.BufferReader(text)).num_rows for name, text in tables.items()}
    files = [
        {**one, "sha256": hashlib.sha256(tables[one["name"]]).hexdigest(), "rows": rows[one["name"]]}
        for one in stated["files"]
    ]
    whole, account = sum(rows.values()), stated["accounting"]
    suppressed = account["suppressed"] + account["released"] - whole
    return {
        "files": files,
        "rows": whole,
        "accounting": {**account, "released": whole, "suppressed": suppressed},
    }


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
    from custody.trust import keyfile  # noqa: PLC0415

    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    compiled["PYTHONPYCACHEPREFIX"] = str(root / "compiled")

    def plain() -> None:
        subprocess.run(["git", "log", "-p", "--", "dvc.lock", "params.yaml"], cwd=root, check=True, capture_output=True)

    def typed(*words: str, root: Path = root) -> Callable[[], object]:
        custody = shutil.which("custody", path=str(Path(sys.executable).parent)) or "custody"
        return lambda: subprocess.run([custody, *words], cwd=root, env=compiled, check=True, capture_output=True)

    def python(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], cwd=root, env=compiled, check=True)

    found = [one.commit for one in releases(root)]
    key = keyfile.generate("ecdsa")
    keys, signed = believing(root, "keys", key), believing(root, "signed", key)
    sign(signed, key)
    without_rows, with_rows = (found[5], found[2]), (found[1], found[0])
    log, diff = (python(f"import custody.cli, custody.cli.told.{name}") for name in ("log", "diff"))
    rows: dict[str, Callable[[], object]] = {
        "git log -p -- dvc.lock params.yaml": plain,
        "history.releases.releases": lambda: releases(root),
        "custody log": typed("log"),
        "  the interpreter (python -c pass)": python("pass"),
        "  that and its imports": log,
        "custody log, where keys are believed": typed("log", root=keys),
        "custody log, each release signed": typed("log", root=signed),
        "custody diff A B, rows not in the cache": typed("diff", *without_rows),
        "  the interpreter and its imports": diff,
        "custody diff A B, 10,000 rows compared": typed("diff", *with_rows),
        "  the interpreter and Arrow, without numpy": python(ARROW),
        "  the interpreter and Typer, which none starts": python("import typer"),
    }
    took = least([*rows.values()])
    print(f"{len(found)} releases")
    print(f"{'':46} {'seconds':>7} {'of git log -p':>14}")
    for name, one in zip(rows, took, strict=True):
        print(f"{name:46} {one:7.3f} {one / took[0]:14.2f}")


def believing(root: Path, name: str, key: PrivateKey) -> Path:
    """Return a clone of the repository whose main branch believes a signer, so that signatures are looked for."""
    from custody.trust import keyfile  # noqa: PLC0415  # the path is set above

    clone = root / name
    subprocess.run(["git", "clone", "--quiet", str(root), str(clone)], check=True)
    subprocess.run(["git", "remote", "remove", "origin"], cwd=clone, check=True)  # whose main branch would be asked
    shutil.copytree(root / ".dvc", clone / ".dvc")
    (clone / ".custody").mkdir()
    (clone / ".custody" / "trust.yaml").write_text(TRUST.format(key=keyfile.public(key)), encoding="utf-8")
    commit(clone, "believe")
    return clone


def sign(root: Path, key: PrivateKey) -> None:
    """Have the signer sign each release, and commit that."""
    from custody.history.releases import releases  # noqa: PLC0415  # the path is set above
    from custody.release import statement  # noqa: PLC0415
    from custody.trust import attestation, bundle, stored  # noqa: PLC0415

    folder = root / "data" / "signatures"
    folder.mkdir(parents=True)
    for text in {one.statement for one in releases(root) if one.statement is not None}:
        stated, digest = statement.parse(json.loads(text), "statement"), hashlib.sha256(text).hexdigest()
        when, who = "2026-11-01T12:00:00Z", ("ada", "releaser")
        said = attestation.Predicate(digest, stated.dataset.name, stated.decision, None, when, *who, (), {})
        signed = json.dumps(bundle.sign(attestation.build(text, stated, said), key))
        (folder / f"{digest[:16]}.ada{stored.ATTESTATION}").write_text(signed, encoding="utf-8")
    commit(root, "sign")


def commit(root: Path, what: str) -> None:
    """Commit all that stands there, but for DVC's cache."""
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "add", "--all", "--", ":!.dvc"], cwd=root, check=True)
    subprocess.run(["git", *who, "commit", "--quiet", "--message", what], cwd=root, check=True)


def least(works: list[Callable[[], object]]) -> list[float]:
    """Return the least processor time of each, of a few runs in turns, children included."""
    best = [float("inf")] * len(works)
    for _ in range(RUNS):
        for i, work in enumerate(works):
            before = spent()
            work()
            best[i] = min(best[i], spent() - before)
    return best


def spent() -> float:
    """Return the processor time of this process and of its children, so far."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


if __name__ == "__main__":
    main()
