from pathlib import Path

import pytest

from custody.policy import Policy, load
from custody.policy.policy import check
from custody.profiling.draft import draft, matched

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = (ROOT / "params.yaml").read_text(encoding="utf-8")

SCHEMA = {
    "ts": "timestamp",
    "user": "user",
    "email": "email",
    "src_ip": "ip",
    "device": "mac",
    "event": "category",
    "message": "text",
    "label": "category",
}


@pytest.mark.parametrize(
    ("fields", "columns"),
    [
        (["ts", "user"], {"ts": "ts", "user": "user"}),
        (["@timestamp", "User-Name", "id.orig_h"], {"ts": "@timestamp", "user": "User-Name", "src_ip": "id.orig_h"}),
        (["time", "timestamp"], {"ts": "timestamp"}),
        (["Login", "e_mail"], {"user": "Login", "email": "e_mail"}),
        (["isMalicious"], {"label": "isMalicious"}),
        (["uid", "something"], {}),
        (["SRC_IP", "ip"], {"src_ip": "SRC_IP"}),
    ],
)
def test_columns_are_found_by_their_names(fields: list[str], columns: dict[str, str]) -> None:
    assert matched(fields, SCHEMA) == columns


def test_a_field_serves_one_column() -> None:
    assert matched(["message"], {"message": "text", "note": "text"}) == {"message": "message"}


def test_a_columns_own_name_comes_before_a_word_for_its_type() -> None:
    assert matched(["time", "seen"], {"first": "timestamp", "seen": "timestamp"}) == {"first": "time", "seen": "seen"}


@pytest.fixture
def policy() -> Policy:
    return load(ROOT / "params.yaml")


def entered(entry: str) -> Policy:
    """Return the shipped policy with `entry` among its sources."""
    text = SHIPPED.replace("sources:\n", f"sources:\n{entry}\n", 1).replace("  - partner\n", "  - partner\n  - new\n")
    found, mistakes = check(text.encode())
    assert found is not None, mistakes
    return found


def test_a_log_of_a_shipped_pattern_gets_its_columns(policy: Policy) -> None:
    entry = draft(ROOT / "data/sources/auth.log", "new", "data/sources/new.sealed", "0" * 64, policy)
    source = entered(entry).sources["new"]
    wanted = {"ts": "time", "user": "user", "src_ip": "rhost", "event": "event", "message": "message"}
    assert source.columns == wanted
    assert source.sha256 == "0" * 64
    assert "# look at this: syslog writes no year: set year" in entry


def test_a_file_without_header_is_drafted_with_numbered_names(tmp_path: Path, policy: Policy) -> None:
    (tmp_path / "raw").write_text("2026-01-01;alice;10.0.0.1\n2026-01-02;bob;10.0.0.2\n")
    entry = draft(tmp_path / "raw", "new", "data/sources/new.sealed", "12345678" * 8, policy)
    assert "columns: {}  # ours: theirs; name at least one of 3 fields" in entry
    assert "alice" not in entry
    named = entry.replace("columns: {}", "columns: {ts: field_1, user: field_2}")
    format_ = entered(named).sources["new"].format
    assert format_.model_dump(include={"header", "delimiter", "names"}) == {
        "header": False,
        "delimiter": ";",
        "names": ("field_1", "field_2", "field_3"),
    }


def test_precedence_is_asked_for_only_where_the_policy_uses_it(tmp_path: Path, policy: Policy) -> None:
    (tmp_path / "raw").write_text("time,user\n1,2\n")
    asked = draft(tmp_path / "raw", "new", "data/sources/new.sealed", "0" * 64, policy)
    without = policy.model_copy(update={"quality": policy.quality.model_copy(update={"conflicts": "quarantine"})})
    assert "quality.precedence" in asked
    assert "quality.precedence" not in draft(tmp_path / "raw", "new", "data/sources/new.sealed", "0" * 64, without)


def test_an_id_made_of_a_file_name_is_said_to_be_seen(tmp_path: Path, policy: Policy) -> None:
    (tmp_path / "raw").write_text("time,user\n1,2\n")
    lines = draft(tmp_path / "raw", "new", "data/sources/new.sealed", "0" * 64, policy).splitlines()
    assert lines[lines.index("  new:") - 1].startswith("  # the id and the path are seen by all")


def test_a_draft_with_a_path_left_open_is_readable(tmp_path: Path, policy: Policy) -> None:
    (tmp_path / "raw").write_text('{\n"alice@corp.example": [{"user": 1}]\n}')
    entry = draft(tmp_path / "raw", "new", "data/sources/new.sealed", "0" * 64, policy)
    assert "alice" not in entry
    assert "records: <path to the records>" in entry
    assert entered(entry).sources["new"].columns == {"user": "user"}
