"""Formatted numbers, their rounding and their styles."""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

from attrs import evolve, field, frozen

from thbstats._mappings import FrozenDict
from thbstats.errors import InvalidValue, MissingExtra, UnknownName, did_you_mean, require
from thbstats.languages import LANGUAGES, Language, Message
from thbstats.values import Rational, Reason, exact


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
    "between": 2,
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
        ``"de_AT"`` (with babel). Words such as "at least" are English, French or German.

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
    language = Language.of(locale.language if locale.language in LANGUAGES else "en")
    words = {
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
        minus=numbers.get_minus_sign_symbol(locale),
        between="{}\N{EN DASH}{}",
        percent=unit,
        repeats_percent=False,
        meanings={reason: language.text(text) for reason, text in PLAIN.meanings.items()},
        **{name: text.replace("{number}", "{}") for name, text in words.items()},
    )
