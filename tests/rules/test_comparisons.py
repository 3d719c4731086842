"""Comparisons of two numbers and of all pairs."""

import json
import warnings
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.rules.panels import (
    Row,
    count,
    justice,
    one,
    panel,
    parts,
    printed,
    rate,
    ratio,
    share,
    victims,
)
from thbstats.errors import InvalidValue, UnknownName
from thbstats.panel import Outcome, Panel, Severity, Status, Suppression, Verdict, panel_from_rows
from thbstats.records import CountingRules
from thbstats.rules import (
    ALL,
    Comparison,
    Level,
    Pairs,
    Rule,
    ThbstatsWarning,
    Thresholds,
    WarningText,
    apply_rules,
    compare,
    compare_all,
    per_kind,
    rules_with,
    warn,
)
from thbstats.rules.comparisons import square_table
from thbstats.values import Interval

NO_VALUE: Row = {"value": None, "status": Status.NOT_REPORTED}
ROWS: tuple[Row, ...] = (
    share(680, 1000),
    share(690, 1000, area="FR"),
    share(8, 12, unknown=Interval.point(3)),
    share(680, 1000, "EU28", "2015-2016", rule="all", unknown=Interval.point(150)),
    share(
        680, 1000, "EU28", "not stated", numerator_kind=victims(""), reporters=None, unknown=None
    ),
    share(60, 100, "UK+FR", parts=parts(UK=(50, 10), FR=(10, 30))),
    share(50, 60, "UK+FR", "2016", parts=parts(UK=(50, 10)), reporters={"UK"}),
    printed("56", rule="not_stated", area="EU28", reporters=None, n_reporters=3),
    printed("57", unknown=Interval.point(5)),
    ratio(2_927, 5_979, "EU28", "2015-2016"),
    ratio(
        135,
        2,
        numerator_kind=justice("prosecuted", "prosecutions"),
        denominator_kind=justice("suspected"),
    ),
    ratio(3, 4, numerator_kind=justice("", "", ""), denominator_kind=justice("", "", "")),
    rate("FR"),
    count(20_532),
    count(
        Interval(90, 99),
        suppression=Suppression(cells=2, areas=frozenset({"BE"}), counts=Interval(0, 9)),
    ),
    count(Interval.at_least(3), "EU28", **NO_VALUE),
)
rows = st.sampled_from(ROWS)
several = st.lists(rows, min_size=3, max_size=4)


def always(
    code: str, outcome: str = "fail", severity: str = "caution", scope: str = "pair", **more: Any
) -> Rule:
    """Return a rule with one outcome."""
    result = Outcome(outcome).code
    return Rule(
        code=code,
        title="A rule of a test",
        scope=scope,  # type: ignore[arg-type]
        check=lambda numbers, _limits: np.full(len(numbers), result, dtype=np.int8),
        severity=Severity(severity),
        text=lambda *_: WarningText(message=f"{code} applies", hint="None"),
        definition="Never.",
        trigger="Always.",
        source="This test",
        **more,
    )


BLOCKING, CAUTION = always("BLOCKS", severity="blocking"), always("CAUTIONS")
NOTE, PASSES = always("NOTES", severity="note"), always("PASSES", "pass")
ESSENTIAL = always("ESSENTIAL", "not_assessable", essential=True)
OPEN = always("OPEN", "not_assessable", severity="blocking")
WEIGHTY = always("WEIGHTY", scope="number", affects_pairs=True)
LIGHT = always("LIGHT", severity="note", scope="number", affects_pairs=True)
ALONE = always("ALONE", severity="blocking", scope="number")


