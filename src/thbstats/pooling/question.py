"""The question behind a share, and its answer for every member and for the whole area."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.pooling.classification import Classification, classify, require_divided
from thbstats.pooling.nested import Counts, Flags, Nested, agree, solve
from thbstats.pooling.overlap import Tally, require_no_larger
from thbstats.pooling.scope import Cells, scope
from thbstats.pooling.series import series
from thbstats.results import Base, Excess, Measure, Parts, Range, Share, base_of, words
from thbstats.tables import CountTable
from thbstats.values import Interval
from thbstats.vocabulary import Overlap

__all__ = ["Answer", "Question", "printed_or_summed"]

_BASES = ("all", "recorded")


def _said(word: str | None) -> Overlap | None:
    return None if word is None else Overlap.parse(word)


@frozen(kw_only=True)
class Question:
    """What is asked of a table: a base, an area, what all shares have in common."""

    table: CountTable
    base: str
    area: str | Area | None
    overlap: Overlap | None = field(converter=_said)
    within: Mapping[str, str]
    attributes: Mapping[str, Any]

    def __attrs_post_init__(self) -> None:
        if self.base not in _BASES:
            raise InvalidValue(
                "a share has one of two bases",
                field="base",
                value=self.base,
                mend='Say base="all" (with the unknown) or base="recorded" (without)',
            )

    def answer(self, names: tuple[str, ...], chosen: Mapping[str, str] | None) -> "Answer":
        """Read the cells and solve them, for each member and for the whole area."""
        where = scope(self.table, self.area, **self.attributes)
        parts = classify(where.table, names, chosen, self.within)
        require_divided(where.table, parts)
        cells = where.cells(
            [{**self.within, **cell} for cell in ({}, *parts.recorded, *parts.unknown)]
        )
        together = printed_or_summed(cells)
        require_no_larger(together, parts, where.area)
        multiple = bool((cells.unanswered[1 : 1 + len(parts.recorded)] >= 0).any())
        said = self.overlap or (Overlap.OVERLAPPING if multiple else None)
        overlap, excess = _tally(cells, parts).settle(said)
        solved = partial(_solve, parts, overlap)
        each = solved(cells.applying, cells.applying_hidden)
        return Answer(
            cells=cells,
            classification=parts,
            base=base_of(series(where.table), self.base, names, self.within, overlap),
            excess=excess,
            each=each,
            stated=solved(cells.stated, cells.stated_hidden),
            whole=_whole(solved(together, _hidden(cells), _held(cells)), each, cells),
        )


def _tally(cells: Cells, parts: Classification) -> Tally:
    """Return what the printed area and each member gave."""
    return Tally(
        counts=cells.stated.beside(cells.applying),
        classification=parts,
        reporters=(cells.scope.area.code, *cells.members),
    )


def _solve(
    parts: Classification,
    overlap: Overlap,
    counts: Counts,
    hidden: Flags,
    held: Flags | bool = False,
) -> Nested:
    known = len(parts.recorded)
    unknown_hidden: Flags = np.any(hidden[1 + known :], axis=0)
    categories = counts.of(slice(1, 1 + known))
    return solve(
        counts.of(0),
        categories if parts.wider is None else categories.split(parts.wider),
        counts.of(slice(1 + known, None)),
        overlap=overlap,
        closed=parts.closed,
        held=held if isinstance(held, bool) else held[1 : 1 + known],
        hidden=unknown_hidden,
    )


def printed_or_summed(cells: Cells) -> Counts:
    """Return what is printed for the whole area and what its members add up to, together."""
    if not cells.scope.members:
        return cells.whole
    return agree(cells.whole, cells.applying.pooled(), cells.stated_hidden)


def _hidden(cells: Cells) -> Flags:
    """Which counts of the whole area, or of any member, their source hides."""
    hidden: Flags = cells.stated_hidden | cells.applying_hidden.any(axis=1, keepdims=True)
    return hidden


def _held(cells: Cells) -> Flags:
    """Which sums over members have an interval of a source in them."""
    each = cells.applying
    held: Flags = np.any(each.given & ~each.is_point, axis=-1, keepdims=True)
    return held | cells.stated_hidden


def _whole(printed: Nested, each: Nested, cells: Cells) -> Nested:
    """Return the parts of the whole area's total, with what is known of each member."""
    if not cells.scope.members:
        return printed
    together = {
        name: agree(getattr(printed, name), getattr(each, name).pooled(), hidden)
        for name, hidden in _kept(cells.stated_hidden, len(printed.numerator.lower)).items()
    }
    return Nested(gap=printed.gap, **together)


