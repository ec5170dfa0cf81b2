"""Who signed this change off: what a sign-off of a review is about, and which of those that lie beside it count.

What is signed are the digests of both policies, of both lists of trusted keys, and of each layer of the report that was
computed where it was signed (`custody.trust.approval`). A review holds a sign-off against the layers that it computed
itself: one without keys can hold the first layer alone, and says so. Whose keys count is said by the reviewer's own
list, else, for BASE..HEAD, by BASE, and for the work tree by the main branch as it now is; never by HEAD.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.errors import CustodyError
from custody.history.review.reviewing import PARAMS, WORK_TREE
from custody.records import digest
from custody.repository import changes, tree
from custody.trust import approval, approving, places, signers, stored

if TYPE_CHECKING:
    from pathlib import Path

    from custody.history.review.reviewing import Review
    from custody.trust.approving import SignOff
    from custody.trust.signers import Trust


def subjects(told: Review) -> dict[str, str]:
    """Return what a sign-off of this review must name: SHA-256 by name."""
    report = told.report()
    sides = {
        f"{side}/{name}": report[kind][side]
        for kind, name in (("policies", PARAMS), ("trust", signers.PATH))
        for side in ("base", "head")
    }
    layers = {"meaning": report["meaning"]}
    layers |= {name: report[name] for name in ("effect", "attribution") if report[name]["computed"]}
    return sides | {f"{approval.LAYER}{name}": digest.sha256(digest.canonical(one)) for name, one in layers.items()}


def believed(root: Path, span: str, told: Review, named: Path | None) -> Trust:
    """Return whose sign-offs count; `named` is a file of trusted keys that the reviewer hands over."""
    handed = places.pinned(named)
    if handed is not None:
        return handed
    return places.of_revision(root, told.base) if span else places.of_main(root)


def judge(root: Path, told: Review, trust: Trust, today: str) -> SignOff:
    """Judge the sign-offs that HEAD brings; `today` is YYYY-MM-DD.

    `CustodyError` where history was cut off, so that one that counts may have been used before.
    """
    brought = _brought(root, told.head)
    before = changes.ever(root, told.base, approving.FOLDER) if brought else ()
    found = approving.judge(brought, subjects(told), trust, today, approving.spent(before))
    if found.counted and tree.is_shallow(root):
        raise CustodyError(
            "BASE: history was cut off here, so a sign-off may have been used before; run: git fetch --unshallow"
        )
    return found


def _brought(root: Path, head: str) -> dict[str, bytes]:
    if head == WORK_TREE:
        return stored.bundles(root / approving.FOLDER)
    held = tree.files(root, head, [approving.FOLDER])
    beside = {name.removeprefix(f"{approving.FOLDER}/"): text for name, text in held.items()}
    return {name: text for name, text in beside.items() if "/" not in name and name.endswith(stored.ATTESTATION)}
