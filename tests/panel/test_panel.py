"""Panels: rows, keys, selection, order, frames, and the views of one row."""

import inspect
import math

import numpy as np
import pandas as pd
import pytest

from thbstats.errors import ImpossibleResult, InvalidValue, NoSuchCell, UnknownName
from thbstats.geography import Area
from thbstats.indicators import breakdown, share, total
from thbstats.panel import Panel, Result, Status
from thbstats.panel.warning import ComparabilityWarning
from thbstats.rules import compare
from thbstats.tables import CountTable
from thbstats.values import Count, Interval

ROWS = [
    *(("BE", 2015, "total", 200), ("BE", 2015, "female", 120), ("BE", 2015, "male", 80)),
    *(("BE", 2016, "total", 50), ("BE", 2016, "female", Count.fewer_than(5))),
    *(("FR", 2015, "total", 40), ("FR", 2015, "female", 60), ("FR", 2016, "female", 30)),
    ("DE", 2016, "total", 10),
]


@pytest.fixture(name="table", scope="module")
def _table() -> CountTable:
    return CountTable.from_rows(
        ROWS, columns=["area", "period", "sex", "value"], kind="victims", status="registered"
    )


@pytest.fixture(name="panel", scope="module")
def _panel(table: CountTable) -> Panel:
    return share(table, sex="female", base="all", by=["area", "period"])


def test_every_combination_has_a_row_with_a_status(panel: Panel) -> None:
    result = [(*key, row.status.code) for key, row in zip(panel.names, panel, strict=True)]
    assert result == [
        *(("BE", "2015", "ok"), ("BE", "2016", "ok")),
        *(("DE", "2015", "no_data"), ("DE", "2016", "not_reported")),
        *(("FR", "2015", "contradictory"), ("FR", "2016", "no_total")),
    ]


def test_rows_are_selected_by_key_position_mask_and_slice(panel: Panel) -> None:
    row = panel["BE", 2015]
    assert isinstance(row, Result)
    assert row.value == Interval.point(Interval.share_of(*map(Interval.point, (120, 80))).lower)
    assert panel[0] == row == panel[-6]
    assert panel[:2].names == panel[[0, 1]].names == panel[panel.status == Status.OK].names
    for key in (("BE", 2017), ("XX", 2015), "BE", 17):
        with pytest.raises((UnknownName, InvalidValue)):
            panel[key]


def test_rows_are_selected_by_category_and_sorted_by_value(panel: Panel) -> None:
    assert panel.where(area="BE").names == [("BE", "2015"), ("BE", "2016")]
    chosen = panel.where(status=["ok", "no_total"], period=2016)
    assert chosen.names == [("BE", "2016"), ("FR", "2016")]
    order = panel.sort("value", descending=True)
    assert order.names[:2] == [("BE", "2015"), ("BE", "2016")]
    assert [row.value for row in order[2:]] == [None] * 4
    assert panel.sort("area", descending=True).names[0][0] == "FR"
    with pytest.raises(UnknownName):
        panel.where(sex="female")


def test_scalar_form_raises_an_error_for_each_status(table: CountTable) -> None:
    for key, error, words in (
        (("FR", 2015), ImpossibleResult, "female 60"),
        (("DE", 2015), NoSuchCell, "No counts for"),
    ):
        with pytest.raises(error, match=words):
            share(table, sex="female", base="all", area=key[0], period=key[1])
    lacking = share(table, sex="female", base="all", area="FR", period=2016)
    assert (lacking.value, lacking.status) == (None, Status.NO_TOTAL)


def test_float_and_format_need_one_value(panel: Panel) -> None:
    assert float(panel["BE", 2015]) == 0.6
    assert panel["BE", 2015].to_frame()["value"].tolist() == [0.6]
    assert f"{panel['BE', 2015]:.1%}" == "60.0%"
    assert f"{panel['BE', 2015]}" == str(panel["BE", 2015])
    for row in (panel["BE", 2016], panel["FR", 2015], panel["DE", 2016]):
        with pytest.raises(InvalidValue, match=r"\.bounds"):
            float(row)
        with pytest.raises(InvalidValue, match="bounds"):
            f"{row:.1%}"


