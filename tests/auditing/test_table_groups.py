"""Rows that belong together: parts and their total, percentages and 100, ranks and an order."""

from fractions import Fraction
from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.auditing.rounded import WAYS, digits_of, printed
from tests.rows import check_rows
from thbstats.auditing import Check, TableAudit, audit


def answers(result: TableAudit) -> dict[tuple[str, str], str]:
    return {(item.group, str(item.check)): str(item.verdict) for item in result.groups}


def parts(counts: list[object], texts: list[str], **more: object) -> pd.DataFrame:
    columns = {"numerator": counts, "denominator": "", "printed": texts, "group": "forms"}
    return pd.DataFrame(columns | more).astype(object)


def total(table: pd.DataFrame, count: object, text: str = "") -> pd.DataFrame:
    last = {"numerator": count, "denominator": "", "printed": text, "group": "forms"}
    kinds = ["share"] * len(table) + ["total"]
    return pd.concat([table, pd.DataFrame([last])], ignore_index=True).assign(kind=kinds)


def test_parts_make_their_total_or_not(worded):
    sentences: dict[str, str] = {}

    def check(counts, whole, verdict):
        result = audit(total(parts(counts, [""] * len(counts)), whole))
        (group,) = result.groups
        assert (group.check, str(group.verdict)) == (Check.PARTS, verdict)
        last = list(result)[-1]
        assert (last.kind, str(last.verdict), last.message) == ("total", verdict, group.message)
        sentences[f"{counts} of {whole}"] = group.message

    forms = [2886, 817, 657]
    rows = [
        (forms, 4360, "confirmed"),
        (forms, 4858, "contradicted"),
        ([5, 6], 12, "contradicted"),
        ([5, 6], 10, "contradicted"),
        (["<5", 6], 8, "consistent"),
        (["<5", 6], 11, "contradicted"),
        (["", 6], 11, "not_assessable"),
        (["", 12], 11, "contradicted"),
        ([1] * 9, 9, "confirmed"),
    ]
    check_rows(check, rows)
    worded(**sentences)


def test_a_base_that_all_parts_state_is_their_whole():
    table = parts([1, 2, 3], ["17", "33", "50"]).assign(denominator=6)
    assert answers(audit(table)) == {
        ("forms", "parts"): "confirmed",
        ("forms", "percentages"): "consistent",
    }
    assert ("forms", "parts") not in answers(audit(table.assign(denominator=[6, 6, 7])))


def test_the_total_is_a_base_for_parts_that_state_none(worded):
    table = total(parts([2886, 817], ["59", "17"]), 4858)
    first = next(iter(audit(table)))
    assert first.bases == ("the total",)
    assert str(first.verdict) == "consistent"
    worded(first.message)


def test_without_groups_one_total_is_that_of_all_shares():
    table = total(parts([1, 2], ["", ""]), 3).drop(columns="group")
    assert answers(audit(table)) == {("all rows", "parts"): "confirmed"}


def test_a_total_is_a_hundred_per_cent_of_itself(worded):
    right, wrong = (
        list(audit(total(parts([1, 2], ["", ""]), 3, text)))[-1] for text in ("100%", "99%")
    )
    assert str(right.verdict) == "confirmed"
    assert str(wrong.verdict) == "contradicted"
    worded(wrong.message)


def test_a_total_without_parts_is_not_assessable(worded):
    table = pd.DataFrame({"numerator": [3], "printed": [""], "kind": ["total"], "group": ["x"]})
    result = audit(table)
    assert answers(result) == {("x", "parts"): "not_assessable"}
    worded(next(iter(result)).message)


def test_a_total_has_one_group_of_its_own():
    table = pd.DataFrame({"numerator": [3, 4], "printed": "", "kind": "total", "group": ""})
    with pytest.raises(ValueError, match="belongs to no group"):
        audit(table)
    first, second = audit(table.assign(group="x"))
    assert first.problem == ""
    assert "a second total of the same group" in second.problem


