"""Rounding methods of publications: every check uses them, for all claims or by claim."""

from fractions import Fraction

import pytest

import thbstats as thb
from tests.bounds.systems import KNOWN, rounded
from tests.claims.made_up import SEXUAL, count, report, share
from thbstats import audit
from thbstats.bounds import Evidence

BEFORE = {"period": "2013-2014"}
STAGES = {"category": {"stage": "convicted"}, "of": {"stage": "prosecuted"}}


def change(printed, **fields):
    return {"kind": "change", "printed": printed, "since": "2013-2014"} | fields


def stage(name, printed):
    return count(printed, subject="justice", category={"stage": name})


def verdicts(*claims, rounding=None):
    return [str(item.verdict) for item in audit(report(*claims), rounding=rounding)]


@pytest.mark.parametrize("way", [*KNOWN, "unknown"])
def test_a_change_and_a_share_are_confirmed_by_their_own_rounding_only(way):
    """From 1,000 to 1,019 is +1.9%, and 569 of 1,000 are 56.9%."""
    for part, whole, kind in ((1019, 1000, "change"), (569, 1000, "share"), (565, 1000, "share")):
        ways = KNOWN if way == "unknown" else (way,)
        value = Fraction(100 * (part - whole if kind == "change" else part), whole)
        fits = {rounded(value, own) for own in ways}
        for printed in range(int(value) - 1, int(value) + 3):
            counts = [count(str(part)), count(str(whole), **BEFORE)]
            claim = change(f"{printed:+d}%")
            if kind == "share":
                counts = [count(str(part), category=SEXUAL), count(str(whole))]
                claim = share(f"{printed}%", category=SEXUAL)
            result = verdicts(*counts, claim, rounding=way)
            assert ("contradicted" in result) is (printed not in fits)
            evidence = Evidence(report(*counts, claim), rounding=way)
            assert [str(item.verdict) for item in audit(evidence)] == result


@pytest.mark.parametrize(("printed", "way"), [("0.12", "half_even"), ("0.13", "half_up")])
def test_a_ratio_has_the_stated_rounding_of_halves(printed, way):
    claims = stage("convicted", "125"), stage("prosecuted", "1000")
    ratio = {"kind": "ratio", "printed": printed, "subject": "justice"} | STAGES
    assert verdicts(*claims, ratio)[2] == "confirmed"
    assert verdicts(*claims, ratio, rounding=way)[2] == "confirmed"
    other = {"half_even": "half_up", "half_up": "half_even"}[way]
    assert verdicts(*claims, ratio, rounding=other)[2] == "contradicted"


def test_a_direction_is_judged_by_the_stated_rounding():
    """56% and 57% rounded in an unknown way can be one number; to the nearest, they cannot."""
    shares = share("57%", category=SEXUAL), share("56%", category=SEXUAL, **BEFORE)
    way = {"kind": "direction", "direction": "down", "wording": "fell", "category": SEXUAL}
    claims = [way | {"base": "all"}, *shares]
    assert verdicts(*claims)[0] == "contradicted"
    assert verdicts(*claims, rounding="unknown")[0] == "consistent"


def test_counts_that_rounding_does_not_separate_can_have_any_direction():
    for way, later, unit, expected in (
        ("up", "100", 10, "consistent"),
        ("down", "110", 20, "consistent"),
        ("up", "150", 10, "confirmed"),
        ("up", "100", 1, "contradicted"),
    ):
        trend = {"kind": "direction", "wording": "changed", "direction": way}
        counts = count("100", **BEFORE), count(later)
        assert verdicts(trend, *counts, rounding={"count": unit})[0] == expected


def test_a_change_on_a_half_has_either_tie_by_default():
    """`thbstats.change` prints -0.1% for 2,000 to 1,999; half up would be 0.0%."""
    counts = count("1,999"), count("2,000", **BEFORE)
    for printed in ("-0.1%", "0.0%"):
        assert "contradicted" not in verdicts(*counts, change(printed))
    assert "contradicted" in verdicts(*counts, change("-0.1%"), rounding="half_up")
    assert "contradicted" in verdicts(*counts, change("0.0%"), rounding="half_away")


def test_totals_rounded_to_10_and_shares_rounded_half_away_in_one_publication():
    """569 of 1,004 women: 1,000 rounded to 10, and 56.7% of 1,004."""
    claims = count("569", category=SEXUAL), count("1,000"), share("56.7%", category=SEXUAL)
    assert verdicts(*claims) == ["contradicted"] * 3
    assert "contradicted" in verdicts(*claims, rounding="half_away")
    mixed = {"claim-2": 10, "share": "half_away"}
    result = audit(Evidence(report(*claims), rounding=mixed))
    assert {str(item.verdict) for item in result} <= {"confirmed", "consistent"}
    assert result["claim-2"].joint.others == thb.values.Interval(1003, 1004)
    assert "counts are rounded to the nearest multiple of 10: claim-2" in result.assumptions
    assert thb.infer(report(*claims), rounding=mixed).bounds == thb.values.Interval(1003, 1004)
    assert "contradicted" in verdicts(*claims, rounding={"claim-2": 5})
