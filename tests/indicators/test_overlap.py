"""Categories that overlap: seen in the counts, said by the user, and refused where impossible."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.examples import examples
from tests.indicators.strategies import gaps
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
    assert [item.reported for item in found] == [
        Interval.point(Fraction(count, total)) for count in counts
    ]


@pytest.mark.parametrize("year", MALTA)
def test_malta_has_the_warning_in_the_years_in_which_its_forms_exceed_the_victims(year):
    total, *counts = MALTA[year]
    for item in breakdown(malta(year), by="exploitation", base="all"):
        several = year in SEVERAL
        assert several == (sum(counts) > total)
        assert ("MULTIPLE" in item.warnings.codes) is several
        assert item.base.overlap is (Overlap.OVERLAPPING if several else Overlap.EXCLUSIVE)
        assert "ADDITIVITY" not in item.warnings.codes


def test_malta_in_2020_has_16_in_the_forms_for_12_victims():
    (warning,) = share(malta(2020), base="all", exploitation="sexual").warnings.of("MULTIPLE")
    assert warning.severity == "caution"
    assert "16 in the categories for 12 detected victims" in warning.message
    assert warning.evidence == (("sum of categories", "16"), ("total", "12"), ("seen in", "MT"))


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
    assert (found.denominator, found.reported) == (base, sexual)


def test_a_year_that_shows_several_forms_stands_beside_one_that_does_not_with_caution():
    first, second = (share(malta(year), base="all", exploitation="sexual") for year in (2019, 2020))
    found = compare(first, second)
    assert found.verdict == "with_caution"
    assert [warning.scope for warning in found.warnings.of("MULTIPLE")].count("pair") == 1


def test_over_recorded_bases_it_is_the_base_that_differs():
    first, second = (
        share(malta(year), base="recorded", exploitation="sexual") for year in (2019, 2020)
    )
    found = compare(first, second)
    assert found.verdict == "not_comparable"
    assert all(warning.scope == "number" for warning in found.warnings.of("MULTIPLE"))
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
    assert "MULTIPLE" not in below.warnings.codes
    above = share(forms(counted("BE", few, sexual=3, labour=2)), base="all", exploitation="sexual")
    assert above.excess.total == Interval(0, 4)


def test_counts_that_could_be_lower_show_no_overlap():
    rows = counted("BE", 8, sexual=Count.fewer_than(5), labour=6)
    found = share(forms(rows), base="all", exploitation="labour")
    assert found.base.overlap is Overlap.EXCLUSIVE
    assert "MULTIPLE" not in codes_of(found)


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
    assert found.possible == Interval(Fraction(7, 10), 1)


# What is said


def test_categories_that_are_said_to_exclude_each_other_are_held_to_it():
    with pytest.raises(ImpossibleResult) as caught:
        breakdown(forms(TWELVE), by="exploitation", base="all", overlap="exclusive")
    assert str(caught.value) == (
        "row MT, field 'exploitation', value 'sexual 7, labour 6, other 3': categories that "
        "exclude each other make 16 of a total of 12. "
        'Say overlap="overlapping" if one person can be in several, or correct the data.'
    ).removesuffix(".")


def test_the_country_whose_categories_do_not_exclude_each_other_is_named():
    table = forms([*counted("BE", 20, sexual=7, labour=6), *TWELVE])
    with pytest.raises(ImpossibleResult, match="row MT") as caught:
        share(table, base="all", exploitation="sexual", overlap="exclusive")
    assert "16 of a total of 12" in str(caught.value)


def test_categories_that_are_said_to_be_exclusive_and_can_be_are_as_if_nothing_were_said():
    table = forms(counted("BE", 20, sexual=7, labour=6))
    said = share(table, base="recorded", exploitation="sexual", overlap="exclusive")
    assert said.to_dict() == share(table, base="recorded", exploitation="sexual").to_dict()


def test_overlap_that_is_said_has_the_warning_without_the_figures():
    found = share(malta(2019), base="all", exploitation="sexual", overlap="overlapping")
    assert found.excess is None
    assert "MULTIPLE" in found.warnings.codes
    assert found.warnings.of("MULTIPLE")[0].evidence == ()


def test_what_the_counts_show_is_stated():
    for year, overlap in ((2019, Overlap.NOT_STATED), (2020, Overlap.OVERLAPPING)):
        found = share(malta(year), base="all", exploitation="sexual", overlap="not_stated")
        assert found.base.overlap is overlap
        assert ("ADDITIVITY" in codes_of(found)) is (year == 2019)


# What no overlap explains


@pytest.mark.parametrize("overlap", [None, "exclusive", "overlapping", "not_stated"])
@pytest.mark.parametrize("base", ["all", "recorded"])
def test_a_category_above_the_total_is_refused_whatever_is_said(base, overlap):
    # UNODC GLOTIP, Germany 2022 by sex; here by form.
    rows = counted("DE", Count.fewer_than(5), sexual=746, labour=541)
    with pytest.raises(ImpossibleResult) as caught:
        breakdown(forms(rows), by="exploitation", base=base, overlap=overlap)
    told = str(caught.value)
    assert all(word in told for word in ("DE", "exploitation", "sexual 746", "labour 541", "0..4"))
    assert "overlap=" not in told


def test_one_category_above_the_total_is_named_alone():
    rows = counted("DE", 10, sexual=6, labour=11)
    with pytest.raises(ImpossibleResult, match=r"value 'labour 11'.*above its base"):
        share(forms(rows), base="recorded", exploitation="sexual")


def test_a_country_that_no_overlap_explains_is_told_beside_those_that_one_does():
    table = forms([*TWELVE, *counted("DE", Count.fewer_than(5), sexual=5), *counted("FR", 40)])
    found = share(table, base="all", exploitation="sexual")
    assert (found.excess.areas, found.excess.unexplained) == (("MT",), ("DE",))
    assert found.excess.counted == Interval.point(16)
    (warning,) = found.warnings.of("MULTIPLE")
    assert dict(warning.evidence)["more than overlap explains"] == "DE"


def test_a_country_that_no_overlap_explains_shows_none():
    table = forms([*counted("DE", 8, sexual=9, labour=1), *counted("FR", 40, sexual=2, labour=38)])
    found = share(table, base="all", exploitation="sexual")
    assert found.base.overlap is Overlap.EXCLUSIVE
    assert "ADDITIVITY" in found.warnings.codes
    said = share(table, base="all", exploitation="sexual", overlap="overlapping")
    assert (said.excess.areas, said.excess.unexplained) == ((), ("DE",))


def test_too_many_of_unknown_category_are_no_overlap():
    found = share(
        forms(counted("BE", 10, sexual=8, labour=1, unknown=4)), base="all", exploitation="sexual"
    )
    assert found.base.overlap is Overlap.EXCLUSIVE
    assert "ADDITIVITY" in found.warnings.codes


@pytest.mark.parametrize("base", ["all", "recorded"])
def test_one_person_has_one_sex_and_one_age(base):
    for by, words in (("sex", ("female", "male")), ("age", ("child", "adult"))):
        rows = [("total", 12), (words[0], 7), (words[1], 6), ("unknown", 0)]
        table = CountTable.from_rows(
            rows, columns=[by, "value"], kind="victims", area="BE", period=2020
        )
        for item in breakdown(table, by=by, base=base):
            assert item.base.overlap is Overlap.EXCLUSIVE
            assert "ADDITIVITY" in item.warnings.codes
            assert "MULTIPLE" not in codes_of(item)
            assert item.gap == Interval.point(-1)
        with pytest.raises(ImpossibleResult, match="no overlap explains"):
            breakdown(table, by=by, base=base, overlap="exclusive")


# Laws

COUNTRIES = ("BE", "FR")
persons = st.frozensets(st.sampled_from(FORMS))
"""The forms of one victim; none where nobody recorded one."""


@st.composite
def worlds(draw, person=persons, hide=gaps):
    """Draw the victims of two countries, and rows that hide some of their counts."""
    truth = {country: draw(st.lists(person, max_size=6)) for country in COUNTRIES}
    rows = []
    for country, victims in truth.items():
        cells = {
            "total": len(victims),
            **{form: sum(form in victim for victim in victims) for form in FORMS},
            "unknown": sum(not victim for victim in victims),
        }
        shown = {cell: draw(hide(count)) for cell, count in cells.items()}
        rows += [(country, cell, count) for cell, count in shown.items() if count is not None]
    return truth, rows


def asked(rows, base, **more):
    assume({form for _, form, _ in rows} >= set(FORMS))
    return breakdown(forms(rows), by="exploitation", base=base, area="BE+FR", **more)


def everybody(truth):
    return [victim for victims in truth.values() for victim in victims]


def known(value):
    return st.just(Count.known(value))


bases = st.sampled_from(["all", "recorded"])


@examples(120)
@given(worlds(), bases, st.booleans())
def test_bounds_hold_the_true_share_where_overlap_is_seen_or_said(world, base, said):
    truth, rows = world
    victims = everybody(truth)
    whole = len(victims) if base == "all" else sum(bool(victim) for victim in victims)
    found = asked(rows, base, **({"overlap": "overlapping"} if said else {}))
    assume(whole and found[0].base.overlap is Overlap.OVERLAPPING)
    for item in found:
        true = Fraction(sum(item.label in victim for victim in victims), whole)
        assert item.bounds.contains(true)


@examples(120)
@given(worlds(), bases, st.booleans(), st.data())
def test_possible_holds_the_share_whatever_the_unknown_were(world, base, said, data):
    truth, rows = world
    found = asked(rows, base, **({"overlap": "overlapping"} if said else {}))
    victims = [victim or data.draw(persons.filter(bool)) for victim in everybody(truth)]
    assume(victims and found[0].base.overlap is Overlap.OVERLAPPING)
    for item in found:
        true = Fraction(sum(item.label in victim for victim in victims), len(victims))
        assert item.possible.contains(true)


@examples(60)
@given(worlds(person=st.sampled_from([frozenset(), *({form} for form in FORMS)])), bases)
def test_exclusive_counts_never_have_the_warning(world, base):
    _, rows = world
    for found, said in zip(asked(rows, base), asked(rows, base, overlap="exclusive"), strict=True):
        assert "MULTIPLE" not in codes_of(found)
        assert found.to_dict() == said.to_dict()


@examples(60)
@given(worlds(hide=known), bases)
def test_complete_counts_show_overlap_wherever_more_are_counted_than_there_are(world, base):
    truth, rows = world
    beyond = {
        country
        for country, victims in truth.items()
        if sum(max(len(victim), 1) for victim in victims) > len(victims)
    }
    for item in asked(rows, base):
        assert set(item.excess.areas if item.excess else ()) == beyond
        assert ("MULTIPLE" in item.warnings.codes) is bool(beyond)


@examples(60)
@given(worlds(), bases, st.data())
def test_the_order_of_rows_never_matters(world, base, data):
    rows = world[1]
    shuffled = data.draw(st.permutations(rows))
    assert asked(rows, base).to_dict() == asked(shuffled, base).to_dict()
