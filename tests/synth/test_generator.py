"""The counts in defects.json are checked by readers of the standard library, which share nothing with the generator."""

import csv
import json
import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.synth import edge, generator

ALL = ("text", "csv", "jsonl", "tsv")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("synth")
    return out, generator.write(out, 20_000, 3, ALL)


def planted(made: tuple[Path, dict[str, Any]], name: str) -> dict[str, Any]:
    return dict(made[1]["files"][name]["planted"])


def test_same_seed_gives_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    one, two, other = (
        generator.write(tmp_path / name, 3000, seed, ALL) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert one == two
    for name in generator.NAMES.values():
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
        assert one["files"][name]["sha256"] != other["files"][name]["sha256"]


def test_chunks_do_not_show_in_the_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = generator.write(tmp_path / "whole", 3000, 1, ALL)
    monkeypatch.setattr(generator, "CHUNK", 17)
    assert generator.write(tmp_path / "chunked", 3000, 1, ALL) == whole


@given(st.integers(1, 10**8), st.lists(st.sampled_from(ALL), min_size=1, unique=True))
def test_every_record_goes_to_exactly_one_file(records: int, formats: list[str]) -> None:
    sizes = generator.split(records, formats)
    assert sum(sizes.values()) == records
    assert set(sizes) == set(formats)
    assert min(sizes.values()) >= 0


def test_nothing_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "alerts.jsonl").write_text("mine")
    with pytest.raises(CustodyError, match="exists and is never replaced"):
        generator.write(tmp_path, 100, 1, ALL)
    assert [path.name for path in tmp_path.iterdir()] == ["alerts.jsonl"]


def test_only_wanted_formats_are_written(tmp_path: Path) -> None:
    body = generator.write(tmp_path, 5000, 1, ("jsonl",))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alerts.jsonl", "defects.json"]
    assert body["files"]["alerts.jsonl"]["records"] == 5000
    written = json.loads((tmp_path / "defects.json").read_text())
    assert written == body
    broken = written["files"]["alerts.jsonl"]["planted"]["validate"]["broken"]
    assert broken["conflicts"] == 2 * 20  # without access.csv no alert contradicts it


def test_files_hold_as_many_records_as_told(made: tuple[Path, dict[str, Any]]) -> None:
    out, body = made
    for name, figures in body["files"].items():
        data = (out / name).read_bytes()
        headers = figures["planted"].get("collect", {}).get("skipped", {}).get("header", 0)
        assert data.count(b"\n") == figures["records"] + headers
        assert len(data) == figures["bytes"]


def test_csv_holds_the_planted_defects(made: tuple[Path, dict[str, Any]]) -> None:
    collect, validate = planted(made, "access.csv")["collect"], planted(made, "access.csv")["validate"]
    data = (made[0] / "access.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbftime,")
    raw = data.split(b"\n")[1:-1]
    assert sum(b"\x00" in line for line in raw) == collect["malformed"]["nul_byte"]
    bad = [line for line in raw if b"\xfc" in line]
    assert len(bad) == collect["malformed"]["bad_encoding"]
    rows = list(csv.reader(line.decode() for line in raw if line not in bad and b"\x00" not in line))
    widths = Counter(len(row) for row in rows)
    assert widths[2] == collect["malformed"]["too_few_fields"]
    assert widths[14] == collect["malformed"]["too_many_fields"]
    whole = [row for row in rows if len(row) == 12]
    assert sum(widths.values()) - widths[2] - widths[14] == len(whole)
    risks = [row[9].strip(" \ufeff") for row in whole]
    assert risks.count("") == validate["missing"]["threat_score"]
    assert risks.count("high") == collect["problems"]["threat_score"]["not_a_number"]
    numbers = [float(risk) for risk in risks if risk not in {"", "high"}]
    assert sum(not math.isfinite(one) for one in numbers) == collect["problems"]["threat_score"]["not_finite"]
    outside = sum(math.isfinite(one) and not 0 <= one <= 1 for one in numbers)
    assert validate["broken"]["threat_score.range"] == outside + sum(collect["problems"]["threat_score"].values())
    assert sum(row[1].strip(" \ufeff") == "" for row in whole) == validate["missing"]["user"]
    assert len(whole) - len({tuple(row) for row in whole}) == validate["broken"]["duplicates"]


