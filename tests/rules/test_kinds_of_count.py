"""OFFENCE, STAGE_ORDER, REGISTERING_BODY, STATUS and UNIT."""

from typing import Any

import pytest

from tests.rules.panels import (
    BLOCKING,
    CAUTION,
    NOTE,
    OPEN,
    SOURCE,
    Expected,
    Row,
    count,
    judged,
    justice,
    number_cases,
    pair_cases,
    protection,
    ratio,
    rules_of,
    share,
    summary,
    victims,
)
from thbstats.panel import CountKind
from thbstats.values import Interval

DIFFERENT = [rule for rule in rules_of("OFFENCE") if not rule.is_limitation]
STAGES = [rule for rule in rules_of("OFFENCE") if rule.is_limitation]


def of_offences(counted: str, against: str) -> Row:
    return ratio(
        numerator_kind=justice("convicted", offence=counted),
        denominator_kind=justice("prosecuted", offence=against),
    )


ONE_STAGE = ratio(numerator_kind=justice("convicted"), denominator_kind=justice("convicted"))


@pytest.mark.parametrize(
    ("fields", "different", "stages"),
    [
        (ratio(), None, NOTE),
        (of_offences("trafficking", "use_of_services"), CAUTION, None),
        (of_offences("", "trafficking"), OPEN, None),
        (of_offences("", ""), OPEN, None),
        (ratio(numerator_kind=justice("convicted"), denominator_kind=justice("")), None, OPEN),
        (ONE_STAGE, None, None),
        (share(), None, None),
    ],
)
def test_offence_of_a_number(fields: Row, different: Expected, stages: Expected) -> None:
    assert summary(judged(DIFFERENT, fields)) == different
    limitation = judged(STAGES, fields)
    assert summary(limitation) == stages
    assert limitation is None or limitation.is_limitation


test_offence_of_a_pair = pair_cases(
    rules_of("OFFENCE"),
    (ratio(), ratio(), None),
    (share(), share(), None),
    (ratio(), of_offences("use_of_services", "use_of_services"), BLOCKING),
    (ratio(), of_offences("", "trafficking"), OPEN),
)


def services(**where: str) -> Row:
    return ratio(
        135,
        2,
        numerator_kind=justice("prosecuted", "prosecutions", "use_of_services"),
        denominator_kind=justice("suspected", "persons", "use_of_services"),
        **where,
    )


ASSISTED: Row = {
    "numerator_kind": protection(),
    "denominator_kind": victims(),
    "kind": "per_100",
    "area": "BE+FR",
}


test_order_of_stages = number_cases(
    rules_of("STAGE_ORDER"),
    (services(area="EU28"), CAUTION),
    (services(area="EU28", period="2015-2016"), CAUTION),
    (services(period="2015-2016"), CAUTION),
    (services(), NOTE),
    (services(period="2015-04-01/2016-03-31"), NOTE),
    (ratio(5, 5), None),
    (ratio(Interval(0, 5), Interval(5, 9)), None),
    (ratio(Interval(3, 6), Interval(5, 9), "EU28"), OPEN),
    (ratio(Interval(3, 6), Interval(5, 9), value=None, status=1), None),
    (share(), None),
    (
        ratio(9, 2, numerator_kind=justice("suspected"), denominator_kind=justice("convicted")),
        None,
    ),
    (ratio(9, 2, numerator_kind=justice(""), denominator_kind=justice("convicted")), None),
    (
        ratio(
            9,
            2,
            numerator_kind=justice("suspected"),
            denominator_kind=justice("recorded", "offences"),
        ),
        None,
    ),
    (ratio(120, 100, **ASSISTED), CAUTION),
    (ratio(100, 100, **ASSISTED), None),
)


def test_order_of_stages_contains_both_counts() -> None:
    warning = judged(rules_of("STAGE_ORDER"), services())
    assert "135 with 2" in warning.message
    assert warning.evidence == (("numerator", "135"), ("denominator", "2"))


def by(body: str, area: str = "BE", **more: Any) -> Row:
    counted = CountKind("victims", [("register", body), ("status", "registered")])
    return count(100, area, numerator_kind=counted, sources=(SOURCE,), **more)


def two_bodies(counted: str, against: str) -> Row:
    kinds = [CountKind("victims", [("register", name)]) for name in (counted, against)]
    return ratio(numerator_kind=kinds[0], denominator_kind=kinds[1])


test_registering_body_of_a_number = number_cases(
    rules_of("REGISTERING_BODY"),
    (by("all"), None),
    (by("not_stated"), None),
    (by("police"), NOTE),
    (two_bodies("ngo", "police"), CAUTION),
    (two_bodies("police", "police"), NOTE),
)


test_registering_body_of_a_pair = pair_cases(
    rules_of("REGISTERING_BODY"),
    (by("all"), by("all", "FR"), None),
    (by("police"), by("police", "FR"), None),
    (by("police"), by("all"), CAUTION),
    (by("ngo"), by("police"), CAUTION),
    (by("not_stated"), by("not_stated", "FR"), OPEN),
    (by("police"), by("not_stated", "FR"), OPEN),
    # One source, area and kind of count are presumed to be equal.
    (by("not_stated"), by("not_stated", period="2016"), None),
    (by("not_stated", "BE+FR"), by("not_stated", "BE+DE"), None),
)


def of_status(name: str) -> Row:
    return count(100, numerator_kind=victims(name))


def per_victim(name: str) -> Row:
    return ratio(29, 205, numerator_kind=justice("convicted"), denominator_kind=victims(name))


MIXED = ratio(numerator_kind=victims("identified"), denominator_kind=victims("registered"))


test_status_of_a_number = number_cases(
    rules_of("STATUS"),
    (of_status("registered"), None),
    (ratio(), None),
    (of_status("not_stated"), OPEN),
    (MIXED, CAUTION),
)


test_status_of_a_pair = pair_cases(
    rules_of("STATUS"),
    (of_status("registered"), share(), None),
    (ratio(), ratio(), None),
    (of_status("registered"), of_status("detected"), CAUTION),
    (per_victim("registered"), per_victim("identified"), CAUTION),
    (of_status("registered"), of_status("not_stated"), OPEN),
    (
        of_status("registered"),
        ratio(numerator_kind=victims("not_stated"), denominator_kind=victims("identified")),
        CAUTION,
    ),
)


def of_units(counted: str, against: str) -> Row:
    return ratio(
        numerator_kind=justice("convicted", counted),
        denominator_kind=justice("prosecuted", against),
    )


test_unit_of_a_number = number_cases(
    rules_of("UNIT"),
    (of_units("persons", "persons"), None),
    (of_units("convictions", "prosecutions"), NOTE),
    (of_units("convictions", "persons"), CAUTION),
    (of_units("persons", "prosecutions"), CAUTION),
    (of_units("", "persons"), OPEN),
    (of_units("", ""), OPEN),
    (share(numerator_kind=victims(unit="")), None),
)


test_unit_of_a_pair = pair_cases(
    rules_of("UNIT"),
    (count(5), count(6), None),
    (of_units("convictions", "prosecutions"), of_units("convictions", "prosecutions"), None),
    (count(5), count(5, numerator_kind=victims(unit="cases")), BLOCKING),
    (of_units("convictions", "persons"), of_units("persons", "convictions"), BLOCKING),
    (of_units("", "persons"), of_units("convictions", "persons"), OPEN),
    (of_units("", "persons"), of_units("convictions", "prosecutions"), BLOCKING),
)
