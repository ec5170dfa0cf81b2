"""Write the synthetic files, in constant memory and whole or not at all, and the counts of what is planted in them."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError
from custody.records.plain import write_json
from custody.synth import alerts, edge, sshd
from custody.synth.defects import Counts
from custody.synth.people import population

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from custody.synth.people import Person

CHUNK = 16_384
"""Lines that are held at a time."""
COUNTS = "defects.json"
SHARES = {"text": 45, "csv": 30, "jsonl": 24, "tsv": 1}
"""Of 100 records, how many each format gets."""
NAMES = {"text": sshd.NAME, "csv": edge.NAME, "jsonl": alerts.NAME, "tsv": edge.PARTNER}


def write(out: Path, records: int, seed: int, formats: Sequence[str]) -> dict[str, Any]:
    """Write one file per format and `defects.json` into `out`; return what defects.json holds.

    `records` counts every record of every file, readable or not, header lines apart. Equal arguments give equal
    bytes. A file that exists is never replaced.
    """
    for name in [*(NAMES[one] for one in formats), COUNTS]:
        if (out / name).exists() or (out / name).is_symlink():
            raise CustodyError(f"OUT/{name}: exists and is never replaced; choose another folder or remove it first")
    out.mkdir(parents=True, exist_ok=True)
    sizes, people = split(records, formats), population(records)
    files = {NAMES[one]: _file(out, one, seed, sizes, people) for one in formats}
    body = {"seed": seed, "records": records, "people": len(people), "files": files}
    write_json(out / COUNTS, body)
    return body


def split(records: int, formats: Sequence[str]) -> dict[str, int]:
    """Return how many of `records` each format gets: by its share, what is left over to the first."""
    whole = sum(SHARES[one] for one in formats)
    sizes = {one: records * SHARES[one] // whole for one in formats}
    sizes[formats[0]] += records - sum(sizes.values())
    return sizes


def _file(out: Path, kind: str, seed: int, sizes: Mapping[str, int], people: Sequence[Person]) -> dict[str, Any]:
    counts, digest, size = Counts(), hashlib.sha256(), 0
    target = out / NAMES[kind]
    fresh = target.with_name(f".{target.name}.new")
    source = _lines(kind, seed, sizes, people, counts)
    try:
        with fresh.open("wb") as file:
            while chunk := list(islice(source, CHUNK)):
                block = b"\n".join(chunk) + b"\n"
                digest.update(block)
                size += file.write(block)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return {"records": sizes[kind], "bytes": size, "sha256": digest.hexdigest(), "planted": counts.tree()}


def _lines(kind: str, seed: int, sizes: Mapping[str, int], people: Sequence[Person], counts: Counts) -> Iterator[bytes]:
    if kind == "text":
        return sshd.lines(seed, sizes[kind], people, counts)
    if kind == "csv":
        return edge.lines(seed, sizes[kind], people, counts)
    if kind == "jsonl":
        return alerts.lines(seed, sizes[kind], people, counts, sizes.get("csv", 0))
    return edge.partner(seed, sizes[kind], people, counts)
