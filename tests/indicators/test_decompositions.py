"""Decomposition: effects sum to the change of a share, and their bounds hold all completions."""

import json
from collections.abc import Mapping
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.examples import examples
from tests.indicators import glotip
from tests.indicators.strategies import AREA, COUNTRIES
from tests.indicators.worked_examples import counts_of
from thbstats import Count, CountTable, Interval, change, decompose, formulas, share
from thbstats.columns import Ranges
from thbstats.errors import NoSuchCell
from thbstats.indicators import decompositions
from thbstats.panel import ResultKind

YEARS = ("2015", "2016")
FORMS = ("labour", "sexual")

PanelCounts = Mapping[tuple[str, str, str], Count | None]


def table_of(formatted: PanelCounts) -> CountTable:
    return rows_of([(*key, count) for key, count in formatted.items() if count is not None])


def rows_of(rows, **constant):
    """Return registered victims by area, year and form."""
    arguments = {"kind": "victims", "status": "registered"} | constant
    return counts_of(rows, "area period exploitation", **arguments)


def divided(rows, **constant):
    """Return the table of some rows and of their totals, so that no form is left out."""
    totals = {}
    for area, year, _, count in rows:
        if isinstance(count, int):
            totals[area, year] = totals.get((area, year), 0) + count
    return rows_of([*rows, *((*key, "total", n) for key, n in totals.items())], **constant)


def split(table, **more):
    constant = {"old": 2015, "new": 2016, "base": "known", "exploitation": "labour", "area": AREA}
    return decompose(table, **{**constant, "rules": [], **more})


def effects(old, new):
    """Return (within, composition) of each country, from pairs of intervals."""

    def column(side, i):
        lower, upper = ([getattr(piece[i], end) for piece in side] for end in ("lower", "upper"))
        return Ranges(lower, upper, [True] * len(side))

    sides = [(column(side, 0), column(side, 1)) for side in (old, new)]
    return list(zip(*decompositions._effects(sides)[:2], strict=True))


def definition(old, new):
    """Return the effects of the definition, from (part, rest) per country or ``None``."""
    sides = [[(p, p + r) if pair else (0, 0) for pair in side for p, r in [pair or (0, 0)]]
             for side in (old, new)]  # fmt: skip
    totals = [sum(base for _, base in side) for side in sides]
    pooled = [Fraction(sum(p for p, _ in side), n) for side, n in zip(sides, totals, strict=True)]
    result = []
    for single, two in zip(*sides, strict=True):
        weights = [Fraction(base, n) for (_, base), n in zip((single, two), totals, strict=True)]
        own = [Fraction(part, base) if base else None for part, base in (single, two)]
        first, second = (a if a is not None else b for a, b in (own, own[::-1]))
        if first is None or second is None:
            result.append((0, 0))
            continue
        within = (weights[0] + weights[1]) * (second - first) / 2
        apart = (first - pooled[0]) + (second - pooled[1])
        result.append((within, apart * (weights[1] - weights[0]) / 2))
    return result


pairs = st.none() | st.tuples(st.integers(0, 6), st.integers(0, 6))


@st.composite
def reports(draw):
    """Draw the part and the rest of each country in both years; some did not report."""
    truth = {(area, year): draw(pairs) for area in COUNTRIES for year in YEARS}
    for year in YEARS:
        assume(sum(sum(truth[area, year] or ()) for area in COUNTRIES))
    return truth


def complete(truth) -> CountTable:
    return divided(
        [
            (area, year, form, count)
            for (area, year), pair in truth.items()
            for form, count in zip(FORMS, pair or (), strict=False)
        ]
    )


@given(reports())
@examples(30)
def test_effects_follow_the_definition_sum_to_the_change_and_reverse_with_the_periods(truth):
    table = complete(truth)
    result, back = split(table), split(table, old=2016, new=2015)
    sides = [[truth[area, year] for area in COUNTRIES] for year in YEARS]
    expected = dict(zip(COUNTRIES, definition(*sides), strict=True))
    for item, within, composition in zip(result, result.within, result.composition, strict=True):
        if any(truth[item.label, year] for year in YEARS):
            assert (within.value, composition.value) == expected[item.label]
            assert item.value.value == sum(expected[item.label])
        else:
            assert item.value is within is composition is None
    panel = share(table, base="known", exploitation="labour", area=AREA, by="period")
    change = panel[1].value.value - panel[0].value.value
    assert result.change.value.value == change
    assert result.total_within.value + result.total_composition.value == change
    for column in ("within", "composition"):
        for first, two in zip(getattr(result, column), getattr(back, column), strict=True):
            assert (first is two is None) or first.value == -two.value
    assert result.change.value.value == -back.change.value.value


ends = st.tuples(st.integers(0, 3), st.integers(0, 2)).map(lambda two: Interval(two[0], sum(two)))


