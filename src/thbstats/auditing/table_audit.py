"""Audits of tables of percentages, and the arithmetic of their verdicts."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import groupby, islice
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
    SHARE,
    TOTAL,
    WAYS,
    CountColumn,
    FigureColumns,
    FigureRow,
    bits_of,
    rounding_bits,
    span,
    ways_of,
)
from thbstats.auditing.verdicts import ClaimVerdict, audit_table, verdict_numbers, verdict_row
from thbstats.display import DisplayTable, Group, Row, Tabular, count, percent, signed_percent
from thbstats.errors import UnknownName, did_you_mean
from thbstats.values import LARGEST_COUNT, Interval, Reason, Rounding

if TYPE_CHECKING:
    import pandas as pd


_WAYS = {
    Rounding.HALF_UP: "half up",
    Rounding.HALF_EVEN: "half to even",
    Rounding.HALF_AWAY: "half away from zero",
    Rounding.DOWN: "cut towards zero",
    Rounding.UP: "always rounded away from zero",
}
_MISSING = {
    Reason.SUPPRESSED.severity: "suppressed",
    Reason.NOT_APPLICABLE.severity: "not applicable",
}
_MORE_DECIMALS = 6
"""The largest number of decimals beyond the printed ones in a message."""

_LISTED = 8
"""The largest number of parts that are written as a sum."""

_NAMED = 3
"""The largest number of named percentages that do not come from their counts."""

Rows = NDArray[np.intp]


def listed(names: Sequence[str], word: str = "and") -> str:
    """Return names in a sentence."""
    *most, last = names
    return f"{', '.join(most)} {word} {last}" if most else last


def row_message(figures: FigureColumns, judged: RowVerdicts, row: int, allowed: int) -> str:
    """Return the arithmetic of a row, or the reason why it cannot be judged."""
    if row in figures.unread:
        return f"Not audited: {figures.unread[row]}"
    if not figures.printed.present[row]:
        return "No number is published."
    line = figures.row(row)
    # A change between two rounded rates: the widest range of all allowed methods.
    if row in figures.rates:
        change, methods = figures.rates[row], ways_of(allowed)
        room = reduce(Interval.hull, (change.room(way).interval for way in methods))
        if room.lower is None:
            return f"From {change.old.printed} a relative change is undefined."
        decimals = len(str(line.scale)) - 2
        bounds = signed_percent(room, decimals)
        tail = "" if change.fits(figures.percent(row), methods) else f", not {line.printed}"
        pair = f"From {change.old.printed} to {change.new.printed}"
        return f"{pair}, each rounded, is {bounds}{tail}."
    if figures.kinds[row] == TOTAL:
        return f"A total is 100%, not {line.printed}."
    # The counts of the row itself, with the reason if one of them is missing.
    top, base = bool(figures.top.stated[row]), bool(figures.base.stated[row])
    ways = int(judged.fits[row])
    if top and base:
        text = _of_both(line, ways, allowed)
    else:
        names = ("new count", "old count") if line.is_change else ("numerator", "base")
        unstated = (
            f"The {name} is {_MISSING[reason]}. "
            for name, counts in zip(names, (figures.top, figures.base), strict=True)
            if not counts.stated[row] and (reason := int(counts.reason[row])) in _MISSING
        )
        text = next(unstated, "") + _of_one(line, top, base, bool(ways & allowed), allowed)
    return " ".join(filter(None, [text, _elsewhere(figures, judged, row, line, allowed)]))


def _of_both(line: FigureRow, ways: int, allowed: int) -> str:
    """Return the message on a number with both counts; ``ways`` are the methods that give it."""
    number, of = line.printed, " / " if line.per == 1 else " of "
    # Counts that cannot have any share.
    if line.base.upper == 0:
        if not line.is_change and not line.is_part:
            return f"A ratio with denominator 0 cannot be {number}."
        what = "change from" if line.is_change else "share of"
        return f"A {what} 0 has no percentage and cannot be {number}."
    if line.is_part and (line.top.lower or 0) > (line.base.upper or LARGEST_COUNT):
        return f"{count(line.top)} is a part of {count(line.base)}, but it is larger."
    # Counts with bounds can have the number or not; with one exact count, the other follows.
    if not line.top.is_point or not line.base.is_point:
        can = "can be" if ways & allowed else "cannot be"
        if line.is_change:
            return f"A change from {line.base_words} to {line.top_words} {can} {number}."
        text = f"{line.top_words.capitalize()}{of}{line.base_words} {can} {number}"
        if line.base.is_point:
            tops = line.tops(allowed)
            if tops is None:
                return f"{text}: no integer is {number} of {count(line.base)}."
            return f"{text}: {number} of {count(line.base)} is {span(tops)}."
        if line.top.is_point and (bases := line.bases(allowed)) is not None:
            return f"{text}: {count(line.top)} is {number} of {span(bases)}."
        return f"{text}."
    # Exact counts: their true number, and the methods that print it as published.
    text = f"{count(line.top)}{of}{count(line.base)}"
    if line.is_change:
        text = f"From {count(line.base)} to {count(line.top)}"
    text = f"{text} is {_exactly(line)}"
    methods = listed([_WAYS[way] for way in ways_of(ways)], "or") if ways else ""
    if ways & allowed:
        return f"{text}." if ways & NEAREST == NEAREST else f"{text}: {number} if {methods}."
    # A number that no allowed method gives: the methods that would, and
    unless = f" unless {methods}" if ways else ""
    # the counts that the published number requires.
    bases = line.bases(allowed)
    required = f"{number} requires a denominator of {span(bases)}" if bases else ""
    if line.is_change:
        pairs = ((line.tops(allowed), "new"), (bases, "old"))
        texts = [f"{span(bounds)} as {which} count" for bounds, which in pairs if bounds]
        required = f"this requires {' or '.join(texts)}" if texts else ""
    elif bases is None:
        required = f"{count(line.top)} is not {number} of any integer"
    return f"{text}, not {number}{unless}{f'; {required}' if required else ''}."


def _exactly(line: FigureRow) -> str:
    """Return the true number, with as many decimals as show its side of the published one."""
    top, base = int(line.top.value or 0), int(line.base.value or 1)
    level = line.digits + (line.scale if line.is_change else 0)

    def side(n: int, d: int) -> tuple[bool, ...]:
        """Return where n/d lies: half a unit below the printed number, at it, half above."""
        twice = 2 * (line.scale * n - level * d)
        return (twice < -d, twice == -d, twice < 0, twice == 0, twice == d, twice > d)

    # 55.9502% with two decimals is 55.95%, which seems to lie exactly between 55.9% and 56.0%. So
    # decimals are added until the rounded number is on the same side as the true one.
    true = side(top, base)
    for unit in (line.scale * 10**more for more in range(1, _MORE_DECIMALS + 1)):
        near = (2 * top * unit + base) // (2 * base)
        if side(near, unit) == true:
            break
    exact = "exactly " if near * base == top * unit and (true[1] or true[4]) else ""
    return exact + line.formatted(near - (unit if line.is_change else 0), unit)


def _of_one(line: FigureRow, top: bool, base: bool, fit: bool, allowed: int) -> str:
    """Return the message on a number with at most one count."""
    number, can = line.printed, "can be" if fit else "cannot be"
    # An exact count gives the bounds of the missing one.
    tops = line.tops(allowed) if base and line.base.is_point else None
    bases = line.bases(allowed) if top and line.top.is_point else None
    if not fit and not top and not base:
        return f"A share cannot be {number}."
    if line.is_change:
        if base and line.base.is_point:
            if tops is None:
                return f"{number} from {count(line.base)} does not give an integer."
            return f"{number} from {count(line.base)} gives {span(tops)}."
        if top and line.top.is_point:
            if bases is None:
                return f"{number} to {count(line.top)} has no integer old count."
            return f"{number} to {count(line.top)} requires an old count of {span(bases)}."
        return f"No counts are given for {number}."
    if not top and not base:
        return f"No {'denominator' if line.is_part else 'count'} is given for {number}."
    if top and not line.top.is_point:
        words = line.top_words.capitalize()
        return f"{words} {can} {number} of a denominator that is not stated."
    if base and not line.base.is_point:
        return f"A part of {line.base_words} {can} {number}."
    if top:
        none = bases is None or not fit
        of, is_ = ("any integer", "is not") if none or bases is None else (span(bases), "is")
        return f"The denominator is not stated; {count(line.top)} {is_} {number} of {of}."
    if tops is None or not fit:
        return f"No integer is {number} of {count(line.base)}."
    return f"{number} of {count(line.base)} is {span(tops)}."


def _elsewhere(
    figures: FigureColumns, judged: RowVerdicts, row: int, line: FigureRow, allowed: int
) -> str:
    """Return the other counts of the row that give the number, and those that do not."""
    fit, misfit = judged.fitting(row, allowed), judged.missing(row, allowed)
    both = bool(figures.top.stated[row] and figures.base.stated[row])
    confirmed = both and bool(judged.fits[row] & allowed)
    if not fit and (confirmed or not misfit):
        return ""

    def named(pair: tuple[str, str]) -> str:
        top, base = pair
        if line.is_change:
            return " ".join(filter(None, [base and f"from {base}", top and f"to {top}"]))
        return " ".join(filter(None, [base and f"of {base}", top and f"with {top}"]))

    # "It is 56% of EU28 (1,234), not of EU27": first the counts that give the number.
    tried = listed([named(pair) for pair in misfit], "or") if misfit else ""
    if not fit:
        return f"{'Nor is it' if both else 'It is not'} {line.printed} {tried}."
    texts = []
    for pair in fit:
        other = figures.row(row, pair)
        words = [other.base_words if pair[1] else "", other.top_words if pair[0] else ""]
        texts.append(f"{named(pair)} ({', '.join(filter(None, words))})")
    if confirmed:
        return f"It is {line.printed} {listed(texts)} too."
    only = " only" if len(fit) == 1 and misfit else ""
    return f"It is {line.printed} {listed(texts)}{only}{f', not {tried}' if tried else ''}."


def matched_message(line: FigureRow, sets: Sequence[MatchedSet]) -> str:
    """Return the sets of members that give a percentage."""
    tried = f"{len(sets)} sets of members were tried" if len(sets) > 1 else sets[0].label
    texts = []
    for item in sets:
        top, base = count(item.numerator), count(item.denominator)
        sums = f"from {base} to {top}" if line.is_change else f"{top} of {base}"
        texts += [f"{item.label} ({sums})"] if item.fits else []
    if not texts:
        return f"No set of members gives this percentage: {tried}."
    return f"It is {line.printed} over {listed(texts)}; {tried}."


def group_message(
    figures: FigureColumns,
    checked: GroupChecks,
    group: int,
    check: Check,
    verdict: ClaimVerdict,
    *,
    allowed: int,
) -> str:
    """Return the arithmetic of a group."""
    rows = checked.rows.rows[checked.rows.entries(group)]
    if check is Check.RANKS:
        return _ranks(figures, bool(checked.by_counts[group]), rows, verdict)
    parts, totals = (rows[figures.kinds[rows] == kind] for kind in (SHARE, TOTAL))
    if check is Check.PERCENTAGES:
        return _percentages(figures, parts, totals, verdict, allowed)
    return _parts(figures, parts, totals)


def _parts(figures: FigureColumns, parts: Rows, totals: Rows) -> str:
    """Return the sum of the counts of a group, next to its total."""
    if not len(parts):
        return "No row is a part of this total."
    # Without a row of the total, the parts share one denominator.
    name = "the total" if len(totals) else "the denominator of each"
    counts = figures.top if len(totals) else figures.base
    whole = counts.interval(int(totals[0] if len(totals) else parts[0]))
    top = figures.top[parts]
    uppers = top.upper.tolist()
    made = Interval(sum(top.lower.tolist()), None if LARGEST_COUNT in uppers else sum(uppers))
    text = f"The {len(parts)} parts sum to {span(made)}"
    if top.is_point.all() and len(parts) <= _LISTED:
        text = f"{' + '.join(map(count, top.lower.tolist()))} = {count(made)}"
    if made.overlaps(whole):
        return f"{text}; {name} is {span(whole)}."
    text = f"{text}, but {name} is {span(whole)}"
    if made.value is None or whole.value is None:
        return f"{text}."
    short = whole.value - made.value
    if short < 0:
        return f"{text}: {count(-short)} too many."
    return f"{text}: {count(short)} {'is' if short == 1 else 'are'} in no part."


def _percentages(
    figures: FigureColumns, parts: Rows, totals: Rows, verdict: ClaimVerdict, allowed: int
) -> str:
    """Return the sum of the percentages of a group, next to 100%."""
    values = parts[figures.printed.present[parts]]
    printed = figures.printed[values]
    scale = printed.scale.tolist()
    shares = [Fraction(*pair) for pair in zip(printed.digits.tolist(), scale, strict=True)]
    total = percent(sum(shares, Fraction(0)), len(str(max(scale))) - 3)
    text = f"The {len(values)} percentages sum to {total}"
    if len(values) <= _LISTED:
        numbers = [percent(s, len(str(u)) - 3) for s, u in zip(shares, scale, strict=True)]
        text = f"{' + '.join(number.removesuffix('%') for number in numbers)} = {total}"
    if verdict is ClaimVerdict.CONTRADICTED:
        if sum(shares) == 1:
            return f"{text}: no integers give these percentages."
        return f"{text}: {_not_by_rounding(figures, parts, totals, allowed)}."
    if len(values) < len(parts):
        return f"{text}: the parts that are not published can make up the difference."
    made = "the parts add up" if sum(shares) == 1 else "rounding can explain the difference"
    return f"{text}: {made}."


def _not_by_rounding(figures: FigureColumns, parts: Rows, totals: Rows, allowed: int) -> str:
    """Return the percentages that do not follow from their counts."""
    top, base, printed = figures.top[parts], figures.base[parts], figures.printed[parts]
    counts, bases = top.lower.tolist(), base.lower.tolist()
    # Without all denominators, the sum of all counts is the denominator.
    if not (base.stated & base.is_point).all():
        bases = [sum(counts)] * len(parts)
        if len(totals) or not (top.stated & top.is_point).all():
            return "rounding cannot make this 100%"
    whole: Any = np.array(bases)
    fits = rounding_bits(
        CountColumn.between(top.lower, top.lower, True),
        CountColumn.between(whole, whole, True),
        printed,
        np.ones(len(parts), dtype=np.bool_),
    )
    wrong = np.flatnonzero(top.is_point & printed.present & ((fits & allowed) == 0))
    if not 0 < len(wrong) <= _NAMED:
        return "rounding cannot make this 100%"
    texts = []
    for position in wrong.tolist():
        row = int(parts[position])
        true = percent(
            Fraction(counts[position], bases[position]), len(str(printed.scale[position])) - 3
        )
        texts.append(f"{figures.ids[row]} is {true}, not {figures.row(row).printed}")
    return f"rounding cannot explain the difference, because the counts give {listed(texts)}"


def _ranks(figures: FigureColumns, by_counts: bool, rows: Rows, verdict: ClaimVerdict) -> str:
    """Return whether ranks follow counts or percentages, with two rows that contradict them."""
    if figures.rank is None or verdict is ClaimVerdict.NOT_ASSESSABLE:
        return "Neither counts nor percentages are given for all that is ranked."
    ranked = rows[figures.rank[rows] > 0]
    counted = bool(figures.top.stated[ranked].all())
    if verdict is not ClaimVerdict.CONTRADICTED:
        if by_counts:
            return f"The {len(ranked)} ranks follow the counts."
        tail = ", not the counts" if counted else ""
        return f"The {len(ranked)} ranks follow the percentages{tail}."
    both = counted and bool(figures.printed.present[ranked].all())
    neither = " Nor do the ranks follow the percentages." if both else ""

    def bounds(row: int) -> tuple[Fraction, Fraction]:
        if counted:
            return Fraction(int(figures.top.lower[row])), Fraction(int(figures.top.upper[row]))
        share = Fraction(int(figures.printed.digits[row]), int(figures.printed.scale[row]))
        return share, share

    # Two rows of which the one with no later rank is certainly below the other: from rank to rank,
    # the smallest upper bound so far, and the largest lower bound of this rank.
    smallest, worse, ranks = -1, -1, figures.rank
    for _, alike in groupby(sorted(ranked.tolist(), key=ranks.__getitem__), ranks.__getitem__):
        same = list(alike)
        worse = max(same, key=lambda row: bounds(row)[0])
        earlier = [smallest] if smallest >= 0 else []
        smallest = min([*earlier, *same], key=lambda row: bounds(row)[1])
        if bounds(smallest)[1] < bounds(worse)[0]:
            break
    pair = smallest, worse
    values = [span(figures.top.interval(r)) if counted else figures.texts[r] for r in pair]
    names = [f"{figures.ids[row]} ({value})" for row, value in zip(pair, values, strict=True)]
    first, second = (int(figures.rank[row]) for row in pair)
    if first == second:
        return f"{listed(sorted(names))} share rank {first}.{neither}"
    return f"{names[0]} has rank {first} and {names[1]}, which is more, rank {second}.{neither}"


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
