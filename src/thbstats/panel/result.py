"""Results of indicators."""

from collections.abc import Callable
from enum import Enum
from fractions import Fraction
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar, get_args

from attrs import fields, frozen, has

from thbstats._schemas import DIALECT, Schema, array, attributes, optional, record, words
from thbstats._signatures import explain_arguments, explain_operators
from thbstats.columns import Coded
from thbstats.display import DisplayTable, Tabular
from thbstats.errors import InvalidValue, require
from thbstats.geography import Area
from thbstats.languages import capitalised
from thbstats.panel import panel_text
from thbstats.panel.category_names import lowered
from thbstats.panel.context import Contradiction, Inhabitants, Suppression
from thbstats.panel.kind import Base, CountKind, ResultKind, Status
from thbstats.panel.names import row_name
from thbstats.panel.numbers import ARRAYS, CODED, FRACTIONS
from thbstats.panel.parts import Parts
from thbstats.panel.warning import ComparabilityWarning, Warnings
from thbstats.records import Source
from thbstats.values import Interval, Percent, Period, flag_set

if TYPE_CHECKING:
    import os

    from thbstats.panel.panel import Panel
    from thbstats.passports import Passport, Published


def bounds_of(interval: Interval | None) -> dict[str, Any] | None:
    """Return an interval as plain data; a missing bound is ``None``."""
    if interval is None:
        return None
    lower, upper = (
        float(bound) if isinstance(bound, Fraction) else bound
        for bound in (interval.lower, interval.upper)
    )
    return {"lower": lower, "upper": upper, "undefined": interval.undefined}


def _item(value: Any) -> Any:
    """Return a value as plain data."""
    match value:
        case Interval():
            return bounds_of(value)
        case frozenset():
            return sorted(value)
        case tuple():
            return [_item(item) for item in value]
        case Enum():
            return str(value)
    if has(type(value)):
        return {field.name: _item(getattr(value, field.name)) for field in fields(type(value))}
    return value


_Field = tuple[Any, Callable[[Any], Any]]
"""The type of a field, and a function from a result to its plain data."""


def _own(kind: Any, name: str) -> tuple[str, _Field]:
    """Return the field of an attribute."""
    own = attrgetter(name)
    return name, (kind, lambda result: _item(own(result)))


def _numbers(name: str) -> tuple[str, _Field]:
    """Return the field of a column of numbers; a missing number is ``None``."""
    return name, (
        Interval | None,
        lambda result: bounds_of(getattr(result.panel, name)[result.position]),
    )


def _count_kind(name: str) -> tuple[str, _Field]:
    """Return the field of a kind of counts with its attributes."""
    kind_of = attrgetter(name)
    shape = record("", kind=str) | {"additionalProperties": {"type": "string"}}
    return name, (
        shape,
        lambda result: {"kind": kind_of(result).kind, **dict(kind_of(result).attributes)},
    )


def _breaks(result: "Result") -> list[dict[str, str]]:
    return [{"area": area, "period": when} for area, when in sorted(result.breaks)]


def _contradictions(result: "Result") -> list[dict[str, str]]:
    return [{name: getattr(own, name) for name in _CONTRADICTION} for own in result.contradictions]


def _inhabitants(result: "Result") -> dict[str, Any] | None:
    own = result.inhabitants
    if own is None:
        return None
    return {"area": own.area.code, "counted": [str(period) for period in own.counted]}


def _warnings(name: str) -> tuple[str, _Field]:
    """Return the field of the warnings or limitations."""
    return name, (
        array(WARNING_SCHEMA),
        lambda result: [warning.to_dict() for warning in getattr(result, name)],
    )


WARNING_SCHEMA = record(
    "",
    attributes(ComparabilityWarning, "code", "title", "message", "hint"),
    attributes(ComparabilityWarning, "severity", "outcome", "scope"),
    {"limitation": bool},
    attributes(ComparabilityWarning, "evidence"),
)
_CONTRADICTION = attributes(Contradiction, "area", "code", "text")
_SUPPRESSION = optional(record("The suppressed counts in it.", attributes(Suppression)))
_BASE = record(
    "",
    attributes(Base, "rule", "label"),
    {"overlap": str},
    attributes(Base, "dimension", "within"),
)

