"""Over which members a printed percentage holds that the levels beside it do not give."""

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.auditing.rounded import WAYS, digits_of, printed
from thbstats.auditing import audit
from thbstats.errors import InvalidValue, UnknownName

MEMBERS = pd.DataFrame(
    [
        ("growth", "AT", 10, None),
        ("growth", "BE", 20, 15),
        ("growth", "FR", 50, 30),
        ("growth", "DE", None, 12),
        ("growth", "IT", 12, 9),
    ],
    columns=["id", "member", "new", "old"],
)


def growth(text: str, **more: object) -> pd.DataFrame:
    return pd.DataFrame([{"id": "growth", "new": 92, "old": 66, "printed": text} | more])


def test_a_growth_is_found_over_a_matched_set(worded):
    both = "members with both counts"
    labels = {
        "+52%": both,
        "+33%": f"{both}, without FR",
        "+59%": f"{both}, without BE",
        "+56%": f"{both}, without IT",
    }
    for text, label in labels.items():
        (figure,) = audit(growth(text), members=MEMBERS)
        assert str(figure.verdict) == "contradicted"
        assert [item.label for item in figure.matched if item.fits] == [label]
        worded(figure.message)


def test_every_set_that_was_tried_is_listed_with_its_members_and_sums(worded):
    (figure,) = audit(growth("+10%"), members=MEMBERS)
    worded(figure.message)
    tried = {item.label: item for item in figure.matched}
    both = tried["members with both counts"]
    assert both.members == ("BE", "FR", "IT")
    assert (both.numerator.value, both.denominator.value) == (82, 54)
    everyone = tried["all members with a count, 4 in the new sum and 4 in the old sum"]
    assert (everyone.numerator.value, everyone.denominator.value) == (92, 66)


def test_members_matter_only_without_the_levels_that_give_a_growth():
    rows = [
        (growth("+39%"), "confirmed"),
        (growth("+52%", new=None, old=None), "consistent"),
        (growth("+53%", new=None, old=None), "not_assessable"),
    ]
    for table, verdict in rows:
        (figure,) = audit(table, members=MEMBERS)
        assert str(figure.verdict) == verdict
        assert bool(figure.matched) == (verdict != "confirmed")


def test_a_share_can_be_that_of_all_members_but_one(worded):
    table = pd.DataFrame([{"id": "s", "numerator": 50, "denominator": 100, "printed": "20%"}])
    members = pd.DataFrame(
        {"id": "s", "member": ["UK", "FR"], "numerator": [40, 10], "denominator": [50, 50]}
    )
    (figure,) = audit(table, members=members)
    assert [item.label for item in figure.matched if item.fits] == ["all members, without UK"]
    worded(figure.message)


def test_a_hidden_count_of_a_member_leaves_the_set_between_two_ends():
    members = MEMBERS.astype(object)
    members.loc[1, "old"] = "<20"
    (figure,) = audit(growth("+52%"), members=members)
    assert "members with both counts" in [item.label for item in figure.matched if item.fits]


def test_a_set_without_a_member_needs_two_members_with_both_counts(worded):
    (figure,) = audit(growth("+52%"), members=MEMBERS.iloc[:2])
    labels = [item.label for item in figure.matched]
    everyone = "all members with a count, 2 in the new sum and 1 in the old sum"
    assert labels == [everyone, "members with both counts"]
    (figure,) = audit(growth("+52%"), members=MEMBERS.iloc[[0, 3]])
    worded(figure.message)


@pytest.mark.parametrize(("kind", "printed"), [("share", "0%"), ("change", "-100%")])
def test_members_without_any_numerator_have_no_sum(kind, printed):
    table = pd.DataFrame([{"id": "x", "kind": kind, "printed": printed, "numerator": ""}])
    members = pd.DataFrame(
        {"id": "x", "member": ["FR", "IT"], "numerator": ["", ""], "denominator": ["300", "200"]}
    )
    (figure,) = audit(table, members=members)
    assert str(figure.verdict) == "not_assessable"
    assert figure.matched == ()
    (figure,) = audit(table, members=members.replace({"numerator": {"": "0"}}))
    assert str(figure.verdict) == "consistent"


def test_unknown_and_repeated_members_are_refused():
    stray = MEMBERS.replace({"id": {"growth": "grwth"}}).iloc[:1]
    with pytest.raises(UnknownName, match=r"no figure has this name. Did you mean 'growth'"):
        audit(growth("+52%"), members=stray)
    with pytest.raises(InvalidValue, match="must be listed once"):
        audit(growth("+52%"), members=pd.concat([MEMBERS, MEMBERS.iloc[:1]]))
    with pytest.raises(UnknownName, match="No column of members"):
        audit(growth("+52%"), members=MEMBERS.drop(columns="member"))


counts = st.lists(
    st.tuples(st.none() | st.integers(0, 500), st.none() | st.integers(1, 500)),
    min_size=1,
    max_size=6,
)


@given(counts, st.integers(-1, 5), st.sampled_from(WAYS))
def test_a_growth_printed_of_a_matched_set_is_always_found(members, out, way):
    both = [pair for pair in members if None not in pair]
    if len(both) > 1 and 0 <= out < len(both):
        both.pop(out)
    assume(both)
    new, old = (sum(side) for side in zip(*both, strict=True))
    text = printed(digits_of(Fraction(new - old, old) * 1000, way), 1)
    table = pd.DataFrame([{"id": "g", "new": None, "old": None, "printed": text}])
    rows = [("g", f"m{position}", *pair) for position, pair in enumerate(members)]
    frame = pd.DataFrame(rows, columns=["id", "member", "new", "old"]).astype(object)
    (figure,) = audit(table, members=frame, rounding=way)
    sums = [(item.numerator.value, item.denominator.value) for item in figure.matched if item.fits]
    assert (new, old) in sums
    assert str(figure.verdict) == "consistent"


def test_figures_are_tried_over_their_own_members_only():
    table = pd.DataFrame(
        {"id": ["a", "b", "c"], "new": [9, 9, 9], "old": [4, 4, 4], "printed": ["100", "50", "200"]}
    )
    members = pd.DataFrame(
        {"id": ["b", "a", "a"], "member": ["X", "X", "Y"], "new": [3, 4, 5], "old": [2, 2, 2]}
    )
    a, b, c = audit(table, members=members)
    assert [item.label for item in a.matched if item.fits] == ["all members, without Y"]
    assert [item.label for item in b.matched if item.fits] == ["all members"]
    assert c.matched == ()
