"""Made-up people: name, e-mail, address, device and department, each by the person's number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_FIRST = (
    "ada alma amir ana anton bela carla cem clara dario dunja edda elif emil enzo fatma felix fina gero greta hanna "
    "hugo ida igor ilse jana jonas kaan karla lena leo lilo marek mila nadia nils olga otto paula rosa"
)
_LAST = (
    "abel acker bader baum becker brandt busch conrad decker ebert engel falk fiedler gerber gross haas heller horn "
    "jahn keller kern kraft kuhn lang lorenz maurer moser neumann otte pohl rabe reuter sander seidel thoma ullrich "
    "vogel wagner winter zeller"
)
FIRST, LAST = tuple(_FIRST.split()), tuple(_LAST.split())
DOMAINS = ("corp.example.com", "example.org", "mail.example.net")
DEPARTMENTS = ("engineering", "finance", "operations", "sales", "support")
SMALL = "executive"
"""A department of so few people that no group of k = 5 can come of it."""
SMALL_SIZE = 3
LEAST = 120


@dataclass(frozen=True)
class Person:
    """One made-up person."""

    name: str
    email: str
    ip: str
    device: str
    department: str


def population(records: int) -> tuple[Person, ...]:
    """Return as many people as `records` records call for; the first three are the small department.

    The number of the others is odd and no multiple of five, so that a place in a block, which comes again every 250
    records, is not always the same person's.
    """
    size = min(50_000, max(LEAST, records // 50))
    while (size - SMALL_SIZE) % 2 == 0 or (size - SMALL_SIZE) % 5 == 0:
        size += 1
    return tuple(_person(number) for number in range(size))


def turn(people: Sequence[Person], i: int, start: int) -> Person:
    """Return the person whose turn it is at record `i`, never of the small department.

    People take turns in a scattered order, so that records close in time are of different people and no two of them
    share a key unless that is planted.
    """
    others = len(people) - SMALL_SIZE
    step = 7919 if others % 7919 else 7907
    return people[SMALL_SIZE + (i * step + start) % others]


def _person(number: int) -> Person:
    first = FIRST[number % len(FIRST)]
    last = LAST[(number // len(FIRST) + number) % len(LAST)]
    around = number // (len(FIRST) * len(LAST))
    name = f"{first}.{last}{around or ''}"
    high, low = divmod(number, 250)
    address = f"2001:db8:{high:x}::{low + 1:x}" if number % 10 == 9 else f"10.{20 + high // 250}.{high % 250}.{low + 1}"  # noqa: PLR2004
    device = f"02:00:5e:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
    department = SMALL if number < SMALL_SIZE else DEPARTMENTS[number % len(DEPARTMENTS)]
    return Person(name, f"{name}@{DOMAINS[number % len(DOMAINS)]}", address, device, department)
