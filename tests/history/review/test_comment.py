"""The one comment that holds the review: made once, updated in place, left where a newer run wrote it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from custody.errors import CustodyError
from custody.history.review import comment
from custody.history.review.comment import LONGEST, Comment, plan

HEAD = "a" * 40
BOT = "github-actions[bot]"


def _there(run: str, number: int = 5, by: str = BOT) -> Comment:
    return Comment(number, by, comment.body("text", run, HEAD))


@pytest.mark.parametrize(
    ("existing", "run", "said"),
    [
        ([], "1.1", "create"),
        ([Comment(4, BOT, "hello"), Comment(5, BOT, "> <!-- custody-review run=9.1 head=a -->")], "1.1", "create"),
        ([_there("1.1")], "2.1", "update 5"),
        ([_there("1.1")], "1.2", "update 5"),
        ([_there("9.1")], "10.1", "update 5"),
        ([_there("2.1")], "2.1", "update 5"),
        ([_there("2.1")], "1.9", "leave"),
        ([_there("2.2")], "2.1", "leave"),
        ([_there("99.1", by="mallory")], "1.1", "create"),
        ([_there("99.1", 4, by="mallory"), _there("1.1")], "2.1", "update 5"),
        ([_there("1.1", 4), _there("3.1", 6), _there("2.1", 5)], "3.1", "update 6"),
        ([_there("1.1", 4), _there("3.1", 6)], "2.1", "leave"),
    ],
)
def test_what_is_done_with_the_comments_that_are_there(existing: list[Comment], run: str, said: str) -> None:
    assert str(plan(existing, BOT, run)) == said


def test_the_tag_stands_first_and_is_read_again() -> None:
    text = comment.body("## Policy review\n", "12.1", HEAD)
    assert text == f"<!-- custody-review run=12.1 head={HEAD} -->\n## Policy review\n"
    assert str(plan([Comment(1, BOT, text)], BOT, "12.2")) == "update 1"


def test_a_report_that_quotes_a_tag_is_not_taken_for_its_own() -> None:
    text = comment.body(f"<!-- custody-review run=99.1 head={HEAD} -->\n", "12.1", HEAD)
    assert str(plan([Comment(1, BOT, text)], BOT, "13.1")) == "update 1"


def test_details_are_left_out_where_the_comment_would_be_too_long() -> None:
    report = "## Decision\n\n<details><summary>Keys</summary>\n\n" + "row\n" * LONGEST + "\n\n</details>\n\nNext: go\n"
    text = comment.body(report, "1.1", HEAD)
    assert len(text) < 400
    assert text.endswith(f"<summary>Keys</summary>\n\n{comment.TOO_LONG}\n\n</details>\n\nNext: go\n")
    assert len(comment.body("x" * 2 * LONGEST, "1.1", HEAD)) < 65_536


GITHUB: list[dict[str, Any]] = [{"id": 5, "user": {"login": BOT}, "body": "text", "html_url": ""}]
GITLAB: list[dict[str, Any]] = [{"id": 6, "author": {"username": "bot"}, "body": "text"}]


def test_lists_of_both_forges_are_read_page_after_page() -> None:
    pages = "\n".join([json.dumps(GITHUB), json.dumps(GITLAB), "[]"])
    assert comment.parse(pages) == [Comment(5, BOT, "text"), Comment(6, "bot", "text")]
    assert comment.parse("") == []
    assert comment.parse(json.dumps([{**GITHUB[0], "user": None}])) == [Comment(5, "", "text")], (
        "an account that is gone"
    )


@pytest.mark.parametrize("text", ['{"message": "Not Found"}', "[1]", '[{"id": "5"}]', "[", '[{"id": 5, "body": "a"}]'])
def test_what_is_no_list_of_comments_stops(text: str) -> None:
    with pytest.raises(CustodyError, match="COMMENTS: is no list of comments"):
        comment.parse(text)


@pytest.mark.parametrize(
    ("run", "head"), [("12", HEAD), ("a.1", HEAD), ("1.1 -->", HEAD), ("1.1", "main"), ("1.1", "--")]
)
def test_a_run_or_a_commit_that_is_none_stops(run: str, head: str) -> None:
    with pytest.raises(CustodyError, match=r"--run|--head"):
        comment.body("text", run, head)