@pytest.mark.parametrize(
    ("applied", "verdict"),
    [
        ([], "comparable"),
        ([PASSES], "comparable"),
        ([NOTE, OPEN], "comparable"),
        ([CAUTION, NOTE, OPEN], "with_caution"),
        ([ESSENTIAL, CAUTION], "not_assessable"),
        ([BLOCKING, ESSENTIAL, CAUTION], "not_comparable"),
        ([WEIGHTY], "with_caution"),
        ([LIGHT], "comparable"),
        ([ALONE], "comparable"),
    ],
)
def test_most_severe_level_decides_the_verdict(applied: list[Rule], verdict: str) -> None:
    for order in (applied, applied[::-1]):
        result = compare(one(count(1)), one(count(2)), rules=iter(order))
        assert result.verdict == verdict
        assert set(result.warnings.codes) <= {rule.code for rule in applied}


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        (share(680, 1000), share(1390, 2000, period="2016"), "comparable"),
        (count(1000), count(1100, period="2016"), "comparable"),
        (count(1000), count(1100, period="2015-2016"), "not_comparable"),
        (share(680, 1000), share(680, 1100, rule="all"), "not_comparable"),
        (share(680, 1000), share(680, 1100, rule="not_stated"), "not_assessable"),
        (printed("56"), printed("56"), "with_caution"),
        (count(900), count(900, numerator_kind=victims(unit="")), "not_assessable"),
        (count(900), count(900, "FR"), "with_caution"),
        (share(680, 1000), share(6, 12, period="2016"), "with_caution"),
        (share(680, 1000), share(680, 1000, period="2016", **NO_VALUE), "not_assessable"),
        (count(900), share(680, 1000, **NO_VALUE), "not_assessable"),
    ],
)
def test_rules_of_the_library_give_the_expected_verdict(
    first: Row, second: Row, verdict: str
) -> None:
    for pair in ((first, second), (second, first)):
        assert compare(*panel(*pair)).verdict == verdict
        assert compare(*apply_rules(panel(*pair))).verdict == verdict


def test_countries_without_documented_rules_are_comparable_with_caution_at_best() -> None:
    numbers = panel(*(share(680, 1000, area=area) for area in ("BE", "FR", "DE")))
    result = compare_all(numbers)
    assert result.counts()[Verdict.WITH_CAUTION] == 3
    assert set(result.to_frame()["warnings"]) == {"DEFINITION"}
    warning = result.pair(0, 1).warnings.select("DEFINITION")[0]
    assert (warning.outcome, warning.severity) == ("fail", "caution")
    assert "BE and FR" in warning.message
    documents = [
        CountingRules(about="victims", reporter=area, moment="referral", source="A ministry")
        for area in ("BE", "FR", "DE")
    ]
    documented = compare_all(numbers, rules=rules_with(documents))
    assert documented.counts()[Verdict.COMPARABLE] == 3


def test_warnings_of_numbers_at_caution_enter_the_verdict() -> None:
    first, second = share(8, 12), share(680, 1000, period="2016")
    result = compare(*panel(first, second))
    assert result.verdict is Verdict.WITH_CAUTION
    assert "denominator is 12" in result.warnings.select("SMALL_DENOMINATOR")[0].message
    checked = compare(*apply_rules(panel(first, second)))
    assert len(checked.warnings.select("SMALL_DENOMINATOR")) == 1
    frame = compare_all(apply_rules(panel(first, second))).to_frame()
    assert frame["warnings"].tolist() == ["SMALL_DENOMINATOR"]
    lax = Thresholds(small_caution=5)
    assert compare(*panel(first, second), thresholds=lax).verdict is Verdict.COMPARABLE
    assert compare(*apply_rules(panel(first, second)), thresholds=lax).verdict is Verdict.COMPARABLE


