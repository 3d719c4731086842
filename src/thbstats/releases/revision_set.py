"""Revisions between releases of a statistic."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats._signatures import explain_arguments
from thbstats.display import (
    Amount,
    Bullets,
    Column,
    DisplayTable,
    Page,
    PageSection,
    Tabular,
    count,
)
from thbstats.errors import InvalidValue, require, require_name
from thbstats.panel import Panel, Result
from thbstats.releases.alignment import (
    CHANGES,
    KNOWN,
    REPEATED,
    Alignment,
    CellChange,
    Release,
    ReleasePair,
    Rows,
    align,
    pair_of,
    release_day,
    tables_of,
)
from thbstats.releases.measures import (
    changed_conclusions,
    changed_verdict,
    equal_age_changes,
    first_releases,
    revision_measures,
)
from thbstats.releases.patterns import COLUMNS, find_patterns
from thbstats.rules import Comparison
from thbstats.tables.encoding import coded, groups, packed
from thbstats.values import Period

_SHOWN, _WIDE = 20, 8
_LABELS = ("change", "kind", "risk", "release", "conclusion", "area", "variable", "depth")
_PERCENT = ("share_", "relative_", "producers_", "users_")


@frozen(kw_only=True, eq=False, repr=False)
class RevisionTable(Tabular):
    """Rows of a comparison of releases: a tidy frame with a caption and notes.

    Iteration yields the rows as named tuples; ``table[0]`` is the first one.

    Parameters
    ----------
    caption : str
        The caption.
    frame : pandas.DataFrame
        One row for each item; numbers without a value are missing.
    notes : tuple of str
        Sentences about the rows.
    """

    caption: str
    frame: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.frame)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.frame.itertuples(index=False, name="Row"))

    def __getitem__(self, row: Any) -> Any:
        return list(self)[row]

    def to_frame(self) -> pd.DataFrame:
        """Return the tidy frame."""
        return self.frame.copy()

    def where(self, **selection: Any) -> Self:
        """Return the rows with one value, or one of several values, in each named column."""
        rows = np.ones(len(self.frame), dtype=np.bool_)
        for name, values in selection.items():
            require_name(name, map(str, self.frame.columns), "must be a column of the table")
            several = values if isinstance(values, list | tuple | set) else [values]
            rows &= self.frame[name].astype(str).isin([str(value) for value in several]).to_numpy()
        return evolve(self, frame=self.frame[rows].reset_index(drop=True))

    def display_table(self, rows: int | None = _SHOWN) -> DisplayTable:
        """Return the first rows as a display table; ``None`` for all rows."""
        shown = self.frame if rows is None else self.frame.head(rows)
        head = {str(n): own for n, own in shown.items() if n != "positions"}
        if len(head) > _WIDE:  # leave out texts that all rows have
            same = {name for name in head if self.frame[name].nunique() < 2}
            texts = {name for name in head if not pd.api.types.is_numeric_dtype(head[name])}
            head = {n: own for n, own in head.items() if n not in same & texts or n in _LABELS}
        columns = [
            Column(
                name.replace("_", " "),
                "right" if pd.api.types.is_numeric_dtype(own) and own.dtype != bool else "left",
            )
            for name, own in head.items()
        ]
        cells = [[_text(name, value) for value in own] for name, own in head.items()]
        is_part = len(shown) < len(self.frame)
        more = [f"First {count(len(shown))} of {count(len(self.frame))} rows."] * is_part
        return DisplayTable(
            caption=self.caption,
            columns=columns,
            rows=list(zip(*cells, strict=True)),
            notes=[*more, *self.notes],
        )

    def __repr__(self) -> str:
        n = Amount(len(self))
        return f"<{type(self).__name__} {self.caption!r}: {n} {n:row|rows}>"


def _text(name: str, value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else ""
    if not isinstance(value, int | float | np.number):
        text = value if isinstance(value, str) else str(value)  # a message stays a message
        return text.replace("_", " ") if name in _LABELS else text
    if np.isinf(value):
        return "not bounded"
    form = ".2%" if name.startswith(_PERCENT) else ",.2f"
    text = f"{int(value):,}" if value == int(value) and form != ".2%" else f"{value:{form}}"
    return text.replace("-", "\N{MINUS SIGN}")


_NAMED = 5


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class Revisions(Tabular):
    """Revisions of the cells of two or more releases, as columns.

    The length is the number of cells that changed between consecutive releases. `to_frame`
    returns all cells with their outcome, also those without change.

    Parameters
    ----------
    alignment : Alignment
        The cells of all releases.
    pairs : tuple of ReleasePair
        The outcomes between consecutive releases.
    """

    alignment: Alignment = field(repr=False)
    pairs: tuple[ReleasePair, ...]

    _title: ClassVar[str] = "Revisions"
    _words: ClassVar[Mapping[CellChange, str]] = {}
    _sides: ClassVar[tuple[str, str]] = ("old", "new")

    def __len__(self) -> int:
        return sum(int(np.count_nonzero(pair.outcome)) for pair in self.pairs)

    @property
    def releases(self) -> tuple[str, ...]:
        """The names of the releases, the oldest first: their days or positions."""
        return self.alignment.names

    @property
    def _labels(self) -> list[str]:
        return [self._words.get(change, str(change)) for change in CHANGES]

    @property
    def outcomes(self) -> dict[str, int]:
        """The number of cells with each outcome, added over consecutive pairs of releases."""
        counts = [np.bincount(own.outcome, minlength=len(CHANGES)) for own in self.pairs]
        return dict(zip(self._labels, np.sum(counts, axis=0).tolist(), strict=True))

    @cached_property
    def patterns(self) -> RevisionTable:
        """Groups of revisions that point to an error: one row for each, with its cells.

        ``kind`` is ``permuted`` (figures exchanged between categories), ``shifted`` (moved by one
        row), ``scaled`` (by 10, 100 or 1,000), ``relabelled`` or ``other_table``. ``text`` is the
        pattern in a sentence, ``question`` the sentence for the publisher, and ``positions`` the
        rows of `to_frame`.
        """
        rows = [
            {**row, "positions": row["positions"] + number * len(self.alignment)}
            for number, pair in enumerate(self.pairs)
            for row in find_patterns(pair)
        ]
        return self._table("Patterns", [pd.DataFrame(rows, columns=list(COLUMNS))])

    @cached_property
    def cells(self) -> RevisionTable:
        """The cells that changed, with old and new bounds, outcome and pattern."""
        kind = np.full((len(self.pairs), len(self.alignment)), "", dtype=object)
        for row in self.patterns:
            kind.flat[row.positions] = row.kind
        changed = [np.flatnonzero(pair.outcome) for pair in self.pairs]
        frames = [
            self._frame(pair, cells).assign(pattern=own[cells])
            for pair, cells, own in zip(self.pairs, changed, kind, strict=True)
        ]
        return self._table("Changed cells", frames, self.notes)

    def to_frame(self) -> pd.DataFrame:
        """Return all cells of all consecutive pairs of releases as a tidy frame."""
        every = np.arange(len(self.alignment))
        return pd.concat([self._frame(pair, every) for pair in self.pairs], ignore_index=True)

    def _table(
        self, title: str, frames: Sequence[pd.DataFrame], notes: Sequence[str] = ()
    ) -> RevisionTable:
        caption = f"{title}, {' to '.join(self.releases)}"
        frame = pd.concat(frames, ignore_index=True)
        return RevisionTable(caption=caption, frame=frame, notes=tuple(notes))

    def _frame(self, pair: ReleasePair, cells: Rows) -> pd.DataFrame:
        alignment, numbers = self.alignment, (pair.old, pair.new)
        columns = self._keys(alignment.keys, cells) | self._names(pair)
        state, lower = (own[numbers, :][:, cells] for own in (alignment.state, alignment.lower))
        known = state == KNOWN
        for i, side in enumerate(self._sides):
            is_row = state[i] > 0
            columns[side] = pd.arrays.IntegerArray(lower[i].copy(), ~known[i])
            columns[f"{side}_lower"] = pd.arrays.IntegerArray(lower[i].copy(), ~is_row)
            upper = alignment.upper[numbers[i], cells]
            columns[f"{side}_upper"] = np.where(is_row, upper, np.nan)
        columns["difference"] = pd.arrays.IntegerArray(lower[1] - lower[0], ~known.all(axis=0))
        columns["change"] = coded(pair.outcome[cells], self._labels)
        columns["flagged"] = self._is_flagged(pair)[cells]
        return pd.DataFrame(columns)

    def _names(self, pair: ReleasePair) -> dict[str, str]:
        names = {"older": self.releases[pair.old], "newer": self.releases[pair.new]}
        return names if len(self.pairs) > 1 else {}

    def _keys(self, names: Iterable[str], cells: Rows) -> dict[str, Any]:
        keys = {name: self.alignment.keys[name].take(cells) for name in names}
        return {name: coded(own.positions, own.categories) for name, own in keys.items()}

    def _is_flagged(self, pair: ReleasePair) -> NDArray[np.bool_]:
        """Return the cells whose suppression changed, with a figure outside the bounds."""
        lower, upper = self.alignment.lower, self.alignment.upper
        result = (lower[pair.old] > upper[pair.new]) | (lower[pair.new] > upper[pair.old])
        codes = [
            CHANGES.index(own)
            for own in (CellChange.NEWLY_SUPPRESSED, CellChange.NO_LONGER_SUPPRESSED)
        ]
        flagged: NDArray[np.bool_] = result & np.isin(pair.outcome, codes)
        return flagged

    def summary(self, by: str | Iterable[str] = (), *, split: str | None = None) -> RevisionTable:
        """Return the measures of revisions by categories.

        ``mean_revision = sum(L - P) / n``, ``mean_absolute_revision = sum(|L - P|) / n``,
        ``relative_mean_absolute_revision = sum(|L - P|) / sum(|L|)``

        P is the older and L the newer figure of the n cells with a number in both releases.
        Growing periods, and periods that contain others of the releases, are left out. With more
        than two releases, each consecutive pair has rows.

        Parameters
        ----------
        by : str or iterable of str
            The dimensions of the rows. ``"kind"`` is the kind of table.
        split : str, optional
            A dimension over whose categories without parts the revisions d are split:
            ``net = |sum d|`` and ``moved = (sum |d| - |sum d|) / 2``, added over the groups.

        Returns
        -------
        RevisionTable
            The number of figures and of revised ones, those up and down, the measures, the mean
            absolute revision of revised figures, extremes and quantiles, the standard deviation,
            and ``noise_to_signal``, its ratio to that of L.

        Raises
        ------
        UnknownName
            If a dimension does not exist.

        Examples
        --------
        Decisions on reasonable grounds in the first two quarters of 2023, as the Home Office
        published them in August and November 2023:

        >>> import thbstats as thb
        >>> old, new = (
        ...     thb.CountTable.from_rows(
        ...         [("2023-Q1", first), ("2023-Q2", second)], columns=["period", "value"],
        ...         kind="victims", area="UK",
        ...     )
        ...     for first, second in [(3482, 3635), (3434, 3491)]
        ... )
        >>> row = thb.revisions(old, new).summary()[0]
        >>> row.n, row.down, row.mean_revision
        (2, 2, -96.0)

        References
        ----------
        Eurostat, ESS guidelines for quality reporting, indicator A6 (average size of revisions);
        rOpenSci, reviser, revision analysis of degree 1.
        """
        names, frames = self._dimensions(by), []
        for pair in self.pairs:
            cells = np.flatnonzero(
                pair.is_number & (True if split is None else self._is_part(split))
            )
            early, late = (self.alignment.lower[n, cells] for n in (pair.old, pair.new))
            frame, group = self._measures(names, cells, early, late)
            if split is not None:
                group_of_split, first = groups(self.alignment.without(split, cells))
                net = np.abs(np.bincount(group_of_split, late - early, minlength=len(first)))
                moved = (
                    np.bincount(group_of_split, np.abs(late - early), minlength=len(first)) - net
                ) / 2
                for name, own in (("net", net), ("moved", moved)):
                    frame[name] = np.bincount(group[first], own, len(frame)).astype(np.int64)
            frames.append(frame.assign(**self._names(pair)))
        return self._table(self._title, frames, self.notes)

    def _dimensions(self, by: str | Iterable[str]) -> tuple[str, ...]:
        names = (by,) if isinstance(by, str) else tuple(by)
        for name in names:
            problem = "must be a dimension of the releases"
            require_name(name, self.alignment.keys, problem, field="by")
        return names

    def _measures(
        self, names: Sequence[str], cells: Rows, early: NDArray[Any], late: NDArray[Any]
    ) -> tuple[pd.DataFrame, NDArray[np.intp]]:
        """Return a row of measures for each group of cells, and the group of each cell."""
        group, first = np.zeros(len(cells), dtype=np.intp), cells[:1]
        if names:
            sizes = [len(self.alignment.keys[name].categories) + 1 for name in names]
            positions = [self.alignment.position(name, cells) for name in names]
            group, rows = groups(packed(zip(positions, sizes, strict=True), len(cells)))
            first = cells[rows]
        size = len(first) if names else 1
        measures = revision_measures(early, late, group, size)
        return pd.DataFrame({**self._keys(names, first), **measures}), group

    def _is_part(self, name: str) -> NDArray[np.bool_]:
        """Return the cells of categories that do not include another category."""
        require_name(name, self.alignment.dimensions, "must be a dimension", field="split")
        dimension, column = self.alignment.dimensions[name], self.alignment.keys[name]
        wide = {above for code in column.categories if code for above in dimension.ancestors(code)}
        parts = [code not in ("", dimension.total, *wide) for code in column.categories]
        return np.array(parts, dtype=np.bool_)[column.positions]

    @cached_property
    def _first(self) -> NDArray[np.intp]:
        return first_releases(self.alignment, self.pairs)

    def by_age(self, by: str | Iterable[str] = (), *, include_older: bool = False) -> RevisionTable:
        """Return the measures of revisions by the age of the figures.

        The revision of age k is the figure of a cell in its (k + 1)-th release less its first one.

        Parameters
        ----------
        by : str or iterable of str
            Dimensions of the rows, such as ``"period"`` for the revision triangle.
        include_older : bool
            Whether to count the age of older figures from the first of these releases. By default
            only figures are used whose first publication is observed.

        Returns
        -------
        RevisionTable
            The columns of `summary` for each ``age``, the number of releases since the first.
        """
        names, first, frames = self._dimensions(by), self._first, []
        state, lower = self.alignment.state == KNOWN, self.alignment.lower
        older = (first < 0) & state[0] & ~self.alignment.is_wide
        first = np.where(older, 0, first) if include_older else first
        for age in range(1, len(self.releases)):
            cells = np.flatnonzero((first >= 0) & (first + age < len(self.releases)))
            cells = cells[state[first[cells] + age, cells]]
            early, late = (lower[first[cells] + n, cells] for n in (0, age))
            frame, _ = self._measures(names, cells, early, late)
            frame.insert(0, "age", age)
            frames.append(frame)
        n = Amount(int(older.sum()))
        note = (
            f"{n} {n:figure of an earlier period is|figures of earlier periods are} left out: the "
        )
        note += "first release is older than these releases."
        notes = [note] * (not include_older and bool(older.any()))
        return self._table("Revisions by age", frames, notes)

    def change_at_equal_age(self) -> RevisionTable:
        """Return changes between consecutive periods, as published and at equal age.

        ``published = x_t(r) / x_s(r) - 1``, ``equal_age = x_t(k) / x_s(k) - 1`` for the period t,
        the period s before it and the release r, in which the figure of t has the age k

        In each release, the figure of s has been revised more often than that of t.
        """
        return self._table("Change at equal age", [equal_age_changes(self.alignment, self._first)])

    def conclusions(self, function: Callable[[Any], Panel | Result | Comparison]) -> RevisionTable:
        """Return the rows of a result that lead to another conclusion in the newer release.

        Parameters
        ----------
        function : callable
            A function of one release that returns a panel, a result or a comparison, such as
            ``lambda t: thb.share(t, sex="female", base="known", by=["area", "period"])``.

        Returns
        -------
        RevisionTable
            One row for each difference, with both numbers. ``conclusion`` is ``sign``,
            ``majority`` (a share on the other side of 50%), ``rounded`` (another percentage
            without decimals), ``rank``, ``status`` or ``verdict``. Without a value, the bounds
            decide sign and majority if they allow one answer.

        Raises
        ------
        InvalidValue
            If the function returns something else.
        """
        results: list[Any] = [function(release) for release in self.alignment.data]
        results = [
            own.panel.take([own.position]) if isinstance(own, Result) else own for own in results
        ]
        types, hint = {type(own) for own in results}, "Return thb.share(t, ...)"
        is_result = types == {Comparison} or all(isinstance(own, Panel) for own in results)
        problem = "must return a panel, a result or a comparison"
        require(is_result, problem, hint, function=", ".join(own.__name__ for own in types))
        compare = changed_verdict if types == {Comparison} else changed_conclusions
        frames = [
            compare(results[own.old], results[own.new]).assign(**self._names(own))
            for own in self.pairs
        ]
        return self._table("Conclusions that differ", frames)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about the comparison: equal releases, repeated cells, growing periods."""
        notes, alignment = [], self.alignment
        if not len(self):
            notes.append("The releases have the same cells with the same counts.")
        for number, name in enumerate(self.releases):
            cells = np.flatnonzero(alignment.state[number] == REPEATED)
            if len(cells):
                shown = "; ".join(
                    alignment.describe(cells[i : i + 1]) for i in range(len(cells))[:_NAMED]
                )
                n = Amount(len(cells))
                notes.append(
                    f"{name} has several values for {n} {n:cell, which is|cells, which are} not "
                    f"compared: {shown}{' and others' * (len(cells) > _NAMED)}."
                )
        for pair in self.pairs:
            old, new = alignment.lower[pair.old], alignment.lower[pair.new]
            for cell in pair.cells_with(CellChange.GROWING)[:_NAMED].tolist():
                where, figures = (
                    alignment.describe(np.array([cell])),
                    (int(old[cell]), int(new[cell])),
                )
                notes.append(
                    f"{where}: {self.releases[pair.old]} does not contain the whole period: from "
                    f"{count(figures[0])} to {count(figures[1])} is not a revision."
                )
            flagged = Amount(int(self._is_flagged(pair).sum()))
            notes += [
                f"The suppression of {flagged} {flagged:cell|cells} changed with a figure outside "
                "the published bounds: the count or the rule changed."
            ] * (flagged != "0")
        return tuple(notes)

    def display_table(self) -> DisplayTable:
        """Return the outcomes of all cells as a display table, with patterns and notes."""
        rows = [(name, n) for name, n in self.outcomes.items() if n]
        results = [f"Pattern ({own.kind.replace('_', ' ')}): {own.text}" for own in self.patterns]
        frame = pd.DataFrame(rows, columns=["change", "cells"])
        return self._table(self._title, [frame], [*results[:_NAMED], *self.notes]).display_table()

    def page(self) -> Page:
        """Return a page with outcomes, patterns, measures and the largest revisions."""
        frame = self.cells.frame.sort_values(
            "difference", key=lambda own: own.astype("Float64").abs().fillna(-1), ascending=False
        )
        shown = [*self.alignment.varying, *self._sides, "difference", "change", "pattern"]
        largest = self._table("Cells", [frame[shown]])
        questions = [own.question for own in self.patterns]
        prose = [Bullets(questions, heading="Questions to the publisher")] if questions else "None."
        return Page(
            title=f"{self._title}: {' to '.join(self.releases)}",
            lead=f"Cells that differ: {count(len(self))} of {count(sum(self.outcomes.values()))}.",
            sections=[
                PageSection(heading="Outcomes", tables=[self.display_table()]),
                PageSection(heading="Patterns", prose=prose),
                PageSection(heading="Measures", tables=[self.summary("kind").display_table()]),
                PageSection(heading="Largest differences", tables=[largest.display_table()]),
            ],
        )

    def to_dict(self) -> dict[str, Any]:
        """Return outcomes, patterns and measures as plain data for JSON."""
        patterns = self.patterns.frame[list(COLUMNS[:-1])].to_dict("records")
        measures = self.summary("kind").frame.astype(object)
        return {
            "releases": list(self.releases),
            "outcomes": self.outcomes,
            "patterns": patterns,
            "measures": measures.where(measures.notna(), None).to_dict("records"),
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        parts = [f"{count(n)} {name}" for name, n in self.outcomes.items() if n]
        n = Amount(len(self.patterns))
        patterns = f"; {n} {n:pattern|patterns}" * (n != "0")
        return f"<{type(self).__name__} {' to '.join(self.releases)}: {', '.join(parts)}{patterns}>"


@explain_arguments
def revisions(
    old: "Release | Sequence[Release]",
    new: "Release | None" = None,
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
        The last period that the releases cover completely, or one for each release. Later periods
        are growing. Without it, a period is growing if its sub-periods show it.

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
    Adult victims in Bulgaria in 2019, in the GLOTIP files of 30 May 2023 and 14 April 2025:

    >>> import thbstats as thb
    >>> old, new = (
    ...     thb.CountTable.from_rows(
    ...         [("female", women), ("male", men), ("total", 371)], columns=["sex", "value"],
    ...         kind="victims", area="BG", period=2019, age="adult",
    ...     )
    ...     for women, men in [(49, 322), (322, 49)]
    ... )
    >>> thb.revisions(old, new).patterns[0].text
    'BG, 2019: the figures of female and male are exchanged, from 49 and 322 to 322 and 49.'

    References
    ----------
    Eurostat, ESS guidelines on revision policy (2013); R. McKenzie and M. Gamba, Performing
    Revisions and Real-Time Data Analysis (OECD, 2008).
    """
    releases: Any = old if new is None else [old, new]
    is_list, hint = (
        isinstance(releases, list | tuple) and len(releases) > 1,
        "Pass revisions(old, new)",
    )
    require(is_list, "must be two or more releases", hint, releases=type(old).__name__)
    problem = "must be the release days or the order as given"
    require_name(order or "given", ("published", "given"), problem, field="order")
    tables = [tables_of(own, "releases") for own in releases]
    days = [release_day(own) for own in tables]
    stated = [str(day) for day in days if day is not None]
    if order == "published" or (order is None and new is None):
        if len(stated) < len(days):
            raise InvalidValue(
                "must have release days, or an order",
                field="releases",
                value=f"{len(days) - len(stated)} of {len(days)} without a day",
                hint="Pass order='given', or sources with published='2023-05-30'",
            )
        hint, same = "Pass order='given'", [day for day in stated if stated.count(day) > 1]
        require(not same, "must have different release days", hint, releases=", ".join(same))
        ranks = sorted(range(len(releases)), key=stated.__getitem__)
        releases, stated = ([own[i] for i in ranks] for own in (releases, stated))
        tables = [tables[i] for i in ranks]
    elif order is None and len(stated) == 2 and stated[0] > stated[1]:
        raise InvalidValue(
            f"must be released after `old` ({stated[0]})",
            field="new",
            value=stated[1],
            hint="Swap the two releases",
        )
    is_dated = len(set(stated)) == len(releases)
    ends = complete if isinstance(complete, list | tuple) else [complete] * len(releases)
    hint = "Pass complete='2023-Q1'"
    require(
        len(ends) == len(releases), "must be one period for each release", hint, complete=complete
    )
    last = [None if own is None else Period.parse(own) for own in ends]
    plain = [getattr(own, "data", own) for own in releases]
    names = stated if is_dated else [str(i + 1) for i in range(len(releases))]
    alignment = align(plain, tables, names)
    pairs = tuple(pair_of(alignment, i, i + 1, last) for i in range(len(releases) - 1))
    return Revisions(alignment=alignment, pairs=pairs)
