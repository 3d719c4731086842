import pytest

import thbstats as thb
from thbstats.errors import (
    AmbiguousCell,
    ImpossibleResult,
    InvalidValue,
    NarrowingForbidden,
    NoSuchCell,
)
from thbstats.values import Count, Interval

OPEN = thb.Source(title="Open")
CLOSED = thb.Source(title="Closed", terms="Nobody may be identified.")


def row(count, source=OPEN, **codes):
    return thb.records.VictimCount(
        **({"area": "FR", "period": "2020"} | codes), source=source, count=count
    )


def table(*rows):
    return thb.CountTable.from_records(rows)


def sexes(source=OPEN):
    return table(
        row(100), row(97, sex="male"), row(Count.fewer_than(5), source=source, sex="female")
    )


def test_bounds_of_a_suppressed_count_are_the_published_ones():
    result = thb.infer(sexes(), sex="female")
    assert result.bounds == Interval(0, 4)
    assert result.lower_table is None
    assert not result.warnings


def test_narrower_bounds_need_permission_and_have_a_warning():
    result = thb.infer(sexes(), sex="female", allow_disclosure=True)
    assert result.bounds == Interval(0, 3)
    [warning] = result.warnings
    assert (warning.code, str(warning.severity)) == ("DISCLOSURE", "blocking")
    assert result.upper_table["count"].sum() == 100
    assert "DISCLOSURE" in result.explain()


def test_terms_that_prohibit_reidentification_are_respected():
    with pytest.raises(NarrowingForbidden, match="Closed"):
        thb.infer(sexes(CLOSED), sex="female", allow_disclosure=True)
    assert thb.infer(sexes(CLOSED), sex="female").bounds == Interval(0, 4)


def test_part_of_a_suppressed_count_is_not_disclosed_by_totals():
    assert thb.infer(sexes(), sex="female", age="child").bounds == Interval(0, 4)
    result = thb.infer(sexes(), sex="female", age="child", allow_disclosure=True)
    assert result.bounds == Interval(0, 3)
    assert result.warnings.codes == ("DISCLOSURE",)


def test_no_warning_if_bounds_are_not_narrower():
    wide = table(row(100), row(90, sex="male"), row(Count.fewer_than(5), sex="female"))
    result = thb.infer(wide, sex="female", allow_disclosure=True)
    assert result.bounds == Interval(0, 4)
    assert not result.warnings


def test_other_results_do_not_disclose_suppressed_counts():
    result = thb.infer(sexes(), sex="unknown")
    assert result.bounds == Interval(0, 3)
    assert result.upper_table is None


def test_missing_count_follows_from_its_total():
    missing = table(row(100), row(97, sex="male"), row(3, sex="unknown"))
    result = thb.infer(missing, sex="female")
    assert result.bounds == Interval(0, 0)
    assert result.lower_table["count"].sum() == 100
    assert thb.infer(missing).bounds == Interval(100, 100)


def test_unbounded_count_gives_no_information():
    result = thb.infer(
        table(row(3, sex="male"), row(Count.not_applicable(), sex="other")), sex="female"
    )
    assert result.bounds is None


def test_error_names_contradicting_rows():
    with pytest.raises(ImpossibleResult, match="male: 97"):
        thb.infer(table(row(90), row(97, sex="male")), sex="female")


def test_rows_must_have_one_kind():
    two = table(row(3), row(4, area="DE"))
    with pytest.raises(AmbiguousCell):
        thb.infer(two)
    assert thb.infer(two, area="DE", period="2020").bounds == Interval(4, 4)
    with pytest.raises(NoSuchCell):
        thb.infer(two, area="IT")


def test_table_is_queried_like_a_publication():
    assert thb.infer(sexes(), "victims", area="FR", sex="female").bounds == Interval(0, 4)
    result = thb.infer(sexes(), status="not_stated", sex="female", allow_disclosure=True)
    assert result.warnings.codes == ("DISCLOSURE",)
    with pytest.raises(NoSuchCell, match="victims"):
        thb.infer(sexes(), "justice")
    with pytest.raises(InvalidValue, match="bases"):
        thb.infer(sexes(), bases={"sex": "all"})
