"""What a number speaks of: area, period, reporters, kind of count, sources."""

from collections.abc import Iterable

from attrs import evolve, field, frozen

from thbstats.errors import InvalidValue, NarrowingForbidden
from thbstats.geography import Area
from thbstats.records import Source
from thbstats.values import Interval, Period
from thbstats.vocabulary import CountingUnit, Offence, Overlap, VictimStatus

__all__ = ["Base", "Context", "Excess", "Exposure", "Hidden", "Series", "refuse_narrowing"]


def _ordered(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(name), str(value)) for name, value in pairs))


@frozen
class Series:
    """The kind of count on one side of a number: records, and the attributes they share.

    Examples
    --------
    >>> Series("victims", [("status", "registered"), ("unit", "persons")]).label
    'registered victims'
    >>> Series("justice", [("stage", "convicted"), ("unit", "convictions")]).label
    'convictions'
    """

    kind: str
    attributes: tuple[tuple[str, str], ...] = field(default=(), converter=_ordered)

    def get(self, name: str) -> str | None:
        """Return an attribute, or ``None`` when the source does not state it."""
        value = dict(self.attributes).get(name)
        return None if value == "not_stated" else value

    @property
    def label(self) -> str:
        """What is counted, in words."""
        if self.kind == "victims":
            status = VictimStatus(self.get("status") or "not_stated")
            return "victims" if status is VictimStatus.NOT_STATED else f"{status} victims"
        if self.kind == "justice":
            return self._justice()
        if self.kind == "population":
            return self.kind
        codes = dict.fromkeys(self.get(name) for name in ("body", "measure", "outcome", "kind"))
        unit = self.get("unit")
        # "operational messages" says its unit already.
        told = [code for code in codes if code]
        if unit and not any(unit in code for code in told):
            told.append(unit)
        return " ".join(told).replace("_", " ") or self.kind

    def _justice(self) -> str:
        unit, stage = self.get("unit"), self.get("stage")
        if unit in (CountingUnit.PROSECUTIONS, CountingUnit.CONVICTIONS):
            text = str(unit)
        else:
            text = " ".join(word for word in (unit, stage) if word) or self.kind
        services = self.get("offence") == Offence.USE_OF_SERVICES
        return f"{text}, use of services" if services else text


