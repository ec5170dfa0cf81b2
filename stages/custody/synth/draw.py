"""Random numbers by position: record i of a stream can be made without making those before it.

SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014) in integer arithmetic,
so that every Python and every platform gives the same numbers.
"""

from __future__ import annotations

_MASK = 2**64 - 1
_GAMMA = 0x9E3779B97F4A7C15


def mix(value: int) -> int:
    """Return 64 bits that look unrelated to `value` and are the same everywhere."""
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB & _MASK
    return value ^ (value >> 31)


def stream(seed: int, number: int) -> int:
    """Return where stream `number` of a seed starts; give it to `at`."""
    return mix(mix(seed & _MASK) + (number + 1) * _GAMMA & _MASK)


def at(start: int, i: int) -> int:
    """Return the 64 bits at place `i` of a stream."""
    return mix(start + (i + 1) * _GAMMA & _MASK)
