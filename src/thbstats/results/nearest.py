"""The nearest pair that may be compared: two numbers made equal in what can be made equal."""

from typing import Any

from attrs import frozen

from thbstats.results.frames import ends
from thbstats.results.measure import Measure
from thbstats.results.warning import Verdict
from thbstats.values import Interval

__all__ = ["Nearest"]


@frozen(kw_only=True)
class Nearest:
    """Two numbers as far as they may be compared, and their difference.

    Parameters
    ----------
    measure : Measure
        The kind of both.
    first, second : Interval
        The two figures; counts over periods of unequal length are per year.
    made_equal : tuple of str
        What was made equal: ``"reporters"``, ``"base"``, ``"period length"``, ``"precision"``.
    removes : tuple of str
        The codes of warnings that no longer apply.
    countries : tuple of str
        Those to which both were restricted; empty where they were not.
    verdict : Verdict
        Whether these two may be compared.
    """

    measure: Measure
    first: Interval
    second: Interval
    made_equal: tuple[str, ...]
    removes: tuple[str, ...]
    countries: tuple[str, ...] = ()
    verdict: Verdict

    @property
    def difference(self) -> Interval:
        """Second minus first, for independent ends."""
        return self.second - self.first

    @property
    def shown(self) -> str:
        """The difference as a reader expects it."""
        return self.measure.show_difference(self.difference)

    def explain(self) -> str:
        """Return both figures, their difference and what was made equal, in one sentence."""
        first, second = (self.measure.show(figure) for figure in (self.first, self.second))
        yearly = " per year" if "period length" in self.made_equal else ""
        size = len(self.countries)
        among = f", over {size} {'country' if size == 1 else 'countries'}" if size else ""
        return (
            f"{second} against {first}{yearly}, {self.shown}{among}; made equal: "
            f"{', '.join(self.made_equal)}; removes {', '.join(self.removes)}; "
            f"{self.verdict.label}."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the pair as plain data that JSON can hold."""
        return {
            "first": ends(self.first),
            "second": ends(self.second),
            "difference": ends(self.difference),
            "made_equal": list(self.made_equal),
            "removes": list(self.removes),
            "countries": list(self.countries),
            "verdict": str(self.verdict),
        }

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.explain().removesuffix('.')}>"
