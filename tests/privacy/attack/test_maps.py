from __future__ import annotations

import numpy as np
import pytest

from custody.privacy.attack import maps
from custody.privacy.techniques.ip_prefix import preserve


def packed(size: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.random.default_rng(5).integers(0, 256, (50, size), dtype=np.uint8)


def test_the_sample_key_gives_the_authors_own_example() -> None:
    """The first pair of the sample trace that comes with the authors' program."""
    address = np.array([[128, 11, 68, 132]], dtype=np.uint8)
    assert preserve(address, maps.SAMPLE).tolist() == [[135, 242, 180, 132]]


@pytest.mark.parametrize("size", [4, 16])
@pytest.mark.parametrize("name", maps.MAPS)
def test_a_map_that_was_used_fits_every_pair_and_no_other_does(name: str, size: int) -> None:
    addresses = packed(size)
    found = maps.fits(addresses, maps.MAPS[name](addresses))
    assert found == {other: 50 * (other == name) for other in maps.MAPS}


def test_a_secret_key_fits_none() -> None:
    assert not any(maps.fits(packed(4), preserve(packed(4), bytes(range(32)))).values())
