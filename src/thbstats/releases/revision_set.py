"""Revisions between releases of a statistic, and the comparison of two sources."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial, reduce
from typing import Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats._files import package_text
from thbstats._properties import cached_property
from thbstats._signatures import explain_arguments
from thbstats.columns import Mask
from thbstats.display import (
    Bullets,
    Column,
    DisplayTable,
    Page,
    PageSection,
    Tabular,
    count,
    decimal,
    percent,
)
from thbstats.errors import require, require_name
from thbstats.languages import Language, Message, Plural, joined
from thbstats.panel import Panel, Result
from thbstats.releases.alignment import (
    CHANGES,
    KNOWN,
    REPEATED,
    SUPPRESSED,
    Alignment,
    CellChange,
    Release,
    Rows,
    align,
    listed_codes,
    rejected_rows,
    release_day,
    tables_of,
)
from thbstats.releases.measures import (
    changed_conclusions,
    equal_age_changes,
    first_releases,
    revision_measures,
)
from thbstats.releases.patterns import PatternSearch
from thbstats.releases.release_pair import COLUMNS, decode, encode
from thbstats.rules import Comparison
from thbstats.tables.encoding import coded, groups, packed
from thbstats.values import Interval, Period, flag_mask
from thbstats.vocabulary import code_text, dimension_text

_SHOWN, _WIDE, _NAMED = 20, 8, 5
"""The rows and columns of a display table, and the items of a note, if there are many."""
_LABELS = ("change", "kind", "risk", "release", "conclusion", "area", "variable", "depth")
_PERCENT = ("share_", "relative_", "producers_", "users_")
_DIFFERS = np.uint32(flag_mask("d"))
_WORDS = {
    text.replace(" ", "_"): Message(text)
    for words in tomllib.loads(package_text("thbstats.releases", "words.toml")).values()
    for text in words
}
"""The words of columns and cells."""


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

    _heads: ClassVar[Mapping[str, str]] = _WORDS

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
            is_list = isinstance(values, Iterable) and not isinstance(values, str)
            several = values if is_list else [values]
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
        is_number = {
            name: pd.api.types.is_numeric_dtype(own) and own.dtype != bool
            for name, own in head.items()
        }
        columns = [
            Column(self._heads.get(name, dimension_text(name)), "right" if right else "left")
            for name, right in is_number.items()
        ]
        coded_names = {n for n, own in head.items() if isinstance(own.dtype, pd.CategoricalDtype)}
        labels = {*_LABELS, "pattern", "dimension", *coded_names}
        cells = [[_text(n, value, n in labels) for value in own] for n, own in head.items()]
        notes = list(self.notes)
        if (n := len(shown)) < (total := len(self.frame)):
            notes.insert(0, Message("First {n} of {total} rows.", n=count(n), total=count(total)))
        lines = list(zip(*cells, strict=True))
        return DisplayTable(caption=self.caption, columns=columns, rows=lines, notes=notes)

    def __repr__(self) -> str:
        n = len(self)
        return f"<{type(self).__name__} {self.caption!r}: {count(n)} row{'s' * (n != 1)}>"


class _SourceTable(RevisionTable):
    """Rows of a comparison of two sources that do not revise each other."""

    _heads = _WORDS | {
        "revised": Message("different"),
        "share_revised": Message("share different"),
        "up": Message("larger in second"),
        "down": Message("smaller in second"),
        "mean_revision": Message("mean difference"),
        "mean_absolute_revision": Message("mean absolute difference"),
        "relative_mean_absolute_revision": Message("relative mean absolute difference"),
        "mean_absolute_if_revised": Message("mean absolute difference if different"),
    }


def _text(name: str, value: Any, is_label: bool) -> str:
    """Return the cell of a column as text; for a label, this is the code in words."""
    if isinstance(value, str):
        words = dimension_text if name == "dimension" else code_text
        return _WORDS.get(value, words(value)) if is_label else value
    if pd.isna(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return Message("yes") if value else ""
    if not isinstance(value, int | float | np.number):
        return value if isinstance(value, str) else str(value)  # a message stays a message
    if np.isinf(value):
        return Message("not bounded")
    if name.startswith(_PERCENT):
        return percent(Fraction(float(value)), 2)
    is_integer = value == int(value)
    return count(int(value)) if is_integer else decimal(Fraction(float(value)), 2)


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class Revisions(Tabular):
    """Revisions of the cells of two or more releases, as columns.

    The length is the number of cells that changed between consecutive releases. `to_frame`
    returns all cells with their outcome, also those without change.

    Parameters
    ----------
    alignment : Alignment
        The cells of all releases, and their outcomes between consecutive releases.
    rejected : tuple of str
        Sentences about the rows of files that were rejected when they were read.
    """

    alignment: Alignment
    rejected: tuple[str, ...] = ()

    _title: ClassVar[str] = Message("Revisions")
    _words: ClassVar[Mapping[CellChange, str]] = {}
    _sides: ClassVar[tuple[str, str]] = ("old", "new")
    _rows: ClassVar[type[RevisionTable]] = RevisionTable

    def __len__(self) -> int:
        return int(np.count_nonzero(self.alignment.outcomes))

    @property
    def releases(self) -> tuple[str, ...]:
        """The names of the releases, the oldest first: their days or positions."""
        return self.alignment.names

    @property
    def _labels(self) -> list[str]:
        return [self._words.get(change, str(change)) for change in CHANGES]

    @property
    def outcomes(self) -> dict[str, int]:
        """The number of cells with each outcome, summed over consecutive pairs of releases."""
        outcomes = self.alignment.outcomes.ravel()
        counts = np.bincount(outcomes, minlength=len(CHANGES)).tolist()
        return dict(zip(self._labels, counts, strict=True))

    @cached_property
    def patterns(self) -> RevisionTable:
        """Groups of revisions that point to an error, with one row for each group.

        ``kind`` is ``permuted`` (figures exchanged between categories), ``shifted`` (moved by one
        row), ``scaled`` (by 10, 100 or 1,000), ``relabelled`` or ``other_table``. ``text`` is the
        pattern in a sentence, ``question`` the sentence for the publisher, and ``positions`` the
        rows of `to_frame`.
        """
        rows = [
            {**row, "positions": row["positions"] + number * len(self.alignment)}
            for number in self._pairs
            for row in PatternSearch(self.alignment, number).patterns()
        ]
        frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object).astype({"cells": int})
        return self._table(Message("Patterns"), [frame])

    @cached_property
    def cells(self) -> RevisionTable:
        """The cells that changed, with old and new bounds, outcome and pattern."""
        changed = np.flatnonzero(self.alignment.outcomes)
        kind = np.full(len(changed), "", dtype=object)
        for row in self.patterns:
            kind[np.searchsorted(changed, row.positions)] = row.kind
        pair, cells = np.divmod(changed, len(self.alignment))
        frames = [
            self._frame(own, cells[pair == own]).assign(pattern=kind[pair == own])
            for own in self._pairs
        ]
        return self._table(Message("Changed cells"), frames, self.notes)

    def to_frame(self) -> pd.DataFrame:
        """Return all cells of all consecutive pairs of releases as a tidy frame."""
        every = np.arange(len(self.alignment))
        return pd.concat([self._frame(pair, every) for pair in self._pairs], ignore_index=True)

    @property
    def _pairs(self) -> range:
        return range(len(self.releases) - 1)

    @property
    def _span(self) -> str:
        to = partial(Message, "{first} to {last}")
        return reduce(lambda first, last: to(first=first, last=last), self.releases)

    def _table(
        self, title: str, frames: Sequence[pd.DataFrame], notes: Sequence[str] = ()
    ) -> RevisionTable:
        caption = Message("{title}, {releases}", title=title, releases=self._span)
        frame = pd.concat(frames, ignore_index=True)
        return self._rows(caption=caption, frame=frame, notes=tuple(notes))

    def _frame(self, pair: int, cells: Rows) -> pd.DataFrame:
        alignment, sides = self.alignment, slice(pair, pair + 2)
        columns = self._keys(alignment.keys, cells) | self._names(pair)
        state, lower, upper = (
            own[sides][:, cells] for own in (alignment.state, alignment.lower, alignment.upper)
        )
        known = state == KNOWN
        for i, side in enumerate(self._sides):
            is_row = state[i] > 0
            columns[side] = pd.arrays.IntegerArray(lower[i].copy(), ~known[i])
            columns[f"{side}_lower"] = pd.arrays.IntegerArray(lower[i].copy(), ~is_row)
            columns[f"{side}_upper"] = np.where(is_row, upper[i], np.nan)
        columns["difference"] = pd.arrays.IntegerArray(lower[1] - lower[0], ~known.all(axis=0))
        columns["change"] = coded(alignment.outcomes[pair, cells], self._labels)
        columns["flagged"] = np.isin(cells, self._flagged(pair))
        return pd.DataFrame(columns)

    def _names(self, pair: int) -> dict[str, str]:
        names = dict(zip(("older", "newer"), self.releases[pair : pair + 2], strict=True))
        return names if len(self._pairs) > 1 else {}

    def _keys(self, names: Iterable[str], cells: Rows) -> dict[str, Any]:
        keys = {name: self.alignment.keys[name].take(cells) for name in names}
        return {name: coded(own.positions, own.categories) for name, own in keys.items()}

    def _flagged(self, pair: int) -> Rows:
        """Return the cells whose suppression changed, with a figure outside the bounds."""
        changes = CellChange.NEWLY_SUPPRESSED, CellChange.NO_LONGER_SUPPRESSED
        cells = np.flatnonzero(self.alignment.has_outcome(pair, *changes))
        (low, lower), (high, upper) = (
            own[pair : pair + 2, cells] for own in (self.alignment.lower, self.alignment.upper)
        )
        outside: Mask = (low > upper) | (lower > high)
        return cells[outside]

    def _figure(self, release: int, cell: int) -> str:
        """Return the figure of a cell as text: a count, a sign of suppression, or bounds."""
        state, lower, upper = (
            own[release, [cell]]
            for own in (self.alignment.state, self.alignment.lower, self.alignment.upper)
        )
        if state[0] in (KNOWN, SUPPRESSED):
            return decode(int(encode(state, lower, upper)[0]))
        return count(Interval(int(lower[0]), None if np.isinf(upper[0]) else int(upper[0])))

    def summary(self, by: str | Iterable[str] = (), *, split: str | None = None) -> RevisionTable:
        """Return the measures of revisions by categories.

        ``mean_revision = sum(L - P) / n``, ``mean_absolute_revision = sum(|L - P|) / n``,
        ``relative_mean_absolute_revision = sum(|L - P|) / sum(|L|)``

        P is the older and L the newer figure of the n cells with a number in both releases. Growing
        periods are left out, and so are periods that contain another period of the same categories.
        With more than two releases, each consecutive pair has rows.

        Parameters
        ----------
        by : str or iterable of str
            The dimensions of the rows. ``"kind"`` is the kind of table.
        split : str, optional
            A dimension that is not in ``by``; the revisions d are split over its categories without
            parts: ``net = |sum d|`` and ``moved = (sum |d| - |sum d|) / 2``, added over the groups.

        Returns
        -------
        RevisionTable
            The number of figures, of revised figures, and of figures revised up and down, the
            measures, the mean absolute revision of revised figures, extremes and quantiles, the
            standard deviation, and ``noise_to_signal``, its ratio to that of L.

        Raises
        ------
        UnknownName
            If a dimension does not exist.
        InvalidValue
            If ``split`` is a dimension of the rows.

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
        is_part: Any = True
        names, frames = self._dimensions(by), []
        if split is not None:
            require_name(split, self.alignment.dimensions, "must be a dimension", field="split")
            problem, hint = "must be another dimension than `by`", "Leave out by or split"
            require(split not in names, problem, hint, split=split)
            dimension, column = self.alignment.dimensions[split], self.alignment.keys[split]
            wholes = [{*dimension.ancestors(code)} if code else () for code in column.categories]
            contains = [[own in whole for whole in wholes] for own in column.categories]
            parts = [code not in ("", dimension.total) for code in column.categories]
            is_part = np.array(parts, dtype=np.bool_)[column.positions]
            is_part &= ~self.alignment.has_part(split, contains)
        for pair in self._pairs:
            cells = np.flatnonzero(self.alignment.is_figure(pair) & is_part)
            early, late = self.alignment.lower[pair : pair + 2, cells]
            frame, group = self._measures(names, cells, early, late)
            if split is not None:
                owner, first = groups(self.alignment.without(split, cells))
                total, absolute = (
                    np.bincount(owner, own, minlength=len(first))
                    for own in (late - early, np.abs(late - early))
                )
                net = np.abs(total)
                for name, own in (("net", net), ("moved", (absolute - net) / 2)):
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
        sizes = {name: len(self.alignment.keys[name].categories) for name in names}
        if several := {name: size + 1 for name, size in sizes.items() if size > 1}:
            positions = [self.alignment.position(name, cells) for name in several]
            group, rows = groups(packed(zip(positions, several.values(), strict=True), len(cells)))
            first = cells[rows]
        size = len(first) if names else 1
        measures = revision_measures(early, late, group, size)
        return pd.DataFrame({**self._keys(names, first), **measures}), group

    @cached_property
    def _first(self) -> NDArray[np.intp]:
        return first_releases(self.alignment)

    def by_age(self, by: str | Iterable[str] = (), *, include_older: bool = False) -> RevisionTable:
        """Return the measures of revisions by the age of the figures.

        The revision of age k is the figure of a cell in its (k + 1)-th release minus its first
        figure.

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
        is_growing = [self.alignment.has_outcome(i, CellChange.GROWING) for i in self._pairs]
        older = (first < 0) & state[0] & ~self.alignment.is_wide & ~np.any(is_growing, axis=0)
        first = np.where(older, 0, first) if include_older else first
        for age in range(1, len(self.releases)):
            cells = np.flatnonzero((first >= 0) & (first + age < len(self.releases)))
            cells = cells[state[first[cells] + age, cells]]
            early, late = (lower[first[cells] + n, cells] for n in (0, age))
            frame, _ = self._measures(names, cells, early, late)
            frame.insert(0, "age", age)
            frames.append(frame)
        n, notes = int(older.sum()), list[str]()
        if n and not include_older:
            text = Plural(
                "{n} figure of an earlier period is left out: the first release is older than "
                "these releases.",
                "{n} figures of earlier periods are left out: the first release is older than "
                "these releases.",
                n,
                n=count(n),
            )
            notes.append(text)
        return self._table(Message("Revisions by age"), frames, notes)

    def change_at_equal_age(self) -> RevisionTable:
        """Return changes between consecutive periods, as published and at equal age.

        ``published = x_t(r) / x_s(r) - 1``, ``equal_age = x_t(k) / x_s(k) - 1`` for the period t,
        the period s before it and the release r, in which the figure of t has the age k

        In each release, the figure of s has been revised more often than that of t.
        """
        changes = equal_age_changes(self.alignment, self._first)
        return self._table(Message("Change at equal age"), [changes])

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
        hint = "Use lambda t: thb.share(t, ...)"
        require(callable(function), "must be a function", hint, function=function)
        results: list[Any] = [function(release) for release in self.alignment.data]
        results = [
            own.panel.take([own.position]) if isinstance(own, Result) else own for own in results
        ]
        types, hint = {type(own) for own in results}, "Return thb.share(t, ...)"
        is_result = types == {Comparison} or all(isinstance(own, Panel) for own in results)
        problem = "must return a panel, a result or a comparison"
        require(is_result, problem, hint, function=", ".join(own.__name__ for own in types))
        frames = []
        for pair in self._pairs:
            old, new = results[pair : pair + 2]
            if types == {Comparison}:
                row = (old.label, "verdict", old.verdict.label, new.verdict.label)
                columns = ["label", "conclusion", "old", "new"]
                rows = [row] * (old.verdict != new.verdict)
                frame = pd.DataFrame(rows, columns=columns, dtype=object)
            else:
                frame = changed_conclusions(old, new)
            frames.append(frame.assign(**self._names(pair)))
        return self._table(Message("Conclusions that differ"), frames)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about the comparison: rejected rows, repeated cells, growing periods."""
        notes, alignment = [*self.rejected], self.alignment
        if not len(self):
            notes.append(Message("The releases have the same cells with the same counts."))
        for number, name in enumerate(self.releases):
            cells = np.flatnonzero(alignment.state[number] == REPEATED)
            if n := len(cells):
                shown = [alignment.describe(cells[i : i + 1]) for i in range(min(n, _NAMED))]
                listed = joined(shown, "; ", "; ")
                if n > _NAMED:
                    listed = Message("{cells} and others", cells=listed)
                notes.append(
                    Plural(
                        "{name} has several values for {n} cell, which is not compared: {cells}.",
                        "{name} has several values for {n} cells, which are not compared: {cells}.",
                        n, name=name, n=count(n), cells=listed,
                    )
                )  # fmt: skip
        for pair in self._pairs:
            growing = np.flatnonzero(alignment.has_outcome(pair, CellChange.GROWING))
            for cell in growing[:_NAMED].tolist():
                old, new = (self._figure(release, cell) for release in (pair, pair + 1))
                notes.append(
                    Message(
                        "{where}: {release} does not contain the whole period: from {old} to {new} "
                        "is not a revision.",
                        where=alignment.describe(np.array([cell])), release=self.releases[pair],
                        old=old, new=new,
                    )
                )  # fmt: skip
            if (n := len(growing) - _NAMED) > 0:
                notes.append(
                    Plural(
                        "{release} does not contain the whole period of {n} further cell.",
                        "{release} does not contain the whole period of {n} further cells.",
                        n, release=self.releases[pair], n=count(n),
                    )
                )  # fmt: skip
            if n := len(self._flagged(pair)):
                notes.append(
                    Plural(
                        "The suppression of {n} cell changed with a figure outside the published "
                        "bounds: the count or the rule changed.",
                        "The suppression of {n} cells changed with a figure outside the published "
                        "bounds: the count or the rule changed.",
                        n, n=count(n),
                    )
                )  # fmt: skip
        return tuple(notes)

    def display_table(self) -> DisplayTable:
        """Return the outcomes of all cells as a display table, with patterns and notes."""
        rows = [(name, n) for name, n in self.outcomes.items() if n]
        text = "Pattern ({kind}): {text}"
        patterns = [Message(text, kind=_WORDS[own.kind], text=own.text) for own in self.patterns]
        frame = pd.DataFrame(rows, columns=["change", "cells"])
        return self._table(self._title, [frame], [*patterns[:_NAMED], *self.notes]).display_table()

    def page(self, language: "str | Language" = "en") -> Page:
        """Return a page with outcomes, patterns, measures and the largest revisions.

        Parameters
        ----------
        language : str or Language
            The language of the texts: ``"en"``, ``"fr"`` or ``"de"``. Numbers follow the language.
        """
        frame = self.cells.frame.sort_values(
            "difference", key=lambda own: own.astype("Float64").abs().fillna(-1), ascending=False
        )
        shown = [*self.alignment.varying, *self._sides, "difference", "change", "pattern"]
        largest = self._table(Message("Cells"), [frame[shown]]).display_table()
        heading = Message("Questions to the publisher")
        questions = self.patterns.frame["question"]
        prose = [Bullets(questions, heading=heading)] if len(questions) else Message("None.")
        measures = self.summary("kind").display_table()
        n, total = count(len(self)), count(self.alignment.outcomes.size)
        page = Page(
            title=Message("{title}: {releases}", title=self._title, releases=self._span),
            lead=Message("Cells that differ: {n} of {total}.", n=n, total=total),
            sections=[
                PageSection(heading=Message("Outcomes"), tables=[self.display_table()]),
                PageSection(heading=Message("Patterns"), prose=prose),
                PageSection(heading=Message("Measures"), tables=[measures]),
                PageSection(heading=Message("Largest differences"), tables=[largest]),
            ],
        )
        # English texts keep what a later translation needs.
        chosen = Language.of(language)
        return page if chosen.code == "en" else page.in_language(chosen)

    def to_dict(self) -> dict[str, Any]:
        """Return outcomes, patterns and measures as plain data for JSON."""
        patterns = self.patterns.frame[list(COLUMNS[:-1])].to_dict("records")
        # A ratio to figures of 0 is not bounded, and JSON has no such number.
        frame = self.summary("kind").frame.replace([np.inf, -np.inf], np.nan)
        measures = frame.astype(object)
        return {
            "releases": list(self.releases),
            "outcomes": self.outcomes,
            "patterns": patterns,
            "measures": measures.where(measures.notna(), None).to_dict("records"),
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        parts = ", ".join(f"{count(n)} {name}" for name, n in self.outcomes.items() if n)
        n = len(self.patterns)
        patterns = f"; {count(n)} pattern{'s' * (n > 1)}" * (n > 0)
        return f"<{type(self).__name__} {self._span}: {parts}{patterns}>"


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
    is_several = isinstance(releases, list | tuple) and len(releases) > 1
    problem, hint = "must be two or more releases", "Pass revisions(old, new)"
    require(is_several, problem, hint, releases=type(old).__name__)
    problem = "must be the release days or the order as given"
    require_name(order or "given", ("published", "given"), problem, field="order")
    tables = [tables_of(own, "releases") for own in releases]
    ends = complete if isinstance(complete, list | tuple) else [complete] * len(releases)
    problem, hint = "must be one period for each release", "Pass complete='2023-Q1'"
    require(len(ends) == len(releases), problem, hint, complete=complete)
    days = [release_day(own) for own in tables]
    stated = [str(day) for day in days if day is not None]
    if order == "published" or (order is None and new is None):
        hint = "Pass order='given', or sources with published='2023-05-30'"
        lacking = f"{len(days) - len(stated)} of {len(days)} without a day"
        is_dated = len(stated) == len(days)
        require(is_dated, "must have release days, or an order", hint, releases=lacking)
        hint, same = "Pass order='given'", [day for day in stated if stated.count(day) > 1]
        require(not same, "must have different release days", hint, releases=", ".join(same))
        ranks = sorted(range(len(releases)), key=stated.__getitem__)
        releases, stated = ([own[i] for i in ranks] for own in (releases, stated))
        tables, ends = ([own[i] for i in ranks] for own in (tables, ends))
    elif order is None:
        problem = f"must be released after `old` ({max(stated, default='')})"
        require(
            stated == sorted(stated), problem, "Swap the two releases", new=min(stated, default="")
        )
    is_dated = len(set(stated)) == len(releases)
    last = [None if own is None else Period.parse(own) for own in ends]
    plain = [getattr(own, "data", own) for own in releases]
    names = stated if is_dated else [str(i + 1) for i in range(len(releases))]
    rejected = [
        text for own, name in zip(releases, names, strict=True) for text in rejected_rows(own, name)
    ]
    alignment = align(plain, tables, names, last)
    return Revisions(alignment=alignment, rejected=tuple(rejected))


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class Reconciliation(Revisions):
    """Comparison of the cells of two sources, as columns.

    Parameters
    ----------
    differences : tuple of str
        Differences of definition, status and coverage, as sentences.
    """

    differences: tuple[str, ...] = ()

    _title: ClassVar[str] = Message("Sources")
    _words: ClassVar[Mapping[CellChange, str]] = {
        CellChange.REVISED: "different",
        CellChange.NARROWED: "narrower_in_second",
        CellChange.WIDENED: "wider_in_second",
        CellChange.FIRST_PUBLISHED: "only_in_second",
        CellChange.WITHDRAWN: "only_in_first",
        CellChange.NEWLY_SUPPRESSED: "suppressed_in_second",
        CellChange.NO_LONGER_SUPPRESSED: "suppressed_in_first",
        CellChange.ZERO_TO_BLANK: "zero_in_first",
        CellChange.BLANK_TO_ZERO: "zero_in_second",
        CellChange.GROWING: "incomplete_in_first",
    }
    _sides: ClassVar[tuple[str, str]] = ("first", "second")
    _rows: ClassVar[type[RevisionTable]] = _SourceTable

    @property
    def _span(self) -> str:
        return joined(self.releases)

    @property
    def notes(self) -> tuple[str, ...]:
        """The differences of the sources, and then sentences about the cells."""
        return (*self.differences, *super().notes)


@explain_arguments
def reconcile(
    first: Release,
    second: Release,
    *,
    names: tuple[str, str] = ("first", "second"),
    match: Mapping[str, str] | None = None,
) -> Reconciliation:
    """Compare two sources of one statistic, cell by cell.

    Parameters
    ----------
    first, second : CountTable, Dataset or Reading
        Two sources, such as GLOTIP and Eurostat, or the registers of two countries.
    names : tuple of str
        The names of the sources.
    match : mapping of str to str, optional
        For mirror flows, the dimension of ``second`` that corresponds to a dimension of ``first``:
        ``{"area": "citizenship", "citizenship": "area"}`` compares the victims of citizenship B
        that A registered with the report of B on its citizens in A.

    Returns
    -------
    Reconciliation
        As `revisions`, with the words of sources. An attribute with one value in each source, such
        as the status, is not compared; `Reconciliation.differences` names it first.

    Raises
    ------
    InvalidValue
        If the sources are of different kinds or count different units, or have no common cells.

    Examples
    --------
    >>> import thbstats as thb
    >>> detected, registered = (
    ...     thb.CountTable.from_rows(
    ...         rows, columns=["area", "value"], kind="victims", period=2020, status=status
    ...     )
    ...     for rows, status in [
    ...         ([("FR", 100), ("BE", 40)], "detected"), ([("FR", 120)], "registered")]
    ... )
    >>> found = thb.reconcile(detected, registered, names=("GLOTIP", "Eurostat"))
    >>> found.differences
    ('status: detected in GLOTIP, registered in Eurostat.', 'area: BE only in GLOTIP.')
    >>> found
    <Reconciliation GLOTIP and Eurostat: 1 different, 1 only_in_first>

    References
    ----------
    Eurostat, ESS guidelines for quality reporting, coherence and mirror statistics.
    """
    hint = "Pass names=('GLOTIP', 'Eurostat')"
    require(len([*names]) == 2, "must be two names", hint, names=names)
    both = [tables_of(own, name) for own, name in ((first, "first"), (second, "second"))]
    tables = [table for own in both for table in own.values()]
    dimensions = {item.name: item for own in tables for item in own.columns.schema.dimensions}
    matched = {*(match or {}), *(match or {}).values()}
    for name in matched:
        require_name(name, dimensions, "must be a dimension of the sources", field="match")
    ignored, definitions, coverage = [], list[str](), list[str]()
    for name, dimension in dimensions.items():
        codes, others = (
            {
                code
                for table in own.values()
                if name in table.dimensions
                for code in table.categories(name)
            }
            for own in both
        )
        if codes == others or name in matched or not (codes and others):
            continue
        label, is_attribute = dimension_text(name), dimension.content == "codes"
        if is_attribute and dimension.total is None and len(codes) == len(others) == 1:
            texts = [*map(listed_codes, (codes, others))]
            is_same = name != "unit" or "not stated" in texts
            require(is_same, f"must count {texts[0]}", "Compare one unit", second=texts[1])
            ignored.append(name)
            definitions.append(
                Message(
                    "{dimension}: {code} in {first}, {other} in {second}.",
                    dimension=label, code=texts[0], other=texts[1], first=names[0], second=names[1],
                )
            )  # fmt: skip
        else:
            parts = [
                Message("{codes} only in {source}", codes=listed_codes(own), source=source)
                for own, source in zip((codes - others, others - codes), names, strict=True)
                if own
            ]
            text = Message("{text}.", text=joined(parts, ", "))
            coverage.append(Message("{name}: {figure}", name=label, figure=text))
    for tables_of_source, source in zip(both, names, strict=True):
        flags = (own.flags & _DIFFERS for own in tables_of_source.values())
        if n := sum(map(np.count_nonzero, flags)):
            text = Plural(
                "{source}: {n} figure has the flag d (definition differs).",
                "{source}: {n} figures have the flag d (definition differs).",
                n, source=source, n=count(n),
            )  # fmt: skip
            definitions.append(text)
    plain: list[Any] = [getattr(own, "data", own) for own in (first, second)]
    alignment = align(plain, both, names, [None, None], ignored=ignored, match=match)
    rejected = (*rejected_rows(first, names[0]), *rejected_rows(second, names[1]))
    differences = (*definitions, *coverage)
    return Reconciliation(alignment=alignment, differences=differences, rejected=rejected)
