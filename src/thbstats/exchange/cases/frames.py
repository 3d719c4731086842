"""Construction of the frame of cases from the answers of a file."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from thbstats.errors import InvalidValue
from thbstats.exchange.cases.answers import Truth, add_wider, booleans, count_answers
from thbstats.exchange.cases.record import Cases
from thbstats.exchange.declaration import Declaration
from thbstats.exchange.ledger import FileColumn, Ledger
from thbstats.exchange.periods import read_period
from thbstats.records import Source, schema_of
from thbstats.tables.encoding import coded

__all__ = ["frame_of_cases", "refuse_declaration", "year"]


def refuse_declaration(declare: Declaration | None, kind: str | None) -> None:
    """Raise an error for a declaration or a kind other than victims.

    Raises
    ------
    InvalidValue
        If there is a declaration, or the kind is not victims.
    """
    if declare is not None:
        raise InvalidValue(
            "must not be passed for a file of cases",
            field="declare",
            hint="Remove it; pass values that apply to every case as name=...",
        )
    if kind not in (None, "victims"):
        raise InvalidValue(
            "must be 'victims' for a file of cases", field="kind", value=kind, hint="Remove it"
        )


def year(text: str) -> str:
    """Return the period of a year."""
    return str(read_period(text))


def frame_of_cases(
    ledger: Ledger,
    file_columns: Mapping[str, FileColumn],
    *,
    columns: Mapping[str, FileColumn],
    multiple: Mapping[str, Mapping[str, Truth]],
    column_of_code: Mapping[str, str],
    source: Source,
    constants: Mapping[str, Any],
    default_area: str | None = None,
) -> Cases:
    """Return the cases of a file.

    Parameters
    ----------
    ledger : Ledger
        The rows; problems are added to it.
    file_columns : mapping of str to FileColumn
        Every column of the file.
    columns : mapping of str to FileColumn
        Dimensions with one answer, in category codes.
    multiple : mapping
        By dimension with multiple response, the answers to each of its codes.
    column_of_code : mapping of str to str
        By code, the column of the file that contains its answers.
    source : Source
        The publication of the file.
    constants : mapping
        Values that apply to every case.
    default_area : str, optional
        The code of the area that the publisher states for the whole data set.
    """
    schema = schema_of("victims")
    declared = {
        name: schema[name].parse(value) if name in schema.names else str(value)
        for name, value in constants.items()
    }
    data: dict[str, Any] = {
        name: coded(column.codes, column.values)
        for name, column in columns.items()
        if name not in declared
    }
    names = tuple(data)
    flags = {
        name: add_wider(ledger, schema[name], answers, column_of_code)
        for name, answers in multiple.items()
        if answers
    }
    for name, answers in flags.items():
        data |= {f"{name}={code}": booleans(answer) for code, answer in answers.items()}
    other = {}
    for name in map(str, ledger.raw.columns):
        # A column of the file may have the name of a dimension.
        column_name = f"{name} (file)" if name in data else name
        other[column_name] = ledger.raw[name].array
    if "area" in names:
        _note_missing_area(ledger, columns["area"])
    frame = pd.DataFrame({**data, **other})
    return Cases(
        frame=frame if ledger.is_used.all() else frame.loc[ledger.is_used].reset_index(drop=True),
        columns=names,
        multiple={name: tuple(answers) for name, answers in flags.items()},
        other=tuple(other),
        source=source,
        constants=declared,
        default_area=default_area,
        answer_counts=_count_answers(ledger, file_columns),
    )


def _note_missing_area(ledger: Ledger, area: FileColumn) -> None:
    missing = int(((area.codes < 0) & ledger.is_used).sum())
    if missing:
        ledger.note(
            f"NO_AREA: {missing} cases have no {area.name}; count all with area=..., or "
            "exclude these with .cases.known('area')"
        )


def _count_answers(ledger: Ledger, columns: Mapping[str, FileColumn]) -> pd.DataFrame:
    counts = count_answers(columns)
    unanswered = counts.drop(columns="known")
    parts = [
        f"{int(number)} {sign} in {int((unanswered[sign] > 0).sum())} columns"
        for sign, number in unanswered.sum().items()
        if number
    ]
    if parts:
        ledger.note(f"Cells without an answer: {', '.join(parts)}; see .cases.answer_counts")
    return counts
