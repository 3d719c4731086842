"""Kinds of numbers, counts and denominators."""

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum, StrEnum
from functools import lru_cache, partial
from itertools import takewhile
from typing import Any, Self

from attrs import evolve, field, frozen

from thbstats.display import (
    RoundingDirection,
    count,
    decimal,
    percent,
    pp,
    round_exact,
    signed,
    signed_percent,
)
from thbstats.errors import AmbiguousCell, ImpossibleResult, NoSuchCell
from thbstats.languages import Message, joined, lowered
from thbstats.panel.category_names import category_name, listed_categories, short_dimension
from thbstats.records import KINDS, schema_of
from thbstats.records.kind_schema import KIND_TITLES
from thbstats.values import Interval
from thbstats.vocabulary import (
    CooperationBody,
    CooperationKind,
    CountingUnit,
    Offence,
    Overlap,
    VictimStatus,
    code_text,
    dimension_text,
)

_DIMENSIONS_OF_LIBRARY = frozenset(name for kind in KINDS for name in schema_of(kind).names)
VICTIMS = {
    VictimStatus.NOT_STATED: (Message("victims"), Message("victim")),
    VictimStatus.REGISTERED: (Message("registered victims"), Message("registered victim")),
    VictimStatus.IDENTIFIED: (Message("identified victims"), Message("identified victim")),
    VictimStatus.PRESUMED: (Message("presumed victims"), Message("presumed victim")),
    VictimStatus.DETECTED: (Message("detected victims"), Message("detected victim")),
}
"""Plural and singular of victims by status."""

_STAGES = {
    ("recorded", "offences"): (Message("recorded offences"), Message("recorded offence")),
    ("suspected", "persons"): (Message("suspects"), Message("suspect")),
    ("investigated", "cases"): (Message("investigations"), Message("investigation")),
    ("prosecuted", "prosecutions"): (Message("prosecutions"), Message("prosecution")),
    ("convicted", "convictions"): (Message("convictions"), Message("conviction")),
    ("investigated", "persons"): (Message("persons investigated"), Message("person investigated")),
    ("prosecuted", "persons"): (Message("persons prosecuted"), Message("person prosecuted")),
    ("prosecuted", "cases"): (Message("cases prosecuted"), Message("case prosecuted")),
    ("convicted", "persons"): (Message("persons convicted"), Message("person convicted")),
}
"""Plural and singular of counts at a stage of justice, by unit."""


class ResultKind(StrEnum):
    """The kind of a number: its unit and its format."""

    # The code; the name of a result; the bounds of all numbers, `None` for no bound; the decimals,
    # `None` for percentages; the text of a number; the factor of numerator over denominator.
    SHARE = "share", "Share", (0, 1), None, percent
    """A part of its denominator, in [0, 1]."""
    RATIO = "ratio", "Ratio", (0, None), 2, decimal
    """A ratio of two counts, 0 or more."""
    PER_100 = "per_100", "Ratio", (0, None), 1, decimal, 100
    """A ratio of two counts, times 100."""
    PER_100_000 = "per_100_000", "Rate", (0, None), 2, decimal, 100_000
    """A count over the person-years of a population, times 100,000."""
    PER_MILLION = "per_million", "Rate", (0, None), 1, decimal, 1_000_000
    """A count over the person-years of a population, times 1,000,000."""
    COUNT = "count", "Count", (0, None), 0, count
    """Persons, cases or decisions."""
    PER_YEAR = "per_year", "Result", (0, None), 1, decimal
    """A count over the years of its period."""
    CHANGE = "change", "Change", (None, None), 0, signed
    """New minus old count."""
    RELATIVE_CHANGE = "relative_change", "Change", (-1, None), None, signed_percent
    """New minus old count, over the old one."""
    DIFFERENCE = "difference", "Change", (-1, 1), None, pp
    """New minus old share, in percentage points."""
    INDEX = "index", "Result", (0, 1), 3, decimal
    """An index in [0, 1], such as Cramér's V."""
    CORRELATION = "correlation", "Result", (-1, 1), 3, decimal
    """A rank correlation in [-1, 1]."""
    EFFECTIVE_NUMBER = "effective_number", "Result", (1, None), 3, decimal
    """A number of equal shares, 1 or more."""

    result_name: str
    limits: tuple[int | None, int | None]
    scale: int
    _decimals: int | None
    _text: Callable[..., str]

    def __new__(cls, code: str, *attributes: Any) -> Self:
        """Return the member of a code, with its attributes."""
        own = str.__new__(cls, code)
        own._value_ = code
        own.result_name, own.limits, own._decimals, own._text, own.scale = (*attributes, 1)[:5]
        return own

    def format_value(self, number: Interval, denominator: Interval | None = None) -> str:
        """Return a number of this kind as text.

        Parameters
        ----------
        number : Interval
            The number. A bound that holds for any data is not part of the text. If both do, the
            text is "not bounded".
        denominator : Interval, optional
            The denominator of a ratio, which decides the decimals: two from 100, one below.

        Examples
        --------
        >>> from fractions import Fraction
        >>> ResultKind.RATIO.format_value(Interval.point(Fraction(1, 2)))
        '0.50'
        >>> ResultKind.RATIO.format_value(Interval.at_least(0))
        'not bounded'
        >>> ResultKind.SHARE.format_value(Interval(0, Fraction(1, 4)))
        'at most 25.0%'
        """
        decimals = self._decimals or 0
        if self in FLOW_RATIOS and denominator is not None and (denominator.lower or 0) < 100:
            decimals -= 1
        if self._text is not decimal:
            return self._text(number)
        if number.lower == number.upper:
            return decimal(number, decimals)
        # A count of "0 to 4" lists its possible values; a ratio of "0.0 to" lists nothing.
        (low, high), (lower, upper) = self.limits, (number.lower, number.upper)
        if low is not None and lower is not None:
            rounded = round_exact(lower, decimals, RoundingDirection.DOWN)
            lower = lower if rounded > low else None
        if high is not None and upper is not None:
            rounded = round_exact(upper, decimals, RoundingDirection.UP)
            upper = upper if rounded < high else None
        number = evolve(number, lower=lower, upper=upper)
        return decimal(number, decimals, is_signed=(low or 0) < 0)

    @property
    def has_counts(self) -> bool:
        """Whether the number is a quotient of two counts, or the change of a count."""
        return self in _OF_COUNTS

    def format_difference(self, number: Interval) -> str:
        """Return the difference of two numbers of this kind as text."""
        return pp(number) if self._decimals is None else signed(number, self._decimals)


