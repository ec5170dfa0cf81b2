"""A review for people: lines for a terminal, Markdown for a pull request; the answer first, then layer by layer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from custody.errors import printable
from custody.history.effect.flows import LEFT
from custody.history.review import meaning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from custody.history.review.layer import Layer
    from custody.history.review.meaning import Change
    from custody.history.review.reviewing import Review
    from custody.history.review.verdict import Verdict
    from custody.trust.approving import SignOff

SHORT: Final = 12
ORDER: Final = ("loosens", "mixed", "tightens", "equivalent")
MOST: Final = 4
"""Reasons or sources of one kind that are named."""
COMMIT: Final = "git add data/signatures && git commit -m 'Sign the change of policy off' && git push"
_LINKS: Final = re.compile(r"(@|:(?=//)|\bwww(?=\.))", re.IGNORECASE)
NOTHING: Final = "no record fares otherwise"


def lines(told: Review, answer: Verdict, signed: SignOff | None = None) -> Iterator[str]:
    """Yield the answer, a line for each change, the loosest first, what it does, what of it is data, who signed it."""
    yield headline(told, answer)
    yield f"{told.base[:SHORT]} → {told.head[:SHORT]}"
    yield f"meaning: {told.answer}{_concerns(told)}"
    yield from (f"  {one.line()}" for one in _loosest_first(told))
    if not told.changes:
        yield "  no key differs"
    yield from _layer("effect", told.effect, effect(told.effect.told))
    yield from _layer("attribution", told.attribution, attribution(told.attribution.told))
    yield f"report: {told.digest()}"
    if signed is not None:
        yield from signed.lines()
        yield from ([] if signed.holds else [f"sign it off: {_approve(told)}"])


def markdown(told: Review, answer: Verdict, signed: SignOff | None = None) -> str:
    """Return the same for a pull request: the answer first, details folded, then digests and what to type next."""
    rows = [_row(one) for one in _loosest_first(told)]
    table = ["| key | answer | about | change | for example |", "|---|---|---|---|---|", *rows]
    signs = [f"- {_text(one)}" for one in signed.lines()] if signed is not None else []
    commands = [f"custody review {_span(told)}"]
    commands += [_approve(told), COMMIT] if signed is not None and not signed.holds else []
    sides = (("base", told.base, told.digests[0]), ("head", told.head, told.digests[1]))
    parts = [
        f"## Policy review: {_text(headline(told, answer))}",
        "\n".join(signs),
        f"**Meaning**: {told.answer}{_concerns(told)}",
        f"<details><summary>Keys that differ: {len(rows)}</summary>\n\n" + "\n".join(table) + "\n\n</details>"
        if rows
        else "No key differs.",
        "\n".join(f"- **{_text(one)}**" for one in told.effect.told.get("disagreements", ())),
        _folded("Effect", told.effect, effect(told.effect.told)),
        _folded("Attribution", told.attribution, attribution(told.attribution.told)),
        "\n".join(f"- {side} `{name[:SHORT]}`, policy `{digest}`" for side, name, digest in sides),
        f"Report `{told.digest()}`",
        "Next:\n\n```sh\n" + "\n".join(commands) + "\n```",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _span(told: Review) -> str:
    return told.base[:SHORT] + ("" if " " in told.head else f"..{told.head[:SHORT]}")


def _approve(told: Review) -> str:
    return f"custody policy approve {_span(told)} --key KEY"


def headline(told: Review, answer: Verdict) -> str:
    """Return the decision of the gate under both policies, the answer, and what it rests on."""
    decision = told.effect.told.get("decision")
    gate = f"{decision['before']} → {decision['after']}, " if decision else ""
    why = [*answer.asks, *answer.lacking] if answer.answer != "clean" else []
    return f"{gate}{answer.answer}" + (f": {'; '.join(why)}" if why else "")


def effect(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each thing that the change does."""
    yield from (f"DISAGREES: {one}" for one in told.get("disagreements", ()))
    if not told:
        return
    decision = told["decision"]
    yield f"decision: {decision['before']} → {decision['after']}"
    yield from (f"newly broken: {one}" for one in decision["newly_broken"])
    yield from (f"newly held: {one}" for one in decision["newly_held"])
    if not told["joined"]:
        yield "the keys differ, so records were not joined"
    elif not told["flows"]:
        yield NOTHING
    yield from (_flow(kind, one) for kind, one in told["flows"].items())
    if any(told["persons"].values()):
        yield "persons in the candidate: {entering} entering, {leaving} leaving".format(**told["persons"])
    yield from (f"column {name} newly exposed: {how}" for name, how in told["columns"]["exposed"].items())
    yield from (f"column {name} shows less: {how}" for name, how in told["columns"]["covered"].items())
    yield from (_pair(name, pair) for name, pair in told["figures"].items())
    yield from (_pair(f"pass rate of {name}", pair) for name, pair in told["pass_rates"].items())
    for column, classes in told["labels"].items():
        yield from (_pair(f"{column} {name}", pair) for name, pair in classes.items())


