"""Numbers in columns, with everything that defends them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, overload

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions
from thbstats.display import Shown
from thbstats.errors import (
    AmbiguousCell,
    ImpossibleResult,
    InvalidValue,
    NoSuchCell,
    UnknownName,
    did_you_mean,
)
from thbstats.panel.context import Suppressions
from thbstats.panel.kind import ResultKind
from thbstats.panel.parts import Parts
from thbstats.panel.status import Status
from thbstats.panel.warning import (
    GATHERED,
    ComparabilityWarning,
    Outcome,
    Severity,
    Warnings,
    not_documented,
)

if TYPE_CHECKING:
    from thbstats.display import Sheet
    from thbstats.panel.result import Result

__all__ = ["CODED", "FRACTIONS", "LEVELS", "Panel"]

CODED = (
    "indicator",
    "kind",
    "label",
    "estimand",
    "category",
    "base",
    "area",
    "period",
    "counted",
    "against",
    "reporters",
    "expected",
    "sources",
    "breaks",
    "inhabitants",
    "excess",
    "contradictions",
    "printed",
    "notes",
)
"""The columns of repeated values."""

FRACTIONS = (
    "numerator",
    "denominator",
    "unknown",
    "gap",
    "raw",
    "value",
    "bounds",
    "bounds_with_unknown",
)
"""The columns of exact numbers."""

_ARRAYS = ("status", "sharp", "flags", "n_reporters", "complete")
_RAGGED = ("parts", "suppression")

LEVELS = ("holds", "undocumented", "note", "caution", "open", "blocking")
"""The levels of a rule: its outcome and severity in one code."""

_OUTCOMES = (
    Outcome.HOLDS,
    Outcome.NOT_ASSESSABLE,
    Outcome.FAILS,
    Outcome.FAILS,
    Outcome.NOT_ASSESSABLE,
    Outcome.FAILS,
)
_UNDOCUMENTED, _OPEN = 1, 4


def _frozen(columns: Mapping[str, Any]) -> dict[str, Any]:
    return dict(columns)


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Panel(Shown):
    """Numbers in columns: one row per combination of dimensions.

    An indicator returns a panel if ``by=`` is given. A row without a value stays in the panel,
    with a `Status`.

    Parameters
    ----------
    caption : str
        The numbers in words.
    keys : mapping of str to Coded
        The dimensions given as ``by=``, and their category in each row.
    indicator, kind, label, estimand, category, base, area, period, counted, against : Coded
        The function, the `ResultKind`, the words, the categories in the numerator, the `Base`,
        the `Area`, the `Period`, and the `CountKind` of numerator and denominator of each row.
    reporters, expected : Coded
        The countries behind the value, and those of the area to which the counts apply, as sets
        of codes; ``None`` where a source does not list them.
    sources, breaks, inhabitants, excess, contradictions, printed, notes : Coded
        Sources, flagged breaks (pairs of area and period), `Inhabitants`, `Excess`, tuples of
        `Contradiction`, the published `Percent`, and warnings that do not come from rules.
    status : array of int8, shape (n,)
        The `Status` of each row.
    numerator, denominator, unknown, gap, raw : Fractions
        The counts over the reporting countries, the victims of unknown category, the total minus
        its parts, and for ratios the quotient of all reported counts.
    value, bounds, bounds_with_unknown : Fractions
        The number over the countries with complete and consistent data; for the whole area; and
        for the whole area with unknown categories allocated in every possible way.
    sharp : array of bool, shape (n,)
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

    caption: str
    keys: Mapping[str, Coded[str]] = field(factory=dict, converter=_frozen)
    indicator: Coded[str]
    kind: Coded[ResultKind]
    label: Coded[str]
    estimand: Coded[str]
    category: Coded[Any]
    base: Coded[Any]
    area: Coded[Any]
    period: Coded[Any]
    counted: Coded[Any]
    against: Coded[Any]
    reporters: Coded[Any]
    expected: Coded[Any]
    sources: Coded[Any]
    breaks: Coded[Any]
    inhabitants: Coded[Any]
    excess: Coded[Any]
    contradictions: Coded[Any]
    printed: Coded[Any]
    notes: Coded[Any]
    status: NDArray[np.int8]
    sharp: NDArray[np.bool_]
    complete: NDArray[np.bool_]
    flags: NDArray[np.uint32]
    n_reporters: NDArray[np.intp]
    numerator: Fractions
    denominator: Fractions
    unknown: Fractions
    gap: Fractions
    raw: Fractions
    value: Fractions
    bounds: Fractions
    bounds_with_unknown: Fractions
    parts: Parts
    suppression: Suppressions
    rules: tuple[Any, ...] = ()
    thresholds: Any = None
    levels: NDArray[np.int8] = field(default=None)

    def __attrs_post_init__(self) -> None:
        if self.levels is None:
            levels = np.zeros((len(self.rules), len(self.status)), dtype=np.int8)
            object.__setattr__(self, "levels", levels)

    # Rows

    def __len__(self) -> int:
        return len(self.status)

    def __iter__(self) -> Iterator["Result"]:
        return (self.row(i) for i in range(len(self)))

    def row(self, i: int) -> "Result":
        """Return the number of one row, whatever its status.

        Parameters
        ----------
        i : int
            Its position, from 0; negative positions count from the end.
        """
        from thbstats.panel.result import Result

        if not -len(self) <= i < len(self):
            raise InvalidValue(
                f"the panel has {len(self)} rows", field="row", value=i, mend="Count from 0"
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
            raise UnknownName("no row has this key", field="key", value=key)
        if isinstance(key, int | np.integer):
            if not self.keys or not self._is_key(key):
                return self.row(int(key))
        elif isinstance(key, slice | np.ndarray | list):
            return self.take(np.arange(len(self))[key])
        return self.row(self._position(key))

    def _is_key(self, key: Any) -> bool:
        """Whether an integer is a year, where the only dimension is the period."""
        return list(self.keys) == ["period"] and str(key) in self.keys["period"].categories

    def _position(self, key: Any) -> int:
        wanted = tuple(map(str, key)) if isinstance(key, tuple) else (str(key),)
        if self.keys and len(wanted) == len(self.keys):
            found = np.ones(len(self), dtype=np.bool_)
            for word, column in zip(wanted, self.keys.values(), strict=True):
                codes = [c for c, own in enumerate(column.categories) if str(own) == word]
                found &= np.isin(column.codes, codes)
            rows = np.flatnonzero(found)
            if len(rows):
                return int(rows[0])
        elif len(wanted) == 1 and wanted[0] in self.labels:
            return self.labels.index(wanted[0])
        names = [", ".join(map(str, row)) for row in self.names] if self.keys else self.labels
        raise UnknownName(
            "no row has this key",
            field=", ".join(self.keys) or "label",
            value=", ".join(wanted),
            mend=did_you_mean(", ".join(wanted), dict.fromkeys(names)),
        )

    @property
    def names(self) -> list[tuple[str, ...]]:
        """The key of each row."""
        columns = [list(map(str, column)) for column in self.keys.values()]
        return list(zip(*columns, strict=True)) if columns else [()] * len(self)

    @property
    def labels(self) -> tuple[str, ...]:
        """The label of each row."""
        return tuple(self.label)

    def take(self, rows: Any) -> Self:
        """Return some rows.

        Parameters
        ----------
        rows : array of int or bool
            Positions, each as often as it is named, or a mask.
        """
        rows = np.arange(len(self))[rows]
        columns = {name: getattr(self, name).take(rows) for name in (*CODED, *FRACTIONS, *_RAGGED)}
        arrays = {name: getattr(self, name)[rows] for name in _ARRAYS}
        keys = {name: column.take(rows) for name, column in self.keys.items()}
        extra = self._taken(rows)
        return evolve(self, keys=keys, levels=self.levels[:, rows], **columns, **arrays, **extra)

    def _taken(self, rows: NDArray[np.intp]) -> dict[str, Any]:
        """Return the further columns of a kind of panel for some rows."""
        return {}

    def where(self, **selection: Any) -> Self:
        """Return the rows with some categories or a status.

        Parameters
        ----------
        **selection
            For a dimension of ``by=``, one category or several; ``status=`` and ``severity=`` too.

        Raises
        ------
        UnknownName
            If the panel has no such dimension.

        Examples
        --------
        >>> import thbstats as thb
        >>> rows = [("BE", 2015, 10), ("BE", 2016, 12), ("FR", 2016, 30)]
        >>> table = thb.CountTable.from_rows(
        ...     rows, columns=["area", "period", "value"], kind="victims"
        ... )
        >>> len(thb.total(table, by=["area", "period"]).where(status="ok"))
        3
        """
        chosen = np.ones(len(self), dtype=np.bool_)
        for name, words in selection.items():
            column = self._selectable(name)
            single = isinstance(words, str) or not isinstance(words, Iterable)
            wanted = {str(word) for word in ([words] if single else words)}
            chosen &= column.table(lambda own, wanted=wanted: str(own) in wanted, np.bool_)
        return self.take(chosen)

    def _selectable(self, name: str) -> Coded[Any]:
        if name in self.keys:
            return self.keys[name]
        if name == "status":
            return Coded(self.status, [status.code for status in Status])
        if name == "severity":
            return self.severity
        if name in ("area", "period", "label", "indicator", "kind"):
            column: Coded[Any] = getattr(self, name)
            return column
        raise UnknownName(
            "the panel has no such dimension",
            field="where",
            value=name,
            mend=did_you_mean(name, [*self.keys, "status", "severity"]),
        )

    def sort(self, column: str = "value", *, descending: bool = False) -> Self:
        """Return the rows in the order of a column; rows without a number come last.

        Parameters
        ----------
        column : str
            A column of numbers, such as ``"value"`` or ``"denominator"``, or a dimension.
        descending : bool
            Whether the largest number comes first.
        """
        if column in FRACTIONS:
            numbers: Fractions = getattr(self, column)
            keys = [numbers.upper, numbers.lower]
        else:
            words = self._selectable(column)
            order = {own: i for i, own in enumerate(sorted(words.categories, key=str))}
            keys = [words.table(lambda own: order[own], np.float64)]
        signed = [-key if descending else key for key in keys]
        missing = [np.isnan(key) for key in keys[:1]]
        return self.take(np.lexsort([*signed, *missing]))

    # Building

    @classmethod
    def concat(cls, panels: Sequence["Panel"], caption: str = "") -> "Panel":
        """Return the rows of several panels.

        Parameters
        ----------
        panels : sequence of Panel
            One or more; dimensions and rules are those of the first.
        caption : str
            The numbers in words; by default the caption of the first.
        """
        first = panels[0]
        # Rules of another kind of panel can read its further columns.
        same = all(type(panel) is Panel and panel.rules == first.rules for panel in panels)
        if not same:
            panels = [panel._without_rules() for panel in panels]
            first = panels[0]
        columns: dict[str, Any] = {
            name: Coded.concat([getattr(panel, name) for panel in panels]) for name in CODED
        }
        for name in FRACTIONS:
            columns[name] = Fractions.concat([getattr(panel, name) for panel in panels])
        for name in _ARRAYS:
            columns[name] = np.concatenate([getattr(panel, name) for panel in panels])
        shared = [key for key in first.keys if all(key in panel.keys for panel in panels)]
        return Panel(
            caption=caption or first.caption,
            keys={key: Coded.concat([panel.keys[key] for panel in panels]) for key in shared},
            parts=Parts.concat([panel.parts for panel in panels]),
            suppression=Suppressions.concat([panel.suppression for panel in panels]),
            rules=first.rules,
            thresholds=first.thresholds,
            levels=np.concatenate([panel.levels for panel in panels], axis=1),
            **columns,
        )

    def _without_rules(self) -> "Panel":
        """Return the panel with its warnings as notes of their rows."""
        notes = Coded.of([(*row.warnings, *row.limitations) for row in self])
        levels = np.zeros((0, len(self)), dtype=np.int8)
        return evolve(self, rules=(), levels=levels, notes=notes)

    @classmethod
    def of(cls, results: Iterable["Result"], caption: str = "") -> "Panel":
        """Return the panel of some results.

        Parameters
        ----------
        results : iterable of Result
            One or more.
        caption : str
            The numbers in words.

        Raises
        ------
        InvalidValue
            If there is none.
        """
        rows = list(results)
        if not rows:
            raise InvalidValue("a panel has at least one number", field="results", value=rows)
        if all(row.panel is rows[0].panel for row in rows):
            found = rows[0].panel.take(np.array([row.position for row in rows]))
            return evolve(found, caption=caption or found.caption)
        return cls.concat([row.panel.take(np.array([row.position])) for row in rows], caption)

    def only(self) -> "Result":
        """Return the number of a panel of one row; the scalar form of an indicator.

        Raises
        ------
        NoSuchCell
            If the table has no row of this kind.
        ImpossibleResult
            If the counts contradict each other, and no value remains.
        AmbiguousCell
            If the table has several counts for the key.
        """
        result = self.row(0)
        error = _ERRORS.get(result.status)
        if error is None:
            return result
        reasons = "; ".join(item.text for item in result.contradictions)
        where = f"{result.area}, {result.period}"
        raise error[0](
            f"{error[1]} {reasons}" if reasons else error[1],
            row=where,
            field=", ".join(name for name, _ in result.category) or "category",
            value=result.label,
            mend=error[2],
        )

    # Warnings

    def kinds(
        self, columns: Sequence[str | Coded[Any] | NDArray[Any]]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the distinct combinations of some columns.

        Parameters
        ----------
        columns : sequence of str, Coded or array
            Names of columns, or further columns of the same length.

        Returns
        -------
        code : array of int, shape (n,)
            The combination of each row.
        first : array of int
            The first row of each combination.
        """
        code, size = np.zeros(len(self), dtype=np.intp), 1
        limit = 8 * len(self) + 4096
        for given in columns:
            column = getattr(self, given) if isinstance(given, str) else given
            if isinstance(column, Coded):
                codes, own = column.positions, len(column.categories)
            else:
                codes = np.unique(column, return_inverse=True)[1].reshape(len(self))
                own = int(codes.max(initial=0)) + 1
            if own <= 1:
                continue
            if size * own > limit:
                code, first = _dense(code, size)
                size = len(first)
            code, size = code * own + codes, size * own
        return _dense(code, size)

    @cached_property
    def _is_warning(self) -> NDArray[np.bool_]:
        """Which rules give warnings, and not limitations."""
        return np.array([not rule.is_limitation for rule in self.rules], dtype=np.bool_)

    @property
    def warning_levels(self) -> NDArray[np.int8]:
        """The level of each rule that gives warnings; limitations and gaps count as 0."""
        levels = self.levels * self._is_warning[:, np.newaxis]
        return np.where(levels > _UNDOCUMENTED, levels, 0).astype(np.int8)

    @cached_property
    def codes(self) -> Coded[tuple[str, ...]]:
        """The codes of the warnings of each row, the gravest first."""
        levels = self.warning_levels
        patterns, inverse = np.unique(levels, axis=1, return_inverse=True)
        names = [rule.code for rule in self.rules]
        found = []
        for pattern in patterns.T:
            rows = np.flatnonzero(pattern)
            order = sorted(rows.tolist(), key=lambda i, own=pattern: (-_WEIGHTS[own[i]], names[i]))
            found.append(tuple(dict.fromkeys(names[i] for i in order)))
        coded = Coded(np.asarray(inverse).ravel(), found)
        if all(not notes for notes in self.notes.categories):
            return coded
        return Coded.of(
            tuple(dict.fromkeys((*own, *(note.code for note in notes if note.code != GATHERED))))
            for own, notes in zip(coded, self.notes, strict=True)
        )

    @property
    def severity(self) -> Coded[str]:
        """The gravest severity of each row: empty, note, caution or blocking."""
        weights = np.array(_WEIGHTS, dtype=np.int8)[self.warning_levels]
        gravest = weights.max(axis=0, initial=-1) + 1
        if any(self.notes.categories):
            noted = self.notes.table(
                lambda notes: max((note.severity.weight + 1 for note in notes), default=0), np.int8
            )
            gravest = np.maximum(gravest, noted)
        return Coded(gravest, ["", *map(str, Severity)])

    def warnings_of(self, i: int) -> Warnings:
        """Return the warnings of one row.

        Parameters
        ----------
        i : int
            Its position.
        """
        return Warnings([*self._said(i, limitations=False), *self._noted(i, limitations=False)])

    def limitations_of(self, i: int) -> Warnings:
        """Return the standing limitations of one row.

        Parameters
        ----------
        i : int
            Its position.
        """
        gaps = [
            (rule.code, rule.words(self.row(i), self.thresholds, Outcome.NOT_ASSESSABLE).message)
            for rule, level in zip(self.rules, self.levels[:, i], strict=True)
            if level == _UNDOCUMENTED
        ]
        return Warnings(
            [
                *self._said(i, limitations=True),
                *self._noted(i, limitations=True),
                *not_documented(gaps, "number"),
            ]
        )

    def _noted(self, i: int, *, limitations: bool) -> list[ComparabilityWarning]:
        return [note for note in self.notes[i] if note.is_limitation is limitations]

    def _said(self, i: int, *, limitations: bool) -> list[ComparabilityWarning]:
        found = []
        for rule, level in zip(self.rules, self.levels[:, i].tolist(), strict=True):
            if level > _UNDOCUMENTED and rule.is_limitation is limitations:
                found.append(rule.warn(self.row(i), self.thresholds, level))
        return found

    @property
    def warnings(self) -> Warnings:
        """The warnings of all rows, each once."""
        return Warnings(warning for i in range(len(self)) for warning in self.warnings_of(i))

    @cached_property
    def limitations(self) -> Warnings:
        """The standing limitations of these numbers, each once."""
        levels = self.levels * (~self._is_warning[:, np.newaxis] | (self.levels == _UNDOCUMENTED))
        noted = self.notes.codes
        _, first = np.unique(np.vstack([levels, noted]), axis=1, return_index=True)
        return Warnings(
            warning for i in sorted(first.tolist()) for warning in self.limitations_of(i)
        )

    def with_notes(self, notes: Iterable[Sequence[ComparabilityWarning]]) -> Self:
        """Return the same numbers with other warnings besides those of rules.

        Parameters
        ----------
        notes : iterable of sequence of ComparabilityWarning
            One sequence per row.
        """
        return evolve(self, notes=Coded.of(tuple(own) for own in notes))

    # Output

    def further_columns(self) -> dict[str, Any]:
        """Return the columns of `to_frame` that a kind of panel adds."""
        return {}

    def to_frame(
        self, backend: str | None = None, *, iso3: bool = False, labels: bool = False
    ) -> Any:
        """Return a tidy frame, one row per number.

        Parameters
        ----------
        backend : {"pandas", "polars"}, optional
            The library of the frame; pandas by default.
        iso3 : bool
            Whether to add a column with the ISO 3166 alpha-3 code of each country.
        labels : bool
            Whether to add a column with the name of each area.

        Returns
        -------
        pandas.DataFrame or polars.DataFrame
            One column per dimension of ``by=`` (else ``area`` and ``period``), then ``value``
            (missing unless it is one number), ``value_lower``, ``value_upper``, ``lower``,
            ``upper``, ``lower_with_unknown``, ``upper_with_unknown``, ``numerator``,
            ``denominator`` and ``unknown`` with their bounds, ``complete``, ``coverage``,
            ``status``, ``severity`` and ``warnings`` (lists of codes).

        Raises
        ------
        UnknownName
            If there is no such backend.
        MissingExtra
            If its library is not installed.
        """
        from thbstats.panel.export import to_frame

        return to_frame(self, backend, iso3=iso3, labels=labels)

    def to_arrow(self) -> Any:
        """Return the columns of `to_frame` as a table of pyarrow.

        Raises
        ------
        MissingExtra
            If pyarrow is not installed.
        """
        from thbstats.panel.export import to_arrow

        return to_arrow(self)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the columns of `to_frame` through the Arrow PyCapsule interface."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as plain data for JSON."""
        return {
            "caption": self.caption,
            "limitations": [limitation.to_dict() for limitation in self.limitations],
            "items": [row.to_dict() for row in self],
        }

    def explain(self) -> str:
        """Return each number as a footnote, then every warning and limitation once."""
        from thbstats.panel.text import explanation

        return explanation(self)

    def sheet(self) -> "Sheet":
        """Return the numbers as a sheet."""
        from thbstats.panel.text import panel_sheet

        return panel_sheet(self)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Panel)
            and len(self) == len(other)
            and all(mine == theirs for mine, theirs in zip(self, other, strict=True))
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        head = self.take(np.arange(min(len(self), 6)))
        shown = ", ".join(f"{row.label} {row.shown}" for row in head) or "none"
        more = ", ..." if len(self) > len(head) else ""
        codes = ", ".join(dict.fromkeys(code for own in head.codes for code in own))
        return f"<{type(self).__name__} {shown}{more}{f'; {codes}' if codes else ''}>"


def _dense(code: NDArray[np.intp], size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return codes without gaps, and the first row of each; codes are below ``size``."""
    if size > 8 * len(code) + 4096:
        _, first, dense = np.unique(code, return_index=True, return_inverse=True)
        return dense.reshape(len(code)), first
    rows = np.full(size, -1, dtype=np.intp)
    rows[code[::-1]] = np.arange(len(code) - 1, -1, -1)
    present = np.flatnonzero(rows >= 0)
    table = np.zeros(size, dtype=np.intp)
    table[present] = np.arange(len(present))
    return table[code], rows[present]


_WEIGHTS = (-1, -1, 0, 1, 0, 2)
"""The weight of the severity of each level; -1 for none."""

_ERRORS: Mapping[Status, tuple[type[Any], str, str]] = {
    Status.NO_ROW: (
        NoSuchCell,
        "the table has no row of this kind for the area and period.",
        "Choose another area, period or category, or add a row with a reason",
    ),
    Status.CONTRADICTORY: (
        ImpossibleResult,
        "the counts contradict each other.",
        "Correct the data: a part cannot exceed its whole",
    ),
    Status.AMBIGUOUS: (
        AmbiguousCell,
        "the table has several counts for this key.",
        "Name the attribute that tells them apart, such as status= or register=",
    ),
}
