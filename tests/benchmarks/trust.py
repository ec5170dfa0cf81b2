"""What trust costs: signing and verifying a release next to hashing it once, the audit log next to its lines.

    python tests/benchmarks/trust.py [--megabytes 1000] [--entries 100000] [--writers 8] [--each 1000]

Figures are seconds on the clock and, in brackets, of the processor, each the least of several runs, and how many times
the first line of their part they are. The release is made up: as many random bytes as asked for, in 16 files, under a
statement that a gate wrote of others; nothing of it is parsed. Next to it stands OpenSSF model-signing on the same
files with the same key, where it is installed (requirements-bench.lock). By a revision, DVC's copy and md5 come on top.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import importlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ROOT = Path(__file__).resolve().parents[2]
sys.path[:1] = [str(ROOT / "stages"), str(ROOT / "tests")]

from custody.engine import serial  # noqa: E402
from custody.governance.audit import chain, entry, log  # noqa: E402
from custody.governance.audit.entry import BEGINNING, Event, Head  # noqa: E402
from custody.release import deciding  # noqa: E402
from custody.release import statement as statements  # noqa: E402
from custody.release.statement import File  # noqa: E402
from custody.trust import signing, stored, verifying  # noqa: E402
from release import example  # noqa: E402
from support import ZONE  # noqa: E402
from trust.signing_keys import Signer, believed  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
BLOCK = 2**20


def seconds(work: Callable[[], Any], runs: int = 3) -> tuple[float, float]:
    """The least time on the clock, and of the processor: of this process and its threads."""
    taken = []
    for _ in range(runs):
        clock, processor = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - clock, time.process_time() - processor))
    return min(clock for clock, _ in taken), min(processor for _, processor in taken)


def shown(what: str, taken: tuple[float, float], base: tuple[float, float] | None = None) -> None:
    ratio = f"   {taken[0] / base[0]:5.2f} x [{taken[1] / base[1]:5.2f} x]" if base else ""
    print(f"  {what:<52}{taken[0]:8.3f} s  [{taken[1]:7.3f} s]{ratio}")


def sha256(folder: Path) -> None:
    """Hash every file once, one after the other, in the blocks that verification reads."""
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            hashlib.file_digest(file, "sha256")


def release(root: Path, size: int) -> Path:
    """Make a release of `size` bytes in 16 files of random bytes, listed in a statement that a gate wrote otherwise."""
    folder, policy = root / "released", example.policy()
    deciding.record(example.build(root, under=policy), folder, policy, ZONE, serial.run, example.CODE)
    stated = statements.read(folder)
    for path in folder.iterdir():
        path.unlink()
    files = []
    for i in range(16):
        data = os.urandom(size // 16)
        (folder / f"part-{i:05}.parquet").write_bytes(data)
        sha256, md5 = hashlib.sha256(data).hexdigest(), hashlib.md5(data, usedforsecurity=False).hexdigest()
        rows = stated.rows if i == 0 else 0
        files.append(
            File(name=f"part-{i:05}.parquet", sha256=sha256, md5=md5, bytes=len(data), rows=rows, logical=sha256)
        )
    statements.write(folder, stated.model_copy(update={"files": tuple(files)}))
    return folder


def signatures(root: Path, size: int) -> None:
    """Sign and verify one release, and let model-signing do the same."""
    folder, ada = release(root, size), Signer(root, "ada")
    trust, target = believed(ada=ada.entry()), root / "signatures"
    asked = verifying.Asked(unsigned_ok=True)

    def signed() -> None:
        shutil.rmtree(target, ignore_errors=True)
        against = verifying.Against(trust, {}, None, NOW.date(), asked=asked)
        assert verifying.verify(folder, "release", against).holds
        signing.sign(folder, statements.text(folder), ada.key, trust, target=target, commit=None, audit=(), now=NOW)

    def verified() -> None:
        verdict = verifying.verify(
            folder, "release", verifying.Against(trust, stored.bundles(target), None, NOW.date())
        )
        assert verdict.holds, verdict.lines()

    print(f"a release of {size / 1e6:,.0f} MB in 16 files, from the page cache; {os.cpu_count()} processors")
    sha256(folder)
    base = seconds(lambda: sha256(folder))
    shown("SHA-256 of every file, once", base)
    shown("custody: sign (verify contents first)", seconds(signed), base)
    shown("custody: verify", seconds(verified), base)
    if importlib.util.find_spec("model_signing") is None:
        print("  model-signing is not installed (requirements-bench.lock)")
        return
    model(root, folder, ada, base)


def model(root: Path, folder: Path, ada: Signer, base: tuple[float, float]) -> None:
    """Sign and verify the same files under the same key with OpenSSF model-signing."""
    signer, verifier = (importlib.import_module(f"model_signing.{name}") for name in ("signing", "verifying"))
    public, bundle = root / "ada.pub", root / "model.sig"
    public.write_bytes(ada.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))

    def signed() -> None:
        signer.Config().use_elliptic_key_signer(private_key=ada.path).sign(folder, bundle)

    def verified() -> None:
        verifier.Config().use_elliptic_key_verifier(public_key=public).verify(folder, bundle)

    shown("model-signing: sign", seconds(signed), base)
    shown("model-signing: verify", seconds(verified), base)


def audit(entries: int) -> None:
    """Verify a log, next to parsing and hashing its lines."""
    lines, head = [], Head("ab" * 16, 0, BEGINNING)
    for i in range(entries):
        about: dict[str, Any] = {"zone": "ops", "revision": f"{i:040x}", "asked": ("records", "histogram label")}
        event = Event("statistics", "granted", "yearly report to the board", "f" * 64, about)
        text = entry.line(event, NOW + dt.timedelta(seconds=i), "a" * 16, head)
        head = Head(head.writer, i + 1, entry.digest(text))
        lines.append(text)
    text = b"\n".join([*lines, b""])

    def parsed() -> None:
        for line in text.split(b"\n")[:-1]:
            json.loads(line)
            hashlib.sha256(line).hexdigest()

    def faster() -> None:
        for line in text.split(b"\n")[:-1]:
            orjson.loads(line)
            hashlib.sha256(line).hexdigest()

    print(f"an audit log of {entries:,} entries, {len(text) / 1e6:,.0f} MB")
    base, least = seconds(parsed), seconds(faster)
    shown("parse (json) and hash its lines", base)
    shown("parse (orjson) and hash its lines", least)
    taken = seconds(lambda: chain.judge(text))
    shown("custody: verify, x json", taken, base)
    shown("custody: verify, x orjson", taken, least)


WRITE = """
import sys
from pathlib import Path
from custody.governance.audit import log
from custody.governance.audit.entry import Event
for i in range(int(sys.argv[2])):
    print(log.append(Path(sys.argv[1]), Event("load", "done", about={"i": i})).digest)
"""


def writers(root: Path, number: int, each: int) -> None:
    """Let writers append at once, and count what is there of what they were told."""
    folder, began = root / "log", time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "stages")}
    command = [sys.executable, "-c", WRITE, str(folder), str(each)]
    started = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(number)]
    told = {digest for process in started for digest in process.communicate()[0].split()}
    taken = time.perf_counter() - began
    held = chain.judge(log.whole(folder)).digests
    lost = f"{len(told - set(held))} acknowledged and lost"
    print(f"{number} writers x {each:,} entries at once: {taken:.1f} s, {len(held):,} entries, {lost}")


def main() -> None:
    """Print all figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("megabytes", 1000), ("entries", 100_000), ("writers", 8), ("each", 1000)):
        options.add_argument(f"--{name}", type=int, default=default)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        signatures(Path(place), chosen.megabytes * 10**6)
        audit(chosen.entries)
        writers(Path(place), chosen.writers, chosen.each)


if __name__ == "__main__":
    main()
