"""Panels of results."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, overload

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats._signatures import explain_arguments, explain_operators
from thbstats.columns import Coded, Fractions
from thbstats.columns.records import concat_fields
from thbstats.display.displayable import to_xarray
from thbstats.display.strings import shortened
from thbstats.errors import InvalidValue, UnknownName, require_name
from thbstats.panel import panel_text
from thbstats.panel.category_names import lowered
from thbstats.panel.context import Suppressions
from thbstats.panel.frame_fields import PanelSchema
from thbstats.panel.kind import ERRORS, Status
from thbstats.panel.numbers import (
    CODED,
    COLUMNS,
    DEFAULTS,
    FRACTIONS,
    UNDOCUMENTED,
    PanelColumns,
)
from thbstats.panel.parts import Parts
from thbstats.panel.result import Result
from thbstats.panel.warning import ComparabilityWarning, Outcome, Warnings, not_documented
from thbstats.tables.frames import library
from thbstats.values import flag_mask

if TYPE_CHECKING:
    import os
    from pathlib import Path

    import duckdb
    import pandas as pd
    import polars as pl
    import pyarrow as pa
    import xarray as xr

    from thbstats.display import DisplayTable

LEVELS = ("pass", "undocumented", "note", "caution", "open", "blocking")
"""The levels of a rule: its outcome and severity in one code."""


@partial(explain_arguments, hint="Call an indicator, such as thbstats.share(...)")
@explain_operators("Use to_frame(), or the bounds such as panel.value.lower")
@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Panel(PanelColumns):
    """Results in columns: one row per combination of dimensions.

    An indicator returns a panel if ``by=`` is given. A row without a value stays in the panel,
    with a `Status`.

    Parameters
    ----------
    caption : str
        The caption of the panel.
    call : str
        The call of the indicator in Python, with ``table`` for a table of counts; empty if no
        indicator made the panel.
    keys : mapping of str to Coded
        The category of each row by dimension of ``by=``.
    indicator, kind, label, estimand, category, base, area, period : Coded
        The function, the `ResultKind`, the label, the categories in the numerator, the `Base`,
        the `Area` and the `Period` of each row.
    numerator_kind, denominator_kind : Coded
        The `CountKind` of numerator and denominator of each row.
    reporters, expected : Coded
        The reporting countries of the value, and the countries of the area to which the counts
        apply, as sets of codes; ``None`` if the source does not list them.
    sources, breaks, inhabitants, excess, contradictions, printed, notes : Coded
        Sources, flagged breaks (pairs of area and period), `Inhabitants`, `Excess`, tuples of
        `Contradiction`, the published `Percent`, and warnings that do not come from rules.
    status : array of int8, shape (n,)
        The `Status` of each row.
    numerator, denominator, unknown, discrepancy, all_reported : Fractions
        The counts over the reporting countries, the victims of unknown category, the total minus
        its parts, and for ratios the quotient of all reported counts.
    value, bounds, bounds_with_unknown : Fractions
        The number over the countries with complete and consistent data; its bounds for the whole
        area; and its bounds with unknown categories allocated.
    bounds_attained : array of bool, shape (n,)
        Whether both bounds are attained by a completion of the data.
    complete : array of bool, shape (n,)
        Whether every country of the area has complete, consistent and exact data.
    flags : array of uint32, shape (n,)
        Observation flags, as `flag_mask`.
    n_reporters : array of int, shape (n,)
        The number of reporting countries; -1 where it is not documented.
    parts : Parts
        The counts of each country.
    suppression : Suppressions
        Suppressed counts in the number.
    rules, thresholds, levels
        The rules that were applied, their thresholds, and their levels, shape (rules, n).
    """

    def __iter__(self) -> Iterator["Result"]:
        return (self.row(i) for i in range(len(self)))

    def row(self, i: int) -> "Result":
        """Return the result of a row with any status; a negative position counts from the end."""
        if not -len(self) <= i < len(self):
            raise InvalidValue(
                f"must be below {len(self)}", field="i", value=i, hint="Count rows from 0"
            )
        return Result(self, int(i) % len(self))

    @overload
    def __getitem__(self, key: int | str | tuple[Any, ...]) -> "Result": ...

    @overload
    def __getitem__(self, key: slice | NDArray[Any] | list[Any]) -> Self: ...

    def __getitem__(self, key: Any) -> "Result | Self":
        """Return a row by position or key, or a panel by mask, positions or slice.

        A key has one category per dimension of ``by=``, in its order.
        """
        if isinstance(key, bool | np.bool_) or key is None:
            raise UnknownName(f"No row for {key!r}", hint="Write panel[0] for the first row")
        if isinstance(key, np.ndarray | list) and np.asarray(key).dtype.kind in "OSU":
            problem = f"No rows for {', '.join(map(repr, key))}"
            names = ", ".join(f"{name}=[...]" for name in self.keys)
            raise UnknownName(problem, hint=f"Write panel.where({names})")
        if isinstance(key, slice | np.ndarray | list):
            return self.take(np.arange(len(self))[key])
        if isinstance(key, int | np.integer):
            # An integer is a year, if the only dimension is the period.
            is_year = list(self.keys) == ["period"] and str(key) in self.keys["period"].categories
            if not is_year:
                return self.row(int(key))
        return self.row(self._position(key))

    @classmethod
    def concat(cls, panels: Sequence["Panel"], caption: str = "") -> "Panel":
        """Return the rows of several panels.

        Parameters
        ----------
        panels : sequence of Panel
            One or more; the result has the dimensions and rules of the first panel.
        caption : str
            The caption; by default that of the first panel.

        Raises
        ------
        InvalidValue
            If there is none.
        """
        if not panels:
            raise InvalidValue("must contain at least one panel", field="panels", value=panels)
        # Rules of another kind of panel can read its further columns: their warnings become notes.
        if not all(type(panel) is Panel and panel.rules == panels[0].rules for panel in panels):
            panels = [
                evolve(
                    panel.with_notes([(*row.warnings, *row.limitations) for row in panel]),
                    rules=(),
                    levels=np.zeros((0, len(panel)), dtype=np.int8),
                )
                for panel in panels
            ]
        first = panels[0]
        shared = [key for key in first.keys if all(key in panel.keys for panel in panels)]
        return Panel(
            caption=caption or first.caption,
            keys={key: Coded.concat([panel.keys[key] for panel in panels]) for key in shared},
            rules=first.rules,
            thresholds=first.thresholds,
            levels=np.concatenate([panel.levels for panel in panels], axis=1),
            **concat_fields(panels, COLUMNS),
        )

    @classmethod
    def from_results(cls, results: Iterable["Result"], caption: str = "") -> "Panel":
        """Return a panel from results.

        Parameters
        ----------
        results : iterable of Result
            One or more.
        caption : str
            The caption of the panel.

        Raises
        ------
        InvalidValue
            If there is none.
        """
        rows = list(results)
        if not rows:
            raise InvalidValue("must contain at least one result", field="results", value=rows)
        if all(row.panel is rows[0].panel for row in rows):
            result = rows[0].panel.take(np.array([row.position for row in rows]))
            return evolve(result, caption=caption or result.caption)
        return cls.concat([row.panel.take(np.array([row.position])) for row in rows], caption)

    def scalar(self, table: object = None) -> "Result":
        """Return the result of a panel of one row.

        Parameters
        ----------
        table : CountTable, optional
            The table of the indicator, shown in errors.

        Raises
        ------
        NoSuchCell
            If the table has no row of this kind.
        ImpossibleResult
            If the counts contradict each other.
        AmbiguousCell
            If the table has several counts for the key.
        """
        result = self.row(0)
        if result.status not in ERRORS:
            return result
        error, problem, hint = ERRORS[result.status]
        category = ", ".join(f"{name}={word}" for name, word in result.category)
        position = f"{result.area.short_name}, {result.period}, {category or result.label}"
        reasons = "; ".join(item.text for item in result.contradictions)
        contents = getattr(table, "contents", "")
        raise error(
            f"{problem} {position}{f': {reasons}' if reasons else ''}",
            field=", ".join(name for name, _ in result.category) or "category",
            value=result.label,
            hint=f"{hint}. The table has {contents}" if contents else hint,
        )

    def row_warnings(self, i: int) -> Warnings:
        """Return the warnings of a row."""
        return Warnings(self._row_warnings(i, limitations=False))

    def row_limitations(self, i: int) -> Warnings:
        """Return the limitations of a row."""
        needs = [
            (rule.code, rule.text(self.row(i), self.thresholds, Outcome.NOT_ASSESSABLE).message)
            for rule, level in zip(self.rules, self.levels[:, i], strict=True)
            if level == UNDOCUMENTED
        ]
        own = self._row_warnings(i, limitations=True)
        return Warnings([*own, *not_documented(needs, "number")])

    def _row_warnings(self, i: int, *, limitations: bool) -> list[ComparabilityWarning]:
        levels = zip(self.rules, self.levels[:, i].tolist(), strict=True)
        applied = [
            rule.warn(self.row(i), self.thresholds, level)
            for rule, level in levels
            if level > UNDOCUMENTED and rule.is_limitation is limitations
        ]
        return [*applied, *(note for note in self.notes[i] if note.is_limitation is limitations)]

    @property
    def warnings(self) -> Warnings:
        """The distinct warnings of all rows."""
        return Warnings(warning for i in range(len(self)) for warning in self.row_warnings(i))

    @cached_property
    def limitations(self) -> Warnings:
        """The distinct limitations of all rows."""
        levels = self.levels * (~self._is_warning[:, np.newaxis] | (self.levels == UNDOCUMENTED))
        noted = self.notes.codes
        _, first = np.unique(np.vstack([levels, noted]), axis=1, return_index=True)
        return Warnings(
            warning for i in sorted(first.tolist()) for warning in self.row_limitations(i)
        )

    def with_notes(self, notes: Iterable[Sequence[ComparabilityWarning]]) -> Self:
        """Return the panel with additional warnings of each row, which do not come from rules."""
        return evolve(self, notes=Coded.from_values(tuple(own) for own in notes))

    def to_dict(self) -> dict[str, Any]:
        """Return the results as JSON data."""
        return {
            "caption": self.caption,
            "limitations": [limitation.to_dict() for limitation in self.limitations],
            "items": [row.to_dict() for row in self],
        }

    def passport(
        self, folder: "str | os.PathLike[str]", *, language: str = "en", data: str = ""
    ) -> "tuple[Path, ...]":
        """Write the passport of each row to a folder, and an index of them.

        Parameters
        ----------
        folder : str or path
            The folder, which is made if it does not exist. Files of the same names are replaced.
        language, data : str
            As for `Result.passport`.

        Returns
        -------
        tuple of Path
            The index, then the page of each row.
        """
        from thbstats.passports import write_passports

        return write_passports(self, folder, language, data)

    def to_page(
        self,
        path: "str | os.PathLike[str] | None" = None,
        *,
        title: str | None = None,
        language: str = "en",
    ) -> str:
        """Return a page that sorts, filters and searches the rows in a browser, and write it.

        Parameters
        ----------
        path, title, language : optional
            As for `thbstats.explorer.explorer_page`.

        Returns
        -------
        str
            The HTML document: one file that loads nothing.
        """
        from thbstats.explorer import explorer_page

        return explorer_page(self, path, title=title, language=language)

    @property
    def schema(self) -> PanelSchema:
        """The fields of the frame, and their schemas for pandera, JSON Schema and pydantic."""
        return PanelSchema(keys=self.keys, further=self.frame_fields)

    @overload
    def to_frame(
        self, backend: Literal["pandas"] | None = None, *, iso3: bool = False, labels: bool = False
    ) -> "pd.DataFrame": ...
    @overload
    def to_frame(
        self, backend: Literal["polars"], *, iso3: bool = False, labels: bool = False
    ) -> "pl.DataFrame": ...
    @overload
    def to_frame(
        self, backend: Literal["pyarrow"], *, iso3: bool = False, labels: bool = False
    ) -> "pa.Table": ...
    @overload
    def to_frame(
        self, backend: Literal["duckdb"], *, iso3: bool = False, labels: bool = False
    ) -> "duckdb.DuckDBPyRelation": ...
    @overload
    def to_frame(self, backend: str | None, *, iso3: bool = False, labels: bool = False) -> Any: ...
    def to_frame(
        self, backend: str | None = None, *, iso3: bool = False, labels: bool = False
    ) -> Any:
        """Return a tidy frame, one row per number.

        Parameters
        ----------
        backend : {"pandas", "polars", "pyarrow", "duckdb"}, optional
            The library of the frame; pandas by default. DuckDB returns a relation of its default
            connection; use ``connection.from_arrow(panel)`` for another connection.
        iso3 : bool
            Whether to add a column with the ISO 3166 alpha-3 code of each country.
        labels : bool
            Whether to add a column with the name of each area.

        Returns
        -------
        pandas.DataFrame, polars.DataFrame, pyarrow.Table or duckdb.DuckDBPyRelation
            One column per dimension of ``by=`` (else ``area`` and ``period``), then ``value``
            (missing unless it is one number), ``value_lower``, ``value_upper``, ``lower``,
            ``upper``, ``lower_with_unknown``, ``upper_with_unknown``, ``numerator``,
            ``denominator``, ``unknown`` and ``not_listed`` with their bounds, ``complete``,
            ``derived``, ``coverage``, ``status``, ``severity`` and ``warnings`` (lists of codes). A
            missing number is ``nan`` in pandas and null elsewhere; ``inf`` means
            "not bounded". `schema` describes the columns.

        Raises
        ------
        UnknownName
            If the backend does not exist.
        MissingExtra
            If its library is not installed.

        Examples
        --------
        >>> import thbstats as thb
        >>> victims = thb.CountTable.from_rows(
        ...     [("PL", "total", 199), ("PL", "female", 74), ("ES", "total", 193)],
        ...     columns=["area", "sex", "value"], kind="victims", period=2016, status="detected",
        ... )
        >>> panel = thb.share(victims, sex="female", base="all", by="area")
        >>> panel.to_frame("pyarrow")["value"].null_count
        1
        """
        name = "pandas" if backend is None else backend
        require_name(name, _BACKENDS, "must be a backend", field="backend")
        schema = evolve(self.schema, iso3=iso3, labels=labels)
        return _BACKENDS[name](schema, schema.columns(self))

    def to_xarray(self) -> "xr.Dataset":
        """Return the numbers as variables of xarray over the dimensions of ``by=``.

        Returns
        -------
        xarray.Dataset
            The columns of `to_frame` as variables. A combination without a row has the status
            ``no_data``, and its numbers are NaN. The attributes are the caption and the codes of
            the limitations.

        Raises
        ------
        DuplicateKey
            If the panel has several rows for one combination.
        MissingExtra
            If xarray is not installed.

        Examples
        --------
        >>> import thbstats as thb
        >>> victims = thb.CountTable.from_rows(
        ...     [("PL", "total", 199), ("PL", "female", 74), ("ES", "total", 193),
        ...      ("ES", "female", 165)],
        ...     columns=["area", "sex", "value"], kind="victims", period=2016, status="detected",
        ... )
        >>> grid = thb.share(victims, sex="female", base="all", by=["area", "period"]).to_xarray()
        >>> float(grid["value"].sel(area="ES", period="2016").round(3))
        0.855
        """
        frame = self.to_pandas()
        names = [*self.keys] or ["area", "period"]
        return to_xarray(
            frame.drop(columns="label", errors="ignore"),
            {name: list(dict.fromkeys(frame[name])) for name in names},
            {"caption": self.caption, "limitations": ", ".join(self.limitations.codes)},
            {"status": Status.NO_DATA.code},
        )

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the columns of `to_frame` through the Arrow PyCapsule interface."""
        frame = self.to_frame(library("pyarrow", "polars").__name__)
        return frame.__arrow_c_stream__(requested_schema)

    def __array__(self, dtype: object = None, copy: object = None) -> NDArray[Any]:
        """Refuse arrays of results, also in ``pandas.DataFrame(panel)``."""
        raise InvalidValue(
            "must be converted with to_frame()",
            field="panel",
            value=type(self),
            hint="Use panel.to_frame(), or panel.value.lower for an array",
        )

    def footnote(self) -> str:
        """Return the footnote of each result, then each warning and limitation once."""
        return panel_text.explanation(self)

    def display_table(self) -> "DisplayTable":
        """Return the results as a display table."""
        return panel_text.panel_sheet(self)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Panel)
            and len(self) == len(other)
            and all(item == other_item for item, other_item in zip(self, other, strict=True))
        )

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        rows = "1 row" if len(self) == 1 else f"{len(self)} rows"
        keys = [
            f"{name} {shortened(list(dict.fromkeys(map(str, column))))}"
            for name, column in self.keys.items()
        ]
        numbers = np.bincount(self.status, minlength=len(Status)).tolist()
        statuses = [f"{n} {status.label}" for status, n in zip(Status, numbers, strict=True) if n]
        parts = "; ".join([*keys, ", ".join(statuses)] if len(self) else ["empty"])
        return f"<{type(self).__name__} of {lowered(self.caption)}, {rows}: {parts}>"


