"""Converters of the fields of records."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from thbstats.errors import InvalidValue, ThbstatsError, UnknownName
from thbstats.geography import Area, parse_citizenship, parse_country
from thbstats.geography.subdivisions import parse_member
from thbstats.records.source import Source, to_source
from thbstats.values import Count, Period, is_integer, parse_flags
from thbstats.vocabulary import (
    AgeConcept,
    AgeGroup,
    Code,
    CooperationBody,
    CooperationKind,
    CountingUnit,
    Exploitation,
    MeasureOutcome,
    Movement,
    Offence,
    ProtectionMeasure,
    RegisteringBody,
    Sex,
    Stage,
    VictimStatus,
)

C = TypeVar("C", bound=Code)


def to_code(codes: type[C], name: str, value: str) -> C:
    """Return the code of a text in a code list; errors have the name of the field."""
    if isinstance(value, codes):
        return value
    try:
        return codes.parse(value)
    except UnknownName as error:
        raise error.with_location(field=name, value=value) from None


def to_code_or_country(codes: type[Code], name: str, value: str) -> str:
    """Return the code of a text in a code list, or of a country."""
    try:
        return codes.parse(value)
    except UnknownName:
        pass
    try:
        return parse_country(str(value))
    except UnknownName as error:
        raise error.with_location(field=name, value=value) from None


def to_sex(value: str) -> Sex:
    """Return the sex of a text."""
    return to_code(Sex, "sex", value)


def to_age(value: str) -> AgeGroup:
    """Return the age group of a text."""
    return to_code(AgeGroup, "age", value)


def to_age_concept(value: str) -> AgeConcept:
    """Return the age concept of a text."""
    return to_code(AgeConcept, "age_concept", value)


def to_status(value: str) -> VictimStatus:
    """Return the victim status of a text."""
    return to_code(VictimStatus, "status", value)


def to_exploitation(value: str) -> Exploitation:
    """Return the form of exploitation of a text."""
    return to_code(Exploitation, "exploitation", value)


def to_movement(value: str) -> Movement:
    """Return the movement of a text."""
    return to_code(Movement, "movement", value)


def to_register(value: str) -> RegisteringBody:
    """Return the registering body of a text."""
    return to_code(RegisteringBody, "register", value)


def to_unit(value: str) -> CountingUnit:
    """Return the counting unit of a text."""
    return to_code(CountingUnit, "unit", value)


def to_stage(value: str) -> Stage:
    """Return the stage of a text."""
    return to_code(Stage, "stage", value)


def to_offence(value: str) -> Offence:
    """Return the offence of a text."""
    return to_code(Offence, "offence", value)


def to_measure(value: str) -> ProtectionMeasure:
    """Return the protection measure of a text."""
    return to_code(ProtectionMeasure, "measure", value)


def to_outcome(value: str) -> MeasureOutcome:
    """Return the outcome of a text."""
    return to_code(MeasureOutcome, "outcome", value)


def to_body(value: str) -> CooperationBody:
    """Return the cooperation body of a text."""
    return to_code(CooperationBody, "body", value)


def to_kind(value: str) -> CooperationKind:
    """Return the kind of cooperation of a text."""
    return to_code(CooperationKind, "kind", value)


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
        raise error.with_location(field="citizenship") from None


def to_citizenship(value: str) -> str:
    """Return the citizenship group or the country code of a text."""
    return _citizenship(str(value))


def to_count(value: Count | int) -> Count:
    """Return the count of a value; an int is an exact count."""
    if isinstance(value, Count):
        return value
    if value is None:
        raise InvalidValue(
            "must be a count",
            field="count",
            value=value,
            hint="Use Count.not_reported() or Count.suppressed() for a missing count",
        )
    try:
        return Count.known(value)
    except InvalidValue as error:
        raise error.with_location(field="count", value=value) from None


def to_sources(value: Source | str | Iterable[Source | str] | None) -> frozenset[Source]:
    """Return the set of sources of a source, a title or several."""
    if value is None:
        return frozenset()
    items = (value,) if isinstance(value, (Source, str)) else tuple(value)
    return frozenset(map(to_source, items))


def to_reporters(value: str | Iterable[str] | None) -> frozenset[str] | None:
    """Return the codes of the reporting countries; ``None`` if not documented."""
    if value is None:
        return None
    countries = value.replace(",", " ").split() if isinstance(value, str) else value
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
    """Return the number of further cases of a category; ``None`` if not applicable."""
    return _integer(value, "unanswered", "Omit the number without multiple response")


def to_flags(value: str | Iterable[str] | None) -> frozenset[str]:
    """Return the set of observation flags."""
    return parse_flags(value)


def complete_n_reporters(reporters: frozenset[str] | None, n_reporters: int | None) -> int | None:
    """Return the number of reporting countries."""
    if reporters is None:
        return n_reporters
    if n_reporters not in (None, len(reporters)):
        raise InvalidValue(
            f"must be the number of `reporters` ({len(reporters)})",
            field="n_reporters",
            value=n_reporters,
            hint="Omit `n_reporters`",
        )
    return len(reporters)
