"""The second and third layer of a review: both policies are run on HEAD's inputs, and what differs is told.

The code at hand runs, never that of a side; a proposal that changes code is not run at all. Sealed data is opened only
once the audit log has an entry. All that is written lies in a folder of the user's cache, which is gone afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError, plain
from custody.governance import opening
from custody.governance.audit.entry import Event
from custody.history.effect import fates, flows, held, parting, running, telling
from custody.history.effect.side import inputs
from custody.history.ending import ending_well
from custody.history.rebuild.place import fresh
from custody.history.review.layer import Layer
from custody.trust import beside

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from custody.history.effect.running import Bench, Cell
    from custody.history.effect.side import Side
    from custody.records.run import Run

SAME: Final = "not computed: the policies are the same, so whatever changed is the data; see custody report and diff"
OTHER_CODE: Final = Layer(why="not computed: BASE's figures were made by other code than the one at hand", needed=False)
CODE: Final = "not computed: the proposal changes code, so nothing of it was run and no key was used"


def layers(root: Path, base: Side, head: Side, answer: str, run: Run) -> tuple[Layer, Layer]:
    """Return effect and attribution of a change whose meaning is `answer`; each says why where it was not computed."""
    if base.policy.digest() == head.policy.digest():
        return (Layer(why=SAME, needed=False),) * 2
    if beside.code_of(root, base.commit) != beside.code_of(root, head.commit):
        return (Layer(why=CODE, needed=False),) * 2
    try:
        with ending_well(), fresh() as place:
            return _computed(root, (base, head), place.root, answer, run)
    except CustodyError as error:
        why = f"not computed: {plain(str(error).splitlines()[0])}"
        return Layer(why=why), Layer(why=why, needed=False)


def _computed(root: Path, sides: tuple[Side, Side], place: Path, answer: str, run: Run) -> tuple[Layer, Layer]:
    base, head = sides
    code = running.code_at_hand(root)
    used, same_data = inputs(root, base, head, place)
    about = {side.name.lower(): side.policy.digest() for side in sides}
    granted = opening.grant(Event("review", about={"zone": head.policy.keys.zone, **about}), root)
    bench = running.Bench(granted, used, held.of(root, sides, place / "held"), code, place, run)
    before = _run(bench, base, None)
    after = _run(bench, head, before)
    told = telling.told(before, after, _flows(before, after, run), answer, run)
    recorded = parting.released(root, base)
    flips = _flips(before, after, was_released=recorded is True and not same_data)
    known = same_data or not _others(beside.code_of(root, base.commit), code)
    unclear = [name for name, pair in told["figures"].items() if any(isinstance(one, str) for one in pair)]
    attribution = _attribution(root, base, (before, after), unclear, same_data=same_data) if known else OTHER_CODE
    return Layer({**told, "flips": flips}), attribution


def _others(recorded: Mapping[str, str | None], code: Mapping[str, str]) -> bool:
    """Say whether a stage was other code."""
    return any(recorded.get(stage) != digest for stage, digest in code.items())


def _run(bench: Bench, side: Side, other: Cell | None) -> Cell:
    try:
        return running.cell(bench, side, other)
    except CustodyError as error:
        raise CustodyError(f"{side.name}'s policy does not run on HEAD's data: {error}") from None


def _flows(before: Cell, after: Cell, run: Run) -> flows.Flows | None:
    """Records join where both sides name files alike: under one key."""
    if before.collected.zone.check != after.collected.zone.check:
        return None
    new = fates.watched(after)
    return flows.flows(fates.watched(before, new.seed), new, run)


def _flips(before: Cell, after: Cell, *, was_released: bool) -> str | None:
    """Say what the gate flips to; with data changed too, from what BASE records as well."""
    if after.decision.released:
        return None if before.decision.released else "released"
    return "refused" if before.decision.released or was_released else None


def _attribution(
    root: Path, base: Side, cells: tuple[Cell, Cell], unclear: Collection[str], *, same_data: bool
) -> Layer:
    try:
        return Layer(parting.told(root, base, cells, unclear, same_data=same_data))
    except CustodyError as error:
        return Layer(why=f"not computed: {plain(str(error))}", needed=False)
