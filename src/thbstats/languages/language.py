"""Languages with their catalogues, and texts in English that can be translated."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, partial
from gettext import GNUTranslations, NullTranslations
from importlib import import_module
from io import BytesIO
from typing import IO, Any, Self
from unicodedata import normalize

from attrs import field, frozen

from thbstats.errors import IncompleteCatalogue, InvalidValue, MissingExtra, UnknownName

_PARAMETER = re.compile(r"\{(\w+)\}")
_NESTED = re.compile(r"(\([^()]*)\(([^()]*)\)")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# An adjective before a noun, or another word that is not a noun, at the start of a German text.
_NO_NOUN = re.compile(
    r"(Nicht|Nur|Zwei|Eine?|Keine?|Geheim) |"
    r"(?!Opfer|Kinder|Männer|Länder)[A-ZÄÖÜ][a-zäöüß]+e[nrs]? [A-ZÄÖÜ]"
)
_CONJUNCTIONS = {" and ": "{first} and {last}", " or ": "{first} or {last}"}


@cache
def _parts(template: str) -> tuple[str, ...]:
    """Return the texts of a template, and the names of its parameters between them."""
    return tuple(_PARAMETER.split(template))


@cache
def _names(template: str) -> frozenset[str] | None:
    """Return the names of the parameters of a template; ``None`` if it has another brace."""
    parts = _parts(template)
    return None if any("{" in t or "}" in t for t in parts[::2]) else frozenset(parts[1::2])


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a template with its parameters filled in; a value is text, not a template."""
    texts = list(_parts(template))
    texts[1::2] = [values[name] for name in texts[1::2]]
    return "".join(texts)


def nested(text: str) -> str:
    """Return a text with square brackets within brackets."""
    while (inner := _NESTED.sub(r"\1[\2]", text)) != text:
        text = inner
    return text


class Message(str):
    """A text in English with its template and parameters.

    It is a ``str``, so that programs can use it as it is. `Language.text` returns it in another
    language. A text made from it, such as an f-string, is a plain ``str`` in English.

    Parameters
    ----------
    template : str
        The text in English, with parameters in braces; the key of its translations.
    **parameters : str, Message, sequence of str or object
        The values of the parameters; several texts are joined by semicolons.

    Raises
    ------
    InvalidValue
        If the template has a parameter without a value, or another brace.

    Examples
    --------
    >>> text = Message("data cover {n} of {total} countries", n=26, total=28)
    >>> text
    'data cover 26 of 28 countries'
    >>> text.template, text.parameters["n"]
    ('data cover {n} of {total} countries', '26')
    """

    template: str
    parameters: Mapping[str, str]

    def __new__(cls, template: str, /, **parameters: object) -> Self:
        """Return the text with its parameters filled in."""
        values = {name: _text(value) for name, value in parameters.items()}
        names = _names(template)
        if names is None or not values.keys() >= names:
            raise InvalidValue(
                "must have exactly the given parameters in braces",
                field="template",
                value=template,
                hint="Write in braces only " + (", ".join(values) or "no parameter"),
            )
        made = super().__new__(cls, filled(template, values))
        made.template, made.parameters = template, values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), **self.parameters), (self.template,)

    def in_language(self, language: "Language") -> str:
        """Return the text in a language, with its parameters in this language."""
        return self._filled(language.translation(self.template), language)

    def _filled(self, template: str, language: "Language") -> str:
        # A translation can leave out parameters, such as a long list of countries.
        own = {name: language.text(self.parameters[name]) for name in _parts(template)[1::2]}
        text = nested(filled(template, own))
        # A parameter can be the start of the sentence in this language only.
        is_start = template.startswith("{") and self.template[:1].isupper()
        return _cased(text, True) if is_start else text


def _text(value: object) -> str:
    """Return a value as text; a text that can be translated is unchanged."""
    if isinstance(value, list | tuple):
        return joined(map(_text, value), last="; ", separator="; ")
    return value if isinstance(value, str) else str(value)


