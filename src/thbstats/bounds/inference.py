"""Inferred counts and shares."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from thbstats._characters import escape
from thbstats.bounds.bounds import Bounds
from thbstats.bounds.constraint import as_tuple
from thbstats.claims import Claim
from thbstats.display import (
    Cell,
    Column,
    DisplayTable,
    RoundingDirection,
    Tabular,
    decimal,
    percent,
    round_exact,
)
from thbstats.panel import ResultKind, Warnings
from thbstats.values import Interval, Period, Rational

if TYPE_CHECKING:
    import pandas as pd


Labels = tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class Inference(Tabular):
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
    assumptions: tuple[str, ...] = field(converter=as_tuple, default=())
    claims: tuple[Claim, ...] = field(converter=as_tuple, default=())
    rejected: tuple[tuple[Claim, str], ...] = field(converter=as_tuple, default=())
    is_share: bool = False
    warnings: Warnings = field(factory=Warnings, converter=Warnings)

    @property
    def left_open(self) -> tuple[str, ...]:
        """What the search did not decide within its time limit, as for `Bounds`."""
        return self.exact_bounds.left_open

    @property
    def formatted(self) -> str:
        """The bounds as text."""
        if self.bounds is None:
            return "no information"
        kind = ResultKind.SHARE if self.is_share else ResultKind.COUNT
        return kind.format_value(self.bounds)

    @property
    def _ends(self) -> tuple[Rational | None, Rational | None]:
        return (None, None) if self.bounds is None else (self.bounds.lower, self.bounds.upper)

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

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON; a missing bound is ``None``."""
        lower, upper = (n if n is None or isinstance(n, int) else str(n) for n in self._ends)
        return {
            "title": self.title,
            "label": self.label,
            "category": {name: str(code) for name, code in self.category},
            "area": self.area,
            "period": str(self.period),
            "is_informative": self.bounds is not None,
            "lower": lower,
            "upper": upper,
            "lower_table": self.exact_bounds.lower_table,
            "upper_table": self.exact_bounds.upper_table,
            "assumptions": list(self.assumptions),
            "claims": [claim.id for claim in self.claims],
            "rejected": {claim.id: why for claim, why in self.rejected},
            "left_open": list(self.left_open),
            "warnings": list(self.warnings.codes),
        }

    def to_frame(self) -> "pd.DataFrame":
        """Return a tidy frame of one row."""
        return Inferences(caption="", items=[self]).to_frame()

    def footnote(self) -> str:
        """Return the derivation of the bounds as a footnote."""
        return escape(" ".join(f"{line}." for line in self.notes()))

    def notes(self) -> Iterator[str]:
        """Yield proofs, assumptions, unused claims and warnings, without full stops."""
        exact = self.exact_bounds
        sides = [
            (exact.lower_proof, exact.lower, "Lower", "at least"),
            (exact.upper_proof, exact.upper, "Upper", "at most"),
        ]
        if self.bounds is None:
            yield "The claims do not restrict this number"
            sides = []
        for proof, bound, end, side in sides:
            if proof is None or bound is None:
                continue
            if not proof.terms:
                yield "Lower bound 0: a count cannot be negative"
                continue
            way = RoundingDirection.DOWN if side == "at least" else RoundingDirection.UP
            rounded = round_exact(proof.limit, 3 if self.is_share else 2, way)
            limit = percent(rounded) if self.is_share else decimal(rounded, 2)
            kind = ResultKind.SHARE if self.is_share else ResultKind.COUNT
            number = kind.format_value(Interval.point(bound))
            names = ", ".join(proof.constraints)
            gap = "no integer between satisfies all claims"
            cases = f" ({proof.parts} cases)" if proof.parts > 1 else ""
            integers = f", and {gap}{cases}" if proof.parts else ""
            yield f"{end} bound {number}: {side} {limit} follows from {names}{integers}"
        yield from self.caveats()

    def caveats(self) -> Iterator[str]:
        """Yield assumptions, unused claims and warnings."""
        if sides := [side for side in self.left_open if side != "feasible"]:
            bounds = "bound is" if len(sides) == 1 else "bounds are"
            names = f"the {' and '.join(sides)} {bounds}"
            yield f"The time limit was reached: {names} proved, but can be wider than attained ones"
        if "feasible" in self.left_open:
            yield "The time limit was reached: it is not decided whether the claims are consistent"
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


@frozen(kw_only=True)
class Inferences(Tabular):
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
    items: tuple[Inference, ...] = field(converter=as_tuple)
    scale: int | None = None

    def to_frame(self) -> "pd.DataFrame":
        """Return a tidy frame with one row per inference."""
        import pandas as pd

        rows = []
        for item in self.items:
            lower, upper = (None if bound is None else float(bound) for bound in item._ends)
            row: dict[str, object] = {name: str(code) for name, code in item.category}
            row |= {"area": item.area, "period": str(item.period)}
            row |= {"is_informative": item.bounds is not None, "lower": lower, "upper": upper}
            rows.append(row)
        return pd.DataFrame(rows)

    def display_table(self) -> DisplayTable:
        """Return a table with one row per inference."""
        largest = self.scale or max((item._ends[1] or 0 for item in self.items), default=1) or 1
        full = Fraction(1 if any(item.is_share for item in self.items) else largest)
        rows = []
        for item in self.items:
            lower, upper = (
                None if bound is None else min(Fraction(1), max(Fraction(0), bound / full))
                for bound in item._ends
            )
            bar = None if lower is None or upper is None else (lower, upper)
            rows.append([Cell(item.label), Cell(item.formatted, bar=bar)])
        notes = dict.fromkeys(f"{line}." for item in self.items for line in item.caveats())
        return DisplayTable(
            caption=self.caption,
            columns=["indicator", Column("bounds", "right")],
            rows=rows,
            notes=list(notes),
        )
