"""Several publications together: revisions, directions over them, and likely reasons."""

import json
from datetime import date

import pytest
from attrs import evolve

import thbstats as thb
from tests.claims.made_up import FEMALE, LABOUR, SEXUAL, count, direction, report, share
from tests.rows import check_rows
from thbstats import audit
from thbstats.claims.publication import Collection
from thbstats.errors import DuplicateKey, InvalidValue
from thbstats.values import Interval

MALE = {"sex": "male"}


def release(name, published, *claims):
    return evolve(
        report(*claims),
        id=name,
        title=f"Release {name}",
        document=f"document {name}",
        published=published,
    )


def old(*claims):
    return release("old", "2020-01-01", *claims)


def new(*claims):
    return release("new", "2022-01-01", *claims)


def test_claims_name_their_publication_in_id_and_place(worded):
    result = audit([old(count("10")), new(count("10"))])
    assert [item.claim.id for item in result] == ["old-claim-1", "new-claim-1"]
    assert [item.publication for item in result] == ["old", "new"]
    assert result.publications == ("old", "new")
    assert result.title == "document old; document new"
    worded(result["old-claim-1"].message)
    text = str(result)
    assert "Section II of document old" in text
    assert "Section II of document new" in text


def test_a_later_value_is_a_revision_and_contradicts_nothing(worded):
    first = old(count("100"), count("60", category=FEMALE), count("40", category=MALE))
    result = audit([first, new(count("80"))])
    assert "contradicted" not in {str(item.verdict) for item in result}
    assert result["old-claim-1"].revision == result["new-claim-1"].claim
    worded(result["old-claim-1"].reason)
    assert [item.claim.id for item in result.revised] == ["old-claim-1"]
    assert "Revised later: old-claim-1." in " ".join(str(result).split())
    assert result.issues == ()


def test_a_revised_release_is_compared_with_itself():
    first = old(count("100"), count("60", category=FEMALE), count("50", category=MALE))
    result = audit([first, new(count("110"))])
    contradicted = [item.claim.id for item in result if item.verdict == "contradicted"]
    assert contradicted == ["old-claim-1", "old-claim-2", "old-claim-3"]
    assert result["new-claim-1"].verdict == "not_assessable"


def test_only_another_value_of_the_same_quantity_is_a_revision():
    def check(earlier, later, is_revised):
        result = audit([old(earlier), new(later)])
        revision = result["new-claim-1"].claim if is_revised else None
        assert result["old-claim-1"].revision == revision
        assert bool(result.revised) == is_revised

    hundred, never = count("100"), {"period": "not stated"}
    unstated = {"category": SEXUAL, "base": "not_stated"}
    change = {"kind": "change", "since": "2013-2014"}
    rate, suspected = {"kind": "rate", "per": 100_000}, {"stage": "suspected"}
    ratio = {"kind": "ratio", "subject": "justice", "of": {"stage": "prosecuted"}}
    ratio |= {"category": {"stage": "convicted"}}
    topic, institutions = {"topic": "seen"}, {"subject": "institutions"}
    rows = [
        (hundred | {"reporters": 3}, count("90", reporters=3), True),
        (share("56%", **unstated), share("58%", **unstated), True),
        (change | {"printed": "5%"}, change | {"printed": "6%"}, True),
        (hundred, count("90", period="2017"), False),
        (hundred, count("90", area="UK"), False),
        (hundred, count("90", unit="cases"), False),
        (hundred | {"at_least": True, "wording": "at least"}, count("120"), False),
        (hundred | never, count("90", **never), False),
        (rate | {"printed": "2.0"}, rate | {"printed": "2.3"}, True),
        (ratio | {"printed": "0.5"}, ratio | {"printed": "0.6"}, True),
        (ratio | {"printed": "0.5"}, ratio | {"printed": "0.6", "of": suspected}, False),
        (count("20", category=topic), count("23", category=topic), True),
        (hundred | institutions, count("90", **institutions), True),
        (share("56%", category=SEXUAL), share("56.2%", category=SEXUAL), False),
        (hundred, count("90", reporters=3), False),
    ]
    check_rows(check, rows)


def test_the_order_is_that_of_dates_or_else_as_given():
    first, second = old(count("100")), new(count("90"))
    assert audit([second, first]).publications == ("old", "new")
    undated = evolve(first, published=None)
    assert audit([second, undated]).publications == ("new", "old")
    assert audit([second, undated])["new-claim-1"].revision.id == "old-claim-1"


def test_a_contradiction_across_releases_says_so_in_words_and_as_data(worded):
    parts = old(count("60", category=FEMALE), count("50", category=MALE))
    result = audit([parts, new(count("100"))])
    assert {str(item.verdict) for item in result} == {"contradicted"}
    assert result["new-claim-1"].differences == ("release",)
    worded(result["new-claim-1"].likely_reason)
    assert result["new-claim-1"].likely_reason in result["new-claim-1"].reason


def test_a_contradiction_has_its_likely_reasons(worded):
    def check(fields, difference):
        result = audit(report(count("120", **fields), count("100", read_at="a.org")))
        assert {str(item.verdict) for item in result} == {"contradicted"}
        assert difference in result["claim-1"].differences
        worded(result["claim-1"].likely_reason)

    page = {"category": FEMALE, "read_at": "b.org"}
    rows = [
        ({"area": "EU27_2020"}, "area"),
        ({"reporters": 24}, "coverage"),
        (page, "source"),
    ]
    check_rows(check, rows)
    result = audit(report(count("120", category=FEMALE), count("100")))
    assert {item.likely_reason for item in result} == {""}
    assert {item.differences for item in result} == {()}


NEVER = {"period": "not stated"}


