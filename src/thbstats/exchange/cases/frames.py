"""The frame of cases, put together from the answers of a file."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from thbstats.errors import InvalidValue
from thbstats.exchange.cases.answers import Truth, booleans, seen, wholes
from thbstats.exchange.cases.record import Cases
from thbstats.exchange.declaration import Declaration
from thbstats.exchange.ledger import Ledger
from thbstats.exchange.periods import read_period
from thbstats.exchange.text_column import TextColumn
from thbstats.records import Source, schema_of
from thbstats.tables.categories import coded

__all__ = ["frame_of_cases", "refuse_declaration", "year"]


def refuse_declaration(declare: Declaration | None, kind: str | None) -> None:
    """Refuse what only says how a file of counts is to be read.

    Raises
    ------
    InvalidValue
        If there is a declaration, or a kind other than victims.
    """
    if declare is not None:
        raise InvalidValue(
            "the columns of this file of cases are known, and a declaration is of counts",
            field="declare",
            hint="Leave it out; say what holds for every case as name=...",
        )
    if kind not in (None, "victims"):
        raise InvalidValue("cases are of victims", field="kind", value=kind, hint="Leave it out")


def year(text: str) -> str:
    """Return the period of a year, which some programs write as "2019.0"."""
    return str(read_period(text.removesuffix(".0")))


def frame_of_cases(
    ledger: Ledger,
    words: Mapping[str, TextColumn],
    *,
    columns: Mapping[str, TextColumn],
    multiple: Mapping[str, Mapping[str, Truth]],
    asked: Mapping[str, str],
    source: Source,
    constants: Mapping[str, Any],
    default_area: str | None = None,
) -> Cases:
    """Return the cases of a file.

    Parameters
    ----------
    ledger : Ledger
        The rows; what is odd is told there.
    words : mapping of str to TextColumn
        Every column of the file.
    columns : mapping of str to TextColumn
        Dimensions with one answer, in our codes.
    multiple : mapping
        By dimension with several answers, the answers to each of its codes.
    asked : mapping of str to str
        By code, the column of the file that asks for it.
    source : Source
        Where the file was published.
    constants : mapping
        What holds for every case; the user's words are read as words of the dimension.
    default_area : str, optional
        The code of the area that the publisher states for the whole data set.

    Returns
    -------
    Cases
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
    shown = tuple(data)
    flags = {
        name: wholes(ledger, schema[name], answers, asked)
        for name, answers in multiple.items()
        if answers
    }
    for name, answers in flags.items():
        data |= {f"{name}={code}": booleans(found) for code, found in answers.items()}
    other = {}
    for name in map(str, ledger.raw.columns):
        # Nothing of the file is lost, even where one of its columns has the name of one of ours.
        kept = f"{name} (file)" if name in data else name
        other[kept] = ledger.raw[name].array
    if "area" in shown:
        _note_unplaced(ledger, columns["area"])
    frame = pd.DataFrame({**data, **other})
    return Cases(
        frame=frame if ledger.is_used.all() else frame.loc[ledger.is_used].reset_index(drop=True),
        columns=shown,
        multiple={name: tuple(answers) for name, answers in flags.items()},
        other=tuple(other),
        source=source,
        constants=declared,
        default_area=default_area,
        seen=_seen(ledger, words),
    )


def _note_unplaced(ledger: Ledger, area: TextColumn) -> None:
    unplaced = int(((area.codes < 0) & ledger.is_used).sum())
    if unplaced:
        ledger.note(
            f"NO_AREA: {unplaced} cases record no {area.name}; count all with area=..., or "
            "leave these out with .cases.recorded('area')"
        )


def _seen(ledger: Ledger, column: Mapping[str, TextColumn]) -> pd.DataFrame:
    found = seen(column)
    silent = found.drop(columns="recorded")
    parts = [
        f"{int(number)} {sign} in {int((silent[sign] > 0).sum())} columns"
        for sign, number in silent.sum().items()
        if number
    ]
    if parts:
        ledger.note(f"Cells without an answer: {', '.join(parts)}; .cases.seen has each column")
    return found
