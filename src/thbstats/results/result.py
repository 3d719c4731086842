"""One number with everything that is needed to defend it."""

from collections.abc import Iterable
from typing import Any, Self

import pandas as pd
from attrs import evolve, frozen

from thbstats.display import Sheet, Shown
from thbstats.results.figure import Figure
from thbstats.results.frames import frame, plain
from thbstats.results.sheets import beside, explanation, figure_sheet
from thbstats.results.warning import ComparabilityWarning, Warnings

__all__ = ["Change", "Rate", "Ratio", "Result", "Share"]


@frozen(kw_only=True)
class Result(Shown, Figure):
    """A number, what it can be, its numerator and base, and what it may be compared with.

    Its data are those of `Figure`; every output is written here, once for all indicators.
    """

    def with_warnings(self, warnings: Iterable[ComparabilityWarning]) -> Self:
        """Return the same number with other warnings."""
        return evolve(self, warnings=Warnings(warnings))

    def explain(self) -> str:
        """Return the arithmetic, base, coverage, period, source and caveats as a footnote."""
        return explanation([self])

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain data that JSON can hold; no bound is ``None``."""
        return plain(self)

    def to_frame(self) -> pd.DataFrame:
        """Return the result as a tidy frame of one row."""
        return frame([self])

    def sheet(self) -> Sheet:
        """Return the result as a sheet of one row."""
        return figure_sheet([self], self.label)

    def __repr__(self) -> str:
        codes = ", ".join(self.warnings.codes)
        caveats = f"; {codes}" if codes else ""
        return f"<{type(self).__name__} {self.label}: {self.shown}{beside(self)}{caveats}>"


class Share(Result):
    """A part of a whole."""


class Ratio(Result):
    """Two flows, neither of which is part of the other."""


class Rate(Result):
    """A flow over the person-years of a population."""


class Change(Result):
    """A newer number minus an older one."""