def test_frame_has_one_row_of_floats_per_result(panel: Panel) -> None:
    frame = panel.to_frame(iso3=True, labels=True)
    assert " ".join(frame.columns) == (
        "area area_iso3 area_label period value value_lower value_upper lower upper "
        "lower_with_unknown upper_with_unknown numerator numerator_lower numerator_upper "
        "denominator denominator_lower denominator_upper unknown unknown_lower unknown_upper "
        "not_listed not_listed_lower not_listed_upper "
        "complete derived coverage status severity warnings"
    )
    numbers = frame.columns[4:23]
    assert all(frame[name].dtype == np.float64 for name in numbers)
    first, second = frame.iloc[0], frame.iloc[1]
    assert (first["area_iso3"], first["area_label"]) == ("BEL", "Belgium")
    assert (first["value"], first["numerator"], first["denominator"]) == (0.6, 120, 200)
    assert (first["complete"], second["complete"]) == (True, False)
    assert math.isnan(second["value"])
    assert second["value_upper"] == 0.08
    assert (first["coverage"], frame.iloc[4]["coverage"]) == ("1 of 1", "0 of 1")
    assert frame.loc[4, "status"] == "contradictory"
    assert "CONTRADICTED" in frame.loc[4, "warnings"]
    assert isinstance(frame.loc[0, "warnings"], list)


def test_frames_of_other_libraries_have_the_same_columns(panel: Panel) -> None:
    polars, pyarrow = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    frame = panel.to_frame()
    other = panel.to_frame("polars")
    assert other.columns == list(frame.columns)
    assert other["value_upper"].to_list()[1] == 0.08
    assert panel.to_frame("pyarrow").column_names == list(frame.columns)
    assert polars.DataFrame(panel).shape == frame.shape
    assert pyarrow.table(panel).num_rows == len(panel)
    with pytest.raises(UnknownName):
        panel.to_frame("spark")


def test_constructor_of_pandas_is_refused_in_favour_of_to_frame(panel: Panel) -> None:
    for convert in (pd.DataFrame, pd.Series, np.asarray):
        with pytest.raises(InvalidValue, match=r"Use panel\.to_frame\(\)"):
            convert(panel)


def test_signature_of_a_panel_is_short() -> None:
    assert str(inspect.signature(Panel)) == "(*, caption, **columns)"


def test_panels_concatenate_and_panels_of_results_keep_their_numbers(panel: Panel) -> None:
    both = Panel.concat([panel[:2], panel[2:]])
    assert both == panel
    assert list(both.parts.sizes) == list(panel.parts.sizes)
    picked = Panel.from_results([panel[4], panel[0]], "picked")
    assert [row.status.code for row in picked] == ["contradictory", "ok"]
    assert picked.caption == "picked"
    with pytest.raises(InvalidValue):
        Panel.from_results([])


def test_panel_of_results_with_different_rules_keeps_warnings(table: CountTable) -> None:
    judged = share(table, sex="female", base="all", area="BE", period=2016)
    plain = total(table, area="BE", period=2015, rules=())
    both = Panel.from_results([judged, plain])
    assert both[0].warnings.codes == judged.warnings.codes
    assert both[1].warnings == ()


def test_warnings_and_limitations_are_separate(panel: Panel) -> None:
    assert "DETECTED_ONLY" in panel.limitations.codes
    assert not set(panel.limitations.codes) & set(panel.warnings.codes)
    assert panel["BE", 2015].warnings == ()
    assert "DETECTED_ONLY" in panel["BE", 2015].limitations.codes
    text = str(panel)
    assert text.count("The number includes detected victims only") == 1


def test_text_of_a_long_panel_contains_40_rows() -> None:
    rows = [("BE", year, year) for year in range(1900, 2000)]
    table = CountTable.from_rows(rows, columns=["area", "period", "value"], kind="victims")
    panel = total(table, by="period")
    text = panel.to_text()
    assert "60 more rows: see to_frame()" in text
    assert text.count("\n") < 70
    assert repr(panel).startswith("<Panel of victims, 100 rows: period 1900")
    assert "..." in repr(panel)
    assert panel[1950].value == Interval.point(1950)


@pytest.mark.parametrize(("area", "name"), [("World", "World"), (None, "250 countries")])
def test_texts_name_many_countries_by_one_word_or_number(area: str | None, name: str) -> None:
    codes = sorted(Area.parse("World").members)
    codes = codes if area else [*codes, "YUCS"][1:]
    rows = [(code, year, 4) for code in codes for year in (2020, 2021)]
    table = CountTable.from_rows(rows, columns=["area", "period", "value"], kind="victims")
    first, second = (total(table, area=area, period=year) for year in (2020, 2021))
    assert f"Victims, {name}, 2020" in first.to_text()
    assert f"Area: {name}. Period: 2020." in first.footnote()
    assert name in compare(first, second).to_text()
    with pytest.raises(NoSuchCell, match=f"No counts for {name}, 1999"):
        total(table, area=area, period=1999)
    for text in (first.to_text(), first.footnote(), compare(first, second).to_text()):
        assert "AD+AE" not in text and "Andorra" not in text  # noqa: PT018


