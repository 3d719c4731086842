from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.rows import check_rows
from thbstats.auditing import COMMON_FRACTIONS, WordVerdict, judge_wording
from thbstats.errors import InvalidValue
from thbstats.values import Interval, Percent

FITTING, DOUBTFUL, NOT_ASSESSABLE = WordVerdict
NAMED = {
    Fraction(1, 10): "a tenth",
    Fraction(1, 5): "one fifth",
    Fraction(1, 4): "one quarter",
    Fraction(3, 10): "three tenths",
    Fraction(1, 3): "one-third",
    Fraction(2, 5): "two out of five",
    Fraction(1, 2): "half",
    Fraction(3, 5): "three-fifths",
    Fraction(2, 3): "two-thirds",
    Fraction(7, 10): "seven tenths",
    Fraction(3, 4): "three quarters",
    Fraction(4, 5): "four in five",
    Fraction(9, 10): "nine tenths",
}
WORDS = [
    *(f"{hedge} {name}".strip() for name in NAMED.values() for hedge in ("", "over", "almost")),
    *(f"{hedge} half" for hedge in ("at least", "up to")),
    "the majority",
    "vast majority",
    "a minority",
    "all",
    "not all",
    "almost all",
    "numerous",
]
shares = st.builds(
    lambda part, rest: Fraction(part, part + rest), st.integers(0, 500), st.integers(1, 500)
) | st.sampled_from([Fraction(1), *COMMON_FRACTIONS])
intervals = st.tuples(shares, shares).map(lambda ends: Interval(min(ends), max(ends)))


def verdict(words: str, share: Interval | Fraction | str) -> WordVerdict:
    if isinstance(share, str):
        share = Percent(share).interval
    return judge_wording(
        words, share if isinstance(share, Interval) else Interval.point(share)
    ).verdict


FITS = [
    # What COM(2018) 777 prints.
    ("around a quarter", "18%", DOUBTFUL),
    ("Around one quarter", "26%", FITTING),
    ("almost one quarter", "23%", FITTING),
    ("over two-thirds", "68%", FITTING),
    ("Over half", "56%", FITTING),
    ("The majority", "61%", FITTING),
    ("predominantly women and girls", "95%", FITTING),
    ("primarily affects males", "80%", FITTING),
    ("made up the remainder", "18%", NOT_ASSESSABLE),
    ("rise to", "77%", NOT_ASSESSABLE),
    # What it could have printed.
    ("over half", "45%", DOUBTFUL),
    ("over half", "95%", DOUBTFUL),
    ("over half", "50%", NOT_ASSESSABLE),
    ("over half", "60%", NOT_ASSESSABLE),
    ("more than half", "50.1", FITTING),
    ("just over a third", "35%", FITTING),
    ("almost one quarter", "26%", DOUBTFUL),
    ("almost one quarter", "19%", DOUBTFUL),
    ("nearly two thirds", "65%", FITTING),
    ("half", "52%", FITTING),
    ("one in ten", "9%", FITTING),
    ("about three out of four", "77%", FITTING),
    ("at least half", "95%", FITTING),
    ("at least half", "45%", DOUBTFUL),
    ("up to a third", "12%", FITTING),
    ("at most a third", "40%", DOUBTFUL),
    ("majority", "45%", DOUBTFUL),
    ("majority", "50%", NOT_ASSESSABLE),
    ("most of the victims", "70%", FITTING),
    ("the vast majority", "61%", DOUBTFUL),
    ("the vast majority", "95%", FITTING),
    ("a minority", "44%", FITTING),
    ("a minority", "56%", DOUBTFUL),
    ("all Member States", "95%", DOUBTFUL),
    ("all Member States", "100%", NOT_ASSESSABLE),
    ("almost all", "95%", FITTING),
    ("almost all", "80%", DOUBTFUL),
    ("not all of them", "80%", FITTING),
]


def test_wording_is_compared_with_the_printed_number():
    def check(words, printed, expected):
        assert verdict(words, printed) is expected

    check_rows(check, FITS)


NAMELESS = [
    "",
    "numerous",
    "remains the most widespread form",
    "the most reported form",
    "overall",
    "smaller",
    "not the majority",
    "no more than half",
    "between a quarter and a third",
    "from a tenth to a fifth",
    "half as many",
    "third-country nationals",
    "one third-country national",
    "in the first half of 2016",
    "half of the year",
    "three Member States",
    "one in seven",
    "three halves",
    "around all",
]