@frozen(kw_only=True)
class Base:
    """The denominator of a number and the rule that chose it.

    Parameters
    ----------
    rule : str
        ``"all"``, ``"recorded"`` (known categories only), ``"series"`` (another flow),
        ``"lag_1"`` and so on (another flow, so many years before),
        ``"earlier"`` (the earlier figure of a change), ``"not_stated"`` or ``"none"``.
    label : str
        The denominator in words.
    dimension : tuple of str
        The dimensions whose known categories make a recorded base.
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


@frozen(kw_only=True)
class Excess:
    """Where overlapping categories certainly count more than there are.

    Parameters
    ----------
    counted : Interval
        The sum of the categories, the unknown among them, over those areas.
    total : Interval
        Those whom they divide.
    areas : tuple of str
        The areas.
    unexplained : tuple of str
        Areas that no overlap explains, since one category alone is above its total or leaves
        too little for the unknown; their counts are in neither figure.
    """

    counted: Interval
    total: Interval
    areas: tuple[str, ...]
    unexplained: tuple[str, ...] = ()


@frozen(kw_only=True)
class Hidden:
    """Counts inside a number that their source hides: "fewer than n", or suppressed.

    Parameters
    ----------
    cells : int
        How many counts.
    areas : frozenset of str
        Whose they are.
    counts : Interval
        What they can be together, as the source has it.
    narrowed : bool
        Whether the number says more of them than the source does.
    """

    cells: int
    areas: frozenset[str]
    counts: Interval
    narrowed: bool = False

    def __add__(self, other: "Hidden") -> "Hidden":
        return Hidden(
            cells=self.cells + other.cells,
            areas=self.areas | other.areas,
            counts=self.counts + other.counts,
            narrowed=self.narrowed or other.narrowed,
        )


def _periods(periods: Iterable[Period]) -> tuple[Period, ...]:
    return tuple(periods)


def _listed(sources: Iterable[Source]) -> tuple[Source, ...]:
    return tuple(sources)


@frozen(kw_only=True)
class Exposure:
    """The inhabitants over whom a rate is computed.

    Parameters
    ----------
    area : Area
        Whose inhabitants they are.
    counted : tuple of Period
        The days on which they were counted, or the periods of which they are the average.
    sources : tuple of Source
        Where they were published: never where the other counts were, as a rule.
    """

    area: Area
    counted: tuple[Period, ...] = field(converter=_periods)
    sources: tuple[Source, ...] = field(converter=_listed)


@frozen(kw_only=True)
class Context:
    """What a number speaks of, and on whose word.

    Parameters
    ----------
    area : Area
        The area asked for.
    period : Period
        The reference period.
    counted : Series
        The kind of count in the numerator.
    against : Series
        The kind of count in the denominator.
    reporters : frozenset of str or None
        The countries behind ``reported``; ``None`` when the source does not list them.
    expected : frozenset of str or None
        The countries that should report; ``None`` when that is not documented.
    n_reporters : int or None
        How many countries reported, when only their number is known.
    flags : frozenset of str
        Observation flags of all inputs.
    sources : tuple of Source
        Where the inputs were published.
    hidden : Hidden or None
        The inputs that their source hides; ``None`` where it hides none.
    breaks : frozenset of (str, str)
        Areas and periods at which the source flags a break in these series, at any time.
    exposure : Exposure or None
        For a rate, the inhabitants in its denominator.

    Raises
    ------
    NarrowingForbidden
        If hidden inputs were narrowed, and the terms of a source forbid that.
    """

    area: Area
    period: Period
    counted: Series
    against: Series
    reporters: frozenset[str] | None = None
    expected: frozenset[str] | None = None
    n_reporters: int | None = None
    flags: frozenset[str] = frozenset()
    sources: tuple[Source, ...] = ()
    hidden: Hidden | None = None
    breaks: frozenset[tuple[str, str]] = frozenset()
    exposure: Exposure | None = None

    def __attrs_post_init__(self) -> None:
        if self.hidden is not None and self.hidden.narrowed:
            refuse_narrowing(self.sources)

    @property
    def missing(self) -> frozenset[str]:
        """The expected countries that did not report, as far as they are named."""
        if self.reporters is None or self.expected is None:
            return frozenset()
        return self.expected - self.reporters

    @property
    def cited(self) -> tuple[Source, ...]:
        """Where everything in the number was published, its inhabitants too."""
        inhabitants = () if self.exposure is None else self.exposure.sources
        return tuple(dict.fromkeys((*self.sources, *inhabitants)))

    def merge(self, other: "Context") -> "Context":
        """Return the context of a number made from two: reporters shared, sources united.

        Raises
        ------
        InvalidValue
            If the two speak of different areas or periods.
        """
        for name in ("area", "period"):
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine != theirs:
                raise InvalidValue(
                    f"numerator and denominator speak of different {name}s",
                    field=name,
                    value=f"{mine} and {theirs}",
                    mend=f"Select the same {name} on both sides",
                )
        shared = _shared(self.reporters, other.reporters)
        number = self.n_reporters if self.n_reporters == other.n_reporters else None
        return evolve(
            self,
            against=other.counted,
            reporters=shared,
            expected=_shared(self.expected, other.expected),
            n_reporters=number if shared is None else len(shared),
            flags=self.flags | other.flags,
            sources=tuple(dict.fromkeys((*self.sources, *other.sources))),
            hidden=_sum(self.hidden, other.hidden),
            breaks=self.breaks | other.breaks,
        )


def refuse_narrowing(sources: Iterable[Source]) -> None:
    """Raise an error if the terms of a source forbid to tell hidden counts more closely.

    Raises
    ------
    NarrowingForbidden
        Naming the source and its terms.
    """
    for source in sources:
        if source.forbids_narrowing:
            raise NarrowingForbidden(
                "hidden counts of this source may not be narrowed",
                field="sources",
                value=str(source),
                mend=f"Leave them as the source has them; its terms: {source.terms}",
            )


def _sum(one: Hidden | None, two: Hidden | None) -> Hidden | None:
    """Return what is hidden on either side."""
    return one + two if one is not None and two is not None else one or two


def _shared(one: frozenset[str] | None, two: frozenset[str] | None) -> frozenset[str] | None:
    """Return the countries on both lists, where both lists are documented."""
    return None if one is None or two is None else one & two
