"""From cases to a table that can be published, in four lines."""

from pathlib import Path

import pandas as pd
import pytest

import thbstats as thb
from thbstats.errors import InvalidValue
from thbstats.files.case_file import Cases
from thbstats.testing import case_declarations, case_frame

ALL = ("FR+IT+MT+NL+RO", "2015-2016")


def test_synthetic_cases_become_a_publishable_table_in_four_lines(tmp_path: Path):
    cases = case_frame(600, seed=1)
    table = thb.count_cases(cases, by=["sex", "exploitation"], **case_declarations())
    published = thb.disclosure.suppress(table, fewer_than=10)
    thb.write(published.table, tmp_path / "table.csv")

    assert (table.categories("area"), table.categories("period")) == (ALL[:1], ALL[1:])
    assert len(published.suppressed) > 0
    assert ",suppressed," in (tmp_path / "table.csv").read_text("utf-8")
    known = published.table.lower == published.table.upper
    assert ((table.lower >= 10) | (table.lower == 0))[known].all()
    assert "one person can be counted in several categories of exploitation" in str(published)


def test_multiple_response_is_known_from_the_count():
    cases, options = case_frame(500, seed=2), case_declarations()
    for by in (["sex", "exploitation"], ["exploitation"], ["area", "sex", "exploitation", "age"]):
        for margins in ("all", "none"):
            table = thb.count_cases(cases, by=by, margins=margins, **options)
            assert table.multiple_response == ("exploitation",)
    assert thb.count_cases(cases, by=["sex", "age"], **options).multiple_response == ()


def test_a_selection_of_a_table_has_no_other_multiple_response():
    table = thb.count_cases(
        case_frame(500, seed=2), by=["sex", "exploitation"], **case_declarations()
    )
    assert table.where(exploitation="sexual").multiple_response == ("exploitation",)
    assert table.where(exploitation="total").multiple_response == ()


def test_table_has_the_recorded_areas_and_periods_together():
    cases = pd.DataFrame({"area": ["MT", "IT", "MT"], "period": [2015, 2016, 2018]})
    cell = thb.count_cases(cases).cell()
    assert (str(cell.area), str(cell.period)) == ("IT+MT", "2015-2018")
    cell = thb.count_cases(cases, where={"area": "MT"}).cell()
    assert (str(cell.area), str(cell.count)) == ("MT", "2")
    selected = thb.count_cases(cases, where={"period": ["2015", "2016"]}).cell()
    assert (str(selected.area), str(selected.period)) == ("IT+MT", "2015-2016")
    assert str(thb.count_cases(cases, area="World").cell().area) == "WORLD"


def test_cases_without_an_area_require_one_and_the_error_names_the_world():
    cases = pd.DataFrame({"sex": ["female", "male"], "area": ["MT", None], "period": [2015, None]})
    with pytest.raises(InvalidValue, match=r'1 cases record none\. Use area="World"'):
        thb.count_cases(cases, by="sex", missing=[None])
    with pytest.raises(InvalidValue, match=r'area="World"'):
        thb.count_cases(cases[["sex"]], by="sex", period=2015)
    table = thb.count_cases(cases, by="sex", missing=[None], area="World")
    assert table.categories("period") == ("not stated",)


def test_a_data_set_of_the_world_needs_no_area():
    frame = pd.DataFrame({"area": pd.Categorical(["PH", None])})
    cases = Cases(frame=frame, columns=["area"], constants={"period": "2015"}, default_area="WORLD")
    assert str(thb.count_cases(cases).cell().area) == "WORLD"
    assert str(thb.count_cases(cases, where={"area": "PH"}).cell().area) == "PH"
    with pytest.raises(InvalidValue, match="1 cases record none"):
        thb.count_cases(cases, by="area")
