"""Tables of capture histories."""

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from thbstats.errors import InvalidValue, ThbstatsError, require, require_name
from thbstats.exchange import (
    LIMITS,
    PARQUET,
    Declaration,
    InputFile,
    Limits,
    is_workbook,
    open_input,
    read_delimited,
    read_parquet,
    read_sheet,
)
from thbstats.lists.record import Lists
from thbstats.tables.encoding import Problems
from thbstats.tables.frames import Frame, frame_columns
from thbstats.values import Count, Reason

_SIGNS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def read(
    source: "Frame | str | os.PathLike[str] | InputFile",
    *,
    count: str | None = None,
    names: Sequence[str] | None = None,
    complete: bool = False,
    missing: Mapping[str, Reason | str] | None = None,
    thousands: str = "",
    fewer_than_from: int = 0,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    **options: Any,
) -> Lists:
    """Return the lists of a table of capture histories.

    Parameters
    ----------
    source : frame or path
        A frame of any engine, or a CSV, Parquet or xlsx file. Each list has a column with 1 for
        persons on the list and 0 for others (also yes and no, true and false).
    count : str, optional
        The column with the number of persons of each history. By default each row is a person, and
        histories without a row have no persons.
    names : sequence of str, optional
        The columns of the lists; by default all others.
    complete : bool
        Whether histories without a row have no persons. By default their count is unknown.
    missing : mapping of str to Reason, optional
        Signs of missing counts and their reasons, such as ``{"c": "suppressed"}``.
    thousands, fewer_than_from : optional
        As for `thbstats.Declaration`: ``<5`` is 0 to 4, and 1 to 4 with ``fewer_than_from=1``.
    encoding, limits : optional
        As for `thbstats.read`.
    **options
        ``without_key``, ``referred_from``, ``period``, ``area`` and ``source``, as for `Lists`.

    Returns
    -------
    Lists

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
    >>> rows = pd.DataFrame(
    ...     {"GBA": [1, 0, 1], "HKS": [0, 1, 1], "count": [39488, 1445, 374]}
    ... )
    >>> thb.lists.read(rows, count="count", complete=True)
    <Lists GBA, HKS: 41,307 persons in 41,681 registrations>

    References
    ----------
    Polish nationals in two registers of the Netherlands, 2009, as for `Lists`.
    """
    if isinstance(source, str | os.PathLike | InputFile):
        opened = open_input(source, encoding, limits)
        if opened.data.startswith(PARQUET):
            columns, _ = frame_columns(read_parquet(opened))
        else:
            grid = read_sheet(opened) if is_workbook(opened) else read_delimited(opened)
            columns = {str(name).strip(): cells for name, cells in grid.raw.items()}
    else:
        columns, _ = frame_columns(source)
    for name in (*(names or ()), *([] if count is None else [count])):
        require_name(name, columns, "must be a column of the table", field="names")
    chosen = [name for name in columns if name != count] if names is None else list(names)
    declared = Declaration(
        thousands=thousands, missing=missing or {}, fewer_than_from=fewer_than_from
    )
    problems, parser = Problems(), declared.count_parser
    texts = {name: _texts(columns[name]) for name in (*chosen, *([] if count is None else [count]))}
    counts: dict[frozenset[str], Count] = {}
    persons = Counter[frozenset[str]]()
    for row, values in enumerate(zip(*texts.values(), strict=True)):
        cells = dict(zip(texts, values, strict=True))
        try:
            own = _history(chosen, cells)
            if count is None:
                persons[own] += 1
                continue
            number = parser.parse(cells[count])
            hint = "Add up the counts of each combination of lists"
            label = " + ".join(name for name in chosen if name in own)
            require(own not in counts, "must be the only row of a history", hint, counts=label)
            counts[own] = number
        except ThbstatsError as error:
            field = count if error.field in ("NOT_A_COUNT", "TOO_LARGE", "NEGATIVE") else None
            problems.add(error.with_location(row=row, field=field))
    problems.raise_any()
    complete = complete or count is None  # a table of persons contains each history
    return Lists(names=chosen, counts=counts or dict(persons), complete=complete, **options)


def _texts(values: Iterable[Any]) -> list[str]:
    """Return the cells of a column as texts; missing cells are empty."""
    return ["" if pd.isna(value) else _spelling(value) for value in np.asarray(values, object)]


def _spelling(value: Any) -> str:
    is_integer = isinstance(value, float | np.floating) and float(value).is_integer()
    return str(int(value)) if is_integer else str(value).strip()


def _history(names: Iterable[str], cells: Mapping[str, str]) -> frozenset[str]:
    """Return the lists of a row."""
    own = set()
    for name in names:
        sign = _SIGNS.get(cells[name].lower())
        if sign is None:
            problem, hint = "must be 0 or 1", "Pass names= with the columns of the lists"
            raise InvalidValue(problem, field=name, value=cells[name], hint=hint)
        if sign:
            own.add(name)
    hint = "Leave out persons on no list: their number is not observed"
    require(own, "must be a person on a list", hint, names="0 on each list")
    return frozenset(own)
