"""Names of columns: ours out of theirs, and the words in a name that tell what a column may hold."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST: Final = 60
TAKEN: Final = frozenset({"predicates", "row_id"})
"""Names that mean something else where columns are named."""
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

PERSON: Final = frozenset(
    """
    user username login account actor person name firstname lastname surname fullname givenname nickname employee staff
    customer client patient member subject owner manager sender recipient author analyst operator student contact
    mailfrom rcptto from to cc bcc who principal upn sid sam ident
    """.split()  # noqa: SIM905  # a list of words
)
IDENTIFIER: Final = frozenset(
    """
    ssn nin passport license licence phone telephone tel mobile fax iban card pan cvv bank tax national insurance imei
    imsi msisdn serial badge address street geo lat latitude lon lng longitude cookie session token fingerprint
    """.split()  # noqa: SIM905
)
QUASI: Final = frozenset(
    """
    age birth birthday birthdate dob gender sex zip zipcode postcode postal city town county region state country nation
    nationality language ethnicity race religion marital education occupation job title role position department dept
    team unit office site location salary income wage grade
    """.split()  # noqa: SIM905
)
LABELS: Final = frozenset(("label", "verdict", "class", "malicious", "target", "attack", "category", "outcome"))
TIMES: Final = frozenset(
    """
    time timestamp ts date datetime day when created updated modified first last seen utc
    """.split()  # noqa: SIM905
)
HOSTS: Final = frozenset(
    ("host", "hostname", "computer", "machine", "server", "workstation", "domain", "fqdn", "device")
)
PORTS: Final = frozenset(("port", "sport", "dport"))


def words(name: str) -> frozenset[str]:
    """Return the words of a name, lower case: `actor.firstName`, `first_name` and `FIRST-NAME` have the same.

    Two that stand side by side count as one as well, so that `user name` is known where `username` is.
    """
    parts = [part for part in re.split(r"[^a-z0-9]+", _CAMEL.sub(" ", name).lower()) if part]
    plain = [part.rstrip("0123456789") or part for part in parts]
    joined = [first + second for first, second in pairwise(plain)]
    return frozenset([*plain, *joined])


def ours(fields: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Return a name of the policy's form for each field (theirs: ours), no two alike and none of `taken`."""
    used = {*TAKEN, *taken}
    found: dict[str, str] = {}
    for theirs in fields:
        stem = re.sub(r"[^a-z0-9]+", "_", _CAMEL.sub("_", theirs).lower()).strip("_")[:LONGEST]
        stem = stem if stem[:1].isalpha() else f"c_{stem}".rstrip("_")
        name, number = stem, 2
        while name in used:
            name, number = f"{stem[: LONGEST - 6]}_{number}", number + 1
        used.add(name)
        found[theirs] = name
    return found
