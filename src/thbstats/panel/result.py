"""One number of a panel."""

from typing import TYPE_CHECKING, Any

from attrs import frozen

from thbstats.columns import Fractions
from thbstats.display import Sheet, Shown
from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.panel import export, text
from thbstats.panel.context import Contradiction, Excess, Inhabitants, Suppression
from thbstats.panel.kind import Base, CountKind, ResultKind
from thbstats.panel.parts import Parts
from thbstats.panel.status import Status
from thbstats.panel.warning import Warnings
from thbstats.records import Source
from thbstats.values import Interval, Percent, Period, flag_set

if TYPE_CHECKING:
    import pandas as pd

    from thbstats.panel.panel import Panel

__all__ = ["Result"]


@frozen(eq=False, repr=False)
class Result(Shown):
    """A number with its numerator, denominator, coverage, period and source: one row of a panel.

    Parameters
    ----------
    panel : Panel
        The panel.
    position : int
        The row, from 0.
    """

    panel: "Panel"
    position: int

    @property
    def indicator(self) -> str:
        """The function that computed it."""
        return self.panel.indicator[self.position]

    @property
    def kind(self) -> ResultKind:
        """A share, a ratio, a count or a change."""
        return self.panel.kind[self.position]

    @property
    def label(self) -> str:
        """The number in a few words."""
        return self.panel.label[self.position]

    @property
    def estimand(self) -> str:
        """The quantity in one sentence."""
        return self.panel.estimand[self.position]

    @property
    def category(self) -> tuple[tuple[str, str], ...]:
        """The categories in the numerator, by dimension."""
        return self.panel.category[self.position]

    @property
    def base(self) -> Base:
        """The rule and the words of the denominator."""
        return self.panel.base[self.position]

    @property
    def area(self) -> Area:
        """The area asked for."""
        return self.panel.area[self.position]

    @property
    def period(self) -> Period:
        """The reference period."""
        return self.panel.period[self.position]

    @property
    def counted(self) -> CountKind:
        """The kind of count in the numerator."""
        return self.panel.counted[self.position]

    @property
    def against(self) -> CountKind:
        """The kind of count in the denominator."""
        return self.panel.against[self.position]

    @property
    def status(self) -> Status:
        """Whether there is a value, and the reason if there is none."""
        return Status(self.panel.status[self.position])

    @property
    def value(self) -> Interval | None:
        """The number over the countries with complete and consistent data."""
        return self.panel.value[self.position]

    @property
    def bounds(self) -> Interval:
        """The number for the whole area, with missing counts filled in every possible way."""
        return self._number(self.panel.bounds)

    @property
    def bounds_with_unknown(self) -> Interval:
        """The bounds with unknown categories allocated in every possible way."""
        return self._number(self.panel.bounds_with_unknown)

    @property
    def numerator(self) -> Interval:
        """The numerator over the reporting countries; over the area where none reported."""
        return self._number(self.panel.numerator)

    @property
    def denominator(self) -> Interval:
        """The denominator over the reporting countries; over the area where none reported."""
        return self._number(self.panel.denominator)

    def _number(self, column: Fractions) -> Interval:
        found = column[self.position]
        return Interval(None, None, undefined=True) if found is None else found

    @property
    def unknown(self) -> Interval | None:
        """The victims of unknown category."""
        return self.panel.unknown[self.position]

    @property
    def gap(self) -> Interval | None:
        """The published total minus its parts."""
        return self.panel.gap[self.position]

    @property
    def raw(self) -> Interval | None:
        """For a ratio: the quotient of all reported counts, whichever country reported both."""
        return self.panel.raw[self.position]

    @property
    def printed(self) -> Percent | None:
        """The published text of a number that was read from a document."""
        return self.panel.printed[self.position]

    @property
    def sharp(self) -> bool:
        """Whether a completion of the data attains each bound."""
        return bool(self.panel.sharp[self.position])

    @property
    def complete(self) -> bool:
        """Whether every country of the area has complete, consistent and exact data."""
        return bool(self.panel.complete[self.position])

    @property
    def reporters(self) -> frozenset[str] | None:
        """The countries behind `value`; ``None`` if the source does not list them."""
        return self.panel.reporters[self.position]

    @property
    def expected(self) -> frozenset[str] | None:
        """The countries to which the counts apply; ``None`` if that is not documented."""
        return self.panel.expected[self.position]

    @property
    def n_reporters(self) -> int | None:
        """The number of reporting countries, if it is documented."""
        number = int(self.panel.n_reporters[self.position])
        return None if number < 0 else number

    @property
    def missing(self) -> frozenset[str]:
        """The expected countries that are not behind `value`, as far as they are listed."""
        if self.reporters is None or self.expected is None:
            return frozenset()
        return self.expected - self.reporters

    @property
    def flags(self) -> frozenset[str]:
        """The observation flags of all counts."""
        return flag_set(int(self.panel.flags[self.position]))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of the counts."""
        return self.panel.sources[self.position]

    @property
    def cited(self) -> tuple[Source, ...]:
        """The sources of the counts and of the population."""
        inhabitants = self.inhabitants
        more = () if inhabitants is None else inhabitants.sources
        return tuple(dict.fromkeys((*self.sources, *more)))

    @property
    def suppression(self) -> Suppression | None:
        """The suppressed counts in the number."""
        return self.panel.suppression[self.position]

    @property
    def breaks(self) -> frozenset[tuple[str, str]]:
        """The areas and periods of flagged breaks in these time series."""
        return self.panel.breaks[self.position]

    @property
    def inhabitants(self) -> Inhabitants | None:
        """The population of a rate."""
        return self.panel.inhabitants[self.position]

    @property
    def excess(self) -> Excess | None:
        """Overlapping categories that sum to more than their total."""
        return self.panel.excess[self.position]

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Counts that contradict each other, or have several values."""
        return self.panel.contradictions[self.position]

    @property
    def parts(self) -> Parts | None:
        """The counts of each country; ``None`` if only an aggregate was published."""
        parts = self.panel.parts
        if parts.start[self.position] == parts.start[self.position + 1]:
            return None
        return parts.take([self.position])

    @property
    def warnings(self) -> Warnings:
        """The warnings that depend on this number."""
        return self.panel.warnings_of(self.position)

    @property
    def limitations(self) -> Warnings:
        """The standing limitations of this kind of number."""
        return self.panel.limitations_of(self.position)

    @property
    def stated(self) -> Interval:
        """The value, or the bounds where there is no value."""
        value = self.value
        return self.bounds if value is None else value

    @property
    def shown(self) -> str:
        """The value as text, or the bounds where there is no value."""
        return self.kind.show(self.stated)

    def __float__(self) -> float:
        value = self.value
        if value is None or value.value is None:
            raise self._no_point("float(result)")
        return float(value.value)

    def _no_point(self, use: str) -> InvalidValue:
        return InvalidValue(
            f"{use} needs one value",
            field=self.label,
            value=f"{self.shown} ({self.status.label})",
            mend="Use .value.lower and .value.upper, or .bounds, or .shown for text",
        )

    def __format__(self, spec: str) -> str:
        if not spec:
            return str(self)
        value = self.value
        if value is None or value.value is None:
            raise self._no_point(f"format {spec!r}")
        return format(float(value.value), spec)

    def explain(self) -> str:
        """Return arithmetic, denominator, coverage, period, source and warnings as a footnote."""
        return self._alone.explain()

    @property
    def _alone(self) -> "Panel":
        return self.panel.take([self.position])

    def to_dict(self) -> dict[str, Any]:
        """Return the number as plain data for JSON; a missing bound is ``None``."""
        return export.plain(self)

    def to_frame(self, backend: str | None = None, **options: bool) -> "pd.DataFrame":
        """Return the number as a frame of one row, as `Panel.to_frame`."""
        frame: pd.DataFrame = self._alone.to_frame(backend, **options)
        return frame

    def sheet(self) -> Sheet:
        """Return the number as a sheet of one row."""
        return text.panel_sheet(self._alone, caption=self.label)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Result):
            return NotImplemented
        names = (*_IDENTITY, "value", "bounds", "bounds_with_unknown", "numerator", "denominator")
        same = all(getattr(self, name) == getattr(other, name) for name in names)
        return same and self.warnings == other.warnings

    def __hash__(self) -> int:
        return hash((self.label, self.area, self.period, self.value, self.bounds))

    def __repr__(self) -> str:
        codes = ", ".join(self.warnings.codes)
        caveats = f"; {codes}" if codes else ""
        name = _NAMES.get(self.kind, "Result")
        return f"<{name} {self.label}: {self.shown}{text.beside(self)}{caveats}>"


_IDENTITY = (
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
    "status",
    "reporters",
    "expected",
    "n_reporters",
    "flags",
    "sources",
    "suppression",
    "inhabitants",
    "contradictions",
    "printed",
    "unknown",
    "gap",
    "raw",
    "sharp",
)
_NAMES = {
    ResultKind.SHARE: "Share",
    ResultKind.RATIO: "Ratio",
    ResultKind.PER_100: "Ratio",
    ResultKind.PER_100_000: "Rate",
    ResultKind.PER_MILLION: "Rate",
    ResultKind.COUNT: "Count",
    ResultKind.CHANGE: "Change",
    ResultKind.RELATIVE_CHANGE: "Change",
    ResultKind.DIFFERENCE: "Change",
}
