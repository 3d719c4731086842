"""Audit of a table of published percentages."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.auditing.checks import (
    VERDICTS,
    Check,
    GroupChecks,
    MatchedSet,
    MatchedSets,
    RowVerdicts,
)
from thbstats.auditing.figure_columns import (
    KINDS,
    NEAREST,
    TOTAL,
    WAYS,
    FigureColumns,
    bits_of,
    ways_of,
)
from thbstats.auditing.messages import group_message, matched_message, row_message
from thbstats.auditing.verdicts import (
    ClaimVerdict,
    audit_table,
    verdict_numbers,
    verdict_row,
)
from thbstats.display import DisplayTable, Group, Row, Tabular, count
from thbstats.errors import UnknownName, did_you_mean
from thbstats.values import Interval, Rounding

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 100
"""The rows of a table for display; a longer audit shows the contradicted rows only."""

_SEVERAL = 2
"""The number of percentages from which the rounding method is reported."""


@frozen(kw_only=True)
class AuditedFigure:
    """Row of a table with its verdict.

    Parameters
    ----------
    id : str
        The name of the row.
    kind : {"share", "change", "total", "rate", "ratio"}
        The kind of number.
    printed : str
        The published text.
    verdict : ClaimVerdict
        The verdict on the number.
    message : str
        The arithmetic, in one or two sentences.
    numerator, denominator : Interval
        The bounds of its counts; for a change of the new and the old count.
    roundings : tuple of Rounding
        The rounding methods that give the number from these counts, also if they are not allowed.
    bases : tuple of str
        The other columns that give the number, alone or in pairs.
    tried : tuple of str
        All other columns and pairs that were tried.
    matched : tuple of MatchedSet
        The sets of members that were tried.
    problem : str
        The reason why the row cannot be judged; empty for none.
    """

    id: str
    kind: str
    printed: str
    verdict: ClaimVerdict
    message: str
    numerator: Interval
    denominator: Interval
    roundings: tuple[Rounding, ...]
    bases: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    matched: tuple[MatchedSet, ...] = ()
    problem: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain data; an unknown bound is ``None``."""
        texts = ("id", "kind", "printed", "verdict", "message")
        sets, bounds = self.matched, (self.numerator, self.denominator)
        top, base = ([item.lower, item.upper] for item in bounds)
        return {
            **{name: str(getattr(self, name)) for name in texts},
            "numerator": top,
            "denominator": base,
            **{name: [*map(str, getattr(self, name))] for name in ("roundings", "bases", "tried")},
            "matched": [item.label for item in sets if item.fits],
            "matched_tried": [item.label for item in sets],
            "problem": self.problem,
        }


@frozen(kw_only=True)
class AuditedGroup:
    """Check of a group of rows.

    Parameters
    ----------
    group : str
        The name of the group.
    check : Check
        The check: whether parts add up to the total, percentages to 100, or ranks are an order.
    verdict : ClaimVerdict
        The verdict of the check.
    message : str
        The arithmetic, in one sentence.
    """

    group: str
    check: Check
    verdict: ClaimVerdict
    message: str

    def to_dict(self) -> dict[str, Any]:
        """Return the check as plain data."""
        return {
            "id": f"{self.group}: {self.check}",
            "kind": "group",
            "verdict": str(self.verdict),
            "message": self.message,
        }


