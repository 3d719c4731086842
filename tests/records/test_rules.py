from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.errors import InvalidValue, UnknownName
from thbstats.records import CountedGroup, CountingRules, RuleDifference, Source, diff_rules
from thbstats.values import Period

codes = st.frozensets(st.sampled_from(["identified", "presumed", "nationals", "abroad"]))


def rules(**more: Any) -> CountingRules:
    return CountingRules(**{"about": "victims", "source": "Metadata", **more})


UNITS = st.sampled_from(["not_stated", "persons", "cases"])
MOMENTS = st.sampled_from(["", "referral", "conclusive grounds"])
LIMITS_OF_AGE = st.sampled_from([None, 16, 18])


@st.composite
def drawn(draw: st.DrawFn) -> CountingRules:
    includes, excludes = draw(codes), draw(codes)
    return rules(
        includes=includes,
        excludes=excludes - includes,
        unit=draw(UNITS),
        moment=draw(MOMENTS),
        child_below=draw(LIMITS_OF_AGE),
    )


def test_groups_are_compared_by_code() -> None:
    assert CountedGroup("Presumed  victims") == CountedGroup(
        "presumed_victims", "victims not yet formal"
    )
    assert hash(CountedGroup("a")) == hash(CountedGroup("a", "in words", "sex"))
    with pytest.raises(InvalidValue, match="must not be empty"):
        CountedGroup("  ")


@pytest.mark.parametrize(
    "given",
    [
        "own nationals",
        ["own_nationals"],
        CountedGroup("own_nationals"),
        {"own_nationals": "own nationals"},
    ],
    ids=["text", "list", "statement", "mapping"],
)
def test_groups_are_read_from_several_types(given: Any) -> None:
    assert rules(excludes=given).excludes == {CountedGroup("own_nationals")}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"about": "victim"}, UnknownName),
        ({"reporter": "Atlantis"}, UnknownName),
        ({"unit": "people and dogs"}, UnknownName),
        ({"valid_from": "next year"}, InvalidValue),
        ({"valid_from": "2016-01-01", "valid_to": "2015-12-31"}, InvalidValue),
        ({"includes": "presumed", "excludes": "presumed"}, InvalidValue),
    ],
)
def test_invalid_rules_raise(wrong: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        rules(**wrong)


@pytest.mark.parametrize(
    ("name", "stated"),
    [("unit", None), ("moment", None), ("includes", None), ("child_below", 18)],
)
def test_the_default_of_a_rule_is_not_stated(name: str, stated: object) -> None:
    assert rules(child_below=18).stated_value(name) == stated


@pytest.mark.parametrize(
    ("period", "held"),
    [
        ("2008", False),
        ("2009", True),
        ("2012", True),
        ("2015", True),
        ("2016", False),
        ("2008-2016", True),
        ("not stated", True),
    ],
)
def test_rules_are_valid_from_first_to_last_day(period: str, held: bool) -> None:
    between = rules(valid_from="2009-04-01", valid_to=date(2015, 7, 1))
    assert between.is_valid_in(Period.parse(period)) is held
    assert rules().is_valid_in(Period.parse(period))


def test_rules_apply_to_their_publications() -> None:
    eurostat = rules(publications=["CRIM_THB", "COM(2016) 267"])
    assert eurostat.applies_to([Source(title="A"), Source(title="Eurostat crim_thb_vsex")])
    assert eurostat.applies_to([Source(title="First report", document="COM(2016) 267 final")])
    assert rules(publications="CTDC").applies_to([Source(title="A", publisher="The CTDC")])
    assert not eurostat.applies_to([Source(title="GLOTIP")])
    assert not eurostat.applies_to([])
    assert rules().applies_to([])


def test_general_rules_complete_special_rules() -> None:
    general = rules(includes=["identified", "presumed"], unit="persons", moment="registration")
    special = rules(reporter="Belgium", excludes=["presumed"], unit="cases")
    both = special.with_defaults(general)
    assert both.includes == {CountedGroup("identified")}
    assert both.excludes == {CountedGroup("presumed")}
    assert (both.unit, both.moment, both.reporter) == ("cases", "registration", "BE")
    assert rules(includes=["presumed"]).with_defaults(special).excludes == frozenset()


def test_different_stated_values_are_a_difference() -> None:
    result = diff_rules(
        rules(moment="referral", child_below=18), rules(moment="conclusive grounds")
    )
    assert result == (RuleDifference("moment", "referral", "conclusive grounds"),)
    assert not result[0].is_one_sided


def test_an_excluded_group_is_a_difference_from_not_stated() -> None:
    single = rules(excludes={"nationals": "Belgian victims"})
    (result,) = diff_rules(single, rules())
    assert result == RuleDifference("excludes", "Belgian victims", "not stated")
    assert result.is_one_sided
    (result,) = diff_rules(rules(excludes=["abroad"]), single)
    assert (result.first, result.second, result.is_one_sided) == (
        "abroad",
        "Belgian victims",
        False,
    )


@given(drawn(), drawn())
def test_differences_are_symmetric_and_completed_rules_are_consistent(
    special: CountingRules, general: CountingRules
) -> None:
    turned = tuple(
        RuleDifference(item.field, item.second, item.first) for item in diff_rules(general, special)
    )
    assert diff_rules(special, general) == turned
    assert diff_rules(special, special) == ()
    assert diff_rules(special.with_defaults(special), special) == ()
    both = special.with_defaults(general)
    assert both.includes >= special.includes
    assert both.excludes >= special.excludes
    assert not both.includes & both.excludes
    assert both.with_defaults(general) == both


def test_a_source_is_a_source_or_its_title() -> None:
    assert rules(source=Source(title="Metadata")) == rules()


def test_different_included_groups_are_a_difference() -> None:
    single, other = rules(includes=["identified", "presumed"]), rules(includes=["identified"])
    assert diff_rules(single, other) == (RuleDifference("includes", "presumed", "none of these"),)
    assert diff_rules(single, rules()) == ()
