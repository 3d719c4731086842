import pytest

from thbstats.display import MARKS, format_count, mark_notes
from thbstats.values import Count, Reason


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (Count.known(0), "0"),
        (Count.known(20532), "20,532"),
        (Count.fewer_than(5), "<5"),
        (Count.fewer_than(1001), "<1,001"),
        (Count.not_reported(), ":"),
        (Count.breakdown_not_reported(12), ":"),
        (Count.suppressed(), "[c]"),
        (Count.suppressed(0, 4), "[c]"),
        (Count.not_applicable(), "[z]"),
        (Count.between(5, 14), "5 to 14"),
    ],
)
def test_zero_small_missing_suppressed_and_not_applicable_have_different_texts(
    number: Count, printed: str
) -> None:
    assert format_count(number) == printed


def test_a_sum_shows_its_bounds() -> None:
    known = Count.known(9759)
    assert format_count(known + Count.not_reported()) == "at least 9,759"
    assert format_count(known + Count.fewer_than(5)) == "9,759 to 9,763"
    assert format_count(known + Count.suppressed(1, 4)) == "9,760 to 9,763"


def test_fewer_than_without_limit_is_not_bounded() -> None:
    assert format_count(Count(0, None, Reason.FEWER_THAN)) == "not bounded"


def test_notes_explain_each_mark_once() -> None:
    assert mark_notes(MARKS.values()) == (
        ": not reported; [c] suppressed by the source; [z] not applicable.",
    )
    assert mark_notes(["0", "<5", "a: b"]) == ()
