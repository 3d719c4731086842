"""Areas: countries and regions, compositions of the European Union, and lists of them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache, partial
from types import MappingProxyType
from typing import Any, ClassVar, Self

from attrs import field, frozen

from thbstats._model_fields import model_field
from thbstats._signatures import explain_arguments, explain_operators
from thbstats.errors import InvalidValue, UnknownName, did_you_mean, require
from thbstats.geography.countries import read_countries, read_regions
from thbstats.geography.spellings import parse_country
from thbstats.geography.subdivisions import (
    are_disjoint,
    country_of,
    member_name,
    parse_member,
    similar_region,
)
from thbstats.languages import Message, Plural, joined
from thbstats.values.period import to_day

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
    day = _day(day, "day")
    joined = {code for first, codes in ACCESSIONS.items() if first <= day for code in codes}
    left = {code for last, codes in WITHDRAWALS.items() if last < day for code in codes}
    return frozenset(joined - left)


def _day(value: date, name: str) -> date:
    """Return the day of a date or of a time."""
    if (day := to_day(value)) is None:
        raise InvalidValue("must be a date", field=name, value=value)
    return day


def is_eu_member(country: str, day: date) -> bool:
    """Return whether a country is a Member State on a day.

    The first and the last day of membership are included. The country is a code or a name, as for
    `parse_country`.

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
    start, end = _day(start, "start"), _day(end, "end")
    require(start <= end, f"must be on or after the first day {start}", "Swap the days", end=end)
    return tuple(day for day in membership_changes() if start < day <= end)


_WITHOUT = " without "
_LONGEST = 80
_LISTED_MEMBERS = 8
"""The short name of an area lists so many members."""


# mypy does not understand `frozenset` itself as a converter.
def _frozen_codes(members: Iterable[str]) -> frozenset[str]:
    return frozenset(members)


