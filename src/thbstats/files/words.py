"""Words in files of offices: names of columns, categories, months and missing-value signs."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any


def _content(name: str) -> Mapping[str, Any]:
    return tomllib.loads(files("thbstats.files").joinpath(name).read_text("utf-8"))


_WORDS = _content("words.toml")


def plain_word(text: str) -> str:
    """Return the letters of a text in lower case, without accents."""
    return "".join(filter(str.isalpha, plain_text(text)))


def plain_text(text: str) -> str:
    """Return a text in lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _by_word(lists: Mapping[str, str]) -> dict[str, str]:
    return {plain_word(word): key for key, words in lists.items() for word in words.split()}


def _months(lists: Iterable[str]) -> dict[str, set[int]]:
    result: dict[str, set[int]] = {}
    for words in lists:
        for number, word in enumerate(words.split(), start=1):
            result.setdefault(plain_word(word), set()).add(number)
    return result


MONTHS = _months(_WORDS["months"])
"""The numbers of months by name."""

QUARTER = re.compile("|".join(["q$", *map(plain_word, _WORDS["quarters"].split())]))
"""The start of a word for a quarter, such as ``q`` or ``Quartal``."""

THIRD = re.compile("|".join(map(plain_word, _WORDS["thirds"].split())))
"""The start of a word for four months, such as ``quadrimestre``."""

HALF_YEAR = re.compile("|".join(["[hs]$", *map(plain_word, _WORDS["half_years"].split())]))
"""The start of a word for a half-year, such as ``Halbjahr``, or the letter h or s."""

RATE, QUANTITY, CASES, BIRTH, IDENTIFIER, OPEN, EXCLUDED, PART_BEFORE, PART_AFTER = (
    re.compile(rf"(?:{own})\w*", re.IGNORECASE) for own in _WORDS["names"].values()
)
"""Names of columns: rates, other quantities, numbers of cases, dates of birth, and identifiers;
words before a period without a first or last day, words that exclude the next ones, and words
before and after the name of a country in the name of a part of it."""

FISCAL_YEARS: Mapping[str, int] = _WORDS["fiscal_years"]
"""The first month of fiscal years by country."""

_LONGEST = 40  # characters of a word for a total

TOTALS = frozenset(map(plain_word, _WORDS["totals"].split()))
"""Words for a total."""

COLUMNS = _by_word(_WORDS["columns"])
"""The target of a column by its name."""

KINDS_OF_WORDS = _by_word(_WORDS["kinds"])
"""The kind of count by a word."""

CATEGORIES = {name: _by_word(lists) for name, lists in _WORDS["categories"].items()}
"""The category of a word by dimension."""

PERSONS: Mapping[str, str] = _by_word(_WORDS["persons"])
"""Sex and age of a word such as ``girls``; ``women`` is of any age in a file without girls."""

SIGNS: Mapping[str, str] = _WORDS["missing"]
"""The reasons of missing-value signs that have one meaning."""

ORDINALS = {
    plain_word(word): number
    for words in _WORDS["ordinals"]
    for number, word in enumerate(words.split(), start=1)
}
"""The number of a word such as ``first``."""

_AGES = {name: {*map(plain_word, words.split())} for name, words in _WORDS["ages"].items()}

AGE_WORDS: frozenset[str] = frozenset[str]().union(*_AGES.values())
"""The words that can be next to an age."""


LAST_AGE = 999
"""The last age of a band without one."""


@lru_cache
def country_names() -> Mapping[str, str]:
    """Return the codes of countries by names in languages of the EU, as words without accents."""
    names = _content("country_names.toml").items()
    return {plain_word(name): code for code, listed in names for name in listed.split("|")}


def ages_in(text: str) -> tuple[int, int] | None:
    """Return the first and the last age of a text in a language of the EU; ``None`` for others.

    The last age is `LAST_AGE` if the text has none.

    Examples
    --------
    >>> ages_in("moins de 18 ans"), ages_in("17 or younger"), ages_in("18 lat i więcej")
    ((0, 17), (0, 17), (18, 999))
    >>> ages_in("<18"), ages_in("≤ 20")
    ((0, 17), (0, 20))
    """
    words = {*re.findall(r"[^\W\d_]+", plain_text(text))}
    numbers = re.findall(r"\w*\d+", text)  # a code such as HTA01 is not an age
    ages = sorted(map(int, numbers)) if all(map(str.isdecimal, numbers)) else []
    is_under = bool(words & _AGES["under"]) or "<" in text or "≤" in text
    is_over = bool(words & _AGES["over"]) or any(sign in text for sign in "+>≥")
    if len(ages) not in (1, 2) or ages[-1] > 120 or "." in text:
        return None
    if len(ages) == 2:
        return ages[0], ages[1]
    if is_under and not is_over:
        is_inclusive = bool(words & _AGES["inclusive"]) or "≤" in text or "=" in text
        return 0, ages[0] - (not is_inclusive)
    if is_over and not is_under:
        return ages[0], LAST_AGE
    return None if words - _AGES["years"] else (ages[0], ages[0])


def lowest_ages(texts: Iterable[str]) -> set[str]:
    """Return the texts that are ages and not numbers, because other texts are the ages above them.

    Examples
    --------
    >>> lowest_ages(["<18", "18+"]), lowest_ages(["<18", "5"])
    ({'<18'}, set())
    """
    ages = {text: own for text in texts if (own := ages_in(text))}
    firsts = {first for first, _ in ages.values()}
    is_whole = any(last == LAST_AGE for _, last in ages.values())
    lowest = (text for text in ages if is_whole and text.strip()[0] in "<≤")
    return {text for text in lowest if ages[text][1] + 1 in firsts}


def without_note(text: str) -> str:
    """Return a text without a final note in brackets, such as ``[note 2]``."""
    plain = text.strip()
    start = plain.rfind("[") if plain.endswith("]") else 0
    return plain[:start].rstrip() if start > 0 else plain


def is_total(text: str) -> bool:
    """Whether a text is a word for a total."""
    return len(text) < _LONGEST and not text.isdigit() and plain_word(text) in TOTALS