class Plural(Message):
    """A message that depends on a number, with the plural forms of each language.

    Parameters
    ----------
    singular, plural : str
        The templates in English for one and for another number.
    number : int
        The number that selects the form.
    **parameters : object
        As for `Message`; the number itself is one of them if the text contains it.

    Examples
    --------
    >>> Plural("{n} country", "{n} countries", 3, n=3)
    '3 countries'
    """

    forms: tuple[str, str, int]

    def __new__(cls, singular: str, plural: str, number: int, /, **parameters: object) -> Self:
        """Return the text of a number."""
        made = super().__new__(cls, singular if number == 1 else plural, **parameters)
        made.forms = singular, plural, number
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), **self.parameters), self.forms

    def in_language(self, language: "Language") -> str:
        """Return the text in a language, in its plural form of the number."""
        return self._filled(language.plural_form(*self.forms), language)


class Listed(str):
    """Texts as one list: "a, b and c"."""

    parts: tuple[tuple[str, ...], str, str]

    def __new__(cls, texts: tuple[str, ...], last: str, separator: str) -> Self:
        """Return the list; `last` stands before its last text."""
        *first, end = texts or ("",)
        made = super().__new__(cls, f"{separator.join(first)}{last}{end}" if first else end)
        made.parts = texts, last, separator
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.parts

    def in_language(self, language: "Language") -> str:
        """Return the list with the conjunction of a language, and sort countries in its order."""
        texts, last, separator = self.parts
        own = [*map(language.text, texts or ("",))]
        names = [text.removeprefix("the ") for text in texts if isinstance(text, CountryName)]
        if len(names) == len(own) and names == sorted(names):
            own.sort(key=lambda name: normalize("NFD", name).encode("ascii", "ignore"))
        *first, end = own
        if not first:
            return end
        if language.code == "fr":
            separator, last = (sign.replace("; ", "\u202f; ") for sign in (separator, last))
        pattern = language.translation(_CONJUNCTIONS.get(last, f"{{first}}{last}{{last}}"))
        return filled(pattern, {"first": separator.join(first), "last": end})


def joined(texts: Iterable[str], last: str = " and ", separator: str = ", ") -> str:
    """Return texts as one list.

    Examples
    --------
    >>> joined(["women", "men", "children"]), joined(["2015"])
    ('women, men and children', '2015')
    """
    own = tuple(texts)
    return own[0] if len(own) == 1 else Listed(own, last, separator)


def paragraph(texts: Iterable[str]) -> str:
    """Return sentences as one paragraph; empty ones are left out."""
    return joined(filter(None, texts), last=" ", separator=" ")


class Cased(str):
    """A text with a capital or a small letter at its start."""

    parts: tuple[str, bool]

    def __new__(cls, text: str, is_capital: bool) -> Self:
        """Return the text with its first letter changed."""
        text = text.parts[0] if isinstance(text, Cased) else text
        start = text[:1].upper() if is_capital else text[:1].lower()
        made = super().__new__(cls, f"{start}{text[1:]}")
        made.parts = text, is_capital
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.parts

    def in_language(self, language: "Language") -> str:
        """Return the text in a language; a noun at its start keeps its capital in German."""
        text, is_capital = self.parts
        own = language.text(text)
        is_noun = language.code == "de" and not _NO_NOUN.match(own)
        return own if is_noun and not is_capital else _cased(own, is_capital)


def _cased(text: str, is_capital: bool) -> str:
    # A text in capitals such as "EU" starts with a proper noun.
    if not is_capital and text[1:2].isupper():
        return text
    return f"{text[:1].upper() if is_capital else text[:1].lower()}{text[1:]}"


def capitalised(text: str) -> str:
    """Return a text with a capital at its start."""
    return Cased(text, True)


def lowered(text: str) -> str:
    """Return a text with a small letter at its start, unless it starts with capitals."""
    return text if text[1:2].isupper() else Cased(text, False)


class Label(str):
    """A label with its translations, such as the label of a category in a code list.

    Examples
    --------
    >>> Label("Girls", {"fr": "Filles"}).translations["fr"]
    'Filles'
    """

    translations: Mapping[str, str]

    def __new__(cls, text: str, translations: Mapping[str, str]) -> Self:
        """Return the label."""
        made = super().__new__(cls, text)
        made.translations = translations
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), dict(self.translations))

    def in_language(self, language: "Language") -> str:
        """Return the label in a language; in English if it has no translation."""
        return self.translations.get(language.code) or language.translation(str(self))