def test_jsonl_holds_the_planted_defects(made: tuple[Path, dict[str, Any]]) -> None:
    figures = planted(made, "alerts.jsonl")
    records, other = [], Counter[str]()
    for line in (made[0] / "alerts.jsonl").read_bytes().split(b"\n")[:-1]:
        try:
            value = json.loads(line.decode(), object_pairs_hook=lambda pairs: pairs)
        except UnicodeDecodeError:
            other["bad_encoding"] += 1
        except ValueError:
            other["blank" if not line.strip() else "nul_byte" if b"\0" in line else "not_json"] += 1
        else:
            if not (isinstance(value, list) and value and isinstance(value[0], tuple)):
                other["not_an_object"] += 1
            elif len({key for key, _ in value}) < len(value):
                other["duplicate_key"] += 1
            else:
                records.append(json.loads(line))
    assert other == figures["collect"]["malformed"] | figures["collect"]["skipped"]
    scores = [record["alert"]["score"] for record in records]
    assert (
        sum(isinstance(score, (dict, list)) for score in scores)
        == figures["collect"]["problems"]["threat_score"]["mixed"]
    )
    assert scores.count(None) == figures["validate"]["missing"]["threat_score"]
    same = Counter(json.dumps(record, sort_keys=True) for record in records)
    assert sum(count - 1 for count in same.values()) == figures["validate"]["broken"]["duplicates"]
    texts = [record["alert"]["text"] for record in records]
    assert sum("AKIA" in text for text in texts) == figures["anonymize"]["in_text"]["secret"]
    assert sum(bool(re.search(r"\d{16}", text)) for text in texts) == figures["anonymize"]["in_text"]["card"]
    assert sum("://" in text for text in texts) == figures["anonymize"]["in_text"]["url"]
    small = sum(record["actor"]["dept"] == "executive" for record in records)
    assert small == figures["anonymize"]["suppressed"]["small_group"]


def test_log_holds_the_planted_defects(made: tuple[Path, dict[str, Any]]) -> None:
    figures = planted(made, "auth.log")
    lines = (made[0] / "auth.log").read_bytes().split(b"\n")[:-1]
    assert sum(b"\xff" in line for line in lines) == figures["collect"]["malformed"]["bad_encoding"]
    assert sum(b"\0" in line for line in lines) == figures["collect"]["malformed"]["nul_byte"]
    assert sum(not line.strip() for line in lines) == figures["collect"]["skipped"]["blank"]
    others = [line for line in lines if line.strip() and b"sshd[" not in line]
    noise = [line for line in others if re.match(rb"Oct [ \d]\d \d\d:\d\d:\d\d gate (CRON|kernel|systemd)", line)]
    assert len(noise) == figures["collect"]["skipped"]["policy_skip"]
    assert len(others) - len(noise) == figures["collect"]["skipped"]["unmatched"]
    repeats = [int(found[1]) for line in lines if (found := re.search(rb"message repeated (\d+) times: \[", line))]
    assert len(repeats) == figures["collect"]["repeated"]["records"]
    assert sum(repeats) == figures["collect"]["repeated"]["events"]
    logins = [line for line in lines if b"sshd[" in line and b"\0" not in line and b"\xff" not in line]
    assert len(logins) - len(set(logins)) == figures["validate"]["broken"]["duplicates"]


def test_only_planted_records_share_a_key(made: tuple[Path, dict[str, Any]]) -> None:
    with (made[0] / "access.csv").open(encoding="utf-8-sig", errors="replace") as file:
        rows = [row for row in csv.reader(line.replace("\0", "") for line in file) if len(row) == 12]
    whole = [row for row in rows if row[0].startswith("2026-10") and re.fullmatch(r"[a-z]+\.[a-z]+\d*", row[1])]
    gateway = Counter((row[0], row[1], row[5]) for row in whole)
    copies = sum(count - 1 for count in gateway.values())
    assert copies == planted(made, "access.csv")["validate"]["broken"]["duplicates"]
    lines = (made[0] / "alerts.jsonl").read_text(encoding="utf-8", errors="replace").split("\n")
    records = [json.loads(line) for line in lines if '"alert"' in line]
    alerts = Counter((one["timestamp"], one["actor"]["name"], one["alert"]["category"]) for one in records)
    broken = planted(made, "alerts.jsonl")["validate"]["broken"]
    here = sum(count - 1 for count in alerts.values()) - broken["duplicates"]
    twins = [(time[:23].replace("T", " "), name, what) for time, name, what in alerts if what in {"200", "401", "404"}]
    assert all(gateway[twin] == 1 for twin in twins)
    assert broken["conflicts"] == len(twins) + 2 * here


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> object:
        yield b"one line"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(edge, "lines", fail)
    with pytest.raises(OSError, match="No space"):
        generator.write(tmp_path, 1000, 1, ("csv",))
    assert list(tmp_path.iterdir()) == []
