"""Where what a change means and what it does disagree. Pure.

A tightening that admits a record, shows more of a column or turns a refusal into a release is none; a loosening that
takes a record out or turns a release into a refusal is none; what is equivalent does nothing. What is mixed claims
nothing, so nothing disagrees with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from custody.history.effect.flows import LEFT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CLASSED: Final = {
    "tightens": "classed as tightening, yet",
    "loosens": "classed as loosening, yet",
    "equivalent": "classed as equivalent, yet",
}


def disagreements(answer: str, told: Mapping[str, Any], decisions: tuple[str, str]) -> list[str]:
    """Return a sentence for each; `told` is the second layer as people may see it, `decisions` under either policy."""
    said = CLASSED.get(answer)
    return [] if said is None else [f"{said} {what}" for what in _against(answer, told, decisions)]


def _against(answer: str, told: Mapping[str, Any], decisions: tuple[str, str]) -> Iterator[str]:
    flows, columns = told["flows"], told["columns"]
    if answer != "loosens":
        yield from _records(flows, "admitted", "newly admitted")
        yield from (f"column {name} shows more: {how}" for name, how in columns["exposed"].items())
    if answer != "tightens":
        yield from _records(flows, LEFT, LEFT)
    if answer == "equivalent":
        yield from (f"column {name} shows less: {how}" for name, how in columns["covered"].items())
        others = [kind for kind in flows if kind not in {"admitted", LEFT}]
        yield from (line for kind in others for line in _records(flows, kind, f"newly {kind}"))
    wrong = {"tightens": "released", "loosens": "refused"}.get(answer)
    if decisions[0] != decisions[1] and wrong in {None, decisions[1]}:
        yield f"the gate flips to {decisions[1]}"


def _records(flows: Mapping[str, Any], kind: str, words: str) -> Iterator[str]:
    if kind in flows:
        count = flows[kind]["records"]
        yield f"{count} record{'' if count == 1 else 's'} {'is' if count == 1 else 'are'} {words}"
