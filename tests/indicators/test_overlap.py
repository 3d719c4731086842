"""Categories that overlap: seen in the counts, said by the user, and refused where impossible."""

from fractions import Fraction

import pytest

from thbstats import Count, CountTable, Interval, breakdown, compare, share
from thbstats.errors import ImpossibleResult
from thbstats.vocabulary import Overlap

FORMS = ("sexual", "labour", "other")

# National Statistics Office of Malta, SDG indicator 16.2.2, detected victims: all, and those under
# sexual exploitation, forced labour, other forms.
MALTA = {
    2019: (9, 1, 8, 0),
    2020: (12, 7, 6, 3),
    2021: (4, 2, 2, 1),
    2022: (22, 12, 11, 2),
    2023: (6, 6, 0, 0),
    2024: (13, 12, 2, 0),
}
SEVERAL = (2020, 2021, 2022, 2024)


def forms(rows, **constant):
    """Return victims by area and form."""
    given = {"kind": "victims", "period": 2020, "status": "detected"}
    return CountTable.from_rows(
        rows, columns=["area", "exploitation", "value"], **{**given, **constant}
    )


def counted(area, total, **counts):
    return [(area, "total", total), *((area, form, count) for form, count in counts.items())]


def malta(year):
    total, *counts = MALTA[year]
    return forms(counted("MT", total, **dict(zip(FORMS, counts, strict=True))), period=year)


TWELVE = counted("MT", 12, sexual=7, labour=6, other=3)


def codes_of(found):
    """The codes of what a result says, and of what it cannot tell."""
    return {*found.warnings.codes} | {
        code for note in found.warnings.of("NOT_DOCUMENTED") for code, _ in note.evidence
    }


# Malta


@pytest.mark.parametrize("year", MALTA)
def test_malta_has_the_printed_shares_of_all_its_victims_in_every_year(year):
    total, *counts = MALTA[year]
    found = breakdown(malta(year), by="exploitation", base="all")
    assert found.labels == FORMS
    assert [item.value for item in found] == [
        Interval.point(Fraction(count, total)) for count in counts
    ]


@pytest.mark.parametrize("year", MALTA)
def test_malta_has_the_warning_in_the_years_in_which_its_forms_exceed_the_victims(year):
    total, *counts = MALTA[year]
    for item in breakdown(malta(year), by="exploitation", base="all"):
        several = year in SEVERAL
        assert several == (sum(counts) > total)
        assert ("MULTIPLE_RESPONSE" in item.warnings.codes) is several
        assert item.base.overlap is (Overlap.OVERLAPPING if several else Overlap.EXCLUSIVE)
        assert "ADDITIVITY" not in item.warnings.codes


def test_malta_in_2020_has_16_in_the_forms_for_12_victims():
    (warning,) = share(malta(2020), base="all", exploitation="sexual").warnings.of(
        "MULTIPLE_RESPONSE"
    )
    assert warning.severity == "caution"
    assert "the categories sum to 16, and the total is 12 detected victims" in warning.message
    assert warning.evidence == (("sum of categories", "16"), ("total", "12"), ("areas", "MT"))


@pytest.mark.parametrize(
    ("year", "base", "sexual"),
    [
        (2019, Interval.point(9), Interval.point(Fraction(1, 9))),
        (2020, Interval(7, 12), Interval(Fraction(7, 12), 1)),
        (2021, Interval(2, 4), Interval(Fraction(2, 4), 1)),
        (2022, Interval(12, 22), Interval(Fraction(12, 22), 1)),
        (2023, Interval.point(6), Interval.point(1)),
        (2024, Interval(12, 13), Interval(Fraction(12, 13), 1)),
    ],
)
def test_the_recorded_base_is_from_the_largest_form_to_everybody(year, base, sexual):
    found = share(malta(year), base="recorded", exploitation="sexual")
    assert (found.denominator, found.value) == (base, sexual)


def test_a_year_that_shows_several_forms_stands_beside_one_that_does_not_with_caution():
    first, second = (share(malta(year), base="all", exploitation="sexual") for year in (2019, 2020))
    found = compare(first, second)
    assert found.verdict == "with_caution"
    assert [warning.scope for warning in found.warnings.of("MULTIPLE_RESPONSE")].count("pair") == 1