_FIELDS: tuple[tuple[str, _Field], ...] = (
    _own(str, "indicator"),
    _own(str, "label"),
    _own(ResultKind, "kind"),
    ("category", (dict[str, str], lambda result: dict(result.category))),
    _own(str, "estimand"),
    ("status", (words(status.code for status in Status), lambda result: result.status.code)),
    *map(_numbers, FRACTIONS),
    ("printed", (str | None, lambda result: result.printed and result.printed.printed)),
    _own(bool, "bounds_attained"),
    _own(bool, "complete"),
    _own(bool, "derived"),
    ("base", (_BASE, lambda result: {**_item(result.base), "within": dict(result.base.within)})),
    *map(_count_kind, ("numerator_kind", "denominator_kind")),
    ("area", (str, lambda result: result.area.code)),
    ("period", (str, lambda result: str(result.period))),
    _own(list[str] | None, "reporters"),
    _own(int | None, "n_reporters"),
    _own(list[str] | None, "expected"),
    ("flags", (str, lambda result: "".join(sorted(result.flags)))),
    ("sources", (list[str], lambda result: [source.title for source in result.all_sources])),
    _own(_SUPPRESSION, "suppression"),
    ("breaks", (array(record("", area=str, period=str)), _breaks)),
    ("contradictions", (array(record("", _CONTRADICTION)), _contradictions)),
    ("inhabitants", (optional(record("", area=str, counted=list[str])), _inhabitants)),
    *map(_warnings, ("warnings", "limitations")),
)

"""The fields of a result in JSON, with their types and values."""


def result_schema(**own: Any) -> Schema:
    """Return the JSON Schema of a result; the `own` fields come first."""
    return record(
        "A number with its bounds, denominator, status, warnings and limitations.",
        own,
        {name: kind for name, (kind, _) in _FIELDS},
    )


def panel_schema() -> Schema:
    """Return the JSON Schema of `Panel.to_dict`.

    Examples
    --------
    >>> panel_schema()["required"]
    ['caption', 'limitations', 'items']
    """
    warnings, items = array(WARNING_SCHEMA), array(result_schema())
    content = record("", caption=str, limitations=warnings, items=items)
    return {"$schema": DIALECT, "title": "A panel of thbstats", **content}


_UNDEFINED = Interval(None, None, undefined=True)

Value = TypeVar("Value")


class _RowValue(property, Generic[Value]):
    """The value of a column in one row, or a default."""

    def __init__(
        self, doc: str, otherwise: object = None, convert: Callable[[Any], object] | None = None
    ) -> None:
        def cell(row: "Result") -> object:
            column, i = getattr(row.panel, self.name), row.position
            if type(column) is Coded:
                code = column.codes[i]
                return column.categories[code] if code >= 0 else None
            value = column[i]
            if convert is not None:
                return convert(value)
            return otherwise if value is None else value

        super().__init__(cell)
        self.__doc__ = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        # The reference manual shows the type.
        (own,) = get_args(owner.__annotations__[name])
        (annotation,) = get_args(own)
        self.fget.__annotations__["return"] = annotation

    if TYPE_CHECKING:

        def __get__(  # type: ignore[override]
            self, row: Any, owner: type | None = None, /
        ) -> Value: ...