def test_numbers_with_other_rules_or_thresholds_are_judged_with_those_of_the_comparison() -> None:
    rows = panel(share(8, 12), share(680, 1000, period="2016"))
    coverage = apply_rules(rows, rules=[rule for rule in ALL if rule.code == "COVERAGE"])
    assert compare(*coverage).verdict is Verdict.WITH_CAUTION
    lax = apply_rules(rows, thresholds=Thresholds(small_caution=5))
    assert compare(*lax).verdict is Verdict.WITH_CAUTION
    own = Rule(
        code="OWN",
        title="Own rule",
        scope="number",
        check=lambda numbers, _: -np.ones(len(numbers), np.int8),
        severity="caution",
        affects_pairs=True,
        text=lambda *_: WarningText(message="own"),
        definition="d",
        trigger="t",
        source="s",
    )
    for numbers in (rows, apply_rules(rows)):
        result = compare(*numbers, rules=[*ALL, own])
        assert "OWN" in result.warnings.codes
    assert "OWN" in compare_all(apply_rules(rows), rules=[*ALL, own]).to_frame()["warnings"][0]


def test_a_rule_on_the_kind_of_a_number_is_asked_once_per_kind() -> None:
    asked = []

    def is_of_victims(number: thb.Result) -> Outcome | bool:
        asked.append(number)
        return Outcome.FAIL if number.numerator_kind.kind == "victims" else True

    rows = panel(share(8, 12), ratio(24, 374), share(9, 12), ratio(30, 374))
    own = evolve(
        always("OWN", scope="number"),
        check=lambda numbers, _limits: per_kind(numbers, ["numerator_kind"], is_of_victims),
    )
    judged = apply_rules(rows, rules=[own])
    assert [number.warnings.codes for number in judged] == [("OWN",), (), ("OWN",), ()]
    assert len(asked) == 2


def test_breaks_within_a_longer_period_stay_in_the_nearest_pair() -> None:
    def nearest(*rows: tuple[str, int], **category: str) -> thb.rules.Comparison:
        table = thb.CountTable.from_rows(
            [(period, category.get("citizenship", "total"), n) for period, n in rows],
            columns=["period", "citizenship", "value"],
            kind="victims",
            area="FR",
            status="registered",
        )
        return compare(*(thb.total(table, period=period, **category) for period, _ in rows))

    # The directive of 2024 applies from 15 July 2026, and the EU has other members from 2020.
    for result in (
        nearest(("2023", 100), ("2025-2026", 420)),
        nearest(("2016", 100), ("2019-2020", 420), citizenship="eu"),
    ):
        assert result.nearest is not None
        assert result.nearest.second == Interval.point(210)
        assert result.nearest.removes == ("PERIOD",)
        assert result.nearest.verdict is Verdict.WITH_CAUTION
    plain = nearest(("2013", 100), ("2015-2016", 420)).nearest
    assert plain is not None
    assert plain.verdict is Verdict.COMPARABLE


def test_wrong_rules_and_outcomes_are_named() -> None:
    rows: Any = panel(share(8, 12), share(680, 1000, period="2016"))
    rule: Any = ALL[0]
    for call in (compare, compare_all, apply_rules):
        arguments = tuple(rows) if call is compare else (rows,)
        with pytest.raises(InvalidValue, match="`rules` must contain rules"):
            call(*arguments, rules=rule)
    belgium = CountingRules(about="victims", reporter="BE", moment="referral", source="Ministry")
    documents: Any
    for documents in ([{"about": "victims"}], "x", belgium):
        with pytest.raises(InvalidValue, match="`documents` must contain counting rules"):
            rules_with(documents)
    with pytest.raises(UnknownName, match="`outcome` must be an outcome"):
        compare_all(rows).where("PERIOD", "bogus")


def test_panel_without_numbers_has_no_pairs() -> None:
    empty = panel(share(8, 12)).take(np.array([], dtype=np.intp))
    assert len(compare_all(empty)) == 0


def test_numbers_with_different_rules_are_judged_again() -> None:
    first, second = one(share(8, 12)), one(share(680, 1000, period="2016"))
    for pair in (
        (apply_rules(first, rules=[]), apply_rules(second)),
        (apply_rules(first, rules=[ALONE]), second),
    ):
        result = compare(*pair)
        assert result.verdict is Verdict.WITH_CAUTION
        assert "SMALL_DENOMINATOR" in result.warnings.codes
    assert "ALONE" in result.warnings.codes


