import pandas as pd
import pytest

import thbstats as thb
from thbstats.errors import (
    AmbiguousCell,
    ImpossibleResult,
    InvalidValue,
    NarrowingForbidden,
    NoSuchCell,
    UnknownName,
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


STAGES = thb.CountTable.from_rows(
    [("convicted", 18), ("prosecuted", 30)],
    columns=["stage", "value"],
    kind="justice",
    area="FR",
    period=2020,
)
BODIES = table(row(18, register="police"))
FORMS = table(row(12), row(6, exploitation="sexual"))


def test_attributes_select_rows_of_a_table():
    assert infer_count(STAGES, "justice", stage="prosecuted") == (30, 30)
    with pytest.raises(AmbiguousCell, match="a category such as stage"):
        thb.infer(STAGES, "justice")
    with pytest.raises(NoSuchCell, match="No counts of stage suspected"):
        thb.infer(STAGES, "justice", stage="suspected")
    with pytest.raises(NoSuchCell, match="No counts of register ngo"):
        thb.infer(BODIES, register="ngo")
    assert infer_count(BODIES, register="police") == (18, 18)


def infer_count(counts, *arguments, **options):
    result = thb.infer(counts, *arguments, **options).exact_bounds
    return result.lower, result.upper


def test_dimension_that_overlaps_is_a_text_or_a_list():
    # 12 persons in labour exploitation can include the 6 in sexual exploitation.
    for overlapping in ("exploitation", ["exploitation"]):
        assert infer_count(FORMS, exploitation="labour", overlapping=overlapping) == (0, 12)
    assert infer_count(FORMS, exploitation="labour") == (0, 6)
    with pytest.raises(UnknownName, match="`overlapping` must be a known name"):
        thb.infer(FORMS, exploitation="labour", overlapping="exploitatoin")


def test_categories_of_multiple_response_overlap():
    cases = pd.DataFrame({"sexual": [1] * 6 + [0] * 6, "work": [1] * 10 + [0] * 2})
    counted = thb.count_cases(
        cases.assign(country="FR", year=2016),
        by=["area", "period", "exploitation"],
        columns={"area": "country", "period": "year"},
        multi={"exploitation": {"sexual": "sexual", "labour": "work"}},
        status="identified",
    )
    some = [counted.where(exploitation=code) for code in ("total", "sexual")]
    assert infer_count(thb.CountTable.concat(some), exploitation="labour") == (0, 12)
    assert infer_count(counted, exploitation="other") == (0, 12)


@pytest.mark.parametrize(
    "argument",
    [
        {"rounding": {"count": 10}},
        {"base": "known"},
        {"allow_tie_either_way": True},
        {"use_wording": True},
        {"exclude": "x"},
    ],
)
def test_arguments_for_claims_are_refused_for_a_table(argument):
    with pytest.raises(InvalidValue, match="must not be set for a table"):
        thb.infer(WIDE, sex="female", **argument)


def test_unknown_sex_and_unknown_age_are_two_rows():
    counts = table(row(100), row(10, sex="unknown"), row(20, age="unknown"), row(30, age="adult"))
    # 100 less 30 adults and 20 of unknown age
    assert infer_count(counts, age="child") == (50, 50)
