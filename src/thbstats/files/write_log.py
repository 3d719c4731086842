"""Written files: features that a format does not support, and CSV."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from attrs import asdict, field, frozen

from thbstats._characters import escape, is_encodable
from thbstats.columns.coded import used_codes
from thbstats.display import Cell, Column, DisplayTable, Group, Tabular, count
from thbstats.errors import InvalidValue
from thbstats.files.delimited import check_separator
from thbstats.files.input_file import LIMITS
from thbstats.records import Schema

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # before texts that are formulas for spreadsheets
_EXAMPLES = 5
_UNCHANGED = (
    "a spreadsheet program interprets these cells as formulas; neutralise=True (--neutralise) "
    "writes an apostrophe before them, which stays in the text"
)
_NEUTRALISED = "an apostrophe is written before cells that spreadsheets interpret as formulas"


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@frozen(kw_only=True)
class UnsupportedFeature:
    """A feature of a table that a file format does not fully support.

    Parameters
    ----------
    code : str
        The code of the feature, such as ``"FORMULA"``.
    is_lost : bool
        Whether `read` does not restore the feature; otherwise only other programs are affected.
    rows : int
        The number of rows concerned.
    message : str
        The consequence in one clause.
    examples : tuple of str
        The first examples.
    """

    code: str
    is_lost: bool
    rows: int
    message: str
    examples: tuple[str, ...] = field(default=(), converter=_texts)

    def to_dict(self) -> dict[str, Any]:
        """Return the feature as plain data."""
        return {**asdict(self), "examples": list(self.examples)}


def _features(values: Iterable[UnsupportedFeature]) -> tuple[UnsupportedFeature, ...]:
    return tuple(values)


NO_ROWS = UnsupportedFeature(
    code="NO_ROWS",
    is_lost=True,
    rows=0,
    message="a table without rows does not store its kind; read it with kind=...",
)


def without_classifications(schema: Schema, rows: int) -> list[UnsupportedFeature]:
    """Return the feature that a format does not store the classifications of a table."""
    names = [own.name for own in schema.classifications]
    feature = UnsupportedFeature(
        code="NO_CLASSIFICATIONS",
        is_lost=True,
        rows=rows,
        message="the file does not contain the classifications; declare them to read it",
        examples=names[:5],
    )
    return [feature] if names else []


@frozen(kw_only=True, repr=False)
class WriteLog(Tabular):
    """Log of a written file.

    Parameters
    ----------
    name : str
        The name of the file.
    format : str
        The name of its format.
    rows : int
        The number of rows.
    unsupported : tuple of UnsupportedFeature
        The features that the format does not fully support.
    """

    name: str
    format: str
    rows: int
    unsupported: tuple[UnsupportedFeature, ...] = field(default=(), converter=_features)

    @property
    def lossless(self) -> bool:
        """Whether reading the file returns an equal table."""
        return not any(feature.is_lost for feature in self.unsupported)

    def to_dict(self) -> dict[str, Any]:
        """Return the log as plain data."""
        return {
            "name": self.name,
            "format": self.format,
            "rows": self.rows,
            "lossless": self.lossless,
            "unsupported": [feature.to_dict() for feature in self.unsupported],
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row per feature: ``code``, ``rows``, ``is_lost`` and ``message``."""
        names = ["code", "rows", "is_lost", "message"]
        rows = [[getattr(feature, name) for name in names] for feature in self.unsupported]
        return pd.DataFrame(rows, columns=names)

    def display_table(self) -> DisplayTable:
        """Return the log as a sheet with a row for each feature."""
        rows: list[Group | list[Cell | str]] = [
            [
                Cell(feature.code, tone="bad" if feature.is_lost else "warn"),
                count(feature.rows),
                feature.message,
                "; ".join(feature.examples),
            ]
            for feature in self.unsupported
        ]
        if not rows:
            rows = [[Cell("none", tone="good"), "0", "reading the file returns an equal table", ""]]
        return DisplayTable(
            caption=f"{self.name}: {count(self.rows)} rows written as {self.format}",
            columns=["Code", Column("Rows", "right"), "Consequence", "First examples"],
            rows=rows,
        )

    def __repr__(self) -> str:
        codes = ", ".join(feature.code for feature in self.unsupported) or "lossless"
        return f"<WriteLog: {escape(self.name)} ({self.format}), {self.rows} rows; {codes}>"


def csv_bytes(
    frame: pd.DataFrame, *, separator: str = ",", neutralise: bool = False
) -> tuple[bytes, list[UnsupportedFeature]]:
    """Return a frame as CSV in UTF-8, and the cells that look like formulas.

    The frame contains numbers, and texts as categories. ``neutralise`` writes an apostrophe before
    texts that spreadsheets interpret as formulas. A text with a lone surrogate, a NUL or more than
    131,072 characters raises `InvalidValue`.
    """
    check_separator(separator)
    cells: list[tuple[int, str]] = []  # row and description of each cell that is a formula
    columns = [[_quoted(str(name), separator)] for name in frame.columns]
    for (name, column), result in zip(frame.items(), columns, strict=True):
        if isinstance(column.dtype, pd.CategoricalDtype):
            texts = list(map(str, column.cat.categories))
            codes = column.cat.codes.to_numpy()
            _check_texts(str(name), [texts[n] for n in used_codes(codes, len(texts))])
            formulas = [n for n, text in enumerate(texts) if text.startswith(_FORMULA)]
            rows = np.flatnonzero(np.isin(codes, formulas)).tolist()
            cells += [(row, f"{name}, row {row + 2}: {texts[codes[row]][:40]!r}") for row in rows]
            for position in formulas if neutralise else ():
                texts[position] = f"'{texts[position]}"
            quoted = [_quoted(text, separator) for text in texts]  # each distinct text once
            result.extend(np.array([*quoted, ""], dtype=object)[codes].tolist())
        else:
            missing = column.isna().tolist()
            plain: Iterable[str] = map(str, column.astype(object).tolist())
            if not pd.api.types.is_numeric_dtype(column.dtype):  # numbers contain no separators
                plain = (_quoted(text, separator) for text in plain)
            result.extend("" if no else text for text, no in zip(plain, missing, strict=True))
    code, message = ("NEUTRALISED", _NEUTRALISED) if neutralise else ("FORMULA", _UNCHANGED)
    feature = UnsupportedFeature(
        code=code,
        is_lost=neutralise,
        rows=len({row for row, _ in cells}),
        message=message,
        examples=[text for _, text in cells[:_EXAMPLES]],
    )
    lines = map(separator.join, zip(*columns, strict=True))
    return "\n".join([*lines, ""]).encode(), [feature] if cells else []


def _check_texts(name: str, texts: Iterable[str]) -> None:
    for text in texts:
        problem = ""
        if "\0" in text or not is_encodable(text):
            sign = "a NUL character" if "\0" in text else "an lone surrogate"
            problem = f"must not contain {sign}"
        elif len(text) > LIMITS.cell:
            problem = f"must have at most {LIMITS.cell} characters in CSV"
        if problem:
            raise InvalidValue(problem, field=name, value=text[:80], hint="Correct the text")


def _quoted(text: str, separator: str) -> str:
    """Return a text in quotation marks if RFC 4180 requires it."""
    if any(sign in text for sign in (separator, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text
