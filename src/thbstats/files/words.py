"""Words in files of offices: names of columns, categories, months and missing-value signs."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

_WORDS: Mapping[str, Any] = tomllib.loads(
    files("thbstats.files").joinpath("words.toml").read_text("utf-8")
)


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

QUARTER = re.compile("|".join(["q", *map(plain_word, _WORDS["quarters"].split())]))
"""The start of a word for a quarter, such as ``q`` or ``Quartal``."""

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


def without_note(text: str) -> str:
    """Return a text without a final note in brackets, such as ``[note 2]``."""
    plain = text.strip()
    start = plain.rfind("[") if plain.endswith("]") else 0
    return plain[:start].rstrip() if start > 0 else plain


def is_total(text: str) -> bool:
    """Whether a text is a word for a total."""
    return len(text) < _LONGEST and not text.isdigit() and plain_word(text) in TOTALS
