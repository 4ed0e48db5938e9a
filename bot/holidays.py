"""Public holidays: on which days nobody works in a country, and in which one somebody lives.

A country is an ISO 3166 code, `IT`, or one with a region after it, `DE-BY`. Where nobody says
which, the time zone tells: Asia/Tokyo is in Japan."""

from datetime import date
from functools import cache, lru_cache
from importlib import resources

from holidays import country_holidays, list_supported_countries

ZONES = resources.files("tzdata") / "zoneinfo"


@lru_cache(maxsize=1024)
def days_off(country: str, year: int) -> frozenset[date]:
    """The country's public holidays in that year; none where it is not known."""
    code, _, region = country.partition("-")
    if region not in ("", *regions().get(code, ())) or code not in regions():
        return frozenset()
    return frozenset(country_holidays(code, subdiv=region or None, years=year))


@cache
def regions() -> dict[str, list[str]]:
    """Of each country whose holidays are known, the regions that have others."""
    return list_supported_countries(include_aliases=False)


@cache
def country_of(timezone: str | None) -> str:
    """The country of a time zone; "" for one of no country, such as UTC."""
    zones = {name: code for code, _, name in rows("zone.tab", 3)}
    name = timezone or ""
    return zones.get(name) or zones.get(renamed().get(name, ""), "")


@cache
def renamed() -> dict[str, str]:
    """Time zones that have another name now: `Asia/Calcutta` is `Asia/Kolkata`."""
    lines = (ZONES / "tzdata.zi").read_text(encoding="utf-8").splitlines()
    links = [line.split() for line in lines if line.startswith("L ")]
    return {former: name for _, name, former in links}


def read_country(written: str) -> str | None:
    """A country by its code, with or without a region, or by its English name; None for none."""
    typed = " ".join(written.split())
    code, _, region = typed.upper().partition("-")
    if code in regions():
        return typed.upper() if region in ("", *regions()[code]) else None
    by_name = {name.casefold(): code for code, name in rows("iso3166.tab", 2)}
    named = by_name.get(typed.casefold())
    return named if named in regions() else None


def name_of(country: str) -> str:
    """`Germany`, or `Germany (BY)`."""
    code, _, region = country.partition("-")
    name = dict(rows("iso3166.tab", 2)).get(code, code)
    return f"{name} ({region})" if region else name


@cache
def rows(table: str, columns: int) -> list[list[str]]:
    lines = (ZONES / table).read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[:columns] for line in lines if line and not line.startswith("#")]
