"""Thresholds of comparability rules."""

from fractions import Fraction

from attrs import field, frozen

from thbstats.errors import InvalidValue
from thbstats.values import Rational, exact

__all__ = ["DEFAULTS", "Thresholds"]


def _share(value: object) -> Rational:
    share = exact(value, "threshold")
    if not 0 <= share <= 1:
        raise InvalidValue(
            "a share must be between 0 and 1",
            field="threshold",
            value=value,
            hint="Pass a Fraction, such as Fraction(1, 20)",
        )
    return share


def _size(value: object) -> Rational:
    size = exact(value, "threshold")
    if size < 0:
        raise InvalidValue(
            "a size must be 0 or more",
            field="threshold",
            value=value,
            hint="Pass a count, such as 50",
        )
    return size


_REASONS = {
    "unknown_note": "reports publish shares to one percentage point",
    "unknown_caution": "10% unknown can change a share more than most published changes",
    "coverage": "country coverage almost always differs; only a material share gives caution",
    "dominance": "above one half a single country determines the number",
    "small_note": "below 100 one case changes a share by more than 1 pp",
    "small_caution": "at 20 or fewer one case changes a share by 5 pp or more",
    "suppressed": "a width of 5 pp equals one case in a denominator of 20",
    "presentable": "a number for an area should cover at least half of its countries",
}


@frozen(kw_only=True)
class Thresholds:
    """The limits at which rules change their outcome or severity.

    Examples
    --------
    >>> Thresholds(small_note=50).small_note
    50
    """

    unknown_note: Rational = field(default=Fraction(1, 100), converter=_share)
    unknown_caution: Rational = field(default=Fraction(1, 10), converter=_share)
    coverage: Rational = field(default=Fraction(95, 100), converter=_share)
    dominance: Rational = field(default=Fraction(1, 2), converter=_share)
    small_note: Rational = field(default=100, converter=_size)
    small_caution: Rational = field(default=20, converter=_size)
    suppressed: Rational = field(default=Fraction(5, 100), converter=_share)
    presentable: Rational = field(default=Fraction(1, 2), converter=_share)

    @classmethod
    def reasons(cls) -> dict[str, str]:
        """Return the reason for each default."""
        return dict(_REASONS)


DEFAULTS = Thresholds()
"""The default thresholds."""
