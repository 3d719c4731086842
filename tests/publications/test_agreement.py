"""Agreement of the rankings that a report prints."""

from fractions import Fraction

import pytest

from tests.indicators.test_rank_agreement import kendall_tau, rank_biased_overlap, ranking_overlap
from tests.report_2018 import JUSTICE, VICTIMS
from thbstats import Interval, publications
from thbstats.errors import InvalidValue
from thbstats.tables import require_table


def test_counts_of_other_tests_are_those_of_the_report():
    data = publications.com_2018_777().data
    assert data.victims == VICTIMS
    assert data.justice is not None
    assert data.justice.where(offence="trafficking") == JUSTICE


def test_a_publication_in_place_of_a_table_is_refused():
    with pytest.raises(InvalidValue, match=r"\.data\.victims"):
        require_table(publications.com_2018_777())


def test_lists_without_an_order_share_members_in_any_order():
    report = publications.com_2018_777()
    now, before = (
        report.ranking(name)
        for name in ("ii-top-eu-citizenships", "ii-top-eu-citizenships-2010-2012")
    )
    assert ranking_overlap(before, now).value == Interval.point(1)
    assert kendall_tau(before, now).value == Interval(-1, 1, undefined=True)
    result = rank_biased_overlap(before, now, p="0.9")
    assert result.bounds_attained
    assert result.value.upper == 1
    # The same five members at depth five, in any order.
    depths = [(0, 1), (0, 2), (1, 3), (3, 4), (5, 5)]
    for end, shared in zip(("lower", "upper"), zip(*depths, strict=True), strict=True):
        seen = sum(
            Fraction(1, 10) * Fraction(9, 10) ** d * Fraction(n, d + 1)
            for d, n in enumerate(shared)
        )
        assert getattr(result.value, end) == seen + Fraction(9, 10) ** 5
    assert "PERIOD" in result.warnings.codes


def test_eu_and_other_citizens_have_no_common_member():
    report = publications.com_2018_777()
    eu, other = (report.ranking(f"ii-top-{group}-citizenships") for group in ("eu", "non-eu"))
    assert ranking_overlap(eu, other, rules=[]).value == Interval.point(0)
    with pytest.raises(InvalidValue, match="two members or more"):
        kendall_tau(eu, other)


def test_published_number_has_no_call():
    assert publications.com_2018_777().share("ii-sexual-share").call == ""
