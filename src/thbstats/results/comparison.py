"""Two numbers side by side: their difference, the verdict and its reasons."""

from typing import Any

import pandas as pd
from attrs import field, frozen

from thbstats.display import Column, Sheet, Shown
from thbstats.results.frames import end_columns, ends
from thbstats.results.nearest import Nearest
from thbstats.results.result import Result
from thbstats.results.sheets import warning_notes
from thbstats.results.warning import Verdict, Warnings
from thbstats.values import Interval

__all__ = ["Comparison"]


@frozen(kw_only=True)
class Comparison(Shown):
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
    nearest : Nearest or None
        The two numbers made equal in what can be made equal, where that makes them comparable.
    no_nearest : str
        Why there is no such pair, in words; empty where there is one.
    """

    first: Result
    second: Result
    difference: Interval | None
    verdict: Verdict = field(converter=Verdict)
    warnings: Warnings = field(converter=Warnings)
    nearest: Nearest | None = None
    no_nearest: str = ""

    @property
    def shown(self) -> str:
        """The difference as a reader expects it."""
        if self.difference is None:
            return "no difference exists"
        return self.first.measure.show_difference(self.difference)

    @property
    def label(self) -> str:
        """The two numbers by name."""
        first, second = self.first.label, self.second.label
        return second if first == second else f"{second} against {first}"

    @property
    def notes(self) -> list[str]:
        """The reasons, one line each; those that speak of one number say of which."""
        numbers = [(name, item.warnings) for name, item in self._sides]
        notes = warning_notes(numbers, self.warnings)
        if self.nearest is not None:
            notes.append(f"Nearest comparable pair: {self.nearest.explain()}")
        return notes

    @property
    def _sides(self) -> tuple[tuple[str, Result], tuple[str, Result]]:
        return ("first", self.first), ("second", self.second)

    def explain(self) -> str:
        """Return both numbers, the difference, the verdict and the reasons in words."""
        heading = f"{self.label}: {self.second.shown} against {self.first.shown}, {self.shown}"
        return "\n".join([f"{heading}; {self.verdict.label}.", *self.notes])

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data that JSON can hold."""
        return {
            "first": self.first.to_dict(),
            "second": self.second.to_dict(),
            "difference": ends(self.difference),
            "verdict": str(self.verdict),
            "warnings": [warning.to_dict() for warning in self.warnings],
            "nearest": None if self.nearest is None else self.nearest.to_dict(),
            "no_nearest": self.no_nearest,
        }

    def to_frame(self) -> pd.DataFrame:
        """Return the comparison as a tidy frame of one row."""
        row: dict[str, Any] = {}
        for side, item in self._sides:
            names = {"label": item.label, "area": item.area, "period": item.period}
            row |= {f"{side}_{name}": text for name, text in names.items()}
            row |= end_columns(side, item.stated)
        row |= end_columns("difference", self.difference)
        codes = ", ".join(self.warnings.codes)
        return pd.DataFrame([row | {"verdict": str(self.verdict), "warnings": codes}])

    def sheet(self) -> Sheet:
        """Return the two numbers and their difference as a sheet."""
        rows = [
            [name, item.label, item.shown, item.area, item.period, item.base.label]
            for name, item in self._sides
        ]
        return Sheet(
            caption=f"{self.label}: {self.verdict.label}",
            columns=["", "", Column("number", "right"), "area", "period", "base"],
            rows=[*rows, ["difference", "", self.shown, "", "", ""]],
            notes=self.notes,
        )

    def __repr__(self) -> str:
        codes = ", ".join(self.warnings.codes)
        caveats = f"; {codes}" if codes else ""
        return f"<{type(self).__name__} {self.shown}: {self.verdict.label}{caveats}>"
