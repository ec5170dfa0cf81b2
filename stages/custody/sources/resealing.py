"""Seal source files anew, under a zone's next secret: all of them are prepared before the first takes its place."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from custody.records.seal import seal_stream
from custody.sources.discover import discover
from custody.sources.opening import identify, look, opened, source_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from custody.policy.sources import Source
    from custody.records.run import Run
    from custody.records.zone import Zone
    from custody.sources.opening import SourceFile


@contextmanager
def resealed(sources: Mapping[str, Source], root: Path, old: Zone, new: Zone, run: Run) -> Iterator[dict[Path, Path]]:
    """Yield the sealed sources, each with its content sealed under `new` beside it; what is not moved is removed.

    Whoever takes a file out of what is yielded answers for it.
    Nothing stands on the disk in the clear. `CustodyError` where a source is missing or does not open with `old`.
    """
    stored = [file for file in look(discover(sources, root), sources, root, run) if file.sealed]
    prepared: dict[Path, Path] = {}
    try:
        for file in identify(stored, sources, old, run):
            fresh = file.found.path.with_name(f".{file.found.path.name}.new")
            prepared[file.found.path] = fresh
            _seal(file, fresh, old, new)
        yield prepared
    finally:
        for fresh in prepared.values():
            fresh.unlink(missing_ok=True)


def _seal(file: SourceFile, fresh: Path, old: Zone, new: Zone) -> None:
    with opened(file, old) as plain, fresh.open("wb") as sealed:
        seal_stream(plain, sealed, source_label(file.found.place), new)
        sealed.flush()
        os.fsync(sealed.fileno())
