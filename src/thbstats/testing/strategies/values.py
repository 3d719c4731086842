"""Strategies for values, areas, periods, sources and dimensions."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from thbstats.geography import Area
from thbstats.records import (
    KINDS,
    Dimension,
    Schema,
    Source,
    schema_of,
)
from thbstats.tables.frames import library
from thbstats.values import Certainty, Count, Interval, Percent, Period, Reason, Rounding
from thbstats.vocabulary import CitizenshipGroup, Classification

if TYPE_CHECKING:
    from hypothesis import strategies as st
else:
    st = library("hypothesis").strategies  # with an error that names the extra

COUNTRIES = ("AT", "EL", "FR", "RO", "UK")
"""The countries of drawn records."""

AREAS = (*COUNTRIES, "EU28", "EU28 without UK", "EU27_2020", "BE+FR")
"""The areas of drawn records: countries, compositions of the EU, and combinations."""

CITIZENSHIPS = (*CitizenshipGroup, "RO", "NG", "UK", "HR")
"""The citizenships of drawn records: groups, Member States, former ones and other countries."""

# Strategies are module constants where possible: each new one is validated again.
BOOLEANS = st.booleans()
KIND = st.sampled_from(list(KINDS))
DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
_DAYS_OR_NONE = st.none() | DAYS
_NUMBERS = st.integers(0, 50) | st.integers(0, 10**6) | st.integers(0, 2**53)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
_TITLES = (TEXTS | st.sampled_from(["[draft]", "{a}", '["b"]', "none"])).filter(str.strip)
YEARS = st.integers(2003, 2022)
_LENGTHS = st.integers(1, 3)
_MONTHS = st.integers(1, 12)
_REASONS = st.sampled_from([reason for reason in Reason if reason is not Reason.KNOWN])


def areas() -> "st.SearchStrategy[Area]":
    """Draw an area: a country, a composition of the EU, or a combination."""
    return st.sampled_from(AREAS).map(Area.parse)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Draw a period: calendar years, a fiscal year, any days, or not stated."""
    year = draw(YEARS)
    start, end = sorted((draw(DAYS), draw(DAYS)))
    period = draw(
        st.sampled_from(
            [
                Period.calendar(year),
                Period.calendar(year, year + draw(_LENGTHS)),
                Period.fiscal(year, draw(_MONTHS)),
                Period(start, end),
                Period.not_stated(),
            ]
        )
    )
    if period.start is not None and draw(BOOLEANS):
        return Period(period.start, period.end, Certainty.APPROXIMATE)
    return period


@st.composite
def counts(draw: st.DrawFn, values: "st.SearchStrategy[int]" = _NUMBERS) -> Count:
    """Draw a count: known, between two bounds, suppressed, missing or inapplicable."""
    low, high = sorted((draw(values), draw(values)))
    reason = draw(_REASONS)
    if reason is Reason.NOT_APPLICABLE:
        return Count.not_applicable()
    upper = draw(st.sampled_from([low, high, None]))
    return draw(st.sampled_from([Count.known(low), Count.known(high), Count(low, upper, reason)]))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    """Draw an interval with integers and fractions as bounds, or without a bound.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(intervals(), intervals())
    ... def test_hull_contains_both_intervals(first, second):
    ...     assert first.within(first.hull(second)) and second.within(first.hull(second))
    >>> test_hull_contains_both_intervals()
    """
    number = st.integers() | st.fractions()
    lower, upper = draw(st.tuples(number, number).map(sorted))
    return Interval(
        draw(st.sampled_from([lower, None])),
        draw(st.sampled_from([upper, lower, None])),
        undefined=draw(BOOLEANS),
    )


@st.composite
def percents(draw: st.DrawFn) -> Percent:
    """Draw a printed percentage from 0% to 100%, with up to two decimals and any rounding."""
    decimals = draw(st.integers(0, 2))
    number = draw(st.decimals(0, 100, places=decimals, allow_nan=False))
    sign = draw(st.sampled_from(["%", " %", ""]))
    return Percent(f"{number:.{decimals}f}{sign}", draw(st.sampled_from(Rounding)))


def sources() -> "st.SearchStrategy[Source]":
    """Draw a source with any of its fields, and titles that resemble JSON."""
    return st.builds(
        Source,
        title=_TITLES,
        document=TEXTS,
        url=st.sampled_from(["", "https://example.org/a?b=c"]),
        published=st.none() | DAYS,
        kind=st.sampled_from(["primary", "secondary", "not_stated"]),
    )


