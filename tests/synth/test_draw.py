from custody.synth import draw


def test_numbers_are_those_of_splitmix64() -> None:
    """The first outputs of the reference implementation for seed 1234567 (https://prng.di.unimi.it/splitmix64.c)."""
    assert [draw.at(1234567, i) for i in range(3)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


def test_streams_of_one_seed_differ() -> None:
    assert len({draw.at(draw.stream(7, number), 0) for number in range(100)}) == 100


def test_numbers_stay_within_64_bits() -> None:
    assert all(0 <= draw.at(draw.stream(2**80 + 3, 5), i) < 2**64 for i in range(1000))
