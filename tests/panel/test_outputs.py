"""Outputs of panels and results: text, equality, errors, and kinds of number."""

import pickle
import sys
from fractions import Fraction

import pytest
from attrs import evolve

import thbstats as thb
from tests.report_2018 import VICTIMS as REPORTED
from thbstats import CountTable, Interval
from thbstats.errors import (
    AmbiguousCell,
    InvalidValue,
    MissingExtra,
    NarrowingForbidden,
    NoSuchCell,
    UnknownName,
)
from thbstats.languages import Message
from thbstats.panel import (
    Base,
    ComparabilityWarning,
    CountKind,
    Outcome,
    Panel,
    ResultKind,
    Warnings,
    panel_from_rows,
    refuse_narrowing,
)
from thbstats.panel.names import quantity_name
from thbstats.panel.panel_text import warning_notes
from thbstats.rules.pairs import countries_shared


def table_of(rows, *columns, **constant):
    return CountTable.from_rows(
        rows, columns=[*columns, "value"], **{"kind": "victims", "status": "registered", **constant}
    )


SEX = table_of(
    [
        ("BE", 2015, "total", 200),
        ("BE", 2015, "female", 120),
        ("BE", 2016, "total", 300),
        ("BE", 2016, "female", 150),
    ],
    "area",
    "period",
    "sex",
)
PANEL = thb.share(SEX, sex="female", base="all", by=["area", "period"])


def row_of(kind, numerator, denominator, **more):
    values = {"indicator": "ratio", "label": "synthetic", "estimand": "synthetic", **more}
    value = Interval.point(Fraction(numerator, denominator))
    return {
        **values,
        "area": thb.Area.parse("BE"),
        "period": thb.Period.parse(2015),
        "numerator_kind": CountKind(kind="victims"),
        "denominator_kind": CountKind(kind="victims"),
        "kind": kind,
        "value": value,
        "numerator": Interval.point(numerator),
        "denominator": Interval.point(denominator),
        "base": more.get("base", Base(rule="ratio", label="the others")),
    }


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ResultKind.SHARE, "30 / 60"),
        (ResultKind.RATIO, "30 / 60"),
        (ResultKind.PER_100, "100 * 30 / 60"),
        (ResultKind.PER_100_000, "100,000 * 30 / 60"),
        (ResultKind.CHANGE, "30 minus 60"),
        (ResultKind.RELATIVE_CHANGE, "30 / 60 minus 1"),
        (ResultKind.DIFFERENCE, "30 / 60 minus the earlier share"),
        (ResultKind.INDEX, "from 30 and 60"),
    ],
)
def test_footnote_contains_the_arithmetic_of_each_kind(kind, expected):
    result = panel_from_rows("synthetic", [row_of(kind, 30, 60)])
    assert f"Arithmetic: {expected}; denominator: the others." in result.footnote()


@pytest.mark.parametrize(
    ("kind", "counts", "expected"),
    [
        (ResultKind.RATIO, (2927, 5979), "0.49"),
        (ResultKind.RATIO, (49, 100), "0.49"),
        (ResultKind.RATIO, (49, 99), "0.5"),
        (ResultKind.RATIO, (10, 20), "0.5"),
        (ResultKind.RATIO, (135, 2), "135 of 2"),
        (ResultKind.RATIO, (18, 19), "18 of 19"),
        (ResultKind.PER_100, (9, 19), "9 of 19"),
        (ResultKind.SHARE, (7, 12), "7 of 12"),
        (ResultKind.SHARE, (7, 20), "35.0%"),
    ],
)
def test_decimals_of_a_ratio_follow_its_denominator(kind, counts, expected):
    row = row_of(kind, *counts)
    value = row["value"].scale(kind.scale)
    (result,) = panel_from_rows("synthetic", [row | {"value": value, "bounds": value}])
    assert result.formatted == expected
    assert result.value == value
    assert expected in result.to_text()


