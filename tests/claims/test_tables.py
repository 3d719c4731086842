"""Published counts as tables."""

import pytest

from tests.claims.made_up import FEMALE, LABOUR, SEXUAL, count, recorded, report, share
from thbstats.errors import DuplicateKey
from thbstats.values import Count, Reason

FORMS = [recorded("56%", "sexual"), count("9 759", category=SEXUAL), count("20 532")]


def test_report_without_counts_has_no_tables():
    assert list(report(share("5%", category=FEMALE)).data.tables()) == []


def test_each_kind_of_count_has_a_table():
    data = report(
        count("5"),
        count("4", subject="justice", category={"stage": "convicted"}),
        count("3", subject="protection", category={"measure": "assistance"}),
        count("2", subject="cooperation", category={"body": "europol", "kind": "cases"}),
        count("1", subject="institutions", category={"topic": "studies"}),
    ).data
    assert [(table.kind, len(table)) for table in data.tables()] == [
        ("victims", 1),
        ("justice", 1),
        ("protection", 1),
        ("cooperation", 1),
    ]


def test_count_published_twice_is_one_row_with_both_locations():
    data = report(count("5"), count("5", section="III"), count("5", section="III")).data
    (record,) = data.victims.records()
    assert record.count == Count.known(5)
    assert sorted(source.section for source in record.sources) == ["II", "III"]


def test_count_with_two_values_raises():
    message = "`printed`: a count must have one published value, got '5 in II, 6 in III'"
    with pytest.raises(DuplicateKey, match=message):
        _ = report(count("5"), count("6", section="III")).data


def test_counts_in_different_units_are_separate_rows():
    stage = {"stage": "prosecuted"}
    data = report(
        count("5979", subject="justice", category=stage, unit="prosecutions"),
        count("7000", subject="justice", category=stage, unit="persons"),
    ).data
    assert {str(record.unit) for record in data.justice.records()} == {"prosecutions", "persons"}


def test_incomplete_count_is_omitted():
    for fields in (
        {"area": None},
        {"category": {"topic": "arrivals"}},
        {"subject": "justice"},
        {"subject": "cooperation", "category": {"body": "europol"}},
    ):
        assert list(report(count("5", **fields)).data.tables()) == [], fields


def test_area_in_the_category_is_the_area_of_the_row():
    (record,) = report(count("5", category={"area": "UK"})).data.victims.records()
    assert record.area == "UK"


def test_row_has_its_reporters():
    listed, counted = report(
        count("5", reporters=["BE", "EL"]), count("5", reporters=3, category=FEMALE)
    ).data.victims.records()
    assert (listed.reporters, counted.n_reporters) == ({"BE", "EL"}, 3)


def test_share_of_known_category_bounds_the_unknown_category():
    data = report(*FORMS).data
    (record,) = data.victims.where(exploitation="unknown").records()
    assert record.count == Count.between(2949, 3259, Reason.ROUNDED)


def test_unknown_category_is_omitted_without_evidence():
    of_areas = share("56%", category=SEXUAL, base="known", base_dimension="area")
    cases = {
        "reading": [recorded("56%", "sexual", base_printed=False), *FORMS[1:]],
        "no numerator": [FORMS[0], count("20 532")],
        "no whole": [FORMS[0], count("9 759", category=SEXUAL)],
        "of all": [share("47.5%", category=SEXUAL), *FORMS[1:]],
        "no base fits": [*FORMS, recorded("26%", "labour"), count("1 000", category=LABOUR)],
        "no unknown": [of_areas, *FORMS[1:]],
    }
    for name, claims in cases.items():
        assert len(report(*claims).data.victims.where(exploitation="unknown")) == 0, name


def test_published_unknown_count_takes_precedence():
    printed = count("3 000", category={"exploitation": "unknown"})
    table = report(*FORMS, printed).data.victims
    assert table.count(exploitation="unknown") == Count.known(3000)


def test_each_known_denominator_has_one_unknown_category():
    status = {"status": "identified"}
    data = report(
        *FORMS,
        recorded("56%", "sexual", section="III"),
        recorded("50%", "sexual", **status),
        count("50", category=SEXUAL, **status),
        count("200", **status),
        share("50%", category=SEXUAL | FEMALE, of=SEXUAL, base="known"),
        count("4 900", category=SEXUAL | FEMALE),
    ).data
    unknown = {
        (str(row.status), str(row.exploitation), str(row.sex)): row.count
        for row in data.victims.records()
        if "unknown" in (row.exploitation, row.sex)
    }
    assert unknown == {
        ("registered", "unknown", "total"): Count.between(2949, 3259),
        ("identified", "unknown", "total"): Count.between(99, 100),
        ("registered", "sexual", "unknown"): Count.between(0, 56),
    }


def test_unknown_category_of_a_part_in_another_area_belongs_to_the_total():
    of_uk = recorded("25%", "labour", of={"area": "EU28"}, area="UK")
    data = report(of_uk, count("100", category=LABOUR, area="UK"), count("500")).data
    (row,) = [row for row in data.victims.records() if row.exploitation == "unknown"]
    assert (row.area, row.count) == ("EU28", Count.between(92, 107))