def test_over_recorded_bases_it_is_the_base_that_differs():
    first, second = (
        share(malta(year), base="recorded", exploitation="sexual") for year in (2019, 2020)
    )
    found = compare(first, second)
    assert found.verdict == "not_comparable"
    assert all(warning.scope == "number" for warning in found.warnings.of("MULTIPLE_RESPONSE"))
    said = share(malta(2019), base="recorded", exploitation="sexual", overlap="overlapping")
    assert "BASE" not in compare(said, second).warnings.codes


# What is seen


def test_what_is_seen_does_not_depend_on_the_category_asked_for():
    rows = [*counted("BE", 100, sexual=60, labour=50), ("BE", "prostitution", 45)]
    for form in ("sexual", "labour", "prostitution"):
        found = share(forms(rows), base="all", exploitation=form)
        assert found.base.overlap is Overlap.OVERLAPPING
        assert found.excess.counted == Interval.point(110)


def test_the_unknown_are_a_category_that_takes_its_place_in_the_total():
    found = share(
        forms(counted("BE", 10, sexual=6, labour=3, unknown=4)), base="all", exploitation="sexual"
    )
    assert found.base.overlap is Overlap.OVERLAPPING
    assert found.excess.counted == Interval.point(13)
    assert found.unknown == Interval.point(4)


def test_one_country_whose_forms_overlap_makes_the_pooled_breakdown_overlap():
    table = forms([*TWELVE, *counted("FR", 20, sexual=7, labour=6, other=3)])
    for base in ("all", "recorded"):
        for item in breakdown(table, by="exploitation", base=base):
            assert item.base.overlap is Overlap.OVERLAPPING
            assert item.excess.areas == ("MT",)
            assert item.excess.counted == Interval.point(16)
            assert "ADDITIVITY" not in codes_of(item)


def test_what_several_countries_count_twice_is_added():
    found = share(
        forms([*TWELVE, *counted("BE", 5, sexual=5, labour=Count.between(2, 3), other=0)]),
        base="all",
        exploitation="sexual",
    )
    assert found.excess.areas == ("BE", "MT")
    assert found.excess.counted == Interval(23, 24)
    assert found.excess.total == Interval.point(17)


def test_a_printed_area_speaks_for_its_members():
    printed = counted("EU28", 100, sexual=80, labour=60, other=5)
    found = share(forms([*TWELVE, *printed]), base="all", exploitation="sexual", area="EU28")
    assert found.excess.areas == ("EU28",)
    assert found.excess.counted == Interval.point(145)


def test_a_member_shows_it_where_the_printed_area_does_not():
    printed = counted("EU28", 200, sexual=80, labour=60, other=5)
    found = share(forms([*TWELVE, *printed]), base="all", exploitation="sexual", area="EU28")
    assert found.excess.areas == ("MT",)


def test_a_total_that_is_an_interval_is_exceeded_only_above_its_upper_end():
    few = Count.fewer_than(5)
    below = share(forms(counted("BE", few, sexual=2, labour=2)), base="all", exploitation="sexual")
    assert "MULTIPLE_RESPONSE" not in below.warnings.codes
    above = share(forms(counted("BE", few, sexual=3, labour=2)), base="all", exploitation="sexual")
    assert above.excess.total == Interval(0, 4)


def test_counts_that_could_be_lower_show_no_overlap():
    rows = counted("BE", 8, sexual=Count.fewer_than(5), labour=6)
    found = share(forms(rows), base="all", exploitation="labour")
    assert found.base.overlap is Overlap.EXCLUSIVE
    assert "MULTIPLE_RESPONSE" not in codes_of(found)


def test_those_of_several_unknown_cells_can_be_the_same_persons():
    rows = [
        ("total", "total", 10), ("female", "sexual", 7), ("female", "labour", 5),
        ("unknown", "sexual", 3), ("unknown", "labour", 2),
    ]  # fmt: skip
    table = CountTable.from_rows(
        rows, columns=["sex", "exploitation", "value"], kind="victims", area="BE", period=2020
    )
    found = share(table, base="all", sex="female", exploitation="sexual")
    assert found.base.overlap is Overlap.OVERLAPPING
    assert found.unknown == Interval.point(3)
    assert found.bounds_with_unknown == Interval(Fraction(7, 10), 1)


# What is said


def test_exclusive_categories_above_their_total_are_contradictory():
    panel = breakdown(forms(TWELVE), by="exploitation", base="all", overlap="exclusive")
    assert {row.status.code for row in panel} == {"contradictory"}
    assert "total 12, sexual 7, labour 6, other 3" in panel.row(0).contradictions[0].text
    with pytest.raises(ImpossibleResult, match="MT"):
        share(forms(TWELVE), base="all", exploitation="sexual", overlap="exclusive")


