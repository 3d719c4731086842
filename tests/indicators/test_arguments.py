"""Wrong arguments: each error names the argument, the value and a correct call."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import pytest

import thbstats as thb
from tests.indicators.worked_examples import counts_of, table_of
from tests.report_2018 import DATA
from tests.rows import check_rows
from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell, ThbstatsError, UnknownName
from thbstats.records import Population
from thbstats.tables import Dataset, require_table

TEN = table_of([("total", 10), ("female", 6), ("male", 4)], "sex")
YEARS = table_of([(year, sex, 1) for year in (2015, 2016) for sex in ("female", "male")],
                 "period sex")  # fmt: skip
EMPTY = thb.CountTable.from_rows([], kind="victims")
WOMEN_ONLY = table_of([("female", 5)], "sex")
MIXED = table_of([("EU28", "female", 10), ("BE", "female", 6)], "area sex")
NAMES = table_of([("EU28 without UK", "female", 10), ("EU27_2020", "female", 11)], "area sex")
STATUSES = table_of(
    [(*own, sex, 5) for own in (("BE", "registered"), ("FR", "presumed"))
     for sex in ("female", "male")],
    "area status sex",
)  # fmt: skip
WOMEN, RECORDED = {"base": "all", "sex": "female"}, {"base": "known", "sex": "female"}
BY_SEX = {"base": "all", "by": "sex"}

WRONG_ARGUMENTS: list[tuple[Any, ...]] = [
    (thb.share, TEN, {**WOMEN, "base": "recorded"}, InvalidValue, ["base", "'recorded'", "known"]),
    (thb.share, TEN, {"sex": "female"}, InvalidValue, ["base", '"all", "known" or "responses"']),
    (thb.share, TEN, {"base": "all"}, InvalidValue, ["category", 'exploitation="sexual"']),
    (thb.share, TEN, {"base": "all", "sex": "total"}, InvalidValue, ["sex", "'total'"]),
    (thb.share, TEN, {"base": "all", "sex": "unknown"}, InvalidValue, ["sex", "'unknown'"]),
    (thb.share, TEN, {"base": "all", "sex": ["female", "male"]}, InvalidValue, ["one category"]),
    (thb.share, TEN, {"base": "all", "sex": "femal"}, UnknownName, ["sex", "femal", "female"]),
    (thb.share, TEN, {"base": "all", "colour": "red"}, UnknownName, ["colour"]),
    (thb.share, TEN, {**WOMEN, "overlap": "some"}, UnknownName, ["some"]),
    (thb.share, TEN, {**WOMEN, "area": "DE"}, NoSuchCell, ["DE", "sex", "female"]),
    (thb.share, TEN, {**WOMEN, "period": 2015}, NoSuchCell, ["2015", "sex", "female"]),
    (thb.share, TEN, {**WOMEN, "where": {"sex": "male"}}, InvalidValue, ["male", "where"]),
    (thb.share, STATUSES, {**WOMEN, "status": "presumed", "where": {"status": "registered"}},
     InvalidValue, ["`status` must not have another value in `where`", "'presumed'"]),
    (thb.share, EMPTY, WOMEN, NoSuchCell, ["no rows"]),
    (thb.share, YEARS, RECORDED, AmbiguousCell, ["period", "2015", "2016"]),
    (thb.share, MIXED, RECORDED, AmbiguousCell, ["area"]),
    (thb.share, NAMES, {**RECORDED, "area": "EU27_2020"}, AmbiguousCell, ["EU27_2020"]),
    (thb.share, STATUSES, RECORDED, AmbiguousCell, ["status"]),
    (thb.breakdown, TEN, {"base": "all", "of": []}, InvalidValue, ["of", 'of="sex"']),
    (thb.breakdown, TEN, {"base": "all", "of": "status"}, InvalidValue, ["of", "status"]),
    (thb.breakdown, TEN, {"base": "all", "of": "area"}, InvalidValue, ["of", "area"]),
    (thb.breakdown, TEN, {"base": "all", "of": "age"}, NoSuchCell, ["age", "Choose a dimension"]),
    (thb.breakdown, TEN, {"base": "all", "of": ["sex", "age"]}, NoSuchCell, ["age"]),
    (thb.breakdown, TEN, {"base": "all", "by": "sex", "of": "sex"}, InvalidValue, ["by"]),
    (thb.total, TEN, {"sex": ["female"]}, InvalidValue, ["sex", "one category"]),
    (thb.total, TEN, {"sex": "womn"}, UnknownName, ["sex", "womn", "female"]),
    (thb.total, TEN, {"age": "child"}, NoSuchCell, ["age", "child"]),
    (thb.total, TEN, {"status": "presumed"}, NoSuchCell, ["presumed"]),
    (thb.total, WOMEN_ONLY, {"sex": "male"}, NoSuchCell, ["BE, 2016, sex=male", "sex female"]),
    (thb.total, WOMEN_ONLY, {}, NoSuchCell, ["BE, 2016, total", "sex female"]),
]  # fmt: skip


FORMS = ("labour", "sexual")
BY_FORM = table_of(
    [(area, year, form, n) for area, *years in (("BE", 2015, 2016), ("FR", 2015), ("UK", 2016))
     for year in years for form, n in (*((form, 5) for form in FORMS), ("total", 10))],
    "area period exploitation",
)  # fmt: skip
NEXT_TO_AREA = table_of(
    [(area, year, form, 5) for area in ("EU28", "BE") for year in (2015, 2016) for form in FORMS],
    "area period exploitation",
)  # fmt: skip
STAGES = {"numerator": {"stage": "convicted"}, "denominator": {"stage": "prosecuted"}}
STAGE_ROWS = [
    (year, stage, year % 7) for year in (2015, 2016) for stage in ("prosecuted", "convicted")
]
JUSTICE = counts_of(STAGE_ROWS, "period stage", kind="justice", unit="persons", area="BE")
CROSSED = table_of(
    [(sex, form, 9) for sex in ("female", "male") for form in FORMS], "sex exploitation"
)
CITIZENS = table_of([("RO", 40), ("NG", 12), ("eu", 53), ("unknown", 2)], "citizenship")
ORIGINS = table_of(
    [("total", 20), ("RO", 4), ("NG", 15), ("unknown", 1)], "citizenship", period=2022
)
AREAS = table_of(
    [(area, sex, 5) for area in ("UK", "FR", "DE") for sex in ("female", "male")], "area sex"
)
ALONE = AREAS.where(area="UK")
TWO = table_of([("BE", 5), ("DE", 5)], "area")
MALTA = table_of([("MT", 12)], "area", period=2020)
PEOPLE = [
    Population(area="MT", when=day, persons=514_564, source="Eurostat")
    for day in ("2020-01-01", "2021-01-01")
]
OTHERS_OF_MALTA = [
    [], *([Population(area=area, when=day, persons=n, source="Eurostat")] for area, day, n in (
        ("CY", "2020-01-01", 888_000), ("MT", "2019-01-01", 493_559),
        ("MT", "2020-01-01", thb.Count.not_reported()),
    )),
]  # fmt: skip
TWO_YEARS = {"old": 2015, "new": 2016}
WOMEN_SHARE = {"share": {"sex": "female"}}


def women_without(table: thb.CountTable, **arguments: Any) -> object:
    return thb.leave_out(thb.share(table, **RECORDED), **arguments)


def agreement(table: thb.CountTable, *, empty: str = "", **arguments: Any) -> object:
    lists = dict.fromkeys(("self", "other"), thb.ranking(table))
    return thb.indicators.Ranking.agreement(
        **{name: own.take([]) if name == empty else own for name, own in lists.items()}, **arguments
    )


CASES: list[tuple[Callable[..., object], thb.CountTable, dict[str, Any], list[Any]]] = [
    (thb.change, JUSTICE, {**TWO_YEARS, "stage": "convicted"}, [
        ({"measure": "points"}, InvalidValue, "must be"),
        ({"countries": "raw"}, InvalidValue, "must be"),
        ({"per": "month"}, InvalidValue, "must be"),
        ({"base": "all"}, InvalidValue, "change of a share"),
        (WOMEN_SHARE, InvalidValue, 'must be "all"'),
        ({**WOMEN_SHARE, "base": "all", "measure": "relative"}, InvalidValue, "measure"),
        ({"by": "period"}, InvalidValue, "must not contain 'period'"),
        ({"new": 2031}, NoSuchCell, "2031"),
        ({"old": [2013, 2015]}, InvalidValue, "must be consecutive periods"),
        ({"stage": "suspected"}, NoSuchCell, "suspected"),
        ({"sex": "female"}, NoSuchCell, "female"),
    ]),
    (thb.change, NEXT_TO_AREA, TWO_YEARS, [({}, AmbiguousCell, "area")]),
    (thb.ratio, JUSTICE, {**STAGES, "period": 2016}, [
        ({"period": None}, AmbiguousCell, "`period` must be passed", "2015, 2016", "by='period'"),
        ({"period": [2014, 2016]}, InvalidValue, "must be consecutive periods"),
        ({"period": []}, InvalidValue, "at least one period"),
        ({"period": [2014, 2015], "sex": "female"}, NoSuchCell, "female"),
        ({"stage": "suspected"}, InvalidValue, "must not name a dimension"),
        ({"by": "sex", "sex": "female"}, InvalidValue, "must not be selected and in `by`"),
        ({"by": "stage"}, InvalidValue, "must not be selected and in `by`"),
        ({"by": "sex"}, NoSuchCell, "no counts by sex", "Choose another dimension"),
        ({"by": "colour"}, UnknownName, "colour"),
        ({"colour": "red"}, UnknownName, "colour"),
        ({"area": "DE"}, NoSuchCell, "No counts for DE, 2016, convicted / prosecuted"),
        ({"per": 1000}, InvalidValue, "must be 1 or 100"),
        *(({"lag": lag}, InvalidValue, "different integers")
          for lag in ((), (1, 1), -1, (0.5,), True)),
        ({"lag": (4,)}, NoSuchCell, "4 years earlier"),
        ({"lag": 1, "period": "2016-01-01/2016-06-29"}, InvalidValue, "whole years"),
        ({"numerator": {"stage": "sentenced"}}, UnknownName, "sentenced"),
        ({"numerator": {"stage": "suspected"}}, NoSuchCell, "stage=suspected"),
        ({"numerator": {"stage": "prosecution"}}, InvalidValue, "must differ from the numerator"),
        ({"denominator": {"stage": "prosecuted", "period": 2015}}, InvalidValue, "the same period"),
    ]),
    (thb.decompose, BY_FORM, {**TWO_YEARS, "base": "known", "exploitation": "labour"}, [
        ({"new": 2017}, NoSuchCell, "2017"),
        ({"base": "some"}, InvalidValue, 'must be "all"'),
        ({"exploitation": "total"}, InvalidValue, "known category"),
        ({"old": [2014, 2016]}, InvalidValue, "period"),
        ({"area": "FR+UK", "like_for_like": True}, NoSuchCell, "with like_for_like=True"),
    ]),
    (thb.decompose, BY_FORM, {**TWO_YEARS, "base": "all"}, [
        ({}, InvalidValue, "must have a category", 'exploitation="sexual"'),
    ]),
    (thb.decompose, NEXT_TO_AREA, {**TWO_YEARS, "base": "known"}, [
        ({"exploitation": "labour"}, AmbiguousCell, "area"),
    ]),
    (thb.ranking, CITIZENS, {}, [
        *(({"by": by}, UnknownName, "must be a dimension of victims") for by in (None, [], "")),
        ({"group": "african"}, InvalidValue, "group", "african", "non_eu"),
        ({"by": "sex", "group": "eu"}, InvalidValue, "group", "eu", "citizenship"),
        ({"top": 0}, InvalidValue, "top", "0", "1 or more"),
        ({"by": "citizenship", "citizenship": "RO"}, InvalidValue, "citizenship", "`by`"),
        ({"by": "sex"}, NoSuchCell, "by", "sex", "The table has"),
        ({"by": "status"}, InvalidValue, "status", "dimension with a total"),
        ({"by": "colour"}, UnknownName, "colour"),
    ]),
    (agreement, CITIZENS, {}, [
        *(({"method": method, "empty": side, "p": "0.9"}, InvalidValue, side)
          for method in ("overlap", "kendall_tau", "rank_biased_overlap")
          for side in ("self", "other")),
        *(({"method": "rank_biased_overlap", "p": p}, InvalidValue, "between 0 and 1")
          for p in (0, 1, "1.5", "nine tenths", -1)),
        ({"top": 0}, InvalidValue, "top"),
        ({"method": "cosine"}, UnknownName, "method"),
    ]),
    (thb.association, CROSSED, {"rows": "sex"}, [
        ({"columns": "sex"}, InvalidValue, "columns", "different dimensions"),
        ({"columns": "status"}, InvalidValue, "status", "dimension with a total"),
        ({"columns": "age"}, NoSuchCell, "sex and age", "Choose a dimension"),
    ]),
    (women_without, AREAS, {}, [
        ({"size": 3}, InvalidValue, "more countries"),
        *(({"size": size}, InvalidValue, "size", "1 or more") for size in (0, True)),
        ({"groups": {"none": []}}, InvalidValue, "none", "groups"),
        ({"groups": {"all": ["UK", "FR", "DE"]}}, InvalidValue, "more countries"),
    ]),
    (women_without, ALONE, {}, [({}, InvalidValue, "more countries", "UK")]),
    (thb.leave_out, AREAS, {}, [({}, InvalidValue, "result or a panel")]),
    (thb.concentration, TWO, {"measure": "top_share"}, [
        *(({"top": n}, InvalidValue, "top", "integer of 1 or more") for n in (0, -1, True, 1.5)),
        ({"measure": "dominance", "area": "BE"}, NoSuchCell, "area", "Use a table with counts"),
    ]),
    *(
        (thb.concentration, table_of(rows, "area"), {"measure": "dominance"}, [
            ({}, NoSuchCell, "area", "Use a table with counts"),
        ])
        for rows in ([("EU28", 100)], [("BE", 100)],
                     [(area, thb.Count.not_reported()) for area in ("BE", "FR")])
    ),
    (thb.rate, MALTA, {"populations": PEOPLE}, [
        *(({"per": per}, InvalidValue, "must be 100_000 or 1_000_000")
          for per in (100, 1_000, 1_000_001)),
        ({"population_categories": {"citizenship": "eu"}}, InvalidValue, "must name sex or age",
         "'citizenship'"),
        *(({"populations": own}, NoSuchCell, "No population on 1 January 2020 in `populations`")
          for own in OTHERS_OF_MALTA),
        ({"populations": PEOPLE[:1], "population_date": "average"}, NoSuchCell,
         "average population of 2020"),
        *(({"population_date": day}, InvalidValue, "`population_date`")
          for day in ("centre", "1 July", None, 2020)),
    ]),
    *(
        (thb.rate, table_of([("MT", 12)], "area", period=period), {"populations": PEOPLE}, [
            ({}, InvalidValue, "period", f"must consist of whole years, got {period!r}"),
        ])
        for period in ("2009-04-01/2009-12-31", "not stated", "2016-02-29/2020-02-28")
    ),
    (thb.rate, table_of([("MT", 12)], "area", period=9999), {"populations": PEOPLE}, [
        ({}, InvalidValue, "period", "must end before 9999"),
    ]),
    (thb.flows, ORIGINS, {}, [
        *(({"origin": name}, InvalidValue, "must be a dimension of countries")
          for name in ("sex", "area")),
        ({"origin": "citizen"}, UnknownName, "must be a dimension of victims"),
        ({"citizenship": "RO"}, InvalidValue, "must not be the origin and selected"),
        *(({name: value}, NoSuchCell, f"no counts by citizenship for {name}={value}")
          for name, value in (("period", 1999), ("area", "FR"), ("sex", "female"))),
    ]),
    (thb.flows, ORIGINS.where(citizenship="total"), {}, [
        ({}, NoSuchCell, "no counts by citizenship. Choose"),
    ]),
]  # fmt: skip
WRONG_ARGUMENTS += [
    (function, table, {**arguments, **more}, error, words)
    for function, table, arguments, rows in CASES
    for more, error, *words in rows
]


def test_wrong_argument_is_named() -> None:
    def check(
        function: Callable[..., Any],
        table: thb.CountTable,
        arguments: dict[str, Any],
        error: type[ThbstatsError],
        words: list[str],
    ) -> None:
        with pytest.raises(error) as caught:
            function(table, **arguments)
        assert all(word in str(caught.value) for word in words), str(caught.value)

    check_rows(check, WRONG_ARGUMENTS)


def test_category_without_a_row_has_the_counts_that_the_others_leave() -> None:
    """The women and men of `TEN` make its total; the forms of `BY_FORM` make theirs."""
    other = thb.share(TEN, base="all", sex="other")
    assert (other.value, other.derived) == (thb.Interval.point(0), True)
    change = thb.decompose(BY_FORM, **TWO_YEARS, base="known", exploitation="other").change
    assert change.value == thb.Interval.point(0)


def test_named_period_and_area_remove_the_ambiguity() -> None:
    assert thb.share(YEARS, **RECORDED, period=2016).formatted == "1 of 2"
    assert thb.share(STATUSES, **RECORDED, area="BE").reporters == {"BE"}


FRAME = pd.DataFrame({"area": ["MT"], "value": [3]})
WITH_A_TABLE: dict[str, Callable[[Any], object]] = {
    "association": partial(thb.association, rows="sex", columns="age"),
    "breakdown": partial(thb.breakdown, of="sex", base="all"),
    "change": partial(thb.change, old=2015, new=2016),
    "concentration": partial(thb.concentration, measure="herfindahl"),
    "conviction_to_prosecution": thb.conviction_to_prosecution,
    "convictions_per_100_victims": lambda data: thb.justice.convictions_per_100_victims(data, data),
    "decompose": partial(thb.decompose, old=2015, new=2016, **WOMEN),
    "flows": thb.flows,
    "funnel": thb.justice.funnel,
    "grants_per_request": thb.protection.grants_per_request,
    "ranking": partial(thb.ranking, by="area"),
    "rate": lambda data: thb.rate(data, []),
    "ratio": partial(thb.ratio, **STAGES),
    "share": partial(thb.share, **WOMEN),
    "total": thb.total,
}
OTHERS = [
    (FRAME, "a DataFrame"),
    (None, "None"),
    (3, "an integer"),
    (DATA, "a Dataset"),
]


@pytest.mark.parametrize(("data", "kind"), OTHERS)
@pytest.mark.parametrize("name", WITH_A_TABLE)
def test_other_object_than_a_table_is_refused(name: str, data: object, kind: str) -> None:
    with pytest.raises(InvalidValue, match=rf"^`(table|justice|numbers)` must .*, got {kind}\. "):
        WITH_A_TABLE[name](data)


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (FRAME, "from_frame"),
        (DATA, r"\.victims, \.justice"),
    ],
    ids=["frame", "data set"],
)
def test_hint_names_the_table(data: object, hint: str) -> None:
    with pytest.raises(InvalidValue, match=hint):
        require_table(data)
    assert require_table(TEN) is TEN


def test_write_needs_a_table(tmp_path: Any) -> None:
    with pytest.raises(InvalidValue, match="`data`"):
        thb.write(FRAME, tmp_path / "a.csv")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("call", "formula"),
    [
        (lambda: thb.change(10, 20), "relative_change"),  # type: ignore[call-arg, arg-type]
        (lambda: thb.share(74, 199), "share"),  # type: ignore[call-overload]
        (lambda: thb.ratio(10, 20), "ratio"),  # type: ignore[call-overload]
        (lambda: thb.rate(12, 514_564), "ratio"),  # type: ignore[arg-type]
        (lambda: thb.concentration([3, 1], measure="herfindahl"), "herfindahl"),  # type: ignore[arg-type]
        (lambda: thb.conviction_to_prosecution(2927, 5979), "ratio"),  # type: ignore[call-overload]
        (lambda: thb.ranking(FRAME["value"]), "competition_ranks"),  # type: ignore[arg-type]
    ],
)
def test_numbers_in_place_of_a_table_are_refused_with_their_formula(
    call: Callable[[], object], formula: str
) -> None:
    with pytest.raises(InvalidValue, match="`table` must be a CountTable") as caught:
        call()
    assert caught.value.hint == f"For numbers use thbstats.formulas.{formula}"
    assert callable(getattr(thb.formulas, formula))


@pytest.mark.parametrize("other", [9759, FRAME, Dataset()], ids=lambda data: type(data).__name__)
def test_only_numbers_can_be_compared_checked_and_reduced(other: Any) -> None:
    share = thb.share(DATA.victims, exploitation="sexual", base="all")
    calls = {
        "second": lambda: thb.compare(share, other),
        "first": lambda: thb.compare(other, share),
        "numbers": lambda: thb.apply_rules(other),
    }
    calls = {**calls, "numbers of leave_out": lambda: thb.leave_out(other)}
    for name, call in calls.items():
        with pytest.raises(InvalidValue, match=f"`{name.split()[0]}`"):
            call()


def test_compare_and_agreement_need_one_number_and_a_ranking() -> None:
    panel = thb.breakdown(DATA.victims, of="exploitation", base="known")
    with pytest.raises(InvalidValue, match="`first`"):
        thb.compare(panel, panel["sexual"])  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="`other`"):
        thb.ranking(DATA.victims, by="exploitation").agreement(
            ["RO", "HU"],  # type: ignore[arg-type]
            method="overlap",
        )
