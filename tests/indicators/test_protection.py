"""Protection: ratios of measures to victims and requests, over the same countries."""

from fractions import Fraction

import pytest

from thbstats import Count, CountTable, Interval
from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell, UnknownName
from thbstats.panel import ResultKind
from thbstats.protection import (
    grants_per_request,
    protection_per_100_victims,
    residence_permits_per_100_victims,
)


def registered(*rows, columns=("area", "value"), **more):
    constant = {"kind": "victims", "period": 2020, "status": "registered"}
    return CountTable.from_rows(list(rows), columns=list(columns), **{**constant, **more})


def given_to(*rows, columns=("area", "value"), **more):
    constant = {"kind": "protection", "period": 2020, "measure": "assistance", "unit": "persons"}
    return CountTable.from_rows(
        list(rows),
        columns=list(columns),
        **{name: value for name, value in {**constant, **more}.items() if name not in columns},
    )


def assisted(protection, victims, **more):
    return protection_per_100_victims(protection, victims, measure="assistance", **more)


# Eurostat, Trafficking in human beings, 2014 edition, figures of 2012.
PERMITS = given_to(("EU28", 1_124), period=2012, measure="residence_permit", unit="permits")
NON_EU = registered(
    ("EU28", "non_eu", 2_171, 23), columns=("area", "citizenship", "value", "n_reporters"),
    period=2012,
)  # fmt: skip


def test_permits_of_2012_are_52_per_100_victims_from_outside_the_union():
    result = residence_permits_per_100_victims(PERMITS, NON_EU)
    assert result.value == Interval.point(Fraction(100 * 1_124, 2_171))
    assert result.formatted == "51.8"
    assert result.base.label == "registered victims (non-EU citizens)"
    assert result.base.within == (("citizenship", "non_eu"),)
    (unit,) = result.warnings.select("UNIT")
    assert unit.severity == "caution"
    assert unit.evidence == (("units", "permits over persons"),)
    assert "COHORT" in result.limitations.codes
    # Five countries did not report victims, so their number has no upper bound.
    assert result.bounds == Interval(0, Fraction(100 * 1_124, 2_171))


def test_assisted_victims_are_a_ratio_and_not_a_share():
    result = assisted(given_to(("BE", 90)), registered(("BE", 120)))
    assert result.kind is ResultKind.PER_100
    assert result.value == Interval.point(75)
    assert result.label == "persons (assistance) per 100 victims"
    assert (result.numerator, result.denominator) == (Interval.point(90), Interval.point(120))
    assert result.warnings.at_least("caution") == ()


def test_more_assisted_than_registered_victims_give_a_warning():
    result = assisted(given_to(("BE", 150)), registered(("BE", 120)))
    assert result.formatted == "125.0"
    (order,) = result.warnings.select("STAGE_ORDER")
    assert "exceed registered victims: 150 with 120" in order.message
    pooled = assisted(
        given_to(("BE", 150), ("FR", 3)), registered(("BE", 120), ("FR", 9)), rules=[]
    )
    assert pooled.value == Interval.point(Fraction(100 * 153, 129))


def test_only_countries_with_both_counts_are_pooled():
    protection = given_to(("BE", 90), ("DE", 40), ("FR", Count.not_reported()))
    victims = registered(("BE", 120), ("DE", Count.not_reported()), ("FR", 60))
    result = assisted(protection, victims)
    assert result.value == Interval.point(75)
    assert result.reporters == {"BE"}
    assert result.all_reported == Interval.point(Fraction(100 * 130, 180))
    assert result.bounds == Interval(0, None)
    assert "COVERAGE" in result.warnings.codes


@pytest.mark.parametrize(
    ("measure", "label"),
    [
        ("referred", "persons (referral, granted)"),
        ("reflection period", "persons (reflection period, granted)"),
        ("international_protection", "persons (international protection, granted)"),
        ("asylum", "persons (international protection, granted)"),
        ("compensation", "persons (compensation, granted)"),
    ],
)
def test_measures_have_labels(measure, label):
    protection = given_to(("BE", 9), measure=measure, outcome="granted")
    result = protection_per_100_victims(protection, registered(("BE", 12)), measure=measure)
    assert result.value == Interval.point(75)
    assert result.label == f"{label} per 100 victims"


def test_unknown_measure_is_refused():
    with pytest.raises(UnknownName):
        protection_per_100_victims(given_to(("BE", 9)), registered(("BE", 12)), measure="help")
    with pytest.raises(UnknownName):
        assisted(given_to(("BE", 9)), registered(("BE", 12)), outcome="promised")


