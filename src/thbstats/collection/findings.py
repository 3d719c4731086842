"""Findings on plans and returns, and tables about them."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, Literal

import pandas as pd
from attrs import asdict, field, fields, frozen

from thbstats.display import Column, DisplayTable, Tabular, count, percent
from thbstats.display.numbers import decimal
from thbstats.errors import UnknownName

Severity = Literal["error", "question", "note"]
LEVELS = ("structure", "within tables", "between tables", "earlier returns", "other countries")
"""The levels of the check of a return."""

_MOST_ROWS = 60


@frozen(kw_only=True)
class Finding:
    """A finding on a plan, on the data of a return, or on a return.

    Parameters
    ----------
    variable : str
        The variable; empty for the whole plan or return.
    code : str
        The kind of finding, such as ``"AGE_BANDS"``.
    text : str
        The finding in one or two sentences, with its numbers.
    item : str
        The dimension, category, day or column concerned.
    level : int
        The position in the levels of a check: structure, within tables, between tables, earlier
        returns, other countries.
    severity : {"error", "question", "note"}
        An error is impossible, a question needs an answer, and a note needs no action.
    """

    variable: str
    code: str
    text: str
    item: str = ""
    level: int = 0
    severity: Severity = "question"


def frame_of(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return a row for each finding."""
    names = [own.name for own in fields(Finding)]
    return pd.DataFrame([asdict(finding) for finding in findings], columns=names)


@frozen(kw_only=True, eq=False, repr=False)
class CollectionTable(Tabular):
    """Rows about plans and returns: completeness, quality, findings, differences or files.

    Parameters
    ----------
    caption : str
        The title.
    frame : DataFrame
        The rows.
    keys : sequence of str
        The columns that identify a row, for ``table[key]``.
    notes : sequence of str
        Definitions and remarks.
    """

    caption: str
    frame: pd.DataFrame
    keys: Sequence[str] = ()
    notes: tuple[str, ...] = field(default=(), converter=tuple)

    def __getitem__(self, key: Any) -> dict[str, Any]:
        """Return the row of a key, such as ``table["victims"]`` or ``table["IT", 2025]``."""
        texts = tuple(map(str, key if isinstance(key, tuple) else (key,)))
        rows = self.frame.loc[
            [tuple(map(str, own)) == texts for own in self.frame[[*self.keys]].to_numpy()]
        ]
        if not len(rows):
            hint = f"Use the values of {', '.join(self.keys)}"
            raise UnknownName("must be the key of a row", field="key", value=key, hint=hint)
        return {str(name): value for name, value in rows.iloc[0].items()}

    def __len__(self) -> int:
        return len(self.frame)

    def to_frame(self) -> pd.DataFrame:
        """Return the rows."""
        return self.frame.copy()

    def display_table(self) -> DisplayTable:
        """Return the first rows for display."""
        columns = [
            Column(
                name.replace("_", " "), "right" if pd.api.types.is_numeric_dtype(own) else "left"
            )
            for name, own in self.frame.items()
        ]
        more = len(self.frame) - _MOST_ROWS
        rows = self.frame.head(_MOST_ROWS).astype(object).itertuples(index=False)
        return DisplayTable(
            caption=self.caption,
            columns=columns,
            rows=[[_text(*pair) for pair in zip(self.frame, own, strict=True)] for own in rows],
            notes=[*([f"{count(more)} more rows are in to_frame()."] * (more > 0)), *self.notes],
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)} rows>"


def _text(name: str, value: Any) -> str:
    if isinstance(value, str) or pd.isna(value):
        return value if isinstance(value, str) else "none"
    if name == "level":
        return LEVELS[value]
    number = Fraction(value).limit_denominator(10**6)
    if name.startswith(("producers", "users", "relative")):
        return percent(number)
    return decimal(number, 1 if number.denominator > 1 else 0, is_signed=number < 0)


class PlanComparison(CollectionTable):
    """The requirements of two plans that differ; ``plan`` is the plan that has the requirement."""

    @property
    def missing(self) -> pd.DataFrame:
        """The requirements of the first plan that the second one does not have."""
        return self.frame[self.frame["side"] == "missing"]

    @property
    def additional(self) -> pd.DataFrame:
        """The requirements of the second plan that the first one does not have."""
        return self.frame[self.frame["side"] == "additional"]


class ReturnCheck(CollectionTable):
    """The findings of the check of a return, by level."""

    @property
    def errors(self) -> pd.DataFrame:
        """The findings that are impossible."""
        return self.frame[self.frame["severity"] == "error"]

    @property
    def issues(self) -> pd.DataFrame:
        """The errors and questions."""
        return self.frame[self.frame["severity"] != "note"]
