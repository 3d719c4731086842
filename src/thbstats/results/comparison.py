"""Two numbers side by side: their difference, the verdict and its reasons."""

from typing import Any

from attrs import field, frozen

from thbstats.display import Sheet, to_html, to_text
from thbstats.results.result import Result
from thbstats.results.sheets import warning_notes
from thbstats.results.warning import Verdict, Warnings
from thbstats.values import Interval

__all__ = ["Comparison"]


@frozen(kw_only=True)
class Comparison:
    """What may be said of two numbers together.

    Parameters
    ----------
    first, second : Result
        The two numbers.
    difference : Interval or None
        Second minus first, for independent ends; ``None`` where the two are of different kinds
        and no difference exists. For shares 9/100 is 9 percentage points.
    verdict : Verdict
        Whether they may be compared.
    warnings : Warnings
        Why not, or with which caution; what was said of each number alone comes with it.
    """

    first: Result
    second: Result
    difference: Interval | None
    verdict: Verdict
    warnings: Warnings = field(converter=Warnings)

    @property
    def shown(self) -> str:
        """The difference as a reader expects it."""
        if self.difference is None:
            return "no difference exists"
        return self.first.measure.show_difference(self.difference)

    def explain(self) -> str:
        """Return both numbers, the difference, the verdict and the reasons in words."""
        heading = f"{self.second.shown} against {self.first.shown}: {self.shown}"
        return "\n".join([f"{heading}; {self.verdict.label}.", *warning_notes(self.warnings)])

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data that JSON can hold."""
        ends = self.difference
        return {
            "first": self.first.to_dict(),
            "second": self.second.to_dict(),
            "difference": None
            if ends is None
            else {
                "lower": None if ends.lower is None else float(ends.lower),
                "upper": None if ends.upper is None else float(ends.upper),
            },
            "verdict": str(self.verdict),
            "warnings": [warning.to_dict() for warning in self.warnings],
        }

    def sheet(self) -> Sheet:
        """Return the two numbers and their difference as a sheet."""
        return Sheet(
            caption=f"{self.second.label}: {self.verdict.label}",
            columns=["", "number", "area", "period", "base"],
            rows=[
                *(
                    [name, item.shown, item.area, item.period, item.base.label]
                    for name, item in (("first", self.first), ("second", self.second))
                ),
                ["difference", self.shown, "", "", ""],
            ],
            notes=warning_notes(self.warnings),
        )

    def __str__(self) -> str:
        return to_text(self.sheet())

    def __repr__(self) -> str:
        return f"<Comparison {self.shown}: {self.verdict.label}; {', '.join(self.warnings.codes)}>"

    def _repr_html_(self) -> str:
        return to_html(self.sheet())
