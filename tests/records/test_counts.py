import pickle

import attrs
import pytest
from hypothesis import given

from tests.strategies import records
from thbstats.errors import InvalidValue, UnknownName
from thbstats.geography import Area
from thbstats.records import (
    CooperationCount,
    JusticeCount,
    ProtectionCount,
    Record,
    Source,
    VictimCount,
)
from thbstats.values import Count, Period
from thbstats.vocabulary import CitizenshipGroup, CountingUnit, Sex

PLACE = {"area": "EU28", "period": "2015-2016"}


def test_text_is_accepted_for_codes() -> None:
    record = VictimCount(count=1, sex="F", age="under 18", exploitation="forced labour", **PLACE)
    assert record == VictimCount(
        count=Count.known(1), sex=Sex.FEMALE, age="child", exploitation="labour", **PLACE
    )


def test_defaults_are_total_or_not_stated() -> None:
    record = VictimCount(count=1, **PLACE)
    assert record.sex is Sex.TOTAL
    assert record.citizenship == CitizenshipGroup.TOTAL
    assert record.status == record.register == record.age_concept == "not_stated"


def test_the_default_unit_is_persons_for_victims_only() -> None:
    assert VictimCount(count=1, **PLACE).unit is CountingUnit.PERSONS
    others = (
        JusticeCount(count=1, stage="suspected", **PLACE),
        ProtectionCount(count=1, measure="referral", **PLACE),
        CooperationCount(count=1, body="europol", kind="cases", **PLACE),
    )
    assert {record.unit for record in others} == {CountingUnit.NOT_STATED}


@pytest.mark.parametrize(
    ("given_area", "code"),
    [
        ("Greece", "EL"),
        ("GR", "EL"),
        ("eu28 without United Kingdom", "EU28 without UK"),
        (Area.parse("EU28"), "EU28"),
        (Area.from_countries(["FR", "BE"]), "BE+FR"),
    ],
)
def test_an_area_is_stored_under_its_canonical_code(given_area: str | Area, code: str) -> None:
    assert VictimCount(count=1, area=given_area, period=2015).area == code


@pytest.mark.parametrize("period", [2015, "2015", Period.parse("2015")])
def test_a_period_is_read_from_text_and_years(period: Period | str | int) -> None:
    assert VictimCount(count=1, area="UK", period=period).period == Period.calendar(2015)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        *(("Romania", "RO"), ("non-EU", "non_eu"), ("NAT", "reporting_country")),
        *(("Romanians", "RO"), ("Serbia and Montenegro", "CSXX"), ("STLS", "stateless")),
    ],
)
def test_a_citizenship_is_a_group_or_a_country(written: str, stored: str) -> None:
    assert VictimCount(count=1, citizenship=written, **PLACE).citizenship == stored


def test_sources_are_one_or_several_or_a_title() -> None:
    single, two = Source(title="A"), Source(title="B")
    assert VictimCount(count=1, source="A", **PLACE).source == single
    both = VictimCount(count=1, source=["A", two], **PLACE)
    assert both.sources == {single, two}
    assert both.source is None
    assert VictimCount(count=1, source=None, **PLACE).sources == frozenset()


def test_listed_reporters_are_counted() -> None:
    record = VictimCount(count=1, reporters=["AT", "Greece"], **PLACE)
    assert record.reporters == {"AT", "EL"}
    assert record.n_reporters == 2
    assert VictimCount(count=1, reporters="AT,EL RO", **PLACE).n_reporters == 3
    other = VictimCount(count=1, flags="ep", n_reporters=27, **PLACE)
    assert (other.flags, other.n_reporters) == ({"e", "p"}, 27)
    with pytest.raises(InvalidValue, match="must be the number of `reporters`"):
        VictimCount(count=1, reporters=["AT", "EL"], n_reporters=3, **PLACE)


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("sex", "femal", UnknownName),
        ("sex", None, UnknownName),
        ("citizenship", "Atlantis", UnknownName),
        ("area", "EU27", UnknownName),
        ("area", "EU28 without CH", InvalidValue),
        ("period", "soon", InvalidValue),
        ("count", None, InvalidValue),
        ("count", -1, InvalidValue),
        ("count", 1.5, InvalidValue),
        ("n_reporters", -1, InvalidValue),
        ("n_reporters", True, InvalidValue),
        ("reporters", ["Atlantis"], UnknownName),
        ("flags", "1", InvalidValue),
    ],
)
def test_an_invalid_value_raises_with_its_field(
    field: str, value: object, error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        VictimCount(**{"count": 1, **PLACE, field: value})
    assert caught.value.field == field
    assert caught.value.hint


@pytest.mark.parametrize("cls", [JusticeCount, ProtectionCount, CooperationCount])
def test_required_fields_raise_if_missing(cls: type[Record]) -> None:
    with pytest.raises(InvalidValue, match=f"must be passed to {cls.__name__}"):
        cls(count=1, **PLACE)


@given(records())
def test_a_record_evolves_and_pickles_to_itself(record: Record) -> None:
    assert attrs.evolve(record) == record
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        record.period = None  # type: ignore[assignment, misc]
    assert pickle.loads(pickle.dumps(record)) == record


def test_a_missing_count_needs_its_reason() -> None:
    with pytest.raises(InvalidValue, match=r"Count\.not_reported"):
        VictimCount(count=None, **PLACE)
