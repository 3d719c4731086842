"""Messages on groups of rows."""

from fractions import Fraction
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from thbstats.auditing.audited_claims import ClaimVerdict
from thbstats.auditing.published_tables.figures import SHARE, TOTAL, PublishedFigures
from thbstats.auditing.published_tables.groups import Check, GroupChecks
from thbstats.auditing.published_tables.rounding_ways import roundings
from thbstats.auditing.published_tables.table_lines import line_of, listed, span
from thbstats.display import count, percent
from thbstats.values import LARGEST_COUNT, Interval

__all__ = ["group_message"]

_LISTED = 8
"""How many parts are written out as a sum."""

_NAMED = 3
"""How many percentages that do not come from their counts are named."""


def group_message(
    figures: PublishedFigures,
    checked: GroupChecks,
    group: int,
    check: Check,
    verdict: ClaimVerdict,
    *,
    allowed: int,
) -> str:
    """Return the arithmetic of a group in a sentence."""
    rows = checked.rows.of_group(group)
    if check is Check.RANKS:
        return _ranks(figures, checked, group, rows, verdict)
    parts = rows[figures.kinds[rows] == SHARE]
    totals = rows[figures.kinds[rows] == TOTAL]
    if check is Check.PERCENTAGES:
        return _percentages(figures, parts, totals, verdict, allowed)
    return _parts(figures, parts, totals)


def _sum(figures: PublishedFigures, rows: NDArray[np.intp]) -> Interval:
    lower = sum(figures.top.lower[rows].tolist())
    uppers = figures.top.upper[rows].tolist()
    return Interval(lower, None if LARGEST_COUNT in uppers else sum(uppers))


def _parts(figures: PublishedFigures, parts: NDArray[np.intp], totals: NDArray[np.intp]) -> str:
    if not len(parts):
        return "No row is a part of this total."
    counts = figures.top if len(totals) else figures.base
    row = totals[0] if len(totals) else parts[0]
    whole = counts.interval(int(row))
    made, known = _sum(figures, parts), figures.top.lower[parts] == figures.top.upper[parts]
    name = "the total" if len(totals) else "the denominator of each"
    if known.all() and len(parts) <= _LISTED:
        phrases = " + ".join(count(number) for number in figures.top.lower[parts].tolist())
        text = f"{phrases} = {count(made)}"
    else:
        text = f"The {len(parts)} parts sum to {span(made)}"
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
    figures: PublishedFigures,
    parts: NDArray[np.intp],
    totals: NDArray[np.intp],
    verdict: ClaimVerdict,
    allowed: int,
) -> str:
    given = parts[figures.printed.present[parts]]
    digits, scale = figures.printed.digits[given].tolist(), figures.printed.scale[given].tolist()
    places = len(str(max(scale))) - 3
    shares = [Fraction(one, unit) for one, unit in zip(digits, scale, strict=True)]
    total = percent(sum(shares, Fraction(0)), places)
    text = f"The {len(given)} percentages sum to {total}"
    if len(given) <= _LISTED:
        each = zip(shares, scale, strict=True)
        phrases = (percent(part, len(str(unit)) - 3).removesuffix("%") for part, unit in each)
        text = f"{' + '.join(phrases)} = {total}"
    if verdict is ClaimVerdict.CONTRADICTED:
        exact = sum(shares) == 1
        why = (
            "no integers give these percentages"
            if exact
            else _not_by_rounding(figures, parts, totals, allowed)
        )
        return f"{text}: {why}."
    if len(given) < len(parts):
        return f"{text}: the parts that are not published can make up the difference."
    made = "the parts add up" if sum(shares) == 1 else "rounding can explain the difference"
    return f"{text}: {made}."


def _not_by_rounding(
    figures: PublishedFigures, parts: NDArray[np.intp], totals: NDArray[np.intp], allowed: int
) -> str:
    """Return the percentages that do not follow from their counts."""
    top, own = figures.top, figures.base
    counts = top.lower[parts].tolist()
    bases = own.lower[parts].tolist()
    if not (own.stated & own.is_point)[parts].all():
        bases = [sum(counts)] * len(parts)
        if len(totals) or not (top.stated & top.is_point)[parts].all():
            return "rounding cannot make this 100%"
    columns = figures.printed.digits[parts], figures.printed.scale[parts]
    fits = roundings(top.lower[parts], np.array(bases), *columns, figures.number_kind[parts])
    wrong = top.is_point[parts] & figures.printed.present[parts] & ((fits & allowed) == 0)
    if not wrong.any() or wrong.sum() > _NAMED:
        return "rounding cannot make this 100%"
    phrases = []
    for at in np.flatnonzero(wrong).tolist():
        line = line_of(figures, int(parts[at]))
        true = percent(Fraction(counts[at], bases[at]), len(str(line.scale)) - 3)
        phrases.append(f"{figures.ids[parts[at]]} is {true}, not {line.printed}")
    return f"rounding cannot explain the difference, because the counts give {listed(phrases)}"


def _ranks(
    figures: PublishedFigures,
    checked: GroupChecks,
    group: int,
    rows: NDArray[np.intp],
    verdict: ClaimVerdict,
) -> str:
    if figures.rank is None or verdict is ClaimVerdict.NOT_ASSESSABLE:
        return "Neither counts nor percentages are given for all that is ranked."
    ranked = rows[figures.rank[rows] > 0]
    counted = bool(figures.top.stated[ranked].all())
    if verdict is not ClaimVerdict.CONTRADICTED:
        if checked.by_counts[group]:
            return f"The {len(ranked)} ranks follow the counts."
        also = ", not the counts" if counted else ""
        return f"The {len(ranked)} ranks follow the percentages{also}."
    both = counted and bool(figures.printed.present[ranked].all())
    neither = " Nor do the ranks follow the percentages." if both else ""
    better, worse = _disagreeing(figures, ranked, counted)
    names = [f"{figures.ids[row]} ({_value(figures, row, counted)})" for row in (better, worse)]
    ranks = [int(figures.rank[row]) for row in (better, worse)]
    if ranks[0] == ranks[1]:
        return f"{listed(sorted(names))} share rank {ranks[0]}.{neither}"
    return (
        f"{names[0]} has rank {ranks[0]} and {names[1]}, which is more, rank {ranks[1]}.{neither}"
    )


def _disagreeing(
    figures: PublishedFigures, ranked: NDArray[np.intp], counted: bool
) -> tuple[int, int]:
    """Return two rows of which the one of no worse rank is surely below the other."""
    rank = np.zeros(0) if figures.rank is None else figures.rank[ranked]
    ranks = dict(zip(ranked.tolist(), rank.tolist(), strict=True))
    least, worse = -1, -1
    for _, rows in groupby(sorted(ranks, key=ranks.__getitem__), ranks.__getitem__):
        alike = list(rows)
        worse = max(alike, key=lambda row: _ends(figures, row, counted)[0])
        first = [least] if least >= 0 else []
        least = min([*first, *alike], key=lambda row: _ends(figures, row, counted)[1])
        if _ends(figures, least, counted)[1] < _ends(figures, worse, counted)[0]:
            break
    return least, worse


def _ends(figures: PublishedFigures, row: int, counted: bool) -> tuple[Fraction, Fraction]:
    """Return the least and the most that what is ranked can be."""
    if counted:
        return Fraction(int(figures.top.lower[row])), Fraction(int(figures.top.upper[row]))
    share = Fraction(int(figures.printed.digits[row]), int(figures.printed.scale[row]))
    return share, share


def _value(figures: PublishedFigures, row: int, counted: bool) -> str:
    return span(figures.top.interval(row)) if counted else figures.texts[row]
