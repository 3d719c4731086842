"""Percentages of a table against their counts: laws on true tables, and cases one by one."""

import random
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.auditing.rounded import WAYS, digits_of, figures, printed
from tests.auditing.sentences import Worded
from tests.examples import examples
from tests.rows import check_rows
from tests.tables.engines import imported
from thbstats.auditing import ClaimVerdict, TableAudit, audit
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, UnknownName
from thbstats.files import open_bytes
from thbstats.values import Rounding


def csv(text: str) -> TableAudit:
    return audit(open_bytes(text.encode(), name="figures.csv"))


def row(**cells: object) -> pd.DataFrame:
    """Return a table of one row, or of several rows if a cell is a list."""
    several = any(isinstance(value, list) for value in cells.values())
    return pd.DataFrame(cells if several else {name: [value] for name, value in cells.items()})


def share(numerator: object, denominator: object, text: object, **more: object) -> pd.DataFrame:
    return row(numerator=numerator, denominator=denominator, printed=text, **more)


def verdicts(table: pd.DataFrame) -> list[str]:
    return [str(item.verdict) for item in audit(table)]


def verdict(table: pd.DataFrame, **options: object) -> str:
    (figure,) = audit(table, **options)
    return str(figure.verdict)


def message(table: pd.DataFrame, **options: object) -> str:
    (figure,) = audit(table, **options)
    return figure.message


def percentage(top: int, base: int, decimals: int, is_change: bool) -> Fraction:
    return Fraction(top - base if is_change else top, base) * 100 * 10**decimals


def made(drawn, off=0, way=WAYS[0]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "id": f"row {position}",
                "kind": "change" if change else "share",
                "numerator": top,
                "denominator": base,
                "printed": printed(
                    digits_of(percentage(top, base, decimals, change), way) + off, decimals
                ),
            }
            for position, (change, top, base, decimals) in enumerate(drawn)
        ]
    )


some = st.lists(figures(), min_size=3, max_size=10)


@given(some, st.sampled_from(WAYS))
def test_true_counts_printed_in_one_way_are_confirmed_under_it(drawn, way):
    table = made(drawn, way=way)
    result = audit(table, rounding=way)
    assert result.counts()[ClaimVerdict.CONFIRMED] == len(table)
    assert result.fits_by_rounding()[way] == len(table)
    assert verdict(table.head(1), rounding="unknown") == "confirmed"


@given(some, st.sampled_from([-2, 2]))
def test_a_last_digit_that_is_off_by_two_is_contradicted_under_every_way(drawn, off):
    result = audit(made(drawn, off), rounding="unknown")
    assert result.counts()[ClaimVerdict.CONTRADICTED] == len(drawn)


@given(some, st.sampled_from([-1, 1]), st.sampled_from([None, *WAYS]))
def test_a_last_digit_that_is_off_by_one_is_contradicted_where_no_way_meant_gives_it(
    drawn, off, way
):
    meant = WAYS[:3] if way is None else (way,)
    result = audit(made(drawn, off), rounding=way)
    for figure, (change, top, base, decimals) in zip(result, drawn, strict=True):
        value = percentage(top, base, decimals, change)
        digits = digits_of(value, WAYS[0]) + off
        gives = [item for item in WAYS if digits_of(value, item) == digits]
        part = change or digits >= 0
        assert list(figure.roundings) == gives
        assert (figure.verdict is ClaimVerdict.CONFIRMED) == (part and bool({*gives} & {*meant}))


