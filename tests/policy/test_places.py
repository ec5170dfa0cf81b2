"""Each mistake stands in `custody policy check` with its line, its key and what to do, in the policy's own words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.policy import load
from custody.policy.policy import check
from support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (ROOT / "params.yaml").read_text(encoding="utf-8")
LINES = TEXT.splitlines()
SSHD, EDGE, BERLIN = (
    "      pattern: sshd\n",
    "      # Delimited text with a header line.\n",
    "      tz: Europe/Berlin\n",
)
SUBJECT = "      role: direct\n      technique: mac\n      domain: person\n"
PIN = "    sha256: '" + "0" * 64 + "'\n"

CASES: list[tuple[str, str, str, str]] = [
    # what is replaced, by what, what stands on the line of the mistake, and how the mistake begins
    (BERLIN, "      tz: Mars/Base\n", "tz: Mars", "sources.edge.format.tz: is no zone of the IANA data base"),
    (BERLIN, "      tz: europe/berlin\n", "tz: europe", "sources.edge.format.tz: is no zone"),
    (SSHD, "      pattern: '(a'\n", "pattern: '(a'", "sources.sshd.format.pattern: is no shipped pattern"),
    (SSHD, "      pattern: ssshd\n", "pattern: ssshd", "sources.sshd.format.pattern: is no shipped pattern"),
    (SSHD, "      pattern: (a)(?P<b>c)\n", "pattern: (a)", "sources.sshd.format.pattern: is no shipped pattern"),
    (SSHD, "      pattern: (?P<b>a)|(?P<b>c)\n", "pattern: (?P", "sources.sshd.format.pattern: is no shipped"),
    (BERLIN, "      header: false\n", "header: false", "sources.edge.format.header: a file without a header needs"),
    (BERLIN, "      names: [a]\n", "names: [a]", "sources.edge.format.names: the file has a header, which names"),
    (
        BERLIN,
        "      header: false\n      names:\n      - time\n      - ip\n      - time\n",
        "- time\n    columns",
        "sources.edge.format.names.2: stands in names already",
    ),
    (BERLIN, "      time: '%Q'\n", "time: '%Q'", "sources.edge.format.time: %Q is no directive that is read; use %%"),
    (BERLIN, "      time: '%Y-%d'\n", "time: '%Y", "sources.edge.format.time: must name the day (%m or %b with %d"),
    (BERLIN, "      time: '%F %I'\n", "time: '%F", "sources.edge.format.time: must name the hour as %H or as %I"),
    (BERLIN, "      time: '%F %Y'\n", "time: '%F", "sources.edge.format.time: gives a field twice"),
    (BERLIN, "      time: '%F %'\n", "time: '%F", "sources.edge.format.time: % is no directive that is read"),
    (BERLIN, '      time: "%F %\\n"\n', 'time: "%F', "sources.edge.format.time: % is no directive that is read"),
    (
        "    format:\n" + EDGE,
        "    format:\n      time: '%d.%m. %H:%M'\n",
        "format:\n      time",
        "sources.edge.format.year: is missing; times of this source carry no year",
    ),
    (
        BERLIN,
        "      delimiter: '\"'\n",
        "delimiter:",
        "sources.edge.format.delimiter: delimiter and quote are the same",
    ),
    (BERLIN, "      quote: ','\n", "quote:", "sources.edge.format.quote: delimiter and quote are the same sign"),
    (BERLIN, "      escape: '\"'\n", "escape:", "sources.edge.format.escape: quote and escape are the same sign"),
    (BERLIN, '      delimiter: "\\n"\n', "delimiter:", "sources.edge.format.delimiter: is a line end or NUL"),
    (BERLIN, '      escape: "\\r"\n', "escape:", "sources.edge.format.escape: is a line end or NUL"),
    (BERLIN, '      quote: "\\0"\n', "quote:", "sources.edge.format.quote: is a line end or NUL"),
    (BERLIN, "      quote: §\n", "quote:", "sources.edge.format.quote: must be an ASCII sign"),
    ("purpose: threat-detection", "purpose: mapping", "purpose: mapping", "dataset.purpose: no source lists it among"),
    (
        "path: data/sources/access.csv",
        "path: data/sources/auth.log",
        "path: data/sources/auth.log\n    description: Sign-ins",
        "sources.edge.path: is the path of source sshd as well",
    ),
    (
        "    path: data/sources/auth.log\n",
        PIN + "    path: data/sources/*.log\n",
        "sha256:",
        "sources.sshd.sha256: pins one file, and path is a pattern",
    ),
    (
        SUBJECT,
        SUBJECT.replace("direct", "insensitive"),
        "role: insensitive\n      technique: mac",
        "privacy.columns.user.role: privacy.subject names this column, so it names people: it must be direct",
    ),
    (
        SUBJECT,
        "      role: sensitive\n      technique: keep\n",
        "technique: keep",
        "privacy.columns.user.technique: privacy.subject names this column, so it cannot be kept",
    ),
    (
        SUBJECT,
        "      role: direct\n      technique: keep\n",
        "technique: keep",
        "privacy.columns.user.technique: a direct identifier cannot be kept",
    ),
    ("  min_rows: 1000", "  license_column: terms", "license_column:", "gate.license_column: terms is not a column"),
    (
        "  k: 5\n",
        "  k: 5\n  subsample:\n    rate: 0\n    compartment: a\n",
        "rate: 0",
        "privacy.subsample.rate: must be above 0",
    ),
    (
        "  k: 5\n",
        "  k: 5\n  subsample:\n    rate: 1\n    compartment: a\n",
        "rate: 1",
        "privacy.subsample.rate: must be below 1",
    ),
    (
        "  k: 5\n",
        "  k: 5\n  hierarchies:\n    team:\n      levels:\n      - x!y: [a]\n",
        "x!y",
        "privacy.hierarchies.team.levels.0.x!y: must be the name of a group",
    ),
    (
        "  k: 5\n",
        "  k: 5\n  hierarchies:\n    team:\n      levels:\n      - x: [a, a]\n",
        "x: [a, a]",
        "privacy.hierarchies.team.levels.0.x.1: stands in this level already",
    ),
    ("  k: 5\n", "  k: " + "5" * 5000 + "\n", "k: 5555", "privacy.k: versions of YAML read this number differently"),
    (
        "      left: failures\n",
        "      left: fails\n",
        "left: fails",
        "quality.predicates.failures_within_attempts.left:",
    ),
    # own words for what the model finds
    (
        "      type: csv\n",
        "      type: alice@corp.example\n",
        "type: alice",
        "sources.edge.format.type: must be one of: csv",
    ),
    (
        "    format:\n" + EDGE + "      type: csv\n",
        "    format:\n",
        "format:\n      # This",
        "sources.edge.format.type: is missing",
    ),
    (
        "technique: mac",
        "technique: sha1",
        "technique: sha1",
        "privacy.columns.user.technique: must be one of: keep, su",
    ),
    ("  audience: internal", "  audience: all", "audience:", "dataset.audience: must be one of: internal, external"),
    ("  name: auth-events", "  name: 5", "name: 5", "dataset.name: must be text; quote it"),
    ("  name: auth-events", "  name: A b", "name: A b", "dataset.name: must be a name: lower-case letters"),
    ("  sshd:\n", "  Bad Id:\n", "Bad Id:", "sources.Bad Id: must be a name: lower-case letters"),
    ("UTC.\n  ts: timestamp", "UTC.\n  Ts: timestamp", "Ts: timestamp", "schema.Ts: must be the name of a column"),
    ("  check: 10b", "  check: x10b", "check: x", "keys.check: must be the 16 hexadecimal digits"),
    (
        "    path: data/sources/auth.log\n",
        "    path: a\n    sha256: x\n",
        "sha256:",
        "sources.sshd.sha256: must be a SHA-256",
    ),
    ("  min_quality_score: 0.9", "  min_quality_score: x", "min_quality", "gate.min_quality_score: must be a number"),
    (
        "  min_quality_score: 0.9",
        "  min_quality_score: 1.5",
        "min_quality",
        "gate.min_quality_score: must be at most 1",
    ),
    ("  k: 5\n", "  k: 1\n", "k: 1", "privacy.k: must be at least 2"),
    ("  k: 5\n", "  k: 1.5\n", "k: 1.5", "privacy.k: must be a whole number"),
    (
        "  require_provenance: true",
        "  require_provenance: 1",
        "require_prov",
        "gate.require_provenance: must be true or",
    ),
    ("      owner: web\n", "      owner: ''\n", "owner: ''", "sources.edge.provenance.owner: must not be empty"),
    (
        "    purposes:\n    - billing\n",
        "    purposes: []\n",
        "purposes: []",
        "sources.partner.purposes: must not be empty",
    ),
    ("    purposes:\n    - billing\n", "    purposes: x\n", "purposes: x", "sources.partner.purposes: must be a list"),
    (
        '      delimiter: "\\t"\n',
        "      delimiter: ab\n",
        "delimiter: ab",
        "sources.partner.format.delimiter: must be at most 1",
    ),
    (
        "        min: 0\n",
        "        min: []\n",
        "min: []",
        "quality.rules.threat_score.range.min: must be a number or text",
    ),
    ("  rules:\n", "  rules: x\n  rulez:\n", "rules: x", "quality.rules: must be a map of keys to values"),
    ("  min_rows: 1000", "  min_row: 1000", "min_row:", "gate.min_row: is not a key of the policy; check its spelling"),
]


@pytest.mark.parametrize(("old", "new", "at", "begins"), CASES, ids=[case[3][:50] for case in CASES])
def test_a_mistake_is_explained_on_its_line(old: str, new: str, at: str, begins: str) -> None:
    start = TEXT.index(old)
    text = TEXT.replace(old, new, 1)
    policy, found = check(text.encode())
    line = text[: text.index(at, start)].count("\n") + 1
    assert policy is None
    assert any(one.startswith(f"params.yaml:{line}: {begins}") for one in found), (line, found)
    assert not any(re.search("pydantic|[Ii]nput|expected|[Tt]uple|@", one) for one in found), found


def test_every_stage_stops_where_the_policy_loads(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(TEXT.replace(BERLIN, "      tz: Mars/Base\n"), encoding="utf-8")
    with pytest.raises(CustodyError, match=r"^params\.yaml:\d+: sources\.edge\.format\.tz: is no zone") as stopped:
        load(path)
    assert stopped.value.status == 3


def test_mistakes_of_a_source_are_told_beside_those_of_other_sections_in_the_order_of_lines() -> None:
    _, found = check(TEXT.replace("  min_rows: 1000", "  min_rows: 0").replace(BERLIN, "      tz: x\n").encode())
    assert [line.split(": ")[1] for line in found] == ["sources.edge.format.tz", "gate.min_rows"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SSHD, "      pattern: '^(?P<user>.*)$'\n"),
        (BERLIN, "      header: false\n      names: [time, login]\n"),
        (BERLIN, "      time: '%d.%m. %H:%M'\n      year: 2026\n"),
        (BERLIN, "      time: epoch_ms\n"),
        (BERLIN, "      quote: ''\n      escape: ''\n"),
        (SUBJECT, "      role: quasi\n      technique: suppress\n"),
        ("      year: 2026\n", ""),  # syslog may carry RFC 3339 times, which have a year
        ("  k: 5\n", "  k: 123456789012345678\n"),
    ],
)
def test_what_can_be_meant_is_no_mistake(old: str, new: str) -> None:
    assert old in TEXT
    assert check(TEXT.replace(old, new, 1).encode())[1] == []


def test_an_unknown_left_side_says_nothing_of_the_right() -> None:
    text = TEXT.replace("      left: failures\n", "      left: fails\n").replace(
        "      right: attempts\n", "      value: 3\n"
    )
    _, found = check(text.encode())
    assert [line.split(": ", 2)[2] for line in found] == ["fails is not a column of schema"]


@given(st.data())
def test_no_damage_to_the_policy_does_more_than_make_mistakes_with_lines(data: st.DataObject) -> None:
    lines = list(LINES)
    keyed = [i for i, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")]
    for i in data.draw(st.lists(st.sampled_from(keyed), min_size=1, max_size=3, unique=True)):
        line = lines[i]
        place = data.draw(st.integers(0, len(line) - 1))
        lines[i] = data.draw(
            st.sampled_from(
                ["", line[:place] + line[place + 1 :], line[: place + 1] + line[place:], line.split(":")[0] + ":"]
            )
            | st.characters(exclude_categories=["Cs"]).map(lambda sign: line[:place] + sign + line[place + 1 :])  # noqa: B023  # drawn at once
        )
    policy, found = check("\n".join(lines).encode())
    assert (policy is None) == bool(found)
    for one in found:
        number = re.match(r"params\.yaml:(\d+): ", one)
        assert (number is None) == (one == "params.yaml: is not valid YAML"), one
        assert number is None or 1 <= int(number[1]) <= len("\n".join(lines).splitlines()) + 1
        assert len(one.splitlines()) == 1
