"""Areas: countries, fixed compositions of the European Union, and lists of countries."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Self

from attrs import field, frozen

from thbstats.errors import InvalidValue, UnknownName, did_you_mean
from thbstats.geography.countries import read_countries
from thbstats.geography.membership import eu_members
from thbstats.geography.names import country_name, parse_country

__all__ = ["COMPOSITIONS", "Area", "composition_on", "same_members"]

_WITHOUT = " without "
_LONGEST = 80


# mypy does not understand `frozenset` itself as a converter.
def _fixed(members: Iterable[str]) -> frozenset[str]:
    return frozenset(members)


@frozen(kw_only=True)
class Area:
    """A set of countries under the name that a source gives it.

    Areas are equal when their members are: ``EU28 without UK`` equals ``EU27_2020``, whatever
    the two are called.

    Parameters
    ----------
    code : str
        The name in tables; `Area.parse` reads it back.
    label : str
        The name as a reader sees it.
    members : frozenset of str
        Country codes.

    Examples
    --------
    >>> Area.from_countries(["France", "BE"]).code
    'BE+FR'
    """

    code: str = field(eq=False)
    label: str = field(eq=False)
    members: frozenset[str] = field(converter=_fixed)

    @classmethod
    def from_countries(cls, members: Iterable[str]) -> Self:
        """Return the area of listed countries, in any spelling and order.

        Raises
        ------
        InvalidValue
            If no country is listed.
        UnknownName
            If one of them is no country.
        """
        codes = sorted({parse_country(member) for member in members})
        if not codes:
            raise InvalidValue("an area has at least one country", field="members", value=codes)
        label = _listed([country_name(code) for code in codes])
        return cls(code="+".join(codes), label=label, members=codes)

    @staticmethod
    def parse(text: "str | Area") -> "Area":
        """Return the area that a text means.

        Parameters
        ----------
        text : str or Area
            A composition (``"EU28"``, ``"EU-27 (2020)"``, Eurostat's ``"European Union - 28
            countries (2013-2020)"``), a country or dissolved state in any spelling, countries
            joined by plus signs (``"BE+FR"``), ``"World"``, or one of these without countries
            (``"EU28 without UK, FR"``). An area is returned as it is.

        Returns
        -------
        Area
            With a canonical code, which this method reads back.

        Raises
        ------
        UnknownName
            If the text names no area, or several (``"EU27"`` is both EU27_2007 and EU27_2020).
        InvalidValue
            If a country is taken out of an area to which it does not belong, or none is left.

        Examples
        --------
        >>> Area.parse("eu28 without United Kingdom") == Area.parse("EU27_2020")
        True
        """
        if isinstance(text, Area):
            return text
        return _parse_text(str(text))

    def without(self, *outside: str) -> "Area":
        """Return the area without some of its countries, under a name that lists them.

        Parameters
        ----------
        *outside : str
            Countries of the area, in any spelling.

        Returns
        -------
        Area
            The rest; the area itself if no country is named.

        Raises
        ------
        InvalidValue
            If a country does not belong to the area, or none is left.
        UnknownName
            If one of them is no country.

        Examples
        --------
        >>> Area.parse("EU28").without("UK", "FR").code
        'EU28 without FR, UK'
        """
        removed = {parse_country(country) for country in outside}
        if not removed:
            return self
        _require_inside(self, removed)
        base, _, before = self.code.partition(_WITHOUT)
        codes = sorted(removed.union(filter(None, before.split(", "))))
        names = _listed([country_name(code) for code in codes])
        return Area(
            code=f"{base}{_WITHOUT}{', '.join(codes)}",
            label=f"{self.label.partition(_WITHOUT)[0]}{_WITHOUT}{names}",
            members=self.members - removed,
        )

    def __str__(self) -> str:
        return self.code


def _composition(code: str, first: date, years: str) -> Area:
    size = len(eu_members(first))
    return Area(code=code, label=f"EU of {size} members ({years})", members=eu_members(first))


#: The Union's compositions by the name that statistics give them.
COMPOSITIONS: Mapping[str, Area] = MappingProxyType(
    {
        "EU6": _composition("EU6", date(1958, 1, 1), "1958-1972"),
        "EU9": _composition("EU9", date(1973, 1, 1), "1973-1980"),
        "EU10": _composition("EU10", date(1981, 1, 1), "1981-1985"),
        "EU12": _composition("EU12", date(1986, 1, 1), "1986-1994"),
        "EU15": _composition("EU15", date(1995, 1, 1), "1995-2004"),
        "EU25": _composition("EU25", date(2004, 5, 1), "2004-2006"),
        "EU27_2007": _composition("EU27_2007", date(2007, 1, 1), "2007-2013"),
        "EU28": _composition("EU28", date(2013, 7, 1), "2013-2020"),
        "EU27_2020": _composition("EU27_2020", date(2020, 2, 1), "from 2020"),
    }
)

# What stays of a code or a label when only its letters and digits count: "EU-27 (2020)" and
# "European Union - 27 countries (from 2020)" are EU272020 and EU27FROM2020.
_WORDS = re.compile(r"^EUROPEANUNION|^EU(?:OF)?(?=\d)|(?<=\d)(?:COUNTRIES|MEMBERSTATES|MEMBERS)")


def _plain_name(text: str) -> str:
    name = "".join(letter for letter in text.upper() if letter.isalnum())
    return _WORDS.sub(lambda word: "" if word.start() else "EU", name)


_BY_PLAIN_NAME = {
    _plain_name(name): area for area in COMPOSITIONS.values() for name in (area.code, area.label)
}
_AMBIGUOUS = {
    "EU": f"Say which one: {', '.join(COMPOSITIONS)}",
    "EU27": "Say which one: EU27_2007 (with the United Kingdom) or EU27_2020 (with Croatia)",
}


def composition_on(day: date) -> Area:
    """Return the composition of the Union on a day.

    Parameters
    ----------
    day : datetime.date
        First and last days of membership count as membership.

    Returns
    -------
    Area
        One of `COMPOSITIONS`.

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
    for area in COMPOSITIONS.values():
        if area.members == members:
            return area
    raise InvalidValue("no composition before 1 January 1958", field="day", value=day)


def same_members(a: str | Area, b: str | Area) -> bool:
    """Return whether two areas are the same set of countries.

    Parameters
    ----------
    a, b : str or Area
        Areas, as `Area.parse` reads them.

    Returns
    -------
    bool
        Whatever the two are called.

    Examples
    --------
    >>> same_members("EU28 without UK", "EU27_2020"), same_members("EU27_2007", "EU27_2020")
    (True, False)
    """
    return Area.parse(a).members == Area.parse(b).members


# A table asks for the few hundred codes of its rows again and again. The size is limited because
# the texts can come from anywhere.
@lru_cache(maxsize=4096)
def _parse_text(text: str) -> Area:
    base, *outside = re.split(_WITHOUT, text, maxsplit=1, flags=re.IGNORECASE)
    area = _parse_base(base)
    return area.without(*outside[0].split(",")) if outside else area


def _parse_base(text: str) -> Area:
    name = _plain_name(text)
    if name in _AMBIGUOUS:
        several = _AMBIGUOUS[name]
        raise UnknownName("several compositions have this name", value=text, hint=several)
    if name in _BY_PLAIN_NAME:
        return _BY_PLAIN_NAME[name]
    if name == "WORLD":
        return _world()
    try:
        return Area.from_countries(text.split("+"))
    except UnknownName as error:
        name = str(error.value)
        raise UnknownName(
            "neither a country nor a composition of the EU",
            value=error.value,
            hint=lambda: _near(name),
        ) from None


@cache
def _world() -> Area:
    members = [country.code for country in read_countries()]
    return Area(code="WORLD", label="World", members=members)


def _near(name: str) -> str:
    options = [*COMPOSITIONS, *(country.name for country in read_countries())]
    # A longer text is near nothing, and comparing it takes long.
    return did_you_mean(name[:_LONGEST], options)


def _require_inside(whole: Area, removed: set[str]) -> None:
    strangers = sorted(removed - whole.members)
    if strangers:
        raise InvalidValue(
            f"not in {whole.code}",
            field="area",
            value=", ".join(strangers),
            hint=f"Its members are {', '.join(sorted(whole.members))}",
        )
    if removed == whole.members:
        raise InvalidValue(f"nothing of {whole.code} would be left", field="area")


def _listed(names: list[str]) -> str:
    *front, last = names
    return f"{', '.join(front)} and {last}" if front else last