def _pandas(_: PanelSchema, columns: Mapping[str, Any]) -> Any:
    import pandas as pd

    return pd.DataFrame(columns)


def _pyarrow(schema: PanelSchema, columns: Mapping[str, Any]) -> Any:
    pa = library("pyarrow")
    types = {
        "string": pa.string(),
        "number": pa.float64(),
        "integer": pa.int64(),
        "boolean": pa.bool_(),
        "codes": pa.list_(pa.string()),
    }
    arrays = [
        # A missing number is ``nan`` in the column, and null in Arrow.
        pa.array(_items(columns[item.name]), types[item.type], from_pandas=True)
        for item in schema.fields
    ]
    return pa.table(arrays, names=[item.name for item in schema.fields])


def _polars(schema: PanelSchema, columns: Mapping[str, Any]) -> Any:
    pl = library("polars")
    types = {
        "string": pl.String,
        "number": pl.Float64,
        "integer": pl.Int64,
        "boolean": pl.Boolean,
        "codes": pl.List(pl.String),
    }
    return pl.DataFrame(
        {name: _items(column) for name, column in columns.items()},
        {item.name: types[item.type] for item in schema.fields},
        nan_to_null=True,
    )


def _duckdb(schema: PanelSchema, columns: Mapping[str, Any]) -> Any:
    duckdb = library("duckdb")
    # DuckDB needs pyarrow for a polars frame.
    name = library("pyarrow", "polars").__name__
    return duckdb.from_arrow(_BACKENDS[name](schema, columns))


