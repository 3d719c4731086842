"""Parsing of counts and periods."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import periods
from thbstats.errors import InvalidValue
from thbstats.files import CountParser, Declaration
from thbstats.files.count_columns import separators
from thbstats.files.reference_periods import read_period, sdmx_period
from thbstats.sources import read
from thbstats.values import Count, Period, Reason, flag_mask

ENGLISH = CountParser(thousands=",")
KINDS = {"NEGATIVE", "NOT_WHOLE", "NOT_A_COUNT", "TOO_LARGE"}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", Count.known(0)),
        (" 20532 ", Count.known(20532)),
        ("12.0", Count.known(12)),
        ("1,432", Count.known(1432)),
        ("6,112,019", Count.known(6_112_019)),
        ("<5", Count.fewer_than(5)),
        ("< 5", Count.fewer_than(5)),
        ("<=4", Count.fewer_than(5)),
        ("≤4", Count.fewer_than(5)),
        ("", Count.not_reported()),
        (":", Count.not_reported()),
        (str(2**53), Count.known(2**53)),
    ],
)
def test_published_counts_are_parsed(text: str, count: Count) -> None:
    assert ENGLISH.parse(text) == count


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-1", "NEGATIVE"),
        ("\N{MINUS SIGN}3", "NEGATIVE"),
        ("1.5", "NOT_WHOLE"),
        ("abc", "NOT_A_COUNT"),
        ("1,43", "NOT_A_COUNT"),
        ("1432,000,", "NOT_A_COUNT"),
        ("<0", "NOT_A_COUNT"),
        ("٣", "NOT_A_COUNT"),
        ("1e3", "NOT_A_COUNT"),
        ("nan", "NOT_A_COUNT"),
        ("9" * 30, "TOO_LARGE"),
        (str(2**53 + 1), "TOO_LARGE"),
        ("9" * 100_000, "TOO_LARGE"),
    ],
)
def test_invalid_count_has_a_problem_code(text: str, code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        ENGLISH.parse(text)
    assert caught.value.field == code
    assert caught.value.hint


def test_thousands_separator_is_read_only_if_declared() -> None:
    with pytest.raises(InvalidValue, match="','"):
        CountParser().parse("1,432")
    assert CountParser(thousands=" ").parse("20 532") == Count.known(20532)
    assert CountParser(thousands=".").parse("20.532") == Count.known(20532)


@pytest.mark.parametrize("sign", [" ", "\xa0", "\u2009", "\u202f", "'", "\u2019"])
def test_sign_that_is_never_a_decimal_sign_separates_thousands(sign: str) -> None:
    assert CountParser().parse(f"1{sign}234{sign}567") == Count.known(1_234_567)
    assert CountParser(thousands=",").parse(f"12{sign}345") == Count.known(12_345)
    for text in (f"1{sign}23", f"1234{sign}567", f"1{sign}234{sign}56", f"{sign}234x"):
        with pytest.raises(InvalidValue):
            CountParser().parse(text)


def test_several_separators_are_read_but_not_mixed_in_a_number() -> None:
    parser = CountParser(thousands=",.")
    assert [parser.parse(text).lower for text in ("1,234", "1.234", "1.234.567", "7 000")] == [
        1234, 1234, 1_234_567, 7000,
    ]  # fmt: skip
    for text in ("1,234.567", "1.234,567", "1,234.0", "12.5", "1,23"):
        with pytest.raises(InvalidValue):
            parser.parse(text)


@pytest.mark.parametrize(
    ("texts", "signs"),
    [
        (["1,234,567", "1,234", "12"], (",", "")),
        (["1.234.567"], (".", "")),
        (["1,234.5"], (",", ".")),
        (["1.234.567,8"], (".", ",")),
        (["12.5", "1,234"], ("", ".")),
        (["0.125"], ("", ".")),
        (["1234.567"], ("", ".")),
        (["12,34"], ("", ",")),
        (["1,234", "12.000", "1 234", "a,b", "", "1,", ",1"], ("", "")),
        (["1,234,567", "12,5"], ("", "")),
        (["1,234,56", "1234,567,890", "1,234.567,890", "1,234,567.8.9"], ("", "")),
    ],
)
def test_separator_is_certain_only_if_no_other_meaning_is_possible(texts, signs) -> None:
    assert separators(texts) == signs


@given(st.integers(0, 2**53), st.sampled_from(",. '\xa0\u202f\u2019"))
def test_a_number_with_or_without_thousands_is_never_another_number(number: int, sign: str) -> None:
    assert ENGLISH.parse(str(number)) == ENGLISH.parse(f"{number:,}") == Count.known(number)
    text = f"{number:,}".replace(",", sign)
    assert CountParser(thousands=sign).parse(text) == Count.known(number)
    try:
        assert CountParser().parse(text) == Count.known(number)
    except InvalidValue:
        assert sign in text


MARKED = CountParser(
    thousands=",", flags={"(p)": "p", "*": "u", "**": "d", "b": "b", "\xb9": "", "\xb2": "e"}
)


@pytest.mark.parametrize(
    ("text", "plain", "flags"),
    [
        ("1,234 (p)", "1,234", "p"),
        ("45*", "45", "u"),
        ("45**", "45", "d"),
        ("12 b", "12", "b"),
        ("12b", "12", "b"),
        ("3\xb9", "3", ""),
        ("3\xb9\xb2", "3", "e"),
        ("3\xb2*", "3", "eu"),
        ("<5 (p)", "<5", "p"),
        (": b", ":", "b"),
        ("*", "*", ""),
        ("12 (q)", "12 (q)", ""),
    ],
)
def test_mark_after_a_number_is_a_flag_if_declared(text: str, plain: str, flags: str) -> None:
    assert MARKED.split(text) == (plain, flag_mask(flags))


@pytest.mark.parametrize("text", ["1,234 (p)", "45*", "12 b", "3\xb9"])
def test_mark_that_is_not_declared_is_an_error(text: str) -> None:
    with pytest.raises(InvalidValue, match="or have a declared mark"):
        ENGLISH.parse(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1.234", "If the point separates thousands, pass thousands='.'"),
        ("1,234", "If it separates thousands, pass thousands=','"),
        ("12.000", "Pass thousands='.' for 12000, or remove the decimals"),
        *(
            (text, f"If the mark is a footnote or a flag, declare it: flags={{{mark!r}: {flag!r}}}")
            for text, mark, flag in [
                ("600*", "*", "d"),
                ("600 (a)", "(a)", "a"),
                ("1,234 (p)", "(p)", "p"),
                ("12 b", "b", "b"),
                ("3\xb9", "\xb9", "d"),
                ("3 [1]", "[1]", "d"),
                ("45**", "**", "d"),
                ("12 ep", "ep", "d"),
            ]
        ),
        ("-", "If it is a missing-value sign, declare it: missing={'-': 'not_reported'}"),
    ],
)
def test_hint_names_the_argument_that_reads_the_text(text: str, hint: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        CountParser().parse(text)
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("reason", "count"),
    [
        (Reason.SUPPRESSED, Count.suppressed()),
        (Reason.NOT_REPORTED, Count.not_reported()),
        (Reason.BREAKDOWN_NOT_REPORTED, Count.breakdown_not_reported()),
        (Reason.NOT_APPLICABLE, Count.not_applicable()),
    ],
)
def test_missing_sign_has_a_reason(reason: Reason, count: Count) -> None:
    style = CountParser(missing={"c": reason})
    assert style.parse(" c ") == count
    assert style.is_missing("c")
    assert not style.is_missing("3")


def test_fewer_than_covers_zero_unless_zeros_are_printed() -> None:
    assert CountParser(fewer_than_from=1).parse("<5") == Count.fewer_than(5, at_least=1)
    with pytest.raises(InvalidValue, match="at least one count"):
        CountParser(fewer_than_from=1).parse("<1")


@given(st.text(max_size=12))
def test_any_text_is_a_count_or_an_invalid_value(text: str) -> None:
    try:
        result: object = ENGLISH.parse(text)
    except InvalidValue as error:
        result = error.field
    assert isinstance(result, Count) or result in KINDS


def test_zeros_before_a_count_do_not_count_however_many() -> None:
    assert CountParser().parse("0" * 5000 + "12") == Count.known(12)
    assert CountParser().parse("0" * 5000) == Count.known(0)
    with pytest.raises(InvalidValue, match=r"at most 2\*\*53"):
        CountParser().parse("9" * 5000)


# Periods


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2015", "2015"),
        ("2015 ", "2015"),
        ("2019.0", "2019"),
        ("2015-2016", "2015-2016"),
        ("2015-A1", "2015"),
        ("2015-S2", "2015-S2"),
        ("2015-Q1", "2015-Q1"),
        ("2015Q4", "2015-Q4"),
        ("2015M02", "2015-M02"),
        ("2016-02", "2016-M02"),
        ("2015-03-01", "2015-03-01/2015-03-01"),
        ("2015-01-01/P2Y", "2015-2016"),
        ("2015-04-01T00:00:00/P1Y", "2015-04-01/2016-03-31"),
        ("2015-04-15/P1Y", "2015-04-15/2016-04-14"),
        ("2015-04-01/P3M", "2015-Q2"),
        ("9998-01-01/P2Y", "9998-9999"),
        ("2015-04-15/P10D", "2015-04-15/2015-04-24"),
        ("~2014-2016", "~2014-2016"),
        ("not stated", "not stated"),
    ],
)
def test_periods_of_files_are_parsed(text: str, period: str) -> None:
    assert str(read_period(text)) == period


@pytest.mark.parametrize(
    "text",
    [
        "2015-Q5",
        "2015-M13",
        "2015-13",
        "2015-02-30",
        "2015-01-01/P0D",
        "2015-01-31/P1M",
        "9998-01-01/P24Y",
        "201",
        "",
    ],
)
def test_invalid_period_is_rejected(text: str) -> None:
    with pytest.raises(InvalidValue):
        read_period(text)


MONTHS_OR_YEARS = [
    (["2010-11", "2011-12"], 0, {}),
    (["2010-11", "2010-10"], 2, {}),  # 2010-10 cannot be two years
    (["2010-11", "2012-13"], 0, {}),
    (["2010-M11", "2015"], 2, {}),
    (["2010-11", "2011-12"], 1, {"2010-11": "2010-2011"}),
]


@pytest.mark.parametrize(("texts", "used", "recode"), MONTHS_OR_YEARS)
def test_text_that_can_be_a_month_or_two_years_is_rejected(
    texts: list[str], used: int, recode: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["period,value", *(f"{text},12" for text in texts)]))
    declare = Declaration(recode={"period": recode})
    reading = read(path, kind="victims", area="MT", declare=declare)
    assert reading.log.used == used
    problems = reading.log.with_code("UNMAPPED")
    assert bool(problems) == (used < 2)
    assert all("a text with several readings" in item.message for item in problems)
    assert all(item.hint.startswith("Declare one: fiscal_year=4") for item in problems)


@given(periods())
def test_a_period_written_for_sdmx_is_read_back(period: Period) -> None:
    assert read_period(sdmx_period(str(period))) == period


def test_year_from_a_leap_day_is_written_in_days() -> None:
    text = "2016-02-29/2017-02-28"
    assert sdmx_period(text) == "2016-02-29/P366D"
    assert str(read_period("2016-02-29/P366D")) == text
