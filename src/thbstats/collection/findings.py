"""Findings on plans and returns, and tables about them."""

import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from attrs import asdict, fields, frozen

from thbstats.display import Amount, DisplayTable
from thbstats.errors import UnknownName
from thbstats.releases import RevisionTable
from thbstats.values import is_integer

LEVELS = ("structure", "within tables", "between tables", "earlier returns", "other countries")
"""The levels of the check of a return."""

_TEXTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
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
    severity: Literal["error", "question", "note"] = "question"

    @classmethod
    def of(
        cls, code: str, variable: str = "", *, item: str = "", name: str = "", **parts: Any
    ) -> "Finding":
        """Return a finding with the sentence of a code; ``name`` replaces the code."""
        own = {"item": item, "code": name, **parts}
        own = {key: Amount(part) if is_integer(part) else part for key, part in own.items()}
        entry = {**_TEXTS[code], "text": _TEXTS[code]["text"].format(**own)}
        return cls(variable=variable, code=name or code, item=item, **entry)


def frame_of(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return a row for each finding."""
    names = [own.name for own in fields(Finding)]
    return pd.DataFrame([asdict(finding) for finding in findings], columns=names)


@frozen(kw_only=True, eq=False, repr=False)
class CollectionTable(RevisionTable):
    """Rows about plans and returns: completeness, quality, findings, differences or files.

    Parameters
    ----------
    caption, frame, notes
        As for `thbstats.releases.RevisionTable`.
    keys : sequence of str
        The columns that identify a row, for ``table[key]``.
    """

    keys: Sequence[str] = ()

    def __getitem__(self, key: Any) -> dict[str, Any]:
        """Return the row of a key, such as ``table["victims"]`` or ``table["IT", 2025]``."""
        texts = tuple(map(str, key if isinstance(key, tuple) else (key,)))
        for row in self.frame.to_dict("records"):
            if tuple(str(row[name]) for name in self.keys) == texts:
                return {str(name): value for name, value in row.items()}
        hint = f"Use the values of {', '.join(self.keys)}"
        raise UnknownName(f"No row for {', '.join(texts)}", hint=hint)

    def display_table(self, rows: int | None = _MOST_ROWS) -> DisplayTable:
        """Return the first rows as a display table; ``None`` for all rows."""
        texts = self.frame
        if "level" in texts:
            texts = texts.assign(level=texts["level"].map(dict(enumerate(LEVELS))))
        return RevisionTable(caption=self.caption, frame=texts, notes=self.notes).display_table(
            rows
        )


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
