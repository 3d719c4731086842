"""Printed rates and ratios in a table, and changes between two rounded rates."""

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.auditing.rounded import WAYS, digits_of, printed
from tests.rows import check_rows
from thbstats.auditing import AuditedFigure, audit
from thbstats.errors import InvalidValue
from thbstats.values import Percent, Rounding
from thbstats.values.rate_change import RateChange

EU = 447_000_000


def row(kind, printed, **columns):
    first = {"id": "a", "kind": kind, "printed": printed, "numerator": "", "denominator": ""}
    return pd.DataFrame([first | columns])


def only(table: pd.DataFrame, **options: object) -> AuditedFigure:
    (figure,) = audit(table, **options)
    return figure


def test_rates_and_ratios_are_judged_by_their_counts(worded):
    def check(table, verdict):
        figure = only(table)
        assert (figure.kind, str(figure.verdict)) == (table.kind[0], verdict)
        worded(figure.message)

    victims = {"numerator": 7155, "denominator": EU}
    rows = [
        (row("rate", "1.6", per=100_000, **victims), "confirmed"),
        (row("rate", "16", per="1,000,000", **victims), "confirmed"),
        (row("rate", "1.5", per="100,000", **victims), "contradicted"),
        (row("rate", "1.5", denominator=EU, per=100_000), "not_assessable"),
        (row("ratio", "0.49", numerator=2927, denominator=5979), "confirmed"),
        (row("ratio", "1.25", numerator=5, denominator=4), "confirmed"),
        (row("ratio", "0.5", numerator=3, denominator=0), "contradicted"),
        (row("ratio", "0.5"), "not_assessable"),
    ]
    check_rows(check, rows)


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"kind": "rate"}, "a rate needs the number of inhabitants"),
        ({"kind": "rate", "per": "12"}, "must be a power of ten"),
        ({"kind": "rate", "per": "100000", "printed": "1.6%"}, "is not a percentage"),
        ({"kind": "ratio", "printed": "35%"}, "is not a percentage"),
    ],
)
def test_rows_of_rates_that_cannot_be_judged_have_a_reason(columns, problem):
    wrong = {"numerator": 7155, "denominator": EU, "printed": "1.6"} | columns
    with pytest.raises(InvalidValue, match=problem):
        audit(pd.DataFrame([wrong]))
    good = {"kind": "share", "numerator": 1, "denominator": 2, "printed": "50%"}
    result = list(audit(pd.DataFrame([wrong, good]).fillna("")))
    assert problem in result[0].problem
    assert str(result[1].verdict) == "confirmed"


def test_a_change_between_rounded_rates_rounds_both(worded):
    def check(text, verdict):
        figure = only(row("change", text, new="0.35", old="0.21"))
        assert str(figure.verdict) == verdict
        worded(figure.message)

    consistent = [(text, "consistent") for text in ("+67%", "+61%")]
    check_rows(check, [*consistent, *((text, "contradicted") for text in ("+59%", "+74%"))])


def test_a_change_between_precise_rates_is_confirmed():
    assert str(only(row("change", "+67%", new="0.35000", old="0.21000")).verdict) == "confirmed"


def test_decimals_of_a_share_are_not_rates():
    table = row("share", "50%", numerator="12.5", denominator=25)
    with pytest.raises(InvalidValue, match="a count must be an integer"):
        audit(table)


@given(
    st.integers(1, 10**6),
    st.integers(1, 10**6),
    st.integers(10**5, 10**8),
    st.tuples(st.integers(0, 2), st.integers(0, 1)),
    st.sampled_from(WAYS),
)
def test_true_changes_of_rounded_rates_are_never_contradicted(new, old, people, decimals, way):
    """Both rates and the change are printed from true numbers, in one way of rounding."""
    digits, more = decimals

    def text(value: Fraction, decimals: int) -> str:
        return printed(digits_of(value * 10**decimals, way), decimals).removesuffix(" %")

    rates = [text(Fraction(count * 100_000, people), digits + 1) for count in (new, old)]
    change = text(Fraction(new - old, old) * 100, more)
    figure = only(row("change", change, new=rates[0], old=rates[1]), rounding=way)
    assert str(figure.verdict) != "contradicted"


@given(st.integers(0, 400), st.integers(1, 400), st.integers(-120, 900))
def test_a_change_is_contradicted_exactly_if_no_true_rates_give_it(new, old, change):
    """Every true rate and change on a fine grid, with half up, by brute force."""
    steps = [Fraction(step, 10) for step in range(-5, 6)]
    values = RateChange(Percent(f"{new}"), Percent(f"{old}"))
    fits = values.fits(Percent(f"{change}"), [Rounding.HALF_UP])
    true = {
        digits_of((new + single) / (old + two) * 100 - 100, Rounding.HALF_UP)
        for single in steps[:-1]
        for two in steps[:-1]
        if new + single >= 0 and old + two > 0
    }
    if min(true) <= change <= max(true):
        assert fits
    room = values.room().interval
    if room.upper is not None and change > room.upper * 100 + 1:
        assert not fits
    if change < (room.lower or 0) * 100 - 1:
        assert not fits


def test_a_rate_of_very_many_digits_is_not_read():
    table = row("change", "+67%", new="0." + "3" * 5000, old="0.21")
    with pytest.raises(InvalidValue, match="a count must be an integer"):
        audit(table)


def test_impossible_numbers_and_ranges_are_named_by_their_kind(worded):
    kinds = ["change", "rate", "ratio", "change", "change", "change"]
    table = pd.DataFrame(
        {
            "kind": kinds, "per": [1000 if kind == "rate" else "" for kind in kinds],
            "new": ["", "", "", "<5", "", ">=5"], "old": ["", "", "", "", "10-20", ""],
            "printed": ["-150%", "-1.6", "-1.6", "-50%", "-50%", "-100%"],
        }
    )  # fmt: skip
    worded(*(figure.message for figure in audit(table)))
