"""What earlier runs left is used again, and only where it is what it should be."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from custody.engine import serial
from custody.history.review import reviewing
from custody.repository import cache, lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipeline.project import Project

pytestmark = pytest.mark.xdist_group("past")  # the repository is built once


class Counting:
    """The serial engine, and what it was asked for."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    def __call__(
        self, function: Callable[[Any, Any], Any], shared: Any, items: Sequence[Any], what: str
    ) -> Iterator[Any]:
        self.asked[what] += 1
        return serial.run(function, shared, items, what)


def _ran(project: Project, span: str) -> tuple[Counter[str], dict[str, Any]]:
    counting = Counting()
    told = reviewing.review(project.root, span, counting).report()
    assert told["effect"]["computed"], told["effect"]["why"]
    return counting.asked, told


def test_a_side_that_was_run_is_not_run_again(copied: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copied.root)
    asked, whole = _ran(copied, "v1..v2")  # both were
    assert [asked[one] for one in ("collect", "validate: judge", "anonymize: write")] == [0, 0, 0]
    copied.git("checkout", "--quiet", "v2")
    values = copied.policy()
    values["quality"]["rules"]["risk"]["range"]["max"] = 0.6
    copied.write_policy(values)
    asked, _ = _ran(copied, "v2")
    assert [asked[one] for one in ("collect", "validate: judge", "anonymize: write")] == [0, 1, 1]
    values["quality"]["rules"]["risk"]["range"]["max"] = 0.5
    values["privacy"]["k"] = 2
    copied.write_policy(values)
    asked, _ = _ran(copied, "v2")
    assert [asked[one] for one in ("collect", "validate: judge", "anonymize: write")] == [0, 0, 1]
    _forge(copied)
    asked, again = _ran(copied, "v1..v2")
    assert [asked[one] for one in ("collect", "validate: judge", "anonymize: write")] == [0, 1, 0]
    assert again == whole  # judged anew, the verdicts are the ones that v1's candidate was made of


def _forge(project: Project) -> None:
    """Let v1's verdicts in DVC's cache be another file's."""
    store = cache.folder(project.root)
    named = lock.output(project.git("show", "v1:dvc.lock").encode(), "validate", "data/validated")
    listed = cache.listing(store, named or "") or {}
    report = cache.place(store, listed["report.json"])
    assert report is not None
    report.write_bytes(report.read_bytes().replace(b'"quarantined": 10', b'"quarantined": 11'))
