"""Numbers as text: styles, rounding and marks of counts."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any, Literal, Self

from attrs import evolve, field, frozen

from thbstats._mappings import FrozenDict
from thbstats.errors import InvalidValue, MissingExtra, UnknownName, did_you_mean, require
from thbstats.languages import Language, Message, language_or_english
from thbstats.values import Count, Interval, Rational, Reason, exact


class RoundingDirection(StrEnum):
    """Direction of rounding."""

    NEAREST = "nearest"
    DOWN = "down"
    UP = "up"


def scaled(
    number: Rational, decimals: int, direction: RoundingDirection = RoundingDirection.NEAREST
) -> int:
    """Return a rounded number times 10 to the power of ``decimals``.

    Examples
    --------
    >>> scaled(Fraction(9759, 20532), 3)
    475
    >>> scaled(Fraction(-1, 2), 0), scaled(Fraction(-1, 2), 0, RoundingDirection.UP)
    (-1, 0)
    """
    if decimals < 0:
        hint = "Use the number of decimals"
        raise InvalidValue("must be 0 or more", field="decimals", value=decimals, hint=hint)
    value = exact(number)
    numerator, denominator = value.numerator * int(10**decimals), value.denominator
    if direction is RoundingDirection.DOWN:
        return numerator // denominator
    if direction is RoundingDirection.UP:
        return -(-numerator // denominator)
    nearest = (2 * abs(numerator) + denominator) // (2 * denominator)
    return nearest if numerator >= 0 else -nearest


def round_exact(
    number: Rational, decimals: int = 0, direction: RoundingDirection = RoundingDirection.NEAREST
) -> Rational:
    """Return an exact number rounded to decimal decimals.

    Examples
    --------
    >>> round_exact(Fraction(9759, 20532), 3)
    Fraction(19, 40)
    """
    return exact(Fraction(scaled(number, decimals, direction), 10**decimals))


MINUS = "\N{MINUS SIGN}"
_NO_BREAK = "\N{NO-BREAK SPACE}"

Marks = Mapping[Any, str]


def _marks(*texts: str) -> Marks:
    """Return the symbols of missing, suppressed and not applicable counts."""
    reasons = (Reason.NOT_REPORTED, Reason.SUPPRESSED, Reason.NOT_APPLICABLE)
    return {Reason.BREAKDOWN_NOT_REPORTED: texts[0], **dict(zip(reasons, texts, strict=True))}


def _meanings(not_reported: str, suppressed: str) -> Marks:
    return {
        Reason.NOT_REPORTED: not_reported,
        Reason.SUPPRESSED: suppressed,
        Reason.NOT_APPLICABLE: Message("not applicable"),
    }


@frozen(kw_only=True, repr=False)
class NumberStyle:
    """A style of numbers, ranges and marks.

    Parameters
    ----------
    name : str
        Name of the style.
    thousands, decimal, minus : str
        Thousands separator, decimal separator and minus sign.
    between : str
        Pattern of an interval, with ``{}`` for each bound.
    between_signed : str
        Pattern of an interval of numbers with a sign, which a dash would hide.
    percent, pp : str
        Patterns of a percentage and of percentage points, with ``{}`` for the number.
    repeats_percent : bool
        Whether both bounds of a percentage have the sign: ``47.5% to 63.5%``.
    at_least, at_most, undefined : str
        Patterns of a number without upper bound, without lower bound, or possibly undefined.
    unbounded : str
        Text of a number without bounds.
    fewer : str
        Pattern of a small suppressed count, with ``{}`` for the limit.
    marks : mapping of Reason to str
        Symbols of missing and suppressed counts.
    meanings : mapping of Reason to str
        Meanings of the symbols, for the note under a table.

    Examples
    --------
    >>> from attrs import evolve
    >>> evolve(GSS, name="office", between="{}-{}").between.format(1, 4)
    '1-4'
    """

    name: str
    thousands: str = ","
    decimal: str = "."
    minus: str = MINUS
    between: str = "{} to {}"
    between_signed: str = "{} to {}"
    percent: str = "{}%"
    pp: str = "{} pp"
    repeats_percent: bool = True
    at_least: str = "at least {}"
    at_most: str = "at most {}"
    undefined: str = "{} or undefined"
    unbounded: str = "not bounded"
    fewer: str = "<{}"
    marks: Mapping[Reason, str] = field(
        factory=lambda: _marks(":", "[c]", "[z]"), converter=FrozenDict
    )
    meanings: Mapping[Reason, str] = field(
        factory=lambda: _meanings(Message("not reported"), Message("suppressed by the source")),
        converter=FrozenDict,
    )

    def __repr__(self) -> str:
        return f"NumberStyle({self.name!r})"

    def __attrs_post_init__(self) -> None:
        for name, number in _PLACEHOLDERS.items():
            text, problem = getattr(self, name), f"must contain {{}} {number} times"
            require(text.count("{}") == number, problem, "Write {} for each number", **{name: text})


_PLACEHOLDERS = {
    **dict.fromkeys(("between", "between_signed"), 2),
    **dict.fromkeys(("percent", "pp", "at_least", "at_most", "undefined", "fewer"), 1),
}

PLAIN = NumberStyle(name="plain")
"""The default style: ``20,532``, ``47.5%``, ``47.5% to 63.5%``."""

GSS = NumberStyle(
    name="gss",
    pp="{}pp",
    marks=_marks("[x]", "[c]", "[z]"),
    meanings=_meanings(Message("not available"), Message("confidential")),
)
"""The shorthand of the Government Statistical Service of the United Kingdom."""

EUROSTAT = NumberStyle(
    name="eurostat",
    thousands=_NO_BREAK,
    between="{}\N{EN DASH}{}",
    percent=f"{{}}{_NO_BREAK}%",
    pp=f"{{}}{_NO_BREAK}pp",
    repeats_percent=False,
    marks=_marks(":", ":c", ":z"),
    meanings=_meanings(Message("not available"), Message("confidential")),
)
"""Style of Eurostat: a colon for a missing value, with a flag for the reason."""

NUMBER_STYLES: Mapping[str, NumberStyle] = MappingProxyType(
    {style.name: style for style in (PLAIN, GSS, EUROSTAT)}
)

"""The styles by name."""


def number_style(style: NumberStyle | str) -> NumberStyle:
    """Return a number style by its name or locale.

    Parameters
    ----------
    style : NumberStyle or str
        A style; ``"plain"``, ``"gss"`` or ``"eurostat"``; or a locale such as ``"fr"`` or
        ``"de_AT"`` (with babel). Words such as "at least" are English if the language has no
        complete catalogue.

    Raises
    ------
    UnknownName
        If the style or locale does not exist.
    MissingExtra
        If babel is not installed for a locale.

    Examples
    --------
    >>> number_style("gss").thousands, number_style("de").decimal, number_style("fr").at_least
    (',', ',', 'au moins {}')

    References
    ----------
    Government Statistical Service, Symbols in tables; Unicode CLDR, through babel.
    """
    if isinstance(style, NumberStyle):
        return style
    return NUMBER_STYLES[style] if style in NUMBER_STYLES else _localised(style)


@cache
def _localised(name: str) -> NumberStyle:
    try:
        babel, numbers = import_module("babel"), import_module("babel.numbers")
    except ImportError as error:
        raise MissingExtra(
            "babel must be installed for the style of a language",
            field="style",
            value=name,
            hint=f"pip install 'thbstats[i18n]', or one of {', '.join(NUMBER_STYLES)}",
        ) from error
    try:
        locale = babel.Locale.parse(name.replace("-", "_"))
    except (babel.UnknownLocaleError, ValueError):
        hint = did_you_mean(name, [*NUMBER_STYLES, "fr", "de", "en_GB"])
        raise UnknownName(
            "must be a style or locale", field="style", value=name, hint=hint
        ) from None
    pattern = numbers.format_percent(0, format=None, locale=locale)
    unit = pattern.replace(numbers.format_decimal(0, locale=locale), "{}")
    language = language_or_english(locale.language)
    words = {
        "between_signed": re.sub(r"\{\w+\}", "{}", language.translation("{lower} to {upper}")),
        "at_least": language.translation("at least {number}"),
        "at_most": language.translation("at most {number}"),
        "undefined": language.translation("{number} or undefined"),
        "unbounded": language.translation("not bounded"),
        "pp": language.translation("{number} pp").replace(" ", _NO_BREAK),
    }
    return evolve(
        PLAIN,
        name=name,
        thousands=numbers.get_group_symbol(locale),
        decimal=numbers.get_decimal_symbol(locale),
        between="{}\N{EN DASH}{}",
        percent=unit,
        repeats_percent=False,
        meanings={reason: language.text(text) for reason, text in PLAIN.meanings.items()},
        **{name: text.replace("{number}", "{}") for name, text in words.items()},
    )


Form = Literal["plain", "percent", "signed", "signed_percent", "pp", "count"]


@frozen
class NumberFormat:
    """Format of a number.

    Parameters
    ----------
    form : str
        Function of `thbstats.display` that formatted the number.
    decimals : int
        Digits after the decimal point.
    is_signed : bool
        Whether a plain number can be below 0, so that "at least 0" is a bound.
    """

    form: Form
    decimals: int = 0
    is_signed: bool = False


class Amount(str):
    """A number as text, whose format selects the words for one or for several.

    Examples
    --------
    >>> [f"{n} {n:case is|cases are} open" for n in (Amount(1), Amount(1200), Amount("1 to 3"))]
    ['1 case is open', '1,200 cases are open', '1 to 3 cases are open']
    """

    __slots__ = ()

    def __new__(cls, number: int | str) -> Self:
        """Return the text of a number; a text is unchanged."""
        return super().__new__(cls, number if isinstance(number, str) else count(number))

    def __format__(self, words: str) -> str:
        singular, sign, plural = words.partition("|")
        return str(self) if not sign else singular if self == "1" else plural


class FormattedNumber(str):
    """Text of a number with the number itself, so that another style can format it.

    It is a ``str``. A text made from it, such as a sentence, is a plain ``str``.

    Parameters
    ----------
    text : str
        The text.
    number : int, Fraction, Interval or Count
        The number.
    number_format : NumberFormat
        The format.
    """

    __slots__ = ("number", "number_format")

    number: Any
    number_format: NumberFormat

    def __new__(
        cls,
        text: str,
        number: Rational | Interval | Count = 0,
        number_format: NumberFormat = NumberFormat("plain"),
    ) -> Self:
        """Return the text with its number and format."""
        result = super().__new__(cls, text)
        result.number = number
        result.number_format = number_format
        return result

    def in_language(self, language: Language) -> str:
        """Return the number in the style of a language."""
        return restyle(self, number_style(language.code))


_LIMITS: Mapping[str, tuple[int | None, int | None]] = {
    "plain": (0, None),
    "percent": (0, 1),
    "signed_percent": (-1, None),
    "pp": (-1, 1),
}
"""Smallest and largest possible values of counts and ratios, shares, changes and differences."""

_UNITS = {"percent": "percent", "signed_percent": "percent", "pp": "pp"}
"""The pattern of a style for numbers times 100."""


def count(number: Rational | Interval) -> FormattedNumber:
    """Format a count or its bounds.

    Examples
    --------
    >>> count(20532), count(9759)
    ('20,532', '9,759')
    >>> count(Interval(17273, 17583)), count(Interval.at_least(17273))
    ('17,273 to 17,583', 'at least 17,273')
    """
    return _format(number, NumberFormat("plain"))


def decimal(
    number: Rational | Interval, decimals: int = 3, *, is_signed: bool = False
) -> FormattedNumber:
    """Format a ratio as a decimal fraction.

    Parameters
    ----------
    number : int, Fraction or Interval
        The number.
    decimals : int
        Digits after the decimal point.
    is_signed : bool
        Whether the number can be below 0: "at least 0" is then a bound.

    Examples
    --------
    >>> from fractions import Fraction
    >>> decimal(Fraction(2927, 5979)), decimal(Fraction(135, 2), decimals=1)
    ('0.490', '67.5')
    """
    return _format(number, NumberFormat("plain", decimals, is_signed))


def percent(number: Rational | Interval, decimals: int = 1) -> FormattedNumber:
    """Format a share of 1 as a percentage.

    Examples
    --------
    >>> from fractions import Fraction
    >>> percent(Fraction(9759, 20532))
    '47.5%'
    >>> bounds = Interval(Fraction(9759, 20532), Fraction(13018, 20532))
    >>> percent(bounds), percent(bounds, 0)
    ('47.5% to 63.5%', '47% to 64%')
    """
    return _format(number, NumberFormat("percent", decimals))


def signed(number: Rational | Interval, decimals: int = 0) -> FormattedNumber:
    """Format the difference of two counts or ratios with its sign.

    Examples
    --------
    >>> signed(20532 - 15846), signed(Interval(0, 5)), signed(Interval(1, None))
    ('+4,686', '0 to +5', 'at least +1')
    """
    return _format(number, NumberFormat("signed", decimals))


def signed_percent(number: Rational | Interval, decimals: int = 1) -> FormattedNumber:
    """Format a relative change as a percentage with its sign.

    Examples
    --------
    >>> from fractions import Fraction
    >>> signed_percent(Fraction(1, 20)), signed_percent(Fraction(0))
    ('+5.0%', '0.0%')
    """
    return _format(number, NumberFormat("signed_percent", decimals))


def pp(number: Rational | Interval, decimals: int = 1) -> FormattedNumber:
    """Format the difference of two shares in percentage points.

    Examples
    --------
    >>> from fractions import Fraction
    >>> pp(Fraction(9, 100))
    '+9.0 pp'
    >>> pp(Interval(Fraction(8, 100), Fraction(1, 10)), 0)
    '+8 to +10 pp'
    """
    return _format(number, NumberFormat("pp", decimals))


def reformat(text: FormattedNumber, style: NumberStyle) -> FormattedNumber:
    """Return a formatted number in another style.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from thbstats.display import GSS
    >>> reformat(count(20532), GSS), reformat(percent(Fraction(9759, 20532)), GSS)
    ('20,532', '47.5%')
    >>> reformat(count(Interval(17273, 17583)), GSS)
    '17,273 to 17,583'
    """
    return _format(text.number, text.number_format, style)


def _format(
    number: Rational | Interval, fmt: NumberFormat, style: NumberStyle = PLAIN
) -> FormattedNumber:
    """Return an interval as text, and a number as an interval of one point.

    The bounds of an interval are rounded outwards, so that the text contains it. A bound that holds
    for any data is left out; a count of "0 to 4" lists its possible values.
    """
    interval = number if isinstance(number, Interval) else Interval.point(exact(number))
    ends = interval.lower, interval.upper
    directions = [RoundingDirection.NEAREST] * 2
    if interval.lower != interval.upper:
        directions = [RoundingDirection.DOWN, RoundingDirection.UP]
        ends = _informative(interval, fmt)
    lower, upper = (
        None if end is None else _digits(end, fmt, way, style)
        for end, way in zip(ends, directions, strict=True)
    )
    unit = getattr(style, _UNITS[fmt.form]) if fmt.form in _UNITS else "{}"
    has_sign = fmt.is_signed or fmt.form in ("signed", "signed_percent", "pp")
    between = style.between_signed if has_sign else style.between
    if lower is None and upper is None:
        return FormattedNumber(style.unbounded, number, fmt)
    if lower is None:
        text = style.at_most.format(unit.format(upper))
    elif upper is None:
        text = style.at_least.format(unit.format(lower))
    elif lower == upper:
        text = unit.format(lower)
    elif style.repeats_percent and fmt.form in ("percent", "signed_percent"):
        text = between.format(unit.format(lower), unit.format(upper))
    else:
        text = unit.format(between.format(lower, upper))
    text = style.undefined.format(text) if interval.undefined else text
    return FormattedNumber(text, number, fmt)


def _informative(interval: Interval, fmt: NumberFormat) -> tuple[Rational | None, Rational | None]:
    """Return the bounds of an interval that do not hold for any data, once they are rounded."""
    lower, upper = interval.lower, interval.upper
    lowest, highest = (None, None) if fmt.is_signed else _LIMITS.get(fmt.form, (None, None))
    digits = fmt.decimals + 2 * (fmt.form in _UNITS)
    is_list = fmt.form == "plain" and upper is not None
    if lower is not None and lowest is not None and not is_list:
        rounded = scaled(lower, digits, RoundingDirection.DOWN)
        lower = None if lower >= lowest and rounded <= lowest * 10**digits else lower
    if upper is not None and highest is not None:
        rounded = scaled(upper, digits, RoundingDirection.UP)
        upper = None if upper <= highest and rounded >= highest * 10**digits else upper
    return lower, upper


def _digits(
    number: Rational, fmt: NumberFormat, direction: RoundingDirection, style: NumberStyle
) -> str:
    """Return the digits of a number, with a sign for differences."""
    number = 100 * number if fmt.form in _UNITS else number
    integer = scaled(number, fmt.decimals, direction)
    units, fraction = divmod(abs(integer), 10**fmt.decimals)
    grouped = f"{units:,}".replace(",", style.thousands)
    text = f"{grouped}{style.decimal}{fraction:0{fmt.decimals}d}" if fmt.decimals else grouped
    if integer < 0:
        return style.minus + text
    return f"+{text}" if integer > 0 and fmt.form in ("signed", "signed_percent", "pp") else text


MARKS = PLAIN.marks

"""Mark of each reason without a number."""


def format_count(number: Count, style: NumberStyle = PLAIN) -> FormattedNumber:
    """Format a count with the marks of official statistics.

    Examples
    --------
    >>> format_count(Count.known(0)), format_count(Count.fewer_than(5))
    ('0', '<5')
    >>> format_count(Count.not_reported()), format_count(Count.suppressed(upper=4))
    (':', '[c]')
    >>> format_count(Count.known(9759) + Count.not_reported())
    'at least 9,759'
    """
    text: str
    if number.lower == 0 and number.reason in style.marks:
        text = style.marks[number.reason]
    elif number.lower == 0 and number.reason is Reason.FEWER_THAN and number.upper is not None:
        text = style.fewer.format(reformat(count(number.upper + 1), style))
    else:
        text = reformat(count(number.interval), style)
    return FormattedNumber(text, number, NumberFormat("count"))


def restyle(text: str, style: NumberStyle) -> str:
    """Return a formatted number in another style; other texts are unchanged.

    Examples
    --------
    >>> from thbstats.display import EUROSTAT
    >>> restyle(format_count(Count.suppressed()), EUROSTAT), restyle("sexual", EUROSTAT)
    (':c', 'sexual')
    """
    if not isinstance(text, FormattedNumber):
        return text
    if text.number_format.form == "count":
        return format_count(text.number, style)
    return reformat(text, style)


def mark_notes(texts: Iterable[str], style: NumberStyle = PLAIN) -> tuple[str, ...]:
    """Return a note that explains the marks in the cells of a table.

    Examples
    --------
    >>> mark_notes(["9,759", ":", "[c]", ":"])
    (': not reported; [c] suppressed by the source.',)
    """
    result = set(texts)
    marks = {style.marks[reason]: meaning for reason, meaning in style.meanings.items()}
    used = [f"{mark} {meaning}" for mark, meaning in marks.items() if mark in result]
    return ("; ".join(used) + ".",) if used else ()
