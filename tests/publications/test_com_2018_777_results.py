"""What the report's own figures give: tables, shares, breakdowns and rankings."""

from fractions import Fraction

import pytest

import thbstats as thb
from thbstats.errors import NoSuchCell
from thbstats.values import Count, Interval, Reason


@pytest.fixture(scope="module")
def report():
    return thb.publications.com_2018_777()


def rows(table, *names):
    return {
        tuple(str(getattr(record, name)) for name in names): record.count
        for record in table.records()
    }


def test_victims_are_the_printed_counts_and_those_without_a_recorded_form(report):
    victims = report.data.victims
    assert rows(victims, "exploitation") == {
        ("total",): Count.known(20532),
        ("sexual",): Count.known(9759),
        ("unknown",): Count.between(2949, 3259, Reason.ROUNDED),
    }
    for record in victims.records():
        assert (record.area, str(record.period)) == ("EU28", "2015-2016")
        assert (record.status, record.unit) == ("registered", "persons")
        assert {source.document for source in record.sources} == {"COM(2018) 777 final"}


def test_justice_has_both_offences_each_with_its_units(report):
    justice = report.data.justice
    assert rows(justice, "offence", "stage", "unit") == {
        ("trafficking", "suspected", "persons"): Count.known(7503),
        ("trafficking", "prosecuted", "prosecutions"): Count.known(5979),
        ("trafficking", "convicted", "convictions"): Count.known(2927),
        ("use_of_services", "suspected", "persons"): Count.known(2),
        ("use_of_services", "prosecuted", "prosecutions"): Count.known(135),
        ("use_of_services", "convicted", "convictions"): Count.known(18),
    }
    reporters = {str(record.offence): record.n_reporters for record in justice.records()}
    assert reporters == {"trafficking": None, "use_of_services": 3}


def test_counts_that_stand_in_two_sections_have_both_as_sources(report):
    sections = {
        str(record.stage): sorted(source.section for source in record.sources)
        for record in report.data.justice.where(offence="trafficking").records()
    }
    assert sections == {
        "suspected": ["II"],
        "prosecuted": ["II", "III.2"],
        "convicted": ["II", "III.2"],
    }


def test_cooperation_keeps_its_own_periods(report):
    assert rows(report.data.cooperation, "body", "kind", "period") == {
        ("europol", "cases", "2016-2017"): Count.known(2476),
        ("europol", "operational_messages", "2016-2017"): Count.known(8411),
        ("eurojust", "cases", "not stated"): Count.known(28),
    }


def test_no_protection_is_counted(report):
    assert report.data.protection is None


def test_forms_are_as_published_with_their_coverage(report):
    forms = report.breakdown(of="exploitation", base="known")
    assert [(item.label, item.printed.printed) for item in forms] == [
        ("sexual", "56%"),
        ("labour", "26%"),
        ("other", "18%"),
    ]
    assert {item.denominator for item in forms} == {Interval(17273, 17583)}
    assert [item.numerator for item in forms] == [
        Interval.point(9759),
        Interval(4405, 4659),
        Interval(3023, 3252),
    ]
    assert forms["sexual"].value == Interval(Fraction(111, 200), Fraction(113, 200))


def test_between_14_and_16_in_100_have_no_recorded_form(report):
    unknown = report.breakdown(of="exploitation", base="known")["sexual"].unknown
    assert unknown == Interval(2949, 3259)
    assert [f"{100 * end / 20532:.1f}" for end in (2949, 3259)] == ["14.4", "15.9"]


def test_forms_without_the_united_kingdom_have_no_more_than_an_upper_end(report):
    forms = report.breakdown(of="exploitation", base="known", area="EU28 without UK")
    assert [item.printed.printed for item in forms] == ["65%", "15%", "20%"]
    assert {item.denominator.upper for item in forms} == {15130}
    assert forms["sexual"].numerator.upper == 9759


def test_sexual_is_8_to_10_points_higher_without_the_united_kingdom_with_caution(report):
    eu, without = (
        report.breakdown(of="exploitation", base="known", area=area)["sexual"]
        for area in ("EU28", "EU28 without UK")
    )
    result = thb.compare(eu, without)
    assert result.difference == Interval(Fraction(2, 25), Fraction(1, 10))
    assert result.verdict.label == "comparable with caution"


@pytest.mark.parametrize(
    ("by", "area", "printed"),
    [
        ("sex", "EU28", {"female": "68%"}),
        ("sex", "EU28 without UK", {"female": "77%"}),
        ("age", "EU28", {"child": "23%"}),
        ("citizenship", "EU28", {"eu": "44%"}),
    ],
)
def test_other_breakdowns_have_no_stated_base(report, by, area, printed):
    result = report.breakdown(of=by, base="not_stated", area=area)
    assert {item.label: item.printed.printed for item in result} == printed
    assert result[0].base.label.endswith("denominator not stated")
    with pytest.raises(NoSuchCell, match="base='not_stated'"):
        report.breakdown(of=by, base="all", area=area)


def test_the_share_among_all_is_47_and_can_be_63(report):
    victims = report.data.victims.where(area="EU28", period="2015-2016")
    result = thb.share(victims, exploitation="sexual", base="all")
    assert result.value == Interval.point(Fraction(9759, 20532))
    assert result.bounds_with_unknown == Interval(Fraction(9759, 20532), Fraction(13018, 20532))
    assert (round(float(result), 3), round(float(result.bounds_with_unknown.upper), 3)) == (
        0.475,
        0.634,
    )


def test_the_printed_share_and_the_computed_one_can_become_the_same(report):
    printed = report.breakdown(of="exploitation", base="known")["sexual"]
    victims = report.data.victims
    assert (
        printed.bounds_with_unknown
        == thb.share(victims, exploitation="sexual", base="all").bounds_with_unknown
    )
    again = thb.share(victims, exploitation="sexual", base="known")
    assert again.denominator == printed.denominator


@pytest.mark.parametrize(
    ("name", "label", "numerator", "base"),
    [
        ("ii-labour-uk-share", "UK", Interval(2666, 2865), Interval(4405, 4659)),
        ("iii-2-eurojust-joint-team-share", "by joint investigation team", 21, 28),
    ],
)
def test_a_share_of_a_part_is_of_that_part(report, name, label, numerator, base):
    result = report.share(name)

    def ends(number):
        return number if isinstance(number, Interval) else Interval.point(number)

    assert (result.label, result.numerator, result.denominator) == (
        label,
        ends(numerator),
        ends(base),
    )


def test_every_printed_percentage_is_a_share(report):
    shares = [report.share(claim.id) for claim in report.claims if claim.percent is not None]
    assert len(shares) == 17
    assert all(item.value.contains(item.printed.value) for item in shares)


def test_conviction_is_to_prosecution_as_49_to_100(report):
    result = thb.conviction_to_prosecution(report.data.justice)
    assert result.value == Interval.point(Fraction(2927, 5979))


def test_the_top_five_are_listed_without_counts(report):
    assert report.ranking("ii-top-eu-citizenships").labels == ("RO", "HU", "NL", "PL", "BG")
    assert report.ranking("ii-top-non-eu-citizenships").top(5) == ("NG", "AL", "VN", "CN", "ER")


def test_a_publication_is_read_once_and_can_always_be_read(report):
    assert thb.publications.com_2018_777() is report
    assert "com_2018_777" in [read().id for read in thb.publications.ALL]