def rounded_parts(counts: list[int], decimals: int) -> list[str]:
    base = sum(counts)
    return [
        printed(digits_of(Fraction(n, base) * 100 * 10**decimals, WAYS[0]), decimals)
        for n in counts
    ]


@pytest.mark.parametrize("base", ["", 10_000])
def test_rounding_does_not_explain_a_gap_that_a_wrong_percentage_makes(base, worded):
    """36 percentages, of which one is 1.6 points below that of its count."""
    counts = [250] * 34 + [1000, 500]
    texts = rounded_parts(counts, 1)
    assert texts[34] == "10.0 %"
    texts[34] = "8.4%"
    table = parts(counts, texts).assign(denominator=base, id=[f"c{index}" for index in range(36)])
    result = audit(table)
    (group,) = (item for item in result.groups if item.check is Check.PERCENTAGES)
    # Without counts, 36 roundings of 0.05 points could explain the 1.6 that are missing.
    assert str(group.verdict) == "contradicted"
    worded(group.message)
    alone = audit(parts([""] * 36, texts))
    assert answers(alone) == {("forms", "percentages"): "consistent"}


@given(st.lists(st.integers(0, 60), min_size=2, max_size=8), st.integers(0, 1))
def test_percentages_of_known_counts_are_never_contradicted_by_their_sum(counts, decimals):
    if base := sum(counts):
        table = parts(counts, rounded_parts(counts, decimals))
        for values in ("", base):
            result = answers(audit(table.assign(denominator=values)))
            assert result["forms", "percentages"] == "consistent"


def test_percentages_of_another_base_are_not_compared_with_counts():
    """56, 26 and 18% are of those with a recorded form, and 9,759 stands beside all victims."""
    table = total(parts([9759, 4577, 3064, 30], ["56", "26.3", "18", "0"]), 20_532)
    assert answers(audit(table))["forms", "percentages"] == "consistent"


def test_percentages_make_100_within_what_rounding_allows(worded):
    def check(texts, verdict):
        (group,) = audit(parts([""] * len(texts), texts)).groups
        assert (group.check, str(group.verdict)) == (Check.PERCENTAGES, verdict)
        worded(group.message)

    rows = [
        (["56", "26", "18"], "consistent"),
        (["65", "15", "20", "1"], "consistent"),
        (["60", "15", "20"], "contradicted"),
        (["33.3", "33.3", "33.3"], "consistent"),
        (["33.3", "33.3", "32"], "contradicted"),
        (["56", "", "18"], "consistent"),
        (["86", "", "18"], "contradicted"),
        (["101", "0", "0", "0"], "contradicted"),
        (["50.5", "49.5"], "consistent"),
    ]
    check_rows(check, rows)


def test_percentages_of_a_small_base_need_whole_numbers_that_make_it(worded):
    table = parts(["", "", ""], ["33", "33", "33"]).assign(denominator=3)
    assert answers(audit(table))["forms", "percentages"] == "consistent"
    # Of 2, 50% is one; of 4 no whole number is 33%.
    table = parts(["", ""], ["33", "67"]).assign(denominator=4)
    result = audit(table)
    assert answers(result)["forms", "percentages"] == "contradicted"
    worded(result.groups[-1].message)


@given(
    st.lists(st.integers(0, 60), min_size=2, max_size=6), st.sampled_from(WAYS), st.integers(0, 1)
)
def test_true_parts_printed_in_one_way_make_100_under_it(counts, way, decimals):
    base = sum(counts)
    if base:
        unit = 100 * 10**decimals
        texts = [printed(digits_of(Fraction(n, base) * unit, way), decimals) for n in counts]
        table = total(parts(counts, texts), base)
        result = answers(audit(table, rounding=way))
        assert result == {("forms", "parts"): "confirmed", ("forms", "percentages"): "consistent"}