class TestDirections:
    def judged(self, way, *numbers):
        return audit(report(direction(way, **NEVER), *numbers))["claim-1"]

    def test_a_direction_without_a_period_is_judged_over_those_that_are_there(self):
        expected = {
            "567": "confirmed",
            "765": "contradicted",
            "576": "not_assessable",
            "657": "consistent",
            "5": "not_assessable",
        }
        for printed, verdict in expected.items():
            years = [count(n, period=str(2010 + position)) for position, n in enumerate(printed)]
            assert str(self.judged("up", *years).verdict) == verdict

    def test_periods_of_other_lengths_are_not_compared(self):
        longer = count("9", period="2010-2012")
        loose = count("9", period="~2013-2014"), count("5", period="2015-2016")
        assert self.judged("up", *loose).verdict == "not_assessable"
        assert self.judged("up", longer, count("5", period="2013-2014")).verdict == "not_assessable"
        stated = audit(report(direction("up"), longer, count("5")))["claim-1"]
        assert stated.verdict == "not_assessable"

    def test_numbers_that_were_published_later_are_not_used(self, worded):
        first = old(direction("up", **NEVER), count("5", period="2018"), count("6", period="2019"))
        result = audit([first, new(count("1", period="2020"), count("4", period="2019"))])
        assert result["old-claim-1"].verdict == "confirmed"
        worded(result["old-claim-1"].message)


def test_a_change_is_judged_by_the_counts_of_its_time():
    change = {"kind": "change", "printed": "10%", "period": "2017", "since": "2016"}
    first = old(count("100", period="2016"))
    second = release("middle", "2021-01-01", count("110", period="2017"), change)
    result = audit([first, second, new(count("150", period="2016"))])
    assert result["old-claim-1"].revision.printed == "150"
    assert "contradicted" not in {str(item.verdict) for item in result}
    assert audit([first, second])["middle-claim-2"].verdict == "confirmed"


def test_nothing_or_something_else_in_place_of_publications_is_refused():
    with pytest.raises(InvalidValue, match="publication"):
        audit([])
    with pytest.raises(InvalidValue, match="publication 2"):
        audit([old(count("1")), "com_2018_777"])
    with pytest.raises(DuplicateKey, match="old"):
        audit([old(count("1")), old(count("1"))])


def test_infer_ignores_revised_claims_of_several_publications():
    first = old(count("60", category=FEMALE), count("100"))
    result = thb.infer([first, new(count("90"))])
    assert result.bounds == Interval(90, 90)
    assert [(claim.id, why) for claim, why in result.rejected] == [
        ("old-claim-1", "section II of document new revises its release"),
        ("old-claim-2", "section II of document new revises its release"),
    ]


def test_bases_and_claims_left_out_are_named_with_their_publication():
    unstated = share("60%", category=FEMALE, base="not_stated")
    reports = [old(count("100"), unstated), new(count("90", category=LABOUR))]
    evidence = thb.bounds.Evidence(
        reports, assume_base={"old-claim-2": "all"}, exclude="new-claim-1"
    )
    assert audit(evidence)["old-claim-2"].joint.verdict != "contradicted"
    assert evidence.infer(sex="female").bounds == Interval(60, 60)
    revised = thb.bounds.Evidence(
        [*reports, release("last", "2023-01-01", count("80"))], assume_base={"sex": "all"}
    )
    assert audit(revised)["old-claim-2"].verdict != "contradicted"


def test_plain_data_name_the_publication_and_the_revision():
    result = audit([old(count("100")), new(count("80"))])
    data = json.loads(json.dumps(result.to_dict()))
    assert data["publications"] == ["old", "new"]
    assert data["claims"][0]["publication"] == "old"
    assert data["claims"][0]["revision"] == "new-claim-1"
    assert list(result.to_frame()["publication"]) == ["old", "new"]


def test_a_report_on_the_audit_of_several_publications_names_each():
    html = thb.report(audit([old(count("100")), new(count("80"))])).to_html()
    assert "II of document old" in html
    assert "II of document new" in html


@pytest.fixture(scope="module")
def bundled():
    return audit([load() for load in thb.publications.ALL])


def test_the_bundled_publications_contradict_the_increase_of_convictions(bundled, worded):
    item = bundled["com_2018_777-iii-2-convictions-increase"]
    assert item.verdict == "contradicted"
    assert [claim.printed for claim in item.against] == ["3 129", "2927"]
    worded(item.message)
    assert item.differences == ("release",)
    assert bundled["com_2018_777-iii-2-prosecutions-increase"].verdict == "confirmed"


def test_nothing_else_in_the_bundled_publications_is_contradicted_across_them(bundled):
    """The other one is a page that quotes 2,424 convictions in place of 2,426."""
    contradicted = [item.claim.id for item in bundled if item.verdict == "contradicted"]
    assert contradicted == [
        "com_2018_777-iii-2-convictions-increase",
        "com_2020_661-convictions-quoted",
    ]
    assert bundled.revised == ()


def test_verdicts_within_one_bundled_publication_do_not_change(bundled, reference):
    together = {
        item.claim.id.removeprefix("com_2018_777-"): str(item.verdict)
        for item in bundled
        if item.publication == "com_2018_777"
    }
    changed = {item.claim.id for item in reference if together[item.claim.id] != str(item.verdict)}
    assert changed == {"iii-2-convictions-increase", "iii-2-prosecutions-increase"}


def test_a_collection_knows_the_publication_of_a_claim():
    both = Collection.of([new(count("1")), old(count("1"))])
    assert [item.id for item in both.publications] == ["old", "new"]
    assert both.publication_of(both.claims[1]).published == date(2022, 1, 1)
    assert both.claims_of_same_publication(both.claims[1]) == both.claims[1:]
    assert both.claims_until(both.claims[0]) == both.claims[:1]
