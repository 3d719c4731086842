"""English words that are left in a text in another language.

A word counts as English if the messages or labels of the library contain it in English and no
message, label or country name contains it in the other language.
"""

import re
from collections.abc import Iterable
from functools import cache
from html import unescape

from babel import Locale

from tests.languages.catalogues import FOLDER, ids, read, strings
from thbstats.vocabulary import BUNDLED, bundled_classification

_WORD = re.compile(r"[^\W\d_]{2,}")
_QUOTED = re.compile("“[^”]*”|https?://\\S+")
_COMMON = (
    "the of and or is are was were with without for from by to in on at as not no all each their "
    "its it this that which"
)


def words(text: str) -> set[str]:
    """Return the words of a text, without quotations, addresses and codes in capitals."""
    own = _WORD.findall(_QUOTED.sub(" ", text))
    return {word.lower() for word in own if not word.isupper() or len(word) < 3}


@cache
def _both(code: str) -> tuple[set[str], set[str]]:
    """Return the words of the library in English and in a language."""
    catalogue = [item for item in read(FOLDER / f"{code}.po") if item.id]
    lists = [bundled_classification(name) for name in BUNDLED]
    categories = [own for item in lists for own in item.categories]
    parameters = re.compile(r"\{\w+\}|\w+=\"\w+\"")
    english = [parameters.sub(" ", text) for item in catalogue for text in ids(item)]
    english += [own.label for own in categories] + [item.title for item in lists] + [_COMMON]
    other = [parameters.sub(" ", text) for item in catalogue for text in strings(item)]
    other += [own.labels.get(code, "") for own in categories]
    other += [item.titles.get(code, "") for item in lists]
    other += Locale.parse(code).territories.values()
    return set().union(*map(words, english)), set().union(*map(words, other))


def english_words(text: str, code: str, allowed: Iterable[str] = ()) -> set[str]:
    """Return the English words in a text; `allowed` are texts such as titles of sources."""
    for own in allowed:
        text = text.replace(own, " ")
    english, other = _both(code)
    return words(text) & (english - other)


def text_of(html: str) -> str:
    """Return the text of an HTML page, with texts of attributes that people read."""
    read = " ".join(re.findall(r'(?:alt|title|aria-label|data-label)="([^"]*)"', html))
    body = re.sub(r"<(style|script).*?</\1>", " ", html, flags=re.DOTALL)
    return unescape(f"{re.sub(r'<[^>]+>', ' ', body)} {read}")