class Phrase(str):
    """An English text, such as a short title, that uses the translation of another text."""

    message: str

    def __new__(cls, text: str, message: str) -> Self:
        """Return the text."""
        made = super().__new__(cls, text)
        made.message = message
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.message)

    def in_language(self, language: "Language") -> str:
        """Return the other text in a language."""
        return language.text(self.message)


class CountryName(str):
    """The name of a country with its code of ISO 3166-1."""

    code: str

    def __new__(cls, name: str, code: str) -> Self:
        """Return the name."""
        made = super().__new__(cls, name)
        made.code = code
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.code)

    def in_language(self, language: "Language") -> str:
        """Return the name in a language, from Unicode CLDR."""
        return language.country(self.code) or language.translation(str(self))


class Day(str):
    """A day in words, with or without its year.

    Examples
    --------
    >>> Day(date(2018, 12, 3))
    '3 December 2018'
    """

    parts: tuple[date, bool]

    def __new__(cls, day: date, has_year: bool = True) -> Self:
        """Return the day in words."""
        text = f"{day.day} {_MONTHS[day.month - 1]}"
        made = super().__new__(cls, f"{text} {day.year}" if has_year else text)
        made.parts = day, has_year
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.parts

    def in_language(self, language: "Language") -> str:
        """Return the day in a language."""
        return language.date(*self.parts)


def with_replaced(text: str, change: Callable[[str], str]) -> str:
    """Return a text whose innermost texts are changed; parts that translations need are kept.

    Examples
    --------
    >>> text = Message("{category}, of {counted}", category="visa a", counted="victims")
    >>> with_replaced(text, lambda leaf: Label("Visa A", {}) if leaf == "visa a" else leaf)
    'Visa A, of victims'
    """
    if isinstance(text, Message) and text.parameters:
        own = {name: with_replaced(value, change) for name, value in text.parameters.items()}
        arguments = text.forms if isinstance(text, Plural) else (text.template,)
        return type(text)(*arguments, **own)
    if isinstance(text, Listed):
        texts, last, separator = text.parts
        return Listed(tuple(with_replaced(own, change) for own in texts), last, separator)
    if isinstance(text, Cased):
        inner, is_capital = text.parts
        return Cased(with_replaced(inner, change), is_capital)
    if isinstance(text, Phrase):
        return Phrase(change(text), with_replaced(text.message, change))
    return change(text)


LANGUAGES = ("en", "fr", "de")
"""The codes of the languages of texts: English, and those with a catalogue of messages."""


