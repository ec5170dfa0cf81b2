"""Does a rebuild without erased people differ from what is recorded by their rows alone?

Collected partitions of files that were not replaced must be equal. The rows of the release are compared by their
values: the rebuild may have no row that is not recorded, and each recorded row that it lacks must be of a subject
whose erasure is recorded. Recorded files must be what the recorded statement says, and both statements ask for the
same. Figures are not compared, since those that are recorded speak of the erased people too.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import RefusedError
from custody.history.counts import source_of
from custody.history.rebuild import released
from custody.history.rebuild.judging import Verdict, built
from custody.history.releases import PARAMS, RELEASED, STATEMENT
from custody.history.rows import ROW_ID
from custody.history.version import REPORTS, json_of
from custody.policy import policy
from custody.records import logical
from custody.release import stated
from custody.release.stated import SUFFIX
from custody.sources.collecting import partition_stem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from custody.history.rebuild.replacing import Replaced
    from custody.history.version import Version
    from custody.records.zone import Zone

MAY_DIFFER: Final = frozenset({"files", "rows", "accounting", "figures", "conditions"})
"""What a statement may say otherwise of fewer people; of a replaced source, the files that were read."""
FINDING: Final = "findings."
GONE: Final = (
    "is no longer at hand, so whose rows are missing cannot be told; a believed rebuilder's verdict from before tells "
    "it (custody reproduce REV --sign KEY, before old objects are removed), or bring it: dvc fetch --all-commits"
)
_MARK: Final = "!mark"


@dataclass(frozen=True)
class Erased:
    """What is known of erasures when a version is judged."""

    replaced: Replaced
    subjects: frozenset[str]
    zone: Zone

    def judge(self, stage: str, version: Version, project: Path, before: Sequence[Verdict]) -> Verdict | None:
        """Judge a stage that wrote something else; None where erasures are not the reason, so that it is changed."""
        if not self.replaced.files:
            return None
        if stage == "collect" and self.replaced.unlisted:
            folders = ", ".join(sorted(self.replaced.unlisted))
            return Verdict(stage, "unverifiable", (f"a list of files that were replaced in {folders} {GONE}",))
        if stage == "collect":
            return self._collected(version, project)
        answers = {one.answer for one in before}
        if before[0].answer not in {"erased", "unverifiable"} or not answers <= {"erased", "unverifiable"}:
            return None
        return self._released(version, project) if stage == "gate" else Verdict(stage, "erased", _follows(before))

    def _collected(self, version: Version, project: Path) -> Verdict | None:
        folder, name = REPORTS["collect"]
        old, new = version.report("collect"), json_of((project / folder / name).read_bytes())
        if old is None or (before := built({}, old).parts) is None:
            return Verdict("collect", "unverifiable", (f"{folder}/{name} of the revision {GONE}",))
        after = built({}, new).parts or {}
        stems = tuple(
            f"{partition_stem(source, file, self.zone)}-"
            for source, file in _files(old) ^ _files(new)
            if source in self.replaced.sources
        )
        kept = {name for name in {*before, *after} if not name.startswith(stems)}
        same = all(
            name in before and name in after and (before[name][0], before[name][2]) == (after[name][0], after[name][2])
            for name in kept
        )
        return Verdict("collect", "erased", ("only files of which people were erased are others",)) if same else None

    def _released(self, version: Version, project: Path) -> Verdict | None:
        old, new = json_of(version.text), json_of((project / RELEASED / STATEMENT).read_bytes())
        listed = [one.name for one in version.statement.files] if version.statement is not None else []
        tables = {name: version.table(name) for name in listed}
        before = {name: table for name, table in tables.items() if table is not None}
        if version.statement is None or len(before) < len(tables):
            return Verdict("gate", "unverifiable", (f"{RELEASED} of the revision {GONE}",))
        if self.replaced.unpinned and (whole := policy.check(version.files.get(PARAMS, b""))[0]) is not None:
            new["policy"] = whole.digest()  # that of the revision, which pins what was replaced
        said = f"{STATEMENT} says other things than of fewer rows"
        if not is_as_stated(old["files"], before, version.listing or {}):
            said = f"the recorded files are not what their {STATEMENT} says"
        elif says_alike(old, new, self.replaced.sources):
            parts = {name.removesuffix(SUFFIX): table for name, table in before.items()}
            if are_of(missing(parts, released.rebuilt(project)), _subject(version), self.subjects):
                return Verdict("gate", "erased", ("only rows of erased people are missing",))
            said = "more than rows of erased people differs"
        return Verdict("gate", "changed", (said, *released.differences(version, project)))


def is_as_stated(files: Sequence[Mapping[str, Any]], tables: Mapping[str, pa.Table], listed: Mapping[str, str]) -> bool:
    """Say whether a statement's `files` are those that a release has, and hold what it says: digests by name."""
    return listed.keys() == {STATEMENT, *tables} and all(
        (one["md5"], one["rows"], one["logical"])
        == (listed[one["name"]], tables[one["name"]].num_rows, logical.digest(tables[one["name"]]))
        for one in files
    )


