"""What people write for a field of a record, turned into what the record holds."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from thbstats.errors import InvalidValue, ThbstatsError, UnknownName
from thbstats.geography import Area, parse_citizenship, parse_country
from thbstats.records.source import Source
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

__all__ = [
    "area_members",
    "to_age",
    "to_age_concept",
    "to_area",
    "to_body",
    "to_citizenship",
    "to_count",
    "to_exploitation",
    "to_flags",
    "to_kind",
    "to_measure",
    "to_movement",
    "to_n_reporters",
    "to_offence",
    "to_outcome",
    "to_period",
    "to_register",
    "to_reporters",
    "to_sex",
    "to_sources",
    "to_stage",
    "to_status",
    "to_unanswered",
    "to_unit",
]

W = TypeVar("W", bound=Code)


def _word(words: type[W], name: str, value: str) -> W:
    if isinstance(value, words):
        return value
    try:
        return words.parse(value)
    except UnknownName as error:
        raise error.with_location(field=name, value=value) from None


def to_sex(value: str) -> Sex:
    """Read a sex."""
    return _word(Sex, "sex", value)


def to_age(value: str) -> AgeGroup:
    """Read an age group."""
    return _word(AgeGroup, "age", value)


def to_age_concept(value: str) -> AgeConcept:
    """Read the moment at which an age was taken."""
    return _word(AgeConcept, "age_concept", value)


def to_status(value: str) -> VictimStatus:
    """Read a status of victims."""
    return _word(VictimStatus, "status", value)


def to_exploitation(value: str) -> Exploitation:
    """Read a form of exploitation."""
    return _word(Exploitation, "exploitation", value)


def to_movement(value: str) -> Movement:
    """Read whether a border was crossed."""
    return _word(Movement, "movement", value)


def to_register(value: str) -> RegisteringBody:
    """Read a kind of registering body."""
    return _word(RegisteringBody, "register", value)


def to_unit(value: str) -> CountingUnit:
    """Read a counting unit."""
    return _word(CountingUnit, "unit", value)


def to_stage(value: str) -> Stage:
    """Read a stage of criminal justice."""
    return _word(Stage, "stage", value)


def to_offence(value: str) -> Offence:
    """Read an offence."""
    return _word(Offence, "offence", value)


def to_measure(value: str) -> ProtectionMeasure:
    """Read a protection measure."""
    return _word(ProtectionMeasure, "measure", value)


def to_outcome(value: str) -> MeasureOutcome:
    """Read what became of a measure."""
    return _word(MeasureOutcome, "outcome", value)


def to_body(value: str) -> CooperationBody:
    """Read a body of cooperation."""
    return _word(CooperationBody, "body", value)


def to_kind(value: str) -> CooperationKind:
    """Read a kind of cooperation."""
    return _word(CooperationKind, "kind", value)


@lru_cache(maxsize=4096)
def _area_code(text: str) -> str:
    return Area.parse(text).code


@lru_cache(maxsize=4096)
def area_members(code: str) -> frozenset[str]:
    """Return the countries of an area."""
    return Area.parse(code).members


def to_area(value: str | Area) -> str:
    """Read an area and return its canonical code."""
    try:
        return _area_code(value.code if isinstance(value, Area) else str(value))
    except ThbstatsError as error:
        raise error.with_location(field="area", value=value) from None


@lru_cache(maxsize=4096)
def _period(text: str | int) -> Period:
    return Period.parse(text)


def to_period(value: Period | str | int) -> Period:
    """Read a reference period."""
    if isinstance(value, Period):
        return value
    # "2015" and 2015 are the same year; 2015.0 comes from a column that had a gap.
    return _period(str(value))


@lru_cache(maxsize=4096)
def _citizenship(text: str) -> str:
    try:
        return parse_citizenship(text)
    except UnknownName as error:
        raise error.with_location(field="citizenship") from None


def to_citizenship(value: str) -> str:
    """Read a citizenship: a group (`CitizenshipGroup`) or the code of a country."""
    return _citizenship(str(value))


def to_count(value: Count | int) -> Count:
    """Read a count; an int is a known one."""
    if isinstance(value, Count):
        return value
    if value is None:
        raise InvalidValue(
            "a missing count has a reason",
            field="count",
            value=value,
            hint="Give Count.not_reported(), Count.suppressed() or another that says why",
        )
    try:
        return Count.known(value)
    except InvalidValue as error:
        raise error.with_location(field="count", value=value) from None


def to_sources(value: Source | str | Iterable[Source | str] | None) -> frozenset[Source]:
    """Read one source, its title, several of them, or none."""
    if value is None:
        return frozenset()
    several = (value,) if isinstance(value, (Source, str)) else tuple(value)
    return frozenset(item if isinstance(item, Source) else Source(title=item) for item in several)


def to_reporters(value: str | Iterable[str] | None) -> frozenset[str] | None:
    """Read the countries whose data stand behind a figure; ``None`` when not documented."""
    if value is None:
        return None
    several = value.replace(",", " ").split() if isinstance(value, str) else value
    try:
        return frozenset(parse_country(country) for country in several)
    except UnknownName as error:
        raise error.with_location(field="reporters") from None


def to_n_reporters(value: int | None) -> int | None:
    """Read how many countries reported."""
    if value is None:
        return None
    if not is_integer(value):
        raise InvalidValue(
            "a number of countries is a whole number",
            field="n_reporters",
            value=value,
            hint="Give 0 or more, or nothing when it is not documented",
        )
    return int(value)


def to_unanswered(value: int | None) -> int | None:
    """Read how many further cases may belong to a category."""
    if value is None:
        return None
    if not is_integer(value):
        raise InvalidValue(
            "must be a number of cases, an integer from 0",
            field="unanswered",
            value=value,
            hint="Leave it out where several answers are not possible",
        )
    return int(value)


def to_flags(value: str | Iterable[str] | None) -> frozenset[str]:
    """Read observation flags."""
    return parse_flags(value)
