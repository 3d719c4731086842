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


WIDE = table(row(100), row(90, sex="male"), row(Count.fewer_than(5), sex="female"))
MISSING = table(row(100), row(97, sex="male"), row(3, sex="unknown"))


@pytest.mark.parametrize(
    ("counts", "query", "bounds", "codes"),
    [
        (sexes(), {"sex": "female"}, (0, 4), ()),
        (sexes(), {"sex": "female", "allow_disclosure": True}, (0, 3), ("DISCLOSURE",)),
        (sexes(CLOSED), {"sex": "female"}, (0, 4), ()),
        # A part of a suppressed count is not disclosed by totals.
        (sexes(), {"sex": "female", "age": "child"}, (0, 4), ()),
        (
            sexes(),
            {"sex": "female", "age": "child", "allow_disclosure": True},
            (0, 3),
            ("DISCLOSURE",),
        ),
        # The bounds are not narrower than the published ones.
        (WIDE, {"sex": "female", "allow_disclosure": True}, (0, 4), ()),
        (sexes(), {"sex": "unknown"}, (0, 3), ()),
        (MISSING, {"sex": "female"}, (0, 0), ()),
        (MISSING, {}, (100, 100), ()),
    ],
)
def test_bounds_of_suppressed_counts_are_the_published_ones(counts, query, bounds, codes):
    result = thb.infer(counts, **query)
    assert result.bounds == Interval(*bounds)
    assert result.warnings.codes == codes
    has_tables = counts is MISSING or "allow_disclosure" in query
    assert (result.lower_table is None, result.upper_table is None) == (not has_tables,) * 2


def test_narrower_bounds_have_a_blocking_warning_and_tables():
    result = thb.infer(sexes(), sex="female", allow_disclosure=True)
    [warning] = result.warnings
    assert (warning.code, str(warning.severity)) == ("DISCLOSURE", "blocking")
    assert result.upper_table["count"].sum() == 100
    assert "DISCLOSURE" in result.footnote()
    assert thb.infer(MISSING, sex="female").lower_table["count"].sum() == 100


def test_terms_that_prohibit_reidentification_are_respected():
    with pytest.raises(NarrowingForbidden, match="Closed"):
        thb.infer(sexes(CLOSED), sex="female", allow_disclosure=True)


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
    with pytest.raises(InvalidValue, match="assume_base"):
        thb.infer(sexes(), assume_base={"sex": "all"})
