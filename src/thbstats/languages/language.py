"""A language of texts, with its catalogue of messages."""

from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import import_module
from io import BytesIO
from typing import IO, Any

from attrs import field, frozen

from thbstats.errors import IncompleteCatalogue, MissingExtra, UnknownName
from thbstats.languages.translatable import Message

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
    >>> french.text("{n} of {total} countries have data", n=26, total=28)
    '26 pays sur 28 ont des données'
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
        """Return the template in this language; with the first letter in either case."""
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
