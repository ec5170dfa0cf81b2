"""What every section shares: closed, frozen, strict models and the words that several sections use."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


class Closed(BaseModel):
    """A policy node: an unknown key is an error, a value is never coerced, nothing changes after loading."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, populate_by_name=True, use_attribute_docstrings=True
    )


def _day(text: str) -> str:
    try:
        dt.date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("must be a quoted day such as '2026-11-01'") from error
    return text


def _pattern(text: str) -> str:
    import pyarrow as pa  # noqa: PLC0415  # late: most policies hold no pattern
    import pyarrow.compute as pc  # noqa: PLC0415

    try:
        pc.match_substring_regex(pa.array([""]), text)
    except pa.ArrowInvalid:
        raise ValueError("is not a pattern of RE2's syntax (no look-around, no back-reference)") from None
    return text


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
"""A name that the policy gives: lower-case, no dot, safe as a file name."""

Field_ = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""A column of the schema."""

Day = Annotated[str, AfterValidator(_day)]
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=4096), AfterValidator(_pattern)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Share = Annotated[float, Field(ge=0, le=1)]
