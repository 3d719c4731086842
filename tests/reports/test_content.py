"""The content of a report, before a format is chosen."""

from fractions import Fraction
from typing import Any

import pytest

import thbstats as thb
from tests.reports.made import claim, report, share
from thbstats.auditing import audit
from thbstats.claims import Claim, Publication
from thbstats.errors import InvalidValue
from thbstats.panel import Verdict
from thbstats.publications import com_2018_777
from thbstats.reports import Caution, Content, content_of
from thbstats.values import Interval


def test_count_that_is_published_twice_is_one_indicator(content: Content):
    (count,) = [item for item in content.counts if "iii-2-prosecutions" in item.claims]
    assert count.claims == ("ii-prosecutions", "iii-2-prosecutions")
    assert count.result.numerator == Interval.point(5979)


def test_shares_have_both_denominators(content: Content):
    every, known = (item.result for item in content.shares)
    assert (every.formatted, str(every.base.rule)) == ("47.5%", "all")
    assert known.denominator == Interval(17273, 17583)
    assert every.bounds_with_unknown.upper == Fraction(13018, 20532)


def test_ratios_of_stages_and_victims_by_offence(content: Content):
    formatted = {item.result.label: item.formatted for item in reversed(content.ratios)}
    assert formatted["convicted / prosecuted"] == "0.49"
    assert formatted["convictions per 100 victims"] == "14.3"
    parts = {item.part for item in content.ratios}
    assert parts == {"Trafficking in human beings", "Knowing use of services of victims"}


def test_shares_of_two_areas_are_compared_with_caution(content: Content):
    forms, sex = content.pairs[:3], content.pairs[3:]
    assert {pair.dimension for pair in forms} == {"form of exploitation"}
    assert {pair.dimension for pair in sex} == {"sex"}
    assert {pair.areas for pair in content.pairs} == {("EU28", "EU28 without UK")}
    assert [pair.first.formatted for pair in forms] == ["56%", "26%", "18%"]
    assert [pair.second.formatted for pair in forms] == ["65%", "15%", "20%"]
    points = [Interval.point(Fraction(n, 100)) for n in (9, -11, 2)]
    assert [pair.difference for pair in forms] == points
    assert {pair.comparison.verdict for pair in forms} == {Verdict.WITH_CAUTION}
    assert "AREA_COMPOSITION" in forms[0].comparison.warnings.codes


def test_share_of_an_area_within_another_is_not_compared(content: Content):
    compared = {item.id for pair in content.pairs for item in (pair.first, pair.second)}
    (share_of_uk,) = [item for item in content.printed if item.result.area.code == "UK"]
    assert share_of_uk.id not in compared
    assert share_of_uk.formatted == "61%"


def test_reference_publication_has_no_omissions(content: Content):
    assert content.omissions == ()
    assert len(content.audit) == len(com_2018_777().claims)


def test_rankings_have_several_members(content: Content):
    assert all(len(claim.ranks) > 1 for claim in content.rankings)
    assert "ii-sexual-most-widespread" not in [claim.id for claim in content.rankings]


def test_qualitative_publication_has_no_indicators():
    content = content_of(report(claim("growing", wording="many victims")))
    assert content.indicators == content.pairs == ()


def test_share_without_a_possible_denominator_is_an_omission():
    claims = claim("all", printed="10", base="all"), share("odd", "33%", category={"sex": "male"})
    content = content_of(report(*claims))
    (omitted,) = content.omissions
    assert omitted.id == "victims/as_printed/sex=male/all/EU28/2019"
    assert "33%" in omitted.reason
    assert content.printed == ()


def test_contradictory_counts_are_an_omission_and_audited():
    content = content_of(report(claim("one", printed="10"), claim("two", printed="11")))
    assert [item.id for item in content.omissions] == ["data"]
    assert {item.verdict for item in content.audit} == {"contradicted"}


def stages(**printed: str) -> list[Claim]:
    """Return counts of trafficking at some stages of justice."""
    category: dict[str, Any] = {"offence": "trafficking"}
    return [
        claim(stage, printed=text, subject="justice", category={**category, "stage": stage})
        for stage, text in printed.items()
    ]


VICTIMS_OF_2018 = claim("all", printed="10", period="2018")


@pytest.mark.parametrize(
    ("claims", "counts", "ratios", "omissions"),
    [
        (stages(prosecuted="5"), ["5"], [], ["justice/funnel/trafficking/EU28/2019"]),
        (
            [*stages(prosecuted="9", convicted="4"), VICTIMS_OF_2018],
            ["9", "4", "10"],
            ["4 per 9"],
            ["justice/convictions_per_100_victims/EU28/2019"],
        ),
        (stages(prosecuted="4", convicted="4"), ["4", "4"], ["4 per 4"], []),
    ],
)
def test_ratios_need_two_stages_or_victims_of_the_period(
    claims: list[Claim], counts: list[str], ratios: list[str], omissions: list[str]
):
    content = content_of(report(*claims))
    assert [item.formatted for item in content.counts] == counts
    assert [item.formatted for item in content.ratios] == ratios
    assert [item.id for item in content.omissions] == omissions


def test_a_time_limit_lists_the_claims_and_figures_that_are_not_reached(content: Content):
    result = content_of(com_2018_777(), time_limit=0)
    assert not result.counts + result.shares + result.printed  # there are few ratios
    reasons = {omission.reason for omission in result.omissions}
    assert reasons == {"time limit of 0 seconds"}
    assert len(result.omissions) > len(content.counts) + len(content.shares)
    assert "not compared with all others (time limit of 0 seconds)" in result.audit.left_open[0]
    assert content_of(com_2018_777(), time_limit=None).counts == content.counts


def test_the_audit_has_half_of_the_time_limit(monkeypatch: pytest.MonkeyPatch):
    limits = []

    def audited(item: Any, *, time_limit: float | None) -> Any:
        limits.append(time_limit)
        return audit(item, time_limit=time_limit)

    monkeypatch.setattr("thbstats.reports.subject.audit", audited)
    for limit in (8, None):
        content_of(report(claim("one", printed="10")), time_limit=limit)
    assert limits == [4, None]


def test_claims_that_an_audit_refuses_are_refused_before_the_figures(
    monkeypatch: pytest.MonkeyPatch,
):
    def refuse(_item: object, **_options: object) -> None:
        raise InvalidValue("the claims must need at most 3000 cells")

    monkeypatch.setattr("thbstats.reports.subject.audit", refuse)
    monkeypatch.setattr(Publication, "data", property(lambda _: pytest.fail("too late")))
    with pytest.raises(InvalidValue, match="at most 3000 cells"):
        content_of(report(claim("one", printed="10")))


@pytest.mark.parametrize("limit", [-1, float("nan")])
def test_a_time_limit_is_not_negative(limit: float):
    with pytest.raises(InvalidValue, match="time_limit"):
        thb.report(report(claim("one", printed="10")), time_limit=limit)


@pytest.mark.parametrize(
    ("code", "messages", "text"),
    [
        ("BASE", ("a", "b"), "a; b"),
        ("BASE", ("a", "b", "c"), "a; likewise for 2 others"),
        (
            "NOT_DOCUMENTED",
            ("what each adds", "the period", "the status"),
            "not documented: what each adds; the period; the status",
        ),
    ],
)
def test_messages_of_a_warning_are_one_text(code: str, messages: tuple[str, ...], text: str):
    caution = Caution(
        code=code,
        title="",
        severity="note",
        outcome="fail",
        messages=messages,
        evidence=(),
        hint="",
        applies_to=(),
    )
    assert caution.message == text
