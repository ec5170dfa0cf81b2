"""What the stages cost, next to the fastest primitive for each step, measured in the same run.

usage: python tests/benchmarks/pipeline.py [RECORDS …]        (default: 100000 1000000)

Each stage runs in a process of its own, in one worker, on synthetic sources of three formats under the demo's policy.
CPU seconds are those of the stage's work: Python's start, imports and reading the policy are left out, and sealing (the
encryption and HMACs of partitions) is measured apart. The primitives run on the same data: they are what any
program would have to do at least. Machines are shared and noisy: read the ratio, not the seconds.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ahocorasick_rs as aho
import orjson
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet as pq

from custody.governance import keys
from custody.policy import load
from custody.records import open_folder, seal

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
STAGES = {
    "collect": ["collect", "data/sources", "data/collected"],
    "validate": ["validate", "data/collected", "data/validated"],
    "anonymize": ["anonymize", "data/collected", "data/validated", "data/anonymized"],
    "gate": ["gate", "decide", "data/anonymized", "data/released"],
}
SHAPES = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+|\b(?:\d{1,3}\.){3}\d{1,3}\b"


def main() -> None:
    """Measure each size and print a table for it."""
    sizes = [int(word) for word in sys.argv[1:]] or [100_000, 1_000_000]
    for records in sizes:
        folder = Path(tempfile.mkdtemp(prefix="custody-bench-"))
        try:
            report(records, folder)
        finally:
            shutil.rmtree(folder)


def report(records: int, folder: Path) -> None:
    """Run everything on `records` synthetic records and print the figures."""
    environment = prepare(records, folder)
    print(f"\n{records:,} records, {sum(f.stat().st_size for f in (folder / 'data/sources').iterdir()) / 1e6:.0f} MB")
    print(f"{'stage':<26}{'cpu s':>8}{'sealing':>9}{'records/s':>12}{'peak MB':>9}")
    total = 0.0
    for stage, words in STAGES.items():
        figures = child(folder, environment, words)
        work = figures["cpu"] - figures["sealing"]
        total += work
        print(f"{stage:<26}{work:>8.2f}{figures['sealing']:>9.2f}{records / work:>12,.0f}{figures['peak'] / 1e6:>9.0f}")
    if records > 2_000_000:
        print("(primitives are measured in memory: left out at this size)")
        return
    least = primitives(folder, environment)
    for name, seconds in least.items():
        print(f"  {name:<24}{seconds:>8.2f}")
    whole = sum(least.values())
    print(f"stages {total:.2f} s, primitives {whole:.2f} s, ratio {total / whole:.2f}")


def prepare(records: int, folder: Path) -> dict[str, str]:
    """Make a project with synthetic sources, the demo's policy and a zone of its own."""
    environment = {**os.environ, "CUSTODY_KEYRING": str(folder / "keyring.json"), "PYTHONPATH": str(ROOT / "stages")}
    (folder / "data").mkdir()
    shutil.copyfile(ROOT / "params.yaml", folder / "params.yaml")
    run = partial(subprocess.run, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    custody = [sys.executable, "-m", "custody.cli"]
    run([*custody, "source", "synth", "data/sources", "--records", str(records), "--seed", "7"])
    run([*custody, "keys", "init", "bench"])
    (folder / "data/sources/defects.json").unlink()
    return environment


def child(folder: Path, environment: dict[str, str], words: list[str]) -> dict[str, float]:
    """Run one stage in a fresh process; CPU seconds, those of them that sealing took, peak bytes."""
    command = [sys.executable, __file__, "--stage", *words]
    done = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def stage(words: list[str]) -> None:
    """In the child: run a stage's script with a clock around the sealing functions."""
    script = import_module(words[0])
    spent = {"sealing": 0.0, "depth": 0}

    def timed(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            start, outermost = time.process_time(), not spent["depth"]
            spent["depth"] += 1
            try:
                return function(*arguments)
            finally:
                spent["depth"] -= 1
                spent["sealing"] += (time.process_time() - start) * outermost

        return call

    for module, name in ((seal, "seal"), (seal, "unseal")):
        setattr(module, name, timed(getattr(module, name)))
    sys.argv = words
    start = time.process_time()
    try:
        script.main()
    except SystemExit as end:
        if end.code:
            raise
    used = time.process_time() - start
    status = Path("/proc/self/status").read_text().split("VmHWM:")[1]  # ru_maxrss would count the parent's memory
    peak = 1024 * int(status.split()[0])
    print(json.dumps({"cpu": used, "sealing": spent["sealing"], "peak": peak}))


def clocked(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of `work`, the best of two, and what it returned."""
    best, result = float("inf"), None
    for _ in range(2):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def primitives(folder: Path, environment: dict[str, str]) -> dict[str, float]:
    """CPU seconds of the fastest known way to do each step alone, on the data of this run."""
    os.environ.update(environment)
    sources = sorted((folder / "data/sources").iterdir())
    collected, candidate = tables(folder)
    least = {f"parse {path.name}": clocked(partial(parse, path.suffix, clean(path)))[0] for path in sources}
    least["SHA-256 of sources"] = clocked(lambda: [hashlib.sha256(path.read_bytes()).digest() for path in sources])[0]
    least["SHA-256 of the tables"] = clocked(lambda: [hashed(collected), hashed(candidate)])[0]
    frame = pl.from_arrow(collected)
    assert isinstance(frame, pl.DataFrame)
    least["row hash (polars)"] = clocked(lambda: frame.hash_rows(1))[0]
    messages = pc.drop_null(collected.column("message")).combine_chunks()
    least["regex (RE2)"] = clocked(lambda: pc.replace_substring_regex(messages, SHAPES, "<x>"))[0]
    names = pc.unique(pa.chunked_array([*collected.column("user").chunks, *collected.column("src_ip").chunks]))
    words = [name.encode() for name in pc.drop_null(names).to_pylist()]
    text = messages.buffers()[2].to_pybytes()
    automaton = aho.BytesAhoCorasick(words)
    least["multi-pattern search"] = clocked(lambda: automaton.find_matches_as_indexes(text, overlapping=True))[0]
    keyed = partial(frame.select("ts", "department", "user").group_by, pl.col("ts").dt.truncate("1h"), "department")
    least["group count (polars)"] = clocked(lambda: keyed().agg(pl.col("user").n_unique()))[0]
    least["keyed hash of distinct"] = clocked(lambda: [hmac.digest(b"k" * 32, word, "sha256") for word in words])[0]
    least["Parquet write collected"] = clocked(partial(write, collected))[0]
    least["Parquet write released"] = clocked(partial(write, candidate))[0]
    return least


def clean(path: Path) -> bytes:
    """What the fast parsers can read: the planted defects that would stop them are left out, off the clock."""
    lines = path.read_bytes().split(b"\n")
    if path.suffix == ".jsonl":
        return b"\n".join(line for line in lines if _is_object(line))
    if path.suffix == ".log":
        return b"\n".join(line for line in lines if b"\0" not in line and _is_text(line))
    fields = len(lines[0].split(b"," if path.suffix == ".csv" else b"\t"))
    rows = csv.reader((line.decode() for line in lines if b"\0" not in line and _is_text(line)), delimiter=_sign(path))
    out = io.StringIO()
    csv.writer(out, delimiter=_sign(path), lineterminator="\n").writerows(row for row in rows if len(row) == fields)
    return out.getvalue().encode()


def parse(kind: str, data: bytes) -> Any:
    """The fastest reader of a format at hand; of text lines, one RE2 pass that takes a syslog line apart."""
    if kind in {".csv", ".tsv"}:
        options = pa.csv.ParseOptions(delimiter="," if kind == ".csv" else "\t")
        return pa.csv.read_csv(pa.BufferReader(data), parse_options=options)
    if kind == ".jsonl":
        return pl.read_ndjson(data, infer_schema_length=None)
    lines = pa.csv.read_csv(
        pa.BufferReader(data),
        read_options=pa.csv.ReadOptions(column_names=["line"]),
        parse_options=pa.csv.ParseOptions(delimiter="\x01", quote_char=False),
    )
    pattern = r"^(?P<time>\w+ +\d+ [\d:]+) (?P<host>\S+) (?P<process>[^:\[]+)(?P<rest>.*)$"
    return pc.extract_regex(lines.column("line"), pattern)


def _sign(path: Path) -> str:
    return "," if path.suffix == ".csv" else "\t"


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def hashed(table: pa.Table) -> bytes:
    """SHA-256 of a table's buffers, as every output has to be hashed once."""
    digest_ = hashlib.sha256()
    for column in table.columns:
        for chunk in column.chunks:
            for buffer in chunk.buffers():
                digest_.update(buffer or b"")
    return digest_.digest()


def write(table: pa.Table) -> int:
    """One Parquet file in memory, as partitions are written."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", row_group_size=65_536)
    return int(sink.getvalue().size)


def tables(folder: Path) -> tuple[pa.Table, pa.Table]:
    """All collected records, and all released rows."""
    policy = load(folder / "params.yaml")
    opened = open_folder(folder / "data/collected", "receipt.json", keys.open_zone(policy.keys, []))
    collected = pa.concat_tables([opened.read(partition) for partition in opened.partitions])
    parts = sorted((folder / "data/released").glob("*.parquet"))
    return collected, pa.concat_tables([pq.read_table(part) for part in parts])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--stage"]:
        stage(sys.argv[2:])
    else:
        main()
