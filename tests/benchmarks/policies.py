"""The two policies that the pipeline is measured under, made of the demo's params.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

MEASURES = ("l", "t", "unicity", "linkability", "inference")


def plain(text: str) -> str:
    """Return the policy without further measures.

    Rules, duplicates and conflicts; every technique; in text known identifiers and the shapes of e-mail, IP and MAC
    addresses, cards, credentials and keys; k-anonymity; the leak scan, of which no spelling can be left out.
    """
    told: dict[str, Any] = yaml.safe_load(text)
    del told["quality"]["signals"], told["gate"]["reviewed"]
    for measure in MEASURES:
        del told["privacy"][measure]
    told["privacy"]["columns"]["message"]["detectors"] = []
    return yaml.safe_dump(told, sort_keys=False)


def everything(text: str) -> str:
    """Return the policy as it is: signals of poisoning, detectors in text, l, t, unicity, linkability, inference."""
    return text


POLICIES: dict[str, Callable[[str], str]] = {"pipeline": plain, "everything on": everything}