def _kept(hidden: Flags, known: int) -> dict[str, Flags]:
    """Which parts have a count in them that is printed for the whole area, and hidden there."""
    total, categories = hidden[0], hidden[1 : 1 + known]
    unknown = hidden[1 + known :].any(axis=0)
    others = categories.sum(axis=0) > categories
    return {
        "numerator": categories,
        "others": others,
        "everyone_else": others | total | unknown,
        "unknown": unknown,
        "recorded": categories.any(axis=0) | unknown,
        "everyone": total,
    }


def _share_of(part: Counts, rest: Counts, base: Counts) -> Interval:
    """Return the share of a part; a base that cannot be empty leaves none undefined."""
    share = Interval.share_of(part.interval(), rest.interval())
    return evolve(share, undefined=share.undefined and base.interval().lower == 0)


@frozen(kw_only=True, eq=False)
class Answer:
    """The counts behind all shares of one question.

    Parameters
    ----------
    cells : Cells
        The counts as read: the total, the recorded categories, the unknown ones.
    classification : Classification
        What each of them is.
    base : Base
        The denominator.
    excess : Excess or None
        Where overlapping categories make more than their total.
    each, stated, whole : Nested
        What they say of each other: for each member, in what is printed for the area, and for
        all of the area.
    """

    cells: Cells
    classification: Classification
    base: Base
    excess: Excess | None
    each: Nested
    stated: Nested
    whole: Nested

    def share(self, place: int, among: frozenset[str] | None = None) -> Share:
        """Return the share of one recorded category, not yet assessed.

        Parameters
        ----------
        place : int
            The category.
        among : frozenset of str, optional
            The members of whom alone it is reported, whatever is printed for the area.
        """
        counted = series(self.cells.scope.table)
        given, printed = self._given(self.each, place), bool(self._given(self.stated, place).all())
        if among is not None:
            given = given & np.array([member in among for member in self.cells.members], np.bool_)
            printed = False
        used = self._used(place, given, printed)
        category = self.classification.recorded[place]
        return Share(
            indicator="share",
            label=words(category),
            measure=Measure.SHARE,
            category=tuple({**dict(self.base.within), **category}.items()),
            numerator=used.numerator.of(place).interval(),
            denominator=self._total(used).interval(),
            base=self.base,
            estimand=f"recorded as {words(category)} among {self.base.label}",
            reported=self._share(used, place) if printed or given.any() else None,
            bounds=self._share(self.whole, place),
            possible=self._possible(place),
            unknown=used.unknown.interval(),
            gap=self._gap(),
            excess=self.excess,
            context=self.cells.context(printed, given, counted, counted, used=self._read(place)),
            parts=self._parts(place, given),
            sharp=self._sharp(place),
        )

    def parts(self, place: int, *, spread: bool = False) -> Parts:
        """Return what each member adds; spread, once any of its unknown can be anywhere."""
        part = self.each.numerator.of(place)
        rest = (self.each.others if spread else self._rest(self.each)).of(place)
        joining = self.each.unknown.upper if spread else np.zeros(len(part.upper))
        return Parts(
            members=self.cells.members,
            numerator=Range(part.lower, part.upper + joining),
            rest=Range(rest.lower, rest.upper + joining),
            given=self._given(self.each, place),
            measure=Measure.SHARE,
        )

    def _read(self, place: int) -> Sequence[int] | None:
        """The selections behind a share: all of them, or its category and everybody."""
        return None if self.base.rule == "recorded" else (0, 1 + place)

    def _used(self, place: int, given: Flags, printed: bool) -> Nested:
        """The counts behind `reported`: as printed, of the members that gave them, or of all."""
        if printed:
            complete = self.cells.whole.given[[0, 1 + place]].all()
            return self.whole if complete else self.stated
        return self.each.over(given) if given.any() else self.whole

    def _share(self, parts: Nested, place: int) -> Interval:
        return _share_of(parts.numerator.of(place), self._rest(parts).of(place), self._total(parts))

    def _rest(self, parts: Nested) -> Counts:
        return parts.others if self.base.rule == "recorded" else parts.everyone_else

    def _total(self, parts: Nested) -> Counts:
        return parts.recorded if self.base.rule == "recorded" else parts.everyone

    def _given(self, parts: Nested, place: int) -> Flags:
        given: Flags = parts.numerator.of(place).given & self._rest(parts).of(place).given
        return given

    def extremes(self, place: int) -> tuple[tuple[Counts, Counts], tuple[Counts, Counts]]:
        """Return a category and the rest, the unknown all outside it and as many as can inside."""
        part, others = self.whole.numerator.of(place), self.whole.others.of(place)
        outside = part, self.whole.everyone_else.of(place)
        most = self._with_unanswered(place)
        if most is not None:
            return outside, (most, self.whole.everyone - most)
        joining, staying = self._unknown(place)
        return outside, (part + joining, others + staying)

    def _possible(self, place: int) -> Interval:
        """The share once the unknown are counted in the category, or all outside it."""
        lowest, highest = (
            _share_of(*counts, self.whole.everyone) for counts in self.extremes(place)
        )
        # Exclusive parts above their total put the one above the other.
        most = lowest.hull(highest).upper
        return Interval(lowest.lower, most, undefined=lowest.undefined)

    def _unknown(self, place: int) -> tuple[Counts, Counts]:
        """The unknown who can belong to a category, and those who surely do not."""
        can = np.array(self.classification.compatible(place), dtype=np.bool_)
        if can.all() or self.base.overlap is not Overlap.EXCLUSIVE:
            return self.whole.unknown, Counts.zero(1)
        rows = printed_or_summed(self.cells).of(slice(1 + len(self.classification.recorded), None))
        joining, staying = rows.of(can).together(), rows.of(~can).together()
        unknown = self.whole.unknown
        return agree(joining, unknown - staying), agree(staying, unknown - joining)

    def _with_unanswered(self, place: int) -> Counts | None:
        """A category with the cases to which it may apply, where the table has them.

        A case with another category counts too, and one of unknown sex to whom it applies. Where a
        member does not have them, it is those of its unknown category.
        """
        further, first = self.cells.unanswered, 1 + len(self.classification.recorded)
        if (further[1 + place] < 0).all() or self.base.overlap is Overlap.EXCLUSIVE:
            return None
        counts, parts = (
            (self.cells.applying, self.each)
            if self.cells.scope.printed is None
            else (printed_or_summed(self.cells), self.whole)
        )

        def most(end: str) -> Any:
            own, unknown = further[1 + place], getattr(parts.unknown, end)
            found = getattr(counts, end)[1 + place] + np.where(own < 0, unknown, own)
            for at, can in enumerate(self.classification.compatible(place), start=first):
                there = further[at] >= 0
                if can and there.any():
                    found = found + np.where(there, getattr(counts, end)[at] + further[at], 0)
            return np.minimum(found, parts.everyone.upper)

        given = counts.given[1 + place]
        return Counts(most("lower"), most("upper"), given).pooled()

    def _gap(self) -> Interval | None:
        """The printed total minus its parts: a member's, where that one certainly is not 0."""
        if self.base.overlap is not Overlap.EXCLUSIVE:
            return None
        for gap in (self.whole.gap, self.each.gap):
            wrong = np.flatnonzero((gap.lower > 0) | (gap.upper < 0))
            if len(wrong):
                return gap.of(slice(wrong[0], wrong[0] + 1)).signed()
        return self.whole.gap.signed() if self.whole.gap.given[0] else None

    def _parts(self, place: int, given: Flags) -> Parts | None:
        return evolve(self.parts(place), given=given) if self.cells.members_read else None

    def _sharp(self, place: int) -> bool:
        """Whether no count that is an interval is tied to another one."""
        cells = self.cells
        each, printed = cells.applying, _informs(cells.stated)
        if self.base.overlap is not Overlap.EXCLUSIVE or (printed and _informs(each)):
            return False
        read, solved = (cells.whole, self.whole) if printed else (each, self.each)
        total, part = read.of(0), solved.numerator.of(place)
        free = (total.lower == 0) & np.isinf(total.upper) & (self.classification.wider is None)
        return bool((part.is_point | free).all())


def _informs(counts: Counts) -> bool:
    """Whether anything is known of any count."""
    return bool(((counts.lower > 0) | np.isfinite(counts.upper)).any())
