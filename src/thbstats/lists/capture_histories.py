"""Tables of capture histories."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from thbstats import files
from thbstats.errors import InvalidValue, ThbstatsError, require, require_name
from thbstats.lists.record import Lists
from thbstats.tables.encoding import Problems
from thbstats.tables.frames import Frame, frame_columns
from thbstats.values import Count, Reason

_SIGNS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def read(
    data: "Frame | str | os.PathLike[str] | files.InputFile",
    *,
    count: str | None = None,
    names: Sequence[str] | None = None,
    complete: bool = False,
    missing: Mapping[str, Reason | str] | None = None,
    thousands: str = "",
    fewer_than_from: int = 0,
    **options: Any,
) -> Lists:
    """Return the lists of a table of capture histories.

    Parameters
    ----------
    data : frame or path
        A frame of any engine, or a CSV, Parquet or xlsx file. Each list has a column with 1 for
        persons on the list and 0 for others (also yes and no, true and false).
    count : str, optional
        The column with the number of persons of each history. By default each row is a person, and
        histories without a row have no persons.
    names : sequence of str, optional
        The columns of the lists; by default all others.
    complete : bool
        Whether histories without a row have no persons. By default their count is unknown.
    missing, thousands, fewer_than_from : optional
        As for `thbstats.Declaration`: ``missing={"c": "suppressed"}``. ``<5`` is 0 to 4.
    **options
        ``without_key``, ``referred_from``, ``period``, ``area`` and ``source``, as for `Lists`.

    Raises
    ------
    InvalidValue
        If a cell is neither 0 nor 1, a row is of no list, a count cannot be read, or two rows have
        one history.
    UnknownName
        If a column does not exist.
    InvalidFile
        If the file cannot be read.

    Examples
    --------
    >>> import pandas as pd
    >>> import thbstats as thb
    >>> rows = pd.DataFrame({"GBA": [1, 0, 1], "HKS": [0, 1, 1], "count": [39488, 1445, 374]})
    >>> thb.lists.read(rows, count="count", complete=True)
    <Lists GBA, HKS: 41,307 persons in 41,681 registrations>
    """
    columns = _columns(data)
    numbered = [] if count is None else [count]
    chosen = [name for name in columns if name != count] if names is None else [*names]
    for name in (*chosen, *numbered):
        require_name(name, columns, "must be a column of the table", field="names")
    styles: dict[str, Any] = {"thousands": thousands, "fewer_than_from": fewer_than_from}
    parser = files.Declaration(missing=missing or {}, **styles).count_parser
    counts, persons, problems = dict[frozenset[str], Count](), Counter[frozenset[str]](), Problems()
    cells = zip(*(_texts(columns[name]) for name in (*chosen, *numbered)), strict=True)
    for row, values in enumerate(cells):
        field: str | None = None
        try:
            own = frozenset(name for name in map(_list_of, chosen, values) if name)
            hint = "Leave out persons on no list: their number is not observed"
            require(own, "must be a person on a list", hint, names="0 on each list")
            persons[own] += 1
            if count is not None:
                field, hint, label = count, "Add up the counts", " + ".join(sorted(own))
                require(own not in counts, "must be one row per history", hint, counts=label)
                counts[own] = parser.parse(values[-1])
        except ThbstatsError as error:
            problems.add(error.with_location(row=row, field=field))
    problems.raise_any()
    is_complete = complete or count is None
    return Lists(chosen, persons if count is None else counts, complete=is_complete, **options)


def _columns(data: Any) -> Mapping[str, Any]:
    """Return the columns of a frame or file."""
    if not isinstance(data, str | os.PathLike | files.InputFile):
        return frame_columns(data)[0]
    opened = files.open_input(data)
    if opened.data.startswith(files.PARQUET):
        return frame_columns(files.read_parquet(opened))[0]
    is_workbook = files.is_workbook(opened)
    ledger = files.read_sheet(opened) if is_workbook else files.read_delimited(opened)
    return {str(name).strip(): cells for name, cells in ledger.raw.items()}


def _texts(values: Any) -> list[str]:
    """Return the cells of a column as texts; missing cells are empty."""
    numbers = pd.Series(np.asarray(values, dtype=object))
    texts = numbers.map(lambda own: f"{own:.15g}" if isinstance(own, float) else str(own).strip())
    return texts.where(numbers.notna(), "").tolist()


def _list_of(name: str, text: str) -> str:
    """Return the list of a cell; empty for 0."""
    if text.lower() not in _SIGNS:
        hint = "Pass names=[...] for the columns of lists, and count=... for the number of persons"
        raise InvalidValue("must be 0 or 1", field=name, value=text, hint=hint)
    return name if _SIGNS[text.lower()] else ""
