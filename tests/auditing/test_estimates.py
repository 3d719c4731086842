"""Published estimates of all persons, against the lists behind them."""

from typing import Any

import pytest

import thbstats as thb
from tests.lists.tables import lists
from thbstats.claims import Claim, Publication
from thbstats.errors import InvalidValue, UnknownName
from thbstats.lists import Lists
from thbstats.values import Interval


def audited(printed: str, lists: Any = None, **fields: Any) -> thb.auditing.AuditedClaim:
    claim = Claim(
        id="all", section="1", kind="estimate", subject="victims", printed=printed, **fields
    )
    publication = Publication(id="uk", title="Potential victims", claims=[claim])
    return thb.audit(publication, lists=lists)["all"]


def test_estimate_is_a_number_or_a_range():
    texts = ("10,000 to 13,000", "10 000-13 000", "10000\N{EN DASH}13000", "10,000 and 13,000")
    for text in texts:
        claim = Claim(id="a", section="1", kind="estimate", subject="victims", printed=text)
        assert (claim.estimate, claim.count) == (Interval(10000, 13000), None)
    single = Claim(id="a", section="1", kind="estimate", subject="victims", printed="12,262")
    assert single.estimate == Interval.point(12262)
    assert Claim(id="a", section="1", kind="count", subject="victims", printed="5").estimate is None
    for wrong in ("many", "13,000 to 10,000", ""):
        with pytest.raises(InvalidValue):
            Claim(id="a", section="1", kind="estimate", subject="victims", printed=wrong)


def test_published_range_of_the_united_kingdom_is_narrower_than_the_models(worded):
    item = audited("10,000 to 13,000", lists("UKdat_5"))
    assert str(item.verdict) == "consistent"
    assert item.has_issue
    worded(item.message, item.remark)
    alone = Publication(id="uk", title="x", claims=[item.claim])
    text = thb.audit(alone, lists={"all": lists("UKdat_5")}).to_text()
    assert "10,000 to" in text
    assert "13,000" in text


def test_only_persons_on_the_lists_contradict_an_estimate(worded):
    low = audited("2,000 to 2,743", lists("UKdat_5"))
    assert str(low.verdict) == "contradicted"
    far = audited("60,000 to 70,000", lists("UKdat_5"))
    assert str(far.verdict) == "not_assessable"
    wide = audited("9,000 to 30,000", lists("UKdat_5"))
    assert (str(wide.verdict), wide.remark) == ("consistent", "")
    worded(low.message, far.remark)


def test_estimate_without_comparable_lists_is_not_assessable(worded):
    known = {"names": lists("UKdat_5").names, "counts": lists("UKdat_5").counts, "complete": True}
    other = Lists(**known, area="UK", period=2013)
    never = Lists("abc", {"a": 20, "b": 30, "c": 5}, complete=True)
    part = Lists("ab", {"a": 3, "b": 4, ("a", "b"): thb.Count.fewer_than(5)}, complete=True)
    for own, fields in (
        (None, {}),
        (other, {"area": "FR"}),
        (other, {"area": "UK", "period": "2014"}),
        (never, {}),
        (part, {}),
    ):
        item = audited("10,000 to 13,000", own, **fields)
        assert str(item.verdict) == "not_assessable"
        worded(item.message)
    with pytest.raises(UnknownName, match="`lists` must contain ids of estimates, got 'another'"):
        audited("10,000 to 13,000", {"another": other})
    assert str(audited("10,000", other, area="UK", period="2013").verdict) == "not_assessable"
    assert str(audited("11,000", lists("UKdat_5"), area="UK").verdict) == "consistent"
