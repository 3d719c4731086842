"""Whether the words that go with a share fit the number: "around a quarter (18%)"."""

from enum import StrEnum
from fractions import Fraction

from attrs import frozen

from thbstats.claims import COMMON_FRACTIONS, Wording, named_fraction, read_wording
from thbstats.display.numbers import percent
from thbstats.errors import InvalidValue
from thbstats.values import Interval, Rational

__all__ = ["COMMON_FRACTIONS", "Fit", "WordVerdict", "judge_words"]


class WordVerdict(StrEnum):
    """How words and number go together."""

    FITTING = "fitting"
    """Every share that can stand behind the number has the meaning of the words."""
    DOUBTFUL = "doubtful"
    """No share that can stand behind the number has it."""
    NOT_ASSESSABLE = "not_assessable"
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


def judge_words(words: str, share: Interval | None, *, printed: str = "", place: str = "") -> Fit:
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
    place : str, optional
        Where the words stand, such as ``"section II.1"``, for the sentence to say.

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

    So "over half" does not fit 95%, although 95% is over half: it would mislead. Words that
    name no share, and words with a negation, cannot be told.

    Examples
    --------
    >>> from thbstats.values import Percent
    >>> judge_words("around a quarter", Percent("18").interval, printed="18%").reason
    "'around a quarter' is said of 18%; a quarter is 25% and the nearest common fraction is a \
fifth (20%)."
    >>> judge_words("majority", Percent("61").interval, place="section II").reason
    "Section II calls 60.5% to 61.5% 'majority'; this means more than half, which 60.5% to 61.5% is."
    >>> str(judge_words("almost one quarter", Percent("23").interval).verdict)
    'fitting'

    The figures are those of COM(2018) 777, sections II and II.1.
    """
    reading = read_wording(words)
    if reading is None:
        reason = f"{words!r} names no share that a number could confirm."
        return Fit(verdict=WordVerdict.NOT_ASSESSABLE, reason=reason)
    if share is None or share.undefined:
        reason = f"'{reading.phrase}' is said without a number that could confirm it."
        return Fit(verdict=WordVerdict.NOT_ASSESSABLE, reason=reason)
    low, high = _ends(share)
    verdict = _judge(reading, low, high)
    number = printed or percent(share)
    start = f"'{reading.phrase}' is said of {number}"
    if place:
        start = f"{place[:1].upper()}{place[1:]} calls {number} '{reading.phrase}'"
    tail = _meaning(reading, verdict, number, (low + high) / 2)
    return Fit(verdict=verdict, reason=f"{start}; {reading.meaning}{tail}.")


def _judge(reading: Wording, low: Rational, high: Rational) -> WordVerdict:
    after_start = low > reading.lower or (reading.lower_closed and low == reading.lower)
    before_end = high < reading.upper or (reading.upper_closed and high == reading.upper)
    if after_start and before_end:
        return WordVerdict.FITTING
    below = high < reading.lower or (high == reading.lower and not reading.lower_closed)
    above = low > reading.upper or (low == reading.upper and not reading.upper_closed)
    return WordVerdict.DOUBTFUL if below or above else WordVerdict.NOT_ASSESSABLE


def _ends(share: Interval) -> tuple[Fraction, Fraction]:
    """The ends of a share, which lies between 0 and 1 also where a rounded figure does not."""
    low = Fraction(0 if share.lower is None else share.lower)
    high = Fraction(1 if share.upper is None else share.upper)
    if low > 1 or high < 0:
        raise InvalidValue(
            "a share lies between 0 and 1",
            field="share",
            value=str(share),
            hint="Divide a percentage by 100",
        )
    return max(low, Fraction(0)), min(high, Fraction(1))


def _meaning(reading: Wording, verdict: WordVerdict, number: str, middle: Fraction) -> str:
    """Return how the number goes with what the words mean."""
    if reading.around is None:
        tail = {
            WordVerdict.FITTING: "is",
            WordVerdict.DOUBTFUL: "is not",
            WordVerdict.NOT_ASSESSABLE: "may or may not be",
        }[verdict]
        return f", which {number} {tail}"
    if verdict is WordVerdict.FITTING:
        return " and no other common fraction is nearer"
    if verdict is WordVerdict.NOT_ASSESSABLE:
        return " and another common fraction may be nearer"
    nearest = min(COMMON_FRACTIONS, key=lambda fraction: abs(fraction - middle))
    return f" and the nearest common fraction is {named_fraction(nearest)}"
