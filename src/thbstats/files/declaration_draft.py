"""Draft of the declaration of a table, with the reasons and the open questions of its parts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.files.declaration import Declaration
from thbstats.files.declaration_text import Question, with_parameters
from thbstats.files.headers import split_period
from thbstats.files.ledger import FileColumn, Ledger, shortened
from thbstats.files.text_contents import country_in, dimension_of, is_period
from thbstats.files.words import COLUMNS, KINDS_OF_WORDS, is_total, lowest_ages, plain_word
from thbstats.records import Dimension, schema_of

_LISTED = 3  # examples of a column
_CODES = 200  # characters of a list of codes
_TITLE = 5000  # characters of a title that can name the area


def examples_of(texts: Iterable[str]) -> str:
    """Return the first texts as examples."""
    return ", ".join(repr(shortened(text, 60)) for text in list(texts)[:_LISTED])


class DeclarationDraft:
    """What a declaration states so far, with reasons and open questions."""

    def __init__(self, ledger: Ledger, declared: Declaration, title: str) -> None:
        self.ledger = ledger
        self.declared: Declaration = declared
        self.reasons: dict[str, str] = {}
        self.questions: list[Question] = []
        self.rows: NDArray[np.intp] = np.arange(len(ledger))
        self.values: Sequence[str] = ()
        self.names: list[str] = list(map(str, ledger.raw))
        columns = map(ledger.column, self.names)
        above = list(dict.fromkeys(cell for row in ledger.preamble for cell in row if cell))
        self.n_above: int = len(above)
        same = [own.categories[0] for own in columns if len(own.categories) == 1]
        self.own_texts: list[str] = above + same
        self.title: str = f"{'; '.join(self.own_texts)[:_TITLE]}; {title}"
        self.country: tuple[str, str] | None = country_in(self.title)
        self.dimensions: dict[str, Dimension] = {}

    def add(self, name: str, value: Any, reason: str = "", key: str = "") -> None:
        """Set a parameter, or an entry of a mapping or list, with a reason."""
        self.declared = with_parameters(self.declared, {name: value})
        if reason:
            self.reasons[key or name] = reason

    def ask(self, problem: str, *options: Mapping[str, Any]) -> None:
        """Add a question with the parameters that would settle it."""
        self.questions.append(Question(problem=problem, options=options))

    def column(self, name: str) -> FileColumn:
        """Return a column in the rows with counts."""
        own = self.ledger.column(name)
        return FileColumn(own.codes[self.rows], own.categories, name).compact()

    @property
    def targets(self) -> set[str]:
        """The targets that are placed."""
        header = (target for content in self.declared.unpivot for target in content.split())
        return {*self.declared.columns.values(), *self.declared.constants, *header}

    @property
    def open_dimensions(self) -> list[Dimension]:
        """The dimensions with categories that are not placed."""
        own = (item for item in self.dimensions.values() if item.name not in self.targets)
        return [item for item in own if item.content == "codes"]

    def place_kind(self) -> None:
        """Find the kind of count in the words of title and header, or ask."""
        words = re.findall(r"[^\W_]+", f"{self.title} {' '.join(self.names)}")
        kinds: dict[str, str] = {}
        for word in words:
            if plain_word(word) in KINDS_OF_WORDS:
                kinds.setdefault(KINDS_OF_WORDS[plain_word(word)], word)
        kind = self.declared.kind
        if kind is None and len(kinds) == 1:
            ((kind, word),) = kinds.items()
            self.add("kind", kind, f"the file contains the word {word!r}")
        elif kind is None:
            problem = "the kind of count is not stated"
            if kinds:
                problem = f"the file contains the words {' and '.join(map(repr, kinds.values()))}"
            self.ask(problem, *({"kind": own} for own in kinds or ("victims", "justice")))
        schema = schema_of(kind or "victims", *self.declared.classifications)
        self.dimensions = {item.name: item for item in schema.dimensions}

    def is_category(self, name: str) -> bool:
        """Whether the header of a column is a category or a period, as in a wide table."""
        headers = self.ledger.headers[name]
        if COLUMNS.get(plain_word(name), "value") != "value":  # "Rok" is a year, and not Korea
            return False
        ages = lowest_ages(text for own in self.ledger.headers.values() for text in own)
        return any(
            is_total(text) or text in ages or bool(self.content_of_header([text]))
            for text in headers
        )

    def content_of_header(self, texts: Sequence[str]) -> str:
        """Return the contents of the texts of a header row; empty if they are not known.

        ``["2020", "2021"]`` contain the period, ``["2020 women", "2020 men"]`` period and sex,
        and ``["Victims 2020", "Victims 2021"]`` the period and another text.
        """
        parts = [split_period(text) for text in texts if not is_total(text)]
        rests = list(dict.fromkeys(own for _, own in parts))
        has_period = [bool(period) for period, _ in parts]
        if parts and all(has_period) and rests == [""]:
            return "period"
        divided = [item for item in self.open_dimensions if item.total or item.default is None]
        countries = "citizenship" if self.country else "area"
        if countries in self.dimensions and countries not in self.targets:
            divided.append(self.dimensions[countries])
        dimension = dimension_of(rests, divided)
        if parts and all(has_period):
            return f"period {dimension or '-'}" if dimension or len(rests) == 1 else ""
        return "" if any(has_period) else dimension

    def content_of(self, column: FileColumn) -> str:
        """Return the dimension of the texts of a column; empty if it is not known."""
        texts = [text for text in column.categories if text.strip()]
        if (own := [text for text in texts if not is_total(text)]) and all(map(is_period, own)):
            return "period"
        names = [name for name in ("area", "citizenship") if name not in self.targets]
        countries = [self.dimensions[name] for name in names if name in self.dimensions]
        return dimension_of(texts, [*countries, *self.open_dimensions])


def codes_of(dimension: Dimension) -> str:
    """Return the codes of a dimension as the end of a question."""
    if dimension.vocabulary is None:
        return ""
    codes = shortened(", ".join(dimension.vocabulary), _CODES)
    return f"; the codes are {codes}{', and countries' * (dimension.name == 'citizenship')}"