def test_many_keys_are_found_for_few_pairs() -> None:
    numbers = panel(*(count(900, period=str(1900 + i)) for i in range(100)))
    pairs = Pairs(numbers, np.array([3, 5, 3]), np.array([4, 5, 4]))
    keys = pairs.keys(["period"], lambda number: str(number.period))
    assert pairs.by_key(keys, lambda a, b: a == b).tolist() == [0, 1, 0]
    assert pairs.take([1]).by_key(keys, lambda a, b: a == b).tolist() == [1]


def test_a_check_has_one_outcome_per_number() -> None:
    wrong = evolve(ALONE, check=lambda *_: np.ones(3, dtype=np.int8))
    with pytest.raises(InvalidValue, match="must return one outcome"):
        apply_rules(panel(count()), rules=[wrong])
    with pytest.raises(InvalidValue, match="must be a Panel or a Result"):
        apply_rules(3)  # type: ignore[type-var]


def test_a_number_without_a_value_has_its_reason() -> None:
    result = compare(one(count(5)), one(count(Interval.at_least(3), **NO_VALUE)))
    assert result.verdict is Verdict.NOT_ASSESSABLE
    assert result.warnings.select("NO_VALUE")[0].evidence == (("second", "not reported"),)
    assert result.difference == Interval(-2, None)
    other = compare(one(count(5)), one(share()))
    assert (other.difference, other.formatted) == (None, "no difference")


@given(several, st.booleans())
def test_all_pairs_equal_each_pair(chosen: list[Row], checked: bool) -> None:
    numbers = apply_rules(panel(*chosen)) if checked else panel(*chosen)
    result = compare_all(numbers)
    frame = result.to_frame()
    for i, (verdict, texts) in enumerate(zip(frame["verdict"], frame["warnings"], strict=True)):
        a, b = int(result.first[i]), int(result.second[i])
        alone = compare(numbers.row(a), numbers.row(b))
        assert alone.verdict == verdict
        reasons = set(filter(None, texts.split(", ")))
        assert reasons <= set(alone.warnings.codes)
        assert {w.code for w in alone.warnings if w.scope == "pair"} <= reasons
        again = result.pair(a, b)
        assert (again.verdict, again.warnings) == (alone.verdict, alone.warnings)
        assert again.nearest == alone.nearest


@given(rows, rows)
def test_order_of_two_numbers_only_reverses_the_difference(a: Row, b: Row) -> None:
    forth, back = compare(one(a), one(b)), compare(one(b), one(a))
    assert forth.verdict is back.verdict
    if a["kind"] is not b["kind"]:
        assert forth.difference is back.difference is None
        assert forth.verdict in (Verdict.NOT_COMPARABLE, Verdict.NOT_ASSESSABLE)
    else:
        assert forth.difference is not None
        assert back.difference is not None
        assert forth.difference == Interval.point(0) - back.difference


def test_data_of_a_comparison_contain_both_numbers_and_the_verdict() -> None:
    first, second = one(share(60, 100)), one(share(680, 1000, "FR"))
    data = compare(first, second).to_dict()
    assert (data["first"], data["second"]) == (first.to_dict(), second.to_dict())
    assert data["verdict"] == str(compare(first, second).verdict)
    assert data["difference"]["lower"] == pytest.approx(0.08)


@given(rows, rows)
def test_every_warning_is_one_sentence_with_a_hint(a: Row, b: Row) -> None:
    numbers = apply_rules(panel(a, b))
    result = compare(*numbers)
    assert not any(item.is_limitation for item in result.warnings)
    assert all(item.is_limitation for item in result.limitations)
    for number in numbers:
        assert set(number.warnings) <= set(result.warnings)
    assert len(set(result.warnings)) == len(result.warnings)
    for item in (*result.warnings, *result.limitations):
        assert item.message
        assert not item.message.endswith(".")
        assert item.hint
        assert item.title
        assert len(item.title.split()) <= 5
    assert json.loads(json.dumps(result.to_dict()))["verdict"] == str(result.verdict)
    assert result.verdict.label in result.footnote()
    assert result.display_table().rows


