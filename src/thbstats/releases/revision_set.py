"""Revisions between releases of a statistic."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Coded
from thbstats.display import Bullets, DisplayTable, Page, PageSection, Tabular, count
from thbstats.errors import InvalidValue, require, require_name
from thbstats.panel import Panel, Result
from thbstats.releases.alignment import (
    KNOWN,
    REPEATED,
    Alignment,
    Release,
    Rows,
    align,
    release_day,
    tables_of,
)
from thbstats.releases.measures import moved_between, revision_measures
from thbstats.releases.outcomes import CHANGES, Change, Pair, pair_of
from thbstats.releases.patterns import Pattern, find_patterns
from thbstats.releases.revision_table import RevisionTable
from thbstats.tables import Dataset
from thbstats.tables.encoding import coded
from thbstats.tables.keys import groups, pack, packed
from thbstats.values import Period

_FLAGGED = 5
_NAMED = 5


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class Revisions(Tabular):
    """Revisions of the cells of two or more releases, as columns.

    The length is the number of cells that changed between consecutive releases.

    Parameters
    ----------
    alignment : Alignment
        The cells of all releases.
    pairs : tuple of Pair
        The outcomes between consecutive releases.
    """

    alignment: Alignment = field(repr=False)
    pairs: tuple[Pair, ...]

    _title: ClassVar[str] = "Revisions"
    _words: ClassVar[Mapping[Change, str]] = {}
    _sides: ClassVar[tuple[str, str]] = ("old", "new")
    _nouns: ClassVar[tuple[str, str]] = ("release", "releases")

    @property
    def _caption(self) -> str:
        return f"{self._title}, {' to '.join(self.releases)}"

    @property
    def _labels(self) -> list[str]:
        """The name of each outcome."""
        return [self._words.get(change, str(change)) for change in CHANGES]

    def __len__(self) -> int:
        return sum(int(np.count_nonzero(pair.outcome)) for pair in self.pairs)

    @property
    def releases(self) -> tuple[str, ...]:
        """The names of the releases, the oldest first: their days or positions."""
        return self.alignment.names

    @property
    def outcomes(self) -> dict[str, int]:
        """The number of cells with each outcome; they add up to all cells of both releases.

        With more than two releases, the cells of all consecutive pairs are added.
        """
        counts = sum(np.bincount(own.outcome, minlength=len(CHANGES)) for own in self.pairs)
        return dict(zip(self._labels, np.asarray(counts).tolist(), strict=True))

    @cached_property
    def patterns(self) -> "Patterns":
        """Groups of revisions that point to an error, each with its cells and a question."""
        return Patterns(
            revisions=self,
            items=tuple(found for pair in self.pairs for found in find_patterns(pair)),
        )

    @cached_property
    def cells(self) -> RevisionTable:
        """The cells that changed, with old and new bounds, outcome and pattern."""
        frames = []
        for pair in self.pairs:
            cells = np.flatnonzero(pair.outcome)
            frame = self._frame(pair, cells)
            kinds = pd.Series("", index=cells, dtype=object)
            for pattern in self.patterns:
                if pattern.releases == self._names(pair):
                    kinds[kinds.index.isin(pattern.cells)] = pattern.kind
            frames.append(frame.assign(pattern=kinds.to_numpy()))
        return RevisionTable(
            caption=f"Changed cells. {self._caption}",
            frame=pd.concat(frames, ignore_index=True),
            notes=self.notes,
        )

    def to_frame(self) -> pd.DataFrame:
        """Return all cells of all consecutive pairs as a tidy frame, also those without change."""
        frames = [self._frame(pair, np.arange(len(self.alignment))) for pair in self.pairs]
        return pd.concat(frames, ignore_index=True)

    def _names(self, pair: Pair) -> tuple[str, str]:
        return self.releases[pair.old], self.releases[pair.new]

    def _frame(self, pair: Pair, cells: Rows) -> pd.DataFrame:
        alignment = self.alignment
        columns: dict[str, Any] = {}
        for name, column in alignment.keys.items():
            columns[name] = coded(column.positions[cells], column.categories)
        if len(self.pairs) > 1:
            columns["old_release"], columns["new_release"] = (
                np.full(len(cells), name, dtype=object) for name in self._names(pair)
            )
        sides = dict(zip(self._sides, (pair.old, pair.new), strict=True))
        exact = {name: alignment.state[number, cells] == KNOWN for name, number in sides.items()}
        for name, number in sides.items():
            is_there = alignment.state[number, cells] > 0
            lower = alignment.lower[number, cells]
            columns[name] = pd.arrays.IntegerArray(lower.copy(), ~exact[name])
            columns[f"{name}_lower"] = pd.arrays.IntegerArray(lower, ~is_there)
            columns[f"{name}_upper"] = np.where(is_there, alignment.upper[number, cells], np.nan)
        outcome = pair.outcome[cells]
        difference = alignment.lower[pair.new, cells] - alignment.lower[pair.old, cells]
        columns["difference" if self._words else "revision"] = pd.arrays.IntegerArray(
            difference, ~np.logical_and(*exact.values())
        )
        columns["outcome"] = coded(outcome, self._labels)
        columns["flagged"] = self._is_flagged(pair, cells)
        return pd.DataFrame(columns)

    def _is_flagged(self, pair: Pair, cells: Rows) -> NDArray[np.bool_]:
        """Return the cells suppressed or released with a figure outside the other bounds."""
        lower, upper = self.alignment.lower, self.alignment.upper
        outside = (lower[pair.old] > upper[pair.new]) | (lower[pair.new] > upper[pair.old])
        switched = [Change.NEWLY_SUPPRESSED, Change.NO_LONGER_SUPPRESSED]
        codes = [CHANGES.index(change) for change in switched]
        result: NDArray[np.bool_] = outside[cells] & np.isin(pair.outcome[cells], codes)
        return result

    def summary(self, by: str | Iterable[str] = (), *, over: str | None = None) -> RevisionTable:
        """Return the measures of revisions by categories.

        ``mean_revision = sum(L - P) / n``, ``mean_absolute_revision = sum(|L - P|) / n``,
        ``relative_mean_absolute_revision = sum(|L - P|) / sum(|L|)``

        P is the older and L the newer figure of the n cells with a number in both releases.
        Growing periods are left out. With more than two releases, each consecutive pair has rows.

        Parameters
        ----------
        by : str or iterable of str
            The dimensions of the rows. ``"kind"`` is the kind of table.
        over : str, optional
            A dimension over which revisions are split: ``net = |sum d|`` and
            ``moved = (sum |d| - |sum d|) / 2`` for the revisions d of its categories, without
            totals, added over the groups of the row.

        Returns
        -------
        RevisionTable
            The number of cells and of revised cells, those up and down, the mean, mean absolute
            and relative mean absolute revision, the mean absolute revision of revised cells, the
            extremes and quantiles, the standard deviation, and its ratio to that of L
            (noise to signal).

        Raises
        ------
        UnknownName
            If a dimension does not exist.

        Examples
        --------
        First and second release of the decisions on reasonable grounds in the first two quarters
        of 2023 (Home Office, National Referral Mechanism):

        >>> import thbstats as thb
        >>> old, new = (
        ...     thb.CountTable.from_rows(
        ...         rows, columns=["period", "value"], kind="victims", area="UK"
        ...     )
        ...     for rows in (
        ...         [("2023-Q1", 3482), ("2023-Q2", 3635)],
        ...         [("2023-Q1", 3434), ("2023-Q2", 3491)],
        ...     )
        ... )
        >>> frame = thb.revisions(old, new).summary().to_frame()
        >>> frame[["n", "down", "mean_revision"]].values.tolist()
        [[2.0, 2.0, -96.0]]

        References
        ----------
        Eurostat, ESS guidelines for quality reporting, indicator A6 (average size of revisions);
        rOpenSci, reviser, revision analysis of degree 1.
        """
        names = self._dimensions(by)
        tables = []
        for pair in self.pairs:
            cells = np.flatnonzero(pair.is_number)
            if over is not None:
                cells = cells[self._is_leaf(over)[cells]]
            group, first = self._groups(names, cells)
            early, late = (self.alignment.lower[n, cells] for n in (pair.old, pair.new))
            columns = self._keys(names, cells[first])
            if len(self.pairs) > 1:
                columns |= {"old_release": self._names(pair)[0], "release": self._names(pair)[1]}
            size = len(first) if names else 1
            columns |= revision_measures(early, late, group, size)
            if over is not None:
                split, heads = groups(self.alignment.keys_without(over, cells))
                owner = group[heads]
                net, moved = moved_between(late - early, split, len(heads))
                for name, own in (("net", net), ("moved", moved)):
                    columns[name] = np.bincount(owner, own, minlength=size).astype(np.int64)
            tables.append(pd.DataFrame(columns, index=range(size)))
        return RevisionTable(
            caption=self._caption, frame=pd.concat(tables, ignore_index=True), notes=self.notes
        )

    def _dimensions(self, by: str | Iterable[str]) -> tuple[str, ...]:
        names = (by,) if isinstance(by, str) else tuple(by)
        for name in names:
            problem = "must be a dimension of the releases"
            require_name(name, self.alignment.keys, problem, field="by")
        return names

    def _groups(self, names: Sequence[str], cells: Rows) -> tuple[NDArray[np.intp], Rows]:
        """Return the group of each cell, and the first cell of each group, in their order."""
        if not names:
            return np.zeros(len(cells), dtype=np.intp), np.zeros(min(1, len(cells)), dtype=np.intp)
        positions = [
            (self.alignment.position(name, cells), len(self.alignment.keys[name].categories))
            for name in names
        ]
        return groups(packed(positions, len(cells)))

    def _keys(self, names: Sequence[str], cells: Rows) -> dict[str, Any]:
        keys = {name: self.alignment.keys[name].take(cells) for name in names}
        return {name: coded(own.positions, own.categories) for name, own in keys.items()}

    def _is_leaf(self, name: str) -> NDArray[np.bool_]:
        """Return the cells of categories that do not include another category."""
        require_name(name, self.alignment.dimensions, "must be a dimension", field="over")
        dimension, column = self.alignment.dimensions[name], self.alignment.keys[name]
        codes = [code for code in column.categories if code]
        wide = {dimension.total, *(above for code in codes for above in dimension.ancestors(code))}
        leaf = [bool(code) and code not in wide for code in column.categories]
        return np.array(leaf, dtype=np.bool_)[column.positions]

    # Age of a figure

    @cached_property
    def _first(self) -> NDArray[np.intp]:
        """The release in which each figure was first published, or -1 if it is not observed.

        Figures of the first release are observed if their period is its last one.
        """
        state = self.alignment.state == KNOWN
        first = np.where(state.any(axis=0), state.argmax(axis=0), -1)
        for pair in self.pairs:
            first[pair.cells_with(Change.GROWING)] = -1
        column = self.alignment.keys["period"]
        ends = [Period.parse(code).end for code in column.categories]
        days = np.array([0 if end is None else end.toordinal() for end in ends])
        oldest = first == 0
        if oldest.any():
            last = days[column.positions[oldest]].max()
            first[oldest & (days[column.positions] < last)] = -1
        return first

    def by_age(self, by: str | Iterable[str] = (), *, include_older: bool = False) -> RevisionTable:
        """Return the measures of revisions by the age of the figures.

        The revision of age k is the figure of the (k + 1)-th release of a cell less its first one.

        Parameters
        ----------
        by : str or iterable of str
            Dimensions of the rows, such as ``"period"`` for the revision triangle.
        include_older : bool
            Whether the first of these releases is taken as the first release of older periods too.
            By default only figures are used whose first publication is observed.

        Returns
        -------
        RevisionTable
            The columns of `summary` for each ``age``, the number of releases since the first.
        """
        names, tables = self._dimensions(by), []
        first, known = self._first, self.alignment.state == KNOWN
        if include_older:
            first = np.where((first < 0) & known[0], 0, first)
        left_out = int((known[0] & (first < 0)).sum())
        for age in range(1, len(self.releases)):
            late = np.minimum(first + age, len(self.releases) - 1)
            usable = (first >= 0) & (first + age < len(self.releases))
            cells = np.flatnonzero(usable & known[late, np.arange(len(self.alignment))])
            if not len(cells):
                continue
            lower = self.alignment.lower
            group, start = self._groups(names, cells)
            figures = lower[first[cells], cells], lower[late[cells], cells]
            columns = {"age": age, **self._keys(names, cells[start])}
            columns |= revision_measures(*figures, group, len(start))
            tables.append(pd.DataFrame(columns, index=range(len(start))))
        notes = [
            f"{count(left_out)} figures of earlier periods are not used: their first release "
            "is older than these."
        ] * bool(left_out)
        frame = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({"age": []})
        return RevisionTable(caption="Revisions by age", frame=frame, notes=tuple(notes))

    def change_at_equal_age(self) -> RevisionTable:
        """Return changes between consecutive periods, as published and at equal age.

        ``published = x_t(r) / x_s(r) - 1``, ``equal_age = x_t(k) / x_s(k) - 1`` for the period t,
        the period s before it and the release r, in which x_t has the age k

        Returns
        -------
        RevisionTable
            One row for each cell and release whose figure and previous figure have an observed
            first release. The figure of the previous period is older in each release, so that it
            has been revised more often.
        """
        alignment, first = self.alignment, self._first
        column = alignment.keys["period"]
        periods = [Period.parse(code) for code in column.categories]
        before = np.full(len(periods), -1)
        for code, period in enumerate(periods):
            for other, earlier in enumerate(periods):
                if earlier.end is not None and period.start is not None and period.days is not None:
                    is_next = (period.start - earlier.end).days == 1
                    alike = abs(period.days - (earlier.days or 0)) < 5
                    before[code] = other if is_next and alike else before[code]
        cells = np.flatnonzero((first >= 0) & (before[column.positions] >= 0))
        every = np.flatnonzero(first >= 0)
        group = groups(alignment.keys_without("period", np.concatenate([cells, every])))[0]
        key = group[: len(cells)] * len(periods) + before[column.positions[cells]]
        known = group[len(cells) :] * len(periods) + column.positions[every]
        place = pd.Index(known).get_indexer(pd.Index(key))
        cells, previous = cells[place >= 0], every[place[place >= 0]]
        tables = []
        for number, name in enumerate(self.releases):
            age = number - first[cells]
            then = first[previous] + age
            usable = (age >= 0) & (then < len(self.releases)) & (first[previous] < first[cells])
            rows = np.flatnonzero(usable)
            mine, other = cells[rows], previous[rows]
            lower, state = alignment.lower, alignment.state
            exact = (state[number, mine] == KNOWN) & (state[number, other] == KNOWN)
            exact &= state[then[rows], other] == KNOWN
            exact &= (lower[number, other] > 0) & (lower[then[rows], other] > 0)
            mine, other, then_, age_ = (
                mine[exact],
                other[exact],
                then[rows][exact],
                age[rows][exact],
            )
            figure = lower[number, mine]
            tables.append(
                pd.DataFrame(
                    {
                        **self._keys([n for n in alignment.varying if n != "period"], mine),
                        "period": [column[cell] for cell in mine.tolist()],
                        "previous": [column[cell] for cell in other.tolist()],
                        "release": name,
                        "age": age_,
                        "relative_published": figure / lower[number, other] - 1,
                        "relative_equal_age": figure / lower[then_, other] - 1,
                    }
                )
            )
        frame = pd.concat(tables, ignore_index=True)
        return RevisionTable(caption="Change at equal age", frame=frame)

    # Conclusions

    def conclusions(self, function: Callable[[Any], Panel | Result]) -> RevisionTable:
        """Return the rows of a result that lead to another conclusion in the newer release.

        Parameters
        ----------
        function : callable
            A function of one release, such as ``lambda t: thb.share(t, sex="female",
            base="known", by=["area", "period"])``. It returns a panel or a result.

        Returns
        -------
        RevisionTable
            One row for each difference, with both numbers. ``conclusion`` is ``sign``,
            ``majority`` (a share on the other side of 50%), ``rounded`` (another percentage
            without decimals), ``rank`` or ``status``.

        Raises
        ------
        InvalidValue
            If the function returns something else.
        """
        panels = []
        for given in self.alignment.given:
            result = function(given)
            panel = result.panel.take([result.position]) if isinstance(result, Result) else result
            is_panel = isinstance(panel, Panel)
            hint = "Return an indicator, such as lambda t: thb.share(t, ...)"
            require(is_panel, "must return a panel or a result", hint, function=type(result))
            panels.append(panel)
        tables = [
            _conclusions(panels[pair.old], panels[pair.new]).assign(
                **{"release": self._names(pair)[1]} if len(self.pairs) > 1 else {}
            )
            for pair in self.pairs
        ]
        frame = pd.concat(tables, ignore_index=True)
        return RevisionTable(caption="Conclusions that differ", frame=frame)

    # Sentences and pages

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about the comparison: equal releases, repeated cells, growing periods."""
        notes = []
        if not len(self):
            notes.append("The releases have the same cells with the same counts.")
        for pair in self.pairs:
            names = self._names(pair)
            for number, name in zip((pair.old, pair.new), names, strict=True):
                cells = np.flatnonzero(self.alignment.state[number] == REPEATED)
                if len(cells):
                    shown = "; ".join(map(self._label, cells[:_NAMED].tolist()))
                    more = f" and {count(len(cells) - _NAMED)} more" * (len(cells) > _NAMED)
                    notes.append(
                        f"Release {name} has several values for {count(len(cells))} cells, which "
                        f"are not compared: {shown}{more}."
                    )
            for cell in pair.cells_with(Change.GROWING)[:_NAMED].tolist():
                notes.append(
                    f"{self._label(cell)}: release {names[0]} does not contain the whole period, "
                    f"so that the change from {count(int(self.alignment.lower[pair.old, cell]))} to "
                    f"{count(int(self.alignment.lower[pair.new, cell]))} is not a revision."
                )
            for change in (Change.NEWLY_SUPPRESSED, Change.NO_LONGER_SUPPRESSED):
                n = int(self._is_flagged(pair, pair.cells_with(change)).sum())
                if n:
                    notes.append(
                        f"{count(n)} cells are {change.label} with a figure outside the published "
                        "bounds: the count or the rule of suppression changed."
                    )
        return tuple(dict.fromkeys(notes))

    def _label(self, cell: int) -> str:
        return self.alignment.describe(np.array([cell]))

    def display_table(self) -> DisplayTable:
        """Return the outcomes of all cells as a display table."""
        outcomes = {name: n for name, n in self.outcomes.items() if n}
        frame = pd.DataFrame({"outcome": list(outcomes), "cells": list(outcomes.values())})
        found = [f"Pattern ({own.kind.replace('_', ' ')}): {own.text}" for own in self.patterns]
        table = RevisionTable(
            caption=self._caption,
            frame=frame,
            notes=(*found[:_NAMED], *self.notes),
        )
        return table.display_table()

    def page(self) -> Page:
        """Return a page with outcomes, patterns, measures and the largest revisions."""
        largest = self.cells.frame.sort_values(
            "revision", key=lambda own: own.astype("Float64").abs(), ascending=False
        )
        names = [*self.alignment.varying, "old", "new", "revision", "outcome", "pattern"]
        cells = RevisionTable(caption="Largest revisions", frame=largest[names])
        questions = [own.question for own in self.patterns]
        asked = [Bullets(questions)] if questions else ["No pattern was found."]
        return Page(
            title=self._caption,
            lead=f"{count(len(self))} of {count(len(self.alignment) * len(self.pairs))} cells "
            f"changed.",
            sections=[
                PageSection("Outcomes", self.notes, [self.display_table()]),
                PageSection("Patterns, and questions to the publisher", asked),
                PageSection("Measures", (), [self.summary().display_table()]),
                PageSection("Largest revisions", (), [cells.display_table()]),
            ],
        )

    def __repr__(self) -> str:
        parts = [f"{count(n)} {name}" for name, n in self.outcomes.items() if n]
        found = f"; {count(len(self.patterns))} patterns" if self.patterns.items else ""
        return f"<{type(self).__name__} {' to '.join(self.releases)}: {', '.join(parts)}{found}>"


