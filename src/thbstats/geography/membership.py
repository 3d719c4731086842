"""Membership of the European Union and its predecessors."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from thbstats.errors import require
from thbstats.geography.spellings import parse_country

#: Countries by first day of membership.
ACCESSIONS: Mapping[date, frozenset[str]] = MappingProxyType(
    {
        date(1958, 1, 1): frozenset({"BE", "DE", "FR", "IT", "LU", "NL"}),
        date(1973, 1, 1): frozenset({"DK", "IE", "UK"}),
        date(1981, 1, 1): frozenset({"EL"}),
        date(1986, 1, 1): frozenset({"ES", "PT"}),
        date(1995, 1, 1): frozenset({"AT", "FI", "SE"}),
        date(2004, 5, 1): frozenset({"CY", "CZ", "EE", "HU", "LT", "LV", "MT", "PL", "SI", "SK"}),
        date(2007, 1, 1): frozenset({"BG", "RO"}),
        date(2013, 7, 1): frozenset({"HR"}),
    }
)

#: Countries by last day of membership.
WITHDRAWALS: Mapping[date, frozenset[str]] = MappingProxyType(
    {date(2020, 1, 31): frozenset({"UK"})}
)


def eu_members(day: date) -> frozenset[str]:
    """Return the Member States on a day; none before 1958.

    First and last days of membership are included.

    Examples
    --------
    >>> from datetime import date
    >>> sorted(eu_members(date(2020, 1, 31)) - eu_members(date(2020, 2, 1)))
    ['UK']
    """
    joined = {code for first, codes in ACCESSIONS.items() if first <= day for code in codes}
    left = {code for last, codes in WITHDRAWALS.items() if last < day for code in codes}
    return frozenset(joined - left)


def is_eu_member(country: str, day: date) -> bool:
    """Return whether a country is a Member State on a day.

    It is one on the first and on the last day of membership. The country is a code or a name, as
    for `parse_country`.

    Examples
    --------
    >>> from datetime import date
    >>> is_eu_member("Croatia", date(2013, 6, 30)), is_eu_member("Croatia", date(2013, 7, 1))
    (False, True)
    """
    return parse_country(country) in eu_members(day)


def membership_changes() -> tuple[date, ...]:
    """Return the first day of each composition, in chronological order.

    Examples
    --------
    >>> [str(day) for day in membership_changes()[-2:]]
    ['2013-07-01', '2020-02-01']
    """
    left = (last + timedelta(days=1) for last in WITHDRAWALS)
    return tuple(sorted((*ACCESSIONS, *left)))


def straddles_change(start: date, end: date) -> tuple[date, ...]:
    """Return the days in a period on which the composition of the EU changed.

    A day of change is the first day of a new composition. The first day of the period is
    excluded.

    Examples
    --------
    >>> from datetime import date
    >>> [str(day) for day in straddles_change(date(2013, 1, 1), date(2014, 12, 31))]
    ['2013-07-01']
    >>> straddles_change(date(2015, 1, 1), date(2016, 12, 31))
    ()
    """
    require(start <= end, f"must be on or after the first day {start}", "Swap the days", end=end)
    return tuple(day for day in membership_changes() if start < day <= end)