@given(st.lists(st.integers(0, 100), min_size=2, max_size=4), st.sampled_from(WAYS))
def test_percentages_are_contradicted_only_where_no_true_shares_print_so(digits, way):
    texts = [printed(item, 0) for item in digits]
    result = answers(audit(parts([""] * len(texts), texts), rounding=way))
    if result["forms", "percentages"] == "contradicted":
        # Shares in halves and thirds of a unit: none that print so make the whole.
        units = [[6 * item + step for step in range(-6, 7)] for item in digits[:-1]]
        for shares in product(*units):
            last = 600 - sum(shares)
            true = [Fraction(item, 6) for item in (*shares, last)]
            if min(true) >= 0:
                assert [digits_of(item, way) for item in true] != digits


def ranked(ranks: list[object], counts: list[object], texts: list[str]) -> pd.DataFrame:
    names = [chr(ord("a") + position) for position in range(len(ranks))]
    return pd.DataFrame(
        {"id": names, "rank": ranks, "numerator": counts, "denominator": "", "printed": texts}
    ).astype(object)


def test_ranks_follow_the_counts_or_else_the_percentages(worded):
    def check(ranks, counts, texts, verdict):
        (group,) = audit(ranked(ranks.split(" "), counts, texts or [""] * len(counts))).groups
        assert (group.check, str(group.verdict)) == (Check.RANKS, verdict)
        worded(group.message)

    rows = [
        ("1 2 3", [9, 5, 4], [], "confirmed"),
        ("1 2 3", [9, 5, 5], [], "consistent"),
        ("=1 1= 3.", [9, 9, 5], [], "confirmed"),
        ("1 3 2", [9, 5, 4], [], "contradicted"),
        ("1 1", [8, 9], [], "contradicted"),
        ("1 2", [5, 9], ["60", "40"], "confirmed"),
        ("1 2", ["", 9], ["60", "40"], "confirmed"),
        ("1 2", [5, 9], ["40", "60"], "contradicted"),
        ("1 2", [9, "<5"], [], "confirmed"),
        ("1 2", ["", 9], ["", "40"], "not_assessable"),
        ("2 1", ["", ""], ["40", "39.9"], "consistent"),
        ("1 1 ", [9, 8, 99], [], "contradicted"),  # a row without a rank is not in the order
    ]
    check_rows(check, rows)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 5)), min_size=2, max_size=7))
def test_ranks_agree_exactly_if_no_two_rows_disagree(drawn):
    agree = all(
        not (single[0] < two[0] and single[1] < two[1])
        and not (single[0] == two[0] and single[1] != two[1])
        for single, two in product(drawn, repeat=2)
    )
    # Equal counts of two ranks can have any order.
    has_ties = any(
        first[0] != other[0] and first[1] == other[1] for first, other in product(drawn, repeat=2)
    )
    ranks, counts = zip(*drawn, strict=True)
    (group,) = audit(ranked(list(ranks), list(counts), [""] * len(drawn))).groups
    expected = "consistent" if has_ties else "confirmed"
    assert str(group.verdict) == (expected if agree else "contradicted")
    assert group.message


@given(st.permutations(range(8)))
def test_groups_are_the_same_in_any_order_of_rows(order):
    table = pd.DataFrame(
        {
            "id": list("abcdefgh"),
            "kind": ["share", "share", "total", "share", "share", "total", "change", "share"],
            "numerator": [1, 2, 3, 4, 5, 10, 7, 8],
            "denominator": ["", "", "", "", "", "", 7, 9],
            "printed": ["33", "67", "", "40", "50", "", "0", "89"],
            "group": ["x", "x", "x", "y", "y", "y", "x", ""],
            "rank": ["2", "1", "", "1", "2", "", "", ""],
        }
    ).astype(object)
    expected = {item.group + item.check: item for item in audit(table).groups}
    result = {item.group + item.check: item for item in audit(table.iloc[list(order)]).groups}
    assert {name: item.verdict for name, item in result.items()} == {
        name: item.verdict for name, item in expected.items()
    }
    assert str(expected["yparts"].verdict) == "contradicted"
    assert str(expected["yranks"].verdict) == "contradicted"