@explain_operators("Use Area.without('UK'), or members for sets of countries")
@partial(explain_arguments, hint="Use Area.parse('FR'), or Area.define for a new area")
@frozen(kw_only=True)
class Area:
    """Set of countries, or of regions within countries, with a name.

    Areas with the same members are equal: ``EU28 without UK`` equals ``EU27_2020``. A region such
    as ``DE-BY`` has itself as its only member, like a country. It overlaps with its country, and
    does not belong to the members of ``EU27_2020``.

    Parameters
    ----------
    code : str
        Name in tables, as `Area.parse` reads it.
    label : str
        Label for readers.
    members : frozenset of str
        Codes of countries and of regions.

    Attributes
    ----------
    countries : frozenset of str
        The countries of the members: that of a region is its country.

    Examples
    --------
    >>> Area.from_countries(["France", "BE"]).code
    'BE+FR'
    """

    code: str = field(eq=False)
    label: str = field(eq=False)
    members: frozenset[str] = field(converter=_frozen_codes)

    @property
    def countries(self) -> frozenset[str]:
        """The countries of the members."""
        return frozenset(country_of(code) or code for code in self.members)

    @property
    def short_name(self) -> str:
        """Name for texts: the code, ``World``, or the number of members of a long list.

        Examples
        --------
        >>> Area.parse("World").short_name, Area.parse("BE+FR").short_name
        ('World', 'BE+FR')
        >>> Area.from_countries(Area.parse("EU28").members).short_name
        '28 countries'
        """
        if self.members == _world().members:
            return _world().label
        if self.code.count("+") < _LISTED_MEMBERS:
            return self.code
        n = len(self.members)
        if self.members == self.countries:
            return Plural("{n} country", "{n} countries", n, n=n)
        return Plural("{n} area", "{n} areas", n, n=n)

    @classmethod
    def from_countries(cls, members: Iterable[str]) -> Self:
        """Return the area of countries or regions.

        Parameters
        ----------
        members : str or iterable of str
            Countries in any spelling and order, and codes of regions.

        Raises
        ------
        InvalidValue
            If the list of members is empty, or a region belongs to another member.
        UnknownName
            If a country does not exist.
        """
        members = [members] if isinstance(members, str) else members
        codes = sorted({parse_member(member) for member in members})
        if not codes:
            raise InvalidValue("must contain a country", field="members", value=codes)
        problem = "must not contain a region and its country, or regions that overlap"
        hint = "Use a country, or its regions of one level"
        require(are_disjoint(codes), problem, hint, members=", ".join(codes))
        label = joined(map(member_name, codes))
        return cls(code="+".join(codes), label=label, members=codes)

    @classmethod
    def define(cls, code: str, members: Iterable[str], *, label: str | None = None) -> Self:
        """Return an area of your own, for arguments such as ``area=``.

        Tables and files contain the codes of areas that `Area.parse` reads.

        Parameters
        ----------
        code : str
            Name of the area in results.
        members : iterable of str
            Countries in any spelling and order, and codes of regions such as ``"DE-BY"``.
        label : str, optional
            Label for readers; default ``code``.

        Raises
        ------
        InvalidValue
            If `members` are empty or overlap, or the code is empty or the name of another area.
        UnknownName
            If a country does not exist.

        Examples
        --------
        >>> baltic = Area.define("Baltic states", ["Estonia", "Latvia", "Lithuania"])
        >>> baltic.without("EE").code, sorted(baltic.members)
        ('Baltic states without EE', ['EE', 'LT', 'LV'])
        """
        hint = "Use a name that is not the name of a country, a region or a composition"
        require(isinstance(code, str), "must be a text", hint, code=code)
        codes = cls.from_countries(members).members
        area = cls(code=code, label=code if label is None else label, members=codes)
        try:
            is_new = _plain_name(code) not in {"", *_AMBIGUOUS} and cls.parse(code) == area
        except UnknownName:
            is_new = True
        require(is_new, "must be a new name", hint, code=code)
        return area

    @staticmethod
    def parse(text: "str | Area") -> "Area":
        """Return the area of a text.

        Parameters
        ----------
        text : str or Area
            A composition (``"EU28"``, ``"EU-27 (2020)"``, Eurostat's ``"European Union - 28
            countries (2013-2020)"``), a country or dissolved state in any spelling, countries
            joined by plus signs (``"BE+FR"``), ``"World"``, a region of the United Nations
            (``"Western Europe"``), a region of a country by its code of ISO 3166-2 (``"DE-BY"``)
            or NUTS (``"DE21"``), or an area without countries (``"EU28 without UK, FR"``). An
            area is returned unchanged. Of a region, only the form and the country are checked.

        Raises
        ------
        UnknownName
            If the text is not an area, or several (``"EU27"``: EU27_2007 and EU27_2020).
        InvalidValue
            If a removed country does not belong to the area, or no country remains.

        Examples
        --------
        >>> Area.parse("eu28 without United Kingdom") == Area.parse("EU27_2020")
        True
        >>> Area.parse("DE-BY").label, Area.parse("EL30").countries
        ('DE-BY (Germany)', frozenset({'EL'}))
        """
        if isinstance(text, Area):
            return text
        return _parse_text(str(text))

    def without(self, *countries: str) -> "Area":
        """Return the area without countries.

        Parameters
        ----------
        *countries : str
            Members of the area: countries in any spelling, or codes of regions.

        Returns
        -------
        Area
            Area with the code "... without ..."; the area itself without arguments.

        Raises
        ------
        InvalidValue
            If a country does not belong to the area, or no country remains.
        UnknownName
            If a country does not exist.

        Examples
        --------
        >>> Area.parse("EU28").without("UK", "FR").code
        'EU28 without FR, UK'
        """
        removed = {parse_member(country) for country in countries}
        if not removed:
            return self
        others = sorted(removed - self.members)
        if others:
            hint = did_you_mean(others[0], sorted(self.members))
            problem = f"must be a member of {self.code}"
            raise InvalidValue(problem, field="area", value=", ".join(others), hint=hint)
        if removed == self.members:
            raise InvalidValue(f"must not remove all members of {self.code}", field="area")
        base, _, before = self.code.partition(_WITHOUT)
        codes = sorted(removed.union(filter(None, before.split(", "))))
        names = joined(map(member_name, codes))
        # The label of an area without countries has the label of the whole area.
        whole = getattr(self.label, "parameters", {}).get("area", self.label)
        return Area(
            code=f"{base}{_WITHOUT}{', '.join(codes)}",
            label=Message("{area} without {countries}", area=whole, countries=names),
            members=self.members - removed,
        )

    __get_pydantic_core_schema__: ClassVar[Any] = model_field(
        write=str, read=lambda cls, value: cls.parse(value), shape={"type": "string"}
    )

    def __str__(self) -> str:
        return self.code


_WORLDS = frozenset(
    ("ALL", "EARTH", "EVERYWHERE", "INTERNATIONAL", "MONDE", "TOTAL", "WELT", "WORLDTOTAL")
)
"""Names that are answered with "World"."""


