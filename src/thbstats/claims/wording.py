"""Numbers and shares in words, such as "three" or "the majority", and their comparison.

Words have a verdict of their own: "around a quarter (18%)" has a number that agrees with the other
figures, and words that do not agree with the number. Only figures are contradicted.
"""

import re
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from attrs import frozen

from thbstats.display.number_texts import percent
from thbstats.errors import InvalidValue, require
from thbstats.languages import Message, capitalised, paragraph
from thbstats.values import Interval, to_integer

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"

NUMBER_WORDS: dict[str, int] = {
    **{name: number for number, name in enumerate(_UNITS.split())},
    **{name: 10 * number for number, name in enumerate(_TENS.split(), start=2)},
}
"""The number words of `parse_number`."""

_ORDINAL_WORDS = {name: number for number, name in enumerate(_ORDINALS.split(), start=1)}

#: Common fractions of running text: multiples of tenths, fifths, quarters, thirds and the half.
COMMON_FRACTIONS: dict[Fraction, str] = {
    Fraction(0): Message("none"),
    Fraction(1, 10): Message("a tenth"),
    Fraction(1, 5): Message("a fifth"),
    Fraction(1, 4): Message("a quarter"),
    Fraction(3, 10): Message("three tenths"),
    Fraction(1, 3): Message("a third"),
    Fraction(2, 5): Message("two fifths"),
    Fraction(1, 2): Message("half"),
    Fraction(3, 5): Message("three fifths"),
    Fraction(2, 3): Message("two thirds"),
    Fraction(7, 10): Message("seven tenths"),
    Fraction(3, 4): Message("three quarters"),
    Fraction(4, 5): Message("four fifths"),
    Fraction(9, 10): Message("nine tenths"),
    Fraction(1): Message("all"),
}
_COMMON = tuple(COMMON_FRACTIONS)


@frozen
class Wording:
    """Share in words and its bounds.

    Parameters
    ----------
    phrase : str
        The words of the share.
    meaning : str
        The meaning, such as "more than half".
    lower, upper : Fraction
        The bounds of the share.
    lower_closed, upper_closed : bool
        Whether the bounds are included.
    around : Fraction or None
        The common fraction, if nearby shares are included.
    """

    phrase: str
    meaning: str
    lower: Fraction
    upper: Fraction
    lower_closed: bool = False
    upper_closed: bool = False
    around: Fraction | None = None


def named_fraction(fraction: Fraction) -> str:
    """Return a common fraction in words and digits: ``a fifth (20%)``."""
    text = "{number} ({share})"
    return Message(text, number=COMMON_FRACTIONS[fraction], share=_as_percent(fraction))


def _as_percent(fraction: Fraction) -> str:
    return percent(fraction, 0 if (100 * fraction).denominator == 1 else 1)


_HEDGES = {
    "at least": "at least",
    **dict.fromkeys(("at most", "up to"), "at most"),
    **dict.fromkeys(("over", "above", "more than"), "over"),
    **dict.fromkeys(("almost", "nearly", "close to", "under", "below", "less than"), "almost"),
    **dict.fromkeys(("around", "about", "approximately", "roughly"), "around"),
}


_NUMERALS = {name: NUMBER_WORDS[name] for name in _UNITS.split()[1:11]} | {"a": 1, "an": 1}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}