def test_groups_are_filtered_with_the_rows_and_shown_below_them():
    result = audit(total(parts([5, 6], ["50", "50"]), 10)).issues
    assert answers(result) == {("forms", "parts"): "contradicted"}
    assert "Groups" in str(result)
    assert result.to_dict()["groups"][0]["id"] == "forms: parts"


def test_many_decimals_and_large_counts_are_summed_exactly():
    table = parts([2**53 - 1, 1], ["", ""])
    assert answers(audit(total(table, 2**53))) == {("forms", "parts"): "confirmed"}
    texts = ["99.999999999999", "0.000000000001"]
    assert answers(audit(parts(["", ""], texts))) == {("forms", "percentages"): "consistent"}
    texts = ["99.999999999999", "0.000000000004"]
    assert answers(audit(parts(["", ""], texts))) == {("forms", "percentages"): "contradicted"}


@pytest.mark.parametrize(
    ("numerators", "printed", "verdicts"),
    [
        (["60", "30", ""], "100%", ["not_assessable", "contradicted", "contradicted"]),
        (["60", "40", ""], "100%", ["not_assessable", "confirmed", "consistent"]),
        (["60", "40", ""], "90%", ["contradicted", "confirmed", "consistent"]),
        (["60", "40", "<200"], "90%", ["contradicted", "consistent", "consistent"]),
    ],
)
def test_a_total_without_a_count_is_not_judged_by_its_parts(numerators, printed, verdicts, worded):
    table = pd.DataFrame(
        {
            "id": ["a", "b", "t"], "kind": ["share", "share", "total"], "group": "g",
            "numerator": numerators, "denominator": ["100", "100", ""],
            "printed": [f"{n}%" for n in numerators[:2]] + [printed],
        }
    )  # fmt: skip
    found = audit(table)
    checks = [group.verdict for group in found.groups]
    assert [str(item) for item in (found["t"].verdict, *checks)] == verdicts
    worded(found["t"].message, *(group.message for group in found.groups))


def test_a_total_of_0_has_no_percentage(worded):
    table = pd.DataFrame({"id": ["t"], "kind": "total", "numerator": 0, "printed": "100%"})
    (found,) = audit(table.assign(group="g"))
    assert str(found.verdict) == "contradicted"
    worded(found.message)


RANKS = {
    "rounding hides the order": ("consistent", {"printed": ["33%", "33.3%"]}, [1, 2]),
    "equal percentages": ("consistent", {"printed": ["33%", "33%"]}, [1, 2]),
    "adjacent percentages": ("confirmed", {"printed": ["34%", "33%"]}, [1, 2]),
    "adjacent percentages in the wrong order": (
        "contradicted",
        {"printed": ["33%", "34%"]},
        [1, 2],
    ),
    "equal counts": ("consistent", {"numerator": ["5", "5"]}, [1, 2]),
    "equal counts of one rank": ("confirmed", {"numerator": ["5", "5"]}, [1, 1]),
    "bounds that do not overlap": ("confirmed", {"numerator": ["5-9", "4"]}, [1, 2]),
    "bounds that overlap": ("consistent", {"numerator": ["3-9", "4"]}, [1, 2]),
}


@pytest.mark.parametrize(("expected", "columns", "ranks"), RANKS.values(), ids=RANKS)
def test_ranks_are_confirmed_only_by_values_that_surely_differ(expected, columns, ranks, worded):
    empty = {"printed": "", "numerator": ""}
    table = pd.DataFrame(empty | columns | {"id": ["a", "b"], "rank": ranks})
    (check,) = audit(table).groups
    assert str(check.verdict) == expected
    worded(check.message)


def test_groups_that_are_not_shown_are_counted():
    table = pd.DataFrame(
        {
            "group": [n // 2 for n in range(206)], "numerator": 1, "denominator": 2,
            "printed": "40%",
        }
    )  # fmt: skip
    notes = audit(table).display_table().notes
    assert "3 more checks of groups are not shown." in notes
