"""A draft of policy from a file: accepted as it is, and without a value of whoever stands in the file."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from custody.policy import Policy, load
from custody.policy.policy import check
from custody.profiling.profile import Profile, profile
from custody.profiling.vocabulary import known
from custody.profiling.written import written
from custody.release.provenance import provenance
from support import ROOT

LISTED = (
    *("sshd/auth.log", "apache/apache_logs", "suricata/eve.json", "urls/url_data_medium.csv"),
    *("http_params/payload_full.csv", "zeek/ntlm.log.gz", "zeek/smtp.log.gz", "zeek/ftp.log.gz"),
    *("zeek/software.log.gz", "zeek/known_hosts.log.gz", "nsl_kdd/KDDTrain+_20Percent.txt"),
    *("nsl_kdd/KDDTest+.txt", "md5_collision/a.bin", "md5_collision/b.bin"),
)
BARE: dict[str, Any] = {
    "dataset": {"name": "new", "purpose": "unknown", "as_of": "2026-11-01"},
    "keys": {"zone": "soc", "check": "0123456789abcdef"},
    "gate": {"min_quality_score": 0.5, "licenses": ["MIT"], "require_privacy_check": False},
}
PEOPLE = """time,user,mail,ip,device,age,badge,note,team,who
"""


def merged(one: Any, other: Any) -> Any:
    """Merge as the draft says: maps key by key, lists one after the other."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one | {key: merged(one[key], value) if key in one else value for key, value in other.items()}
    return [*one, *other] if isinstance(one, list) and isinstance(other, list) else other


def accepted(base: dict[str, Any], draft: str) -> Policy:
    text = yaml.safe_dump(merged(copy.deepcopy(base), yaml.safe_load(draft)), sort_keys=False)
    found, mistakes = check(text.encode())
    assert found is not None, mistakes
    return found


def drafted(file: Path, policy: Policy | None = None) -> tuple[Profile, str]:
    seen = profile(file, policy)
    return seen, written(seen, "new", "data/sources/new.sealed", "0123456789abcdef" * 4, policy)


def told(seen: Profile, draft: str) -> set[str]:
    """Values of the file that stand in its draft as a word; those of the vocabulary name nobody."""
    words = set(re.findall(r"[^\s'\",\[\]{}]+", draft))
    names = {column.ours for column in seen.columns} | {column.theirs for column in seen.columns}
    values = {
        value
        for column in seen.columns
        if column.guess.personal
        for value in seen.sample.columns[column.theirs].drop_null().unique().to_pylist()
        if len(value) > 3 and not known([value])
    }
    return (values & words) - names


@pytest.mark.parametrize("name", LISTED)
def test_a_draft_of_every_listed_file_is_accepted_and_tells_no_value(real_data: Path, name: str) -> None:
    seen, draft = drafted(real_data / name)
    policy = accepted(BARE, draft)
    assert set(policy.fields) == {column.ours for column in seen.columns}
    ours = {word for word in told(seen, draft) if not re.fullmatch(r"[a-z_]+:?", word)}
    assert ours == set()
    [condition] = provenance(_receipt(policy), policy.dataset.as_of, policy.gate)
    for missing in ("owner", "license", "basis", "its review was due"):
        assert missing in condition.what


def _receipt(policy: Policy) -> dict[str, Any]:
    source = policy.sources["new"]
    return {"sources": {"new": {**source.provenance.model_dump(), "files": [{"id": "0", "sha256": "0" * 64}]}}}


@pytest.mark.parametrize("name", ["sshd/auth.log", "zeek/ftp.log.gz", "suricata/eve.json"])
def test_columns_that_the_policy_has_are_mapped_to_them(real_data: Path, name: str) -> None:
    shipped = load(ROOT / "params.yaml")
    seen, draft = drafted(real_data / name, shipped)
    policy = accepted(yaml.safe_load((ROOT / "params.yaml").read_text()), draft)
    assert {column.ours for column in seen.columns if column.known} >= {"ts"}
    assert policy.sources["new"].columns["ts"] in {"time", "ts", "timestamp"}
    assert policy.quality.precedence[-1] == "new"


