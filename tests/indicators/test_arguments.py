"""Wrong arguments: each error names the argument, the value and a correct call."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import pytest

import thbstats as thb
from tests.indicators.worked_examples import table_of
from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell, ThbstatsError, UnknownName
from thbstats.publications import com_2018_777
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

OTHER_SEX = ["field 'sex', value 'other'", "add a row"]

WRONG_ARGUMENTS: list[tuple[Any, ...]] = [
    (thb.share, TEN, {**WOMEN, "base": "recorded"}, InvalidValue, ["base", "'recorded'", "known"]),
    (thb.share, TEN, {"sex": "female"}, InvalidValue, ["base", '"all", "known" or "mentions"']),
    (thb.share, TEN, {"base": "all"}, InvalidValue, ["category", 'exploitation="sexual"']),
    (thb.share, TEN, {"base": "all", "sex": "total"}, InvalidValue, ["sex", "'total'"]),
    (thb.share, TEN, {"base": "all", "sex": "unknown"}, InvalidValue, ["sex", "'unknown'"]),
    (thb.share, TEN, {"base": "all", "sex": "other"}, NoSuchCell, OTHER_SEX),
    (thb.share, TEN, {"base": "all", "sex": ["female", "male"]}, InvalidValue, ["one category"]),
    (thb.share, TEN, {"base": "all", "sex": "femal"}, UnknownName, ["sex", "femal", "female"]),
    (thb.share, TEN, {"base": "all", "colour": "red"}, UnknownName, ["colour"]),
    (thb.share, TEN, {**WOMEN, "overlap": "some"}, UnknownName, ["some"]),
    (thb.share, TEN, {**WOMEN, "area": "DE"}, NoSuchCell, ["DE", "sex", "female"]),
    (thb.share, TEN, {**WOMEN, "period": 2015}, NoSuchCell, ["2015", "sex", "female"]),
    (thb.share, TEN, {**WOMEN, "within": {"sex": "male"}}, InvalidValue, ["male", "within"]),
    (thb.share, EMPTY, WOMEN, NoSuchCell, ["no rows"]),
    (thb.share, YEARS, RECORDED, AmbiguousCell, ["period", "2015", "2016"]),
    (thb.share, MIXED, RECORDED, AmbiguousCell, ["area"]),
    (thb.share, NAMES, {**RECORDED, "area": "EU27_2020"}, AmbiguousCell, ["EU27_2020"]),
    (thb.share, STATUSES, RECORDED, AmbiguousCell, ["status"]),
    (thb.breakdown, TEN, {"base": "all", "by": []}, InvalidValue, ["by", 'by="sex"']),
    (thb.breakdown, TEN, {"base": "all", "by": "status"}, InvalidValue, ["by", "status"]),
    (thb.breakdown, TEN, {"base": "all", "by": "area"}, InvalidValue, ["by", "area"]),
    (thb.breakdown, TEN, {"base": "all", "by": "age"}, NoSuchCell, ["age", "Choose a dimension"]),
    (thb.breakdown, TEN, {"base": "all", "by": "sex", "dimensions": "age"}, InvalidValue, ["by"]),
    (thb.total, TEN, {"sex": ["female"]}, InvalidValue, ["sex", "one category"]),
    (thb.total, TEN, {"sex": "womn"}, UnknownName, ["sex", "womn", "female"]),
    (thb.total, TEN, {"age": "child"}, NoSuchCell, ["age", "child"]),
    (thb.total, TEN, {"status": "presumed"}, NoSuchCell, ["presumed"]),
    (thb.total, WOMEN_ONLY, {"sex": "male"}, NoSuchCell, ["male", "CountTable.sum"]),
    (thb.total, WOMEN_ONLY, {}, NoSuchCell, ["total", "must have a row"]),
]  # fmt: skip


@pytest.mark.parametrize(("function", "table", "arguments", "error", "words"), WRONG_ARGUMENTS)
def test_wrong_argument_is_named(
    function: Callable[..., Any],
    table: thb.CountTable,
    arguments: dict[str, Any],
    error: type[ThbstatsError],
    words: list[str],
) -> None:
    with pytest.raises(error) as caught:
        function(table, **arguments)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_named_period_and_area_remove_the_ambiguity() -> None:
    assert thb.share(YEARS, **RECORDED, period=2016).formatted == "1 of 2"
    assert thb.share(STATUSES, **RECORDED, area="BE").reporters == {"BE"}


FRAME = pd.DataFrame({"area": ["MT"], "value": [3]})
STAGES = {"numerator": {"stage": "convicted"}, "denominator": {"stage": "prosecuted"}}
WITH_A_TABLE: dict[str, Callable[[Any], object]] = {
    "association": partial(thb.association, rows="sex", columns="age"),
    "breakdown": partial(thb.breakdown, **BY_SEX),
    "change": partial(thb.change, old=2015, new=2016),
    "concentration": partial(thb.concentration, measure="herfindahl"),
    "conviction_to_prosecution": thb.conviction_to_prosecution,
    "convictions_per_100_victims": lambda data: thb.justice.convictions_per_100_victims(data, data),
    "decompose": partial(thb.decompose, old=2015, new=2016, **WOMEN),
    "disclosure_audit": thb.disclosure.disclosure_audit,
    "funnel": thb.justice.funnel,
    "grants_per_request": thb.protection.grants_per_request,
    "suppress": partial(thb.disclosure.suppress, fewer_than=5),
    "ranking": partial(thb.ranking, by="area"),
    "rate": lambda data: thb.rate(data, []),
    "ratio": partial(thb.ratio, **STAGES),
    "round_controlled": partial(thb.disclosure.round_controlled, base=5),
    "scenarios": partial(thb.sensitivity.extreme_scenarios, **BY_SEX),
    "share": partial(thb.share, **WOMEN),
    "total": thb.total,
}
OTHERS = [FRAME, None, 3, com_2018_777().data]


@pytest.mark.parametrize("data", OTHERS, ids=lambda data: type(data).__name__)
@pytest.mark.parametrize("name", WITH_A_TABLE)
def test_other_object_than_a_table_is_refused(name: str, data: object) -> None:
    with pytest.raises(
        InvalidValue, match=f"field '(table|justice|numbers)', value '{type(data).__name__}"
    ):
        WITH_A_TABLE[name](data)


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (FRAME, "from_frame"),
        (com_2018_777().data, r"\.victims, \.justice, \.cooperation"),
        (com_2018_777(), r"\.data\.victims"),
    ],
    ids=["frame", "data set", "publication"],
)
def test_hint_names_the_table(data: object, hint: str) -> None:
    with pytest.raises(InvalidValue, match=hint):
        require_table(data)
    assert require_table(TEN) is TEN


def test_write_needs_a_table(tmp_path: Any) -> None:
    with pytest.raises(InvalidValue, match="field 'data', value 'DataFrame'"):
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
    share = com_2018_777().share("ii-sexual-share")
    calls = {
        "second": lambda: thb.compare(share, other),
        "first": lambda: thb.compare(other, share),
        "numbers": lambda: thb.check(other),
    }
    calls = {**calls, "numbers of leave_out": lambda: thb.leave_out(other)}
    for name, call in calls.items():
        with pytest.raises(InvalidValue, match=f"field '{name.split()[0]}'"):
            call()


def test_compare_and_agreement_need_one_number_and_a_ranking() -> None:
    report = com_2018_777()
    panel = report.breakdown(by="exploitation", base="known")
    with pytest.raises(InvalidValue, match="field 'first'"):
        thb.compare(panel, panel["sexual"])  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="field 'other', value 'list'"):
        report.ranking("ii-top-eu-citizenships").agreement(
            ["RO", "HU"],  # type: ignore[arg-type]
            method="overlap",
        )
