"""The categories of ``by=`` and ``where=`` are part of the name of a number in every text."""

from typing import Any

import pytest

import thbstats as thb
from tests.indicators.worked_examples import counts_of
from thbstats import CountTable
from thbstats.panel import Result
from thbstats.records import Population

ROWS = [
    (area, form, age, factor * n)
    for area, factor in (("BE", 1), ("FR", 9))
    for form, age, n in (
        ("sexual", "total", 100), ("sexual", "child", 40), ("sexual", "adult", 60),
        ("labour", "total", 50), ("labour", "child", 5), ("labour", "adult", 45),
        ("total", "total", 150), ("total", "child", 45), ("total", "adult", 105),
    )
]  # fmt: skip
TABLE = counts_of(ROWS, "area exploitation age", kind="victims", period=2020, status="registered")
PEOPLE = [
    Population(area=area, when="2020-01-01", persons=n, source="synthetic")
    for area, n in (("BE", 11_000_000), ("FR", 67_000_000))
]
ONE = {"area": "BE"}


def total_by(table: CountTable, **where: Any) -> Any:
    return thb.total(table, age="child", **where)


def share_by(table: CountTable, **where: Any) -> Any:
    return thb.share(table, age="child", base="all", **where)


def ratio_by(table: CountTable, **where: Any) -> Any:
    return thb.ratio(table, numerator={"age": "child"}, denominator={"age": "adult"}, **where)


def rate_by(table: CountTable, **where: Any) -> Any:
    return thb.rate(table, PEOPLE, age="child", **where)


def change_by(table: CountTable, **where: Any) -> Any:
    both = CountTable.concat([table, later(table)])
    return thb.change(both, old=2020, new=2021, age="child", countries="all", **where)


def later(table: CountTable) -> CountTable:
    return CountTable.from_frame(table.to_frame().assign(period="2021"), kind="victims")


BY = {
    "total": total_by,
    "ratio": ratio_by,
    "rate": rate_by,
    "change": change_by,
    "share": share_by,
}
EVERY = pytest.mark.parametrize("ask", BY.values(), ids=BY)


def forms(ask: Any, **where: Any) -> list[Result]:
    panel = ask(TABLE, by="exploitation", **{**ONE, **where})
    return [panel["sexual"], panel["labour"]]


@EVERY
def test_estimand_and_texts_name_the_category_of_by(ask: Any) -> None:
    for row, form in zip(forms(ask), ("sexual", "labour"), strict=True):
        words = {form, f"{form} exploitation"}
        assert any(word in row.estimand for word in words), row.estimand
        assert form in row.to_text().splitlines()[0]
        assert form in row.footnote().splitlines()[0]
        assert form in row.footnote().splitlines()[1]


@EVERY
def test_footnotes_and_warnings_of_a_panel_name_each_row(ask: Any) -> None:
    panel = ask(TABLE, by="exploitation", **ONE)
    heads = [note.splitlines()[0] for note in panel.footnote().split("\n\n")[:2]]
    assert len(set(heads)) == 2
    assert all(form in head for form, head in zip(panel.keys["exploitation"], heads, strict=True))


@EVERY
def test_dominance_names_the_category(ask: Any) -> None:
    for row, form in zip(forms(ask, area="BE+FR"), ("sexual", "labour"), strict=True):
        for warning in row.warnings.select("DOMINANCE"):
            assert form in warning.message


def test_dominance_names_the_category_of_within() -> None:
    result = thb.share(
        TABLE, age="child", base="all", where={"exploitation": "sexual"}, area="BE+FR"
    )
    (warning,) = result.warnings.select("DOMINANCE")
    assert warning.message.startswith("FR has 90.0% of the registered victims (sexual, child)")


@EVERY
def test_comparison_names_both_categories(ask: Any) -> None:
    first, second = forms(ask)
    comparison = thb.compare(first, second)
    assert "sexual" in comparison.label
    assert "labour" in comparison.label


def test_number_of_by_is_that_of_within() -> None:
    for row, form in zip(forms(share_by), ("sexual", "labour"), strict=True):
        alone = share_by(TABLE, where={"exploitation": form}, **ONE)
        assert row.estimand == alone.estimand
        assert row.base == alone.base
        assert thb.compare(row, alone).verdict.label == "comparable"
    first, second = forms(share_by)
    assert thb.compare(first, second).verdict.label == "not comparable"


def test_forms_are_compared_with_the_same_verdict_in_every_way() -> None:
    within = [share_by(TABLE, where={"exploitation": form}, **ONE) for form in ("sexual", "labour")]
    assert thb.compare(*within).verdict.label == "not comparable"
    assert thb.compare(*within).label == (
        "child among registered victims of labour exploitation with child among registered "
        "victims of sexual exploitation"
    )


def test_axis_and_title_of_a_plot_name_the_category() -> None:
    pytest.importorskip("matplotlib")
    panel = share_by(TABLE, by=["area", "exploitation"]).where(exploitation="sexual")
    axes = thb.plots.bars(panel)
    texts = [axes.get_xlabel(), axes.get_ylabel(), *(text.get_text() for text in axes.texts)]
    assert any("sexual exploitation" in text for text in texts)


def test_keys_that_are_in_the_label_are_not_repeated() -> None:
    panel = thb.total(TABLE, by="exploitation", **ONE)
    assert [note.splitlines()[0] for note in panel.footnote().split("\n\n")[:2]] == [
        "sexual: 100.", "labour: 50.",
    ]  # fmt: skip
    change = thb.change(
        CountTable.concat([TABLE, later(TABLE)]), old=2020, new=2021, age="child", area="BE"
    )
    heads = [note.splitlines()[0] for note in change.footnote().split("\n\n")[:2]]
    assert "as published" in heads[0]
    assert "like for like" in heads[1]