@frozen(kw_only=True, eq=False)
class TableAudit(Tabular):
    """Every row of a table with its verdict, in the order of the table.

    Parameters
    ----------
    figures : FigureColumns
        The table.
    verdicts : array of int8, shape (n,)
        The verdict of each row of the table, by its position in `ClaimVerdict`.
    judged : RowVerdicts
        The rounding methods that give each percentage.
    checked : GroupChecks
        The checks of groups of rows.
    members : MatchedSets or None
        The sets of members that were tried.
    rounding : Rounding or None
        The rounding method; ``None`` for the nearest with any tie-breaking rule.
    rows : array of int, shape (k,)
        The rows of the table that are in this audit, or in this part of one.
    shown_verdicts : tuple of ClaimVerdict
        The verdicts of its groups.
    """

    figures: FigureColumns = field(repr=False)
    verdicts: NDArray[np.int8] = field(repr=False)
    judged: RowVerdicts = field(repr=False)
    checked: GroupChecks = field(repr=False)
    members: MatchedSets | None = field(default=None, repr=False)
    rounding: Rounding | None = None
    rows: NDArray[np.intp] = field(repr=False)
    shown_verdicts: tuple[ClaimVerdict, ...] = VERDICTS

    @property
    def title(self) -> str:
        """The name of the table."""
        return self.figures.title

    @property
    def groups(self) -> tuple[AuditedGroup, ...]:
        """The checks of groups of rows."""
        return tuple(self._groups())

    def _groups(self) -> Iterator[AuditedGroup]:
        for group, check, verdict in self.checked:
            if verdict in self.shown_verdicts:
                yield AuditedGroup(
                    group=self.checked.names[group],
                    check=check,
                    verdict=verdict,
                    message=self._group_message(group, check, verdict),
                )

    def _group_message(self, group: int, check: Check, verdict: ClaimVerdict) -> str:
        return group_message(
            self.figures, self.checked, group, check, verdict, allowed=self._allowed
        )

    @property
    def _allowed(self) -> int:
        return bits_of(self.rounding)

    @property
    def issues(self) -> "TableAudit":
        """The contradicted rows and groups."""
        return self.where(ClaimVerdict.CONTRADICTED)

    def counts(self) -> Mapping[ClaimVerdict, int]:
        """Return the number of rows by verdict."""
        times = np.bincount(self.verdicts[self.rows], minlength=len(VERDICTS)).tolist()
        return dict(zip(VERDICTS, times, strict=True))

    def where(self, *verdicts: ClaimVerdict | str) -> "TableAudit":
        """Return the rows and groups with some verdicts.

        Raises
        ------
        UnknownName
            If no such verdict exists.
        """
        for verdict in verdicts:
            if str(verdict) not in VERDICTS:
                hint = did_you_mean(verdict, VERDICTS)
                problem = "must be a verdict"
                raise UnknownName(problem, field="verdicts", value=str(verdict), hint=hint)
        shown = tuple(item for item in self.shown_verdicts if item in verdicts)
        codes = [VERDICTS.index(item) for item in shown]
        rows = self.rows[np.isin(self.verdicts[self.rows], codes)]
        return evolve(self, rows=rows, shown_verdicts=shown)

    def fits_by_rounding(self) -> Mapping[Rounding, int]:
        """Count the percentages that each rounding method reproduces.

        If all counts are right, one method gives all percentages.
        """
        fits = self._known_fits()
        return {
            way: int(np.count_nonzero(fits >> position & 1)) for position, way in enumerate(WAYS)
        }

    def _known_fits(self) -> NDArray[np.uint8]:
        figures = self.figures
        known = figures.top.is_point & figures.base.is_point & (figures.kinds != TOTAL)
        rows = self.rows[(known & figures.printed.present)[self.rows]]
        return np.asarray(self.judged.fits[rows])

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[AuditedFigure]:
        return (self._figure(row) for row in self.rows.tolist())

    def __getitem__(self, id: str) -> AuditedFigure:
        names = self.figures.ids.take(self.rows).table(str, object)
        positions = np.flatnonzero(names == id)
        if not len(positions):
            hint = did_you_mean(id, names[:1000])
            raise UnknownName("must be the id of a figure", field="id", value=id, hint=hint)
        return self._figure(int(self.rows[positions[0]]))

    def _figure(self, row: int) -> AuditedFigure:
        figures, allowed = self.figures, self._allowed
        fitting = self.judged.fitting(row, allowed)
        sets = [] if self.members is None else self.members.of(row, allowed)
        verdict = VERDICTS[self.verdicts[row]]
        # The verdict on a total without another percentage than 100 depends on its parts only.
        is_sum = figures.kinds[row] == TOTAL and (
            not figures.printed.present[row] or self.judged.fits[row] & allowed
        )
        if is_sum:
            message = self._group_message(int(self.checked.keys[row]), Check.PARTS, verdict)
        else:
            message = row_message(figures, self.judged, row, allowed)
            message += f" {matched_message(figures.row(row), sets)}" if sets else ""
        return AuditedFigure(
            id=figures.ids[row],
            kind=KINDS[figures.kinds[row]],
            printed=figures.texts[row],
            verdict=verdict,
            message=message,
            numerator=figures.top.interval(row),
            denominator=figures.base.interval(row),
            problem=figures.unread.get(row, ""),
            roundings=ways_of(int(self.judged.fits[row])),
            bases=tuple(map(_joined, fitting)),
            tried=tuple(map(_joined, [*fitting, *self.judged.missing(row, allowed)])),
            matched=tuple(sets),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the audit as plain data for JSON."""
        return {
            "title": self.title,
            "figures": [item.to_dict() for item in self],
            "groups": [item.to_dict() for item in self.groups],
        }

    def to_frame(self, *, messages: bool = True) -> "pd.DataFrame":
        """Return the audit as a tidy frame, one row per figure.

        Parameters
        ----------
        messages : bool
            Whether to add the message of each row, which takes most of the time.
        """
        import pandas as pd

        figures, rows = self.figures, self.rows
        ways = np.array([", ".join(ways_of(bits)) for bits in range(1 << len(WAYS))], dtype=object)
        bases = np.full(len(rows), "", dtype=object)
        for pair, fits in self.judged.others.items():
            fit = (fits[rows] & self._allowed) > 0
            bases[fit] = [", ".join(filter(None, [old, _joined(pair)])) for old in bases[fit]]
        frame = pd.DataFrame(
            {
                "id": list(figures.ids.take(rows)),
                "kind": pd.Categorical.from_codes(figures.kinds[rows], pd.Index(KINDS)),
                "printed": list(figures.texts.take(rows)),
                "verdict": pd.Categorical.from_codes(
                    self.verdicts[rows], pd.Index(map(str, VERDICTS))
                ),
                "roundings": ways[self.judged.fits[rows]],
                "bases": bases,
            }
        )
        if messages:
            frame["message"] = [item.message for item in self]
        return frame

    def display_table(self) -> DisplayTable:
        """Return the audit as a table; of many rows, the contradicted ones."""
        shown = self if len(self) <= _SHOWN else self.issues
        groups = list(islice(shown._groups(), _SHOWN))
        rows: list[Row | Group] = [
            verdict_row(item.id, item.printed, item.verdict, item.message)
            for item in evolve(shown, rows=shown.rows[:_SHOWN])
        ]
        rows += [Group("Groups")] if groups else []
        rows += [verdict_row(f"{g.group}: {g.check}", "", g.verdict, g.message) for g in groups]
        left = len(shown) - _SHOWN
        notes = ["Only contradicted rows are shown."] if shown is not self else []
        notes += [f"{count(left)} more rows are contradicted."] if left > 0 else []
        return audit_table(self.title, "Figure", rows, [*notes, *self._notes()])

    def _notes(self) -> Iterator[str]:
        yield f"Verdicts: {verdict_numbers(self.counts())}."
        if wrong := len(self.figures.unread):
            yield f"{count(wrong)} {'row is' if wrong == 1 else 'rows are'} not audited."
        if self.rounding is None:
            yield "Rounded to the nearest; halves up, away from zero or to the even digit."
        else:
            yield f"Rounded {self.rounding.replace('_', ' ')}."
        size = int(np.count_nonzero(self._known_fits()))
        whole = [way for way, n in self.fits_by_rounding().items() if n == size]
        if size >= _SEVERAL and not set(ways_of(NEAREST)) <= set(whole):
            ways = " or ".join(way.replace("_", " ") for way in whole)
            yield (
                f"One rounding method gives {count(size)} percentages of known counts: {ways}."
                if whole
                else "No single rounding method gives all percentages of known counts."
            )
        yield from (f"{note}." for note in self.figures.notes)

    @property
    def heading(self) -> str:
        """The number of rows by verdict."""
        numbers = [f"{count(n)} {v.replace('_', ' ')}" for v, n in self.counts().items() if n]
        return ": ".join(filter(None, [f"{count(len(self))} figures", ", ".join(numbers)]))

    def __repr__(self) -> str:
        return f"<TableAudit of {self.title}, {self.heading}>"


def _joined(pair: tuple[str, str]) -> str:
    return " and ".join(filter(None, pair))