@partial(explain_arguments, hint="Call an indicator, such as thbstats.share(...)")
@explain_operators("Use float(result) or its bounds, such as result.value.lower > 0.5")
@frozen(eq=False, repr=False)
class Result(Tabular):
    """A result with its denominator, bounds, coverage and source: one row of a panel.

    Parameters
    ----------
    panel : Panel
        The panel.
    position : int
        The row, from 0.
    """

    panel: "Panel"
    position: int

    indicator: ClassVar[_RowValue[str]] = _RowValue("The function that computed it.")
    kind: ClassVar[_RowValue[ResultKind]] = _RowValue("A share, a ratio, a count or a change.")
    label: ClassVar[_RowValue[str]] = _RowValue("The label of the result.")
    estimand: ClassVar[_RowValue[str]] = _RowValue("The quantity in one sentence.")
    category: ClassVar[_RowValue[tuple[tuple[str, str], ...]]] = _RowValue(
        "The categories in the numerator, by dimension."
    )
    base: ClassVar[_RowValue[Base]] = _RowValue("The rule and the label of the denominator.")
    area: ClassVar[_RowValue[Area]] = _RowValue("The area.")
    period: ClassVar[_RowValue[Period]] = _RowValue("The reference period.")
    numerator_kind: ClassVar[_RowValue[CountKind]] = _RowValue(
        "The kind of count in the numerator."
    )
    denominator_kind: ClassVar[_RowValue[CountKind]] = _RowValue(
        "The kind of count in the denominator."
    )
    value: ClassVar[_RowValue[Interval | None]] = _RowValue(
        "The number over the countries with complete and consistent data."
    )
    bounds: ClassVar[_RowValue[Interval]] = _RowValue(
        "The bounds for the whole area, with missing counts at their lowest and highest values.",
        _UNDEFINED,
    )
    bounds_with_unknown: ClassVar[_RowValue[Interval]] = _RowValue(
        "The bounds with unknown categories allocated.", _UNDEFINED
    )
    numerator: ClassVar[_RowValue[Interval]] = _RowValue(
        "The numerator over the reporting countries, or over the area if none reported.", _UNDEFINED
    )
    denominator: ClassVar[_RowValue[Interval]] = _RowValue(
        "The denominator over the reporting countries, or over the area if none reported.",
        _UNDEFINED,
    )
    unknown: ClassVar[_RowValue[Interval | None]] = _RowValue("The victims of unknown category.")
    not_listed: ClassVar[_RowValue[Interval | None]] = _RowValue(
        "The victims of known category in no category that the source shows."
    )
    discrepancy: ClassVar[_RowValue[Interval | None]] = _RowValue(
        "The published total minus its parts."
    )
    all_reported: ClassVar[_RowValue[Interval | None]] = _RowValue(
        "The ratio of all reported counts, also of countries that reported one of them."
    )
    printed: ClassVar[_RowValue[Percent | None]] = _RowValue("The text of a published number.")
    reporters: ClassVar[_RowValue[frozenset[str] | None]] = _RowValue(
        "The reporting countries of `value`; ``None`` if the source does not list them."
    )
    expected: ClassVar[_RowValue[frozenset[str] | None]] = _RowValue(
        "The countries to which the counts apply; ``None`` if that is not documented."
    )
    sources: ClassVar[_RowValue[tuple[Source, ...]]] = _RowValue("The sources of the counts.")
    suppression: ClassVar[_RowValue[Suppression | None]] = _RowValue(
        "The suppressed counts in the number."
    )
    breaks: ClassVar[_RowValue[frozenset[tuple[str, str]]]] = _RowValue(
        "The areas and periods of flagged breaks in time series."
    )
    inhabitants: ClassVar[_RowValue[Inhabitants | None]] = _RowValue("The population of a rate.")
    contradictions: ClassVar[_RowValue[tuple[Contradiction, ...]]] = _RowValue(
        "Counts that contradict each other, or have several values."
    )

    status: ClassVar[_RowValue[Status]] = _RowValue(
        "Whether there is a value, and the reason if there is none.", convert=Status
    )
    bounds_attained: ClassVar[_RowValue[bool]] = _RowValue(
        "Whether a completion of the data attains each bound.", convert=bool
    )
    derived: ClassVar[_RowValue[bool]] = _RowValue(
        "Whether a count of the value follows from other counts and is not itself a row.",
        convert=bool,
    )
    complete: ClassVar[_RowValue[bool]] = _RowValue(
        "Whether every country of the area has complete, consistent and exact data.", convert=bool
    )
    n_reporters: ClassVar[_RowValue[int | None]] = _RowValue(
        "The number of reporting countries, if it is documented.",
        convert=lambda number: None if number < 0 else int(number),
    )
    flags: ClassVar[_RowValue[frozenset[str]]] = _RowValue(
        "The observation flags of all counts.", convert=lambda mask: flag_set(int(mask))
    )

    @property
    def missing(self) -> frozenset[str]:
        """The expected countries without complete data, if they are listed."""
        if self.reporters is None or self.expected is None:
            return frozenset()
        return self.expected - self.reporters

    @property
    def all_sources(self) -> tuple[Source, ...]:
        """The sources of the counts and of the population."""
        more = () if self.inhabitants is None else self.inhabitants.sources
        return tuple(dict.fromkeys((*self.sources, *more)))

    @property
    def parts(self) -> Parts | None:
        """The counts of each country; ``None`` if only an aggregate was published."""
        parts = self.panel.parts
        return parts.take([self.position]) if parts.sizes[self.position] else None

    @property
    def warnings(self) -> Warnings:
        """The warnings of this result."""
        return self.panel.row_warnings(self.position)

    @property
    def limitations(self) -> Warnings:
        """The limitations of this kind of result."""
        return self.panel.row_limitations(self.position)

    @property
    def call(self) -> str:
        """The Python call that returns the result; empty if no indicator made it.

        Names such as ``table`` are the tables and populations of the call.
        """
        call, keys = self.panel.call, self.panel.names[self.position]
        if not call or not keys:
            return call
        row = ", ".join(repr(name) for name in keys)
        return f"{call}[{row}]"

    @property
    def value_or_bounds(self) -> Interval:
        """The value; the bounds if there is no value."""
        value = self.value
        return self.bounds if value is None else value

    @property
    def formatted(self) -> str:
        """The value as text, or the bounds without a value; "3 of 0" for a denominator of 0."""
        if self.status is Status.UNDEFINED:
            return panel_text.format_undefined(self)
        return panel_text.format_number(self, self.value_or_bounds)

    def __float__(self) -> float:
        value = self.value
        if value is None or value.value is None:
            raise InvalidValue(
                "must have one value for float() and format()",
                field=self.label,
                value=f"{self.formatted} ({self.status.label})",
                hint="Use .value or .bounds, and .formatted for text",
            )
        return float(value.value)

    def __format__(self, spec: str) -> str:
        # A presentation type such as "%" or "f" is for the value; a width is for the text.
        return format(float(self) if spec[-1:] in tuple("eEfFgG%") else str(self), spec)

    def __str__(self) -> str:
        text = f"{self.formatted}{panel_text.counts_suffix(self)}"
        # Bounds with one number look like a value.
        is_one = self.value is None and self.bounds.is_point
        return f"{text}, {self.status.label}" if is_one else text

    def footnote(self, style: Literal["full", "plain"] = "full") -> str:
        """Return the footnote of the number.

        Parameters
        ----------
        style : {"full", "plain"}
            The arithmetic, denominator, coverage, source and warnings; or one sentence for
            readers without knowledge of statistics, with both ranges in words.

        Raises
        ------
        InvalidValue
            If the style does not exist.

        Examples
        --------
        >>> import thbstats as thb
        >>> victims = thb.publications.com_2018_777().data.victims
        >>> print(thb.share(victims, exploitation="sexual", base="all").footnote("plain"))
        In the EU of 28 members in 2015-2016, about 48 of 100 registered victims were victims of
        sexual exploitation (9,759 of 20,532); if people of unknown form of exploitation are taken
        into account, 47 to 64 of 100.
        """
        require(
            style in ("full", "plain"),
            "`style` must be 'full' or 'plain'",
            "Use style='plain' for one sentence",
            style=style,
        )
        return self._alone.footnote() if style == "full" else panel_text.plain_sentence(self)

    def passport(
        self,
        path: "str | os.PathLike[str] | None" = None,
        *,
        language: str = "en",
        published: "Published" = None,
        data: str = "",
    ) -> "Passport":
        """Return the passport of the figure: one page with the sentences that it supports.

        Parameters
        ----------
        path : str or path, optional
            A file to write, with the extension ``.html``, ``.md``, ``.txt`` or ``.json``
            (JSON-LD). An existing file is replaced.
        language : {"en", "fr", "de"}
            The language of the sentences.
        published : Publication or Result, optional
            The published figure, or the publication with a share of the same categories, area and
            period. It is drawn on the axis of the possible range and compared with the figure.
        data : str
            Python lines that read the tables of the call, shown under "Recalculate".

        Raises
        ------
        UnknownName
            If the language or the file extension does not exist.

        Examples
        --------
        >>> import thbstats as thb
        >>> report = thb.publications.com_2018_777()
        >>> share = thb.share(report.data.victims, exploitation="sexual", base="all")
        >>> page = share.passport(published=report)
        >>> print(page.sections["You can write"][0])
        In the EU28 in 2015-2016, 47.5% of registered victims were victims of sexual exploitation
        (9,759 of 20,532).
        >>> print(page.sections["Compare with"][-1])
        Published figure “56%”: not comparable. Reasons: different denominators; unknown category
        reverses order.

        References
        ----------
        COM(2018) 777, section II. schema.org, Observation and StatisticalVariable.
        """
        from thbstats.passports import passport_of

        return passport_of(self, path, language, published, data)

    @property
    def _alone(self) -> "Panel":
        return self.panel.take([self.position])

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON data; a missing bound is ``None``."""
        return {name: value(self) for name, (_, value) in _FIELDS}

    def to_frame(self, backend: str | None = None, **options: bool) -> Any:
        """Return a frame of one row, as `Panel.to_frame`."""
        return self._alone.to_frame(backend, **options)

    def display_table(self) -> DisplayTable:
        """Return a display table of one row."""
        return panel_text.panel_sheet(self._alone, caption=capitalised(self.estimand))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Result):
            return NotImplemented
        names = {*CODED, *FRACTIONS, *ARRAYS, "suppression"} - {"notes", "excess"}
        same = all(getattr(self, name) == getattr(other, name) for name in names)
        return same and self.warnings == other.warnings

    def __hash__(self) -> int:
        return hash((self.label, self.area, self.period, self.value, self.bounds))

    def __repr__(self) -> str:
        codes = ", ".join(self.warnings.codes)
        caveats = f"; {codes}" if codes else ""
        name = lowered(row_name(self))
        shown = f"{name}: {self}{panel_text.bounds_suffix(self)}{caveats}"
        return f"<{self.kind.result_name} {shown}>"
