"""Figures read from pages that quote a publication, and shares that are at least a number."""

from fractions import Fraction

import pytest

from tests.claims.made_up import FEMALE, count, report, share
from thbstats import audit
from thbstats.errors import AmbiguousCell, DuplicateKey, InvalidFile
from thbstats.values import Count, Interval

QUOTED = {"section": "blog.example", "read_at": "blog.example/1", "source_kind": "secondary"}
OWN = {"section": "news.example", "read_at": "news.example/1"}


def test_the_publishers_own_page_stays_where_another_quotes_it_otherwise(worded):
    made = report(count("2426", id="own", **OWN), count("2424", id="quoted", **QUOTED))
    result = audit(made)
    assert made.data.victims.count() == Count.known(2426)
    assert result["own"].verdict == "not_assessable"
    assert result["own"].has_issue
    assert result["quoted"].verdict == "contradicted"
    worded(result["own"].remark, result["quoted"].message)


def test_a_number_that_is_not_exact_is_not_misquoted():
    for hedge, quoted, has_remark in (
        ({"wording": "nearly"}, "95", False),
        ({"wording": "at least", "at_least": True}, "120", False),
        ({"wording": "at least", "at_least": True}, "90", True),
        ({}, "95", True),
    ):
        made = report(count("100", id="own", **hedge), count(quoted, id="quoted", **QUOTED))
        assert bool(audit(made)["own"].remark) == has_remark


def test_a_breakdown_has_the_percentage_of_the_publisher():
    women = {"category": FEMALE}
    shares = share("56%", **women, **QUOTED), share("57%", **women)
    made = report(count("100"), *shares)
    assert made.breakdown(of="sex", base="all")["female"].numerator == Interval.point(57)
    twice = report(count("100"), share("57%", **women), share("57.2%", **women))
    assert len(twice.breakdown(of="sex", base="all")) == 1
    with pytest.raises(AmbiguousCell, match="several published values"):
        report(count("100"), shares[1], share("59%", **women)).breakdown(of="sex", base="all")


def test_what_is_quoted_rightly_is_printed_again(worded):
    result = audit(report(count("2426", id="own"), count("2,426", id="quoted", **QUOTED)))
    assert not result.issues
    worded(result["own"].message, result["quoted"].message)


def test_two_pages_that_quote_different_numbers_leave_no_table():
    made = report(count("2426", id="a", **QUOTED), count("2424", id="b", **QUOTED))
    assert {str(item.verdict) for item in audit(made)} == {"contradicted"}
    with pytest.raises(DuplicateKey):
        _ = made.data


def test_a_number_is_cited_from_the_page_where_it_was_read():
    made = report(count("10"), count("4", category=FEMALE, **QUOTED))
    whole, part = (made.cite([claim])[0] for claim in made.claims)
    assert (whole.kind, whole.section, whole.url) == ("primary", "II", "")
    assert (part.kind, part.section, part.url) == ("secondary", "", "blog.example/1")


def test_whose_page_it_is_has_two_answers():
    with pytest.raises(InvalidFile, match="source_kind"):
        report(count("10", source_kind="third"))


def test_a_share_that_is_at_least_a_number_has_no_upper_end_and_narrows_no_base(worded):
    floor = share("15%", id="floor", category=FEMALE, at_least=True)
    made = report(count("200"), floor)
    result = made.share("floor")
    assert result.value == Interval(Fraction(145, 1000), 1)
    assert result.numerator == Interval(29, 200)
    assert result.denominator == Interval.point(200)
    assert "at least" in result.estimand
    worded(audit(made)["floor"].message)


def test_only_a_smaller_share_contradicts_the_least_that_it_can_be():
    floor = share("15%", id="floor", category=FEMALE, at_least=True)
    for printed, verdict in (("14%", "contradicted"), ("40%", "not_assessable")):
        assert audit(report(floor, share(printed, category=FEMALE)))["floor"].verdict == verdict


def test_only_single_counts_and_shares_can_be_lower_bounds():
    for claim in (
        {"kind": "number", "printed": "10", "at_least": True},
        share("", wording="many", at_least=True),
        share("15%", at_least=True, makes="parts"),
    ):
        with pytest.raises(InvalidFile, match="at_least"):
            report(claim, share("85%", makes="parts"), share("15%", makes="parts"))