@frozen(kw_only=True, eq=False, repr=False)
class Patterns(Tabular):
    """Patterns of revisions that point to an error.

    Parameters
    ----------
    revisions : Revisions
        The revisions.
    items : tuple of Pattern
        The patterns.
    """

    revisions: Revisions
    items: tuple[Pattern, ...]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Pattern]:
        return iter(self.items)

    def __getitem__(self, position: int) -> Pattern:
        return self.items[position]

    def where(self, **selection: str) -> "Patterns":
        """Return the patterns with some values of ``kind``, ``dimension`` or ``where``."""
        chosen = [
            own
            for own in self.items
            if all(getattr(own, name) == value for name, value in selection.items())
        ]
        return Patterns(revisions=self.revisions, items=tuple(chosen))

    def cells(self, position: int) -> RevisionTable:
        """Return the cells of a pattern with their old and new figures."""
        pattern = self.items[position]
        revisions = self.revisions
        pair = next(own for own in revisions.pairs if revisions._names(own) == pattern.releases)
        return RevisionTable(caption=pattern.text, frame=revisions._frame(pair, pattern.cells))

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each pattern."""
        return pd.DataFrame(
            [
                {
                    "kind": own.kind,
                    "dimension": own.dimension,
                    "where": own.where,
                    "cells": len(own.cells),
                    "text": own.text,
                    "question": own.question,
                }
                for own in self.items
            ],
            columns=["kind", "dimension", "where", "cells", "text", "question"],
        )

    def display_table(self) -> DisplayTable:
        """Return the patterns as a display table."""
        frame = self.to_frame()[["kind", "dimension", "cells", "text"]]
        return RevisionTable(caption="Patterns of revisions", frame=frame).display_table()

    def __repr__(self) -> str:
        return f"<Patterns {', '.join(own.kind for own in self.items) or 'none'}>"


def _conclusions(old: Panel, new: Panel) -> pd.DataFrame:
    """Return the differences between two panels, one row for each."""
    names = list(old.keys) or ["label"]
    sides = [own.keys if own.keys else {"label": own.label} for own in (old, new)]
    both = [Coded.concat([sides[0][name], sides[1][name]]) for name in names]  # type: ignore[index]
    keys = pack(both, len(old) + len(new)).values.astype(np.int64)
    place = pd.Index(keys[len(old) :]).get_indexer(pd.Index(keys[: len(old)]))
    left, right = np.flatnonzero(place >= 0), place[place >= 0]
    values = [own.value.lower[rows] for own, rows in ((old, left), (new, right))]
    exact = [
        own.value.is_point[rows] & (own.status[rows] == 0)
        for own, rows in ((old, left), (new, right))
    ]
    known = exact[0] & exact[1]
    is_share = np.array([str(own) == "share" for own in old.kind], dtype=np.bool_)[left]
    with np.errstate(invalid="ignore"):
        rounded = [np.floor(100 * own + 0.5) for own in values]
        ranks = [
            pd.Series(np.where(known, own, np.nan)).rank(ascending=False, method="min").to_numpy()
            for own in values
        ]
        tests = {
            "sign": known & (np.sign(values[0]) != np.sign(values[1])),
            "majority": known & is_share & ((values[0] > 0.5) != (values[1] > 0.5)),
            "rounded": known & is_share & (rounded[0] != rounded[1]),
            "rank": known & (ranks[0] != ranks[1]),
            "status": old.status[left] != new.status[right],
        }
    rows = []
    for conclusion, differs in tests.items():
        for row in np.flatnonzero(differs).tolist():
            ends = [float(own[row]) for own in values]
            if conclusion == "rank":
                ends = [float(own[row]) for own in ranks]
            texts = [own.row(int(at[row])) for own, at in ((old, left), (new, right))]
            rows.append(
                {
                    **{name: str(sides[0][name][int(left[row])]) for name in names},  # type: ignore[index]
                    "conclusion": conclusion,
                    "old": texts[0].formatted,
                    "new": texts[1].formatted,
                    "old_value": ends[0],
                    "new_value": ends[1],
                }
            )
    names = [*names, "conclusion", "old", "new", "old_value", "new_value"]
    return pd.DataFrame(rows, columns=names)


def revisions(
    old: "Release | Sequence[Release]",
    new: Release | None = None,
    *,
    order: Literal["published", "given"] | None = None,
    complete: Any = None,
) -> Revisions:
    """Compare two or more releases of a statistic, cell by cell.

    Parameters
    ----------
    old : CountTable, Dataset, Reading or sequence of them
        The older release, or all releases.
    new : CountTable, Dataset or Reading, optional
        The newer release.
    order : {"published", "given"}, optional
        The order of the releases: the release day of their sources, or as given. Two arguments
        are in the order old, new; a sequence is ordered by release day.
    complete : Period, str, int or sequence of them, optional
        The last period that each release covers completely, one for each release or one for all.
        Later periods are growing. Without it, a period is growing if its sub-periods show it.

    Returns
    -------
    Revisions
        The outcome of each cell, patterns, measures and conclusions.

    Raises
    ------
    InvalidValue
        If the releases are of different kinds, have no common cells, or have no order.

    Notes
    -----
    Cells are compared if all their dimensions are equal, also unit, status and register. Cells
    with several values in a release are kept apart.

    Examples
    --------
    Women and men among the adult victims in Bulgaria in 2019, as the GLOTIP files of 30 May 2023
    and 14 April 2025 contain them:

    >>> import thbstats as thb
    >>> old, new = (
    ...     thb.CountTable.from_rows(
    ...         [("female", a), ("male", b), ("total", 371)], columns=["sex", "value"],
    ...         kind="victims", area="BG", period=2019, age="adult", source=thb.Source(
    ...             title="GLOTIP data set", published=day),
    ...     )
    ...     for day, a, b in [("2023-05-30", 49, 322), ("2025-04-14", 322, 49)]
    ... )
    >>> thb.revisions(old, new).patterns[0].text
    'BG, 2019: the figures of female and male are exchanged, from 49 and 322 to 322 and 49.'

    References
    ----------
    Eurostat, ESS guidelines on revision policy (2013); M. McKenzie and M. Gamba, Performing
    Revisions and Real-Time Data Analysis (OECD, 2008).
    """
    several = [old, new] if new is not None else old
    hint = "Pass thb.revisions(old, new), or a list of releases"
    is_list = isinstance(several, list | tuple) and len(several) > 1
    require(is_list, "must be two or more releases", hint, releases=type(old).__name__)
    given = list(several)  # type: ignore[arg-type]
    tables = [tables_of(own, "releases") for own in given]
    days = [release_day(own) for own in tables]
    dated = all(day is not None for day in days)
    if order == "published" or (order is None and new is None):
        if not dated:
            raise InvalidValue(
                "must have release days, or an order",
                field="releases",
                value=f"{sum(day is None for day in days)} of {len(days)} without a day",
                hint="Pass order='given', or sources with published='2023-05-30'",
            )
        ranked = sorted(range(len(given)), key=lambda i: str(days[i]))
        given, tables, days = ([own[i] for i in ranked] for own in (given, tables, days))
    elif order is None and dated and str(days[0]) > str(days[1]):
        raise InvalidValue(
            f"must be released after `old` ({days[0]})",
            field="new",
            value=str(days[1]),
            hint="Swap the two releases, or pass order='given'",
        )
    unique = dated and len(set(days)) == len(days)
    names = [str(day) if unique else str(i) for i, day in enumerate(days, start=1)]
    plain = [own.data if hasattr(own, "data") else own for own in given]
    ends = complete if isinstance(complete, list | tuple) else [complete] * len(given)
    problem = f"must be one period, or {len(given)} periods"
    require(len(ends) == len(given), problem, "Pass complete='2023-Q1'", complete=complete)
    last = [None if own is None else Period.parse(own) for own in ends]
    alignment = align(plain, tables, names)
    pairs = tuple(pair_of(alignment, i, i + 1, last) for i in range(len(given) - 1))
    return Revisions(alignment=alignment, pairs=pairs)
