"""House styles: how an office prints its numbers and marks."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

from attrs import evolve, field, frozen

from thbstats._mappings import FrozenDict
from thbstats.errors import InvalidValue, MissingExtra, UnknownName, did_you_mean
from thbstats.values import Reason

__all__ = ["EUROSTAT", "GSS", "HOUSES", "MINUS", "PLAIN", "House", "house"]

MINUS = "\N{MINUS SIGN}"
_NARROW = "\N{NARROW NO-BREAK SPACE}"
_NO_BREAK = "\N{NO-BREAK SPACE}"


def _fixed(given: Mapping[Any, str]) -> Mapping[Any, str]:
    return FrozenDict(given)


@frozen(kw_only=True)
class House:
    """How numbers, ranges and marks are printed.

    Parameters
    ----------
    name : str
        What it is called.
    thousands, decimal, minus : str
        What stands between groups of three digits, before the decimals, and before what is
        negative.
    between : str
        An interval, with ``{}`` for each end.
    percent, pp : str
        A percentage and a difference in percentage points, with ``{}`` for the number.
    at_least, at_most, undefined : str
        What has no upper or lower bound, or may have no value at all, with ``{}``.
    unbounded : str
        What has no bound at all.
    fewer : str
        A count that is hidden because it is small, with ``{}`` for the limit.
    marks : mapping of Reason to str
        The shorthand for what leaves nothing to print.
    meanings : mapping of Reason to str
        What the shorthand means, for the note under a table.

    Examples
    --------
    >>> from attrs import evolve
    >>> evolve(GSS, name="ours", between="{}-{}").between.format(1, 4)
    '1-4'
    """

    name: str
    thousands: str = " "
    decimal: str = "."
    minus: str = MINUS
    between: str = "{}..{}"
    percent: str = "{} %"
    pp: str = "{} pp"
    at_least: str = "at least {}"
    at_most: str = "at most {}"
    undefined: str = "{} or undefined"
    unbounded: str = "no bound"
    fewer: str = "<{}"
    marks: Mapping[Reason, str] = field(
        default={
            Reason.BREAKDOWN_NOT_REPORTED: ":",
            Reason.NOT_REPORTED: ":",
            Reason.SUPPRESSED: "[c]",
            Reason.NOT_APPLICABLE: "[z]",
        },
        converter=_fixed,
    )
    meanings: Mapping[Reason, str] = field(
        default={
            Reason.NOT_REPORTED: "not reported",
            Reason.SUPPRESSED: "suppressed by the source",
            Reason.NOT_APPLICABLE: "not applicable",
        },
        converter=_fixed,
    )

    def __attrs_post_init__(self) -> None:
        for name, ends in _PLACES.items():
            if getattr(self, name).count("{}") != ends:
                raise InvalidValue(
                    f"the pattern needs {ends} {{}}",
                    field=name,
                    value=getattr(self, name),
                    hint="Write {} where the number goes",
                )


_PLACES = {
    "between": 2,
    **dict.fromkeys(("percent", "pp", "at_least", "at_most", "undefined", "fewer"), 1),
}

PLAIN = House(name="plain")
"""The style of this library: fit for any terminal, and two dots that are no minus sign."""

GSS = House(
    name="gss",
    thousands=",",
    between="{} to {}",
    percent="{}%",
    pp="{}pp",
    marks={
        Reason.BREAKDOWN_NOT_REPORTED: "[x]",
        Reason.NOT_REPORTED: "[x]",
        Reason.SUPPRESSED: "[c]",
        Reason.NOT_APPLICABLE: "[z]",
    },
    meanings={
        Reason.NOT_REPORTED: "not available",
        Reason.SUPPRESSED: "confidential",
        Reason.NOT_APPLICABLE: "not applicable",
    },
)
"""The shorthand of the Government Statistical Service of the United Kingdom."""

EUROSTAT = House(
    name="eurostat",
    thousands=_NO_BREAK,
    between="{}\N{EN DASH}{}",
    percent=f"{{}}{_NO_BREAK}%",
    pp=f"{{}}{_NO_BREAK}pp",
    marks={
        Reason.BREAKDOWN_NOT_REPORTED: ":",
        Reason.NOT_REPORTED: ":",
        Reason.SUPPRESSED: ":c",
        Reason.NOT_APPLICABLE: ":z",
    },
    meanings={
        Reason.NOT_REPORTED: "not available",
        Reason.SUPPRESSED: "confidential",
        Reason.NOT_APPLICABLE: "not applicable",
    },
)
"""The style of Eurostat's tables: a colon for what is not there, with the flag that says why."""

HOUSES: Mapping[str, House] = MappingProxyType({one.name: one for one in (PLAIN, GSS, EUROSTAT)})
"""The styles by name."""


def house(style: House | str) -> House:
    """Return a house style: one given, one by its name, or that of a language.

    Parameters
    ----------
    style : House or str
        A style; ``"plain"``, ``"gss"`` or ``"eurostat"``; or a locale such as ``"fr"`` or
        ``"de_AT"``, whose numbers babel knows. The words around them ("at least") are there in
        English, French and German, and English elsewhere.

    Raises
    ------
    UnknownName
        If there is no such style or locale.
    MissingExtra
        If a locale is asked for and babel is not installed.

    Examples
    --------
    >>> house("gss").thousands, house("de").decimal, house("fr").at_least
    (',', ',', 'au moins {}')

    References
    ----------
    Government Statistical Service, Symbols in tables; Unicode CLDR, through babel.
    """
    if isinstance(style, House):
        return style
    return HOUSES[style] if style in HOUSES else _localised(style)


@cache
def _localised(name: str) -> House:
    try:
        babel, numbers = import_module("babel"), import_module("babel.numbers")
    except ImportError as error:
        raise MissingExtra(
            "babel is needed for the style of a language and cannot be imported",
            field="style",
            value=name,
            hint=f"pip install 'thbstats[i18n]', or one of {', '.join(HOUSES)}",
        ) from error
    try:
        locale = babel.Locale.parse(name.replace("-", "_"))
    except (babel.UnknownLocaleError, ValueError):
        hint = did_you_mean(name, [*HOUSES, "fr", "de", "en_GB"])
        raise UnknownName("no such style or locale", field="style", value=name, hint=hint) from None
    pattern = numbers.format_percent(0, format=None, locale=locale)
    unit = pattern.replace(numbers.format_decimal(0, locale=locale), "{}")
    made = evolve(
        PLAIN,
        name=name,
        thousands=numbers.get_group_symbol(locale),
        decimal=numbers.get_decimal_symbol(locale),
        minus=numbers.get_minus_sign_symbol(locale),
        between="{}\N{EN DASH}{}",
        percent=unit,
        pp=f"{{}}{_NO_BREAK}pp",
    )
    words = _words().get(locale.language, {})
    meanings = {Reason(reason): text for reason, text in words.get("meanings", {}).items()}
    said = {key: text for key, text in words.items() if key != "meanings"}
    return evolve(made, **said, meanings={**made.meanings, **meanings})


@cache
def _words() -> dict[str, Any]:
    import tomllib
    from importlib.resources import files

    text = files("thbstats.display").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
