"""Membership of the European Union, and of the Communities before it, through time."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from thbstats.errors import InvalidValue
from thbstats.geography.names import parse_country

__all__ = [
    "ACCESSIONS",
    "WITHDRAWALS",
    "eu_members",
    "is_eu_member",
    "membership_changes",
    "straddles_change",
]

#: First day of membership -> the countries that joined on it.
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

#: Last day of membership -> the countries that left with its end.
WITHDRAWALS: Mapping[date, frozenset[str]] = MappingProxyType(
    {date(2020, 1, 31): frozenset({"UK"})}
)


def eu_members(on: date) -> frozenset[str]:
    """Return the Member States on a day (before 1958 there are none).

    Parameters
    ----------
    on : datetime.date
        The day; first and last days of membership count as membership.

    Returns
    -------
    frozenset of str
        Country codes.

    Examples
    --------
    >>> from datetime import date
    >>> sorted(eu_members(date(2020, 1, 31)) - eu_members(date(2020, 2, 1)))
    ['UK']
    """
    joined = {code for first, codes in ACCESSIONS.items() if first <= on for code in codes}
    left = {code for last, codes in WITHDRAWALS.items() if last < on for code in codes}
    return frozenset(joined - left)


def is_eu_member(country: str, on: date) -> bool:
    """Return whether a country is a Member State on a day.

    Parameters
    ----------
    country : str
        A code or a name, as `parse_country` reads it.
    on : datetime.date
        The day.

    Returns
    -------
    bool
        First and last days of membership count as membership.

    Raises
    ------
    UnknownName
        If no country is written so.

    Examples
    --------
    >>> from datetime import date
    >>> is_eu_member("Croatia", date(2013, 6, 30)), is_eu_member("Croatia", date(2013, 7, 1))
    (False, True)
    """
    return parse_country(country) in eu_members(on)


def membership_changes() -> tuple[date, ...]:
    """Return the first day of every new composition, the founding first.

    Returns
    -------
    tuple of datetime.date
        In order.

    Examples
    --------
    >>> [str(day) for day in membership_changes()[-2:]]
    ['2013-07-01', '2020-02-01']
    """
    left = (last + timedelta(days=1) for last in WITHDRAWALS)
    return tuple(sorted((*ACCESSIONS, *left)))


def straddles_change(start: date, end: date) -> tuple[date, ...]:
    """Return the days inside a period on which the composition of the Union changed.

    A day of change is the first day of the new composition. One that is the first day of the
    period splits nothing and is left out.

    Parameters
    ----------
    start, end : datetime.date
        First and last day of the period.

    Returns
    -------
    tuple of datetime.date
        Empty where the composition is the same on every day.

    Raises
    ------
    InvalidValue
        If the period ends before it starts.

    Examples
    --------
    >>> from datetime import date
    >>> [str(day) for day in straddles_change(date(2013, 1, 1), date(2014, 12, 31))]
    ['2013-07-01']
    >>> straddles_change(date(2015, 1, 1), date(2016, 12, 31))
    ()
    """
    if end < start:
        raise InvalidValue(
            f"a period cannot end before its start {start}",
            field="end",
            value=end,
            hint="Give the first day, then the last",
        )
    return tuple(day for day in membership_changes() if start < day <= end)
