"""The case that a gate on k alone lets pass: day and subnet of 279 people over ten days, seeded.

Everybody has a home subnet and now and then works from another. Each (day, subnet) is shared by at least 18 people, and
yet 13.8% of the people are the only ones with their four events.
"""

from __future__ import annotations

import random

PEOPLE, DAYS, SUBNETS = 279, 10, 8
PRESENT, AWAY = 0.8, 0.041
K, UNIQUE = 18, 0.138


def rows(seed: int = 7) -> list[tuple[int, int, str]]:
    """Return (day, subnet, user)."""
    draw, made = random.Random(seed), []  # noqa: S311  # no secret
    for person in range(PEOPLE):
        home = int(draw.random() * SUBNETS)
        for day in range(DAYS):
            if draw.random() < PRESENT:
                subnet = home if draw.random() > AWAY else int(draw.random() * SUBNETS)
                made.append((day, subnet, f"user{person:03d}"))
    return made
