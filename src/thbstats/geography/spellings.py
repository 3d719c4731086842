"""Names of countries and their spellings."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from itertools import chain

from thbstats.errors import UnknownName
from thbstats.geography.countries import Country, read_countries, read_dissolved_states
from thbstats.languages import CountryName
from thbstats.vocabulary import CitizenshipGroup

# All names are shorter; comparing longer texts is slow.
_LONGEST = 80
# Replacement character of decoders.
_LOST = "\ufffd"
# Separators between letters and digits of a name.
_SIGNS = re.compile(rf"[^\w?{_LOST}]|_")
# Largest number of different letters of similar spellings.
_UNLIKE = 3


def plain(text: object) -> str:
    """Return a text in lower case, without accents, punctuation and the article.

    Replacement characters and question marks stay: "Per?" is not the code ``PER``.
    """
    return _plain(str(text))


@lru_cache(maxsize=1 << 12)
def _plain(text: str) -> str:
    bare = _SIGNS.sub(" ", _without_accents(text).casefold().replace("&", " and "))
    name = " ".join(word for word in bare.split() if word != "the")
    return re.sub(r"\bst ", "saint ", name)  # "ST" alone is a code


@cache
def by_code() -> Mapping[str, Country]:
    """Return countries and dissolved states by code."""
    return {country.code: country for country in (*read_countries(), *read_dissolved_states())}


@cache
def names() -> Mapping[str, tuple[str, ...]]:
    """Return the country codes of each code or name in plain form."""
    return _owners((text, c.code) for c in by_code().values() for text in (*_codes(c), *_names(c)))


@cache
def citizenships() -> Mapping[str, tuple[str, ...]]:
    """Return the codes of each citizenship label in plain form."""
    groups = ((text, str(g)) for g in CitizenshipGroup for text in (g, g.label, *g.synonyms))
    countries = (
        (text, c.code)
        for c in by_code().values()
        for text in (*_codes(c), *_names(c), *_nationals(c))
    )
    return _owners(chain(groups, countries))


def suggest(text: str) -> tuple[str, ...]:
    """Return up to three countries and groups with a similar spelling.

    Suggestions are for error messages only; no text is parsed as its nearest match.

    Examples
    --------
    >>> suggest("Lybian"), suggest("Congolese"), suggest("elsewhere")
    (('Libya',), ('Democratic Republic of the Congo', 'Congo'), ())
    """
    name = plain(text) if len(text) <= _LONGEST else ""
    letters = _letters(name)
    similar = [
        spelling
        for size in range(len(name) - 2, len(name) + 3)
        for spelling, others in _by_length().get(size, ())
        if (letters ^ others).bit_count() <= _UNLIKE
    ]
    near = [name] if name in _labels() else get_close_matches(name, similar, n=6, cutoff=0.78)
    result = dict.fromkeys(label for spelling in near for label in _labels()[spelling])
    return tuple(result)[:3]


def repair_name(text: str) -> str | None:
    """Return the name of a text with encoding errors.

    Two errors are repaired: UTF-8 read as Latin-1 or Windows-1252 ("CuraÃ§ao"), and replacement
    characters or question marks for other characters ("Cura?ao"). The result is the only
    matching spelling in the list.

    Examples
    --------
    >>> [repair_name(text) for text in ("CuraÃ§ao", "Espa?a", "Espana", "Per?u")]
    ['Curaçao', 'España', None, None]
    """
    if len(text) > _LONGEST:
        return None
    for encoding in ("cp1252", "latin-1"):
        try:
            undone = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if undone != text:
            return _folded_names().get(_folded(undone))
    return _damaged_names().get(_collapsed(text)) if {_LOST, "?"} & set(text) else None


def _codes(country: Country) -> tuple[str, ...]:
    return tuple(filter(None, (country.code, country.iso2, country.iso3)))


def _names(country: Country) -> tuple[str, ...]:
    return (country.name, *country.synonyms, *country.translations)


def _nationals(country: Country) -> Iterator[str]:
    for word in country.demonyms:
        yield word
        if not plain(word).endswith(("s", "sh", "ch", "ese")):
            yield f"{word}s"
    yield from country.variants


def _owners(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    owners: dict[str, dict[str, None]] = {}
    for text, code in pairs:
        owners.setdefault(plain(text), {})[code] = None
    return {text: tuple(codes) for text, codes in owners.items()}


def _spelling_labels() -> Iterator[tuple[str, str]]:
    """Yield each spelling that is not a code, with its name or label."""
    for country in by_code().values():
        for text in (*_names(country), *_nationals(country)):
            yield text, country.name
    for group in CitizenshipGroup:
        for text in (group.label, *group.synonyms):
            if not text.isupper():
                yield text, group.label


@cache
def _labels() -> dict[str, tuple[str, ...]]:
    return _owners(_spelling_labels())


def _letters(text: str) -> int:
    """Return the set of letters of a text as bits."""
    bits = 0
    for letter in text:
        bits |= 1 << (ord(letter) & 63)
    return bits


@cache
def _by_length() -> dict[int, list[tuple[str, int]]]:
    spellings: dict[int, list[tuple[str, int]]] = {}
    for spelling in _labels():
        spellings.setdefault(len(spelling), []).append((spelling, _letters(spelling)))
    return spellings


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _folded(text: str) -> str:
    """Return a text in lower case without accents, with its punctuation."""
    return " ".join(_without_accents(text).casefold().replace("\u2019", "'").split())


def _collapsed(text: str) -> str:
    """Return a text with one replacement character for each run of lost characters."""
    return re.sub(f"[{_LOST}?]+", _LOST, " ".join(text.casefold().split()))


@cache
def _folded_names() -> dict[str, str]:
    return _unambiguous((_folded(text), text, label) for text, label in _spelling_labels())


@cache
def _damaged_names() -> dict[str, str]:
    """Return spellings by their forms without accents, apostrophes or both."""
    items = list[tuple[str, str, str]]()
    for text, label in _spelling_labels():
        masked = re.sub(r"[^\x00-\x7f]", _LOST, unicodedata.normalize("NFC", text))
        forms = masked, masked.replace("'", _LOST), _folded(text).replace("'", _LOST)
        items += [(_collapsed(form), text, label) for form in forms if _LOST in form]
    return _unambiguous(items)


def _unambiguous(items: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Return the first spelling of each key with one meaning."""
    spellings: dict[str, dict[str, str]] = {}
    for key, text, label in items:
        spellings.setdefault(key, {}).setdefault(label, text)
    return {
        key: next(iter(result.values())) for key, result in spellings.items() if len(result) == 1
    }


