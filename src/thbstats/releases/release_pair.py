"""Two releases: their figures, their changed cells, and the sentences of patterns."""

import tomllib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats._files import package_text
from thbstats.columns import Floats, Integers, Mask
from thbstats.display import count
from thbstats.languages import Message, Plural, joined
from thbstats.releases.alignment import KNOWN, SUPPRESSED, Alignment, CellChange, Rows
from thbstats.releases.coincidence import Coincidence
from thbstats.vocabulary import code_text

Row = dict[str, Any]

COLUMNS = ("kind", "dimension", "where", "cells", "text", "question", "positions")

_NAMED = 4
"""The number of figures or labels in a sentence."""
_TEXTS = tomllib.loads(package_text("thbstats.releases", "pattern_texts.toml"))
"""The sentences and questions by key; a sentence with two forms is singular and plural."""


def encode(state: Any, lower: Any, upper: Any) -> Integers:
    """Return the figure of each cell as one number.

    It is the count, or a negative number: -1 for no figure, -2 for a suppressed count without an
    upper bound, and -3 - n for one of n at most. Here are 12, no figure, suppressed, and <5:

    >>> from thbstats.releases.alignment import BLANK
    >>> state = np.array([KNOWN, BLANK, SUPPRESSED, SUPPRESSED])
    >>> encode(state, np.array([12, 0, 0, 1]), np.array([12, np.inf, np.inf, 4])).tolist()
    [12, -1, -2, -7]
    """
    figure = np.where(state == KNOWN, lower, -1)
    above = upper[state == SUPPRESSED]
    figure[state == SUPPRESSED] = np.where(np.isinf(above), -2, -3 - above)
    return figure


def decode(figure: int) -> str:
    """Return the text of a figure that `encode` returned.

    >>> [decode(figure) for figure in (12, -2, -7)]
    ['12', '[c]', '<5']
    """
    if figure >= 0:
        return count(figure)
    return "[c]" if figure == -2 else f"<{-2 - figure}"


class ReleasePair:
    """The cells of a release and of the next release, with the figures of `encode`."""

    def __init__(self, alignment: Alignment, pair: int) -> None:
        own, sides = alignment, slice(pair, pair + 2)
        self.alignment: Alignment = alignment
        self.old_name: str = own.names[pair]
        self.new_name: str = own.names[pair + 1]
        several = (n for n in own.varying if len(own.keys[n].categories) > 1 and n != "kind")
        self.names: list[str] = list(several)
        # Two rows, for the older and the newer release, and a column for each cell of the table.
        self.state: NDArray[np.int8] = own.state[sides]
        self.lower: Integers = own.lower[sides]
        self.upper: Floats = own.upper[sides]
        self.figure: Integers = encode(self.state, self.lower, self.upper)
        revised = own.has_outcome(
            pair, CellChange.REVISED, CellChange.NARROWED, CellChange.WIDENED,
            CellChange.NEWLY_SUPPRESSED, CellChange.NO_LONGER_SUPPRESSED,
        )  # fmt: skip
        self.is_growing: Mask = own.has_outcome(pair, CellChange.GROWING)
        # The cells with another figure, and their older and newer figures.
        self.changed: Rows = np.flatnonzero(revised & (self.figure != -1).all(axis=0))
        self.old: Integers = self.figure[0, self.changed]
        self.new: Integers = self.figure[1, self.changed]
        self.chance: Coincidence = Coincidence(self.old, self.new)
        # By dimension, the group of each changed cell in the other dimensions.
        every = own.groups_without(self.names, self.changed)
        self.owner: dict[str, Rows] = {name: group for name, (group, _) in every.items()}

    def pattern(
        self, kind: str, cells: Rows, dimension: str = "", key: str = "", **facts: object
    ) -> Row:
        """Return a pattern with its sentences; the facts are the parameters of its texts.

        ``key`` is the key of the texts, if the kind has several.
        """
        text, question = (_TEXTS[table][key or kind] for table in ("sentences", "questions"))
        if isinstance(text, str):
            own = Message(text, **facts)
        else:
            own = Plural(text[0], text[1], len(cells), **facts)
        ask, where = Message(question, **facts), self.alignment.describe(cells, dimension)
        request = Message(
            "Between {old} and {new}, {where}: {text}. {question}",
            old=self.old_name, new=self.new_name, where=where, text=own, question=ask,
        )  # fmt: skip
        sentence = Message("{where}: {text}.", where=where, text=own)
        values = (kind, dimension, where, len(cells), sentence, request, cells)
        return dict(zip(COLUMNS, values, strict=True))

    def figures(self, release: int, cells: Rows) -> str:
        """Return the text of figures for a sentence."""
        return _listed([decode(figure) for figure in self.figure[release, cells].tolist()])

    def labels(self, name: str, cells: Rows) -> str:
        """Return the labels of cells in a sentence."""
        return _listed([code_text(code, name) for code in self.alignment.keys[name].take(cells)])

    def exchange(self, name: str, cells: Rows, shift: Any = None) -> Row:
        """Return the pattern of exchanged figures; ``shift`` has the texts of a second reading."""
        old, new = self.figures(0, cells), self.figures(1, cells)
        facts: dict[str, Any] = {"labels": self.labels(name, cells), "old": old, "new": new}
        if shift is None:
            return self.pattern("permuted", cells, name, **facts)
        facts["shift"] = Message(_TEXTS["sentences"][shift[0]], **shift[1])
        return self.pattern("permuted", cells, name, "permuted_or_shifted", **facts)


def _listed(texts: Sequence[str]) -> str:
    """Return the first texts of a list in a sentence."""
    more = len(texts) - _NAMED
    return joined([*texts[:_NAMED], *[Message("{n} more", n=more)] * (more > 0)])