def test_words_that_name_no_share_are_never_judged(worded):
    for words in NAMELESS:
        fit = judge_wording(words, Interval.point(Fraction(1, 2)))
        assert fit.verdict is NOT_ASSESSABLE
        worded(fit.reason)


def test_all_for_certain_is_all():
    assert verdict("all", Fraction(1)) is FITTING
    assert verdict("not all", Fraction(1)) is DOUBTFUL


@pytest.mark.parametrize("share", [None, Interval(0, 1, undefined=True)])
def test_wording_without_a_number_is_not_assessable(share, worded):
    fit = judge_wording("the majority", share)
    assert fit.verdict is NOT_ASSESSABLE
    worded(fit.reason)


def test_a_share_without_bounds_is_one_between_0_and_1():
    assert verdict("the majority", Interval(None, None)) is NOT_ASSESSABLE
    assert verdict("the majority", Interval(Fraction(3, 5), None)) is FITTING
    assert verdict("a minority", Interval(None, Fraction(2, 5))) is FITTING


@pytest.mark.parametrize("share", [Interval(18, 18), Interval(-2, -1)])
def test_a_number_outside_0_and_1_is_refused(share):
    with pytest.raises(InvalidValue, match=r"`share`.*between 0 and 1.*by 100"):
        judge_wording("majority", share)


SENTENCES = [
    ("around a quarter", "18%"),
    ("Around one quarter", "26%"),
    ("around a third", "30%"),
    ("about half", "45%"),
    ("over two-thirds", "68%"),
    ("almost one quarter", "26%"),
    ("The majority", "50%"),
    ("at least half", "60%"),
]


def test_the_reason_is_a_sentence_for_readers(worded):
    for words, printed in SENTENCES:
        worded(judge_wording(words, Percent(printed).interval, printed=printed).reason)


def test_a_number_that_is_not_given_as_printed_is_shown_as_its_range(worded):
    worded(judge_wording("half", Percent("18").interval).reason)


def test_the_common_fractions_are_tenths_fifths_quarters_thirds_and_halves_in_order():
    parts = {Fraction(top, part) for part in (10, 5, 4, 3, 2) for top in range(part + 1)}
    assert list(COMMON_FRACTIONS) == sorted(parts)


@given(shares)
def test_around_names_the_nearest_of_the_common_fractions(share):
    nearest = min(abs(fraction - share) for fraction in COMMON_FRACTIONS)
    for fraction, name in NAMED.items():
        expected = FITTING if abs(fraction - share) == nearest else DOUBTFUL
        assert verdict(f"around {name}", share) is expected


@given(shares)
def test_every_share_between_two_common_fractions_is_over_one_and_almost_the_next(share):
    assume(share not in COMMON_FRACTIONS)
    overlapping = [f for f, name in NAMED.items() if verdict(f"over {name}", share) is FITTING]
    almost = [f for f, name in NAMED.items() if verdict(f"almost {name}", share) is FITTING]
    assert overlapping == [max(f for f in COMMON_FRACTIONS if f < share)] or share < Fraction(1, 10)
    assert almost == [min(f for f in COMMON_FRACTIONS if f > share)] or share > Fraction(9, 10)


@given(shares)
def test_a_share_is_never_both_majority_and_minority(share):
    both = (verdict("the majority", share), verdict("a minority", share))
    assert both.count(FITTING) == (share != Fraction(1, 2))


@given(st.sampled_from(WORDS), intervals, shares, shares)
def test_what_is_decided_stays_decided_when_more_is_known(words, wide, first, second):
    ends = sorted(wide.lower + part * (wide.upper - wide.lower) for part in (first, second))
    narrow = Interval(*ends)
    assert verdict(words, wide) in (NOT_ASSESSABLE, verdict(words, narrow))


@given(st.sampled_from(WORDS), intervals)
def test_an_interval_is_decided_as_its_ends_and_middle_are(words, share):
    points = [share.lower, Fraction(share.lower + share.upper) / 2, share.upper]
    result = {verdict(words, Interval.point(point)) for point in points}
    whole = verdict(words, share)
    assert whole is NOT_ASSESSABLE or result == {whole}
    assert not (result == {FITTING} and whole is not FITTING)