_BREAKDOWNS = ("recruiter", "means_of_control", "sector_2", "exploitation", "status", "register")
_ATTRIBUTES = ("decision", "instance", "register")
_REPLACED = ("exploitation", "status", "register")
_CATEGORIES = st.lists(
    st.sampled_from(["family", "partner", "employer", "other_person", "class_1", "2"]),
    min_size=1,
    max_size=4,
    unique=True,
)
_LANGUAGES = st.sampled_from(["de", "fr", "mt", "gsw"])
_LOCAL_TITLES = st.dictionaries(_LANGUAGES, _TITLES, max_size=1)


@st.composite
def classifications(draw: st.DrawFn, name: str | None = None) -> Classification:
    """Draw a classification: a breakdown or an attribute, with any properties.

    Parameters
    ----------
    name : str, optional
        The name of the dimension; ``"exploitation"``, ``"status"`` and ``"register"`` replace
        those of the library.
    """
    drawn = draw(st.sampled_from(_BREAKDOWNS + _ATTRIBUTES)) if name is None else name
    listed = {"breakdown": _BREAKDOWNS, "attribute": _ATTRIBUTES}
    kinds = [kind for kind, names in listed.items() if drawn in names] or list(listed)
    kind: Any = draw(st.sampled_from(kinds))
    categories: list[dict[str, Any]] = []
    for code in draw(_CATEGORIES):
        wider = [None, *(own["code"] for own in categories if not own["is_residual"])]
        categories.append(
            {
                "code": code,
                "parent": draw(st.sampled_from(wider)),
                "is_residual": draw(BOOLEANS),
                "is_exhaustive": draw(BOOLEANS),
                "is_verified": draw(BOOLEANS),
                **draw(_properties(code)),
            }
        )
    return Classification(
        name=drawn,
        kind=kind,
        categories=categories,
        is_required=kind == "attribute" and draw(BOOLEANS),
        titles=draw(_LOCAL_TITLES),
        definition=draw(TEXTS),
        source=draw(TEXTS),
        valid_from=draw(_DAYS_OR_NONE),
    )


@lru_cache
def _properties(code: str) -> "st.SearchStrategy[dict[str, Any]]":
    """Draw optional properties of a category; spellings end with the code, to be unique."""
    spellings = TEXTS.map(lambda text: f"{text} of {code}")
    optional = {
        "label": spellings,
        "labels": st.dictionaries(_LANGUAGES, spellings, max_size=2),
        "synonyms": st.lists(spellings, max_size=2),
        "definition": TEXTS,
        "note": TEXTS,
        "notation": TEXTS,
        "valid_to": DAYS,
        "crosswalk": st.dictionaries(
            st.sampled_from(["ctdc", "glotip"]), st.lists(spellings, max_size=2), max_size=1
        ),
    }
    return st.fixed_dictionaries({}, optional=optional)


@st.composite
def schemas(draw: st.DrawFn, kind: str | None = None, max_size: int = 2) -> Schema:
    """Draw a schema with further dimensions, or none.

    Parameters
    ----------
    kind : str, optional
        ``"victims"``, ``"justice"``, ``"protection"`` or ``"cooperation"``; by default any.
    max_size : int
        The maximum number of classifications.
    """
    schema = schema_of(draw(KIND) if kind is None else kind)
    every = dict.fromkeys(_BREAKDOWNS + _ATTRIBUTES)
    names = tuple(name for name in every if name not in _REPLACED or name in schema.names)
    chosen = draw(_choices(names, max_size))
    return schema_of(schema, *(draw(classifications(name)) for name in chosen))


@lru_cache
def _choices(names: tuple[str, ...], max_size: int) -> "st.SearchStrategy[list[str]]":
    return st.lists(st.sampled_from(names), max_size=max_size, unique=True)


@lru_cache(maxsize=256)
def codes(dimension: Dimension) -> "st.SearchStrategy[str]":
    """Draw a code of a dimension, often the default."""
    if dimension.content == "area":
        return st.sampled_from(AREAS)
    if dimension.content == "period":
        return st.sampled_from(["2015", "2016", "2015-2016", "~2014-2016"]) | periods().map(str)
    if dimension.content == "citizenship":
        words: Sequence[str] = CITIZENSHIPS
    else:
        countries = ("RO", "UK") if dimension.content == "countries" else ()
        words = (*(dimension.vocabulary or ()), *countries)
    return st.sampled_from([dimension.default or words[0], *words]).map(str)
