"""Audits of tables of percentages, and the arithmetic of their verdicts."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.auditing.figure_checks import (
    CONFIRMED,
    CONSISTENT,
    CONTRADICTED,
    KINDS,
    NOT_ASSESSABLE,
    SHARE,
    TOTAL,
    VERDICTS,
    Check,
    FigureColumns,
    FigureRow,
    GroupChecks,
    MatchedSet,
    RowVerdicts,
    check_groups,
    judge_rows,
    span,
)
from thbstats.auditing.percentage_tables import TableStyle, read_figures, read_members
from thbstats.auditing.rounding_methods import (
    NEAREST,
    WAYS,
    CountColumn,
    ExactShares,
    bits_of,
    decimals_of,
    rounding_bits,
    ways_of,
)
from thbstats.auditing.verdicts import ClaimVerdict, audit_table, verdict_numbers, verdict_row
from thbstats.display import DisplayTable, Group, Row, Tabular, count, percent, signed_percent
from thbstats.errors import UnknownName, did_you_mean, require_name
from thbstats.languages import Message, Plural, capitalised, joined, paragraph
from thbstats.values import LARGEST_COUNT, Interval, Reason, Rounding
from thbstats.vocabulary import code_text

if TYPE_CHECKING:
    import pandas as pd


_WAYS = {
    Rounding.HALF_UP: Message("half up"),
    Rounding.HALF_EVEN: Message("half to even"),
    Rounding.HALF_AWAY: Message("half away from zero"),
    Rounding.DOWN: Message("cut towards zero"),
    Rounding.UP: Message("always rounded away from zero"),
}
_MISSING = {
    Reason.SUPPRESSED.severity: Message("suppressed"),
    Reason.NOT_APPLICABLE.severity: Message("not applicable"),
}
_NAMES = {  # of both counts of a change, and of another number
    True: (Message("new count"), Message("old count")),
    False: (Message("numerator"), Message("base")),
}
_MORE_DECIMALS = 6
"""The largest number of decimals beyond the printed ones in a message."""

_LISTED = 8
"""The largest number of parts that are written as a sum."""

_NAMED = 3
"""The largest number of named percentages that do not come from their counts."""

Rows = NDArray[np.intp]


def row_message(figures: FigureColumns, judged: RowVerdicts, row: int, allowed: int) -> str:
    """Return the arithmetic of a row, or the reason why it cannot be judged."""
    if row in figures.unread:
        return Message("Not audited: {reason}", reason=figures.unread[row])
    if not figures.printed.present[row]:
        return Message("No number is published.")
    line = figures.row(row)
    # A change between two rounded rates: the widest range of all allowed methods.
    if row in figures.rates:
        change, methods = figures.rates[row], ways_of(allowed)
        room = reduce(Interval.hull, (change.room(way).interval for way in methods))
        old, new = change.old.printed, change.new.printed
        if room.lower is None:
            return Message("From {old} a relative change is undefined.", old=old)
        bounds = signed_percent(room, decimals_of(line.scale) + 1)
        text = "From {old} to {new}, each rounded, is {change}."
        if not change.fits(figures.percent(row), methods):
            text = "From {old} to {new}, each rounded, is {change}, not {number}."
        return Message(text, old=old, new=new, change=bounds, number=line.printed)
    if figures.kinds[row] == TOTAL:
        text = "A total is 100%, not {number}."
        if figures.top.upper[row] == 0:
            text = "A share with denominator 0 cannot be {number}."
        return Message(text, number=line.printed)
    # The counts of the row itself, with the reason if one of them is missing.
    top, base = bool(figures.top.stated[row]), bool(figures.base.stated[row])
    ways = int(judged.fits[row])
    elsewhere = _elsewhere(figures, judged, row, line, allowed)
    if top and base:
        return paragraph([_of_both(line, ways, allowed), elsewhere])
    unstated = (
        Message("The {count} is {reason}.", count=name, reason=_MISSING[reason])
        for name, counts in zip(_NAMES[line.is_change], (figures.top, figures.base), strict=True)
        if not counts.stated[row] and (reason := int(counts.reason[row])) in _MISSING
    )
    own = _of_one(line, top, base, bool(ways & allowed), allowed)
    return paragraph([next(unstated, ""), own, elsewhere])


def _of_both(line: FigureRow, ways: int, allowed: int) -> str:
    """Return the message on a number with both counts; ``ways`` are the methods that give it."""
    number, fits = line.printed, bool(ways & allowed)
    # Counts that cannot have any share.
    if line.base.upper == 0:
        text = "A share with denominator 0 cannot be {number}."
        if line.is_change:
            text = "A change from 0 has no percentage and cannot be {number}."
        elif not line.is_part:
            text = "A ratio with denominator 0 cannot be {number}."
        return Message(text, number=number)
    if line.is_part and (line.top.lower or 0) > (line.base.upper or LARGEST_COUNT):
        text = "{part} is a part of {whole}, but it is larger."
        return Message(text, part=count(line.top), whole=count(line.base))
    text = "{part} of {whole}"
    if line.is_change:
        text = "From {whole} to {part}"
    elif line.per == 1:
        text = "{part} / {whole}"
    # Counts with bounds can have the number or not; with one exact count, the other follows.
    if not line.top.is_point or not line.base.is_point:
        if line.is_change:
            text = "a change from {whole} to {part}"
        pair = capitalised(Message(text, part=line.top_words, whole=line.base_words))
        text = "{pair} cannot be {number}."
        if fits:
            text = "{pair} can be {number}."
        follows = ""
        if line.base.is_point and not line.is_change:
            follows = _part_of(number, line.tops(allowed), line.base)
        elif line.top.is_point and not line.is_change and (bases := line.bases(allowed)):
            clause = "{part} is {number} of {whole}"
            own = Message(clause, part=count(line.top), number=number, whole=span(bases))
            follows = Message("{clause}.", clause=own)
        return paragraph([Message(text, pair=pair, number=number), follows])
    pair = Message(text, part=line.top_words, whole=line.base_words)
    return _of_exact(line, pair, ways, allowed)


def _of_exact(line: FigureRow, pair: str, ways: int, allowed: int) -> str:
    """Return the message on a number with exact counts; ``pair`` has these counts in words."""
    # The true number, and the methods that print it as published.
    number = line.printed
    values: dict[str, object] = {
        "pair": pair, "value": _exactly(line), "number": number,
        "methods": joined((_WAYS[way] for way in ways_of(ways)), " or "),
    }  # fmt: skip
    if ways & allowed:
        text = "{pair} is {value}: {number} if {methods}."
        if ways & NEAREST == NEAREST:
            text = "{pair} is {value}."
        return Message(text, **values)
    # A number that no allowed method gives: the methods that would, and
    text = "{pair} is {value}, not {number}."
    if ways:
        text = "{pair} is {value}, not {number} unless {methods}."
    # the counts that the published number requires.
    bases, required = line.bases(allowed), ""
    if line.is_change:
        pairs = zip((line.tops(allowed), bases), _NAMES[True], strict=True)
        named = [
            Message("{bounds} as {count}", bounds=span(own), count=name)
            for own, name in pairs
            if own
        ]
        counts = joined(named, " or ")
        required = Message("The number requires {counts}.", counts=counts) if named else ""
    elif bases is None:
        template = "{part} is not {number} of any integer."
        required = Message(template, part=line.top_words, number=number)
    else:
        clause = "{number} requires a denominator of {whole}"
        required = Message("{clause}.", clause=Message(clause, number=number, whole=span(bases)))
    return paragraph([Message(text, **values), required])


def _part_of(number: str, tops: Interval | None, base: Interval) -> str:
    """Return the numerators that give a number with a denominator."""
    if tops is None:
        return Message("No integer is {number} of {whole}.", number=number, whole=count(base))
    text = "{number} of {whole} is {part}."
    return Message(text, number=number, whole=count(base), part=span(tops))


def _exactly(line: FigureRow) -> str:
    """Return the true number, with enough decimals to differ from the published number."""
    top, base = int(line.top.value or 0), int(line.base.value or 1)
    level = line.digits + (line.scale if line.is_change else 0)

    def side(n: int, d: int) -> tuple[bool, ...]:
        """Return the position of n/d: at the printed number, or half a unit below or above it."""
        twice = 2 * (line.scale * n - level * d)
        return (twice < -d, twice == -d, twice < 0, twice == 0, twice == d, twice > d)

    # 55.9502% with two decimals is 55.95%, which seems to lie exactly between 55.9% and 56.0%. So
    # decimals are added until the rounded number is on the same side as the true one.
    true = side(top, base)
    for unit in (line.scale * 10**more for more in range(1, _MORE_DECIMALS + 1)):
        near = (2 * top * unit + base) // (2 * base)
        if side(near, unit) == true:
            break
    text = line.formatted(near - (unit if line.is_change else 0), unit)
    is_exact = near * base == top * unit and (true[1] or true[4])
    return Message("exactly {number}", number=text) if is_exact else text


def _of_one(line: FigureRow, top: bool, base: bool, fit: bool, allowed: int) -> str:
    """Return the message on a number with at most one count; an exact count bounds the other."""
    has_top, has_base = top and line.top.is_point, base and line.base.is_point
    tops = line.tops(allowed) if has_base else None
    bases = line.bases(allowed) if has_top else None
    if not fit and not top and not base:
        return _without_counts(line)
    if line.is_change:
        return _of_change(line, (top, base), fit, tops or bases)
    elif has_base:
        return _part_of(line.printed, tops if fit else None, line.base)
    elif base:
        text = "A part of {whole} cannot be {number}."
        if fit:
            text = "A part of {whole} can be {number}."
    elif has_top:
        text = "The denominator is not stated; {part} is not {number} of any integer."
        if bases is not None and fit:
            text = "The denominator is not stated; {part} is {number} of {whole}."
    elif top:
        text = "{part} cannot be {number} of a denominator that is not stated."
        if fit:
            text = "{part} can be {number} of a denominator that is not stated."
    else:
        text = "No count is given for {number}."
        if line.is_part:
            text = "No denominator is given for {number}."
    part = count(line.top) if has_top else capitalised(line.top_words)
    whole = line.base_words if base else span(bases or Interval.at_least(0))
    return Message(text, number=line.printed, part=part, whole=whole)


def _without_counts(line: FigureRow) -> str:
    """Return the message that a number is impossible for all counts."""
    text = "A ratio cannot be {number}."
    if line.is_change:
        text = "A change cannot be {number}."
    elif line.is_part:
        text = "A share cannot be {number}."
    elif line.per > 1:
        text = "A rate cannot be {number}."
    return Message(text, number=line.printed)


def _of_change(
    line: FigureRow, stated: tuple[bool, bool], fit: bool, bounds: Interval | None
) -> str:
    """Return the message on a change with at most one count, and the bounds of the other count."""
    text, (top, base) = "No counts are given for {number}.", stated
    old, new = line.base_words, line.top_words
    if base and not line.base.is_point:
        text = "A change of {number} is not possible for an old count of {old}."
        if fit:
            text = "A change of {number} is possible for an old count of {old}."
    elif base:
        text = "{number} from {old} does not give an integer."
        if bounds is not None:
            text = "{number} from {old} gives {bounds}."
    elif top and not line.top.is_point:
        text = "A new count of {new} cannot result from a change of {number}."
        if fit:
            text = "A new count of {new} can result from a change of {number}."
    elif top:
        text = "{number} to {new} has no integer old count."
        if bounds is not None:
            text = "{number} to {new} requires an old count of {bounds}."
    other = span(bounds or Interval.at_least(0))
    return Message(text, number=line.printed, old=old, new=new, bounds=other)


def _elsewhere(
    figures: FigureColumns, judged: RowVerdicts, row: int, line: FigureRow, allowed: int
) -> str:
    """Return the other counts of the row that give the number, and those that do not give it."""
    fit, misfit = judged.pairs(row, allowed)
    both = bool(figures.top.stated[row] and figures.base.stated[row])
    confirmed = both and bool(judged.fits[row] & allowed)
    if not fit and (confirmed or not misfit):
        return ""

    def named(pair: tuple[str, str]) -> str:
        text, other = "of {name}", "with {name}"
        if line.is_change:
            text, other = "from {name}", "to {name}"
        top, base = Message(other, name=pair[0]), Message(text, name=pair[1])
        return joined([*[base] * bool(pair[1]), *[top] * bool(pair[0])], " ")

    # "It is 56% of EU28 (1,234), not of EU27": first the counts that give the number.
    tried, number = joined(map(named, misfit), " or "), line.printed
    if not fit:
        text = "It is not {number} {counts}."
        if both:
            text = "Nor is it {number} {counts}."
        return Message(text, number=number, counts=tried)
    texts = []
    for pair in fit:
        other = figures.row(row, pair)
        words = [other.base_words if pair[1] else "", other.top_words if pair[0] else ""]
        own = joined(filter(None, words), ", ")
        texts.append(joined((named(pair), Message("({figure})", figure=own)), " "))
    text = "It is {number} {counts}."
    if confirmed:
        text = "It is {number} {counts} too."
    elif misfit:
        text = "It is {number} {counts}, not {others}."
        if len(fit) == 1:
            text = "It is {number} {counts} only, not {others}."
    return Message(text, number=number, counts=joined(texts), others=tried)


def matched_message(line: FigureRow, sets: Sequence[MatchedSet]) -> str:
    """Return the sets of members that give a percentage."""
    tried = Message("{n} sets of members were tried", n=len(sets))
    texts = []
    for item in sets:
        text = "{name} ({top} of {base})"
        if line.is_change:
            text = "{name} (from {base} to {top})"
        top, base = count(item.numerator), count(item.denominator)
        texts += [Message(text, name=item.label, top=top, base=base)] * item.fits
    text = "It is {number} over {sets}; {tried}."
    if not texts:
        text = "No set of members gives this percentage: {tried}."
    label = tried if len(sets) > 1 else sets[0].label
    return Message(text, number=line.printed, sets=joined(texts), tried=label)


def _parts(figures: FigureColumns, parts: Rows, totals: Rows) -> str:
    """Return the sum of the counts of a group, next to its total."""
    if not len(parts):
        return Message("No row is a part of this total.")
    # Without a count of the total, the parts share one denominator.
    totals = totals[figures.top.stated[totals]]
    counts = figures.top if len(totals) else figures.base
    whole = counts.interval(int(totals[0] if len(totals) else parts[0]))
    top = figures.top.take(parts)
    uppers = top.upper.tolist()
    made = Interval(sum(top.lower.tolist()), None if LARGEST_COUNT in uppers else sum(uppers))
    added: str = Message("The {n} parts sum to {total}", n=len(parts), total=span(made))
    if top.is_point.all() and len(parts) <= _LISTED:
        added = joined((joined(map(count, top.lower.tolist()), " + ", " + "), count(made)), " = ")
    name = Message("the total") if len(totals) else Message("the denominator of each")
    text, missing = "{sum}, but {name} is {whole}.", ""
    if made.overlaps(whole):
        text = "{sum}; {name} is {whole}."
    elif made.value is not None and whole.value is not None:
        short = int(whole.value - made.value)
        missing = Plural("{n} is in no part.", "{n} are in no part.", short, n=count(short))
        if short < 0:
            missing = Message("This is {n} too many.", n=count(-short))
    return paragraph([Message(text, sum=added, name=name, whole=span(whole)), missing])


def _percentages(
    figures: FigureColumns, parts: Rows, totals: Rows, verdict: ClaimVerdict, allowed: int
) -> str:
    """Return the sum of the percentages of a group, next to 100%."""
    values = parts[figures.printed.present[parts]]
    printed = figures.printed.take(values)
    scale = printed.scale.tolist()
    shares = [Fraction(*pair) for pair in zip(printed.digits.tolist(), scale, strict=True)]
    total = percent(sum(shares, Fraction(0)), decimals_of(max(scale)))
    added: str = Message("The {n} percentages sum to {total}", n=len(values), total=total)
    if len(values) <= _LISTED:
        numbers = [percent(s, decimals_of(u)) for s, u in zip(shares, scale, strict=True)]
        added = joined((" + ".join(own.removesuffix("%") for own in numbers), total), " = ")
    wrong = list[str]()
    text = "{sum}: rounding can explain the difference."
    if verdict is ClaimVerdict.CONTRADICTED:
        wrong = _not_by_rounding(figures, parts, totals, allowed)
        text = "{sum}: rounding cannot make this 100%."
        if sum(shares) == 1:
            text = "{sum}: no integers give these percentages."
        elif wrong:
            text = (
                "{sum}: rounding cannot explain the difference, because the counts give {shares}."
            )
    elif len(values) < len(parts):
        text = "{sum}: the parts that are not published can make up the difference."
    elif sum(shares) == 1:
        text = "{sum}: the parts add up."
    return Message(text, sum=added, shares=joined(wrong))


def _not_by_rounding(figures: FigureColumns, parts: Rows, totals: Rows, allowed: int) -> list[str]:
    """Return the few percentages that do not follow from their counts."""
    top, base = figures.top.take(parts), figures.base.take(parts)
    printed = figures.printed.take(parts)
    counts, bases = top.lower.tolist(), base.lower.tolist()
    # Without all denominators, the sum of all counts is the denominator.
    if not (base.stated & base.is_point).all():
        bases = [sum(counts)] * len(parts)
        if len(totals) or not (top.stated & top.is_point).all():
            return []
    whole: Any = np.array(bases)
    fits = rounding_bits(
        CountColumn.between(top.lower, top.lower, True),
        CountColumn.between(whole, whole, True),
        printed,
        np.ones(len(parts), dtype=np.bool_),
    )
    wrong = np.flatnonzero(top.is_point & printed.present & ((fits & allowed) == 0)).tolist()
    texts: list[str] = []
    for position in wrong if len(wrong) <= _NAMED else ():
        row, decimals = int(parts[position]), decimals_of(int(printed.scale[position]))
        true = percent(Fraction(counts[position], bases[position]), decimals)
        text, number = "{name} is {share}, not {number}", figures.row(row).printed
        texts.append(Message(text, name=figures.ids[row], share=true, number=number))
    return texts


def _ranks(
    figures: FigureColumns, by_counts: bool, rows: Rows, verdict: ClaimVerdict, allowed: int
) -> str:
    """Return whether ranks follow counts or percentages, with two rows that contradict them."""
    if figures.rank is None or verdict is ClaimVerdict.NOT_ASSESSABLE:
        return Message("Neither counts nor percentages are given for all that is ranked.")
    ranked = rows[figures.rank[rows] > 0]
    counted = bool(figures.top.stated[ranked].all())
    if verdict is not ClaimVerdict.CONTRADICTED:
        text = "The {n} ranks follow the percentages."
        if verdict is ClaimVerdict.CONSISTENT:
            text = "The {n} ranks are possible for these percentages."
        if by_counts:
            text = "The {n} ranks follow the counts."
            if verdict is ClaimVerdict.CONSISTENT:
                text = "The {n} ranks are possible for these counts."
        elif counted:
            text = "The {n} ranks follow the percentages, not the counts."
        return Message(text, n=len(ranked))
    both = counted and bool(figures.printed.present[ranked].all())
    neither = Message("The ranks do not follow the percentages either.") if both else ""

    low, high = figures.top.lower[ranked], figures.top.upper[ranked]
    if not counted:
        printed = figures.printed.take(ranked)
        low, high = ExactShares.of(printed, printed.scale.max(), ways_of(allowed)[0]).quarters
    bounds = dict(zip(ranked.tolist(), zip(low, high, strict=True), strict=True))

    # Two rows of which the one with no later rank is certainly below the other: from rank to rank,
    # the smallest upper bound so far, and the largest lower bound of this rank.
    smallest, worse, ranks = -1, -1, figures.rank
    for _, alike in groupby(sorted(ranked.tolist(), key=ranks.__getitem__), ranks.__getitem__):
        same = list(alike)
        worse = max(same, key=lambda row: bounds[row][0])
        earlier = [smallest] if smallest >= 0 else []
        smallest = min([*earlier, *same], key=lambda row: bounds[row][1])
        if bounds[smallest][1] < bounds[worse][0]:
            break
    pair = smallest, worse
    values = [span(figures.top.interval(r)) if counted else figures.texts[r] for r in pair]
    names = [
        Message("{name} ({figure})", name=figures.ids[row], figure=value)
        for row, value in zip(pair, values, strict=True)
    ]
    first, second = (int(figures.rank[row]) for row in pair)
    if first == second:
        text = "{names} share rank {rank}."
        return paragraph([Message(text, names=joined(sorted(names)), rank=first), neither])
    text = "{name} has rank {rank} and {other}, which is more, rank {later}."
    order = Message(text, name=names[0], rank=first, other=names[1], later=second)
    return paragraph([order, neither])


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
        sets = self.matched
        return {
            **{name: str(getattr(self, name)) for name in texts},
            "numerator": [self.numerator.lower, self.numerator.upper],
            "denominator": [self.denominator.lower, self.denominator.upper],
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
    members : mapping of int to list of MatchedSet
        The sets of members that were tried, by row of the table.
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
    members: Mapping[int, list[MatchedSet]] = field(factory=dict, repr=False)
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
        return tuple(
            AuditedGroup(
                group=self.checked.names[group],
                check=check,
                verdict=verdict,
                message=self._group_message(group, check, verdict),
            )
            for group, check, verdict in self.checked
            if verdict in self.shown_verdicts
        )

    def _group_message(self, group: int, check: Check, verdict: ClaimVerdict) -> str:
        """Return the arithmetic of a group."""
        figures, checked = self.figures, self.checked
        rows = checked.rows.rows[checked.rows.entries(group)]
        if check is Check.RANKS:
            return _ranks(figures, bool(checked.by_counts[group]), rows, verdict, self._allowed)
        parts, totals = (rows[figures.kinds[rows] == kind] for kind in (SHARE, TOTAL))
        if check is Check.PERCENTAGES:
            return _percentages(figures, parts, totals, verdict, self._allowed)
        return _parts(figures, parts, totals)

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
            require_name(str(verdict), VERDICTS, "must be a verdict", field="verdicts")
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
        fitting, missing = self.judged.pairs(row, allowed)
        sets = self.members.get(row, [])
        verdict = VERDICTS[self.verdicts[row]]
        # The verdict on a total without another percentage than 100 depends on its parts only.
        is_sum = figures.kinds[row] == TOTAL and (
            not figures.printed.present[row] or self.judged.fits[row] & allowed
        )
        if is_sum and not figures.top.stated[row]:
            message: str = Message("No count is given for the total.")
        elif is_sum:
            message = self._group_message(int(self.checked.keys[row]), Check.PARTS, verdict)
        else:
            matched = matched_message(figures.row(row), sets) if sets else ""
            message = paragraph([row_message(figures, self.judged, row, allowed), matched])
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
            tried=tuple(map(_joined, [*fitting, *missing])),
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
            frame["message"] = [str(item.message) for item in self]
        return frame

    def display_table(self) -> DisplayTable:
        """Return the audit as a table; if it has many rows, only the contradicted rows."""
        shown = self if len(self) <= _SHOWN else self.issues
        checks = shown.groups
        groups = checks[:_SHOWN]
        rows: list[Row | Group] = [
            verdict_row(item.id, item.printed, item.verdict, item.message)
            for item in evolve(shown, rows=shown.rows[:_SHOWN])
        ]
        rows += [Group(Message("Groups"))] if groups else []
        rows += [verdict_row(f"{g.group}: {g.check}", "", g.verdict, g.message) for g in groups]
        left = len(shown) - _SHOWN
        notes: list[str] = []
        notes += [Message("Only contradicted rows are shown.")] if shown is not self else []
        notes += [Message("{n} more rows are contradicted.", n=count(left))] if left > 0 else []
        if left := len(checks) - len(groups):
            notes.append(Message("{n} more checks of groups are not shown.", n=count(left)))
        return audit_table(self.title, Message("Figure"), rows, [*notes, *self._notes()])

    def _notes(self) -> Iterator[str]:
        yield Message("Verdicts: {numbers}.", numbers=verdict_numbers(self.counts()))
        if wrong := len(self.figures.unread):
            singular, plural = "{n} row is not audited.", "{n} rows are not audited."
            yield Plural(singular, plural, wrong, n=count(wrong))
        text = "Rounded to the nearest; halves up, away from zero or to the even digit."
        if self.rounding is not None:
            text = "Rounding method: {method}."
        method = _WAYS.get(self.rounding or Rounding.UNKNOWN, code_text(Rounding.UNKNOWN))
        yield Message(text, method=method)
        size = int(np.count_nonzero(self._known_fits()))
        whole = [way for way, n in self.fits_by_rounding().items() if n == size]
        if size >= _SEVERAL and not set(ways_of(NEAREST)) <= set(whole):
            text = "No single rounding method gives all percentages of known counts."
            if whole:
                text = "One rounding method gives {n} percentages of known counts: {methods}."
            yield Message(
                text, n=count(size), methods=joined((_WAYS[way] for way in whole), " or ")
            )
        yield from (Message("{clause}.", clause=note) for note in self.figures.notes)

    @property
    def heading(self) -> str:
        """The number of rows by verdict."""
        numbers = [f"{count(n)} {v.replace('_', ' ')}" for v, n in self.counts().items() if n]
        return ": ".join(filter(None, [f"{count(len(self))} figures", ", ".join(numbers)]))

    def __repr__(self) -> str:
        return f"<TableAudit of {self.title}, {self.heading}>"


def _joined(pair: tuple[str, str]) -> str:
    return " and ".join(filter(None, pair))


def audit_percentages(source: Any, style: TableStyle, members: Any, rounding: Any) -> TableAudit:
    """Return the audit of a table of percentages."""
    if rounding is not None:
        problem = "`rounding` must be a rounding method"
        require_name(str(rounding), Rounding, problem, field="rounding")
        rounding = Rounding(str(rounding))
    figures, allowed = read_figures(source, style), bits_of(rounding)
    judged, checked = judge_rows(figures, allowed), check_groups(figures, allowed)
    verdicts = judged.verdicts.copy()
    # A total has the verdict of its parts, unless another percentage than 100 is printed.
    totals = np.flatnonzero((figures.kinds == TOTAL) & (verdicts != CONTRADICTED))
    sums = checked.verdicts[Check.PARTS][checked.keys[totals]]
    is_open = (sums < 0) | ~figures.top.stated[totals]
    verdicts[totals] = np.where(is_open, NOT_ASSESSABLE, sums)
    sets: dict[int, list[MatchedSet]] = {}
    if members is not None:
        selected = figures.printed.present & (verdicts != CONFIRMED) & (figures.kinds != TOTAL)
        sets = read_members(members, figures, selected, style, allowed=allowed)
        for row, tried in sets.items():
            if verdicts[row] == NOT_ASSESSABLE and any(item.fits for item in tried):
                verdicts[row] = CONSISTENT
    return TableAudit(
        figures=figures,
        verdicts=verdicts,
        judged=judged,
        checked=checked,
        members=sets,
        rounding=rounding,
        rows=np.arange(len(figures)),
    )
