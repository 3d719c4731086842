"""Contents of texts and columns: counts, categories, countries and periods."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np

from thbstats.errors import ThbstatsError
from thbstats.files.count_columns import CountParser
from thbstats.files.headers import is_number, split_period
from thbstats.files.ledger import FileColumn
from thbstats.files.reference_periods import parser_of, period_readings
from thbstats.files.words import (
    AGE_WORDS,
    CATEGORIES,
    COLUMNS,
    EXCLUDED,
    IDENTIFIER,
    KINDS_OF_WORDS,
    LAST_AGE,
    MONTHS,
    OPEN,
    PART_AFTER,
    PART_BEFORE,
    PERSONS,
    SIGNS,
    ages_in,
    country_names,
    is_total,
    lowest_ages,
    plain_word,
)
from thbstats.geography import Area
from thbstats.records import Dimension
from thbstats.vocabulary.bands import AGE_LIMIT

LONGEST = 200
"""The largest number of characters of a count, and of distinct texts that are looked at."""

AMBIGUOUS = re.compile(
    r"[-\N{EN DASH}.]|\.{3}|…|n[./]?[ad]\.?|b\.?d\.?|\u03b4\.?\u03c5\.?|k\.? ?a\.?|s/d|x|z|c|\*",
    re.I,
)
"""A sign that can be 0, suppressed or not reported."""

MARKED = re.compile(
    r"(.*\d)\s*([\[(]?([a-z*\u2020\u2021\xa7#])[\])]?|[\[(]\d[\])]|[\xb9\xb2\xb3\u2074-\u2079])",
    re.I,
)
"""A number with a letter, a sign or the number of a footnote after it, such as ``12 (p)``."""

COUNT_AND_SHARE = re.compile(r"\s*\d[\d., ]*\([^)]*%", re.IGNORECASE)
"""A count with its share, such as ``5 (41.7%)``."""

_MOST = 0.6  # share of texts with a known category that identifies a dimension
_COUNTS, _NAMED = 0.8, 0.5  # share of texts with a count in a column of counts, also with its name
_SHORTEST = 4  # characters of a phrase in a title, where M is not a sex
_NEGATIVE = re.compile(r"[-\N{MINUS SIGN}]\s*\d[\d.,]*")
_YEAR = re.compile(r"(19|20)\d\d")
_DAY_BEFORE = re.compile(r"\b\d\d?(?:st|nd|rd|th|er|[.º])?\s+(?:de\s+|of\s+)?$")
_CODE = re.compile(r"[A-Z0-9_.:()-]*|[a-z]{1,3}[0-9.]+")
OF_PERSONS = {"sex", "age", "citizenship", "exploitation"}
"""The dimensions that are properties of persons."""


def is_figure(text: str) -> bool:
    """Whether a text is a number or a sign for a missing one."""
    plain = text.strip()
    return is_number(text) or plain.isdigit() or bool(AMBIGUOUS.fullmatch(plain))


def is_value(text: str) -> bool:
    """Whether a text is a figure, also with the number of a footnote or of several, as ``5-9``."""
    return is_figure(text) or (text.strip()[:1].isdigit() and not re.search(r"[^\W\d_]", text))


def is_counts(column: FileColumn, *, is_named: bool = False) -> bool:
    """Whether a column contains integers, and few other texts.

    In a column with the name of counts, other numbers and signs count too, so that its name and
    not its contents decide.
    """
    texts = [text.strip() for text in column.categories if text.strip()][:LONGEST]
    parser, numbers, known = CountParser(thousands=",."), 0, 0
    for text in texts:
        mark = MARKED.fullmatch(text) if len(text) < LONGEST else None
        is_integer = parser.digits(mark[1] if mark else text) is not None
        is_sign = text in SIGNS or bool(AMBIGUOUS.fullmatch(text)) or text[0] in "<≤"
        is_other = is_named and (is_number(text) or bool(_NEGATIVE.fullmatch(text)))
        numbers += is_integer or is_named
        known += is_integer or is_sign or is_other
    return numbers > 0 and known >= (_NAMED if is_named else _COUNTS) * len(texts)


def is_numbering(column: FileColumn) -> bool:
    """Whether a column numbers the rows from 1."""
    texts = [column.value_at(row).strip(" .") for row in range(len(column.codes))]
    numbers = [text for text in texts if text]
    is_from_one = numbers == [str(n) for n in range(1, len(numbers) + 1)]
    return len(numbers) > 2 and is_from_one and texts[0] == "1"


def is_identifier(column: FileColumn) -> bool:
    """Whether a column has the name of numbers of cases, and a different one in each row."""
    is_distinct = len(np.unique(column.codes)) == len(column.codes) > 1
    return bool(IDENTIFIER.search(column.name)) and is_distinct


def is_paired(first: FileColumn, second: FileColumn) -> bool:
    """Whether each text of a column occurs with one text of another one, and the reverse."""
    pairs = first.codes.astype(np.int64) * (len(second.categories) + 1) + second.codes
    sizes = {len(np.unique(own)) for own in (first.codes, second.codes, pairs)}
    return len(sizes) == 1 and sizes != {1}


def is_code_of(column: FileColumn, other: FileColumn, *, has_years: bool) -> bool:
    """Whether a column has one code for each text of another one, such as ``BEL`` for Belgium.

    Integers are codes only if they are repeated: the counts of years are not codes of the years.
    """
    texts = [text for text in column.categories if text.strip()]
    is_repeated = len(column.codes) > len(np.unique(column.codes))
    return (
        is_paired(column, other)
        and all(map(_CODE.fullmatch, texts))
        and (is_repeated or not is_counts(column))
        and (not has_years or all(re.search(r"\d", text) for text in texts))
    )


def target_of_name(name: str) -> str:
    """Return the target that the name of a column shows; empty if it is not known.

    ``Type of exploitation`` contains one word for a property of persons, and shows it.
    """
    known = COLUMNS.get(plain_word(name))
    if known is not None:
        return known
    targets = {COLUMNS.get(plain_word(word), "") for word in re.findall(r"[^\W\d_]+", name)}
    return next(iter(targets & OF_PERSONS), "") if len(targets & OF_PERSONS) == 1 else ""


def parsed(dimension: Dimension, text: str) -> str:
    """Return the category of a text; empty without one."""
    try:
        return parser_of(dimension)(text)
    except ThbstatsError:
        return ""


def word_category(dimension: Dimension, text: str) -> str:
    """Return the category of a text that only words of offices explain; empty without one.

    Examples are ``Frauen``, ``Rumunia`` and ``moins de 18 ans``.
    """
    word = plain_word(text)
    if dimension.content in ("area", "citizenship"):
        return country_names().get(word, "")
    known = CATEGORIES.get(dimension.name, {}).get(word, "")
    if dimension.name == "age" and not known and (ages := ages_in(text)):
        return "child" if ages[1] < AGE_LIMIT else "adult" if ages[0] >= AGE_LIMIT else ""
    if dimension.name == "sex" and not known and word in PERSONS:
        return PERSONS[word].split()[0]
    return known


def whole_bands(texts: Iterable[str], dimension: Dimension) -> dict[str, str]:
    """Return the age group of each band, if its bands cover the ages once and completely.

    ``0-14`` and ``15-17`` cover ``child``; ``0-14`` alone, or next to the text ``child``, does not.
    """
    bands = sorted((*ages, text) for text in texts if (ages := ages_in(text)))
    published = {parsed(dimension, text) for text in texts if ages_in(text) is None}
    result: dict[str, str] = {}
    for category, first, last in (("child", 0, AGE_LIMIT - 1), ("adult", AGE_LIMIT, LAST_AGE)):
        own = [band for band in bands if first <= band[0] and band[1] <= last]
        starts = [first, *(end + 1 for _, end, _ in own)]
        is_covered = starts[:-1] == [start for start, *_ in own] and starts[-1] == last + 1
        if is_covered and category not in published:
            result |= {text: category for *_, text in own}
    return result


def dimension_of(texts: Iterable[str], dimensions: Iterable[Dimension]) -> str:
    """Return the dimension whose categories the most texts have; empty if too few do."""
    own = list(islice((text for text in texts if text.strip() and not is_total(text)), LONGEST))
    ages = lowest_ages(own)

    def is_known(dimension: Dimension, text: str) -> bool:
        # An age in years, or another number.
        if dimension.name == "age" and is_figure(text) and text not in ages:
            return False
        known = parsed(dimension, text) not in ("", dimension.total, "unknown")
        return known or word_category(dimension, text) != ""

    shares = {item.name: sum(is_known(item, text) for text in own) for item in dimensions}
    best = max(shares, key=lambda name: shares[name], default="")
    return best if best and shares[best] >= max(1, _MOST * len(own)) else ""


def is_period(text: str) -> bool:
    """Whether a text is a period; a number is one if it can be a year."""
    is_other_number = text.strip().isdigit() and not _YEAR.fullmatch(text.strip())
    return bool(period_readings(text)) and not is_other_number


def periods_in(text: str) -> list[str]:
    """Return the texts of the different periods that a text names; each has one reading.

    Further texts show that a period is a part of another one, or has no first or last day. A day
    is not a period of counts.

    Examples
    --------
    >>> periods_in("Victims, 2020"), periods_in("2020 Q1-Q3"), periods_in("since 2015")
    (['2020'], ['2020', 'Q1', 'Q3'], ['2015', 'since'])
    """
    periods: dict[str, str] = {}
    for cell in re.split(r"[;\n]|\s{2,}", text):
        others, own = cell, dict[str, str]()
        for part in re.split(r"[()]", cell):
            other = part
            while period := split_period(other)[0]:
                before, _, after = others.partition(period)
                readings = period_readings(period)
                if len(readings) == 1 and not _DAY_BEFORE.search(before):
                    own.setdefault(str(readings[0][1]), period)
                others, other = f"{before} | {after}", other.replace(period, " | ", 1)
        if not own:
            continue
        words = re.findall(r"[^\s|(),]+", others)
        words += [piece for word in words for piece in word.split("-")]
        parts = list(filter(_is_part_of_year, [*_phrases(words, (2,)), *words]))
        parts += [match[0].strip(" |") for match in OPEN.finditer(others)]
        periods |= own | {word: word for word in parts}
    return list(periods.values())


def _is_part_of_year(text: str) -> bool:
    """Whether a text is a part of a year, such as ``Q1`` and ``March``; ``may`` is a verb."""
    is_name = bool(re.search(r"[\d -]", text)) or plain_word(text) in MONTHS
    return is_name and text != "may" and bool(period_readings(f"{text} 2020"))


def country_in(text: str) -> tuple[str, str] | None:
    """Return the only country that a text names, with its code; ``None`` for none or several.

    Examples
    --------
    >>> country_in("Victims, South Sudan"), country_in("Victims, Northern Ireland")
    (('South Sudan', 'SS'), None)
    """
    words = [own for own in re.finditer(r"[^\W\d_]+", text) if own[0].lower() != "the"]
    areas: dict[str, str] = {}
    spans: list[tuple[int, int]] = []  # of names, which can contain shorter ones
    for own in (words[n : n + size] for size in (3, 2, 1) for n in range(len(words) - size + 1)):
        name, start, end = " ".join(word[0] for word in own), own[0].start(), own[-1].end()
        is_inner = any(first <= start and end <= last for first, last in spans)
        if is_inner or (len(own) == 1 and len(name) <= 3 and name.upper() != "UK"):
            continue
        try:
            code = Area.parse(name).code
        except ThbstatsError:
            continue
        if not _is_part_of_name(text[:start], text[end:]):
            areas.setdefault(code, name)
            spans.append((start, end))
    return next(((name, code) for code, name in areas.items()), None) if len(areas) == 1 else None


def _is_part_of_name(before: str, after: str) -> bool:
    """Whether a country is in the name of a part of it, such as ``Lower Austria``."""
    if PART_BEFORE.search(before) or PART_AFTER.search(after):
        return True
    word = re.search(r"([^\W\d_]+)[ -]$", before)
    if word is None or EXCLUDED.fullmatch(word[1]):
        return word is not None
    # "Île-de-France" is a region, and "victims-malta-2020.csv" the name of a file.
    chain = " ".join([*before.split(" ")[-1:], *after.split(" ")[:1]])
    is_joined = before.endswith("-") and not re.search(r"[\d_]|\.\w", chain)
    return is_joined and plain_word(word[1]) not in KINDS_OF_WORDS


def category_in(text: str, dimension: Dimension, sizes: Sequence[int] = (3, 2)) -> tuple[str, str]:
    """Return the only category that phrases of some numbers of words name, and its phrase.

    A number with other words than those of ages is not an age: ``more than 50 victims``.
    """
    known: dict[str, str] = {}
    for phrase in _phrases(re.findall(r"[^\W_]+", text), sizes):
        words = {*map(plain_word, re.findall(r"[^\W\d_]+", phrase))}
        first, last = ages_in(phrase) or (0, 1)
        is_other_number = re.search(r"\d", phrase) and (words - AGE_WORDS or first == last)
        if is_other_number or not words or len(phrase) < _SHORTEST:
            continue
        category = word_category(dimension, phrase) or parsed(dimension, phrase)
        if category not in ("", dimension.total, "unknown"):
            known.setdefault(category, phrase)
    return next(iter(known.items())) if len(known) == 1 else ("", "")


def _phrases(words: Sequence[str], sizes: Sequence[int]) -> Iterable[str]:
    for size in sizes:
        yield from (" ".join(words[n : n + size]) for n in range(len(words) - size + 1))
