"""Inferred counts and shares."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from thbstats._characters import escape
from thbstats.bounds.bounds import Bounds
from thbstats.claims import Claim
from thbstats.display import Cell, Column, Displayable, DisplayTable, decimal, percent
from thbstats.panel import ResultKind, Warnings
from thbstats.values import Interval, Period, Rational

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Inference", "Inferences"]


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(texts)


def _claims(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(claims)


def _reasons(claims: Iterable[tuple[Claim, str]]) -> tuple[tuple[Claim, str], ...]:
    return tuple(claims)


Labels = tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class Inference(Displayable):
    """Bounds of a count or a share, with everything that was used.

    Parameters
    ----------
    title : str
        The title of the publication.
    label : str
        The query as text.
    category : tuple of (str, str)
        The category as codes by dimension.
    area : str
        The area.
    period : Period
        The reference period.
    bounds : Interval or None
        The attained bounds; ``None`` if the claims give no information.
    exact_bounds : Bounds
        The bounds with a table and a proof for each.
    cells : mapping of str to tuple of (str, str)
        The codes of each cell of these tables, by dimension.
    assumptions : tuple of str
        The assumptions.
    claims : tuple of Claim
        The claims that were used.
    rejected : tuple of (Claim, str)
        The claims with a number that were not used, with reasons.
    is_share : bool
        Whether it is a share.
    warnings : Warnings
        The warnings; ``DISCLOSURE`` if the bounds of a suppressed count were narrowed.
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
    rejected: tuple[tuple[Claim, str], ...] = field(converter=_reasons, default=())
    is_share: bool = False
    warnings: Warnings = field(factory=Warnings, converter=Warnings)

    @property
    def formatted(self) -> str:
        """The bounds as text."""
        if self.bounds is None:
            return "no information"
        kind = ResultKind.SHARE if self.is_share else ResultKind.COUNT
        return kind.format_value(self.bounds)

    @property
    def lower_table(self) -> "pd.DataFrame | None":
        """A consistent table with the lower bound, or ``None``."""
        return self._frame(self.exact_bounds.lower_table)

    @property
    def upper_table(self) -> "pd.DataFrame | None":
        """A consistent table with the upper bound, or ``None``."""
        return self._frame(self.exact_bounds.upper_table)

    def _frame(self, table: Mapping[str, int] | None) -> "pd.DataFrame | None":
        import pandas as pd

        if table is None:
            return None
        return pd.DataFrame([{**dict(self.cells[name]), "count": n} for name, n in table.items()])

    @property
    def _limits(self) -> "tuple[Rational | None, Rational | None]":
        return (None, None) if self.bounds is None else (self.bounds.lower, self.bounds.upper)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON; a missing bound is ``None``."""
        lower, upper = self._limits
        return {
            "title": self.title,
            "label": self.label,
            "category": {name: str(code) for name, code in self.category},
            "area": self.area,
            "period": str(self.period),
            "is_informative": self.bounds is not None,
            "lower": _plain(lower),
            "upper": _plain(upper),
            "lower_table": self.exact_bounds.lower_table,
            "upper_table": self.exact_bounds.upper_table,
            "assumptions": list(self.assumptions),
            "claims": [claim.id for claim in self.claims],
            "rejected": {claim.id: why for claim, why in self.rejected},
            "warnings": list(self.warnings.codes),
        }

    def to_frame(self) -> "pd.DataFrame":
        """Return a tidy frame of one row."""
        import pandas as pd

        return pd.DataFrame([self._row()])

    def _row(self) -> dict[str, Any]:
        lower, upper = self._limits
        return {
            **{name: str(code) for name, code in self.category},
            "area": self.area,
            "period": str(self.period),
            "is_informative": self.bounds is not None,
            "lower": None if lower is None else float(lower),
            "upper": None if upper is None else float(upper),
        }

    def explain(self) -> str:
        """Return the derivation of the bounds as a footnote."""
        return escape(" ".join(f"{line}." for line in self.notes()))

    def notes(self) -> Iterator[str]:
        """Yield proofs, assumptions, unused claims and warnings, without full stops."""
        if self.bounds is None:
            yield "The claims do not restrict this number"
        if self.bounds is not None:
            yield from self._proofs()
        yield from self.caveats()

    def _proofs(self) -> Iterator[str]:
        """Yield the proof of each bound."""
        more, fewer = ("more", "less") if self.is_share else ("more", "fewer")
        found = self.exact_bounds
        for proof, bound, comparison, side in (
            (found.lower_proof, found.lower, fewer, "at least"),
            (found.upper_proof, found.upper, more, "at most"),
        ):
            if proof is None or bound is None:
                continue
            if not proof.terms:
                yield f"Not {comparison}, as a count is at least 0"
                continue
            limit = percent(proof.limit) if self.is_share else decimal(proof.limit, 2)
            refuted = "; values in between are refuted" if proof.parts else ""
            cases = f" in {proof.parts} cases" if proof.parts > 1 else ""
            names = ", ".join(proof.constraints)
            yield f"Not {comparison}: {names} imply {side} {limit}{refuted}{cases}"

    def caveats(self) -> Iterator[str]:
        """Yield assumptions, unused claims and warnings."""
        yield from (f"Assumed: {text}" for text in self.assumptions)
        if self.rejected:
            unused = "; ".join(f"{claim.id}: {reason}" for claim, reason in self.rejected)
            yield f"Not used: {unused}"
        yield from (f"{warning.code}: {warning.message}" for warning in self.warnings)

    def display_table(self) -> DisplayTable:
        """Return a table of one row, with the interval as a bar."""
        caption = f"{self.title}: inferred numbers" if self.title else "Inferred numbers"
        table = Inferences(caption=caption, items=[self]).display_table()
        return evolve(table, notes=[f"{line}." for line in self.notes()])

    def __repr__(self) -> str:
        codes = ", ".join(self.warnings.codes)
        return f"<Inference {self.label}: {self.formatted}{'; ' + codes if codes else ''}>"


def _items(items: Iterable[Inference]) -> tuple[Inference, ...]:
    return tuple(items)


@frozen(kw_only=True)
class Inferences(Displayable):
    """Several inferences, with intervals as bars on one scale.

    Parameters
    ----------
    caption : str
        The caption.
    items : iterable of Inference
        Counts only, or shares only.
    scale : int, optional
        The count at the right end of the bars; by default the largest upper bound.
    """

    caption: str
    items: tuple[Inference, ...] = field(converter=_items)
    scale: int | None = None

    def to_frame(self) -> "pd.DataFrame":
        """Return a tidy frame with one row per inference."""
        import pandas as pd

        return pd.DataFrame([item._row() for item in self.items])

    def display_table(self) -> DisplayTable:
        """Return a table with one row per inference."""
        full = self._full()
        rows = [
            [Cell(item.label), Cell(item.formatted, bar=_bar(item, full))] for item in self.items
        ]
        notes = dict.fromkeys(f"{line}." for item in self.items for line in item.caveats())
        return DisplayTable(
            caption=self.caption,
            columns=["indicator", Column("bounds", "right")],
            rows=rows,
            notes=list(notes),
        )

    def _full(self) -> Fraction:
        if any(item.is_share for item in self.items):
            return Fraction(1)
        limits = [_limits(item.bounds)[1] for item in self.items if item.bounds]
        return Fraction(self.scale or max(limits, default=1) or 1)


def _bar(item: Inference, full: Fraction) -> tuple[Fraction, Fraction] | None:
    if item.bounds is None or item.bounds.lower is None or item.bounds.upper is None:
        return None
    lower, upper = (
        min(Fraction(1), max(Fraction(0), limit / full)) for limit in _limits(item.bounds)
    )
    return lower, upper


def _limits(bounds: Interval) -> tuple[Fraction, Fraction]:
    return Fraction(bounds.lower or 0), Fraction(bounds.upper or 0)


def _plain(bound: object) -> int | str | None:
    return bound if bound is None or isinstance(bound, int) else str(bound)