NOT_BOUNDED = Message("not bounded")
"""The text of bounds that hold for any data."""

FLOW_RATIOS = frozenset({ResultKind.RATIO, ResultKind.PER_100})
"""The ratios of two counts of cases or persons."""

CHANGES = frozenset({ResultKind.CHANGE, ResultKind.RELATIVE_CHANGE})
"""The changes of a count."""

_OF_COUNTS = (
    FLOW_RATIOS | CHANGES | {ResultKind.SHARE, ResultKind.PER_100_000, ResultKind.PER_MILLION}
)


def _ordered(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(name), str(value)) for name, value in pairs))


@frozen(cache_hash=True)
class CountKind:
    """The kind of counts in a numerator or denominator.

    Parameters
    ----------
    kind : str
        The kind of records, such as ``"victims"``.
    attributes : tuple of (str, str)
        The attributes that all counts share.

    Examples
    --------
    >>> CountKind("victims", [("status", "registered"), ("unit", "persons")]).label
    'registered victims'
    >>> CountKind("justice", [("stage", "convicted"), ("unit", "convictions")]).label
    'convictions'
    """

    kind: str
    attributes: tuple[tuple[str, str], ...] = field(default=(), converter=_ordered)

    def get(self, name: str) -> str | None:
        """Return an attribute, or ``None`` if the source does not state it."""
        value = dict(self.attributes).get(name)
        return None if value == "not_stated" else value

    @property
    def further(self) -> str:
        """The attributes that users define, as the end of a label."""
        own = [
            f", {name} {code}".replace("_", " ")
            for name, code in self.attributes
            if name not in _DIMENSIONS_OF_LIBRARY and code != "not_stated"
        ]
        return "".join(own)

    def with_further(self, text: str) -> str:
        """Return a text followed by the attributes that users define."""
        further = self.further
        return Message("{text}{further}", text=text, further=further) if further else text

    @property
    def label(self) -> str:
        """The plural noun of the counts, such as "detected victims"."""
        return self._nouns()[0]

    def _nouns(self, has_services: bool = True) -> tuple[str, str]:
        """Return the plural and the singular noun; on request, without the use of services."""
        plural, single = self._plain_nouns
        if has_services and self.get("offence") == Offence.USE_OF_SERVICES:
            plural, single = (
                Message("{counted} (use of services)", counted=own) for own in (plural, single)
            )
        return self.with_further(plural), self.with_further(single)

    @property
    def _plain_nouns(self) -> tuple[str, str]:
        body, action, unit = (self.get(name) for name in ("body", "kind", "unit"))
        if self.kind == "victims":
            return VICTIMS[VictimStatus(self.get("status") or "not_stated")]
        if self.kind == "population":
            return Message("population"), Message("population")
        if self.kind == "justice":
            stage = self.get("stage")
            if stage:
                return stage_nouns(stage, unit or "")
            plural = lowered(CountingUnit(unit).label) if unit else lowered(KIND_TITLES["justice"])
        elif body and action:
            action = lowered(CooperationKind(action).label)
            plural = Message("{body} {kind}", body=CooperationBody(body).label, kind=action)
        else:
            names = ("body", "measure", "outcome", "kind")
            pairs = [(name, code) for name in names if (code := self.get(name))]
            details = joined((lowered(category_name(*pair)) for pair in pairs), ", ")
            # "operational messages" contains its unit already.
            if unit and not any(unit in code for _, code in pairs):
                units = Message("amounts of money") if unit == "money" else code_text(unit)
                both = units, units.removesuffix("s")
                if not pairs:
                    return both
                several, single = (
                    Message("{counted} ({category})", counted=own, category=details) for own in both
                )
                return several, single
            plural = details or lowered(KIND_TITLES.get(self.kind, self.kind))
        return plural, plural.removesuffix("s")


