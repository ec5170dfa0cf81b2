"""Epochs of pseudonym domains: the edits of the policy that begin new ones."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from custody.cli.editing import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custody.policy.privacy import Privacy

_COMMENT: Final = (
    "Epoch of each pseudonym domain. approve: data protection officer. risk: the longer one lasts, the more it links."
)


def steps(privacy: Privacy, domains: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return the present epoch of each domain and the one after it."""
    from custody.records.zone import FIRST  # noqa: PLC0415  # late: imports Arrow

    return {domain: (epoch := privacy.epochs.get(domain, FIRST), epoch + 1) for domain in domains}


def edits(privacy: Privacy, found: dict[str, tuple[int, int]]) -> list[Edit]:
    """Return what to write into the policy."""
    comments = [] if "epochs" in privacy.model_fields_set else [_COMMENT]
    return [
        Edit(("privacy", "epochs", domain), after, comment)
        for (domain, (_, after)), comment in zip_longest(found.items(), comments)
    ]


def lines(found: dict[str, tuple[int, int]]) -> list[str]:
    """Return what to tell."""
    return [f"{domain}: epoch {before} → {after}" for domain, (before, after) in found.items()]
