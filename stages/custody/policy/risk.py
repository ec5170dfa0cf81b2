"""Parts of `privacy` that limit what an attack on the release may reach; the gate compares upper bounds at 95%."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from custody.policy.model import Closed, Share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from custody.policy.privacy import AnyColumn, Privacy
    from custody.policy.schema import FieldType

PER_VALUE = ("l", "l_entropy", "t", "inference")
"""Keys that ask something of sensitive columns."""
PER_PERSON = ("k", *PER_VALUE, "unicity", "linkability")
"""Keys that ask something that is counted in distinct subjects."""
_NUMBERS = frozenset({"number", "integer", "timestamp", "boolean"})
"""Types that are not held as text."""


class Unicity(Closed):
    """The share of subjects whom a few of their events single out, an event being a row's quasi-identifiers."""

    max: Share
    """Largest share, for every number of events in `p`."""
    p: Annotated[tuple[Annotated[int, Field(ge=1, le=8)], ...], Field(min_length=1)] = (1, 2, 4)
    """How many events of a subject the attacker knows."""


class Linkability(Closed):
    """The share of subjects whom an attacker finds in the release by records about them, beyond what chance finds."""

    max: Share
    """Largest share."""
    auxiliary: Annotated[float, Field(gt=0, le=1)] = 0.1
    """Share of the raw records that the attacker holds."""
    anchor: bool = False
    """Attack with the pinned earlier release as well; without one it is not evaluated, which refuses."""


class Inference(Closed):
    """How much better sensitive values of people in the release are guessed than those of people left out of it."""

    max: Share
    """Largest excess: 0 where the release tells nothing about its own people, 1 where it tells all that was unknown."""


def mistakes(privacy: Privacy, fields: Mapping[str, FieldType]) -> Iterator[str]:
    """Yield what is asked about people and cannot be answered under the rest of the policy."""
    people, values = _asked(privacy, PER_PERSON), _asked(privacy, PER_VALUE)
    if people and privacy.subject is None:
        yield f"privacy.subject: {people} counts distinct subjects; name the column that holds the person"
    if values and not privacy.sensitive:
        yield f"privacy.{values}: is about sensitive columns, and no released column has the role sensitive"
    for name, column in privacy.columns.items():
        where = f"privacy.columns.{name}"
        if values and name in privacy.sensitive and column.technique in {"redact_text", "noise"}:
            yield f"{where}.technique: {column.technique} leaves no values to count; choose another one"
        yield from _fold(where, column, fields.get(name, "text"), privacy)
        if column.ordered and column.role != "sensitive":
            yield f"{where}.ordered: is asked for of sensitive columns only; drop it"
        elif column.ordered is True and not _has_order(column, fields.get(name, "text")):
            yield f"{where}.ordered: only released numbers and times have an order of their own; list the words instead"


def _fold(where: str, column: AnyColumn, kind: FieldType, privacy: Privacy) -> Iterator[str]:
    """What keeps a column from folding its rare categories."""
    if not column.fold_rare:
        return
    if privacy.k is None or privacy.subject is None:
        yield f"{where}.fold_rare: needs privacy.k and privacy.subject, which say how many people make no rarity"
    if column.role == "direct" or column.technique not in {"keep", "generalize", "ip_truncate"}:
        yield f"{where}.fold_rare: needs a column of categories: not direct, kept, generalized or ip_truncate"
    elif kind in _NUMBERS and not (column.technique == "generalize" and column.bins):
        yield f"{where}.fold_rare: needs a column that is released as text, not as {kind}"
    elif column.ordered:
        yield f"{where}.fold_rare: OTHER has no place in an order; drop ordered or fold_rare"


def _asked(privacy: Privacy, keys: tuple[str, ...]) -> str | None:
    """Return the first of `keys` that the policy has."""
    return next((key for key in keys if getattr(privacy, key) is not None), None)


def _has_order(column: AnyColumn, kind: FieldType) -> bool:
    """True where the released values are numbers or times."""
    binned = column.technique == "generalize" and bool(column.bins)
    return (
        kind in {"number", "integer", "timestamp"}
        and not binned
        and column.technique not in {"mac", "encrypt_deterministic"}
    )
