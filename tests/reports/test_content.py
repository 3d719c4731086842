"""What is computed from a publication, before anybody has chosen a format."""

from fractions import Fraction

from tests.reports.made import claim, report, share
from thbstats.panel import Verdict
from thbstats.publications import com_2018_777
from thbstats.reports import Content, content_of
from thbstats.values import Interval


def test_every_id_is_there_once(content: Content):
    ids = [item.id for item in (*content.indicators, *content.pairs)]
    assert len(ids) == len(set(ids))


def test_a_count_that_is_printed_twice_is_one_indicator_with_both_claims(content: Content):
    (found,) = [item for item in content.counts if "iii-2-prosecutions" in item.claims]
    assert found.claims == ("ii-prosecutions", "iii-2-prosecutions")
    assert found.result.numerator == Interval.point(5979)


def test_a_share_of_all_and_one_of_those_recorded_stand_beside_each_other(content: Content):
    every, recorded = (item.result for item in content.shares)
    assert (every.formatted, str(every.base.rule)) == ("47.5%", "all")
    assert recorded.denominator == Interval(17273, 17583)
    assert every.bounds_with_unknown.upper == Fraction(13018, 20532)


def test_convictions_are_set_against_prosecutions_and_victims(content: Content):
    formatted = {item.result.label: item.formatted for item in reversed(content.ratios)}
    assert formatted["convicted / prosecuted"] == "0.49"
    assert formatted["convictions per 100 victims"] == "14.3"


def test_offences_are_never_one_part(content: Content):
    parts = {item.part for item in content.ratios}
    assert parts == {"Trafficking in human beings", "Knowing use of services of victims"}


def test_areas_are_held_side_by_side_where_they_repeat_a_share(content: Content):
    forms = [pair for pair in content.pairs if pair.dimension == "form of exploitation"]
    sex = content.pairs[len(forms) :]
    assert content.pairs[: len(forms)] == tuple(forms)
    assert {pair.dimension for pair in sex} == {"sex"}
    assert {pair.areas for pair in content.pairs} == {("EU28", "EU28 without UK")}
    assert [pair.first.formatted for pair in forms] == ["56%", "26%", "18%"]
    assert [pair.second.formatted for pair in forms] == ["65%", "15%", "20%"]
    points = [Interval.point(Fraction(n, 100)) for n in (9, -11, 2)]
    assert [pair.difference for pair in forms] == points


def test_two_unlike_sets_of_countries_are_compared_with_caution(content: Content):
    verdicts = {pair.comparison.verdict for pair in content.pairs[:3]}
    assert verdicts == {Verdict.WITH_CAUTION}
    assert "AREA_COMPOSITION" in content.pairs[0].comparison.warnings.codes


def test_a_share_of_one_area_within_another_is_no_comparison(content: Content):
    compared = {item.id for pair in content.pairs for item in (pair.first, pair.second)}
    (share_of_uk,) = [item for item in content.printed if item.result.area.code == "UK"]
    assert share_of_uk.id not in compared
    assert share_of_uk.formatted == "61%"


def test_nothing_of_the_publication_at_hand_is_left_out(content: Content):
    assert content.omissions == ()
    assert len(content.audit) == len(com_2018_777().claims)


def test_rankings_of_one_member_are_left_to_the_audit(content: Content):
    assert all(len(claim.ranks) > 1 for claim in content.rankings)
    assert "ii-sexual-most-widespread" not in [claim.id for claim in content.rankings]


def test_a_report_of_words_alone_has_no_indicators():
    only = content_of(report(claim("growing", wording="many victims")))
    assert only.indicators == ()
    assert only.pairs == ()


def test_a_share_that_no_base_allows_is_left_out_with_its_reason():
    made = content_of(
        report(
            claim("all", printed="10", base="all"), share("odd", "33%", category={"sex": "male"})
        )
    )
    (omitted,) = made.omissions
    assert omitted.id == "victims/as_printed/sex=male/all/EU28/2019"
    assert "33%" in omitted.reason
    assert made.printed == ()


def test_counts_that_contradict_each_other_make_no_table_and_are_still_audited():
    made = content_of(report(claim("one", printed="10"), claim("two", printed="11")))
    assert [item.id for item in made.omissions] == ["data"]
    assert {item.verdict for item in made.audit} == {"contradicted"}


def test_one_stage_alone_is_no_funnel():
    one = claim(
        "tried",
        printed="5",
        subject="justice",
        category={"stage": "prosecuted", "offence": "trafficking"},
    )
    made = content_of(report(one))
    assert [item.id for item in made.omissions] == ["justice/funnel/trafficking/EU28/2019"]
    assert [item.formatted for item in made.counts] == ["5"]


def test_convictions_are_not_set_against_victims_of_another_year():
    stages = [
        claim(
            stage,
            printed=printed,
            subject="justice",
            category={"stage": stage, "offence": "trafficking"},
        )
        for stage, printed in (("prosecuted", "9"), ("convicted", "4"))
    ]
    made = content_of(report(*stages, claim("all", printed="10", period="2018")))
    assert [item.formatted for item in made.ratios] == ["4 per 9"]
    assert [item.id for item in made.omissions] == ["justice/convictions_per_100_victims/EU28/2019"]


def test_justice_alone_has_no_ratio_to_victims():
    stages = [
        claim(
            stage,
            printed="4",
            subject="justice",
            category={"stage": stage, "offence": "trafficking"},
        )
        for stage in ("prosecuted", "convicted")
    ]
    made = content_of(report(*stages))
    assert [item.formatted for item in made.ratios] == ["4 per 4"]
    assert made.omissions == ()