@given(st.lists(st.tuples(*[ends] * 4), min_size=1, max_size=2))
@examples(100)
def test_bounds_of_effects_contain_every_completion(rows):
    result = effects([row[:2] for row in rows], [row[2:] for row in rows])
    values = [range(end.lower, end.upper + 1) for row in rows for end in row]
    # One row per completion, with part and rest of each country in both periods.
    ways = np.array(list(product(*values))).reshape(-1, len(rows), 4)
    defined = (ways[..., :2].sum(axis=(1, 2)) > 0) & (ways[..., 2:].sum(axis=(1, 2)) > 0)
    if not defined.all():
        assert all((first + two).undefined for first, two in result)
    exact = formulas.decomposition(*np.moveaxis(ways[defined], 2, 0))
    for i, pair in enumerate(result):
        for effect, own in zip(
            (*pair, pair[0] + pair[1]), (*exact, exact[0] + exact[1]), strict=True
        ):
            assert (own[:, i] >= float(effect.lower) - 1e-12).all()
            assert (own[:, i] <= float(effect.upper) + 1e-12).all()


@st.composite
def hidden(draw):
    """Draw true counts of three countries, and a table with some suppressed counts."""
    keys = [(area, year, form) for area in COUNTRIES for year in YEARS
            for form in (*FORMS, "unknown")]  # fmt: skip
    truth = {key: draw(st.integers(0, 5)) for key in keys}
    formatted = {}
    for key, value in truth.items():
        ways = [Count.known(value), Count.between(max(value - 1, 0), value + 2), None,
                Count.suppressed(), Count.not_reported()]  # fmt: skip
        formatted[key] = draw(st.just(Count.known(value)) | st.sampled_from(ways))
    for area in COUNTRIES:
        for year in YEARS:
            total = sum(truth[area, year, form] for form in (*FORMS, "unknown"))
            formatted[area, year, "total"] = draw(st.sampled_from([None, Count.known(total)]))
    return truth, formatted


@given(hidden(), st.sampled_from(["all", "known"]), st.booleans(), st.data())
@examples(40)
def test_bounds_contain_the_true_effect_of_every_country(drawn, base, matched, data):
    truth, formatted = drawn
    try:
        result = split(table_of(formatted), base=base, like_for_like=matched)
    except NoSuchCell:
        assume(False)
    joining = {
        (area, year): data.draw(st.integers(0, truth[area, year, "unknown"]))
        for area in COUNTRIES
        for year in YEARS
    }

    def pieces(year, spread):
        sides = []
        for area in COUNTRIES:
            part, other, unknown = (truth[area, year, form] for form in (*FORMS, "unknown"))
            if spread:
                joined = joining[area, year]
                part, other = part + joined, other + unknown - joined
            elif base == "all":
                other += unknown
            sides.append((part, other))
        return sides

    for spread, name in ((False, "bounds"), (True, "bounds_with_unknown")):
        old, new = (pieces(year, spread) for year in YEARS)
        if not all(sum(map(sum, side)) for side in (old, new)):
            continue
        exact = dict(zip(COUNTRIES, definition(old, new), strict=True))
        for item in result:
            assert getattr(item, name).contains(sum(exact[item.label])), (item.label, name)
        assert getattr(result.change, name).contains(sum(sum(both) for both in exact.values()))


# worked figures


def test_labour_rose_in_eu28_because_one_country_counted_more():
    result = decompose(glotip.labour(), old=2016, new=2019, base="all", exploitation="labour",
                      area="EU28")  # fmt: skip
    assert result.change.formatted == "+10.1 to +10.6 pp"
    show = ResultKind.DIFFERENCE.format_value
    minus = "\N{MINUS SIGN}"
    assert show(result.total_within) == f"{minus}4.6 to {minus}3.9 pp"
    assert show(result.total_composition) == "+14.2 to +15.1 pp"
    index = result.labels.index("UK")
    assert show(result.composition[index]) == "+10.8 to +11.0 pp"
    assert show(result.within[index]) == f"{minus}6.8 to {minus}6.7 pp"
    assert {item.label for item in result if item.value is None} == {"AT", "SE"}
    assert not result["UK"].bounds_attained


def test_a_country_that_is_new_adds_composition_alone():
    rows = [("BE", 2015, "labour", 10), ("BE", 2015, "sexual", 30), ("BE", 2016, "labour", 10),
            ("BE", 2016, "sexual", 30), ("UK", 2016, "labour", 60),
            ("UK", 2016, "sexual", 20)]  # fmt: skip
    result = split(divided(rows), area=None)
    assert result.change.value == Interval.point(Fraction(1, 3))
    assert list(result.within) == [Interval.point(0), Interval.point(0)]
    assert result.total_composition == result.change.value
    assert result["UK"].value == Interval.point(Fraction(2, 9))
    matched = split(divided(rows), area=None, like_for_like=True)
    assert matched.change.value == Interval.point(0)
    assert matched.change.reporters == {"BE"}
    assert matched["UK"].value is None
    assert (matched["UK"].numerator, matched["UK"].denominator) == (Interval.point(0),) * 2


