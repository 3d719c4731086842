"""Justice: ratios of flows, matched by country, and the funnel that they make."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.indicators import strategies as made
from tests.indicators.strategies import AREA, COUNTRIES
from thbstats import (
    Count,
    CountTable,
    Interval,
    conviction_to_prosecution,
    conviction_to_suspect,
    convictions_per_100_victims,
    funnel,
    prosecution_to_suspect,
)
from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell
from thbstats.results import Measure

STAGES = ("suspected", "prosecuted", "convicted")
UNITS = {"suspected": "persons", "prosecuted": "prosecutions", "convicted": "convictions"}


def flows(rows, **constant):
    """Return counts by area and stage, each stage in its own unit."""
    given = {"kind": "justice", "period": "2015-2016", "offence": "trafficking"}
    return CountTable.from_rows(
        [(area, stage, UNITS[stage], value) for area, stage, value in rows],
        columns=["area", "stage", "unit", "value"],
        **{**given, **constant},
    )


REPORT = [("EU28", "suspected", 7503), ("EU28", "prosecuted", 5979), ("EU28", "convicted", 2927)]


@st.composite
def stages(draw, hide=made.gaps):
    """Draw true counts by country and stage, and what is shown of them."""
    truth = {(area, stage): draw(st.integers(0, 6)) for area in COUNTRIES for stage in STAGES}
    shown = {key: draw(hide(value)) for key, value in truth.items()}
    assume(all(any(shown[area, stage] for area in COUNTRIES) for stage in STAGES))
    return truth, shown


def table_of(shown):
    return flows([(*key, count) for key, count in shown.items() if count is not None])


@given(stages())
def test_bounds_hold_the_true_ratio_whatever_is_hidden(drawn):
    truth, shown = drawn
    found = conviction_to_prosecution(table_of(shown), area=AREA, rules=[])
    convicted, prosecuted = (
        sum(truth[area, stage] for area in COUNTRIES) for stage in ("convicted", "prosecuted")
    )
    if prosecuted:
        assert found.bounds.contains(Fraction(convicted, prosecuted))
    else:
        assert found.bounds.undefined


@given(stages(made.all_or_nothing))
def test_reported_pools_only_countries_that_gave_both_counts(drawn):
    truth, shown = drawn
    found = prosecution_to_suspect(table_of(shown), area=AREA, rules=[])
    both = found.reporters
    if not both:
        assert found.reported is None
        return
    above, below = (
        sum(truth[area, stage] for area in both) for stage in ("prosecuted", "suspected")
    )
    if below:
        assert found.reported == Interval.point(Fraction(above, below))
    else:
        assert found.reported.undefined


@given(stages())
def test_each_end_of_a_ratio_is_reached_by_the_ends_of_its_counts(drawn):
    _, shown = drawn
    found = conviction_to_suspect(table_of(shown), area=AREA, rules=[])

    def ends(stage):
        counts = [shown[area, stage] or Count.not_reported() for area in COUNTRIES]
        most = None if any(c.upper is None for c in counts) else sum(c.upper for c in counts)
        return sum(c.lower for c in counts), most

    (low, high), (base_low, base_high) = ends("convicted"), ends("suspected")
    assume(base_high != 0)
    assert found.sharp
    assert found.bounds.lower == (0 if base_high is None else Fraction(low, base_high))
    assert found.bounds.upper == (None if high is None else Fraction(high, base_low or 1))


@given(stages(), st.data())
def test_the_order_of_rows_never_matters(drawn, data):
    _, shown = drawn
    rows = [(*key, count) for key, count in shown.items() if count is not None]
    other = flows(data.draw(st.permutations(rows)))
    assert (
        funnel(flows(rows), area=AREA, rules=[]).to_dict()
        == funnel(other, area=AREA, rules=[]).to_dict()
    )


@given(stages(), st.data())
def test_filling_a_gap_never_widens_the_bounds(drawn, data):
    truth, shown = drawn
    key = data.draw(st.sampled_from(sorted(shown)))
    fuller = table_of({**shown, key: Count.known(truth[key])})
    before, after = (funnel(table, area=AREA, rules=[]) for table in (table_of(shown), fuller))
    assert all(new.bounds.within(old.bounds) for old, new in zip(before, after, strict=True))


def test_the_ratios_of_the_report_are_797_490_and_390_in_a_thousand():
    table = flows(REPORT)
    assert prosecution_to_suspect(table).reported == Interval.point(Fraction(5979, 7503))
    assert [
        ratio(table).shown
        for ratio in (prosecution_to_suspect, conviction_to_prosecution, conviction_to_suspect)
    ] == ["0.797", "0.490", "0.390"]


def test_use_of_services_has_more_prosecutions_than_suspects_and_says_so():
    table = flows(
        [("EU28", "suspected", 2), ("EU28", "prosecuted", 135), ("EU28", "convicted", 18)],
        offence="use_of_services",
    )
    found = prosecution_to_suspect(table, offence="use_of_services")
    assert found.reported == Interval.point(Fraction(135, 2))
    assert found.shown == "67.500"
    assert "ORDER" in found.warnings.codes


def test_a_ratio_of_three_states_says_little_of_the_union():
    rows = [("EU28", "suspected", "persons", 2, 3), ("EU28", "prosecuted", "prosecutions", 135, 3)]
    table = CountTable.from_rows(
        rows, columns=["area", "stage", "unit", "value", "n_reporters"], kind="justice",
        period="2015-2016", offence="trafficking",
    )  # fmt: skip
    found = prosecution_to_suspect(table)
    assert found.reported == Interval.point(Fraction(135, 2))
    assert found.context.n_reporters == 3
    assert found.bounds == Interval(0, None)


def test_convictions_per_100_registered_victims_of_the_report_are_14_3():
    victims = CountTable.from_rows(
        [("EU28", 20532)], columns=["area", "value"], kind="victims", period="2015-2016",
        status="registered",
    )  # fmt: skip
    found = convictions_per_100_victims(flows(REPORT), victims)
    assert found.reported == Interval.point(Fraction(292700, 20532))
    assert found.shown == "14.3"
    assert found.measure is Measure.PER_100
    assert found.context.against.label == "registered victims"


def test_a_funnel_takes_every_step_and_the_whole_way():
    found = funnel(flows(REPORT))
    assert [item.shown for item in found] == ["0.797", "0.490", "0.390"]
    assert found.caption == "trafficking: stage ratios"


def test_two_stages_make_a_funnel_of_one_step():
    found = funnel(flows(REPORT[1:]))
    assert found.labels == ("convicted / prosecuted",)


def test_a_step_from_investigation_is_a_ratio_like_the_others():
    table = CountTable.from_rows(
        [("investigated", 40), ("prosecuted", 10)], columns=["stage", "value"], kind="justice",
        area="BE", period=2016, offence="trafficking", unit="cases",
    )  # fmt: skip
    found = funnel(table)
    assert found.labels == ("prosecuted / investigated",)
    assert found[0].indicator == "funnel"


def test_a_country_that_lacks_a_stage_is_a_gap_and_no_mismatch():
    rows = [("BE", "prosecuted", 10), ("FR", "prosecuted", 20), ("DE", "prosecuted", 5)]
    found = conviction_to_prosecution(
        flows([*rows, ("FR", "convicted", 5), ("BE", "suspected", 1)])
    )
    assert found.area == AREA
    assert found.reporters == {"FR"}
    assert found.reported == Interval.point(Fraction(5, 20))
    assert found.raw == Interval.point(Fraction(5, 35))


def test_where_nobody_gave_one_side_there_is_neither_ratio_nor_raw():
    rows = [("BE", "prosecuted", 10), ("FR", "prosecuted", 20)]
    found = conviction_to_prosecution(flows([*rows, ("FR", "convicted", Count.not_reported())]))
    assert found.reported is None
    assert found.raw is None
    assert found.parts is None
    assert found.bounds == Interval.at_least(0)


def test_a_country_to_which_one_stage_does_not_apply_leaves_both():
    rows = [("BE", "prosecuted", 10), ("BE", "convicted", 5), ("FR", "convicted", 50)]
    found = conviction_to_prosecution(flows([*rows, ("FR", "prosecuted", Count.not_applicable())]))
    assert found.bounds == Interval.point(Fraction(5, 10))
    assert found.context.expected == {"BE"}
    assert found.parts.members == ("BE",)


def test_printed_aggregates_make_the_ratio_that_the_source_means():
    rows = [*REPORT, ("BE", "prosecuted", 100), ("BE", "convicted", 1)]
    found = conviction_to_prosecution(flows(rows), area="EU28")
    assert found.shown == "0.490"
    assert found.raw is None
    assert found.reporters is None


def test_a_printed_aggregate_on_one_side_alone_leaves_the_countries_that_gave_both():
    rows = [("EU28", "prosecuted", 5979), ("BE", "prosecuted", 100), ("BE", "convicted", 50)]
    found = conviction_to_prosecution(flows(rows), area="EU28")
    assert found.reported == Interval.point(Fraction(1, 2))
    assert found.bounds.lower == Fraction(50, 5979)


def test_the_unknown_sex_may_be_of_either():
    table = CountTable.from_rows(
        [
            (stage, sex, value)
            for stage, *values in (("prosecuted", 10, 6, 3, 1), ("convicted", 6, 3, 1, 2))
            for sex, value in zip(("total", "female", "male", "unknown"), values, strict=True)
        ],
        columns=["stage", "sex", "value"], kind="justice", area="BE", period=2016,
        offence="trafficking", unit="persons",
    )  # fmt: skip
    found = conviction_to_prosecution(table, sex="female")
    assert found.reported == Interval.point(Fraction(3, 6))
    assert found.possible == Interval(Fraction(3, 7), Fraction(5, 6))
    assert "(female)" in found.estimand


def test_victims_and_convictions_of_different_countries_are_matched_by_country():
    victims = CountTable.from_rows(
        [("BE", 100), ("DE", 50), ("NL", 30)], columns=["area", "value"], kind="victims",
        period="2015-2016", status="registered",
    )  # fmt: skip
    found = convictions_per_100_victims(
        flows([("BE", "convicted", 10), ("FR", "convicted", 20)]), victims
    )
    assert found.area == "BE+DE+FR+NL"
    assert found.reporters == {"BE"}
    assert found.reported == Interval.point(10)


def test_an_aggregate_is_never_set_against_countries_unasked():
    victims = CountTable.from_rows(
        [("BE", 100), ("DE", 50)], columns=["area", "value"], kind="victims",
        period="2015-2016", status="registered",
    )  # fmt: skip
    with pytest.raises(AmbiguousCell, match="area='EU28'"):
        convictions_per_100_victims(flows(REPORT), victims)
    found = convictions_per_100_victims(flows(REPORT), victims, area="EU28")
    assert found.reported is None


def test_two_periods_make_no_ratio():
    victims = CountTable.from_rows(
        [("EU28", 100)], columns=["area", "value"], kind="victims", period=2016,
        status="registered",
    )  # fmt: skip
    with pytest.raises(InvalidValue, match="different periods") as caught:
        convictions_per_100_victims(flows(REPORT), victims)
    assert "same on both sides" in str(caught.value)


def test_stages_of_different_periods_are_never_set_against_each_other():
    rows = [("prosecuted", 2015, 5), ("convicted", 2016, 3)]
    table = CountTable.from_rows(
        rows, columns=["stage", "period", "value"], kind="justice", area="BE",
        offence="trafficking",
    )  # fmt: skip
    with pytest.raises(AmbiguousCell, match="several periods"):
        conviction_to_prosecution(table)


def test_an_indicator_that_names_its_stages_takes_no_other():
    with pytest.raises(InvalidValue, match="stage"):
        conviction_to_prosecution(flows(REPORT), stage="suspected")


def test_a_funnel_needs_two_stages():
    with pytest.raises(NoSuchCell, match="two stages") as caught:
        funnel(flows(REPORT[:1]))
    assert "suspected" in str(caught.value)


def test_a_funnel_takes_only_stages_of_its_own_attributes():
    rows = [
        ("suspected", "police", 10), ("convicted", "police", 2), ("prosecuted", "border_guard", 4)
    ]  # fmt: skip
    table = CountTable.from_rows(
        rows, columns=["stage", "register", "value"], kind="justice", area="BE", period=2016,
        offence="trafficking",
    )  # fmt: skip
    assert funnel(table, register="police").labels == ("convicted / suspected",)


def test_a_missing_stage_is_named():
    with pytest.raises(NoSuchCell, match="stage=convicted"):
        conviction_to_prosecution(flows(REPORT[:2]))