# --- the nearest comparable pair --------------------------------------------------------------

COUNTRIES = ("BE", "DE", "FR", "IT")
counts = st.tuples(*[st.integers(1, 60)] * 2)


def made_of(period: str, kind: str, members: dict[str, Any], reporters: set[str]) -> Row:
    """Return a number over countries of which some reported."""
    own = parts(kind, [name in reporters for name in members], **members)
    chosen = own.reported
    numerator, base = own.numerator.total(chosen), own.base.total(chosen)
    value = own.value(chosen)
    fields: Row = {"value": value, "bounds": value, "parts": own, "reporters": reporters}
    area = "+".join(members)
    if kind == "share":
        return share(numerator, base, area, period, **fields)
    return ratio(numerator, base, area, period, **fields)


@given(
    st.sampled_from(["share", "ratio"]),
    st.lists(st.tuples(counts, counts), min_size=2, max_size=4),
    st.data(),
)
def test_nearest_pair_equals_a_recomputation_over_the_shared_countries(
    kind: str, figures: list[tuple[tuple[int, int], tuple[int, int]]], data: st.DataObject
) -> None:
    names = COUNTRIES[: len(figures)]
    sets = [data.draw(st.sets(st.sampled_from(names), min_size=1)) for _ in range(2)]
    sides = [
        {name: own[side] for name, own in zip(names, figures, strict=True)} for side in range(2)
    ]
    pair = [one(made_of(str(2015 + side), kind, sides[side], sets[side])) for side in range(2)]
    result = compare(*pair, thresholds=Thresholds(coverage=1, small_caution=0))
    common = sets[0] & sets[1]

    def expected(side: int) -> Interval:
        above, below = (sum(sides[side][name][i] for name in common) for i in range(2))
        return Interval.point(Fraction(above, above + below if kind == "share" else below))

    if sets[0] == sets[1] or not common:
        assert result.nearest is None
    else:
        assert result.nearest is not None
        assert set(result.nearest.countries) == common
        assert (result.nearest.first, result.nearest.second) == (expected(0), expected(1))
        assert "COVERAGE" in result.nearest.removes


def test_reporters_are_made_equal() -> None:
    first = made_of("2015", "ratio", {"BE": (200, 1000), "DE": (300, 900)}, {"BE", "DE"})
    second = made_of("2016", "ratio", {"BE": ((220, 240), 1000), "DE": (0, 1)}, {"BE"})
    result = compare(*panel(first, second)).nearest
    assert result is not None
    assert (result.first, result.second) == (
        Interval.point(Fraction(1, 5)),
        Interval(Fraction(22, 100), Fraction(24, 100)),
    )
    assert (result.made_equal, result.removes) == (("reporters",), ("COVERAGE",))
    assert result.countries == ("BE",)
    assert result.to_dict()["made_equal"] == ["reporters"]
    assert "over 1 country; made equal: reporters; removes COVERAGE" in repr(result)


def test_bases_are_made_equal_by_the_unknown_category() -> None:
    everyone = share(600, 1000, rule="all", unknown=Interval.point(200))
    result = compare(*panel(everyone, share(500, 800))).nearest
    assert result is not None
    assert result.first == Interval.point(Fraction(600, 800))
    assert result.second == Interval.point(Fraction(500, 800))
    assert result.made_equal == ("base",)
    assert "BASE" in result.removes


def test_counts_of_different_periods_are_compared_per_year() -> None:
    pair = count(20_532, period="2015-2016"), count(9_000, period="2017")
    comparison = compare(*panel(*pair))
    result = comparison.nearest
    assert result is not None
    assert f"Nearest comparable pair: {result.footnote()}" in comparison.footnote()
    assert (result.first, result.second) == (Interval.point(10_266), Interval.point(9_000))
    assert (result.made_equal, result.removes) == (("period length",), ("PERIOD",))
    assert "per year" in result.footnote()


