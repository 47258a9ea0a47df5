"""Uids are of the right length and letters, and no letter is favoured."""

from collections import Counter

import pytest

from lamindb_setup.uids import ALPHABET, base62, base62_many


@pytest.mark.parametrize("n", [0, 1, 8, 12, 20, 300])
def test_length_and_letters(n: int) -> None:
    assert len(base62(n)) == n
    assert set(base62(n)) <= set(ALPHABET)


@pytest.mark.parametrize("count", [0, 1, 10_000])
def test_many_are_as_many_and_differ(count: int) -> None:
    made = base62_many(12, count)
    assert len(set(made)) == len(made) == count
    assert {len(uid) for uid in made} <= {12}


def test_letters_are_equally_frequent() -> None:
    """200,000 letters: 3,226 of each are expected, with a standard deviation of 56; 6 of them happen once in 10^8 runs."""
    counts = Counter("".join(base62_many(20, 10_000)))
    assert set(counts) == set(ALPHABET)
    assert max(abs(number - 200_000 / 62) for number in counts.values()) < 6 * 57
