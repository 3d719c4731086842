"""Rounding methods of published numbers."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import TypeAlias

from attrs import evolve, field, frozen

from thbstats.claims.claim import Claim
from thbstats.claims.kinds import ClaimKind
from thbstats.errors import InvalidValue, require_name
from thbstats.values import Interval, Percent, Rounding

RoundingMethod: TypeAlias = Rounding | str | int
"""A rounding method, or the unit to whose multiples a count is rounded, such as 10."""

_HINT = "Use a method such as 'half_away', or a unit such as 10 for counts"


@frozen
class RoundingRules:
    """Rounding methods by claim, by kind of claim, and for all claims.

    By default a share is rounded half up, and a change, a rate or a ratio to the nearest with any
    tie-breaking rule: -0.05% is published as -0.1% (commercial rounding) or as 0.0% (half up). A
    count is exact.
    """

    methods: Mapping[str, Rounding] = field(factory=dict)
    units: Mapping[str, int] = field(factory=dict)

    @classmethod
    def of(
        cls, rounding: "RoundingMethod | Mapping[str, RoundingMethod] | None", ids: Iterable[str]
    ) -> "RoundingRules":
        """Return the rules of a method for all claims, or of methods by claim id or by kind."""
        if rounding is None:
            return cls()
        names = (*ClaimKind, *ids)
        methods, units = dict[str, Rounding](), dict[str, int]()
        pairs = rounding.items() if isinstance(rounding, Mapping) else [("", rounding)]
        for name, method in pairs:
            if name:
                problem = "`rounding` must contain ids and kinds of claims only"
                require_name(name, names, problem, field="rounding")
            if isinstance(method, int) and not isinstance(method, bool):
                if method < 1 or not name:
                    problem = "`rounding` must have units of 1 or more, for a kind or a claim"
                    raise InvalidValue(problem, field="rounding", value=method, hint=_HINT)
                units[name] = method
                continue
            problem = "`rounding` must be a rounding method"
            require_name(str(method), Rounding, problem, field="rounding")
            methods[name] = Rounding(str(method))
        return cls(methods, units)

    def method(self, claim: Claim) -> Rounding | None:
        """Return the stated method of a claim, or ``None``."""
        names = (claim.id, str(claim.kind), "")
        return next((self.methods[name] for name in names if name in self.methods), None)

    def has_either_tie(self, claim: Claim) -> bool:
        """Return whether a tie can be rounded either up or down."""
        return claim.kind is not ClaimKind.SHARE and self.method(claim) is None

    def rounded(self, claim: Claim) -> Percent | None:
        """Return the published share, change, rate or ratio with its method, or ``None``."""
        number, method = claim.rounded or claim.rate, self.method(claim)
        return number if number is None or method is None else evolve(number, rounding=method)

    def unit(self, claim: Claim) -> int:
        """Return the unit to whose multiples a count is rounded; 1 for an exact count."""
        return self.units.get(claim.id, self.units.get(str(claim.kind), 1))

    def counted(self, claim: Claim) -> Interval:
        """Return the counts that are published as the count of a claim."""
        number, unit = claim.count or 0, self.unit(claim)
        if unit == 1:
            return Interval.point(number)
        half = Fraction(unit, 2)
        return Interval(max(0, ceil(number - half)), floor(number + half))

    def is_less(self, left: Claim, right: Claim) -> bool:
        """Return whether the number of one claim is certainly below that of another."""
        low, high = self.rounded(left), self.rounded(right)
        if low is None or high is None:
            if left.count is None or right.count is None:
                return False
            return (self.counted(left).upper or 0) < (self.counted(right).lower or 0)
        touch = low.upper_closed and high.lower_closed
        return low.upper < high.lower or (low.upper == high.lower and not touch)

    def agree(self, left: Claim, right: Claim) -> bool:
        """Return whether two claims can have one number: 56% agrees with 56.2%."""
        return not self.is_less(left, right) and not self.is_less(right, left)


AS_PUBLISHED = RoundingRules()
"""The default rules."""