def test_a_number_is_rounded_as_the_published_one() -> None:
    def same_width(pairs: Any, _limits: Thresholds) -> Any:
        value = pairs.panel.value
        width = np.round(value.upper - value.lower, 9)
        return np.where(width[pairs.first] == width[pairs.second], 1, -1).astype(np.int8)

    rule = evolve(always("ROUND"), check=same_width)
    result = compare(*panel(printed("56"), share(5741, 10_000)), rules=[rule]).nearest
    assert result is not None
    assert result.second == Interval(Fraction(565, 1000), Fraction(575, 1000))
    both = compare(*panel(printed("56.0"), printed("58")), rules=[rule]).nearest
    assert both is not None
    assert both.first == Interval(Fraction(555, 1000), Fraction(565, 1000))
    absent = share(1, 2, **NO_VALUE)
    assert compare(*panel(printed("56"), absent), rules=[rule]).nearest is None


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (count(900), count(901, period="2016"), "the two numbers are comparable"),
        (count(900), share(), "no property of the two numbers can be made equal"),
        (
            share(600, 1000, rule="all", unknown=None),
            share(500, 800),
            "no property of the two numbers can be made equal",
        ),
        (count(9, period="2015-2016"), count(9, period="2016"), None),
        (
            printed("56"),
            share(563, 1000),
            "the properties that can be made equal remove no warning",
        ),
    ],
)
def test_there_is_a_reason_without_a_nearest_pair(
    first: Row, second: Row, reason: str | None
) -> None:
    result = compare(*panel(first, second))
    assert result.nearest is None
    assert result.no_nearest == reason or (reason is None and result.no_nearest)


def test_rules_that_still_apply_are_named() -> None:
    pair = share(600, 1000, rule="all", unknown=Interval.point(200)), share(500, 800)
    result = compare(*panel(*pair), rules=[*ALL, BLOCKING])
    assert result.no_nearest == "BLOCKS still apply"


# --- all pairs ----------------------------------------------------------------------------------


def grid() -> Panel:
    keys = [("BE", "2015"), ("BE", "2016"), ("FR", "2015"), ("FR", "2016")]
    numbers = [share(680, 1000, area, period) for area, period in keys]
    return panel_from_rows(
        "women",
        numbers,
        {"area": [area for area, _ in keys], "period": [period for _, period in keys]},
    )


def test_keys_of_a_panel_are_the_names_and_choose_pairs() -> None:
    result = compare_all(grid(), pairs="one_dimension")
    assert result.names == ("BE, 2015", "BE, 2016", "FR, 2015", "FR, 2016")
    assert list(zip(result.first, result.second, strict=True)) == [(0, 1), (0, 2), (1, 3), (2, 3)]
    square = result.square()
    assert (square == square.T).all()
    assert square[0, 3] == -1
    assert result.matrix().loc["BE, 2015", "FR, 2015"] == "comparable with caution: DEFINITION"
    assert result.pair("BE, 2015", "BE, 2016").verdict is Verdict.COMPARABLE


def test_results_are_named_by_the_properties_that_differ() -> None:
    result = compare_all([one(count(900)), one(count(900, "FR")), one(count(900, "FR"))])
    assert result.names == ("BE", "FR", "FR (2)")
    assert len(result) == 3


def test_pairs_are_counted_by_rule_and_found_by_outcome() -> None:
    result = compare_all(grid())
    assert result.tally()["DEFINITION"]["caution"] == 4
    assert result.where("DEFINITION").sum() == 4
    assert result.where("DEFINITION", "not_assessable").sum() == 0
    assert result.where("REGISTERING_BODY", "not_assessable").sum() == 4
    assert "DEFINITION (Counting rules not documented): 4 caution" in result.footnote()
    assert json.loads(json.dumps(result.to_dict()))["pairs"][0]["verdict"] == "comparable"
    assert "4 numbers, 6 pairs" in repr(result)
    assert "letters" in str(result.display_table().notes)


