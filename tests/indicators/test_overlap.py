"""Overlap: forms of exploitation that sum to more than the victims."""

from fractions import Fraction

import pytest

from tests.indicators.worked_examples import table_of
from thbstats import Count, Interval, breakdown, compare, share, total
from thbstats.errors import ImpossibleResult
from thbstats.panel import Status
from thbstats.vocabulary import Overlap


def excess_of(result):
    """Return the overlapping categories of a number that exceed their total."""
    return result.panel.excess[result.position]


FORMS = ("sexual", "labour", "other")
FEW = Count.fewer_than(5)

# National Statistics Office of Malta, SDG indicator 16.2.2, detected victims: all, and victims of
# sexual exploitation, forced labour and other forms.
MALTA = {
    2019: (9, 1, 8, 0),
    2020: (12, 7, 6, 3),
    2021: (4, 2, 2, 1),
    2022: (22, 12, 11, 2),
    2023: (6, 6, 0, 0),
    2024: (13, 12, 2, 0),
}
ABOVE_TOTAL = (2020, 2021, 2022, 2024)


def rows_of(area, victims, **forms):
    return [(area, "total", victims), *((area, form, count) for form, count in forms.items())]


def forms_of(rows, **constant):
    return table_of(rows, "area exploitation", status="detected", **constant)


def malta(year, **more):
    victims, *counts = MALTA[year]
    counts = dict(zip(FORMS, counts, strict=True)) | more
    return forms_of(rows_of("MT", victims, **counts), period=year)


def sexual(rows, **more):
    """Return the share of sexual exploitation in all victims."""
    return share(forms_of(rows), **{"base": "all", "exploitation": "sexual", **more})


EU28 = rows_of("EU28", 100, sexual=80, labour=60, other=5)
TWELVE = rows_of("MT", 12, sexual=7, labour=6, other=3)


@pytest.mark.parametrize("year", MALTA)
def test_forms_of_malta_have_the_published_shares_and_a_warning_above_the_total(year):
    victims, *counts = MALTA[year]
    result = breakdown(malta(year), of="exploitation", base="all")
    assert result.labels == FORMS
    assert [row.value for row in result] == [
        Interval.point(Fraction(count, victims)) for count in counts
    ]
    overlaps = year in ABOVE_TOTAL
    assert overlaps == (sum(counts) > victims)
    for row in result:
        assert ("MULTIPLE_RESPONSE" in row.warnings.codes) is overlaps
        assert row.base.overlap is (Overlap.OVERLAPPING if overlaps else Overlap.EXCLUSIVE)
        assert "ADDITIVITY" not in row.warnings.codes
    mentions = breakdown(malta(year), of="exploitation", base="responses")
    assert [row.value for row in mentions] == [
        Interval.point(Fraction(count, sum(counts))) for count in counts
    ]


def test_warning_has_the_sum_of_the_forms_and_the_total():
    (warning,) = sexual(TWELVE).warnings.select("MULTIPLE_RESPONSE")
    assert warning.severity == "caution"
    assert "the categories sum to 16, and the total is 12 detected victims" in warning.message


@pytest.mark.parametrize(
    ("year", "denominator", "bounds"),
    [
        (2019, Interval.point(9), Interval.point(Fraction(1, 9))),
        (2020, Interval(7, 12), Interval(Fraction(7, 12), 1)),
        (2021, Interval(2, 4), Interval(Fraction(2, 4), 1)),
        (2022, Interval(12, 22), Interval(Fraction(12, 22), 1)),
        (2023, Interval.point(6), Interval.point(1)),
        (2024, Interval(12, 13), Interval(Fraction(12, 13), 1)),
    ],
)
def test_recorded_victims_are_the_largest_form_to_the_total(year, denominator, bounds):
    """Malta does not publish the victims of unknown form."""
    result = share(malta(year), base="known", exploitation="sexual")
    assert (result.denominator, result.bounds) == (denominator, bounds)
    assert result.value == (None if year in ABOVE_TOTAL else bounds)


