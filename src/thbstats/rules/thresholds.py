"""The limits at which comparability rules speak, with a reason for each."""

from fractions import Fraction

from attrs import field, frozen

from thbstats.errors import InvalidValue
from thbstats.values import Rational, exact

__all__ = ["DEFAULTS", "Thresholds"]


def _share(value: object) -> Rational:
    share = exact(value, "threshold")
    if not 0 <= share <= 1:
        raise InvalidValue(
            "a threshold of this kind is a share",
            field="threshold",
            value=value,
            hint="Give a Fraction between 0 and 1",
        )
    return share


def _size(value: object) -> Rational:
    size = exact(value, "threshold")
    if size < 0:
        raise InvalidValue(
            "a size is 0 or more", field="threshold", value=value, hint="Give a count"
        )
    return size


_REASONS = {
    "unknown_note": "one percentage point is the precision at which reports print shares",
    "unknown_caution": "a tenth unknown can move a share further than most changes reported",
    "coverage": "reporting sets almost always differ; only a gap that matters weighs",
    "dominance": "above one half a single reporter decides the figure",
    "small_note": "under 100 one case more moves a share by over 1 pp",
    "small_caution": "at 20 or fewer one case more moves a share by 5 pp or more",
    "suppressed": "one case moves a denominator of 20 as much, which asks for caution",
    "presentable": "a figure of an area describes at least half of its countries",
}


@frozen(kw_only=True)
class Thresholds:
    """Where a rule changes its answer or its weight; pass another one to override.

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
"""The thresholds that are used unless others are given."""
