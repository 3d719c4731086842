"""Converters of the fields of records."""

from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache

from thbstats.errors import InvalidValue, ThbstatsError, UnknownName, require
from thbstats.geography import Area, parse_citizenship, parse_country
from thbstats.geography.subdivisions import parse_member
from thbstats.records.source import Source, to_source
from thbstats.values import Count, Period, is_integer
from thbstats.vocabulary import Code


def to_code_or_country(codes: type[Code], name: str, value: str) -> str:
    """Return the code of a text in a code list, or of a country."""
    with suppress(UnknownName):
        return codes.parse(value)  # the constructor adds a place to its error, which takes time
    try:
        return parse_country(str(value))
    except UnknownName as error:
        # A file can have many unknown texts: a copy of the error would take as long as the search.
        error.field, error.value = name, value
        raise


@lru_cache(maxsize=4096)
def _area_code(text: str) -> str:
    return Area.parse(text).code


@lru_cache(maxsize=4096)
def area_members(code: str) -> frozenset[str]:
    """Return the countries of an area."""
    return Area.parse(code).members


def to_area(value: str | Area) -> str:
    """Return the canonical code of an area."""
    try:
        return _area_code(value.code if isinstance(value, Area) else str(value))
    except ThbstatsError as error:
        raise error.with_location(field="area", value=value) from None


@lru_cache(maxsize=4096)
def _period(text: str | int) -> Period:
    return Period.parse(text)


def to_period(value: Period | str | int) -> Period:
    """Return the reference period of a value."""
    if isinstance(value, Period):
        return value
    # "2015" and 2015 are the same year; 2015.0 is an error of a column with missing values.
    return _period(str(value))


@lru_cache(maxsize=4096)
def _citizenship(text: str) -> str:
    try:
        return parse_citizenship(text)
    except UnknownName as error:
        error.field = "citizenship"
        raise


def to_citizenship(value: str) -> str:
    """Return the citizenship group or the country code of a text."""
    return _citizenship(str(value))


def to_count(value: Count | int) -> Count:
    """Return the count of a value; an int is an exact count."""
    if isinstance(value, Count):
        return value
    hint = "Use Count.not_reported() or Count.suppressed() for a missing count"
    require(value is not None, "must be a count", hint, count=value)
    try:
        return Count.known(value)
    except InvalidValue as error:
        raise error.with_location(field="count", value=value) from None


def to_sources(value: Source | str | Iterable[Source | str] | None) -> frozenset[Source]:
    """Return a set of sources, from one or several sources or titles."""
    if value is None:
        return frozenset()
    is_source = isinstance(value, (Source, str, Iterable))
    require(is_source, "must be a source", "Use a Source, a title, or a list of them", source=value)
    items = (value,) if isinstance(value, (Source, str)) else tuple(value)
    return frozenset(map(to_source, items))


def to_reporters(value: str | Iterable[str] | None) -> frozenset[str] | None:
    """Return the codes of the reporting countries; ``None`` if not documented."""
    if value is None:
        return None
    countries = value.replace(",", " ").split() if isinstance(value, str) else value
    problem, hint = "must be a text or a list of countries", 'Use "DE FR" or ["DE", "FR"]'
    require(isinstance(countries, Iterable), problem, hint, reporters=value)
    try:
        return frozenset(parse_member(country) for country in countries)
    except UnknownName as error:
        raise error.with_location(field="reporters") from None


def _integer(value: int | None, name: str, hint: str) -> int | None:
    if value is not None and not is_integer(value):
        raise InvalidValue("must be an integer of 0 or more", field=name, value=value, hint=hint)
    return None if value is None else int(value)


def to_n_reporters(value: int | None) -> int | None:
    """Return the number of reporting countries; ``None`` if not documented."""
    return _integer(value, "n_reporters", "Omit the number if it is not documented")


def to_unanswered(value: int | None) -> int | None:
    """Return the number of cases that can also belong to a category; ``None`` if not applicable."""
    return _integer(value, "unanswered", "Omit the number without multiple response")


def complete_n_reporters(reporters: frozenset[str] | None, n_reporters: int | None) -> int | None:
    """Return the number of reporting countries."""
    if reporters is None:
        return n_reporters
    is_number = n_reporters in (None, len(reporters))
    problem = f"must be the number of `reporters` ({len(reporters)})"
    require(is_number, problem, "Omit `n_reporters`", n_reporters=n_reporters)
    return len(reporters)
