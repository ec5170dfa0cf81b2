"""What every section shares: closed, frozen, strict models and the words that several sections use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from custody.policy.forms import FIELD, ID, LONGEST, is_day

if TYPE_CHECKING:
    from collections.abc import Sequence


class Closed(BaseModel):
    """A policy node: an unknown key is an error, a value is never coerced, nothing changes after loading."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        populate_by_name=True,
        allow_inf_nan=False,
        defer_build=True,  # once, with the model that holds it, and not where no value is checked
    )


class Mistakes(ValueError):  # noqa: N818  # what pydantic expects of a validator, and several at once
    """Mistakes between keys, each as `dotted.key: what to do`, the key from the top of the policy."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


def _day(text: str) -> str:
    if not is_day(text):
        raise ValueError("must be a quoted day such as '2026-11-01'")
    return text


def _pattern(text: str) -> str:
    import pyarrow as pa  # noqa: PLC0415  # late: most policies hold no pattern
    import pyarrow.compute as pc  # noqa: PLC0415

    try:
        pc.match_substring_regex(pa.nulls(1, pa.string()), text)
    except pa.ArrowInvalid:
        raise ValueError("is not a pattern of RE2's syntax (no look-around, no back-reference)") from None
    return text


Id = Annotated[str, StringConstraints(pattern=ID)]
"""A name that the policy gives: lower-case, no dot, safe as a file name."""

Field_ = Annotated[str, StringConstraints(pattern=FIELD)]
"""A column of the schema."""

Day = Annotated[str, AfterValidator(_day)]
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=4096), AfterValidator(_pattern)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
Share = Annotated[float, Field(ge=0, le=1)]