def says_alike(old: Mapping[str, Any], new: dict[str, Any], replaced: Collection[str]) -> bool:
    """Say whether two statements say the same but of fewer people, whose files of these sources were replaced.

    The gate asks for the same. Findings are of what was found, and a condition without a threshold had no figure.
    """
    try:
        stated.check(new, STATEMENT)
    except RefusedError:
        return False
    asked, asks = _asked(old), _asked(new)
    return (
        _lasting(old, replaced) == _lasting(new, replaced)
        and asked.keys() == asks.keys()
        and all(not asks[name] or not least or asks[name] == least for name, least in asked.items())
    )


def missing(before: Mapping[str, pa.Table], after: Mapping[str, pa.Table]) -> pa.Table | None:
    """Return the distinct rows of `before` of which `after` has fewer; None where it has more of any.

    Tables are given by the name of their partition. A row is its source and its values, and in a partition that both
    have its id too.
    """
    both = before.keys() & after.keys()
    same = {name for name in both if before[name].equals(after[name])}
    sides = [
        _marked(name, table, sign, with_id=name in both)
        for side, sign in ((before, 1), (after, -1))
        for name, table in sorted(side.items())
        if name not in same
    ]
    if not sides:
        return pa.table({})
    if any(not one.schema.equals(sides[0].schema) for one in sides):
        return None
    keys = [name for name in sides[0].column_names if name != _MARK]
    counted = pa.concat_tables(sides).group_by(keys).aggregate([(_MARK, "sum")])
    sums = counted.column(f"{_MARK}_sum")
    return None if pc.any(pc.less(sums, 0)).as_py() else counted.filter(pc.greater(sums, 0))


def are_of(rows: pa.Table | None, subject: str | None, listed: frozenset[str]) -> bool:
    """Say whether each row is of a subject whose pseudonym has one of these SHA-256 digests."""
    if rows is None or not rows.num_rows:
        return rows is not None
    if subject not in rows.column_names or not pa.types.is_string(rows.column(subject).type):
        return False
    names = pc.unique(rows.column(subject)).to_pylist()
    return all(name is not None and hashlib.sha256(name.encode()).hexdigest() in listed for name in names)


def _lasting(statement: Mapping[str, Any], replaced: Collection[str]) -> dict[str, Any]:
    """Return what a statement says of fewer people too."""
    sources = {name: {**one, "files": None} if name in replaced else one for name, one in statement["sources"].items()}
    return {name: value for name, value in statement.items() if name not in MAY_DIFFER} | {"sources": sources}


def _asked(statement: Mapping[str, Any]) -> dict[str, float | None]:
    """Return the threshold of each condition."""
    return {one["id"]: one["threshold"] for one in statement["conditions"] if not one["id"].startswith(FINDING)}


def _subject(version: Version) -> str | None:
    privacy = version.policy.get("privacy")
    return privacy.get("subject") if isinstance(privacy, dict) else None


def _marked(name: str, table: pa.Table, sign: int, *, with_id: bool) -> pa.Table:
    rows = table.num_rows
    columns = {one: table.column(one) for one in sorted(table.column_names) if one != ROW_ID}
    columns[ROW_ID] = table.column(ROW_ID) if with_id else pa.nulls(rows, pa.string())
    columns["!source"] = pa.array([source_of(name)] * rows, pa.string())
    return pa.table({**columns, _MARK: pa.array([sign] * rows, pa.int64())})


def _files(receipt: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Return source and id of each file that a receipt lists."""
    try:
        return frozenset(
            (str(name), str(file["id"])) for name, one in receipt["sources"].items() for file in one["files"]
        )
    except (KeyError, TypeError, AttributeError):
        return frozenset()


def _follows(before: Sequence[Verdict]) -> tuple[str, ...]:
    return (f"follows from {before[0].stage}",)