def test_a_category_of_the_victims_has_one_value():
    def rate(**more):
        return assisted(given_to(("BE", 9)), registered(("BE", 12)), **more)

    with pytest.raises(
        InvalidValue, match="`victim_categories` must be a mapping, got \\['sex'\\]"
    ):
        rate(victim_categories=["sex"])
    for categories, more in (
        ({"status": "detected"}, {}),
        ({"register": "ngo"}, {"register": "police"}),
    ):
        with pytest.raises(InvalidValue, match="must not also be in `victim_categories`"):
            rate(victim_categories=categories, **more)
    assert rate(victim_categories={"sex": "total"}).value == Interval.point(75)


def test_requests_and_grants_are_never_added():
    protection = given_to(
        ("BE", "sought", 40), ("BE", "granted", 14), columns=("area", "outcome", "value"),
        measure="compensation",
    )  # fmt: skip
    victims = registered(("BE", 100))
    with pytest.raises(AmbiguousCell):
        protection_per_100_victims(protection, victims, measure="compensation")
    by_outcome = grants_per_request(protection, by="area")
    assert by_outcome["BE"].formatted == "0.4"
    formatted = [
        protection_per_100_victims(
            protection, victims, measure="compensation", outcome=outcome
        ).formatted
        for outcome in ("sought", "granted")
    ]
    assert formatted == ["40.0", "14.0"]
    result = grants_per_request(protection)
    assert result.value == Interval.point(Fraction(14, 40))
    assert (result.formatted, result.kind) == ("0.4", ResultKind.RATIO)
    assert result.label == "compensation granted / sought"
    assert "COHORT" in result.limitations.codes


def test_more_grants_than_requests_give_a_warning():
    protection = given_to(
        ("sought", 4), ("granted", 5), columns=("outcome", "value"),
        measure="international_protection", area="BE",
    )  # fmt: skip
    result = grants_per_request(protection, measure="asylum")
    assert result.formatted == "5 of 4"
    assert "STAGE_ORDER" in result.warnings.codes
    assert result.label == "international protection granted / sought"


def test_an_outcome_is_not_named_twice():
    with pytest.raises(InvalidValue, match="must not name a dimension") as caught:
        grants_per_request(given_to(("BE", 4)), outcome="refused")
    assert (caught.value.field, caught.value.value) == ("outcome", "refused")


def test_missing_outcome_is_refused():
    protection = given_to(("BE", 4), measure="compensation", outcome="sought")
    with pytest.raises(NoSuchCell):
        grants_per_request(protection)


BOTH = {
    "protection": given_to(
        ("BE", "total", 9), ("BE", "female", 6), columns=("area", "sex", "value")
    ),
    "victims": registered(
        ("BE", "total", 12), ("BE", "female", 8), columns=("area", "sex", "value")
    ),
}


def test_a_category_is_of_both_sides():
    result = assisted(**BOTH, sex="female")
    assert (result.numerator, result.denominator) == (Interval.point(6), Interval.point(8))


def test_category_of_the_victims_alone_is_in_the_label():
    victims = registered(("total", 12), ("non_eu", 5), columns=("citizenship", "value"), area="BE")
    protection = given_to(("BE", 3), measure="reflection_period", outcome="granted")
    result = protection_per_100_victims(
        protection,
        victims,
        measure="reflection_period",
        victim_categories={"citizenship": "non_eu"},
    )
    assert result.value == Interval.point(60)
    assert result.base.label == "registered victims (non-EU citizens)"
    with pytest.raises(NoSuchCell):
        protection_per_100_victims(
            protection, victims, measure="reflection_period", citizenship="non_eu"
        )


def test_attributes_of_victims_select_victims_only():
    victims = registered(
        ("total", "police", 12), ("internal", "police", 4), ("total", "ngo", 7),
        columns=("movement", "register", "value"), area="BE",
    )  # fmt: skip
    result = assisted(given_to(("BE", 3)), victims, movement="internal", register="police")
    assert result.value == Interval.point(75)


def test_permits_per_100_victims_of_any_citizenship():
    victims = registered(("BE", 100))
    permits = given_to(("BE", 10), measure="residence_permit", unit="permits", outcome="granted")
    result = residence_permits_per_100_victims(
        permits, victims, citizenship="total", outcome="granted"
    )
    assert result.formatted == "10.0"
    with pytest.raises(NoSuchCell):
        residence_permits_per_100_victims(permits, victims)


def test_a_window_of_years_is_added_up_on_both_sides():
    protection = CountTable.concat([given_to(("BE", 9), period=2019), given_to(("BE", 6))])
    victims = CountTable.concat([registered(("BE", 12), period=2019), registered(("BE", 8))])
    result = assisted(protection, victims, period=[2019, 2020])
    assert (result.numerator, result.denominator) == (Interval.point(15), Interval.point(20))
    assert str(result.period) == "2019-2020"
    for sides in (
        (protection, victims),
        (given_to(("BE", 9), period=2019), registered(("BE", 12))),
    ):
        with pytest.raises(
            AmbiguousCell, match="`period` must be passed: the table has 2019, 2020"
        ):
            assisted(*sides)
