from datetime import date

import pytest

from bot.holidays import country_of, days_off, name_of, read_country
from bot.schedules import TIMEZONES


@pytest.mark.parametrize(
    ("timezone", "country"),
    [
        ("Europe/Rome", "IT"),
        ("Europe/Amsterdam", "NL"),  # a link in the newest tables, and a country of its own
        ("Asia/Calcutta", "IN"),  # as it was called
        ("US/Pacific", "US"),
        ("UTC", ""),
        (None, ""),
        ("Mars/Olympus", ""),
    ],
)
def test_a_time_zone_tells_the_country(timezone: str | None, country: str):
    assert country_of(timezone) == country


def test_every_time_zone_of_a_place_has_a_country():
    places = [each for each in TIMEZONES if each.startswith(("Africa/", "Asia/", "Europe/"))]

    assert [each for each in places if not country_of(each)] == []


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("it", "IT"),
        ("DE-BY", "DE-BY"),
        (" germany ", "DE"),
        ("South  Africa", "ZA"),
        ("DE-XX", None),
        ("Utopia", None),
        ("", None),
    ],
)
def test_a_country_is_read_by_its_code_or_its_name(written: str, country: str | None):
    assert read_country(written) == country


def test_a_region_has_its_own():
    epiphany = date(2026, 1, 6)

    assert epiphany in days_off("DE-BY", 2026) and epiphany not in days_off("DE", 2026)
    assert days_off("", 2026) == days_off("DE-XX", 2026) == frozenset()
    assert name_of("DE-BY") == "Germany (BY)" and name_of("IT") == "Italy"
