"""Reading a whole file in a test, with the law of accounting asserted on the way."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

from pydantic import TypeAdapter

from custody.policy.sources import AnyFormat
from custody.sources.formats.readers import read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from custody.sources.formats.reading import Batch

FORMAT: TypeAdapter[AnyFormat] = TypeAdapter(AnyFormat)


@dataclass
class Whole:
    """What all batches of one file say together."""

    columns: dict[str, list[Any]] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    malformed: list[tuple[int, str]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    dropped: AbstractSet[str] = frozenset()
    missing: AbstractSet[str] | None = None
    mixed: dict[str, list[int]] = field(default_factory=dict)
    repeat: list[int] = field(default_factory=list)
    read: int = 0

    def add(self, batch: Batch) -> None:
        assert batch.table.num_rows == batch.rows <= 65_536
        assert batch.malformed == sorted(batch.malformed)
        if batch.rows and self.lines:
            assert batch.lines[0] > self.lines[-1], "rows stand in file order"
        for name in batch.table.column_names:
            self.columns.setdefault(name, []).extend(batch.table[name].to_pylist())
        for name, flags in batch.mixed.items():
            assert len(flags) == batch.rows
            self.mixed.setdefault(name, []).extend(batch.lines[flags].tolist())
        self.lines += batch.lines.tolist()
        self.repeat += [1] * batch.rows if batch.repeat is None else batch.repeat.tolist()
        self.malformed += batch.malformed
        self.skipped.update(batch.skipped)
        self.dropped |= batch.dropped
        self.missing = batch.missing if self.missing is None else self.missing & batch.missing
        self.read += batch.read

    @property
    def rows(self) -> int:
        return len(self.lines)


def whole(stream: BinaryIO | bytes, wanted: Sequence[str], **format_: Any) -> Whole:
    """Read a file to its end."""
    source = io.BytesIO(stream) if isinstance(stream, bytes) else stream
    found = Whole()
    for batch in read(source, FORMAT.validate_python(format_), wanted):
        found.add(batch)
    assert found.read == found.rows + len(found.malformed) + sum(found.skipped.values())
    return found


class Lazy(io.RawIOBase):
    """A stream of repeated parts made while it is read, so that a huge file takes no memory."""

    def __init__(self, *parts: tuple[bytes, int]) -> None:
        super().__init__()
        self._parts = parts
        self._rest, self._left = b"", list(parts)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return 0

    def seek(self, offset: int, whence: int = 0) -> int:
        assert (offset, whence) == (0, 0)
        self._rest, self._left = b"", list(self._parts)
        return 0

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        while not self._rest and self._left:
            part, times = self._left.pop(0)
            count = min(times, max(1, len(view) // len(part)))
            self._rest = part * count
            if times > count:
                self._left.insert(0, (part, times - count))
        data, self._rest = self._rest[: len(view)], self._rest[len(view) :]
        view[: len(data)] = data
        return len(data)
