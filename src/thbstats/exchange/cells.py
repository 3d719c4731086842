"""The cells of a file in our words, dimension by dimension."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.errors import ThbstatsError
from thbstats.exchange.declaration import MULTIPLE, Declaration
from thbstats.exchange.defects import Ledger
from thbstats.exchange.periods import read_period
from thbstats.exchange.words import Words
from thbstats.records import KINDS, Dimension

__all__ = ["parsed", "translated", "with_table"]

_NEAR = 100
"""For how many strange words of a column one that is almost alike is looked for."""


def translated(ledger: Ledger, declaration: Declaration) -> dict[str, Words]:
    """Return our columns, in the file's words or in those that the declaration puts for them."""
    found: dict[str, Words] = {}
    for name, ours in declaration.columns.items():
        words = ledger.words(name)
        said = declaration.recode.get(name, {})
        if ours == MULTIPLE:
            _add(found, _spread(ledger, words, said))
        else:
            plain = [said.get(word.strip(), word) for word in words.words]
            found[ours] = words.replaced(plain) if said else words
    size = len(ledger.lines)
    for name, word in declaration.constants.items():
        _add(found, {name: Words.constant(word, size)})
    found = with_table(found)
    if declaration.kind is not None:
        _add(found, {"table": Words.constant(declaration.kind, size)})
    return found


def with_table(columns: Mapping[str, Words]) -> dict[str, Words]:
    """Return columns in which ``table`` says the kind of count, where ``kind`` did so.

    Cooperation has a dimension of that name; its words are no kinds of count.
    """
    kind = columns.get("kind")
    if "table" in columns or kind is None or not any(word in KINDS for word in kind.words):
        return dict(columns)
    return {"table" if name == "kind" else name: words for name, words in columns.items()}


def _add(found: dict[str, Words], more: Mapping[str, Words]) -> None:
    """Put columns beside others; where both say something, what was there first stays."""
    for name, words in more.items():
        found[name] = found[name].over(words) if name in found else words


def _spread(ledger: Ledger, words: Words, said: Mapping[str, Any]) -> dict[str, Words]:
    """Return all that the words of one column say; what says nothing is set aside."""
    plain = [word.strip() for word in words.words]
    strange = [place for place, word in enumerate(plain) if word not in said]
    _set_unmapped_aside(
        ledger, words, words.among(strange), f"no word that {words.column!r} is declared to have"
    )
    no_count = [place for place, word in enumerate(plain) if said.get(word, {}) is None]
    rows = words.among(no_count) & ledger.kept
    ledger.aside(
        "NO_COUNT",
        rows,
        column=words.column,
        what="no count of persons, cases or decisions, such as a rate",
        hint="Nothing is lost: rates follow from counts and a population",
        labels=words.labels(no_count, rows),
    )
    spread = [said.get(word) or {} for word in plain]
    names = dict.fromkeys(name for entry in spread for name in entry)
    return {name: words.replaced([entry.get(name) for entry in spread]) for name in names}


def parsed(ledger: Ledger, words: Words, dimension: Dimension, rows: NDArray[np.intp]) -> Words:
    """Return some rows of a column in the codes of a dimension.

    Rows whose word has no code, or that have no word, are set aside.
    """
    read = _reader(dimension)
    found = words.take(rows)
    codes: list[str | None] = [None] * len(words.words)
    strange: list[int] = []
    for place in found.used():
        try:
            codes[place] = read(words.words[place])
        except ThbstatsError:
            strange.append(place)
    if strange or (len(rows) and found.codes.min() < 0):
        _tell_unread(ledger, words, dimension, rows, strange)
    return found.replaced(codes)


def _tell_unread(
    ledger: Ledger,
    words: Words,
    dimension: Dimension,
    rows: NDArray[np.intp],
    strange: list[int],
) -> None:
    """Set the rows aside whose word is strange, or that have none."""
    chosen = np.zeros(len(ledger.lines), dtype=np.bool_)
    chosen[rows] = True
    counted = words.counted(chosen & ledger.kept)
    name = dimension.name.replace("_", " ")
    left = tuple(words.words[place] for place in strange if counted[place])
    wrong = words.among(strange) & chosen
    near = _Near(_reader(dimension), left)
    _set_unmapped_aside(ledger, words, wrong, f"no {name} that is known here", near)
    ledger.aside(
        "EMPTY",
        (words.codes < 0) & chosen & ledger.kept,
        column=words.column or dimension.name,
        what=f"no {name} is said",
        hint="Say what it is for all rows, or declare what an empty cell means",
    )


def _reader(dimension: Dimension) -> Callable[[str], str]:
    if dimension.content == "period":
        return lambda text: str(read_period(text))
    return dimension.parse


@frozen
class _Near(Mapping[str, str]):
    """The question with which a hint begins, where something is written almost alike.

    It is looked for only when somebody reads it: to look takes long, and a file can have as many
    strange words as rows.
    """

    read: Callable[[str], str]
    strange: tuple[str, ...]

    def __getitem__(self, word: str) -> str:
        try:
            self.read(word)
        except ThbstatsError as error:
            question, mark, _ = error.hint.partition("?")
            if mark and question.startswith("Did you mean"):
                return f"{question}{mark}"
        raise KeyError(word)

    def __iter__(self) -> Iterator[str]:
        return (word for word in self.strange[:_NEAR] if word in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _set_unmapped_aside(
    ledger: Ledger,
    words: Words,
    wrong: NDArray[np.bool_],
    what: str,
    near: Mapping[str, str] | None = None,
) -> None:
    rows = wrong & ledger.kept
    if not rows.any():
        return
    ledger.aside(
        "UNMAPPED",
        rows,
        column=words.column,
        what=what,
        hint="Declare what each of them is: recode={column: {theirs: ours}}; nothing is guessed",
        labels=words.labels(range(len(words.words)), rows),
        near=near,
    )
