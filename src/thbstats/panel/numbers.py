"""Columns of a panel, and selections of rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from inspect import Parameter, Signature
from typing import Any, ClassVar, Self, get_origin

import numpy as np
from attrs import Factory, evolve, field, fields, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Coded, Fractions
from thbstats.columns.coded import seal
from thbstats.columns.records import take_fields
from thbstats.display import Tabular
from thbstats.errors import UnknownName, did_you_mean
from thbstats.geography import Area
from thbstats.panel.context import Contradiction, Excess, Inhabitants, Suppressions
from thbstats.panel.frame_fields import FrameField
from thbstats.panel.kind import Base, CountKind, ResultKind, Status
from thbstats.panel.parts import Parts
from thbstats.panel.warning import NOT_DOCUMENTED, ComparabilityWarning, Severity
from thbstats.records import Source
from thbstats.tables.encoding import groups, packed
from thbstats.values import Percent, Period

UNDOCUMENTED = 1
"""The level of a rule that lacks metadata."""

_RANKS = (-1, -1, 0, 1, 0, 2)
"""The rank of the severity of each level; -1 for none."""


def _of_size(column: Callable[[int], Any]) -> Any:
    """Return the default of a column, from the number of rows."""
    return Factory(lambda own: column(len(own.status)), takes_self=True)


_ONLY_ROW = seal(np.zeros(1, dtype=np.intp))

_NONE = _of_size(lambda size: Coded.constant(None, size))
_EMPTY = _of_size(lambda size: Coded.constant((), size))
_NO_NUMBERS = _of_size(Fractions.none)


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class PanelColumns(Tabular):
    """The columns of a `Panel`, which documents them."""

    # More than thirty columns do not fit on a screen.
    __signature__: ClassVar[Signature] = Signature(
        [Parameter("caption", Parameter.KEYWORD_ONLY), Parameter("columns", Parameter.VAR_KEYWORD)]
    )

    _further: ClassVar[tuple[str, ...]] = ()
    """The columns of a subclass."""

    frame_fields: ClassVar[tuple[FrameField, ...]] = ()
    """The further fields of the frame of a subclass."""

    caption: str
    call: str = ""
    keys: Mapping[str, Coded[str]] = field(factory=dict)
    status: NDArray[np.int8]
    indicator: Coded[str]
    kind: Coded[ResultKind]
    label: Coded[str]
    estimand: Coded[str]
    category: Coded[tuple[tuple[str, str], ...]]
    base: Coded[Base]
    area: Coded[Area]
    period: Coded[Period]
    numerator_kind: Coded[CountKind]
    denominator_kind: Coded[CountKind]
    reporters: Coded[frozenset[str] | None]
    expected: Coded[frozenset[str] | None]
    sources: Coded[tuple[Source, ...]]
    breaks: Coded[frozenset[tuple[str, str]]]
    inhabitants: Coded[Inhabitants | None] = field(default=_NONE)
    excess: Coded[Excess | None] = field(default=_NONE)
    contradictions: Coded[tuple[Contradiction, ...]]
    printed: Coded[Percent | None] = field(default=_NONE)
    notes: Coded[tuple[ComparabilityWarning, ...]] = field(default=_EMPTY)
    bounds_attained: NDArray[np.bool_]
    complete: NDArray[np.bool_]
    derived: NDArray[np.bool_] = field(
        default=_of_size(lambda size: np.zeros(size, dtype=np.bool_))
    )
    flags: NDArray[np.uint32]
    n_reporters: NDArray[np.intp]
    numerator: Fractions
    denominator: Fractions
    unknown: Fractions = field(default=_NO_NUMBERS)
    not_listed: Fractions = field(default=_NO_NUMBERS)
    discrepancy: Fractions = field(default=_NO_NUMBERS)
    all_reported: Fractions = field(default=_NO_NUMBERS)
    value: Fractions
    bounds: Fractions
    bounds_with_unknown: Fractions
    parts: Parts
    suppression: Suppressions
    rules: tuple[Any, ...] = ()
    thresholds: Any = None
    levels: NDArray[np.int8] = field(
        default=_of_size(lambda size: np.zeros((0, size), dtype=np.int8))
    )

    def __len__(self) -> int:
        return len(self.status)

    def _position(self, key: Any) -> int:
        """Return the first row with a key, or else with a label."""
        expected = tuple(map(str, key)) if isinstance(key, tuple) else (str(key),)
        if self.keys and len(expected) == len(self.keys):
            rows = self._with(dict(zip(self.keys, expected, strict=True)))
            if rows.any():
                return int(rows.argmax())
        elif len(expected) == 1 and expected[0] in self.labels:
            return self.labels.index(expected[0])
        names = [", ".join(row) for row in self.names] if self.keys else self.labels
        problem = f"No row for {', '.join(expected)}"
        hint = did_you_mean(", ".join(expected), dict.fromkeys(names))
        if "area" in self.keys and len(expected) == len(self.keys):
            codes = list(dict.fromkeys(self.keys["area"]))
            if expected[list(self.keys).index("area")] not in codes:
                hint = f"The panel has {len(codes)} areas, such as {', '.join(codes[:3])}"
        if "period" in self.keys and len(expected) == len(self.keys):
            others = dict(zip(self.keys, expected, strict=True))
            del others["period"]
            periods = sorted({str(own) for own in self.keys["period"].take(self._with(others))})
            if periods:
                shown = periods if len(periods) < 6 else [f"{periods[0]} to {periods[-1]}"]
                hint = f"Choose a period of {', '.join(others.values()) or 'the panel'}: "
                hint += ", ".join(shown)
        if self.keys and len(expected) != len(self.keys):
            noun, own = "category" if len(self.keys) == 1 else "categories", self.names[0]
            problem = f"A row has {len(self.keys)} {noun} ({', '.join(self.keys)})"
            problem += f", got {len(expected)}: {', '.join(map(repr, expected))}"
            hint = f"Write panel[{', '.join(map(repr, own))}]"
        raise UnknownName(problem, hint=hint)

    @property
    def _shown_period(self) -> Coded[Any]:
        """The period of each row in the caption of a table."""
        return self.period

    @property
    def names(self) -> list[tuple[str, ...]]:
        """The key of each row."""
        keys: Iterable[Iterable[Any]] = self.keys.values()
        # A message stays a message.
        columns = [[own if isinstance(own, str) else str(own) for own in column] for column in keys]
        return list(zip(*columns, strict=True)) if columns else [()] * len(self)

    @property
    def labels(self) -> tuple[str, ...]:
        """The label of each row."""
        return tuple(self.label)

    def take(self, rows: Any) -> Self:
        """Return some rows."""
        rows = np.arange(len(self))[rows]
        columns = take_fields(self, (*COLUMNS, *self._further), rows)
        keys = {name: column.take(rows) for name, column in self.keys.items()}
        return evolve(self, keys=keys, levels=self.levels[:, rows], **columns)

    def where(self, **selection: Any) -> Self:
        """Return the rows with some categories or a status."""
        return self.take(self._with(selection))

    def _with(self, selection: Mapping[str, Any]) -> NDArray[np.bool_]:
        chosen = np.ones(len(self), dtype=np.bool_)
        for name, words in selection.items():
            single = isinstance(words, str) or not isinstance(words, Iterable)
            expected = {str(word) for word in ([words] if single else words)}
            column = self._selectable(name)
            own = [str(own) in expected for own in column.categories]
            chosen &= np.array(own, dtype=np.bool_)[column.codes]
        return chosen

    def _selectable(
        self, name: str, argument: str = "where", further: Sequence[str] = ()
    ) -> Coded[Any]:
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
            "must be a dimension of the panel",
            field=argument,
            value=name,
            hint=did_you_mean(name, [*self.keys, "status", "severity", *further]),
        )

    def sort(self, column: str = "value", *, descending: bool = False) -> Self:
        """Return the rows sorted by a column; rows without a number are last."""
        if column in FRACTIONS:
            numbers: Fractions = getattr(self, column)
            keys = [numbers.upper, numbers.lower]
        else:
            words = self._selectable(column, "column", FRACTIONS)
            # Severities are in their order.
            ranked = words.categories
            if column != "severity":
                ranked = tuple(sorted(ranked, key=str))
            order = {own: i for i, own in enumerate(ranked)}
            keys = [words.table(lambda own: order[own], np.float64)]
        signed = [-key if descending else key for key in keys]
        missing = [np.isnan(key) for key in keys[:1]]
        return self.take(np.lexsort([*signed, *missing]))

    def group_rows(
        self, columns: Sequence[str | Coded[Any] | NDArray[Any]]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return a code for each distinct combination of columns, and its first row."""
        if len(self) == 1:
            return _ONLY_ROW, _ONLY_ROW
        parts = []
        for values in columns:
            column = getattr(self, values) if isinstance(values, str) else values
            if isinstance(column, Coded):
                parts.append((column.positions, len(column.categories)))
            else:
                codes = np.unique(column, return_inverse=True)[1].reshape(len(self))
                parts.append((codes, int(codes.max(initial=0)) + 1))
        return groups(packed(parts, len(self)))

    @cached_property
    def _kinds(self) -> tuple[NDArray[np.intp], list[tuple[Any, ...]]]:
        """The group of each row, and the values of each group in the columns of `OF_KIND`."""
        group, first = self.group_rows(OF_KIND)
        columns = [getattr(self, name) for name in OF_KIND]
        return group, [tuple(column[row] for column in columns) for row in first.tolist()]

    @cached_property
    def _is_warning(self) -> NDArray[np.bool_]:
        """The rules whose failure is a warning, not a limitation."""
        return np.array([not rule.is_limitation for rule in self.rules], dtype=np.bool_)

    @property
    def warning_levels(self) -> NDArray[np.int8]:
        """The level of each warning; 0 for limitations and undocumented rules."""
        levels = self.levels * self._is_warning[:, np.newaxis]
        return np.where(levels > UNDOCUMENTED, levels, 0).astype(np.int8)

    @cached_property
    def codes(self) -> Coded[tuple[str, ...]]:
        """The codes of the warnings of each row, the most severe first."""
        levels = self.warning_levels
        patterns, inverse = np.unique(levels, axis=1, return_inverse=True)
        names = [rule.code for rule in self.rules]
        result = []
        for pattern in patterns.T:
            levels_of = zip(pattern.tolist(), names, strict=True)
            result.append([(-_RANKS[level], name) for level, name in levels_of if level])

        def ordered(own: list[tuple[int, str]], notes: tuple[ComparabilityWarning, ...]) -> Any:
            noted = [
                (-note.severity.rank, note.code) for note in notes if note.code != NOT_DOCUMENTED
            ]
            return tuple(dict.fromkeys(name for _, name in sorted([*own, *noted])))

        return Coded(np.asarray(inverse).ravel(), result).combine(self.notes, ordered)

    @property
    def severity(self) -> Coded[str]:
        """The highest severity of each row: empty, note, caution or blocking."""
        weights = np.array(_RANKS, dtype=np.int8)[self.warning_levels]
        highest = weights.max(axis=0, initial=-1) + 1
        if any(self.notes.categories):
            noted = self.notes.table(
                lambda notes: max((note.severity.rank + 1 for note in notes), default=0), np.int8
            )
            highest = np.maximum(highest, noted)
        return Coded(highest, ["", *map(str, Severity)])


OF_KIND = ("kind", "numerator_kind", "denominator_kind", "category", "base")
"""Columns with few values, on which most rules depend."""

CODED = tuple(item.name for item in fields(PanelColumns) if get_origin(item.type) is Coded)
"""The columns of repeated values."""

FRACTIONS = tuple(item.name for item in fields(PanelColumns) if item.type is Fractions)
"""The columns of exact numbers."""

ARRAYS = ("status", "bounds_attained", "flags", "n_reporters", "complete", "derived")
"""The columns of plain arrays."""

COLUMNS = (*CODED, *FRACTIONS, *ARRAYS, "parts", "suppression")
"""The columns that every panel has."""


DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(("reporters", "expected", "inhabitants", "excess", "printed", *FRACTIONS)),
    **dict.fromkeys(("n_reporters", "parts", "suppression")),
    **dict.fromkeys(("category", "sources", "contradictions", "notes"), ()),
    **dict.fromkeys(("breaks", "flags"), frozenset()),
    "status": Status.OK,
    "bounds_attained": True,
    "complete": False,
    "derived": False,
}
"""The values of the fields of a row that are not given."""