_LISTED = "Use a country code such as FR, or an English country name"


def country_name(code: str) -> str:
    """Return the English short name of a country.

    The argument is a code or a name, as for `parse_country`.

    Examples
    --------
    >>> country_name("EL"), country_name("SCG")
    ('Greece', 'Serbia and Montenegro')
    """
    country = by_code()[parse_country(code)]
    return CountryName(country.name, country.iso2)


def parse_country(text: str) -> str:
    """Return the code of a country or dissolved state.

    Parameters
    ----------
    text : str
        A code of Eurostat or ISO 3166-1 (two or three letters), a name, a synonym or a name in
        another language; case, accents, punctuation and the article are ignored. Use
        `parse_citizenship` for demonyms.

    Raises
    ------
    UnknownName
        If the text is not a country, or several (``"CS"``: Czechoslovakia, Serbia and
        Montenegro). The error suggests similar names.

    Examples
    --------
    >>> [parse_country(text) for text in ("GR", "grc", "Greece", "Viet Nam", "Great Britain")]
    ['EL', 'EL', 'EL', 'VN', 'UK']
    >>> parse_country("Burma"), parse_country("Serbia and Montenegro")
    ('MM', 'CSXX')
    """
    return find_code(text, names(), "must be a country", _LISTED)


def with_successors(country: str) -> frozenset[str]:
    """Return a country and, for a dissolved state, its successors.

    Examples
    --------
    >>> sorted(with_successors("Serbia and Montenegro")), sorted(with_successors("Serbia"))
    (['CSXX', 'ME', 'RS', 'XK'], ['RS'])
    """
    code = parse_country(country)
    return frozenset((code, *by_code()[code].successors))


def find_code(
    text: str, spellings: Mapping[str, tuple[str, ...]], problem: str, listed: str
) -> str:
    """Return the code of a text; the error suggests similar names."""
    codes = spellings.get(plain(text), ())
    if len(codes) == 1:
        return codes[0]
    if codes:
        options = [f"{code} ({by_code()[code].name})" for code in codes]
        hint = f"Use {' or '.join(options)}"
        raise UnknownName("must be one country", value=text, hint=hint)
    raise UnknownName(problem, value=text, hint=lambda: _suggestion(text, listed))


def _suggestion(text: str, listed: str) -> str:
    similar = " or ".join(map(repr, suggest(str(text))))
    return f"Did you mean {similar}?" if similar else listed