_NUMERAL = "|".join(sorted(_NUMERALS, key=len, reverse=True))
# "The first half of 2016" is a period, and a "third-country national" is a person.
_NO_HALF = r"(?:(?<=first )|(?<=second )|(?<=latter ))half|half(?=[ -]year|\s+of the year)"
_FRACTION = re.compile(
    rf"(?:\b(?P<hedge>{'|'.join(_HEDGES)})\s+)?"
    rf"(?:\b(?P<top>{_NUMERAL})[\s-]+(?P<part>{'|'.join(_PARTS)})s?\b"
    rf"(?![\s-]*countr)|\b(?P<of>{_NUMERAL})\s+(?:in|out of)\s+(?P<all>{_NUMERAL})\b"
    rf"|\b(?!{_NO_HALF})(?P<half>half)\b|\b(?P<whole>all)\b)"
)
_HALF, _FULL = Fraction(1, 2), Fraction(1)
_SETS: tuple[tuple[re.Pattern[str], str, Fraction, Fraction, bool], ...] = (
    (re.compile(r"\bnot all\b"), Message("less than all"), Fraction(0), _FULL, False),
    (
        re.compile(r"\b(?:vast|overwhelming|large) majority\b"),
        Message("more than three quarters"),
        Fraction(3, 4),
        _FULL,
        True,
    ),
    (
        re.compile(
            r"\bmajority\b|\bmost of\b|\b(?:mostly|mainly|largely|predominantly|primarily)\b"
        ),
        Message("more than half"),
        _HALF,
        _FULL,
        True,
    ),
    (re.compile(r"\bminority\b"), Message("less than half"), Fraction(0), _HALF, False),
)
# These words negate or compare a fraction, or start a range.
_UNREADABLE = re.compile(r"\b(?:not(?! all\b)|no|never|between|from|half (?:as|again))\b")


_HEDGE = re.compile(
    rf"(?:(?:just|slightly|well)\s+)?(?:{'|'.join([*_HEDGES, 'circa', 'some'])})(?:\s+(?:a|the))?"
)


@lru_cache(maxsize=4096)
def is_hedge(words: str) -> bool:
    """Return whether a wording only states that a number is not exact.

    Examples
    --------
    >>> is_hedge("nearly"), is_hedge("just over"), is_hedge("over half")
    (True, True, False)
    """
    return _HEDGE.fullmatch(" ".join(words.lower().split())) is not None


def read_wording(words: str) -> Wording | None:
    """Return the share of a wording, or ``None``.

    The definitions are those of `thbstats.judge_wording`.

    Examples
    --------
    >>> read_wording("the majority of victims").meaning
    'more than half'
    >>> read_wording("numerous victims") is None
    True
    """
    text = " ".join(words.lower().replace("\N{NON-BREAKING HYPHEN}", "-").split())
    if _UNREADABLE.search(text):
        return None
    for pattern, meaning, lower, upper, open_below in _SETS:
        if match := pattern.search(text):
            return Wording(match[0], meaning, lower, upper, not open_below, open_below)
    match = _FRACTION.search(text)
    if match is None:
        return None
    if match["half"] or match["whole"]:
        named = _HALF if match["half"] else _FULL
    elif match["of"]:
        named = Fraction(_NUMERALS[match["of"]], _NUMERALS[match["all"]])
    else:
        named = Fraction(_NUMERALS[match["top"]], _PARTS[match["part"]])
    hedge = _HEDGES.get(match["hedge"], "")
    if named == 1 and not hedge:
        return Wording(match[0], percent(named, 0), named, named, True, True)
    if named not in COMMON_FRACTIONS or (named == 1 and hedge != "almost"):
        return None
    if not hedge or hedge == "around":
        below, above = (named + _neighbour(named, step) for step in (-1, 1))
        text = "{number}, which is {share}"
        meaning = Message(text, number=COMMON_FRACTIONS[named], share=_as_percent(named))
        return Wording(match[0], meaning, below / 2, above / 2, True, True, named)
    # The neighbours limit "over" and "almost".
    below, above = (_neighbour(named, step) for step in (-1, 1))
    name, rising = named_fraction(named), "above {lower} and below {upper}"
    falling = "below {upper} and above {lower}"
    meaning, lower, upper, is_closed = {
        "over": (Message(rising, lower=name, upper=named_fraction(above)), named, above, False),
        "almost": (Message(falling, lower=named_fraction(below), upper=name), below, named, False),
        "at least": (Message("{number} or more", number=name), named, Fraction(1), True),
        "at most": (Message("{number} or less", number=name), Fraction(0), named, True),
    }[hedge]
    return Wording(match[0], meaning, lower, upper, is_closed, is_closed)


def _neighbour(named: Fraction, step: int) -> Fraction:
    """Return the next common fraction above or below, or the fraction itself at the end."""
    position = _COMMON.index(named) + step
    return _COMMON[min(max(position, 0), len(_COMMON) - 1)]


