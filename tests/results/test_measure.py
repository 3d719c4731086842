from fractions import Fraction

import pytest

from thbstats.display.numbers import MINUS
from thbstats.results import Measure
from thbstats.values import Interval

PLUS = Interval.point(Fraction(1, 10))
ASTRIDE = Interval(-3, 5)


@pytest.mark.parametrize(
    ("measure", "number", "shown"),
    [
        ("share", PLUS, "10.0 %"),
        ("ratio", PLUS, "0.100"),
        ("per_100", PLUS, "0.1"),
        ("per_100_000", PLUS, "0.10"),
        ("per_million", PLUS, "0.1"),
        ("per_year", Interval.point(Fraction(15_846, 2)), "7 923.0"),
        ("count", Interval.point(20_532), "20 532"),
        ("change", Interval.point(4_686), "+4 686"),
        ("change", ASTRIDE, f"{MINUS}3..+5"),
        ("change", Interval.point(0), "0"),
        ("relative_change", PLUS, "+10.0 %"),
        ("difference", PLUS, "+10.0 pp"),
        ("index", Interval(Fraction(-1, 3), Fraction(1, 3)), f"{MINUS}0.333..0.333"),
    ],
)
def test_each_kind_of_number_has_its_own_style(measure: str, number: Interval, shown: str) -> None:
    assert Measure(measure).show(number) == shown


@pytest.mark.parametrize(
    ("measure", "difference", "shown"),
    [
        ("share", PLUS, "+10.0 pp"),
        ("ratio", PLUS, "+0.100"),
        ("per_100", Interval.point(Fraction(-3, 2)), f"{MINUS}1.5"),
        ("per_100_000", Interval.point(Fraction(-3, 2)), f"{MINUS}1.50"),
        ("per_million", Interval.point(Fraction(-3, 2)), f"{MINUS}1.5"),
        ("per_year", Interval.point(Fraction(-3, 2)), f"{MINUS}1.5"),
        ("count", ASTRIDE, f"{MINUS}3..+5"),
        ("change", ASTRIDE, f"{MINUS}3..+5"),
        ("relative_change", PLUS, "+10.0 pp"),
        ("difference", PLUS, "+10.0 pp"),
        ("index", PLUS, "+0.100"),
    ],
)
def test_every_difference_has_its_sign_and_that_of_shares_is_in_points(
    measure: str, difference: Interval, shown: str
) -> None:
    assert Measure(measure).show_difference(difference) == shown


def test_only_what_is_per_so_many_is_multiplied() -> None:
    scales = {str(measure): measure.scale for measure in Measure if measure.scale != 1}
    assert scales == {"per_100": 100, "per_100_000": 100_000, "per_million": 1_000_000}