def test_breakdown_has_a_row_per_category_and_combination(table: CountTable) -> None:
    panel = breakdown(table, by=["area", "period"], of="sex", base="all")
    assert panel.keys.keys() == {"area", "period", "sex"}
    assert panel["BE", 2015, "male"].formatted == "40.0%"
    assert panel["BE", 2016, "male"].status is Status.NOT_REPORTED


def test_json_has_every_field_of_a_row(panel: Panel) -> None:
    plain = panel["FR", 2015].to_dict()
    assert plain["status"] == "contradictory"
    assert plain["value"] is None
    assert plain["contradictions"][0]["code"] == "contradictory"
    assert plain["bounds"] == {"lower": 0, "upper": 1, "undefined": False}
    assert len(panel.to_dict()["items"]) == len(panel)


def test_years_and_area_names_find_keys(panel: Panel, table: CountTable) -> None:
    assert panel["BE", "2015"] == panel["BE", 2015]
    by_period = share(table, sex="female", base="all", by="period", area="BE")
    assert by_period[2016].numerator == Interval(0, 4)
    assert by_period[0].numerator == Interval.point(120)


def test_frame_of_one_result_has_its_label(table: CountTable) -> None:
    frame = total(table, area="BE", period=2015).to_frame()
    assert isinstance(frame, pd.DataFrame)
    row = frame.loc[0, ["label", "area", "period", "value"]]
    assert row.tolist() == ["total", "BE", "2015", 200]


def test_kind_of_count_is_that_of_the_years_with_rows() -> None:
    rows = [("BE", 2015, "registered", 3), ("FR", 2016, "presumed", 9), ("FR", 2017, "presumed", 2)]
    table = CountTable.from_rows(
        rows, columns=["area", "period", "status", "value"], kind="victims"
    )
    result = total(table, by="area", period=[2015, 2016, 2017])
    assert result["FR"].numerator_kind.label == "presumed victims"
    assert result["FR"].status is Status.NOT_REPORTED


def test_codes_of_warnings_and_notes_are_in_one_order() -> None:
    """A blocking note is before the cautions of rules, in a row and in its panel."""
    rows = [("FR", "total", 10), ("FR", "female", 5), ("FR", "unknown", 2)]
    rows += [("IT", "total", 1000), ("IT", "female", 500), ("IT", "unknown", 0)]
    table = CountTable.from_rows(
        rows, columns=["area", "sex", "value"], kind="victims", period=2020
    )
    panel = share(table, sex="female", base="all", by="area")
    note = ComparabilityWarning(code="ZZZ", severity="blocking", scope="number", message="x")
    noted = panel.with_notes([[note], []])
    assert noted.codes[0] == ("ZZZ", "SMALL_DENOMINATOR", "UNKNOWN")
    assert noted[0].warnings.codes == noted.codes[0]
    assert noted.codes[1] == panel.codes[1] == ()


def test_sort_by_severity_is_in_the_order_of_severities() -> None:
    rows = [("FR", "total", 10), ("FR", "female", 5), ("FR", "unknown", 2)]
    rows += [("IT", "total", 1000), ("IT", "female", 500), ("IT", "unknown", 0)]
    table = CountTable.from_rows(
        rows, columns=["area", "sex", "value"], kind="victims", period=2020
    )
    panel = share(table, sex="female", base="all", by="area")
    note = ComparabilityWarning(code="ZZZ", severity="blocking", scope="number", message="x")
    noted = panel.with_notes([[], [note]])
    assert list(noted.sort("severity", descending=True).severity) == ["blocking", "caution"]
    assert list(noted.sort("severity").severity) == ["caution", "blocking"]
    with pytest.raises(UnknownName, match=r"`column` must be .* Did you mean 'value'"):
        panel.sort("valeu")


def test_lists_of_keys_and_no_panels_are_refused(panel: Panel) -> None:
    with pytest.raises(UnknownName, match=r"No rows for 'FR', 'IT'. Write panel.where\("):
        panel[["FR", "IT"]]
    with pytest.raises(InvalidValue, match="`panels` must contain at least one panel"):
        Panel.concat([])


def test_country_that_is_named_twice_has_one_row(table: CountTable) -> None:
    code = table.categories("area")[0]
    assert len(total(table, by="area", area=[code, code], period=2020)) == 1