def test_the_list_above_is_that_of_the_readme(real_data: Path) -> None:
    table = re.findall(r"^\| (\S+?/\S.*?) \|", (real_data / "README.md").read_text(), re.MULTILINE)
    files = {
        str(path.relative_to(real_data))
        for entry in table
        for name in entry.split(", ")
        for path in real_data.glob(name if "/" in name else f"{entry.split('/')[0]}/{name}")
    }
    assert files == set(LISTED)


def people(folder: Path) -> Path:
    """Write a file in which every column names people, each value with a canary in it."""
    lines = [
        f"2026-10-0{i % 9 + 1}T10:00:00Z,zq{i}x,zq{i}x@canary.example,198.51.100.{i},02:00:00:00:00:{i:02x},{20 + i},"
        f"77001{i:03d}44,zq{i}x called about zq{i}y and left,zqteam{i % 2},zq{i % 3}x"
        for i in range(60)
    ]
    file = folder / "people.csv"
    file.write_text(PEOPLE + "\n".join(lines) + "\n")
    return file


def test_no_canary_of_any_column_is_told(tmp_path: Path) -> None:
    seen, draft = drafted(people(tmp_path))
    policy = accepted(BARE | {"gate": BARE["gate"]}, draft)
    for canary in ("zq", "canary", "198.51", "02:00", "77001"):
        assert canary not in draft, canary
    treated = {name: (column.role, column.technique) for name, column in policy.privacy.columns.items()}
    assert treated == {
        "time": ("quasi", "round_time"),
        "user": ("direct", "mac"),
        "mail": ("direct", "mac"),
        "ip": ("direct", "ip_prefix"),
        "device": ("direct", "mac"),
        "age": ("quasi", "generalize"),
        "badge": ("direct", "mac"),
        "note": ("insensitive", "redact_text"),
        "team": ("quasi", "mac"),
        "who": ("direct", "mac"),
    }
    assert policy.privacy.subject == "user"
    assert seen.sample.whole


def test_every_role_stands_below_its_reason(tmp_path: Path) -> None:
    _, draft = drafted(people(tmp_path))
    lines = draft[draft.index("\nprivacy:") :].splitlines()
    for i, line in enumerate(lines):
        if line.startswith("      role:"):
            assert lines[i - 2].startswith("    # "), lines[i - 1]


def test_an_external_audience_gets_no_prefix_preserving_address(tmp_path: Path) -> None:
    shipped = load(ROOT / "params.yaml")
    external = shipped.model_copy(update={"dataset": shipped.dataset.model_copy(update={"audience": "external"})})
    seen = profile(people(tmp_path), external)
    assert {column.guess.technique for column in seen.columns if column.typed.kind == "ip"} == {"mac"}


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"a,b\n", b"\x00\x01\x02", b"{}\n{}\n{}\n", b"[]", b'{"a": [', b"PAR1xxxx",
     b"\x1f\x8b\x08garbage", b"From: a@b.example\nTo: c@d.example\nSubject: x\n\nbody\n", b"x\n" * 5,
     b'[{"1.2.3.4": 1}]', "ä,ö\n1,2\n".encode()],
)  # fmt: skip
def test_odd_files_give_a_draft_too(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "odd"
    file.write_bytes(content)
    seen, draft = drafted(file)
    assert "provenance:" in draft
    if seen.columns:
        accepted(BARE, draft)


def test_an_address_in_the_first_line_is_no_header(tmp_path: Path) -> None:
    file = tmp_path / "raw.csv"
    file.write_text("alice,bob@example.com\ncarol,dan@example.com\n" * 3)
    assert "bob" not in drafted(file)[1]
    file.write_text("alice,london\nbob,paris\nalice,rome\n" * 3)
    assert "alice" not in drafted(file)[1]


def test_a_sample_is_said_to_be_one(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    file.write_text("time,n\n" + "2026-10-01T00:00:00Z,5\n" * 150_000)
    _, draft = drafted(file)
    assert "# look at this: only the first 1" in draft
