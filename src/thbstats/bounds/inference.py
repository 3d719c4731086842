"""What claims imply of one number that is not printed."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from thbstats._characters import escape
from thbstats.bounds.bounds import Bounds
from thbstats.claims import Claim
from thbstats.display import Cell, Column, Displayable, DisplayTable, count, decimal, percent
from thbstats.panel import Warnings
from thbstats.values import Interval, Period

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Inference", "Inferences"]


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(texts)


def _claims(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(claims)


def _aside(claims: Iterable[tuple[Claim, str]]) -> tuple[tuple[Claim, str], ...]:
    return tuple(claims)


Labels = tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class Inference(Displayable):
    """The least and the most that a count or a share can be, and all that was used to find out.

    Parameters
    ----------
    title : str
        Where the claims come from.
    label : str
        What is asked for, in words.
    category : tuple of (str, str)
        The same as codes by dimension.
    area : str
        The area.
    period : Period
        The reference period.
    bounds : Interval or None
        The ends, both attained; ``None`` where the claims give no information: they leave
        everything from nobody to the whole possible.
    exact_bounds : Bounds
        The ends with a table for each and the proof that nothing lies beyond.
    cells : mapping of str to tuple of (str, str)
        What each cell of these tables holds, by dimension.
    assumptions : tuple of str
        What was assumed to read the claims.
    claims : tuple of Claim
        The claims that were used.
    rejected : tuple of (Claim, str)
        The claims with a number that were not used, and why.
    is_share : bool
        Whether it is a share.
    warnings : Warnings
        Caveats; ``DISCLOSURE`` where a hidden count was narrowed.
    """

    title: str
    label: str
    category: Labels
    area: str
    period: Period
    bounds: Interval | None
    exact_bounds: Bounds
    cells: Mapping[str, Labels] = field(repr=False)
    assumptions: tuple[str, ...] = field(converter=_texts, default=())
    claims: tuple[Claim, ...] = field(converter=_claims, default=())
    rejected: tuple[tuple[Claim, str], ...] = field(converter=_aside, default=())
    is_share: bool = False
    warnings: Warnings = field(factory=Warnings, converter=Warnings)

    @property
    def formatted(self) -> str:
        """The bounds as a reader sees them."""
        if self.bounds is None:
            return "no information"
        return percent(self.bounds) if self.is_share else count(self.bounds)

    @property
    def lower_table(self) -> "pd.DataFrame | None":
        """A table that satisfies every claim and has the lower end, or ``None``."""
        return self._frame(self.exact_bounds.lower_table)

    @property
    def upper_table(self) -> "pd.DataFrame | None":
        """A table that satisfies every claim and has the upper end, or ``None``."""
        return self._frame(self.exact_bounds.upper_table)

    def _frame(self, table: Mapping[str, int] | None) -> "pd.DataFrame | None":
        import pandas as pd

        if table is None:
            return None
        return pd.DataFrame([{**dict(self.cells[name]), "count": n} for name, n in table.items()])

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data that JSON can hold; no end is ``None``."""
        ends = (None, None) if self.bounds is None else (self.bounds.lower, self.bounds.upper)
        return {
            "title": self.title,
            "label": self.label,
            "category": {name: str(code) for name, code in self.category},
            "area": self.area,
            "period": str(self.period),
            "is_informative": self.bounds is not None,
            "lower": _plain(ends[0]),
            "upper": _plain(ends[1]),
            "lower_table": self.exact_bounds.lower_table,
            "upper_table": self.exact_bounds.upper_table,
            "assumptions": list(self.assumptions),
            "claims": [claim.id for claim in self.claims],
            "rejected": {claim.id: why for claim, why in self.rejected},
            "warnings": list(self.warnings.codes),
        }

    def to_frame(self) -> "pd.DataFrame":
        """Return it as a tidy frame of one row."""
        import pandas as pd

        return pd.DataFrame([self._row()])

    def _row(self) -> dict[str, Any]:
        ends = (None, None) if self.bounds is None else (self.bounds.lower, self.bounds.upper)
        return {
            **{name: str(code) for name, code in self.category},
            "area": self.area,
            "period": str(self.period),
            "is_informative": self.bounds is not None,
            "lower": None if ends[0] is None else float(ends[0]),
            "upper": None if ends[1] is None else float(ends[1]),
        }

    def explain(self) -> str:
        """Return how it was found, as a footnote."""
        return escape(" ".join(f"{line}." for line in self.notes()))

    def notes(self) -> Iterator[str]:
        """Yield what must be known to read it, a sentence each, without full stops."""
        if self.bounds is None:
            yield "The claims leave everything from nobody to the whole possible"
        if self.bounds is not None:
            yield from self._proofs()
        yield from self.caveats()

    def _proofs(self) -> Iterator[str]:
        """Say what adding up shows of each end, and what had to be refuted beside it."""
        more, fewer = ("more", "less") if self.is_share else ("more", "fewer")
        found = self.exact_bounds
        for proof, end, way, side in (
            (found.lower_proof, found.lower, fewer, "at least"),
            (found.upper_proof, found.upper, more, "at most"),
        ):
            if proof is None or end is None:
                continue
            if not proof.terms:
                yield f"Not {way}, since a count is never below 0"
                continue
            limit = percent(proof.limit) if self.is_share else decimal(proof.limit, 2)
            left = "; what is left in between was refuted" if proof.parts else ""
            parts = f" in {proof.parts} parts" if proof.parts > 1 else ""
            yield f"Not {way}: {', '.join(proof.constraints)} add up to {side} {limit}{left}{parts}"

    def caveats(self) -> Iterator[str]:
        """Yield what was assumed, what was not used, and warnings."""
        yield from (f"Assumed: {text}" for text in self.assumptions)
        if self.rejected:
            told = "; ".join(f"{claim.id}: {why}" for claim, why in self.rejected)
            yield f"Not used: {told}"
        yield from (f"{warning.code}: {warning.message}" for warning in self.warnings)

    def display_table(self) -> DisplayTable:
        """Return it as a sheet of one row, with the interval as a bar."""
        caption = f"{self.title}: what is not printed" if self.title else "What is not printed"
        alone = Inferences(caption=caption, items=[self]).display_table()
        return evolve(alone, notes=[f"{line}." for line in self.notes()])

    def __repr__(self) -> str:
        codes = ", ".join(self.warnings.codes)
        return f"<Inference {self.label}: {self.formatted}{'; ' + codes if codes else ''}>"


