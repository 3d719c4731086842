"""Unknown persons, discrepancies and breaks of a number are those of its own counts."""

import pytest

from thbstats.indicators import change, share, total
from thbstats.rules import compare
from thbstats.tables import CountTable
from thbstats.values import Count, Interval

BY_SEX = ("area", "sex", "value")


def victims(rows, columns=BY_SEX, **constant):
    return CountTable.from_rows(rows, columns=columns, kind="victims", **constant)


def test_unknown_persons_are_those_of_the_countries_in_the_value():
    """7 of the 9 persons of unknown sex are Italian, and Italy has no count of women."""
    france = [("FR", "total", 10), ("FR", "female", 5), ("FR", "unknown", 2)]
    italy = [("IT", "total", 30), ("IT", "unknown", 7)]
    women = ("IT", "female", Count.not_reported())
    table = victims([*france, *italy, women], period=2020)
    result = total(table, sex="female", area="FR+IT")
    assert (result.value, result.unknown) == (Interval.point(5), Interval.point(2))
    assert share(table, sex="female", base="all", area="FR+IT").unknown == Interval.point(2)
    both = victims([*france, *italy, ("IT", "female", 20)], period=2020)
    assert total(both, sex="female", area="FR+IT").unknown == Interval.point(9)
    # Without a value, they are those of both countries.
    none = victims([*france[::2], *italy], period=2020)
    row = total(none, sex="female", area="FR+IT", by="period").row(0)
    assert (row.value, row.unknown) == (None, Interval.point(9))


@pytest.mark.parametrize(
    ("france", "italy", "difference"),
    [
        (40, 393, 10 + 7),
        (47, 403, 3),  # 3 persons lack in France, and 3 are too many in Italy.
        (50, 400, 0),
    ],
)
def test_discrepancy_is_that_of_all_countries(france, italy, difference):
    """The total minus women and men, of 100 victims in France and 1,000 in Italy."""
    rows = [("FR", "total", 100), ("FR", "female", 50), ("FR", "male", france)]
    rows += [("IT", "total", 1000), ("IT", "female", 600), ("IT", "male", italy)]
    rows += [("FR", "unknown", 0), ("IT", "unknown", 0)]
    result = share(victims(rows, period=2020), sex="female", base="all", area="FR+IT")
    assert result.discrepancy == Interval.point(difference)
    assert ("ADDITIVITY" in result.warnings.codes) is (difference != 0)


def test_break_is_that_of_the_attributes_of_a_number():
    """The series of presumed victims has a break in 2020, and that of identified ones has none."""
    rows = [
        ("FR", period, status, sex, n, "b" if (status, period) == ("presumed", 2020) else "")
        for period in (2019, 2020)
        for status, counts in (("identified", (100, 60)), ("presumed", (200, 110)))
        for sex, n in zip(("total", "female"), counts, strict=True)
    ]
    table = victims(rows, ("area", "period", "status", "sex", "value", "flags"))
    panel = share(table, sex="female", base="all", by=["status", "period"])
    for status, codes in (("identified", ()), ("presumed", ("BREAK",))):
        pair = compare(panel[status, 2019], panel[status, 2020])
        assert pair.warnings.codes == codes
        alone = share(table, sex="female", base="all", status=status, period=2020)
        assert alone == panel[status, 2020]
        number = change(table, old=2019, new=2020, by="status").where(status=status)[0]
        assert ("BREAK" in number.warnings.codes) is bool(codes)
