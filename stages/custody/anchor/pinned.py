"""data/anchor as a stage reads it: a manifest, and one sealed table for each named part.

The manifest is `{}` where nothing is pinned. Else it has a receipt's form, with a MAC under the zone key over the
digest of every part: which revision was pinned, its schema, and the digests of what it was made from. The set of parts
is open: who compares something with the pinned version adds a part (`custody.history.anchoring`) and reads it by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError
from custody.records import digest
from custody.records.folder import SUFFIX, Folder, open_folder
from custody.records.plain import read_json, write_text

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from custody.records.zone import Zone

MANIFEST: Final = "manifest.json"
VERSION: Final = "custody/anchor/v1"
NAME: Final = "anchor"
_AGAIN: Final = "restore it (git checkout data/anchor) or pin a version again: custody anchor set REV"


@dataclass(frozen=True)
class Anchor:
    """A pinned version whose manifest was checked; a plain value, so that a worker process can have it."""

    folder: Folder

    @property
    def digest(self) -> str:
        """Digest of the manifest, and by it of every part."""
        return self.folder.digest

    @property
    def revision(self) -> str:
        """The git revision that was pinned, or `workspace`."""
        return str(self.folder.body["revision"])

    @property
    def schema(self) -> dict[str, str]:
        """Columns of the pinned version and their types."""
        return dict(self.folder.body["schema"])

    @property
    def rows(self) -> int:
        """Accepted records of the pinned version."""
        return int(self.folder.body["rows"])

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the parts, sorted."""
        return tuple(sorted(one.name for one in self.folder.partitions))

    def part(self, name: str) -> pa.Table | None:
        """Return a part, or None where the anchor was set without it; `CustodyError` where it is not the pinned one."""
        for one in self.folder.partitions:
            if one.name == name:
                try:
                    return self.folder.read(one)
                except CustodyError:
                    raise CustodyError(
                        f"{NAME}/{name}: is not the part that {MANIFEST} lists, or cannot be opened; {_AGAIN}"
                    ) from None
        return None


def open_anchor(root: Path, zone: Zone) -> Anchor | None:
    """Return what data/anchor pins, or None for an empty manifest: no anchor.

    `CustodyError` where there is no manifest, or one that was altered, is of another key, or is of another version of
    Custody: a run never goes on as if nothing had been pinned.
    """
    body = _manifest(root)
    if not body and [path.name for path in root.iterdir()] == [MANIFEST]:
        return None
    if body.get("schema_version") != VERSION:
        raise CustodyError(f"{NAME}/{MANIFEST}: is not of version {VERSION}, or parts are left without it; {_AGAIN}")
    _same_key(body.get("key"), zone)
    try:
        folder = open_folder(root, MANIFEST, zone)
        anchor = Anchor(folder)
        whole = all(digest.file_sha256(root / (one.name + SUFFIX)) == one.sha256 for one in folder.partitions)
        usable = whole and bool(anchor.schema) and anchor.rows >= 0 and bool(anchor.revision)
    except (CustodyError, KeyError, TypeError, ValueError):
        usable = False
    if not usable:
        raise CustodyError(f"{NAME}: was altered, lacks a part or holds what does not belong there; {_AGAIN}")
    return anchor


def clear(root: Path) -> None:
    """Leave an empty manifest, which pins nothing; then the parts of what was pinned go."""
    write_text(root / MANIFEST, "{}\n")
    for path in sorted(root.glob(f"*{SUFFIX}")):
        path.unlink()


def read_manifest(root: Path) -> dict[str, Any]:
    """Return the manifest as it stands, unchecked: what people may see without a key."""
    return _manifest(root)


def _manifest(root: Path) -> dict[str, Any]:
    try:
        return read_json(root / MANIFEST)
    except CustodyError:
        raise CustodyError(
            f"{NAME}/{MANIFEST}: is missing or is not the JSON that custody anchor set writes; {_AGAIN}; "
            "an empty manifest ({}) means no anchor"
        ) from None


def _same_key(key: Any, zone: Zone) -> None:
    if key != {"zone": zone.name, "check": zone.check}:
        raise CustodyError(
            f"{NAME}/{MANIFEST}: is sealed under another key than keys names; pin a version under this one: "
            "custody anchor clear, dvc repro, custody anchor set ."
        )
