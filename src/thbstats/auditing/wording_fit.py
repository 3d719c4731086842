"""Comparison of wording and shares."""

from enum import StrEnum
from fractions import Fraction

from attrs import frozen

from thbstats.claims import COMMON_FRACTIONS, Wording, named_fraction, read_wording
from thbstats.display.numbers import percent
from thbstats.errors import InvalidValue
from thbstats.values import Interval, Rational


class WordVerdict(StrEnum):
    """Verdict on the wording of a share."""

    FITTING = "fitting"
    """Every value of the share has the meaning of the wording."""
    DOUBTFUL = "doubtful"
    """No value of the share has the meaning of the wording."""
    NOT_ASSESSABLE = "not_assessable"
    """Some values have the meaning, or the wording names no share, or there is no number."""


@frozen(kw_only=True)
class Fit:
    """Comparison of a wording with a share."""

    verdict: WordVerdict
    reason: str


def quoted(text: str) -> str:
    """Return a text of a source in quotation marks.

    Examples
    --------
    >>> quoted("over half")
    '“over half”'
    """
    return f"\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}"


def judge_wording(
    wording: str, share: Interval | None, *, printed: str = "", section: str = ""
) -> Fit:
    """Compare the wording of a share with its value.

    Parameters
    ----------
    wording : str
        The published wording, such as ``"over two-thirds"``. The first phrase that names a share
        is compared.
    share : Interval or None
        The share, from 0 to 1; for a published percentage its `thbstats.values.Percent.interval`;
        ``None`` if no number is published.
    printed : str, optional
        The number as text; by default the share as a percentage.
    section : str, optional
        The location of the wording, such as ``"section II.1"``.

    Returns
    -------
    Fit

    Raises
    ------
    InvalidValue
        If the share is below 0 or above 1.

    Notes
    -----
    Publications do not define such phrases. These definitions are a convention of this library.
    *X* is one of `COMMON_FRACTIONS`; its neighbours are the next ones below and above.

    ========================================== ===========================================
    wording                                    the share is
    ========================================== ===========================================
    around, about, approximately, roughly X    nearest to X, or as near as to another one
    X alone                                    the same
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

    "Over half" does not fit 95%, because it misleads. Wording without a share, and wording with a
    negation, is not assessable.

    Examples
    --------
    >>> from thbstats.values import Percent
    >>> judge_wording("around a quarter", Percent("18").interval, printed="18%").reason
    '“around a quarter” describes 18%. A fifth (20%) is closer.'
    >>> judge_wording("majority", Percent("61").interval, section="section II").reason
    'Section II describes 60.5% to 61.5% as “majority”. This means more than half: it fits.'
    >>> str(judge_wording("almost one quarter", Percent("23").interval).verdict)
    'fitting'

    References
    ----------
    COM(2018) 777, sections II and II.1.
    """
    reading = read_wording(wording)
    if reading is None:
        reason = f"{quoted(wording)} does not name a share."
        return Fit(verdict=WordVerdict.NOT_ASSESSABLE, reason=reason)
    if share is None or share.undefined:
        reason = f"{quoted(reading.phrase)} has no published number to compare with."
        return Fit(verdict=WordVerdict.NOT_ASSESSABLE, reason=reason)
    lower, upper = _share_bounds(share)
    verdict = _judge(reading, lower, upper)
    number = printed or percent(share)
    start = f"{quoted(reading.phrase)} describes {number}"
    if section:
        position = f"{section[:1].upper()}{section[1:]}"
        start = f"{position} describes {number} as {quoted(reading.phrase)}"
    meaning = _meaning(reading, verdict, (lower + upper) / 2)
    return Fit(verdict=verdict, reason=f"{start}. {meaning}")


def _judge(reading: Wording, lower: Rational, upper: Rational) -> WordVerdict:
    after_start = lower > reading.lower or (reading.lower_closed and lower == reading.lower)
    before_end = upper < reading.upper or (reading.upper_closed and upper == reading.upper)
    if after_start and before_end:
        return WordVerdict.FITTING
    below = upper < reading.lower or (upper == reading.lower and not reading.lower_closed)
    above = lower > reading.upper or (lower == reading.upper and not reading.upper_closed)
    return WordVerdict.DOUBTFUL if below or above else WordVerdict.NOT_ASSESSABLE


def _share_bounds(share: Interval) -> tuple[Fraction, Fraction]:
    """Return the bounds of a share within 0 and 1, also if rounding exceeds them."""
    lower = Fraction(0 if share.lower is None else share.lower)
    upper = Fraction(1 if share.upper is None else share.upper)
    if lower > 1 or upper < 0:
        hint = "Divide the percentage by 100"
        problem = "`share` must be between 0 and 1"
        raise InvalidValue(problem, field="share", value=str(share), hint=hint)
    return max(lower, Fraction(0)), min(upper, Fraction(1))


def _meaning(reading: Wording, verdict: WordVerdict, middle: Fraction) -> str:
    """Return the meaning of a wording, and whether the share has it, as a sentence."""
    if reading.around is None:
        tail = {
            WordVerdict.FITTING: "it fits",
            WordVerdict.DOUBTFUL: "it does not fit",
            WordVerdict.NOT_ASSESSABLE: "it may or may not fit",
        }[verdict]
        return f"This means {reading.meaning.removeprefix('this means ')}: {tail}."
    if verdict is WordVerdict.FITTING:
        return "No other common fraction is closer."
    if verdict is WordVerdict.NOT_ASSESSABLE:
        return "Another common fraction can be closer."
    nearest = min(COMMON_FRACTIONS, key=lambda fraction: abs(fraction - middle))
    name = named_fraction(nearest)
    return f"{name[:1].upper()}{name[1:]} is closer."