_BACKENDS: Mapping[str, Callable[[PanelSchema, Mapping[str, Any]], Any]] = {
    "pandas": _pandas,
    "polars": _polars,
    "pyarrow": _pyarrow,
    "duckdb": _duckdb,
}


def _items(column: Any) -> Any:
    """Return a column for constructors that do not read arrays of objects."""
    return column.tolist() if column.dtype.kind == "O" else column


def panel_from_rows(
    caption: str, rows: Sequence[Mapping[str, Any]], keys: Mapping[str, Sequence[str]] | None = None
) -> Panel:
    """Return a panel from the fields of each row.

    Parameters
    ----------
    caption : str
        The caption of the panel.
    rows : sequence of mapping
        The fields of a `Result`: ``indicator``, ``kind``, ``label``, ``estimand``, ``base``,
        ``area``, ``period``, ``numerator_kind`` and ``denominator_kind`` are required. Numbers are
        intervals, ``flags`` is a set of letters, ``parts`` the `Parts` of this row.
    keys : mapping, optional
        The category of each row by dimension.
    """
    filled = [{**DEFAULTS, **row} for row in rows]
    columns: dict[str, Any] = {}
    for name in (*CODED, *FRACTIONS):
        kind = Coded if name in CODED else Fractions
        columns[name] = kind.from_values(row[name] for row in filled)
    parts = [Parts.empty(1) if row["parts"] is None else row["parts"] for row in filled]
    numbers = [-1 if row["n_reporters"] is None else row["n_reporters"] for row in filled]
    return Panel(
        caption=caption,
        keys={name: Coded.from_values(words) for name, words in (keys or {}).items()},
        status=np.array([row["status"] for row in filled], dtype=np.int8),
        bounds_attained=np.array([row["bounds_attained"] for row in filled], dtype=np.bool_),
        complete=np.array([row["complete"] for row in filled], dtype=np.bool_),
        flags=np.array([flag_mask(row["flags"]) for row in filled], dtype=np.uint32),
        n_reporters=np.array(numbers, dtype=np.intp),
        parts=Parts.concat(parts) if filled else Parts.empty(0),
        suppression=Suppressions.from_values(row["suppression"] for row in filled),
        **columns,
    )