def attribution(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each figure that changed since BASE, with what of it is the policy and what the data."""
    if not told:
        return
    yield str(told["how"])
    yield str(told["score"])
    for name, one in told["figures"].items():
        if name != "score":
            parts = [_signed(one[part]) for part in ("total", "policy", "data")]
            yield "{}: {}: policy {}, data {}".format(name, *parts)


def _flow(kind: str, one: Mapping[str, Any]) -> str:
    if kind == LEFT:
        return f"{LEFT}: {_count(one['records'])} records of {_count(one['persons'])} persons"
    why, where = (_listed(one[key]) for key in ("by_reason", "by_source"))
    return f"newly {kind}: {_count(one['records'])} records of {_count(one['persons'])} persons ({why}; {where})"


def _listed(counts: Mapping[str, Any]) -> str:
    """Name the first few of what is told exactly, the most first, then the others."""
    order = sorted(counts.items(), key=lambda one: (isinstance(one[1], str), -one[1] if isinstance(one[1], int) else 0))
    more = [f"{len(order) - MOST} more"] if len(order) > MOST else []
    return ", ".join([f"{_count(count)} {name}" for name, count in order[:MOST]] + more)


def _pair(name: str, pair: Any) -> str:
    old, new = ("none" if one is None else _count(one) for one in pair)
    return f"{name}: {old} → {new}"


def _count(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _signed(value: Any) -> str:
    if isinstance(value, str):
        return value
    return f"{value:+,}" if value else "0"


def _layer(name: str, layer: Layer, told: Iterator[str]) -> Iterator[str]:
    if layer.why is not None:
        yield f"{name}: {layer.why}"
        return
    yield f"{name}:"
    yield from (f"  {line}" for line in told)


def _folded(name: str, layer: Layer, told: Iterator[str]) -> str:
    if layer.why is not None:
        return f"**{name}**: {_text(layer.why)}"
    listed = "\n".join(f"- {_text(line)}" for line in told)
    return f"<details><summary>{name}</summary>\n\n{listed}\n\n</details>"


def _concerns(told: Review) -> str:
    concerns = ", ".join(f"{about} {answer}" for about, answer in meaning.by_concern(told.changes).items())
    return f" ({concerns})" if concerns else ""


def _loosest_first(told: Review) -> list[Change]:
    return sorted(told.changes, key=lambda one: (ORDER.index(one.answer), one.key))


def _row(one: Change) -> str:
    change = f"`{_code(one.old)}` → `{_code(one.new)}`"
    return f"| `{_code(one.key)}` | {one.answer} | {one.about} | {change} | {_text(one.example or '')} |"


def _code(text: str) -> str:
    """Text for a code span in a table: no backtick or pipe ends it."""
    return printable(text).replace("`", "'").replace("|", "¦")


def _text(text: str) -> str:
    """Text as it is written: no markup, and nothing that a forge makes a link or a mention of by itself."""
    return _LINKS.sub(r"\1<!-- -->", re.sub(r"([\\`*_{}\[\]<>()#+!|~&])", r"\\\1", printable(text)))