def test_a_sheet_of_many_numbers_counts_pairs_by_rule() -> None:
    numbers = panel(*(count(900 + i, period=str(1960 + i)) for i in range(41)))
    sheet = compare_all(numbers, rules=[CAUTION]).display_table()
    assert list(sheet.notes) == ["Number of pairs by rule and level."]
    assert "820" in str(sheet.rows)


def test_more_rules_than_bits_keep_the_reasons_apart() -> None:
    many = [always(f"R{i}") for i in range(100)]
    result = compare_all(panel(count(1), count(2), count(3)), rules=many)
    assert result.to_frame()["warnings"].tolist() == [", ".join(rule.code for rule in many)] * 3


def test_reasons_after_z_have_two_letters() -> None:
    kinds = [(Verdict.WITH_CAUTION, f"R{i}") for i in range(28)]
    titles = {code: f"Rule {code}" for _, code in kinds}
    sheet = square_table("verdicts", ["BE"], [*kinds, (Verdict.COMPARABLE, "")], [[28]], titles)
    assert sheet.notes[1] == "a: R0 (Rule R0)."
    assert sheet.notes[-2:] == ("aa: R26 (Rule R26).", "ab: R27 (Rule R27).")
    assert "yes" in str(sheet.rows[0])


def test_one_number_has_no_pair() -> None:
    result = compare_all(panel(count(1)))
    assert len(result) == 0
    assert result.square().tolist() == [[-1]]
    assert len(result.to_frame()) == 0
    assert result.levels.max(initial=Level.PASS) == Level.PASS


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(InvalidValue, match="one_dimension"):
        compare_all(grid(), pairs="some")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="by="):
        compare_all([1, 2])  # type: ignore[list-item]
    with pytest.raises(InvalidValue, match="Panel"):
        compare_all(3)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="rows"):
        compare(grid(), one(count()))  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="indicator"):
        compare(one(count()), 3)  # type: ignore[arg-type]
    result = compare_all(grid())
    with pytest.raises(UnknownName, match="BE, 2015"):
        result.pair("BE, 2051", 0)
    with pytest.raises(UnknownName, match="DEFINITION"):
        result.where("DEFINITIONS")


# --- Python warnings ----------------------------------------------------------------------------


def issued(source: Any) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warn(source)
    assert all(item.category is ThbstatsWarning for item in caught)
    assert all(item.filename == __file__ for item in caught)
    return [str(item.message) for item in caught]


def test_only_warn_issues_python_warnings() -> None:
    numbers = apply_rules(panel(share(8, 10), share(9, 10)))
    pair: Comparison = compare(*numbers)
    for source in (numbers.row(0), numbers, pair):
        assert issued(source) == [str(item) for item in source.warnings]
        assert any(text.startswith("SMALL_DENOMINATOR") for text in issued(source))
    assert len(issued(pair.warnings.select("SMALL_DENOMINATOR"))) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error", ThbstatsWarning)
        with pytest.raises(ThbstatsWarning, match="denominator is 10"):
            warn(pair)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert pair.footnote()
        assert pair.to_frame().shape[0] == 1
        assert str(pair)
        assert repr(pair).endswith("comparable with caution; SMALL_DENOMINATOR>")
        assert pair.to_markdown()
    assert caught == []


def test_numbers_of_one_category_are_named_by_what_they_count() -> None:
    rows = [("total", 100), ("female", 3)]
    place = {"columns": ["sex", "value"], "area": "FR", "period": 2020}
    victims = thb.CountTable.from_rows(rows, kind="victims", **place)
    convicted = thb.CountTable.from_rows(rows, kind="justice", stage="convicted", **place)
    women = [thb.total(table, sex="female") for table in (victims, convicted)]
    assert compare(*women).label == "convictions (women and girls) with victims (women and girls)"