@given(some, st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_that_of_columns_matters(drawn, chance: random.Random):
    table = made(drawn).assign(known=1000, old_2020=[str(n) for n in range(len(drawn))])
    rows, columns = list(range(len(table))), list(table.columns)
    chance.shuffle(rows)
    chance.shuffle(columns)
    result = {item.id: item.to_dict() for item in audit(table)}
    other = {item.id: item.to_dict() for item in audit(table.iloc[rows][columns])}
    for item in (*result.values(), *other.values()):
        for name in ("bases", "tried"):
            item[name] = sorted(item[name])
        item.pop("message")  # lists candidates in the order of their columns
    assert result == other


@given(some)
def test_texts_of_a_file_and_numbers_of_a_frame_are_the_same(drawn):
    table = made(drawn)
    result = csv(table.to_csv(index=False))
    assert [item.to_dict() for item in result] == [item.to_dict() for item in audit(table)]


@given(some)
def test_adding_a_candidate_never_confirms_or_contradicts(drawn):
    table = made(drawn, off=1)
    before, after = (audit(table), audit(table.assign(other=np.arange(1, len(table) + 1))))
    for single, two in zip(before, after, strict=True):
        assert single.verdict is two.verdict
        assert single.roundings == two.roundings


# The two counts of a share, or of a change, with the printed text and the verdict.
Case = tuple[object, object, str, str]
# fmt: off
SHARES: list[Case] = [
    (9759, 20532, "47.5 %", "confirmed"),
    (9759, 20532, "56 %", "contradicted"),
    (9759, 17273, "56", "confirmed"),
    (9759, 17272, "56", "contradicted"),
    (9759, 17583, "56", "confirmed"),
    (9759, 17584, "56", "contradicted"),
    (1, 8, "12", "confirmed"),
    (1, 8, "13", "confirmed"),
    (1, 8, "12.5", "confirmed"),
    (3, 6, "52", "contradicted"),
    (12, 10, "120 %", "contradicted"),
    (0, 0, "0 %", "contradicted"),
    (5, 0, "56", "contradicted"),
    (0, 7, "0.0 %", "confirmed"),
    (7, 7, "100 %", "confirmed"),
    ("<5", 20, "15 %", "consistent"),
    ("<5", 20, "20 %", "consistent"),
    ("<5", 20, "25 %", "contradicted"),
    ("<5", 20, "17 %", "contradicted"),
    ("9000-9800", 20532, "47.5 %", "consistent"),
    (9759, "17273..17583", "56 %", "consistent"),
    (9759, "17 584 to 17 600", "56 %", "contradicted"),
    ("17-20", "41-42", "41.46", "consistent"),
    (">=20", 28, "75 %", "consistent"),
    (">21", 28, "75 %", "contradicted"),
    ("", 28, "75 %", "consistent"),
    ("", 28, "74 %", "contradicted"),
    ("", 20532, "56 %", "not_assessable"),
    ("", "10-20", "20 %", "consistent"),
    (9759, "", "56 %", "not_assessable"),
    (0, "", "0", "not_assessable"),
    (1, "", "56 %", "contradicted"),
    ("<5", "", "20 %", "not_assessable"),
    ("", "", "56 %", "not_assessable"),
    ("", "", "101 %", "contradicted"),
    ("", "", "-1 %", "contradicted"),
    (9759, 20532, "", "not_assessable"),
    (9759, 20532, ":", "not_assessable"),
]
CHANGES: list[Case] = [
    (2517, 1295, "+94.4 %", "confirmed"),
    (2517, 1295, "54.9 %", "contradicted"),
    (7155, 6534, "10", "confirmed"),
    (85, 100, "-15,0 %", "confirmed"),
    (85, 100, "\N{MINUS SIGN}15 %", "confirmed"),
    (85, 100, "\N{EN DASH} 15 per cent", "confirmed"),
    (85, 100, "15 %", "contradicted"),
    (0, 3, "-100 %", "confirmed"),
    (0, 3, "-101 %", "contradicted"),
    (3, 0, "100 %", "contradicted"),
    (3, 0, "5 %", "contradicted"),
    (30, 1, "2 900 %", "confirmed"),
    (6534, "", "-16 %", "not_assessable"),
    ("", 6534, "10", "not_assessable"),
    (1295, "", "-25", "not_assessable"),
    ("<5", 10, "-70 %", "consistent"),
    ("<5", 10, "-50 %", "contradicted"),
    ("", "<5", "5", "contradicted"),
]
# fmt: on


def check_cases(worded: Worded, table: pd.DataFrame, cases: Sequence[Case]) -> None:
    """Compare the verdicts of the rows, and their sentences."""
    keys = [f"{first or 'none'} and {second or 'none'}: {text}" for first, second, text, _ in cases]
    rows = dict(zip(keys, audit(table), strict=True))
    verdicts = {key: str(item.verdict) for key, item in rows.items()}
    assert verdicts == {key: case[3] for key, case in zip(keys, cases, strict=True)}
    worded(**{key: item.message for key, item in rows.items()})


def test_a_share_has_the_verdict_that_its_counts_allow(worded):
    tops, bases, texts, *_ = zip(*SHARES, strict=True)
    columns = {"numerator": tops, "denominator": bases, "printed": texts}
    check_cases(worded, pd.DataFrame(columns), SHARES)


def test_a_change_has_the_verdict_that_its_levels_allow(worded):
    new, old, texts, *_ = zip(*CHANGES, strict=True)
    columns = {"new": new, "old": old, "printed": texts}
    in_their_place = {"kind": "change", "numerator": new, "denominator": old, "printed": texts}
    for table in (columns, in_their_place):
        check_cases(worded, pd.DataFrame(table), CHANGES)


def test_a_percentage_may_be_printed_with_or_without_its_sign_and_with_decimals():
    texts = ["56", "56 %", "56%", " 56\N{NO-BREAK SPACE}% ", "56 percent", "56 per cent", "+56 %"]
    assert verdicts(share(56, 100, texts)) == ["confirmed"] * len(texts)
    decimals = share(562, 1000, ["56 %", "56.0 %", "56,2 %"])
    assert verdicts(decimals) == ["confirmed", "contradicted", "confirmed"]


def test_a_way_of_rounding_can_be_stated_and_is_noted(worded):
    both = share(9759, 20532, ["47", "48"])
    expected = {"down": [0], "up": [1], "half_up": [1], "unknown": [0, 1]}
    for way, rows in expected.items():
        result = audit(both, rounding=way)
        assert [item.id for item in result.where("confirmed")] == [f"row {n}" for n in rows]
        assert len(result.issues) == 2 - len(rows)
    table = share(0, "", "1 %")
    worded(message(table, rounding="up"))
    assert verdict(table, rounding="up") == "contradicted"
    assert (
        "Rounding method: half to even."
        in audit(table, rounding=Rounding.HALF_EVEN).display_table().notes
    )
    with pytest.raises(UnknownName, match="`rounding` must be a rounding method"):
        audit(share(1, 2, "50"), rounding="bankers")


def test_a_base_that_is_not_stated_is_found_among_the_other_columns(worded):
    table = share(9759, 20532, "56 %", known=17_400, known_sex=18_000)
    (figure,) = audit(table)
    assert figure.verdict is ClaimVerdict.CONTRADICTED
    assert (figure.bases, figure.tried) == (("known",), ("known", "known_sex"))
    worded(figure.message)
    assert verdict(table.assign(denominator="")) == "consistent"
    assert verdict(table[["numerator", "printed", "known_sex"]]) == "not_assessable"


def test_a_candidate_can_be_a_range_and_a_row_can_be_without_it():
    table = share(9759, 20532, "56", known=["17000-17300", ""])
    assert [item.bases for item in audit(table)] == [("known",), ()]


def test_a_change_is_compared_with_every_version_of_both_counts(worded):
    table = row(new=2517, old=1295, printed="54.9 %", old_2022=1625, new_2024=2006, new_2025=3000)
    (figure,) = audit(table)
    assert figure.bases == ("old_2022", "new_2024")
    assert len(figure.tried) == 5
    worded(figure.message)


def test_candidate_columns_can_be_selected():
    table = share(9759, 20532, "56 %", known=17_400, page=12)
    assert audit(table, bases=["known"])["row 0"].tried == ("known",)
    with pytest.raises(UnknownName, match=r"Did you mean 'known'"):
        audit(table, bases=["knwon"])


def test_a_column_of_words_is_not_a_candidate_and_is_noted():
    result = audit(share(9759, 20532, "47.5 %", note="page 3"))
    assert "Not read, because the columns have no numbers: 'note'." in result.display_table().notes


@pytest.mark.parametrize("step", [1, -1])
def test_further_columns_are_read_in_any_order_of_the_rows(step):
    texts = [*(f"word {number}" for number in range(25)), "100"]
    rates = [*["2"] * 25, "1.6"]
    table = pd.DataFrame(
        {
            "printed": "56.5", "numerator": 565, "denominator": 1000,
            "EU": texts[::step], "rate": rates[::step], "ratio": 1.6,
        }
    )  # fmt: skip
    found = audit(table)
    assert list(found.figures.bases) == ["", "EU"]
    assert found.figures.notes == (
        "Not read, because the columns have numbers with decimals: 'rate', 'ratio'",
    )
    with pytest.raises(InvalidValue, match="`EU` must be the name of one column"):
        audit(table.assign(**{" EU": 1}))


def test_a_suppressed_count_is_called_so(worded):
    table = share("c", 20532, "56 %")
    worded(message(table, missing={"c": "suppressed"}))


def test_thousands_are_read_where_spaces_or_a_stated_sign_set_them_apart():
    spaced = share("9 759", "20\N{NARROW NO-BREAK SPACE}532", "47.5")
    assert verdict(spaced) == "confirmed"
    assert verdict(share("9,759", "20,532", "47.5"), thousands=",") == "confirmed"
    assert verdict(row(new=20, old=1, printed="1,900 %"), thousands=",") == "confirmed"


def test_fewer_than_n_can_start_at_one():
    table = share("<5", 20, "0 %")
    assert verdict(table) == "consistent"
    assert verdict(table, fewer_than_from=1) == "contradicted"


@pytest.mark.parametrize("printed", [(0.438, 0.36), (43.8, 36.0)])
def test_numbers_have_the_decimals_that_their_column_shows(printed: tuple[float, float]):
    table = share([4203, 3454], [9595, 9595], list(printed))
    assert verdicts(table) == ["confirmed", "confirmed"]
    assert any("with 1 decimals, as in the column" in note for note in audit(table).figures.notes)


@pytest.mark.parametrize(("printed", "decimals"), [([0.438, 0.562], 3), ([0.4, 0.6], 2)])
def test_stated_decimals_of_shares_as_numbers_are_those_of_the_shares(printed, decimals):
    numerator = [round(1000 * share) for share in printed]
    table = pd.DataFrame({"printed": printed, "numerator": numerator, "denominator": 1000})
    assert [str(item.verdict) for item in audit(table, decimals=decimals)] == ["confirmed"] * 2


def test_numbers_of_a_frame_need_their_decimals():
    table = share(9759, 20532, 47.5)
    with pytest.raises(InvalidValue, match="a number loses its last decimals"):
        audit(table)
    assert verdict(table, decimals=1) == "confirmed"
    assert verdict(share(562, 1000, 56.0), decimals=1) == "contradicted"
    with pytest.raises(InvalidValue, match="at most 1 decimals, got 2"):
        audit(share(1, 2, "50.00"), decimals=1)


@pytest.mark.parametrize(
    "column", [pd.Series([56.0, 43.5], dtype=object), pd.array([56.0, 43.5], dtype="Float64")]
)
def test_objects_and_nullable_numbers_are_read_as_numbers(column):
    table = pd.DataFrame({"printed": column, "numerator": [564, 435], "denominator": 1000})
    found = audit(table)
    assert [str(item.verdict) for item in found] == ["contradicted", "confirmed"]
    assert any("with 1 decimals" in note for note in found.figures.notes)


def test_number_among_texts_has_lost_its_decimals():
    table = share([564, 435], [1000, 1000], [56.0, "43.5"])
    lost, read = audit(table)
    assert (lost.verdict, read.verdict) == ("not_assessable", "confirmed")
    assert "loses its last decimals" in lost.problem
    for rate in (1.6, np.float64(1.6)):
        change = row(new=[rate], old=["2.0"], printed="-30%").astype({"new": object})
        with pytest.raises(InvalidValue, match="`new` must be text"):
            audit(change)


def test_one_error_lists_all_unreadable_cells_with_their_lines():
    text = (
        "id,kind,numerator,denominator,printed\n"
        "a,share,12a,20,56\n"
        "a,shr,-3,4.5,x %\n"
        "c,share,1,2,+4 pp\n"
        'd,share,1,2,"1,234"\n'
        ",share,1,9007199254740993,1\n"
    )
    with pytest.raises(InvalidValue) as caught:
        csv(text)
    for part in (
        "line 2, `numerator`",
        "line 3: `kind` must be a kind of figure, got 'shr'",
        "line 3, `numerator`: a count must be at least 0",
        "line 3, `denominator`: a count must be an integer",
        "line 3: `printed`",
        "line 4: `printed` must be a percentage, not",
        "line 5: `printed` must have a clear decimal",
        "line 3: `id` must be the name of one row",
        "line 6, `id`: a row has no name",
        "line 6, `denominator`",
    ):
        assert part in str(caught.value)


letters = '0123456789<>=-.,%+ :;"\nax\N{NO-BREAK SPACE}\N{ARABIC-INDIC DIGIT ONE}'
cells = st.text(st.sampled_from(letters), max_size=9)


@given(st.lists(st.tuples(cells, cells, cells, cells), max_size=4), st.sampled_from(["", ",", "."]))
def test_any_cells_give_verdicts_or_an_error_of_the_library(drawn, thousands):
    table = pd.DataFrame(drawn, columns=["numerator", "denominator", "printed", "other"])
    try:
        result = audit(table.astype(object), thousands=thousands)
    except ThbstatsError:
        return
    assert all(item.message for item in result)
    assert len(result) == len(drawn)


@given(st.binary(max_size=60))
def test_any_bytes_give_an_audit_or_an_error_of_the_library(data):
    for content in (data, b"numerator,denominator,printed\n" + data):
        with suppress(ThbstatsError):
            assert isinstance(audit(open_bytes(content)), TableAudit)


def test_a_line_with_too_few_cells_is_reported_with_its_number():
    result = csv("numerator,denominator,printed\n1,2,50\n1,2\n")
    assert [str(item.verdict) for item in result] == ["confirmed"]
    assert any(
        "line 3: The line has 2 cells, the header 3" in note
        for note in result.display_table().notes
    )
    with pytest.raises(InvalidFile, match=r"line 2: The line has 2 cells, the header 3"):
        csv("numerator,denominator,printed\n1,2\n")


def test_other_rows_are_judged_if_some_cannot_be_read(worded):
    """One row with decimals used to refuse the whole table."""
    result = csv(
        "id,numerator,denominator,printed,group\n"
        "a,9759,20532,47.5,x\n"
        "b,12.5,20532,26,x\n"
        "c,1,2,+4 pp,\n"
        "d,3,4,75,\n"
        "d,1,4,25,\n"
    )
    wrong = [False, True, True, False, True]
    assert [bool(item.problem) for item in result] == wrong
    expected = ["not_assessable" if own else "confirmed" for own in wrong]
    assert [str(item.verdict) for item in result] == expected
    worded(*(item.message for item in result if item.problem))
    assert "3 rows are not audited." in result.display_table().notes
    # A part that cannot be read is one of which nothing is known.
    assert not result.groups


@given(
    st.lists(st.sampled_from(["47.5", "48", "1.2.3", "x", ""]), min_size=1, max_size=6).filter(
        lambda texts: any(text not in ("1.2.3", "x") for text in texts)
    )
)
@examples(15)
def test_a_row_has_the_verdict_that_it_has_alone(texts):
    table = share(9759, 20532, texts, id=[str(index) for index in range(len(texts))])
    for index, (text, item) in enumerate(zip(texts, audit(table), strict=True)):
        if text in ("1.2.3", "x"):
            assert item.problem
            assert str(item.verdict) == "not_assessable"
        else:
            assert item.to_dict() == next(iter(audit(table.iloc[[index]]))).to_dict()


def test_an_invalid_table_is_refused():
    def check(columns, problem):
        with pytest.raises((InvalidValue, UnknownName), match=problem):
            audit(pd.DataFrame(columns))

    change = {"printed": ["5"], "kind": ["change"], "new": [2], "numerator": [3], "old": [1]}
    total = {"printed": [""], "kind": ["total"], "numerator": [3], "denominator": [3]}
    rows = [
        ({"numerator": [1], "denominator": [2]}, "No column of printed percentages"),
        ({"Percentage": ["50"], "numerator": [1]}, "Rename the column 'Percentage' to 'printed'"),
        ({"printed": ["50"], "denominator": [2]}, "No column of counts"),
        ({"printed": ["50"], "Printed": ["50"], "new": [1]}, "must be the name of one column"),
        ({"printed": ["5"], "kind": ["share"], "new": [2], "old": [1]}, "must be empty in a row"),
        (change, "have different counts"),
        (total, "a total has no denominator"),
        ({"printed": ["1" * 18], "numerator": [1]}, "at most 17 digits"),
        ({"printed": ["50"], "numerator": [1], "rank": ["first"]}, "must be a rank"),
        ({"printed": ["50"], "numerator": [True]}, "must be an integer"),
        ({"printed": ["50"], "numerator": [0.5]}, "must be an integer"),
        ({"printed": ["50"], "numerator": ["9-3"]}, "must be at most the upper bound"),
        # One text of many rows is reported once.
        (
            {"numerator": ["x"] * 5, "denominator": 2, "printed": "50"},
            r"row 0.*missing-value sign \(and in 4 more rows\)",
        ),
        *(
            ({"numerator": [1], "denominator": [200], "printed": [text]}, problem)
            for text, problem in [
                *(
                    (limit, r"only an upper limit.*claims file")
                    for limit in ("<1", "< 1 %", "less than 5 %", "Under 10", "below 3 %")
                ),
                ("around a quarter", r"percentage as published.*use a claims file for words"),
            ]
        ),
    ]
    check_rows(check, rows)


def test_ids_can_be_numbers_and_are_unique():
    table = share(1, 2, "50", id=[7, 8])
    assert [item.id for item in audit(table)] == ["7", "8"]
    again = list(audit(table.assign(id=[7, 7])))
    assert [item.problem[:30] for item in again] == ["", "id '7': must be the name of on"]


def test_frames_of_other_engines_and_files_are_read(tmp_path: Path):
    imported("pyarrow")
    table = share([9759, 1], [20532, 8], ["56", "12"], id=["a", "b"])
    expected = [item.to_dict() for item in audit(table)]
    table.to_csv(tmp_path / "t.tsv", index=False, sep="\t")
    pl.DataFrame(table.to_dict("list")).write_parquet(tmp_path / "t.parquet")
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Figures of a page"])
        for position, cells in enumerate([list(table.columns), *table.to_numpy().tolist()]):
            sheet.write_row(position + 1, 0, cells)
    for item in (
        pl.DataFrame(table.to_dict("list")),
        pl.LazyFrame(table.to_dict("list")),
        table.convert_dtypes(),
        table.astype("category"),
        tmp_path / "t.tsv",
        str(tmp_path / "t.parquet"),
        tmp_path / "t.xlsx",
    ):
        assert [figure.to_dict() for figure in audit(item)] == expected
    assert any(
        "workbook stores 56.0 as 56" in note
        for note in audit(tmp_path / "t.xlsx").display_table().notes
    )


def test_a_table_without_rows_has_no_verdicts():
    result = csv("numerator,denominator,printed\n")
    assert (len(result), list(result), sum(result.counts().values())) == (0, [], 0)
    assert result.to_frame().empty


def test_the_input_is_not_changed():
    table = share(9759, 20532, "56 %", known=17_400)
    before = table.copy()
    audit(table)
    pd.testing.assert_frame_equal(table, before)


def test_verdicts_can_be_filtered_counted_and_looked_up():
    result = audit(share(1, [2, 2, None], ["50", "60", "50"], id=["a", "b", "c"]))
    assert result.counts() == {
        ClaimVerdict.CONFIRMED: 1,
        ClaimVerdict.CONSISTENT: 0,
        ClaimVerdict.CONTRADICTED: 1,
        ClaimVerdict.NOT_ASSESSABLE: 1,
    }
    assert [item.id for item in result.issues] == ["b"]
    assert [item.id for item in result.where("confirmed", "not_assessable")] == ["a", "c"]
    assert result["b"].verdict is ClaimVerdict.CONTRADICTED
    with pytest.raises(UnknownName, match="must be the id of a figure"):
        result.issues["a"]
    with pytest.raises(UnknownName, match="must be a verdict"):
        result.where("wrong")
    assert repr(result).startswith("<TableAudit of table, 3 figures: 1 confirmed, 1 contradicted")


def test_a_frame_of_the_audit_has_a_row_for_each_figure():
    result = audit(share(9759, 20532, "56 %", known=17_400))
    frame = result.to_frame()
    assert frame["verdict"].tolist() == ["contradicted"]
    assert frame["bases"].tolist() == ["known"]
    assert frame["message"].tolist() == [result["row 0"].message]
    assert "message" not in result.to_frame(messages=False)


def test_a_note_names_the_rounding_methods_that_give_all_percentages():
    method = "One rounding method gives 2 percentages of known counts: "
    none = "No single rounding method gives all percentages of known counts."
    cut = share([2, 8], 3, ["66", "166"], kind=["share", "change"])
    for table, note in (
        (share([1, 3], 8, ["12", "38"]), f"{method}half to even."),
        (cut, f"{method}cut towards zero."),
        (share([1, 5], 8, ["12", "63"]), none),
    ):
        assert note in audit(table).display_table().notes


def test_a_large_table_shows_contradicted_rows_only():
    sheet = audit(share(1, 2, ["50"] * 150 + ["51"] * 150)).display_table()
    assert len(sheet.rows) == 100
    assert sheet.notes[:2] == (
        "Only contradicted rows are shown.",
        "50 more rows are contradicted.",
    )


def test_halves_are_printed_by_some_rounding_methods_only():
    def check(new, old, text, ways):
        table = row(new=new, old=old, printed=text)
        named = ("half_up", "half_even", "half_away")
        assert {way for way in named if not audit(table, rounding=way).issues} == ways

    rows = [
        ("7", "8-9", "-13", {"half_away"}),
        ("7", "8-9", "-12", {"half_up", "half_even"}),
        ("199", "200-201", "0", {"half_up", "half_even"}),
        ("201", "199-200", "0", {"half_even"}),
    ]
    check_rows(check, rows)
    assert audit(share(1, 8, "13"))["row 0"].roundings == (
        Rounding.HALF_UP,
        Rounding.HALF_AWAY,
        Rounding.UP,
    )


def test_every_integer_percentage_of_100_is_possible():
    assert verdicts(share("", [99, 100], "37")) == ["consistent", "not_assessable"]
