"""True tables, printed with rounding: the audit never accuses them, and finds what cannot be.

test_consistency has the same laws for the bounds by all other claims.
"""

from collections.abc import Iterator
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.claims.made_up import count, direction, report, share
from tests.examples import examples
from thbstats import audit
from thbstats.claims import Claim, Publication
from thbstats.display import percent
from thbstats.testing.strategies import SyntheticPublication, publications
from thbstats.values import Percent


def shares(printed: SyntheticPublication) -> Iterator[tuple[Claim, int, int]]:
    """Yield each printed share with its true numerator and base."""
    for name, (numerator, base) in printed.true_ratios.items():
        claim = printed.publication.claim(name)
        if claim.percent is not None:
            yield claim, numerator, base


@given(publications())
@examples(20)
def test_nothing_that_is_printed_from_one_true_table_is_contradicted(printed):
    result = audit(printed.publication)
    assert [item for item in result if item.verdict == "contradicted"] == []


@given(publications())
def test_true_numerators_bases_and_counts_of_the_unknown_are_never_ruled_out(printed):
    figures = printed.publication.figures
    for claim, numerator, base in shares(printed):
        assert figures.base(claim).contains(base)
        assert figures.own_base(claim).contains(base)
        assert figures.numerator(claim).contains(numerator)
        result = printed.publication.share(claim.id)
        assert result.value.contains(printed.value(claim))
        if result.unknown is not None:
            assert result.unknown.contains(figures.whole(claim).value - base)


@given(st.data(), st.integers(1, 30_000), st.integers(0, 2))
def test_a_share_that_no_rounding_gives_is_contradicted_with_its_numerator(data, whole, decimals):
    part = data.draw(st.integers(0, whole))
    wrong = percent(Fraction(data.draw(st.integers(0, 1000)), 1000), decimals)
    assume(not Percent(wrong).allows(part, whole))
    sexual = {"exploitation": "sexual"}
    claims = [share(wrong, category=sexual), count(str(part), category=sexual), count(str(whole))]
    result = audit(report(*claims))
    assert result["claim-1"].verdict == "contradicted"
    assert {str(item.verdict) for item in result} <= {"contradicted", "not_assessable"}


@given(st.data(), st.integers(1, 30_000))
def test_a_share_that_needs_more_than_everyone_is_contradicted(data, whole):
    part = data.draw(st.integers(1, whole))
    least = Fraction(part, whole)
    wrong = percent(least * data.draw(st.fractions(0, 1)), 1)
    assume(Percent(wrong).upper <= least)
    sexual = {"exploitation": "sexual"}
    claims = [
        share(wrong, category=sexual, base="known"),
        count(str(part), category=sexual),
        count(str(whole)),
    ]
    assert audit(report(*claims))["claim-1"].verdict == "contradicted"


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_of_down_and_not_down_one_is_right_and_the_other_wrong(before, now):
    counts = count(str(now)), count(str(before), period="2013-2014")
    result = audit(report(direction("down"), direction("not_down"), *counts))
    verdicts = [str(result[name].verdict) for name in ("claim-1", "claim-2")]
    assert sorted(verdicts) == ["confirmed", "contradicted"]
    assert (verdicts[0] == "confirmed") == (now < before)


@given(publications(), st.randoms())
@examples(10)
def test_the_order_of_claims_changes_no_verdict(printed, random):
    shuffled = list(printed.publication.claims)
    random.shuffle(shuffled)
    again = audit(Publication(id="made-up", title="A made-up report", claims=shuffled))
    assert {item.claim.id: item.verdict for item in again} == {
        item.claim.id: item.verdict for item in audit(printed.publication)
    }