def test_a_contradictory_country_leaves_the_value_and_is_named():
    table = forms([*counted("BE", 20, sexual=7, labour=6), *TWELVE])
    found = share(table, base="all", exploitation="sexual", overlap="exclusive")
    assert found.value == Interval.point(Fraction(7, 20))
    assert [(item.area, item.code) for item in found.contradictions] == [("MT", "contradictory")]


def test_categories_that_are_said_to_be_exclusive_and_can_be_are_as_if_nothing_were_said():
    table = forms(counted("BE", 20, sexual=7, labour=6))
    said = share(table, base="recorded", exploitation="sexual", overlap="exclusive")
    assert said.to_dict() == share(table, base="recorded", exploitation="sexual").to_dict()


def test_overlap_that_is_said_has_the_warning_without_the_figures():
    found = share(malta(2019), base="all", exploitation="sexual", overlap="overlapping")
    assert found.excess is None
    assert "MULTIPLE_RESPONSE" in found.warnings.codes
    assert found.warnings.of("MULTIPLE_RESPONSE")[0].evidence == ()


@pytest.mark.parametrize("year", MALTA)
def test_an_overlap_that_is_not_stated_has_the_bounds_of_both(year):
    table = malta(year)
    for base in ("all", "recorded"):
        found = share(table, base=base, exploitation="sexual", overlap="not_stated")
        assert found.base.overlap is Overlap.NOT_STATED
        judged = share(table, base=base, exploitation="sexual")
        assert judged.bounds.within(found.bounds)


# What no overlap explains


@pytest.mark.parametrize("overlap", [None, "exclusive", "overlapping", "not_stated"])
@pytest.mark.parametrize("base", ["all", "recorded"])
def test_a_category_above_the_total_is_contradictory_with_and_without_overlap(base, overlap):
    # UNODC GLOTIP, Germany 2022 by sex; here by form.
    rows = counted("DE", Count.fewer_than(5), sexual=746, labour=541)
    panel = breakdown(forms(rows), by="exploitation", base=base, overlap=overlap)
    for row in panel:
        assert row.status.code == "contradictory"
        assert row.value is None
        (item,) = row.contradictions
        assert all(word in item.text for word in ("DE", "sexual 746", "labour 541", "0 to 4"))


def test_a_contradictory_country_is_named_next_to_those_with_overlap():
    table = forms([*TWELVE, *counted("DE", Count.fewer_than(5), sexual=5), *counted("FR", 40)])
    found = share(table, base="all", exploitation="sexual")
    assert found.excess.areas == ("MT",)
    assert found.excess.counted == Interval.point(16)
    assert {item.area for item in found.contradictions} == {"DE"}


@pytest.mark.parametrize("overlap", [None, "overlapping"])
def test_a_contradictory_country_shows_no_overlap(overlap):
    table = forms([*counted("DE", 8, sexual=9, labour=1), *counted("FR", 40, sexual=2, labour=38)])
    found = share(table, base="all", exploitation="sexual", overlap=overlap)
    assert found.excess is None
    assert found.value == Interval.point(Fraction(2, 40))
    assert "CONTRADICTED" in found.warnings.codes


def test_too_many_of_unknown_category_are_no_overlap():
    rows = counted("BE", 10, sexual=8, labour=1, unknown=4)
    row = breakdown(forms(rows), by="exploitation", base="all").row(0)
    assert (row.status.code, row.excess) == ("contradictory", None)


@pytest.mark.parametrize("base", ["all", "recorded"])
@pytest.mark.parametrize(
    ("by", "words"), [("sex", ("female", "male")), ("age", ("child", "adult"))]
)
def test_one_person_has_one_sex_and_one_age(by, words, base):
    rows = [("total", 12), (words[0], 7), (words[1], 6), ("unknown", 0)]
    table = CountTable.from_rows(
        rows, columns=[by, "value"], kind="victims", area="BE", period=2020
    )
    for overlap in (None, "overlapping"):
        for item in breakdown(table, by=by, base=base, overlap=overlap):
            assert item.base.overlap is Overlap.EXCLUSIVE
            assert item.status.code == "contradictory"
            assert "CONTRADICTED" in item.warnings.codes