@pytest.mark.parametrize(
    ("kind", "bounds", "expected"),
    [
        (ResultKind.SHARE, Interval(0, 1), "not bounded"),
        (ResultKind.RATIO, Interval(0, None), "not bounded"),
        (ResultKind.COUNT, Interval(0, None), "not bounded"),
        (ResultKind.CHANGE, Interval(None, None), "not bounded"),
        (ResultKind.RELATIVE_CHANGE, Interval(-1, None), "not bounded"),
        (ResultKind.DIFFERENCE, Interval(-1, 1), "not bounded"),
        (ResultKind.SHARE, Interval(0, Fraction(1, 4)), "at most 25.0%"),
        (ResultKind.SHARE, Interval(Fraction(1, 4), 1), "at least 25.0%"),
        (ResultKind.SHARE, Interval(1, 1), "100.0%"),
        (ResultKind.RATIO, Interval(0, Fraction(1, 4)), "at most 0.25"),
        (ResultKind.DIFFERENCE, Interval(-1, Fraction(1, 4)), "at most +25.0 pp"),
        (ResultKind.RELATIVE_CHANGE, Interval(-1, Fraction(1, 4)), "at most +25.0%"),
        (ResultKind.COUNT, Interval(0, 4), "0 to 4"),
    ],
)
def test_bounds_that_hold_for_any_data_are_not_printed(kind, bounds, expected):
    assert kind.format_value(bounds) == expected
    row = row_of(kind, 30, 60, bounds=bounds, bounds_with_unknown=bounds)
    (result,) = panel_from_rows("synthetic", [row])
    assert ("(not bounded)" in repr(result)) is (expected == "not bounded")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ResultKind.RATIO, "+0.50"),
        (ResultKind.PER_100_000, "+0.50"),
        (ResultKind.PER_100, "+0.5"),
        (ResultKind.SHARE, "+50.0 pp"),
    ],
)
def test_difference_has_the_decimals_of_its_kind(kind, expected):
    assert kind.format_difference(Interval.point(Fraction(1, 2))) == expected


def test_footnote_contains_the_number_of_unlisted_reporting_countries():
    rows = [row_of(ResultKind.SHARE, 1, 2, n_reporters=23), row_of(ResultKind.SHARE, 1, 2)]
    result = panel_from_rows("synthetic", rows).footnote()
    assert "23 countries reported; the reporting countries are not listed." in result
    assert "The reporting countries are not listed." in result


def test_panels_are_equal_if_their_numbers_are():
    assert thb.share(SEX, sex="female", base="all", by=["area", "period"]) == PANEL
    assert PANEL[:1] != PANEL
    assert PANEL[0] != PANEL[1]
    assert PANEL[0] != 0.6
    assert len({PANEL[0], PANEL[0], PANEL[1]}) == 2
    assert len(PANEL.suppression) == len(PANEL)
    assert list(PANEL.suppression) == [None] * len(PANEL)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (None, "No row for None"),
        (True, "No row for True"),
        (("BE", 2030), "Choose a period of BE: 2015"),
    ],
)
def test_invalid_key_is_refused(key, message):
    with pytest.raises(UnknownName, match=message):
        PANEL[key]


@pytest.mark.parametrize(
    ("selection", "rows"),
    [
        ({"severity": ""}, 2),
        ({"indicator": "share"}, 2),
        ({"kind": "share"}, 2),
        ({"period": [2015]}, 1),
    ],
)
def test_rows_are_selected_by_properties(selection, rows):
    assert len(PANEL.where(**selection)) == rows


def test_warnings_without_rules_are_in_the_codes_and_the_severity():
    note = ComparabilityWarning(
        code="SOURCE", title="Source", severity="caution", outcome=Outcome.FAIL, scope="number",
        message="the source changed",
    )  # fmt: skip
    noted = PANEL.with_notes([[note], []])
    assert [*noted.codes] == [("SOURCE",), ()]
    assert [*noted.severity] == ["caution", ""]
    assert noted.warnings.drop("SOURCE") == Warnings(())
    assert (note.key, dict(note.parameters)) == ("the source changed", {})


def test_only_countries_have_alpha_3_codes():
    union = thb.share(SEX, sex="female", base="all", area="EU27_2020", by="period")
    both = Panel.concat([PANEL, union])
    result = evolve(both, keys={"area": both.area}).to_frame(iso3=True)
    assert result["area_iso3"].tolist() == ["BEL", "BEL", "", ""]


@pytest.mark.parametrize(
    ("module", "call"),
    [("polars", lambda: PANEL.to_frame("polars")), ("pyarrow", lambda: PANEL.to_frame("pyarrow"))],
)
def test_missing_library_is_in_the_error(monkeypatch, module, call):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match="pip install"):
        call()


def test_overlap_is_in_the_json_data():
    forms = table_of(
        [("total", 12), ("sexual", 6), ("labour", 7), ("other", 3)],
        "exploitation",
        area="MT",
        period=2020,
        unit="persons",
    )
    result = thb.share(forms, exploitation="sexual", base="all").to_dict()
    (warning,) = [w for w in result["warnings"] if w["code"] == "MULTIPLE_RESPONSE"]
    assert all(figure in str(warning) for figure in ("16", "12", "MT"))


def test_sources_of_each_row_are_separate():
    rows = [
        (area, year, 10, f"Publication {area} {year}")
        for area in ("BE", "FR")
        for year in range(1980, 2020)
    ]
    table = CountTable.from_rows(
        rows, columns=["area", "period", "value", "source"], kind="victims", status="registered"
    )
    result = thb.total(table, by="period", area="BE+FR")
    assert [source.title for source in result["1999"].sources] == [
        "Publication BE 1999",
        "Publication FR 1999",
    ]


