"""A stage's output folder: sealed partitions and one receipt, written beside the old one and renamed when whole.

The receipt (receipt.json or report.json) is plain JSON: digests, counts, reason codes. Its MAC under the zone key
covers the list of partitions with their digests, so neither a partition nor an older one can be put in another's place.
"""

from __future__ import annotations

import hmac
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError
from custody.records import digest, logical, parquet, seal
from custody.records.plain import read_json, write_json
from custody.records.replacing import replace_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa

    from custody.records.zone import Zone

SUFFIX = ".sealed"
MAC = "mac"


@dataclass(frozen=True, order=True)
class Partition:
    """One sealed partition: its name in the folder, rows, digest of the sealed bytes and of the values inside."""

    name: str
    rows: int
    sha256: str
    logical: str


@dataclass(frozen=True)
class Sink:
    """Where a stage writes partitions; a plain value, so that a worker process can have it."""

    root: Path
    label: str
    zone: Zone = field(repr=False)
    policy: Mapping[str, str] = field(default_factory=dict)
    """Digest of each policy section that the stage works under; the receipt carries them."""
    code: str = ""
    """Digest of the stage's code and libraries; the receipt carries it."""

    def write(self, name: str, table: pa.Table) -> Partition:
        """Seal `table` as `<name>.sealed`; the name stands in the receipt, so it holds no value."""
        return self.write_bytes(name, parquet.encode(table), table)

    def write_bytes(self, name: str, data: bytes, table: pa.Table) -> Partition:
        """Seal a Parquet file that is already encoded; `table` is what it holds."""
        sealed = seal.seal(data, f"{self.label}/{name}", self.zone)
        path = self.root / (name + SUFFIX)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sealed)
        return Partition(name, table.num_rows, digest.sha256(sealed), logical.digest(table))

    def finish(self, receipt: str, body: dict[str, Any], partitions: list[Partition]) -> None:
        """Write the receipt, the last file of the folder."""
        told = {"policy": dict(self.policy), "code": self.code}
        whole = {**body, **told, "partitions": [asdict(partition) for partition in partitions]}
        whole[MAC] = _mac(whole, self.label, self.zone)
        write_json(self.root / receipt, whole)


@dataclass(frozen=True)
class Folder:
    """A finished folder whose receipt was checked; a plain value, so that a worker process can have it."""

    root: Path
    label: str
    zone: Zone = field(repr=False)
    body: dict[str, Any] = field(repr=False)
    partitions: tuple[Partition, ...]
    digest: str
    """SHA-256 of the receipt's canonical form: names this folder in the next stage's receipt."""

    def read(self, partition: Partition, columns: Collection[str] | None = None, *, coded: bool = False) -> pa.Table:
        """Open one partition, of its columns those named; `CustodyError` when it is not the one of the receipt.

        `coded`: texts that repeat come as dictionaries (see `parquet.decode`).
        """
        return parquet.decode(self.read_bytes(partition), f"{self.label}/{partition.name}", columns, coded=coded)

    def head(self, partition: Partition, columns: Collection[str], rows: int) -> pa.Table:
        """Open the first `rows` rows, or some more, of one partition; as `read` in all else."""
        return parquet.head(self.read_bytes(partition), f"{self.label}/{partition.name}", columns, rows)

    def read_bytes(self, partition: Partition) -> bytes:
        """Return the Parquet file inside a sealed partition."""
        return self.marked(partition)[0]

    def marked(self, partition: Partition) -> tuple[bytes, bytes]:
        """Return the Parquet file inside a sealed partition, and the mark by which `again` tells that it is the one."""
        sealed = self._sealed(partition)
        if digest.sha256(sealed) != partition.sha256:
            raise self._another(partition)
        return seal.unseal(sealed, f"{self.label}/{partition.name}", self.zone), seal.mark(sealed)

    def again(self, partition: Partition, mark: bytes) -> bytes:
        """Return the Parquet file that `marked` returned with this mark; `CustodyError` where it is another by now."""
        sealed = self._sealed(partition)
        if seal.mark(sealed) != mark:
            raise self._another(partition)
        return seal.unseal(sealed, f"{self.label}/{partition.name}", self.zone)

    def _sealed(self, partition: Partition) -> bytes:
        try:
            return (self.root / (partition.name + SUFFIX)).read_bytes()
        except FileNotFoundError:
            raise CustodyError(
                f"{self.label}/{partition.name}: is missing; run the stage that makes it again"
            ) from None

    def _another(self, partition: Partition) -> CustodyError:
        return CustodyError(f"{self.label}/{partition.name}: is not the partition of this run; run the stage again")


@contextmanager
def replace(target: Path, zone: Zone, policy: Mapping[str, str] | None = None, code: str = "") -> Iterator[Sink]:
    """Yield a sink beside `target`; it takes target's place when the block ends well, else target stays as it was."""
    with replace_folder(target) as fresh:
        yield Sink(fresh, target.name, zone, policy or {}, code)


def open_folder(root: Path, receipt: str, zone: Zone) -> Folder:
    """Check a folder's receipt and that it holds exactly the partitions the receipt lists."""
    folder = read_receipt(root, receipt, zone)
    expected = {partition.name + SUFFIX for partition in folder.partitions} | {receipt}
    present = {str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir()}
    if present != expected:
        raise CustodyError(
            f"{root.name}: {len(expected - present)} files missing and {len(present - expected)} that do not belong; "
            "run the stage again"
        )
    return folder


def read_receipt(root: Path, receipt: str, zone: Zone) -> Folder:
    """Check a folder's receipt alone: its partitions need not be there, and none is looked for."""
    body = read_json(root / receipt)
    mac = body.pop(MAC, None)
    if not isinstance(mac, str) or not hmac.compare_digest(
        mac.encode(errors="replace"), _mac(body, root.name, zone).encode()
    ):
        raise CustodyError(
            f"{root.name}/{receipt}: was not written under this zone key, or was altered; run the stage again"
        )
    partitions = tuple(Partition(**one) for one in body.pop("partitions"))
    return Folder(root, root.name, zone, body, partitions, digest.sha256(digest.canonical([body, mac])))


def _mac(body: dict[str, Any], label: str, zone: Zone) -> str:
    return hmac.digest(zone.derive(f"receipt/{label}"), digest.canonical(body), "sha256").hex()
