from fractions import Fraction

from tests.comparability.numbers import count, judged, printed, ratio, share
from thbstats.comparability.rules.additivity import RULES
from thbstats.values import Interval


def test_parts_that_make_their_total_hold() -> None:
    assert judged(RULES, share(68, 98, gap=Interval.point(0))) is None


def test_a_gap_that_missing_counts_or_rounding_can_close_holds() -> None:
    assert judged(RULES, share(68, 98, gap=Interval(-3, 2))) is None
    rounded = Interval(Fraction(-3, 200), Fraction(3, 200))
    assert judged(RULES, printed("56", gap=rounded)) is None


def test_parts_that_exceed_their_total_ask_for_caution() -> None:
    found = judged(RULES, share(68, 98, dimension=("exploitation",), gap=Interval.point(-7)))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("ADDITIVITY", "fails", "caution")
    assert found.message == "the categories of form of exploitation do not make their total"
    assert found.evidence == (("total less parts", "\N{MINUS SIGN}7"),)
    assert "overlap" in found.mend


def test_printed_shares_leave_a_gap_in_per_cent() -> None:
    gap = Interval(Fraction(1, 100), Fraction(3, 100))
    found = judged(RULES, printed("56", gap=gap))
    assert found is not None
    assert found.evidence == (("total less parts", "1.0..3.0 %"),)


def test_without_all_parts_nobody_can_tell() -> None:
    found = judged(RULES, share(68, 98, gap=None))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert found.message == "all parts of the total"


def test_overlapping_categories_need_not_make_the_total() -> None:
    assert judged(RULES, share(68, 98, overlap="overlapping", gap=Interval.point(-7))) is None


def test_whether_categories_overlap_must_be_stated() -> None:
    found = judged(RULES, share(68, 98, overlap="not_stated", gap=Interval.point(-7)))
    assert found is not None
    assert found.answer == "cannot_tell"
    assert found.message == "whether one person can be in several categories of sex"


def test_only_shares_of_categories_have_parts() -> None:
    assert judged(RULES, share(68, 98, dimension=(), gap=Interval.point(9))) is None
    assert judged(RULES, ratio(3, 4, gap=Interval.point(9))) is None
    assert judged(RULES, count(3)) is None