def ratio_name(above: CountKind, below: CountKind, kind: ResultKind) -> str:
    """Return the name of the ratio of two counts, such as "convictions per prosecution"."""
    # Two counts of the use of services name it once.
    is_shared = all(own.get("offence") == Offence.USE_OF_SERVICES for own in (above, below))
    (several, _), (units, unit) = (own._nouns(has_services=not is_shared) for own in (above, below))
    text = Message("{counted} per {unit}", counted=several, unit=unit)
    if kind is ResultKind.PER_100:
        text = Message("{counted} per 100 {units}", counted=several, units=units)
    return Message("{counted} (use of services)", counted=text) if is_shared else text


def stage_nouns(stage: str, unit: str = "") -> tuple[str, str]:
    """Return plural and singular of counts at a stage of justice; by default in the usual unit."""
    if unit in ("", "not_stated"):
        return next((nouns for key, nouns in _STAGES.items() if key[0] == stage), (stage, stage))
    plural = Message("{unit} {stage}", unit=code_text(unit), stage=code_text(stage))
    single = plural.replace("persons", "person").replace("cases", "case")
    return _STAGES.get((stage, unit), (plural, single))


def counting_unit(kind: CountKind) -> str:
    """Return the unit of counts, by default the usual unit; "counts" if there is none.

    Examples
    --------
    >>> counting_unit(CountKind("justice", [("stage", "investigated")]))
    'cases'
    """
    if kind.kind == "victims":
        return "persons"
    usual = (unit for stage, unit in _STAGES if stage == kind.get("stage"))
    return kind.get("unit") or next(usual, "counts")


@frozen(kw_only=True, cache_hash=True)
class Base:
    """The denominator of a number and the rule that chose it.

    Parameters
    ----------
    rule : str
        ``"all"``, ``"known"`` (without the unknown category), ``"responses"`` (the sum of the
        known categories), ``"series"`` (another count), ``"lag_1"`` and so on (another count,
        one year before), ``"earlier"`` (the earlier number of a change), ``"population"``,
        ``"not_stated"`` or ``"none"``.
    label : str
        The label of the denominator.
    dimension : tuple of str
        The dimensions whose categories divide the denominator.
    within : tuple of (str, str)
        The selection that numerator and denominator share.
    overlap : Overlap
        Whether the categories are exclusive, overlapping or not stated.
    """

    rule: str
    label: str
    dimension: tuple[str, ...] = ()
    within: tuple[tuple[str, str], ...] = field(default=(), converter=_ordered)
    overlap: Overlap = field(default=Overlap.EXCLUSIVE, converter=Overlap)


def common_label(labels: Iterable[str]) -> str:
    """Return the common parts at the start of labels, or an empty text.

    Examples
    --------
    >>> common_label(["presumed victims, decision first", "presumed victims, decision final"])
    'presumed victims'
    """
    parts = zip(*(text.split(", ") for text in labels), strict=False)
    return ", ".join(own[0] for own in takewhile(lambda own: len(set(own)) == 1, parts))


def category_label(category: Iterable[tuple[str, str]]) -> str:
    """Return the label of categories, from dimensions and their categories.

    Examples
    --------
    >>> category_label([("sex", "female"), ("exploitation", "forced_labour")])
    'female, forced labour'
    """
    return joined((code_text(code, name) for name, code in category), ", ") or Message("total")


