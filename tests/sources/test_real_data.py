"""Third-party files, read whole: every line is accounted."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

from sources.reads import Whole, whole

if TYPE_CHECKING:
    from pathlib import Path

KDD = tuple(f"f{i}" for i in range(43))
FILES: list[tuple[str, dict[str, Any], tuple[str, ...], int]] = [
    # file, format, wanted, rows
    ("urls/url_data_medium.csv", {"type": "csv"}, ("url", "isMalicious", "created"), 30_000),
    ("http_params/payload_full.csv", {"type": "csv"}, ("payload", "length", "label"), 31_067),
    ("nsl_kdd/KDDTrain+_20Percent.txt", {"type": "csv", "header": False, "names": KDD}, ("f1", "f41"), 25_192),
    ("nsl_kdd/KDDTest+.txt", {"type": "csv", "header": False, "names": KDD}, ("f1", "f41"), 22_544),
    ("suricata/eve.json", {"type": "jsonl"}, ("timestamp", "event_type", "flow.bytes_toserver"), 5_000),
    ("sshd/auth.log", {"type": "text", "pattern": "syslog"}, ("time", "host", "process", "message"), 7_121),
    ("sshd/auth.log", {"type": "text", "pattern": "sshd"}, ("time", "event", "user", "rhost"), 7_121),
    ("apache/apache_logs", {"type": "text", "pattern": "combined"}, ("rhost", "time", "path", "agent"), 9_999),
    ("zeek/ftp.log.gz", {"type": "zeek"}, ("ts", "id.orig_h", "data_channel.passive"), 93),
    ("zeek/known_hosts.log.gz", {"type": "zeek"}, ("ts", "host"), 253),
    ("zeek/ntlm.log.gz", {"type": "zeek"}, ("ts", "id.orig_h", "success"), 422),
    ("zeek/smtp.log.gz", {"type": "zeek"}, ("ts", "rcptto", "path"), 1_188),
    ("zeek/software.log.gz", {"type": "zeek"}, ("ts", "name", "unparsed_version"), 376),
]


def load(folder: Path, name: str, wanted: tuple[str, ...], format_: dict[str, Any]) -> Whole:
    with (folder / name).open("rb") as stream:
        return whole(stream, wanted, **format_)


@pytest.mark.parametrize(("name", "format_", "wanted", "rows"), FILES)
def test_every_line_of_a_real_file_is_accounted(
    real_data: Path, name: str, format_: dict[str, Any], wanted: tuple[str, ...], rows: int
) -> None:
    found = load(real_data, name, wanted, format_)
    raw = (real_data / name).read_bytes()
    text = gzip.decompress(raw) if name.endswith(".gz") else raw
    assert found.read == len(text.splitlines())
    assert found.rows == rows
    assert found.missing == frozenset()
    assert len(found.malformed) == (1 if "apache" in name else 0)


def test_exactly_one_apache_line_is_malformed(real_data: Path) -> None:
    found = load(real_data, "apache/apache_logs", ("rhost", "method"), {"type": "text", "pattern": "combined"})
    assert found.malformed == [(8899, "unmatched")]
    assert None not in found.columns["method"]


def test_repeated_sshd_messages_stay_one_record_with_their_count(real_data: Path) -> None:
    found = load(real_data, "sshd/auth.log", ("event", "message", "rhost"), {"type": "text", "pattern": "sshd"})
    repeated = [i for i, times in enumerate(found.repeat) if times > 1]
    assert len(repeated) == 85
    assert {found.columns["event"][i] for i in repeated} == {"failed"}
    assert None not in {found.columns["rhost"][i] for i in repeated}


def test_few_messages_of_a_real_host_say_nothing_known(real_data: Path) -> None:
    found = load(real_data, "sshd/auth.log", ("event",), {"type": "text", "pattern": "sshd"})
    assert found.columns["event"].count("other") < 0.01 * found.rows