_YEARS = {
    "EU6": "1958-1972",
    "EU9": "1973-1980",
    "EU10": "1981-1985",
    "EU12": "1986-1994",
    "EU15": "1995-2004",
    "EU25": "2004-2006",
    "EU27_2007": "2007-2013",
    "EU28": "2013-2020",
    "EU27_2020": "from 2020",
}


def _label(size: int, years: str) -> Message:
    if years == "from 2020":
        return Message("EU of {n} members (from {year})", n=size, year="2020")
    return Message("EU of {n} members ({years})", n=size, years=years)


#: Compositions of the European Union by code.
COMPOSITIONS: Mapping[str, Area] = MappingProxyType(
    {
        code: Area(code=code, label=_label(len(members), years), members=members)
        for (code, years), members in zip(
            _YEARS.items(), map(eu_members, membership_changes()), strict=True
        )
    }
)

# Letters and digits of codes and labels: "EU-27 (2020)" and "European Union - 27 countries
# (from 2020)" become EU272020 and EU27FROM2020.
_WORDS = re.compile(r"^EUROPEANUNION|^EU(?:OF)?(?=\d)|(?<=\d)(?:COUNTRIES|MEMBERSTATES|MEMBERS)")


def _plain_name(text: str) -> str:
    name = "".join(letter for letter in text.upper() if letter.isalnum())
    return _WORDS.sub(lambda word: "" if word.start() else "EU", name)


_BY_PLAIN_NAME = {
    _plain_name(name): area for area in COMPOSITIONS.values() for name in (area.code, area.label)
}
_AMBIGUOUS = {
    "EU": "Use a composition such as EU28 or EU27_2020",
    "EU27": "Use EU27_2007 (with the United Kingdom) or EU27_2020 (with Croatia)",
}


def composition_on(day: date) -> Area:
    """Return the composition of the European Union on a day.

    Parameters
    ----------
    day : datetime.date
        A day from 1 January 1958. First and last days of membership are included.

    Raises
    ------
    InvalidValue
        If the day is before 1958.

    Examples
    --------
    >>> from datetime import date
    >>> composition_on(date(2016, 12, 31)).code
    'EU28'
    """
    members = eu_members(day)
    if not members:
        raise InvalidValue("must be on or after 1 January 1958", field="day", value=day)
    return next(area for area in COMPOSITIONS.values() if area.members == members)


def same_members(a: str | Area, b: str | Area) -> bool:
    """Return whether two areas have the same countries and regions.

    Examples
    --------
    >>> same_members("EU28 without UK", "EU27_2020"), same_members("EU27_2007", "EU27_2020")
    (True, False)
    """
    return Area.parse(a).members == Area.parse(b).members


# Tables parse a few hundred codes repeatedly. The size is limited: texts can be arbitrary.
@lru_cache(maxsize=4096)
def _parse_text(text: str) -> Area:
    base, *removed = re.split(_WITHOUT, text, maxsplit=1, flags=re.IGNORECASE)
    if removed:
        return _parse_text(base).without(*removed[0].split(","))
    name = _plain_name(text)
    if name in _AMBIGUOUS:
        raise UnknownName("must name one composition", value=text, hint=_AMBIGUOUS[name])
    if name in _BY_PLAIN_NAME:
        return _BY_PLAIN_NAME[name]
    if name == "WORLD":
        return _world()
    if name in (regions := _regions()):
        return regions[name]
    try:
        return Area.from_countries(text.split("+"))
    except UnknownName as error:
        name = str(error.value)
        raise UnknownName(
            "must be a country, a region or a composition of the EU",
            value=error.value,
            hint=lambda: _suggestion(name),
        ) from None


@cache
def _world() -> Area:
    members = [country.code for country in read_countries()]
    return Area(code="WORLD", label=Message("World"), members=members)


@cache
def _regions() -> Mapping[str, Area]:
    return {
        _plain_name(name): Area(code=region.name, label=region.name, members=region.members)
        for region in read_regions().values()
        for name in (region.name, *region.synonyms)
    }


def _suggestion(name: str) -> str:
    if region := similar_region(name[:_LONGEST]):
        return f"Did you mean {region!r}?"
    regions = [region.name for region in read_regions().values()]
    countries = [country.name for country in read_countries()]
    options = ["World", *COMPOSITIONS, *regions, *countries]
    if _plain_name(name) in _WORLDS:
        return "Did you mean 'World'?"
    # Comparing a longer text is slow.
    hint = did_you_mean(name[:_LONGEST], options)
    if hint.startswith("Did you mean"):
        return hint
    return "Use a country code such as FR, or a composition such as EU28 or EU27_2020"
