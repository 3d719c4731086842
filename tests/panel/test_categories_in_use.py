"""The categories that divide a total, in shares and breakdowns."""

from fractions import Fraction

import thbstats as thb
from thbstats.tables import CountTable
from thbstats.values import Count, Interval, Reason


def excess_of(result):
    """Return the overlapping categories of a number that exceed their total."""
    return result.panel.excess[result.position]


def table(rows, area="MT", **columns):
    names = ["exploitation", "value", *columns]
    more = zip(*columns.values(), strict=True) if columns else [()] * len(rows)
    filled = [(*row, *own) for row, own in zip(rows, more, strict=True)]
    return CountTable.from_rows(filled, columns=names, kind="victims", area=area, period=2016)


def test_unknown_category_of_a_published_area_is_allocated():
    unknown = Count.between(2949, 3259, Reason.ROUNDED)
    rows = [("total", 20532), ("sexual", 9759), ("unknown", unknown)]
    share = thb.share(table(rows, "EU28"), exploitation="sexual", base="all")
    assert share.unknown == Interval(2949, 3259)
    assert share.bounds_with_unknown == Interval(Fraction(9759, 20532), Fraction(13018, 20532))


def test_breakdown_omits_parts_of_other_categories():
    rows = [("total", 10), ("sexual", 9), ("other", 1), ("forced_begging", 1)]
    result = thb.breakdown(table(rows), of="exploitation", base="all")
    assert result.labels == ("sexual", "other")
    narrow = thb.share(table(rows), exploitation="forced_begging", base="all")
    assert narrow.value == Interval.point(Fraction(1, 10))


def test_documented_overlap_below_the_total_is_not_an_excess():
    rows = [("total", 1000), ("sexual", 3), ("labour", 4)]
    cases = table(rows, unanswered=[None, 0, 0])
    share = thb.share(cases, exploitation="sexual", base="all")
    assert str(share.base.overlap) == "overlapping"
    assert excess_of(share) is None
    more = table([("total", 1000), ("sexual", 600), ("labour", 403)], unanswered=[None, 0, 0])
    assert thb.total(more).contradictions == ()
    excess = excess_of(thb.share(more, exploitation="sexual", base="all"))
    assert excess is not None
    assert (excess.counted, excess.total) == (Interval.point(1003), Interval.point(1000))
