"""Spellings: which countries and groups a text can mean, what it resembles, what it was."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from itertools import chain

from thbstats.geography.countries import Country, read_countries, read_dissolved_states
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["by_code", "citizenships", "names", "plain", "repaired", "suggest"]

# Names are shorter; comparing longer texts costs time and finds nothing.
_LONGEST = 80
# What a decoder writes for a character that it cannot read.
_LOST = "\ufffd"
# What stands between the letters and digits of a name.
_SIGNS = re.compile(rf"[^\w?{_LOST}]|_")
# Spellings that share fewer letters are never near each other.
_UNLIKE = 3


def plain(text: object) -> str:
    """Return a text without what tells no two names apart: case, accents, signs, the article.

    A lost character and a question mark stay: "Per?" is not the code ``PER``.
    """
    bare = _SIGNS.sub(" ", _without_accents(str(text)).casefold().replace("&", " and "))
    return " ".join("saint" if word == "st" else word for word in bare.split() if word != "the")


@cache
def by_code() -> Mapping[str, Country]:
    """Return countries and dissolved states by our codes."""
    return {country.code: country for country in (*read_countries(), *read_dissolved_states())}


@cache
def names() -> Mapping[str, tuple[str, ...]]:
    """Return the codes that each code or name can mean, by its plain form."""
    return _owners((text, c.code) for c in by_code().values() for text in (*_codes(c), *_names(c)))


@cache
def citizenships() -> Mapping[str, tuple[str, ...]]:
    """Return the codes that each label of a citizenship can mean, by its plain form."""
    groups = ((text, str(g)) for g in CitizenshipGroup for text in (g, g.label, *g.synonyms))
    countries = (
        (text, c.code)
        for c in by_code().values()
        for text in (*_codes(c), *_names(c), *_nationals(c))
    )
    return _owners(chain(groups, countries))


def suggest(text: str) -> tuple[str, ...]:
    """Return what is written much like a text: at most three countries and groups, nearest first.

    A suggestion is for a person to judge. Nothing is ever read as its nearest match.

    Parameters
    ----------
    text : str
        A name or a citizenship that is not known; one of more than 80 characters is like none.

    Returns
    -------
    tuple of str
        Names of countries and labels of groups. Where the text means several countries, these.

    Examples
    --------
    >>> suggest("Lybian"), suggest("Congolese"), suggest("elsewhere")
    (('Libya',), ('Democratic Republic of the Congo', 'Congo'), ())
    """
    wanted = plain(text) if len(text) <= _LONGEST else ""
    letters = _letters(wanted)
    alike = [
        spelling
        for size in range(len(wanted) - 2, len(wanted) + 3)
        for spelling, others in _by_length().get(size, ())
        if (letters ^ others).bit_count() <= _UNLIKE
    ]
    near = [wanted] if wanted in _labels() else get_close_matches(wanted, alike, n=6, cutoff=0.78)
    found = dict.fromkeys(label for spelling in near for label in _labels()[spelling])
    return tuple(found)[:3]


def repaired(text: str) -> str | None:
    """Return the name that a text was before a wrong encoding broke it.

    Two kinds of damage can be undone: UTF-8 that was read as Latin-1 or Windows-1252
    ("CuraÃ§ao"), and characters outside ASCII, or apostrophes, of which only a replacement
    character or a question mark is left ("Cura?ao"). The result is a spelling in the list, and the
    only one that fits.

    Parameters
    ----------
    text : str
        A name or a citizenship as a file has it.

    Returns
    -------
    str or None
        The spelling in the list; ``None`` where nothing is broken or nothing, or more than one
        country, fits.

    Examples
    --------
    >>> repaired("CuraÃ§ao"), repaired("Espa?a"), repaired("Espana"), repaired("Per?u")
    ('Curaçao', 'España', None, None)
    """
    if len(text) > _LONGEST:
        return None
    for encoding in ("cp1252", "latin-1"):
        try:
            undone = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if undone != text:
            return _whole().get(_folded(undone))
    return _broken().get(_collapsed(text)) if {_LOST, "?"} & set(text) else None


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
    found: dict[str, dict[str, None]] = {}
    for text, code in pairs:
        found.setdefault(plain(text), {})[code] = None
    return {text: tuple(codes) for text, codes in found.items()}


def _written() -> Iterator[tuple[str, str]]:
    """Every spelling that is no code, and the name or label of what it means."""
    for country in by_code().values():
        for text in (*_names(country), *_nationals(country)):
            yield text, country.name
    for group in CitizenshipGroup:
        for text in (group.label, *group.synonyms):
            if not text.isupper():
                yield text, group.label


@cache
def _labels() -> dict[str, tuple[str, ...]]:
    return _owners(_written())


def _letters(text: str) -> int:
    """A set of letters as bits, to compare thousands of them at once."""
    bits = 0
    for letter in text:
        bits |= 1 << (ord(letter) & 63)
    return bits


@cache
def _by_length() -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = {}
    for spelling in _labels():
        found.setdefault(len(spelling), []).append((spelling, _letters(spelling)))
    return found


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _folded(text: str) -> str:
    """A text without accents and case; unlike a plain one it keeps its signs."""
    return " ".join(_without_accents(text).casefold().replace("\u2019", "'").split())


def _collapsed(text: str) -> str:
    """A text in which one sign stands for each run of lost characters."""
    return re.sub(f"[{_LOST}?]+", _LOST, " ".join(text.casefold().split()))


@cache
def _whole() -> dict[str, str]:
    return _unambiguous((_folded(text), text, label) for text, label in _written())


@cache
def _broken() -> dict[str, str]:
    """What is left of each spelling after its accents, its apostrophe or both are lost."""
    return _unambiguous(
        (_collapsed(left), text, label)
        for text, label in _written()
        for left in _remains(text)
        if _LOST in left
    )


def _remains(text: str) -> tuple[str, str, str]:
    masked = re.sub(r"[^\x00-\x7f]", _LOST, unicodedata.normalize("NFC", text))
    return masked, masked.replace("'", _LOST), _folded(text).replace("'", _LOST)


def _unambiguous(found: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """The first spelling for each key, where all spellings of the key mean the same."""
    spellings: dict[str, dict[str, str]] = {}
    for key, text, label in found:
        spellings.setdefault(key, {}).setdefault(label, text)
    return {key: next(iter(of.values())) for key, of in spellings.items() if len(of) == 1}