@frozen(eq=False, repr=False)
class Language:
    """A language of texts: `Language.of` returns it.

    Messages are written in English. Other languages take their texts from a catalogue in the format
    of gettext, and plurals, names of countries, days and separators from Unicode CLDR. Values that
    `thbstats.display` formats, such as ``count(20532)``, follow the language too.

    Attributes
    ----------
    code : str
        The code of ISO 639-1, as in the attribute ``lang`` of HTML.

    Examples
    --------
    >>> from thbstats.languages import Plural, joined
    >>> french = Language.of("fr")
    >>> french.text("the number includes {n} of {total} countries", n=26, total=28)
    'le chiffre comprend 26 pays sur 28'
    >>> french.text(Plural("{n} country", "{n} countries", 1, n=1))
    '1 pays'
    >>> french.text(joined(["BE", "FR", "NL"]))
    'BE, FR et NL'

    References
    ----------
    GNU gettext manual, The format of PO files; Unicode CLDR, through babel.
    """

    code: str
    _catalogue: NullTranslations = field(factory=NullTranslations)
    _locale: Any = None

    def __repr__(self) -> str:
        return f"Language.of({self.code!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Language.of, (self.code,)

    @staticmethod
    def of(code: "str | Language") -> "Language":
        """Return the language of a code.

        Parameters
        ----------
        code : str or Language
            ``"en"``, ``"fr"`` or ``"de"``.

        Raises
        ------
        UnknownName
            If there is no catalogue of the language.
        IncompleteCatalogue
            If messages of the catalogue are not translated or not reviewed.
        MissingExtra
            If babel is not installed. English does not need it.

        Examples
        --------
        >>> Language.of("de").text("not reported")
        'nicht gemeldet'
        """
        return code if isinstance(code, Language) else _language(code)

    def text(self, message: str, /, **values: object) -> str:
        """Return a text in this language.

        Parameters
        ----------
        message : str
            The text in English: a template with parameters in braces, or a text that can be
            translated, such as a `Message`. A text without translation stays as it is.
        **values : object
            The values of the parameters. Those that can be translated are translated.

        Raises
        ------
        InvalidValue
            If a parameter has no value.
        """
        item = Message(message, **values) if values else message
        if self.code == "en":
            return str(item)
        translate = getattr(item, "in_language", None)
        return self.translation(item) if translate is None else translate(self)

    def translation(self, template: str) -> str:
        """Return the template in this language; its first letter can be in either case."""
        text = self._catalogue.gettext(template) if template else ""
        if text == template and template[:1].isalpha() and not template[1:2].isupper():
            swapped = f"{template[0].swapcase()}{template[1:]}"
            other = self._catalogue.gettext(swapped)
            if other != swapped:
                start = other[:1].upper() if template[0].isupper() else other[:1].lower()
                keeps = self.code == "de" and template[0].islower()
                return other if keeps else f"{start}{other[1:]}"
        return text

    def plural_form(self, singular: str, plural: str, number: int) -> str:
        """Return the template of a number in this language."""
        return self._catalogue.ngettext(singular, plural, number)

    def country(self, code: str) -> str:
        """Return the name of a country by its code of ISO 3166-1; empty if it is not known."""
        return "" if self._locale is None else str(self._locale.territories.get(code, ""))

    def date(self, day: date, has_year: bool = True) -> str:
        """Return a day in words, with or without its year."""
        dates, form = import_module("babel.dates"), "long" if has_year else "MMMMd"
        if has_year:
            return str(dates.format_date(day, form, locale=self._locale))
        return str(dates.format_skeleton(form, day, locale=self._locale))


@cache
def language_or_english(code: str) -> Language:
    """Return the language of a code, or English if it has no complete catalogue."""
    try:
        return Language.of(code)
    except (IncompleteCatalogue, UnknownName):
        return Language.of("en")


@cache
def _language(code: str) -> Language:
    if code == "en":
        return Language("en")
    if code not in LANGUAGES:
        hint = f"Use {', '.join(map(repr, LANGUAGES))}"
        problem = "must be a language with translated texts"
        raise UnknownName(problem, field="language", value=code, hint=hint)
    try:
        babel, pofile = import_module("babel"), import_module("babel.messages.pofile")
        mofile = import_module("babel.messages.mofile")
    except ImportError as error:
        problem, hint = "babel must be installed for texts in a language", "thbstats[i18n]"
        hint = f"pip install '{hint}'"
        raise MissingExtra(problem, field="language", value=code, hint=hint) from error
    with _catalogue_file(code) as stream:
        catalogue = pofile.read_po(stream, locale=code)
    own = [item for item in catalogue if item.id]
    wrong = [item for item in own if item.fuzzy or not all(_strings(item))]
    if wrong:
        start = wrong[0].id if isinstance(wrong[0].id, str) else wrong[0].id[0]
        raise IncompleteCatalogue(
            f"the catalogue lacks {len(wrong)} of {len(own)} messages, such as {start!r}",
            field="language",
            value=code,
            hint="Use 'en', or complete the catalogue",
        )
    compiled = BytesIO()
    mofile.write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(code, GNUTranslations(compiled), babel.Locale.parse(code))


def _catalogue_file(code: str) -> IO[bytes]:
    # Imported here because the import is slow.
    from importlib.resources import files

    return files("thbstats.languages").joinpath("catalogues", f"{code}.po").open("rb")


def _strings(message: Any) -> tuple[str, ...]:
    """Return the translations of a message: one for each plural form."""
    return message.string if isinstance(message.string, tuple) else (message.string,)
