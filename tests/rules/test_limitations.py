"""DETECTED_ONLY, DOUBLE_COUNTING and COHORT."""

from typing import Any

import pytest

from tests.rules.panels import (
    NOTE,
    OPEN,
    Row,
    count,
    judged,
    justice,
    number_cases,
    panel,
    protection,
    rate,
    ratio,
    rules_of,
    share,
    summary,
    victims,
)
from thbstats.rules import apply_rules
from thbstats.rules.families.attributes import duplicates

DECISIONS: dict[str, Any] = {
    "numerator_kind": justice("convicted", "convictions"),
    "denominator_kind": justice("prosecuted", "prosecutions"),
}
GRANTED, SOUGHT = (protection("compensation", outcome=word) for word in ("granted", "sought"))


test_numbers_of_victims_include_detected_victims_only = number_cases(
    rules_of("DETECTED_ONLY"),
    (share(), NOTE),
    (ratio(denominator_kind=victims(), kind="per_100"), NOTE),
    (ratio(), None),
    (count(numerator_kind=victims("not_stated")), OPEN),
)


@pytest.mark.parametrize(
    ("fields", "ways"),
    [
        (count(), ""),
        (count(period="not stated"), ""),
        (count(100, "BE+FR", reporters={"BE"}), ""),
        (count(100, "EU28", "2015-2016", numerator_kind=victims(unit="cases")), ""),
        (ratio(2927, 5979, "EU28", "2015-2016", **DECISIONS), ""),
        (count(100, "BE+FR"), "in two countries"),
        (count(100, "EU28", reporters=None), "in two countries"),
        (count(100, "BE", "2015-2016"), "in two years"),
        (share(68, 98, "EU28", "2015-2016"), "in two countries or in two years"),
        (ratio(29, 205, "BE+FR", denominator_kind=victims()), "in two countries"),
    ],
)
def test_sums_of_persons_are_registrations(fields: Row, ways: str) -> None:
    warning = judged(rules_of("DOUBLE_COUNTING"), fields)
    assert summary(warning) == (NOTE if ways else None)
    if warning is not None:
        assert (
            warning.message
            == f"the number is a sum of registrations: one person can be counted {ways}"
        )


def test_identified_persons_are_counted_in_the_warning() -> None:
    warning = duplicates(
        registrations=532,
        persons=498,
        several={"area": 21, "period": 13, "register": 2, "sex": 0},
        within=4,
    )
    assert (warning.code, warning.title) == ("DOUBLE_COUNTING", "Double counting")
    assert str(warning.message) == (
        "the number of registrations is 532, and the number of persons is 498: some persons are "
        "registered in two countries; in two periods; by two bodies; twice in one area and period"
    )
    assert dict(warning.evidence) == {
        "registrations": "532",
        "persons": "498",
        "in two countries": "21",
        "in two periods": "13",
        "by two bodies": "2",
        "twice in one area and period": "4",
    }


test_ratios_of_two_flows_are_not_of_one_cohort = number_cases(
    rules_of("COHORT"),
    (ratio(2_927, 5_979, "EU28", "2015-2016"), NOTE),
    (ratio(kind="per_100"), NOTE),
    (share(), None),
    (count(), None),
    (rate(), None),
    (ratio(denominator_kind=justice("convicted")), None),
    (ratio(denominator_kind=victims(), kind="per_100"), NOTE),
    (ratio(numerator_kind=victims(), denominator_kind=justice("convicted")), NOTE),
    (ratio(numerator_kind=victims("presumed"), denominator_kind=victims("registered")), NOTE),
    (ratio(numerator_kind=victims("presumed"), denominator_kind=victims("presumed")), None),
    (share(numerator_kind=justice(""), denominator_kind=justice("")), None),
    (share(numerator_kind=protection(), denominator_kind=protection()), None),
    *(
        (ratio(numerator_kind=justice(one), denominator_kind=justice(two)), OPEN)
        for one, two in (("", "prosecuted"), ("convicted", ""), ("", ""))
    ),
    (ratio(numerator_kind=GRANTED, denominator_kind=victims()), NOTE),
    (ratio(numerator_kind=GRANTED, denominator_kind=SOUGHT, kind="per_100"), NOTE),
)


def test_a_limitation_belongs_to_the_panel_once_and_is_not_a_warning() -> None:
    rows = [count(100, "EU28", year) for year in ("2014", "2015", "2016")]
    rules = (*rules_of("DETECTED_ONLY"), *rules_of("DOUBLE_COUNTING"), *rules_of("COHORT"))
    numbers = apply_rules(panel(*rows), rules=rules)
    assert numbers.warnings == ()
    assert numbers.limitations.codes == ("DETECTED_ONLY", "DOUBLE_COUNTING")
    assert len(numbers.limitations) == 2
    assert all(limitation.is_limitation for limitation in numbers.limitations)
    ratios = apply_rules(
        panel(*(ratio(3, 4, "BE", str(year)) for year in (2014, 2015))), rules=rules
    )
    assert len(ratios.limitations) == 1
