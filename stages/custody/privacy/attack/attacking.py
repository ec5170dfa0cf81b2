"""Run the attack: guesses block by block against the targets, and maps of addresses against pairs."""

from __future__ import annotations

import math
import socket
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy import risk
from custody.privacy.attack import directory, functions, guesses, maps
from custody.privacy.attack.targets import LONG, SHORT, Targets
from custody.privacy.canonical import canonical
from custody.privacy.techniques import registry as techniques

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from custody.privacy.inputs import Inputs
    from custody.privacy.text.identifiers import Identifiers
    from custody.records.run import Run

WHAT = "anonymize: attack"


class Network(NamedTuple):
    """A /16 network of RFC 1918, whose addresses are guesses."""

    first: int
    second: int


class Pairs(NamedTuple):
    """Addresses and their images, both of shape (n, 4) or (n, 16)."""

    before: NDArray[np.uint8]
    after: NDArray[np.uint8]


Block = list[str] | Network | Pairs
"""What is tried at once: guesses at the targets, or maps on pairs."""


@dataclass(frozen=True)
class Against:
    """What every block of guesses is tried on; a plain value, so that a worker process can have it."""

    targets: Targets = field(repr=False)
    seed: int = field(repr=False)
    words: tuple[str, ...]
    """Public words of the policy."""


@dataclass(frozen=True)
class Attacked:
    """What was tried and what came of it."""

    mode: str
    targets: int = 0
    guesses: int = 0
    """Texts that were guessed, each under every function."""
    pairs: int = 0
    """Addresses whose image was tried under every map."""
    hits: int = 0
    """Guesses and pairs that a stranger gets right."""
    by_function: Mapping[str, int] = field(default_factory=dict)
    """Hits by what was computed; only those that there are."""


@dataclass(frozen=True)
class Tried:
    """Guesses of a block, and how many of them gave a target, by function and bits that were compared."""

    guesses: int
    found: Counter[tuple[str, int]]
    pairs: int = 0


def attack(inputs: Inputs, listed: Sequence[Identifiers], targets: Targets, run: Run) -> Attacked:
    """Try to find released values without the key; deterministic, and no value is in the result."""
    mode, found, tried, pairs = inputs.privacy.attack, Counter[tuple[str, int]](), 0, 0
    against = Against(targets, inputs.seeds.value, _words(inputs))
    for one in run(attempt, against, blocks(inputs, listed, full=mode == "full"), WHAT):
        found.update(one.found)
        tried, pairs = tried + one.guesses, pairs + one.pairs
    hits = beyond_chance(found, tried, targets)
    return Attacked(mode, len(targets.whole), tried, pairs, hits.total(), dict(sorted(hits.items())))


def attempt(against: Against, block: Block) -> Tried:
    """Try one block: guesses under every function, those of a network under digests alone, or maps on pairs."""
    if isinstance(block, Pairs):
        fitting = {(f"map:{name}", LONG): count for name, count in maps.fits(*block).items()}
        return Tried(0, +Counter(fitting), len(block.before))
    literal = isinstance(block, Network)
    texts = directory.addresses(block) if isinstance(block, Network) else block
    raw, found = [text.encode() for text in texts], Counter[tuple[str, int]]()
    computed = functions.DIGESTS if literal else {**functions.DIGESTS, **functions.mixed(against.words)}
    for name, function in computed.items():
        size = SHORT if name == "crc32" else LONG
        digests = np.frombuffer(b"".join([function(one)[: size // 8] for one in raw]), dtype=f">u{size // 8}")
        for bits, wanted in ((LONG, against.targets.long), (SHORT, against.targets.short)):
            if bits <= size:
                found[name, bits] += _met(digests.astype(np.uint64) >> np.uint64(size - bits), wanted)
    if not literal:
        found["encoding", LONG] += _encoded(texts, against)
    return Tried(len(texts), +found)


def _encoded(texts: list[str], against: Against) -> int:
    spelled = pa.array([one for text in texts for one in functions.encoded(text)], pa.string())
    return _met(risk.once(risk.hashes(pa.chunked_array([spelled]), against.seed)), against.targets.whole)


def _met(numbers: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> int:
    return int(np.count_nonzero(risk.contains(wanted, numbers)))


def beyond_chance(found: Mapping[tuple[str, int], int], tried: int, targets: Targets) -> Counter[str]:
    """Return hits by function. Of 32 bits, only where there are more than chance gives: six deviations, and one."""
    expected = tried * len(targets.short) / 2**SHORT
    most = expected + 6 * math.sqrt(expected) + 1
    hits: Counter[str] = Counter()
    for (name, bits), count in found.items():
        if bits == LONG or count > most:
            hits[name] += count
    return +hits


def _words(inputs: Inputs) -> tuple[str, ...]:
    """Words of the policy that may have been taken for a salt or a key."""
    columns, zone = inputs.privacy.columns.values(), inputs.collected.zone
    domains = {str(one.domain) for one in columns if hasattr(one, "domain")}
    return tuple(sorted({*domains, zone.name, zone.check, inputs.dataset.name}))


def blocks(inputs: Inputs, listed: Sequence[Identifiers], *, full: bool) -> list[Block]:
    """Return what is guessed, block by block."""
    found: list[Block] = [*guesses.blocks(listed, full=full)]
    if full:
        mail = [one.values for one in listed if one.kind == "email"]
        domains = sorted({str(one).rpartition("@")[2] for values in mail for one in values.to_pylist()})
        found += [directory.names(), *directory.mailboxes(domains)]
        tokens = [one.technique for name, one in inputs.privacy.columns.items() if inputs.kinds[name] == "ip"]
        networks = [Network(*one) for one in directory.NETWORKS]
        found += networks if {"mac", "encrypt_deterministic"} & {*tokens} else ()
    return [*found, *_pairs(inputs, listed, full=full)]


def _pairs(inputs: Inputs, listed: Sequence[Identifiers], *, full: bool) -> Iterator[Pairs]:
    """Yield the addresses of every column under ip_prefix with their images."""
    for one in listed:
        column = inputs.privacy.columns[one.column]
        if column.technique == "ip_prefix":
            values = canonical(guesses.chosen(one.values, full=full, most=maps.MOST), one.kind)
            yield from _packed(values, techniques.transform(values, column, one.kind, inputs.collected.zone).values)


def _packed(values: pa.Array, images: Any) -> Iterator[Pairs]:
    """Yield IPv4 and IPv6 pairs as bytes; an address without an image is in no pair."""
    long = pc.match_substring(values, ":")
    for chosen, family, size in ((pc.invert(long), socket.AF_INET, 4), (long, socket.AF_INET6, 16)):
        rows = pc.and_(chosen, images.is_valid())
        sides = [
            b"".join(socket.inet_pton(family, one) for one in side.filter(rows).to_pylist())
            for side in (values, images)
        ]
        before, after = (np.frombuffer(side, dtype=np.uint8).reshape(-1, size) for side in sides)
        if len(before):
            yield Pairs(before, after)
