"""One release of the past as git and DVC's cache hold it: policy, figures, statement, reports, rows."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError, RefusedError
from custody.history.releases import METRICS, PARAMS, RELEASED, STATEMENT, number
from custody.history.shown import FLOOR, LEAST
from custody.policy import blocks
from custody.records import digest
from custody.release import stated
from custody.repository import cache, git, lock, tree

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

FIGURES: Final = ("data/metrics/collect.json", *METRICS.values())
REPORTS: Final = {
    "collect": ("data/collected", "receipt.json"),
    "validate": ("data/validated", "report.json"),
    "anonymize": ("data/anonymized", "report.json"),
    "gate": (RELEASED, STATEMENT),
}
BRING: Final = "bring it: dvc fetch --all-commits"


class Version:
    """A revision that records a release; `files` are its policy, lock file and metrics, by path."""

    def __init__(self, commit: str, files: Mapping[str, bytes], store: Path | None) -> None:
        self.commit, self.files, self.store = commit, files, store
        self._tables: dict[str, pa.Table] = {}

    @cached_property
    def policy(self) -> dict[str, Any]:
        """The policy's values, unchecked; empty where they cannot be read."""
        try:
            return blocks.read(self.files.get(PARAMS, b""), PARAMS)
        except CustodyError:
            return {}

    @property
    def k(self) -> int:
        """The policy's k, or the least that a count of people may be where it names none that holds."""
        privacy = self.policy.get("privacy")
        k = number(privacy.get("k"), int) if isinstance(privacy, dict) else None
        return k if k is not None and k >= LEAST else FLOOR

    @cached_property
    def stages(self) -> dict[str, Any]:
        """The stages of dvc.lock; empty where it cannot be read."""
        return lock.parse(self.files.get(lock.LOCK, b"")) or {}

    @cached_property
    def figures(self) -> dict[str, Any]:
        """The figures of data/metrics."""
        found: dict[str, Any] = {}
        for name in FIGURES:
            found |= {key: value for key, value in json_of(self.files.get(name)).items() if number(value) is not None}
        return found

    @cached_property
    def listing(self) -> dict[str, str] | None:
        """Files of the release, with their md5; None where DVC's cache does not have the list."""
        return cache.listing(self.store, self._output("gate", RELEASED))

    @cached_property
    def text(self) -> bytes | None:
        """The release's statement as it stands in DVC's cache; None where it is not at hand."""
        return cache.read(self.store, (self.listing or {}).get(STATEMENT, ""))

    @cached_property
    def statement(self) -> stated.Stated | None:
        """The release's statement, checked; None where it is not at hand. `RefusedError` for one that is none."""
        return stated.parse(json_of(self.text), STATEMENT) if self.text is not None else None

    def file(self, root: Path, name: str) -> bytes | None:
        """Return another file of the revision from git; None where it has none."""
        [text] = git.contents(root, [f"{self.commit}:./{name}"])
        return text

    def report(self, stage: str) -> dict[str, Any] | None:
        """Return a stage's receipt, report or statement, unchecked; None where it is not at hand."""
        place, name = REPORTS[stage]
        listed = cache.listing(self.store, self._output(stage, place)) or {}
        text = cache.read(self.store, listed.get(name, ""))
        return json_of(text) if text is not None else None

    def table(self, name: str, columns: Collection[str] | None = None) -> pa.Table | None:
        """Return a file of the release, checked against its statement; None where it is not at hand.

        One that was read as a whole is held, and not read again.
        """
        if name in self._tables and columns is not None:
            held = self._tables[name]
            return held.select([one for one in held.column_names if one in columns])
        whole = self.statement
        told = next((one for one in whole.files if one.name == name), None) if whole else None
        data = cache.read(self.store, (self.listing or {}).get(name, ""))
        if whole is None or told is None or data is None or digest.sha256(data) != told.sha256:
            return None
        from custody.history.rows import ROW_ID  # noqa: PLC0415  # late: most is told without opening the data
        from custody.records import parquet  # noqa: PLC0415

        table = parquet.decode(data, name, columns)
        types = sorted((one.name, str(one.type)) for one in table.schema)
        wanted = {one: of.type for one, of in whole.columns.items() if columns is None or one in columns}
        if types != sorted(wanted.items()) or (columns is None and ROW_ID not in wanted):
            raise RefusedError(f"{name}: its columns are not those of the statement, or its rows have no id")
        if columns is None:
            self._tables[name] = table
        return table

    def _output(self, stage: str, path: str) -> str:
        return lock.output(self.files.get(lock.LOCK, b""), stage, path) or ""


def version(root: Path, revision: str, name: str) -> Version:
    """Return what a revision records; `CustodyError`, which says `name`, where it is none or records no release."""
    [found] = versions(root, [(revision, name)])
    return found


def versions(root: Path, asked: Sequence[tuple[str, str]]) -> list[Version]:
    """Return what `version` does for each revision and name; git reads all of them at once."""
    commits = {revision: tree.commit_of(root, revision) for revision, _ in asked}
    paths = [(commit, one) for commit in commits.values() if commit for one in (PARAMS, lock.LOCK, *FIGURES)]
    held = dict(zip(paths, git.contents(root, [f"{commit}:./{one}" for commit, one in paths]), strict=True))
    store = cache.folder(root)
    found = []
    for revision, name in asked:
        commit = commits[revision]
        if commit is None:
            raise _no_revision(root, name)
        files = {path: text for (of, path), text in held.items() if of == commit and text is not None}
        if lock.output(files.get(lock.LOCK, b""), "gate", RELEASED) is None:
            raise CustodyError(f"{name}: {commit[:12]} records no release in its {lock.LOCK}; see: custody log")
        found.append(Version(commit, files, store))
    return found


def _no_revision(root: Path, name: str) -> CustodyError:
    if git.answer(root, "rev-parse", "--git-dir") is None:
        return git.no_repository()
    bring = "; history was cut off here (a shallow clone): git fetch --unshallow" if tree.is_shallow(root) else ""
    return CustodyError(f"{name}: is no revision that git knows here; give a commit, a tag or a branch{bring}")


def json_of(text: bytes | None) -> dict[str, Any]:
    """Return the object that a JSON text holds, or an empty one."""
    try:
        value = json.loads(text or b"{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
