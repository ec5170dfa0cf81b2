"""The one comment on a pull or merge request that holds the review: create it, update it, or leave a newer one. Pure.

A hidden tag at its beginning tells the comment, the run that wrote it and the commit that it speaks of. A run is
`number.attempt` as the forge counts: GitHub's run number and attempt, GitLab's pipeline and job.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from custody.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST: Final = 60_000
"""Characters of a comment; GitHub takes 65,536."""
TOO_LONG: Final = "too long for a comment; see the job that wrote this"
_TAG: Final = re.compile(r"<!-- custody-review run=([0-9]{1,18})\.([0-9]{1,18}) head=([0-9a-f]{40,64}) -->\n")
_RUN: Final = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})")
_HEAD: Final = re.compile(r"[0-9a-f]{40,64}")
_DETAILS: Final = re.compile(r"(<details><summary>[^\n]*</summary>\n\n).*?(\n\n</details>)", re.DOTALL)


@dataclass(frozen=True)
class Comment:
    """A comment that is there."""

    id: int
    by: str
    body: str


@dataclass(frozen=True)
class Plan:
    """What is to be done, to which comment."""

    action: Literal["create", "update", "leave"]
    id: int | None = None

    def __str__(self) -> str:
        """Return it in one line: `create`, `update ID` or `leave`."""
        return self.action if self.id is None else f"{self.action} {self.id}"


def plan(existing: Iterable[Comment], by: str, run: str) -> Plan:
    """Say what to do; only comments `by` this name count, since anybody can write the tag.

    A run that is older than the one that wrote what is there leaves it; the same run may write again.
    """
    mine = [(found, one) for one in existing if one.by == by and (found := _TAG.match(one.body))]
    if not mine:
        return Plan("create")
    newest, held = max(((_number(f"{tag[1]}.{tag[2]}"), one.id) for tag, one in mine))
    return Plan("leave") if newest > _number(run) else Plan("update", held)


def body(report: str, run: str, head: str) -> str:
    """Return the text of the comment: the tag, then the report; its details are left out where it would be too long."""
    number, attempt = _number(run)
    if not _HEAD.fullmatch(head):
        raise CustodyError("--head: is no commit; give its whole SHA")
    text = report if len(report) <= LONGEST else _DETAILS.sub(rf"\g<1>{TOO_LONG}\g<2>", report)
    return f"<!-- custody-review run={number}.{attempt} head={head} -->\n{text[:LONGEST]}"


def parse(text: str) -> list[Comment]:
    """Read comments as GitHub or GitLab lists them, pages one after another; `CustodyError` for anything else."""
    try:
        return [_comment(one) for page in _pages(text) for one in page]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise CustodyError("COMMENTS: is no list of comments as GitHub or GitLab gives it; ask for it again") from None


def _pages(text: str) -> Iterator[list[Any]]:
    decoder, place = json.JSONDecoder(), 0
    while text[place:].strip():
        place += len(text[place:]) - len(text[place:].lstrip())
        value, place = decoder.raw_decode(text, place)
        if not isinstance(value, list):
            raise TypeError
        yield value


def _comment(one: dict[str, Any]) -> Comment:
    who, name = (one["user"], "login") if "user" in one else (one["author"], "username")
    by = "" if who is None else who[name]  # of an account that is gone
    if not isinstance(one["id"], int) or not isinstance(by, str) or not isinstance(one["body"], str):
        raise TypeError
    return Comment(one["id"], by, one["body"])


def _number(run: str) -> tuple[int, int]:
    found = _RUN.fullmatch(run)
    if found is None:
        raise CustodyError("--run: is no number and attempt, such as 12.1")
    return int(found[1]), int(found[2])