def count_label(kind: CountKind, category: Iterable[tuple[str, str]]) -> str:
    """Return the label of counts of some categories in words.

    Examples
    --------
    >>> victims = CountKind("victims", [("status", "registered")])
    >>> count_label(victims, [("exploitation", "sexual")])
    'registered victims of sexual exploitation'
    >>> count_label(victims, [("sex", "female")])
    'registered victims (women and girls)'
    """
    own, counted = {name: str(code) for name, code in category}, kind.label
    form = own.pop("exploitation", None)
    if form:
        name = lowered(category_name("exploitation", form))
        counted = Message("{counted} of {form}", counted=counted, form=name)
    if not own:
        return counted
    return Message("{counted} ({category})", counted=counted, category=listed_categories(own))


def dimension_label(dimensions: Iterable[str], link: str = "and") -> str:
    """Return the label of dimensions, with a link between them.

    Examples
    --------
    >>> dimension_label(["sex", "exploitation"])
    'sex and form of exploitation'
    """
    return joined(map(dimension_text, dimensions), f" {link} ", f" {link} ")


def breakdown_name(counted: str, dimensions: Iterable[str], rule: str) -> str:
    """Return the title of shares of categories, such as "victims by sex"."""
    names = list(dimensions)
    title = Message("{counted} by {dimension}", counted=counted, dimension=dimension_label(names))
    if rule != "known":
        return title
    known = joined(map(short_dimension, names))
    return Message("{title} (those with a known {dimension})", title=title, dimension=known)


_BASE_LABELS: Mapping[str, Callable[..., str]] = {
    "all": lambda counted, dimension: counted,
    "known": partial(Message, "{counted} of known {dimension}"),
    "responses": partial(Message, "responses by {dimension} of {counted}"),
    "not_stated": lambda counted, dimension: counted,
}


@lru_cache(maxsize=1024)
def share_base(
    counted: CountKind,
    rule: str,
    dimension: tuple[str, ...],
    within: tuple[tuple[str, str], ...],
    overlap: Overlap,
) -> Base:
    """Return the denominator of a share of some counts, with the parameters of `Base`."""
    names = dimension_label(dimension)
    label = _BASE_LABELS[rule](counted=count_label(counted, within), dimension=names)
    return Base(rule=rule, label=label, dimension=dimension, within=within, overlap=overlap)


class Status(IntEnum):
    """Whether a row of a panel has a value, and the reason if it has none.

    Examples
    --------
    >>> Status.NO_TOTAL.code, Status.NO_TOTAL.label
    ('no_total', 'no total')
    """

    OK = 0
    """At least one country has complete and consistent data."""
    NOT_REPORTED = 1
    """No country reported all counts of the value."""
    NO_TOTAL = 2
    """The categories have rows, and their total has none."""
    NO_DATA = 3
    """The table has no count of this kind for the area and period."""
    CONFLICTING = 4
    """The source gives several values for one count."""
    CONTRADICTORY = 5
    """Parts exceed their total."""
    AMBIGUOUS = 6
    """The table has several counts for this key."""
    UNDEFINED = 7
    """The denominator is 0."""
    BOUNDED = 8
    """The data give bounds and no single value."""

    @property
    def code(self) -> str:
        """The status in frames and JSON."""
        return self.name.lower()

    @property
    def label(self) -> str:
        """The label of the status."""
        return _LABELS[self]


_LABELS = {
    Status.OK: Message("reported"),
    Status.NOT_REPORTED: Message("not reported"),
    Status.NO_TOTAL: Message("no total"),
    Status.NO_DATA: Message("no data"),
    Status.CONFLICTING: Message("several values"),
    Status.CONTRADICTORY: Message("contradictory"),
    Status.AMBIGUOUS: Message("several counts"),
    Status.UNDEFINED: Message("denominator 0"),
    Status.BOUNDED: Message("bounds only"),
}

ERRORS: Mapping[Status, tuple[type[Any], str, str]] = {
    Status.NO_DATA: (
        NoSuchCell,
        "No counts for",
        "Choose another area, period or category",
    ),
    Status.CONTRADICTORY: (
        ImpossibleResult,
        "Contradictory counts for",
        "Correct the data: a part cannot exceed its total",
    ),
    Status.AMBIGUOUS: (
        AmbiguousCell,
        "Several counts for",
        "Select an attribute that differs, such as status= or register=",
    ),
}
"""The error, the start of its message and the hint of a status that a single result refuses."""
