"""What a year is broken down by, and for whom."""

import pytest

from tracker.hours.rules.years import AGE_BOUNDS, Dimension, age_band, dimensions_for


@pytest.mark.parametrize(
    ("rank", "words"), [(0, "moins de 26 ans"), (1, "26 à 40 ans"), (2, "41 à 50 ans"), (3, "51 ans et plus")]
)
def test_each_band_of_ages_has_its_words(rank, words) -> None:
    assert age_band(rank) == words
    assert len(AGE_BOUNDS) == 3


def test_why_somebody_is_eligible_is_for_those_in_charge() -> None:
    hidden = {Dimension.MAIN_CATEGORY, Dimension.CATEGORY, Dimension.RSA, Dimension.QPV}
    assert set(dimensions_for(is_in_charge=True)) == set(Dimension)
    assert set(Dimension) - set(dimensions_for(is_in_charge=False)) == hidden


def test_every_breakdown_has_its_words_and_only_one_counts_twice() -> None:
    assert len({one.label for one in Dimension}) == len(Dimension)
    assert [one for one in Dimension if not one.adds_up] == [Dimension.CATEGORY]
