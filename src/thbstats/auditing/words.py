"""Whether the words that go with a share fit the number: "around a quarter (18 %)"."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from enum import StrEnum
from fractions import Fraction

from attrs import frozen

from thbstats.display.numbers import percent
from thbstats.errors import InvalidValue
from thbstats.values import Interval, Rational

__all__ = ["COMMON_FRACTIONS", "Fit", "WordVerdict", "judge_words"]

#: The fractions that people use in running text: tenths, fifths, quarters, thirds and the half,
#: with their multiples, and the two ends.
COMMON_FRACTIONS: dict[Fraction, str] = {
    Fraction(0): "none",
    Fraction(1, 10): "a tenth",
    Fraction(1, 5): "a fifth",
    Fraction(1, 4): "a quarter",
    Fraction(3, 10): "three tenths",
    Fraction(1, 3): "a third",
    Fraction(2, 5): "two fifths",
    Fraction(1, 2): "half",
    Fraction(3, 5): "three fifths",
    Fraction(2, 3): "two thirds",
    Fraction(7, 10): "seven tenths",
    Fraction(3, 4): "three quarters",
    Fraction(4, 5): "four fifths",
    Fraction(9, 10): "nine tenths",
    Fraction(1): "all",
}
_COMMON = tuple(COMMON_FRACTIONS)


class WordVerdict(StrEnum):
    """How words and number go together."""

    FITTING = "fitting"
    """Every share that can stand behind the number has the meaning of the words."""
    DOUBTFUL = "doubtful"
    """No share that can stand behind the number has it."""
    CANNOT_TELL = "cannot_tell"
    """Some have it and some do not, or the words name no share, or there is no number."""


@frozen(kw_only=True)
class Fit:
    """What became of holding words against a number.

    Parameters
    ----------
    verdict : WordVerdict
        Fitting, doubtful, or that it cannot be told.
    reason : str
        One sentence that says why, for readers of the publication.
    """

    verdict: WordVerdict
    reason: str


@frozen
class _Reading:
    """The shares that words stand for, and how a sentence says so."""

    phrase: str
    meaning: str
    lower: Fraction
    upper: Fraction
    lower_closed: bool = False
    upper_closed: bool = False
    around: Fraction | None = None

    def judge(self, low: Rational, high: Rational) -> WordVerdict:
        after_start = low > self.lower or (self.lower_closed and low == self.lower)
        before_end = high < self.upper or (self.upper_closed and high == self.upper)
        if after_start and before_end:
            return WordVerdict.FITTING
        below = high < self.lower or (high == self.lower and not self.lower_closed)
        above = low > self.upper or (low == self.upper and not self.upper_closed)
        return WordVerdict.DOUBTFUL if below or above else WordVerdict.CANNOT_TELL


def judge_words(words: str, share: Interval | None, *, printed: str = "") -> Fit:
    """Say whether qualifying words fit the share of which they are said.

    Parameters
    ----------
    words : str
        The words as printed, such as ``"over two-thirds"``; the first that name a share count.
    share : Interval or None
        What the share can be, 1 being the whole; for a printed percentage its
        `thbstats.values.Percent.interval`. None when no number stands behind the words.
    printed : str, optional
        The number as the sentence shall show it; made from ``share`` unless given.

    Returns
    -------
    Fit

    Raises
    ------
    InvalidValue
        If the share lies wholly below 0 or above 1.

    Notes
    -----
    Publications do not define such words. These readings are our own. *X* is one of
    `COMMON_FRACTIONS`; its neighbours are the next ones below and above.

    ========================================== ===========================================
    words                                      the share is
    ========================================== ===========================================
    around, about, approximately, roughly X    nearer to X than to any other, or as near
    X alone                                    the same: a figure in words is rounded
    over, above, more than X                   above X and below the neighbour above
    almost, nearly, close to, under, below,    below X and above the neighbour below
    less than X
    at least X; at most, up to X               X or more; X or less
    majority, most of, mostly, mainly,         more than half
    largely, predominantly, primarily
    vast, overwhelming, large majority         more than three quarters
    minority                                   less than half
    all; not all                               1; less than 1
    ========================================== ===========================================

    So "over half" does not fit 95 %, although 95 % is over half: it would mislead. Words that
    name no share, and words with a negation, cannot be told.

    Examples
    --------
    >>> from thbstats.values import Percent
    >>> judge_words("around a quarter", Percent("18").interval, printed="18 %").reason
    "'around a quarter' is said of 18 %; a quarter is 25 % and the nearest common fraction is a \
fifth (20 %)."
    >>> str(judge_words("almost one quarter", Percent("23").interval).verdict)
    'fitting'

    The figures are those of COM(2018) 777, sections II and II.1.
    """
    reading = _read(words)
    if reading is None:
        reason = f"{words!r} names no share that a number could confirm."
        return Fit(verdict=WordVerdict.CANNOT_TELL, reason=reason)
    if share is None or share.undefined:
        reason = f"'{reading.phrase}' is said without a number that could confirm it."
        return Fit(verdict=WordVerdict.CANNOT_TELL, reason=reason)
    low, high = _ends(share)
    verdict = reading.judge(low, high)
    number = printed or percent(share)
    return Fit(verdict=verdict, reason=_sentence(reading, verdict, number, (low + high) / 2))


def _ends(share: Interval) -> tuple[Fraction, Fraction]:
    """The ends of a share, which lies between 0 and 1 also where a rounded figure does not."""
    low = Fraction(0 if share.lower is None else share.lower)
    high = Fraction(1 if share.upper is None else share.upper)
    if low > 1 or high < 0:
        raise InvalidValue(
            "a share lies between 0 and 1",
            field="share",
            value=str(share),
            mend="Divide a percentage by 100",
        )
    return max(low, Fraction(0)), min(high, Fraction(1))


def _sentence(reading: _Reading, verdict: WordVerdict, number: str, middle: Fraction) -> str:
    start = f"'{reading.phrase}' is said of {number}; {reading.meaning}"
    if reading.around is None:
        tail = {
            WordVerdict.FITTING: "is",
            WordVerdict.DOUBTFUL: "is not",
            WordVerdict.CANNOT_TELL: "may or may not be",
        }[verdict]
        return f"{start}, which {number} {tail}."
    if verdict is WordVerdict.FITTING:
        return f"{start} and no other common fraction is nearer."
    if verdict is WordVerdict.CANNOT_TELL:
        return f"{start} and another common fraction may be nearer."
    nearest = min(_COMMON, key=lambda fraction: abs(fraction - middle))
    return f"{start} and the nearest common fraction is {_named(nearest)}."


def _named(fraction: Fraction) -> str:
    return f"{COMMON_FRACTIONS[fraction]} ({_as_percent(fraction)})"


def _as_percent(fraction: Fraction) -> str:
    return percent(fraction, 0 if (100 * fraction).denominator == 1 else 1)


def _below(fraction: Fraction) -> Fraction:
    return _COMMON[max(bisect_left(_COMMON, fraction) - 1, 0)]


def _above(fraction: Fraction) -> Fraction:
    return _COMMON[min(bisect_right(_COMMON, fraction), len(_COMMON) - 1)]


def _around(phrase: str, named: Fraction) -> _Reading:
    meaning = f"{COMMON_FRACTIONS[named]} is {_as_percent(named)}"
    lower, upper = (_below(named) + named) / 2, (named + _above(named)) / 2
    return _Reading(phrase, meaning, lower, upper, True, True, around=named)


def _over(phrase: str, named: Fraction) -> _Reading:
    nearest = _above(named)
    meaning = f"it reads as above {_named(named)} and below the next, {_named(nearest)}"
    return _Reading(phrase, meaning, named, nearest)


def _almost(phrase: str, named: Fraction) -> _Reading:
    nearest = _below(named)
    meaning = f"it reads as below {_named(named)} and above the one before, {_named(nearest)}"
    return _Reading(phrase, meaning, nearest, named)


def _at_least(phrase: str, named: Fraction) -> _Reading:
    return _Reading(phrase, f"it reads as {_named(named)} or more", named, Fraction(1), True, True)


def _at_most(phrase: str, named: Fraction) -> _Reading:
    return _Reading(phrase, f"it reads as {_named(named)} or less", Fraction(0), named, True, True)


_HEDGES: dict[str, Callable[[str, Fraction], _Reading]] = {
    "at least": _at_least,
    "at most": _at_most,
    "up to": _at_most,
    "over": _over,
    "above": _over,
    "more than": _over,
    "almost": _almost,
    "nearly": _almost,
    "close to": _almost,
    "under": _almost,
    "below": _almost,
    "less than": _almost,
    "around": _around,
    "about": _around,
    "approximately": _around,
    "roughly": _around,
}
_NUMERALS = {
    name: number
    for number, name in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], start=1
    )
} | {"a": 1, "an": 1}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}

_NUMERAL = "|".join(sorted(_NUMERALS, key=len, reverse=True))
_FRACTION = re.compile(
    rf"(?:\b(?P<hedge>{'|'.join(_HEDGES)})\s+)?"
    rf"(?:\b(?P<top>{_NUMERAL})[\s-]+(?P<part>{'|'.join(_PARTS)})s?\b"
    rf"|\b(?P<of>{_NUMERAL})\s+(?:in|out of)\s+(?P<all>{_NUMERAL})\b"
    r"|\b(?P<half>half)\b|\b(?P<whole>all)\b)"
)
_HALF, _FULL = Fraction(1, 2), Fraction(1)
_SETS: tuple[tuple[re.Pattern[str], str, Fraction, Fraction, bool], ...] = (
    (re.compile(r"\bnot all\b"), "it reads as less than all", Fraction(0), _FULL, False),
    (
        re.compile(r"\b(?:vast|overwhelming|large) majority\b"),
        "it reads as more than three quarters",
        Fraction(3, 4),
        _FULL,
        True,
    ),
    (
        re.compile(
            r"\bmajority\b|\bmost of\b|\b(?:mostly|mainly|largely|predominantly|primarily)\b"
        ),
        "it reads as more than half",
        _HALF,
        _FULL,
        True,
    ),
    (re.compile(r"\bminority\b"), "it reads as less than half", Fraction(0), _HALF, False),
)
# With these a fraction is denied, compared or one end of a range: nothing is read.
_UNREADABLE = re.compile(r"\b(?:not(?! all\b)|no|never|between|from|half (?:as|again))\b")


def _read(words: str) -> _Reading | None:
    """The first words that name a share."""
    text = " ".join(words.lower().replace("\N{NON-BREAKING HYPHEN}", "-").split())
    if _UNREADABLE.search(text):
        return None
    for pattern, meaning, lower, upper, open_below in _SETS:
        if match := pattern.search(text):
            return _Reading(match[0], meaning, lower, upper, not open_below, open_below)
    match = _FRACTION.search(text)
    return None if match is None else _fraction(match)


def _fraction(match: re.Match[str]) -> _Reading | None:
    phrase, hedge, named = match[0], match["hedge"], _value(match)
    if named not in COMMON_FRACTIONS:
        return None
    if named == 1:
        if hedge is None:
            return _Reading(phrase, "it reads as 100 %", named, named, True, True)
        return _almost(phrase, named) if _HEDGES[hedge] is _almost else None
    return _HEDGES.get(hedge or "", _around)(phrase, named)


def _value(match: re.Match[str]) -> Fraction:
    if match["half"]:
        return _HALF
    if match["whole"]:
        return _FULL
    if match["of"]:
        return Fraction(_NUMERALS[match["of"]], _NUMERALS[match["all"]])
    return Fraction(_NUMERALS[match["top"]], _PARTS[match["part"]])
