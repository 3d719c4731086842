"""What the category of a row is, which its dimension says: a form, a citizenship, or nothing."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns.codes import narrowest_type
from thbstats.errors import UnknownName
from thbstats.exchange import Ledger, Words
from thbstats.geography import repaired
from thbstats.records.reading import to_citizenship
from thbstats.sources.glotip._layout import CATEGORY, DIMENSION

__all__ = ["BY_CITIZENSHIP", "BY_FORM", "categories"]

BY_CITIZENSHIP, BY_FORM = "by citizenship", "by form of exploitation"
_BY_REPATRIATION = "by country of repatriation"
_TOTAL = "Total"


def categories(ledger: Ledger, said: Mapping[str, Any]) -> dict[str, Words]:
    """Return citizenship and form of exploitation, in the file's words or in those put for them.

    Rows whose dimension has no place in our tables are set aside, and so are rows of no dimension
    that have a category nevertheless.
    """
    dimensions = ledger.words(DIMENSION)
    words = ledger.words(CATEGORY)
    words = words.replaced([said.get(word.strip(), word) for word in words.words])
    _set_repatriated_aside(ledger, dimensions)
    _set_strange_aside(ledger, dimensions, words)
    by_citizenship = _rows(dimensions, BY_CITIZENSHIP) & ledger.kept
    return {
        "citizenship": _where(by_citizenship, _repaired(ledger, words, by_citizenship)),
        "exploitation": _where(_rows(dimensions, BY_FORM), words),
    }


def _rows(words: Words, *wanted: str) -> NDArray[np.bool_]:
    return words.among([p for p, word in enumerate(words.words) if word.strip() in wanted])


def _where(rows: NDArray[np.bool_], words: Words) -> Words:
    """Return a column of words in some rows, and of totals in all others."""
    total = len(words.words)
    codes = np.where(
        rows, words.codes, np.array(total, dtype=narrowest_type(total + 1, signed=True))
    )
    return Words(codes, (*words.words, _TOTAL), words.column)


def _set_repatriated_aside(ledger: Ledger, dimensions: Words) -> None:
    rows = _rows(dimensions, _BY_REPATRIATION) & ledger.kept
    ledger.aside(
        "NO_PLACE",
        rows,
        column=DIMENSION,
        what="victims are not told apart by country of repatriation here",
        hint="Keep them in a table of their own; nothing here can hold them",
        labels={_BY_REPATRIATION: int(rows.sum())},
    )


def _set_strange_aside(ledger: Ledger, dimensions: Words, words: Words) -> None:
    known = (_TOTAL, BY_CITIZENSHIP, BY_FORM, _BY_REPATRIATION)
    strange = [p for p, word in enumerate(dimensions.words) if word.strip() not in known]
    rows = dimensions.among(strange) & ledger.kept
    ledger.aside(
        "UNMAPPED",
        rows,
        column=DIMENSION,
        what="no dimension that is known here",
        hint=f"The dimensions are {', '.join(known)}; nothing is guessed",
        labels=dimensions.labels(strange, rows),
    )
    broken_down = [p for p, word in enumerate(words.words) if word.strip() != _TOTAL]
    rows = words.among(broken_down) & _rows(dimensions, _TOTAL) & ledger.kept
    ledger.aside(
        "UNMAPPED",
        rows,
        column=CATEGORY,
        what="a category of no dimension",
        hint="Its dimension says that it is a total, and it is none: ask the publisher",
        labels=words.labels(broken_down, rows),
    )


def _repaired(ledger: Ledger, words: Words, rows: NDArray[np.bool_]) -> Words:
    """Return the labels of citizenships as they were before wrong encodings broke them."""
    counted = words.counted(rows)
    found = [_unbroken(word) if counted[place] else None for place, word in enumerate(words.words)]
    mended = [place for place, name in enumerate(found) if name is not None]
    wrong = words.among(mended) & rows
    ledger.odd(
        "REPAIRED",
        wrong,
        column=CATEGORY,
        what="a name that a wrong encoding broke, and that only one country or group can have had",
        hint="If one of them is read wrongly, declare it: recode={'Category': {theirs: ours}}",
        labels={
            f"{words.words[place]} = {found[place]}": int(counted[place])
            for place in sorted(mended, key=lambda place: (-counted[place], words.words[place]))
        },
    )
    return words.replaced([name or word for name, word in zip(found, words.words, strict=True)])


def _unbroken(word: str) -> str | None:
    """Return what a label was, if it means nothing as it stands."""
    if word.isascii() and "?" not in word:
        return None
    try:
        to_citizenship(word)
    except UnknownName:
        return repaired(word)
    return None