def test_decomposition_ignores_an_aggregate_next_to_countries():
    constant = (("BE+FR", 50, 50, 90, 10), ("BE", 1, 3, 3, 1))
    rows = [(area, year, form, n) for area, *counts in constant
            for (year, form), n in zip(product(YEARS, FORMS), counts, strict=True)]  # fmt: skip
    result = split(divided(rows), area="BE+FR")
    assert result.change.value == Interval.point(Fraction(1, 2))
    assert result.change.reporters == {"BE"}
    assert (result.change.numerator, result.change.denominator) == (
        Interval.point(3),
        Interval.point(4),
    )


def test_share_within_a_group_is_decomposed():
    cells = [("female", "labour"), ("female", "sexual"), ("female", "total"), ("male", "labour")]
    rows = [("BE", year, *cell, n) for year, *counts in ((2015, 2, 6, 8, 4), (2016, 6, 2, 8, 4))
            for cell, n in zip(cells, counts, strict=True)]  # fmt: skip
    table = counts_of(rows, "area period sex exploitation", kind="victims")
    result = split(table, area="BE+FR", where={"sex": "female"})
    assert result.change.value == Interval.point(Fraction(1, 2))
    assert result["BE"].base.within == (("sex", "female"),)


def test_each_contribution_has_its_country_and_the_warnings_of_the_change():
    rows = [(area, year, form, n) for area, *counts in (("BE", 10, 30, 20, 40), ("FR", 5, 5, 9, 1))
            for (year, form), n in zip(product(YEARS, FORMS), counts, strict=True)]  # fmt: skip
    result = decompose(divided(rows), old=2015, new=2016, base="known", exploitation="labour")
    assert [(item.area.code, item.reporters) for item in result] == [("BE", {"BE"}), ("FR", {"FR"})]
    assert {item.kind for item in result} == {ResultKind.DIFFERENCE}
    assert all(item.warnings == result.change.warnings for item in result)
    assert "DETECTED_ONLY" in result.limitations.codes
    assert all(item.bounds_attained for item in result)
    assert result.caption == (
        "Contributions to the change in the share of labour exploitation among registered "
        "victims of known form of exploitation, 2015 to 2016"
    )


def test_a_decomposition_shows_both_effects_and_their_sums():
    rows = [("BE", 2015, "labour", 10), ("BE", 2015, "sexual", 30), ("BE", 2016, "labour", 20),
            ("BE", 2016, "sexual", 20), ("DE", 2015, "labour", Count.not_reported())]  # fmt: skip
    result = split(divided(rows), area=None)
    sums = "Within countries: +25.0 pp. Composition (weights of countries): 0.0 pp."
    assert sums in result.footnote()
    assert result.display_table().notes[0] == sums
    frame = result.to_frame()
    assert frame["within_lower"].tolist()[0] == 0.25
    assert frame["composition_upper"].isna().tolist() == [False, True]
    data = json.loads(json.dumps(result.to_dict()))
    assert data["within"] == [{"lower": 0.25, "upper": 0.25, "undefined": False}, None]
    assert data["composition"][1] is None
    assert data["change"]["label"] == "labour, 2015 to 2016"
    assert [row.cells[0].text for row in result.display_table().rows] == [
        "BE",
        "all countries",
    ]
    assert "Not shown (not reported): DE." in result.display_table().notes


def test_forms_without_a_total_have_no_known_denominator():
    """Persons of a form without a row can exist, so that no country has a value."""
    rows = [("BE", year, form, 5) for year in YEARS for form in FORMS]
    assert split(divided(rows), area=None).change.value == Interval.point(0)
    with pytest.raises(NoSuchCell, match="A country must have data"):
        split(rows_of(rows), area=None)


def test_aggregate_without_countries_is_refused():
    table = rows_of([("EU28", year, form, 5) for year in YEARS for form in FORMS])
    with pytest.raises(NoSuchCell, match="A country must have data") as caught:
        split(table, area=None)
    assert "Use a table with rows for countries" in str(caught.value)
    assert caught.value.value == "2015"


def test_a_share_of_an_attribute_can_be_decomposed():
    rows = [("all", 2020, 100), ("police", 2020, 70), ("ngo", 2020, 30)]
    rows += [("all", 2021, 101), ("police", 2021, 60), ("ngo", 2021, 41)]
    table = CountTable.from_rows(
        rows, columns=["register", "period", "value"], kind="victims", area="FR"
    )
    years = {"base": "all", "old": 2020, "new": 2021}
    expected = Fraction(60, 101) - Fraction(70, 100)
    found = decompose(table, register="police", **years).change
    own = change(table, share={"register": "police"}, countries="all", **years)
    assert found.value == own.value == Interval.point(expected)
