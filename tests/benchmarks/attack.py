"""What the attack of a stranger costs: in the stage, next to the stage itself; in full, next to bare hashing.

usage: python tests/benchmarks/attack.py [RECORDS …] [--full]        (default: 100000)

The stage runs on synthetic sources under the demo's policy. The literal attack is measured on one of the 273 networks
of RFC 1918 and multiplied, with --full on all of them; beside it stands one SHA-256 of each of the same addresses.
"""

from __future__ import annotations

import hashlib
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import pyarrow as pa

from custody.privacy.attack import attacking, directory, functions
from custody.privacy.attack.targets import targets

ROOT = Path(__file__).resolve().parents[2]
CUSTODY = [sys.executable, "-m", "custody.cli"]
TOKENS = 100_000


def main() -> None:
    """Measure the stage for each size, then the literal attack."""
    words = sys.argv[1:]
    for records in [int(word) for word in words if word.isdecimal()] or [100_000]:
        folder = Path(tempfile.mkdtemp(prefix="custody-bench-"))
        try:
            stage(records, folder / "project")
        finally:
            shutil.rmtree(folder)
    literal(full="--full" in words)


def stage(records: int, folder: Path) -> None:
    """Print what anonymize takes on `records` records, and the attack in it."""
    keyring = folder.parent / "keyring.json"
    environment = {**os.environ, "CUSTODY_KEYRING": str(keyring), "PYTHONPATH": str(ROOT / "stages")}
    run = partial(subprocess.run, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    (folder / "data").mkdir(parents=True)
    shutil.copyfile(ROOT / "params.yaml", folder / "params.yaml")
    shutil.copytree(ROOT / "data/anchor", folder / "data/anchor")
    run([*CUSTODY, "source", "synth", "data/sources", "--records", str(records), "--seed", "7"])
    run([*CUSTODY, "keys", "init", "bench"])
    (folder / "data/sources/defects.json").unlink()
    run([sys.executable, ROOT / "stages/collect.py", "data/sources", "data/collected"])
    run([sys.executable, ROOT / "stages/validate.py", "data/collected", "data/validated"])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = run([sys.executable, ROOT / "stages/anonymize.py", "data/collected", "data/validated", "data/anonymized"])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    whole = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    (told,) = re.findall(r"^attacked .*$", done.stdout, re.MULTILINE)
    seconds = float(re.findall(r"([0-9.]+) s of processor time", told)[0])
    print(f"{records:,} records: {told}")
    print(f"  anonymize, with Python's start {whole:.2f} s, the attack {seconds:.2f} s, {seconds / whole:.1%}")


def literal(*, full: bool) -> None:
    """Print what all of RFC 1918 takes against as many tokens as a large release has."""
    tokens = pa.array([hashlib.sha256(b"key %d" % i).hexdigest()[:24] for i in range(TOKENS)])
    against = attacking.Against(targets(pa.chunked_array([tokens]), 1), 1, ())
    networks = [attacking.Network(*one) for one in directory.NETWORKS]
    some = networks if full else networks[:1]
    start = time.process_time()
    hits = sum(attacking.attempt(against, network).found.total() for network in some)
    seconds = (time.process_time() - start) * len(networks) / len(some)
    start = time.process_time()
    for network in some:
        [hashlib.sha256(one.encode()).digest() for one in directory.addresses(network)]
    bare = (time.process_time() - start) * len(networks) / len(some)
    how = "measured" if full else "from one network"
    print(f"RFC 1918, 17,891,328 addresses at {TOKENS:,} tokens: {hits} hits, {seconds:.0f} s ({how})")
    each = seconds / len(functions.DIGESTS)
    print(
        f"  {len(functions.DIGESTS)} digests, {each:.1f} s each; bare SHA-256 of them {bare:.1f} s: {each / bare:.2f}"
    )


if __name__ == "__main__":
    main()
