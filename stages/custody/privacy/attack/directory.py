"""The literal dictionaries of a full attack: RFC 1918, and a directory of names and mail addresses.

Names are common ones of many languages, as accounts and mailboxes spell them; mail addresses stand at common domains
and at those of the data set's own, which a stranger knows as well.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NETWORKS: Final = (
    *((10, second) for second in range(256)),
    *((172, second) for second in range(16, 32)),
    (192, 168),
)
"""The /16 networks of RFC 1918: 273 of 65,536 addresses each."""
TABLE: Final = Path(__file__).with_name("directory.txt")
"""First names, and behind an empty line last names."""
FIRST, LAST = (part.split() for part in TABLE.read_text(encoding="ascii").split("\n\n"))
ACCOUNTS: Final = (
    "root",
    "admin",
    "administrator",
    "guest",
    "test",
    "user",
    "oracle",
    "postgres",
    "backup",
    "www-data",
)
DOMAINS: Final = ("gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "example.com", "corp.local")


def addresses(network: tuple[int, int]) -> list[str]:
    """Return all addresses of one of `NETWORKS`."""
    head = f"{network[0]}.{network[1]}."
    return [f"{head}{third}.{fourth}" for third in range(256) for fourth in range(256)]


def names() -> list[str]:
    """Return account names, each once."""
    return sorted(
        {*ACCOUNTS, *FIRST, *LAST, *(one for first, last in product(FIRST, LAST) for one in _forms(first, last))}
    )


def mailboxes(domains: Iterable[str]) -> list[list[str]]:
    """Return a list of mail addresses for each domain, the common ones and these."""
    local = names()
    return [[f"{name}@{domain}" for name in local] for domain in sorted({*DOMAINS, *domains})]


def _forms(first: str, last: str) -> Iterator[str]:
    yield from (f"{first}.{last}", f"{first}{last}", f"{first}_{last}", f"{first[0]}{last}", f"{first[0]}.{last}")
    yield from (f"{last}.{first}", f"{first}{last[0]}")