# Thousands separators are spaces or commas; a full stop could be a decimal point.
_SPACE = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}]"
_DIGITS = re.compile(rf"[0-9]+|[0-9]{{1,3}}(?:(?:{_SPACE}[0-9]{{3}})+|(?:,[0-9]{{3}})+)")


@lru_cache(maxsize=4096)
def parse_number(printed: str, *, ordinal: bool = False) -> int:
    """Return the integer of a published text: digits, or one number word up to ninety.

    Digits can have thousands separators (spaces or commas). An ordinal up to ``"tenth"``, such as
    that of an exercise, is accepted if `ordinal` is true.

    Examples
    --------
    >>> parse_number("9,759"), parse_number("20532"), parse_number("three")
    (9759, 20532, 3)
    """
    text = printed.strip()
    if _DIGITS.fullmatch(text):
        return to_integer(re.sub(rf"{_SPACE}|,", "", text), field="printed")
    known = NUMBER_WORDS | _ORDINAL_WORDS if ordinal else NUMBER_WORDS
    if text.lower() in known:
        return known[text.lower()]
    hint = "Use digits such as '9,759' or '20532', or one number word such as 'three'"
    raise InvalidValue("must be an integer", field="printed", value=printed, hint=hint)


# Comparison of a wording with a share.


class WordVerdict(StrEnum):
    """Verdict on the wording of a share."""

    FITTING = "fitting"
    """Every value of the share has the meaning of the wording."""
    DOUBTFUL = "doubtful"
    """No value of the share has the meaning of the wording."""
    NOT_ASSESSABLE = "not_assessable"
    """Only some values have the meaning, or the share or the meaning of the wording is missing."""


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
    hint = "Pass the interval of a percentage, such as Percent('56%').interval"
    is_interval = share is None or isinstance(share, Interval)
    require(is_interval, "`share` must be an interval", hint, share=share)
    reading = read_wording(wording)
    if reading is None:
        reason = Message("{words} does not name a share.", words=quoted(wording))
        return Fit(verdict=WordVerdict.NOT_ASSESSABLE, reason=reason)
    if share is None or share.undefined:
        text = "{words} has no published number to compare with."
        reason = Message(text, words=quoted(reading.phrase))
        return Fit(verdict=WordVerdict.NOT_ASSESSABLE, reason=reason)
    lower = Fraction(0 if share.lower is None else share.lower)
    upper = Fraction(1 if share.upper is None else share.upper)
    if lower > 1 or upper < 0:
        problem, hint = "`share` must be between 0 and 1", "Divide the percentage by 100"
        raise InvalidValue(problem, field="share", value=str(share), hint=hint)
    # Rounding can exceed both bounds.
    lower, upper = max(lower, Fraction(0)), min(upper, Fraction(1))
    # A bound that is not included is a step inwards.
    low = (reading.lower, int(not reading.lower_closed))
    high = (reading.upper, -int(not reading.upper_closed))
    first, last = (lower, 0), (upper, 0)
    verdict = WordVerdict.DOUBTFUL if last < low or first > high else WordVerdict.NOT_ASSESSABLE
    verdict = WordVerdict.FITTING if low <= first and last <= high else verdict
    start = "{words} describes {number}."
    if section:
        start = "{location} describes {number} as {words}."
    values: dict[str, object] = {
        "words": quoted(reading.phrase), "number": printed or percent(share),
        "location": capitalised(section), "meaning": reading.meaning,
    }  # fmt: skip
    if reading.around is None:
        end = "This means {meaning}: it may or may not fit."
        if verdict is WordVerdict.FITTING:
            end = "This means {meaning}: it fits."
        elif verdict is WordVerdict.DOUBTFUL:
            end = "This means {meaning}: it does not fit."
    elif verdict is WordVerdict.FITTING:
        end = "No other common fraction is closer."
    elif verdict is WordVerdict.NOT_ASSESSABLE:
        end = "Another common fraction can be closer."
    else:
        middle, end = (lower + upper) / 2, "{nearest} is closer."
        nearest = min(COMMON_FRACTIONS, key=lambda fraction: abs(fraction - middle))
        values["nearest"] = capitalised(named_fraction(nearest))
    texts = [Message(start, **values), Message(end, **values)]
    return Fit(verdict=verdict, reason=paragraph(texts))