@pytest.mark.parametrize(
    ("base", "verdict", "scopes"), [("all", "with_caution", 1), ("known", "not_comparable", 0)]
)
def test_years_with_and_without_overlap_differ_in_their_denominator(base, verdict, scopes):
    years = [malta(year, unknown=0) for year in (2019, 2020)]
    first, second = (share(table, base=base, exploitation="sexual") for table in years)
    assert second.value == Interval.point(Fraction(7, 12))
    result = compare(first, second)
    assert result.verdict == verdict
    warnings = result.warnings.select("MULTIPLE_RESPONSE")
    assert [warning.scope for warning in warnings].count("pair") == scopes
    stated = share(years[0], base=base, exploitation="sexual", overlap="overlapping")
    assert "BASE" not in compare(stated, second).warnings.codes


@pytest.mark.parametrize(
    ("rows", "arguments", "areas", "above", "victims"),
    [
        *(
            pytest.param(
                [*rows_of("BE", 100, sexual=60, labour=50), ("BE", "prostitution", 45)],
                {"exploitation": form}, ("BE",), 110, 100, id=f"share of {form}",
            )
            for form in ("sexual", "labour", "prostitution")
        ),
        pytest.param(rows_of("BE", 10, sexual=6, labour=3, unknown=4), {}, ("BE",), 13, 10,
                     id="unknown counts towards the total"),
        pytest.param([*TWELVE, *rows_of("FR", 20, sexual=7, labour=6, other=3)], {}, ("MT",),
                     16, 12, id="one of two countries"),
        pytest.param([*TWELVE, *rows_of("BE", 5, sexual=5, labour=Count.between(2, 3), other=0)],
                     {}, ("BE", "MT"), Interval(23, 24), 17, id="two countries are added"),
        pytest.param(rows_of("BE", FEW, sexual=3, labour=2), {}, ("BE",), 5, Interval(0, 4),
                     id="above a total of fewer than 5"),
        pytest.param([*TWELVE, *rows_of("EU28", 200, sexual=80, labour=60, other=5)],
                     {"area": "EU28"}, ("MT",), 16, 12, id="member of a published area"),
        pytest.param([*TWELVE, *EU28], {"area": "EU28"}, ("EU28",), 145, 100,
                     id="published area"),
        pytest.param(EU28, {}, ("EU28",), 145, 100, id="published area alone"),
    ],
)  # fmt: skip
def test_excess_has_the_sum_of_the_forms_and_the_total(rows, arguments, areas, above, victims):
    result = sexual(rows, **arguments)
    assert result.base.overlap is Overlap.OVERLAPPING
    excess = excess_of(result)
    both = [Interval.point(own) if isinstance(own, int) else own for own in (above, victims)]
    assert (excess.areas, excess.counted, excess.total) == (areas, *both)


@pytest.mark.parametrize(
    ("rows", "form"),
    [
        pytest.param(rows_of("BE", FEW, sexual=2, labour=2), "sexual", id="possible total of 4"),
        pytest.param(rows_of("BE", 8, sexual=FEW, labour=6), "labour", id="possible form of 2"),
    ],
)
def test_forms_that_can_fit_their_total_are_exclusive(rows, form):
    result = sexual(rows, exploitation=form)
    assert result.base.overlap is Overlap.EXCLUSIVE
    assert excess_of(result) is None
    assert "MULTIPLE_RESPONSE" not in {*result.warnings.codes, *result.limitations.codes}


def test_one_victim_of_overlapping_forms_can_have_several_unknown_cells():
    rows = [
        ("total", "total", 10), ("female", "sexual", 7), ("female", "labour", 5),
        ("unknown", "sexual", 3), ("unknown", "labour", 2),
    ]  # fmt: skip
    result = share(
        table_of(rows, "sex exploitation"), base="all", sex="female", exploitation="sexual"
    )
    assert result.base.overlap is Overlap.OVERLAPPING
    assert result.bounds_with_unknown == Interval(Fraction(7, 10), 1)


@pytest.mark.parametrize("extra", [[], rows_of("BE", 20, sexual=7, labour=6)])
def test_country_with_overlap_is_contradictory_if_forms_are_exclusive(extra):
    table = forms_of([*TWELVE, *extra])
    panel = share(table, base="all", exploitation="sexual", by="area", overlap="exclusive")
    assert panel["MT"].status is Status.CONTRADICTORY
    with pytest.raises(ImpossibleResult, match="MT"):
        share(table, base="all", exploitation="sexual", area="MT", overlap="exclusive")


