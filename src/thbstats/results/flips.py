"""Which members decide what is said of a number: those without whom it is no longer true."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
from attrs import evolve, field, frozen

from thbstats.display import Sheet
from thbstats.results.result import Result
from thbstats.results.results import Results
from thbstats.results.sheets import figure_sheet
from thbstats.results.warning import Answer, Warnings

__all__ = ["Flips"]

_WORDS = {Answer.FAILS: "flips", Answer.CANNOT_TELL: "may flip"}


def _answers(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    return tuple(answers)


@frozen(kw_only=True, slots=False, repr=False)
class Flips(Results):
    """The numbers without each member whose absence turns a statement, or may turn it.

    Parameters
    ----------
    whole : Result
        The number with all members, of which the statement is made.
    of : str
        ``"majority"``, ``"sign"`` or ``"rank"``.
    answers : tuple of Answer
        For each number, whether the statement fails without the member, or cannot be told.
    rivals : tuple of Result
        For a rank, the number that each is set against, and behind them that of all members.
    kept : tuple of str
        The members without whom the statement stands.
    """

    whole: Result
    of: str
    answers: tuple[Answer, ...] = field(converter=_answers)
    rivals: tuple[Result, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def certain(self) -> tuple[str, ...]:
        """The members without whom the statement certainly turns."""
        pairs = zip(self.labels, self.answers, strict=True)
        return tuple(label for label, answer in pairs if answer is Answer.FAILS)

    @property
    def warnings(self) -> Warnings:
        """The warnings of the number with all members and of those shown, each once."""
        return super().warnings.and_also(self.whole.warnings)

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers as a tidy frame, with what happens to the statement."""
        columns = {"of": self.of, "flips": [str(answer) for answer in self.answers]}
        return super().to_frame().assign(**columns)

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers and the statement as plain data that JSON can hold."""
        return super().to_dict() | {
            "whole": self.whole.to_dict(),
            "of": self.of,
            "answers": [str(answer) for answer in self.answers],
            "rivals": [rival.to_dict() for rival in self.rivals],
            "kept": list(self.kept),
        }

    def sheet(self) -> Sheet:
        """Return the numbers as one sheet, with the one of all members below."""
        columns = {self.of: [_WORDS[answer] for answer in self.answers]}
        if self.rivals:
            columns["against"] = [rival.shown for rival in self.rivals[:-1]]
        found = figure_sheet(self.items, self.caption, first=columns, whole=self.whole)
        kept = f"It stands without {', '.join(self.kept) or 'nobody'}."
        return evolve(found, notes=[*self._rival, kept, *found.notes])

    @property
    def _rival(self) -> list[str]:
        if not self.rivals:
            return []
        rival = self.rivals[-1]
        return [f"With all members, {self.whole.shown} against {rival.shown} ({rival.label})."]