def test_message_keeps_its_parameters_and_refuses_others():
    with pytest.raises(InvalidValue, match="exactly the given parameters"):
        Message("{counts} of {total}", counts="3")
    listed = Message("{areas} reported", areas=["BE", 3])
    for message in (listed, pickle.loads(pickle.dumps(listed))):
        assert (message, message.template) == ("BE; 3 reported", "{areas} reported")
        assert message.parameters == {"areas": "BE; 3"}


def test_areas_with_equal_countries_are_one_area():
    rows = [("EU28", 2015, 100), ("EU28", 2016, 110)]
    table = table_of(rows, "area", "period")
    assert str(thb.total(table, by="period").area[0]) == "EU28"
    assert (
        thb.total(table, area=sorted(thb.geography.COMPOSITIONS["EU28"].members), by="period")[
            0
        ].area.members
        == thb.geography.COMPOSITIONS["EU28"].members
    )


def test_two_areas_with_equal_countries_are_refused():
    rows = [("EU27_2020", 2015, 100), ("EU28 without UK", 2016, 90)]
    with pytest.raises(AmbiguousCell, match="two names for the same countries"):
        thb.total(table_of(rows, "area", "period"), by="period")


def test_footnotes_of_a_count_and_of_a_published_share():
    assert "\nCount: 200.\n" in thb.total(SEX, area="BE", period=2015).footnote()
    printed = row_of(ResultKind.SHARE, 1, 2, printed=thb.Percent("50%"))
    assert (
        "As published: 50%; denominator: the others (2)."
        in panel_from_rows("synthetic", [printed]).footnote()
    )


def test_panel_without_areas_is_empty_and_an_empty_table_is_refused():
    assert len(thb.total(SEX, by="area", area=[], period=2015)) == 0
    with pytest.raises(NoSuchCell, match="no rows"):
        thb.total(SEX.where(area="BE", period=2015).where(area="FR"))


def test_total_by_category_has_a_row_for_unknown():
    table = table_of([("total", 10), ("female", 6), ("unknown", 4)], "sex", area="BE", period=2015)
    result = thb.total(table, by="sex")
    assert result["unknown"].value == Interval.point(4)


def test_share_of_a_country_names_the_country():
    row = row_of(ResultKind.SHARE, 30, 60, label="BE", base=Base(rule="all", label="all"))
    (share,) = panel_from_rows("synthetic", [row])
    assert quantity_name(share) == "Belgium, share of all victims"


def test_disclosure_warning_without_suppressed_counts_has_no_evidence():
    (rule,) = (rule for rule in thb.rules.ALL if rule.code == "DISCLOSURE")
    assert rule.text(PANEL[0], thb.rules.DEFAULTS, Outcome.FAIL).evidence == ()


def test_warnings_have_the_language_of_their_reader():
    (warning,) = (own for own in PANEL[0].limitations if own.code == "NOT_DOCUMENTED")
    other = Warnings((warning,)).in_language("de")[0]
    assert (other.code, other.severity) == (warning.code, warning.severity)
    assert other.title == "Nicht dokumentierte Metadaten"


def test_terms_of_a_source_can_forbid_narrower_bounds():
    free = thb.records.Source(title="Register")
    refuse_narrowing([free])
    with pytest.raises(NarrowingForbidden, match="must keep the bounds of suppressed counts"):
        refuse_narrowing([free, evolve(free, terms="No re-identification")])


def test_countries_of_a_published_union_are_not_listed():
    union = thb.share(REPORTED, exploitation="sexual", base="all")
    assert countries_shared(union, PANEL[0]) is None
    assert countries_shared(PANEL[0], PANEL[1]) == {"BE"}


def test_notes_of_a_comparison_give_the_nearest_pair():
    union = REPORTED
    single, other = (
        thb.share(union, exploitation="sexual", base=base) for base in ("all", "known")
    )
    assert thb.compare(single, other).notes[-1].startswith("Nearest comparable pair: ")


def test_a_warning_of_many_numbers_names_the_first_ones_and_counts_the_others():
    note = ComparabilityWarning(
        code="SOURCE", title="Source", severity="caution", outcome=Outcome.FAIL, scope="number",
        message="the source changed",
    )  # fmt: skip
    warned = Warnings((note,))
    numbers = [*((f"number {i}", warned) for i in range(8)), ("other", Warnings())]
    text = " ".join(warning_notes(numbers))
    assert "number 0; number 1; number 2; number 3; number 4; number 5 and 2 more" in text
    assert "number 6" not in text
