"""Presets of criminal justice, and the funnel that they form."""

from fractions import Fraction

import pytest

from tests.indicators.worked_examples import counts_of
from thbstats import CountTable, Interval, justice
from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell
from thbstats.panel import ResultKind

UNITS = {
    "suspected": "persons",
    "prosecuted": "prosecutions",
    "convicted": "convictions",
    "recorded": "offences",
}
REPORT = [("EU28", "suspected", 7503), ("EU28", "prosecuted", 5979), ("EU28", "convicted", 2927)]


def flows(rows, **constant):
    """Return counts by area and stage, each stage in its own unit."""
    arguments = {"kind": "justice", "period": "2015-2016", "offence": "trafficking"}
    return counts_of(
        [(area, stage, UNITS[stage], value) for area, stage, value in rows],
        "area stage unit",
        **{**arguments, **constant},
    )


def registered(*rows, **more):
    constant = {"kind": "victims", "period": "2015-2016", "status": "registered"}
    return counts_of(list(rows), "area", **{**constant, **more})


def test_the_ratios_of_the_report():
    table = flows(REPORT)
    result = justice.prosecution_to_suspect(table)
    assert result.value == Interval.point(Fraction(5979, 7503))
    assert (result.indicator, result.label) == ("prosecution_to_suspect", "prosecuted / suspected")
    assert justice.conviction_to_prosecution(table).formatted == "0.49"
    assert justice.conviction_to_suspect(table).formatted == "0.39"
    per = justice.convictions_per_100_victims(table, registered(("EU28", 20532)))
    assert per.value == Interval.point(Fraction(292700, 20532))
    assert (per.formatted, per.kind, per.denominator_kind.label) == (
        "14.3",
        ResultKind.PER_100,
        "registered victims",
    )


def test_use_of_services_has_more_prosecutions_than_suspects():
    counts = [("suspected", 2), ("prosecuted", 135), ("convicted", 18)]
    table = CountTable.concat(
        [flows(REPORT), flows([("EU28", *row) for row in counts], offence="use_of_services")]
    )
    result = justice.prosecution_to_suspect(table, offence="use_of_services")
    assert result.value == Interval.point(Fraction(135, 2))
    assert "STAGE_ORDER" in result.warnings.codes
    assert justice.prosecution_to_suspect(table).formatted == "0.80"


def test_ratio_of_three_countries_has_a_coverage_warning():
    rows = [("EU28", "suspected", "persons", 2, 3), ("EU28", "prosecuted", "prosecutions", 135, 3)]
    table = counts_of(
        rows,
        "area stage unit value n_reporters",
        kind="justice",
        period="2015-2016",
        offence="trafficking",
    )
    result = justice.prosecution_to_suspect(table)
    assert (result.value, result.n_reporters) == (Interval.point(Fraction(135, 2)), 3)
    assert result.bounds == Interval(0, None)


def test_funnel_has_a_row_per_step_and_one_from_first_to_last():
    result = justice.funnel(flows(REPORT))
    assert result.names == [
        ("prosecuted / suspected",),
        ("convicted / prosecuted",),
        ("convicted / suspected",),
    ]
    assert [row.formatted for row in result] == ["0.80", "0.49", "0.39"]
    assert result.caption == "Stages of criminal justice (trafficking in human beings)"
    assert justice.funnel(flows(REPORT[1:])).labels == ("convicted / prosecuted",)


def test_recorded_offences_are_not_a_step_of_the_funnel():
    with_offences = flows([*REPORT, ("EU28", "recorded", 9000)])
    assert justice.funnel(with_offences) == justice.funnel(flows(REPORT))
    for rows, stages in ((REPORT[2:], "convicted"), ([], "no stage")):
        with pytest.raises(NoSuchCell, match=f"counts of two stages or more, got '{stages}'"):
            justice.funnel(flows([*rows, ("EU28", "recorded", 9000)]))


def test_a_funnel_by_area_has_all_steps_of_each():
    rows = [
        (area, stage, n)
        for area, *counts in (("BE", 40, 20, 10), ("FR", 10, 9, 3))
        for stage, n in zip(["suspected", "prosecuted", "convicted"], counts, strict=True)
    ]
    result = justice.funnel(flows(rows), by="area")
    assert list(result.keys) == ["area", "step"]
    assert result["FR", "convicted / suspected"].value == Interval.point(Fraction(3, 10))
    assert result["BE", "convicted / prosecuted"] == justice.funnel(flows(rows), area="BE")[1]


def test_funnel_has_only_stages_of_its_attributes():
    rows = [
        ("suspected", "police", 10),
        ("convicted", "police", 2),
        ("prosecuted", "border_guard", 4),
    ]
    table = counts_of(
        rows, "stage register", kind="justice", area="BE", period=2016, offence="trafficking"
    )
    assert justice.funnel(table, register="police").labels == ("convicted / suspected",)


def test_victims_and_convictions_are_matched_by_country():
    victims = registered(("BE", 100), ("DE", 50), ("NL", 30))
    table = flows([("BE", "convicted", 10), ("FR", "convicted", 20)])
    result = justice.convictions_per_100_victims(table, victims)
    assert str(result.area) == "BE+DE+FR+NL"
    assert (result.reporters, result.value) == ({"BE"}, Interval.point(10))
    panel = justice.convictions_per_100_victims(table, victims, by="area")
    assert {key[0]: row.status.code for key, row in zip(panel.names, panel, strict=True)} == {
        "BE": "ok",
        "FR": "no_data",
        "DE": "no_data",
        "NL": "no_data",
    }


def test_published_area_next_to_countries_must_be_named():
    victims = registered(("BE", 100), ("DE", 50))
    with pytest.raises(AmbiguousCell, match="area='EU28'"):
        justice.convictions_per_100_victims(flows(REPORT), victims)
    result = justice.convictions_per_100_victims(flows(REPORT), victims, area="EU28")
    assert result.value is None


def test_different_periods_are_refused():
    with pytest.raises(
        AmbiguousCell, match="`period` must be passed: the table has 2015-2016, 2016"
    ):
        justice.convictions_per_100_victims(flows(REPORT), registered(("EU28", 100), period=2016))


@pytest.mark.parametrize("preset", [justice.conviction_to_prosecution, justice.funnel])
def test_stage_in_the_selection_of_a_preset_is_refused(preset):
    with pytest.raises(InvalidValue, match="must not name a dimension"):
        preset(flows(REPORT), stage="suspected")


def test_a_missing_stage_is_named():
    with pytest.raises(NoSuchCell, match="stage=convicted"):
        justice.conviction_to_prosecution(flows(REPORT[:2]))
    with pytest.raises(NoSuchCell, match="two stages"):
        justice.funnel(flows(REPORT[:1]))
