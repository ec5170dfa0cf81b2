"""What the search for known identifiers costs, next to the bare automaton; and what is found of what was planted.

usage: python tests/benchmarks/leaks.py [MESSAGES] [IDENTIFIERS]        (default: 1000000 50000)

The text is short log messages with tokens where people were, as a candidate holds them. 200 identifiers are planted in
each encoding. CPU seconds, the best of three in one run; building the automata is left out on both sides. The bare pass
is ahocorasick_rs over the lower-cased bytes for the plain spellings alone, every occurrence listed, without boundaries.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import ahocorasick_rs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "stages"), str(ROOT / "tests")]

from benchmarks.clock import clocked  # noqa: E402  # runs from its file
from custody.policy.techniques import IpPrefix, Mac  # noqa: E402
from custody.privacy.leaks.searching import search_for  # noqa: E402
from custody.privacy.text import known  # noqa: E402
from custody.privacy.text.identifiers import Identifiers  # noqa: E402
from custody.privacy.text.search import ANY  # noqa: E402
from custody.records.parquet import ROW_GROUP  # noqa: E402
from custody.records.zone import Zone  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

PLANTED = 200
TEMPLATES = (
    "Failed password for invalid user {t} from {n} port {p} ssh2",
    "Accepted publickey for {t} from {n} port {p} ssh2: RSA SHA256:{h}",
    "session opened for user {t} by (uid={p})",
    "GET /reports/{p}?user={t}&page={p} HTTP/1.1 200",
    "Mail to {t} carried a link to a page that asks for passwords",
    "No finding after review, closed by the analyst on duty",
)


def _base64(text: str, before: str) -> str:
    return base64.b64encode(f"{before}{text} ok".encode()).decode()


ENCODINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda name: name,
    "upper case": str.upper,
    "URL, twice": lambda name: quote(quote("".join(f"%{byte:02x}" for byte in name.encode()))),
    "URL, every character": lambda name: "".join(f"%{byte:02X}" for byte in name.encode()),
    "JSON, every character": lambda name: "".join(f"\\u{ord(character):04x}" for character in name),
    "JSON inside of JSON": lambda name: json.dumps(json.dumps({"u": "".join(f"\\u{ord(c):04x}" for c in name)})),
    "HTML": lambda name: "".join(f"&#{ord(character)};" for character in name),
    "base64, first place": lambda name: _base64(name, ""),
    "base64, second place": lambda name: _base64(name, " "),
    "base64, third place": lambda name: _base64(name, "  "),
    "base64, URL alphabet": lambda name: base64.urlsafe_b64encode(f"\u00ff\u00fe?{name}?".encode("latin-1")).decode(),
    "base64 of UTF-16": lambda name: base64.b64encode(f"net user {name}".encode("utf-16-le")).decode(),
    "audit log's hexadecimal": lambda name: f"proctitle={f'su -l {name}'.encode().hex().upper()}",
    "full-width": lambda name: "".join(chr(ord(c) + 0xFEE0) for c in name),
    "DOMAIN\\user": lambda name: f"CORP\\{name}",
    "user@realm": lambda name: f"{name}@CORP.LOCAL",
}
ADDRESSES: dict[str, Callable[[ipaddress.IPv4Address], str]] = {
    "hexadecimal": lambda ip: f"0x{int(ip):08x}",
    "decimal": lambda ip: str(int(ip)),
    "mapped to IPv6": lambda ip: f"::ffff:{ip}",
    "in-addr.arpa": lambda ip: ip.reverse_pointer,
    "full-width dots": lambda ip: str(ip).replace(".", "\u3002"),
    "dashes": lambda ip: f"ip-{str(ip).replace('.', '-')}",
}


def main() -> None:
    """Print the ratio and what was found."""
    messages, identifiers = (int(word) for word in [*sys.argv[1:], *["1000000", "50000"][len(sys.argv) - 1 :]])
    draw = random.Random(7)  # noqa: S311  # made-up data
    users = sorted({f"{draw.choice(NAMES)}.{draw.choice(NAMES)}{i}" for i in range(identifiers // 2)})
    ips = sorted({str(ipaddress.IPv4Address(draw.randrange(2**28, 2**32))) for _ in range(identifiers - len(users))})
    names = build(users, ips)
    texts = [text(draw) for _ in range(messages)]
    clean = pa.array(texts)
    search = search_for(names)
    search.find(clean.slice(0, 100), whole=ANY)
    bare = ahocorasick_rs.BytesAhoCorasick([name.encode() for name in (*users, *ips)])
    lowered = pc.ascii_lower(clean.cast(pa.large_string()))
    least = clocked(lambda: plainly(bare, lowered))
    ours = clocked(lambda: parted(search, clean))
    print(f"{messages:,} messages, {lowered.nbytes / 1e6:.0f} MB, {len(users) + len(ips):,} identifiers")
    print(f"bare automaton {least:.2f} s, every spelling {ours:.2f} s, ratio {ours / least:.2f}")
    for label, found in planted(search, users, ips, texts).items():
        print(f"  {label:<24}{found} of {PLANTED}")


NAMES = ("anna", "emil", "jana", "edda", "rosa", "carla", "dunja", "elif", "bruno", "celia", "dirk", "erna", "falk")


def build(users: list[str], ips: list[str]) -> known.Known:
    """Return the known identifiers of a user and an address column."""
    columns: dict[str, Any] = {
        "user": Mac(role="direct", technique="mac", domain="person"),
        "ip": IpPrefix(role="direct", technique="ip_prefix", domain="network"),
    }
    none = pa.array([], pa.string())
    listed = [Identifiers("user", "user", pa.array(users), none), Identifiers("ip", "ip", pa.array(ips), none)]
    return known.build(listed, columns, Zone("bench", b"k" * 32))


def text(draw: random.Random) -> str:
    """Return a message of a candidate."""
    token = "".join(draw.choices("abcdefghijklmnopqrstuvwxyz234567", k=24))
    digest = base64.b64encode(draw.randbytes(32)).decode().rstrip("=")
    number = f"10.{draw.randrange(256)}.{draw.randrange(256)}.{draw.randrange(256)}"
    return draw.choice(TEMPLATES).format(t=token, n=number, p=draw.randrange(1024, 65536), h=digest)


def plainly(machine: ahocorasick_rs.BytesAhoCorasick, texts: pa.Array) -> int:
    """Run the automaton over all bytes; how many occurrences there are."""
    data = np.frombuffer(texts.buffers()[2], dtype=np.uint8)
    windows: list[Any] = [data[at : at + 2**20] for at in range(0, len(data), 2**20)]
    return sum(len(machine.find_matches_as_indexes(window, overlapping=True)) for window in windows)


def parted(search: Any, texts: pa.Array) -> int:
    """Search in partitions, as the stage does; how many hits there are."""
    return sum(len(search.find(texts.slice(at, ROW_GROUP), whole=ANY)) for at in range(0, len(texts), ROW_GROUP))


def planted(search: Any, users: list[str], ips: list[str], texts: list[str]) -> dict[str, int]:
    """Count, per encoding, the messages in which exactly the planted identifier was found."""
    found = {}
    for label, encode in ENCODINGS.items():
        found[label] = _found(search, users, [encode(name) for name in users[:PLANTED]], texts)
    for label, spell in ADDRESSES.items():
        found[label] = _found(search, ips, [spell(ipaddress.IPv4Address(ip)) for ip in ips[:PLANTED]], texts)
    return found


def _found(search: Any, names: list[str], written: list[str], texts: list[str]) -> int:
    column = pa.array([f"{texts[i]} x={one}, {texts[-i]}" for i, one in enumerate(written)])
    hits = search.find(column, whole=ANY)
    told = {
        (row, search.known.names[number].as_py())
        for row, number in zip(hits.row, hits.identifier.tolist(), strict=True)
    }
    return sum((i, names[i]) in told for i in range(len(written)))


if __name__ == "__main__":
    main()