def _items(items: Iterable[Inference]) -> tuple[Inference, ...]:
    return tuple(items)


@frozen(kw_only=True)
class Inferences(Displayable):
    """Several inferences under each other, with their intervals as bars on one scale.

    Parameters
    ----------
    caption : str
        What they are.
    items : iterable of Inference
        All counts, or all shares.
    scale : int, optional
        The count at the right end of the bars; the largest upper end unless given.
    """

    caption: str
    items: tuple[Inference, ...] = field(converter=_items)
    scale: int | None = None

    def to_frame(self) -> "pd.DataFrame":
        """Return them as a tidy frame, one row each."""
        import pandas as pd

        return pd.DataFrame([item._row() for item in self.items])

    def display_table(self) -> DisplayTable:
        """Return them as a sheet, one row each."""
        full = self._full()
        rows = [
            [Cell(item.label), Cell(item.formatted, bar=_bar(item, full))] for item in self.items
        ]
        notes = dict.fromkeys(f"{line}." for item in self.items for line in item.caveats())
        return DisplayTable(
            caption=self.caption,
            columns=["what", Column("bounds", "right")],
            rows=rows,
            notes=list(notes),
        )

    def _full(self) -> Fraction:
        if any(item.is_share for item in self.items):
            return Fraction(1)
        ends = [_ends(item.bounds)[1] for item in self.items if item.bounds]
        return Fraction(self.scale or max(ends, default=1) or 1)


def _bar(item: Inference, full: Fraction) -> tuple[Fraction, Fraction] | None:
    if item.bounds is None or item.bounds.lower is None or item.bounds.upper is None:
        return None
    lower, upper = (min(Fraction(1), max(Fraction(0), end / full)) for end in _ends(item.bounds))
    return lower, upper


def _ends(bounds: Interval) -> tuple[Fraction, Fraction]:
    return Fraction(bounds.lower or 0), Fraction(bounds.upper or 0)


def _plain(end: object) -> int | str | None:
    return end if end is None or isinstance(end, int) else str(end)
