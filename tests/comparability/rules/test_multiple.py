import pytest

from tests.comparability.numbers import count, judged, printed, ratio, share
from thbstats.comparability import ALL, assess
from thbstats.comparability.rules.multiple import RULES
from thbstats.results import Excess, Result
from thbstats.values import Interval

FORMS = ("exploitation",)
SEEN = Excess(counted=Interval.point(16), total=Interval.point(12), areas=("MT",))


def overlapping(**more) -> Result:
    return share(7, 12, rule="all", dimension=FORMS, overlap="overlapping", **more)


def exclusive(**more) -> Result:
    return share(7, 12, rule="all", dimension=FORMS, **more)


def test_categories_that_exclude_each_other_hold() -> None:
    assert judged(RULES, exclusive()) is None


def test_categories_that_exceed_their_total_ask_for_caution_with_the_figures() -> None:
    found = judged(RULES, overlapping(excess=SEEN))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("MULTIPLE", "fails", "caution")
    assert found.message == (
        "one person can be counted under several categories of form of exploitation: 16 in the "
        "categories for 12 registered victims, so that the shares need not make 100 %"
    )
    assert found.evidence == (("sum of categories", "16"), ("total", "12"), ("seen in", "MT"))
    assert "correct" in found.mend


def test_categories_that_are_only_said_to_overlap_have_no_figures_to_show() -> None:
    found = judged(RULES, overlapping())
    assert found is not None
    assert found.message == (
        "one person can be counted under several categories of form of exploitation, so that the "
        "shares need not make 100 %"
    )
    assert found.evidence == ()


def test_counts_that_no_overlap_explains_are_told_beside() -> None:
    both = Excess(
        counted=Interval.at_least(16), total=Interval(0, 12), areas=("MT",), unexplained=("DE",)
    )
    found = judged(RULES, overlapping(excess=both))
    assert found is not None
    assert dict(found.evidence) == {
        "sum of categories": "at least 16",
        "total": "0..12",
        "seen in": "MT",
        "more than overlap explains": "DE",
    }


def test_where_no_overlap_explains_anything_the_message_has_no_figures() -> None:
    nothing = Interval.point(0)
    found = judged(
        RULES,
        overlapping(excess=Excess(counted=nothing, total=nothing, areas=(), unexplained=("DE",))),
    )
    assert found is not None
    assert "0 in" not in found.message
    assert found.evidence == (("more than overlap explains", "DE"),)


def test_whether_categories_overlap_is_asked_by_one_rule_only() -> None:
    found = assess(share(7, 12, dimension=FORMS, overlap="not_stated", gap=None), rules=ALL)
    assert "MULTIPLE" not in found.warnings.codes
    gaps = [code for note in found.warnings.of("NOT_DOCUMENTED") for code, _ in note.evidence]
    assert gaps.count("ADDITIVITY") == 1
    assert "MULTIPLE" not in gaps


def test_additivity_is_silent_where_categories_overlap() -> None:
    found = assess(overlapping(excess=SEEN, gap=None), rules=ALL)
    assert "MULTIPLE" in found.warnings.codes
    gaps = [code for note in found.warnings.of("NOT_DOCUMENTED") for code, _ in note.evidence]
    assert "ADDITIVITY" not in {*found.warnings.codes, *gaps}


@pytest.mark.parametrize(
    "number",
    [
        ratio(3, 4),
        count(12),
        printed("56"),
        share(7, 12, dimension=(), overlap="overlapping"),
    ],
    ids=["ratio", "count", "printed", "undivided"],
)
def test_only_a_division_can_count_a_person_twice(number: Result) -> None:
    assert judged(RULES, number) is None


def test_two_shares_of_everybody_that_count_forms_differently_ask_for_caution() -> None:
    for pair in ((exclusive(), overlapping()), (overlapping(), exclusive())):
        found = judged(RULES, *pair)
        assert found is not None
        assert (found.code, found.answer, found.severity) == ("MULTIPLE", "fails", "caution")
        assert found.message == (
            "one number counts a person under a single category of form of exploitation, the "
            "other can do so under several"
        )
        assert {word for _, word in found.evidence} == {"Exclusive", "Overlapping"}
        assert 'overlap="overlapping"' in found.mend


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (exclusive(), exclusive()),
        (overlapping(), overlapping()),
        (overlapping(), share(7, 12, rule="all", dimension=FORMS, overlap="not_stated")),
        (overlapping(), share(7, 12, rule="all", dimension=("sex",))),
        (overlapping(), share(7, 12, dimension=FORMS)),
        (overlapping(), count(7)),
    ],
    ids=["exclusive", "overlapping", "not stated", "dimension", "base", "count"],
)
def test_what_both_count_alike_or_another_rule_tells_is_not_told(
    first: Result, second: Result
) -> None:
    assert judged(RULES, first, second) is None


def test_recorded_bases_that_differ_in_it_are_told_by_their_own_rule() -> None:
    recorded = share(7, 12, dimension=FORMS, overlap="overlapping")
    assert judged(RULES, recorded, share(7, 12, dimension=FORMS)) is None
    base = tuple(rule for rule in ALL if rule.code == "BASE")
    assert judged(base, recorded, share(7, 12, dimension=FORMS)) is not None
