"""How old a statement is, and which may be told."""

from datetime import date

import pytest

from knowledge.source import TELLABLE, age_in_years

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("as_of", "years"),
    [
        ("2024-11-22", 2),
        ("2024-11-23", 1),
        ("2026-11-22", 0),
        ("2019-03", 7),
        ("2019-12", 6),
        ("2024-11", 1),  # counts from the end of November
        ("2024-10", 2),
        ("2016", 9),  # counts from the end of the year
        ("2026", 0),
        ("2027-01-01", 0),
        ("", 0),
    ],
)
def test_age_counts_whole_years_from_the_end_of_what_is_known(as_of, years):
    assert age_in_years(as_of, TODAY) == years


def test_age_grows_on_the_last_days_of_the_year():
    assert age_in_years("2019", date(2026, 12, 27)) == 6
    assert age_in_years("2019", date(2026, 12, 28)) == 7


def test_probable_and_unverified_sources_are_never_told():
    assert TELLABLE.isdisjoint({"probable", "unverified", ""})