def test_stated_exclusive_forms_have_the_numbers_of_the_default():
    arguments = {"base": "known", "rows": rows_of("BE", 20, sexual=7, labour=6)}
    stated, default = sexual(**arguments, overlap="exclusive"), sexual(**arguments)
    for name in ("value", "bounds", "bounds_with_unknown", "base", "bounds_attained", "warnings"):
        assert getattr(stated, name) == getattr(default, name), name


@pytest.mark.parametrize("base", ["all", "known"])
@pytest.mark.parametrize("year", MALTA)
def test_overlap_that_is_not_stated_has_the_bounds_of_both(year, base):
    arguments = {"base": base, "exploitation": "sexual"}
    result = share(malta(year), **arguments, overlap="not_stated")
    assert result.base.overlap is Overlap.NOT_STATED
    for overlap in (None, "overlapping"):
        assert share(malta(year), **arguments, overlap=overlap).bounds.within(result.bounds)


def test_stated_overlap_has_a_warning_without_figures():
    result = share(malta(2019), base="all", exploitation="sexual", overlap="overlapping")
    assert excess_of(result) is None
    assert result.warnings.select("MULTIPLE_RESPONSE")[0].evidence == ()


@pytest.mark.parametrize("overlap", [None, "exclusive", "overlapping", "not_stated"])
@pytest.mark.parametrize("base", ["all", "known"])
@pytest.mark.parametrize(
    ("rows", "words"),
    [
        # UNODC GLOTIP, Germany 2022 by sex; here by form.
        (rows_of("DE", FEW, sexual=746, labour=541), ["DE", "sexual 746", "labour 541", "0 to 4"]),
        (rows_of("DE", 10, sexual=6, labour=11), ["DE", "labour 11"]),
        (rows_of("DE", 10, sexual=8, labour=1, unknown=4), ["DE", "unknown 4"]),
    ],
    ids=["both forms above the total", "one form above the total", "one form and unknown"],
)
def test_form_above_its_total_is_contradictory(rows, words, base, overlap):
    table = forms_of(rows)
    panel = breakdown(table, of="exploitation", base=base, overlap=overlap)
    assert {row.status for row in panel} == {Status.CONTRADICTORY}
    with pytest.raises(ImpossibleResult) as caught:
        share(table, base=base, exploitation="sexual", overlap=overlap)
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(
    ("germany", "others", "overlap", "areas"),
    [
        pytest.param(rows_of("DE", FEW, sexual=5), [*TWELVE, *rows_of("FR", 40)],
                     Overlap.OVERLAPPING, ("MT",), id="next to overlap"),
        pytest.param(rows_of("DE", 8, sexual=9, labour=1),
                     rows_of("FR", 40, sexual=2, labour=38), Overlap.EXCLUSIVE, None,
                     id="next to exclusive forms"),
    ],
)  # fmt: skip
def test_form_above_its_total_is_not_overlap(germany, others, overlap, areas):
    result = sexual([*germany, *others])
    assert result.base.overlap is overlap
    assert getattr(excess_of(result), "areas", None) == areas
    assert [(item.area, item.code) for item in result.contradictions] == [("DE", "contradictory")]
    assert "DE" not in result.reporters
    assert "CONTRADICTED" in result.warnings.codes


@pytest.mark.parametrize("base", ["all", "known"])
@pytest.mark.parametrize(
    ("by", "first", "second"), [("sex", "female", "male"), ("age", "child", "adult")]
)
def test_sex_and_age_above_their_total_are_contradictory(by, first, second, base):
    rows = [("total", 12), (first, 7), (second, 6), ("unknown", 0)]
    for row in breakdown(table_of(rows, by), of=by, base=base):
        assert row.status is Status.CONTRADICTORY
        assert row.base.overlap is Overlap.EXCLUSIVE
        assert "MULTIPLE_RESPONSE" not in row.warnings.codes
    (count,) = total(table_of(rows, by), by="area")
    assert (count.value, count.bounds) == (None, Interval(12, 13))
    assert count.status is Status.CONTRADICTORY
    with pytest.raises(ImpossibleResult, match=f"{first} 7, {second} 6"):
        total(table_of(rows, by))
