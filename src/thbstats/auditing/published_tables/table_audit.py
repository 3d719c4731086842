"""Audit of a table of published percentages."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.auditing.audited_claims import TONES, ClaimVerdict
from thbstats.auditing.published_tables.audited_rows import AuditedFigure, AuditedGroup
from thbstats.auditing.published_tables.figures import KINDS, TOTAL, PublishedFigures
from thbstats.auditing.published_tables.group_messages import group_message
from thbstats.auditing.published_tables.groups import Check, GroupChecks
from thbstats.auditing.published_tables.members import MatchedSet, MatchedSets
from thbstats.auditing.published_tables.rounding_ways import NEAREST, WAYS, bits_of, ways_of
from thbstats.auditing.published_tables.row_messages import matched, message
from thbstats.auditing.published_tables.row_verdicts import VERDICTS, Pair, RowVerdicts
from thbstats.auditing.published_tables.table_lines import line_of
from thbstats.display import Cell, Column, Displayable, DisplayTable, Group, Row, count
from thbstats.errors import UnknownName, did_you_mean
from thbstats.values import Rounding

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TableAudit"]

_SHOWN = 100
"""The rows of a table for display; a longer audit shows the contradicted rows only."""

_SEVERAL = 2
"""The number of percentages from which the rounding method is reported."""


@frozen(kw_only=True, eq=False)
class TableAudit(Displayable):
    """Every row of a table with its verdict, in the order of the table.

    Parameters
    ----------
    figures : PublishedFigures
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
    kept : tuple of ClaimVerdict
        The verdicts of groups that are.
    """

    figures: PublishedFigures = field(repr=False)
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
        return tuple(self._each_group())

    def _each_group(self) -> Iterator[AuditedGroup]:
        for group, check, verdict in self.checked:
            if verdict in self.shown_verdicts:
                allowed = bits_of(self.rounding)
                phrase = group_message(
                    self.figures, self.checked, group, check, verdict, allowed=allowed
                )
                yield AuditedGroup(
                    group=self.checked.names[group], check=check, verdict=verdict, message=phrase
                )

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
            If there is no such verdict.
        """
        for verdict in verdicts:
            if str(verdict) not in VERDICTS:
                raise UnknownName(
                    "must be a verdict",
                    field="verdicts",
                    value=str(verdict),
                    hint=did_you_mean(verdict, VERDICTS),
                )
        shown_verdicts = tuple(each for each in self.shown_verdicts if each in verdicts)
        places = [VERDICTS.index(each) for each in shown_verdicts]
        return evolve(
            self,
            rows=self.rows[np.isin(self.verdicts[self.rows], places)],
            shown_verdicts=shown_verdicts,
        )

    def fits_by_rounding(self) -> Mapping[Rounding, int]:
        """Return the number of percentages of known counts that each rounding method gives.

        If all counts are right, one method gives all percentages.
        """
        fits = self._known_fits()
        return {way: int(np.count_nonzero(fits >> place & 1)) for place, way in enumerate(WAYS)}

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
        names = self.figures.ids.all()[self.rows]
        found = np.flatnonzero(names == id)
        if not len(found):
            raise UnknownName(
                "must be the id of a figure",
                field="id",
                value=id,
                hint=did_you_mean(id, names[:1000]),
            )
        return self._figure(int(self.rows[found[0]]))

    def _figure(self, row: int) -> AuditedFigure:
        line, allowed = line_of(self.figures, row), bits_of(self.rounding)
        fitting = self.judged.fitting(row, allowed)
        sets = [] if self.members is None else self.members.of(row, allowed)
        return AuditedFigure(
            id=self.figures.ids[row],
            kind=KINDS[self.figures.kinds[row]],
            printed=self.figures.texts[row],
            verdict=VERDICTS[self.verdicts[row]],
            message=self._message(row, allowed, sets),
            numerator=line.top,
            denominator=line.base,
            problem=self.figures.unread.get(row, ""),
            roundings=ways_of(int(self.judged.fits[row])),
            bases=tuple(map(_joined, fitting)),
            tried=tuple(map(_joined, [*fitting, *self.judged.missing(row, allowed)])),
            matched=tuple(sets),
        )

    def _message(self, row: int, allowed: int, sets: list[MatchedSet]) -> str:
        if self.figures.kinds[row] == TOTAL and self._is_made(row, allowed):
            group = int(self.checked.keys[row])
            verdict = VERDICTS[self.verdicts[row]]
            return group_message(
                self.figures, self.checked, group, Check.PARTS, verdict, allowed=allowed
            )
        phrase = message(self.figures, self.judged, row, allowed)
        return f"{phrase} {matched(line_of(self.figures, row), sets)}" if sets else phrase

    def _is_made(self, row: int, allowed: int) -> bool:
        """Whether the verdict of a total depends on its parts only."""
        given = bool(self.figures.printed.present[row])
        return not given or bool(self.judged.fits[row] & allowed)

    def to_dict(self) -> dict[str, Any]:
        """Return the audit as plain data for JSON."""
        return {
            "title": self.title,
            "figures": [each.to_dict() for each in self],
            "groups": [each.to_dict() for each in self.groups],
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
        verdicts = pd.Categorical.from_codes(self.verdicts[rows], pd.Index(map(str, VERDICTS)))
        ways = np.array([", ".join(ways_of(bits)) for bits in range(1 << len(WAYS))], dtype=object)
        frame = pd.DataFrame(
            {
                "id": figures.ids.all()[rows],
                "kind": pd.Categorical.from_codes(figures.kinds[rows], pd.Index(KINDS)),
                "printed": figures.texts.all()[rows],
                "verdict": verdicts,
                "roundings": ways[self.judged.fits[rows]],
                "bases": self._fitting(rows),
            }
        )
        if messages:
            frame["message"] = [each.message for each in self]
        return frame

    def _fitting(self, rows: NDArray[np.intp]) -> NDArray[Any]:
        allowed = bits_of(self.rounding)
        found = np.full(len(rows), "", dtype=object)
        for pair, fits in self.judged.others.items():
            here = (fits[rows] & allowed) > 0
            found[here] = [", ".join(filter(None, [old, _joined(pair)])) for old in found[here]]
        return found

    def display_table(self) -> DisplayTable:
        """Return the audit as a table; of many rows, the contradicted ones."""
        formatted = self if len(self) <= _SHOWN else self.issues
        left = len(formatted) - _SHOWN
        part = evolve(formatted, rows=formatted.rows[:_SHOWN])
        rows: list[Row | Group] = [
            Row([Cell(e.id), Cell(e.printed), _verdict(e.verdict), Cell(e.message)]) for e in part
        ]
        groups = list(islice(formatted._each_group(), _SHOWN))
        if groups:
            rows.append(Group("Groups"))
        rows += [
            Row([Cell(f"{e.group}: {e.check}"), Cell(""), _verdict(e.verdict), Cell(e.message)])
            for e in groups
        ]
        more = [f"{count(left)} more rows are contradicted."] if left > 0 else []
        if formatted is not self:
            more.insert(0, "Only contradicted rows are shown.")
        return DisplayTable(
            caption=f"Audit of {self.title}",
            columns=["Figure", Column("Published", "right"), "Verdict", "Reason"],
            rows=rows,
            notes=[*more, *self._notes()],
        )

    def _notes(self) -> Iterator[str]:
        numbers = (f"{n} {verdict.replace('_', ' ')}" for verdict, n in self.counts().items())
        yield f"Verdicts: {', '.join(numbers)}."
        if wrong := len(self.figures.unread):
            yield f"{count(wrong)} {'row is' if wrong == 1 else 'rows are'} not audited."
        if self.rounding is None:
            yield "Rounded to the nearest; halves up, away from zero or to the even digit."
        else:
            yield f"Rounded {self.rounding.replace('_', ' ')}."
        yield from self._other_roundings()
        yield from (f"{note}." for note in self.figures.notes)

    def _other_roundings(self) -> Iterator[str]:
        """Yield the rounding methods that give all percentages."""
        size, fits = int(np.count_nonzero(self._known_fits())), self.fits_by_rounding()
        whole = [way for way, n in fits.items() if n == size]
        if size < _SEVERAL or set(ways_of(NEAREST)) <= set(whole):
            return
        if whole:
            phrase = " or ".join(way.replace("_", " ") for way in whole)
            yield f"One rounding method gives {count(size)} percentages of known counts: {phrase}."
        else:
            yield "No single rounding method gives all percentages of known counts."

    @property
    def heading(self) -> str:
        """The number of rows by verdict."""
        phrase = [f"{count(n)} {v.replace('_', ' ')}" for v, n in self.counts().items() if n]
        return ": ".join(filter(None, [f"{count(len(self))} figures", ", ".join(phrase)]))

    def __repr__(self) -> str:
        return f"<TableAudit of {self.title}, {self.heading}>"


def _joined(pair: Pair) -> str:
    return " and ".join(filter(None, pair))


def _verdict(verdict: ClaimVerdict) -> Cell:
    return Cell(verdict.replace("_", " "), tone=TONES[verdict])
