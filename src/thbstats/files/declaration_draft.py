"""Draft of the declaration of a table, with the reasons and the open questions of its parts."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from shlex import quote
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.files.count_columns import CountParser, separators
from thbstats.files.declaration import MULTIPLE, Declaration
from thbstats.files.declaration_text import Question, with_parameters
from thbstats.files.headers import split_period
from thbstats.files.ledger import FileColumn, Ledger, shortened
from thbstats.files.reference_periods import (
    PART_NUMBERS,
    is_fiscal,
    period_of_date,
    period_readings,
    readings_by_text,
)
from thbstats.files.text_contents import (
    AMBIGUOUS,
    COUNT_AND_SHARE,
    LONGEST,
    MARKED,
    category_in,
    country_in,
    dimension_of,
    is_code_of,
    is_counts,
    is_figure,
    is_identifier,
    is_numbering,
    is_paired,
    is_period,
    parsed,
    periods_in,
    target_of_name,
    whole_bands,
    word_category,
)
from thbstats.files.unpivoting import is_flag_column
from thbstats.files.words import (
    BIRTH,
    CASES,
    COLUMNS,
    FISCAL_YEARS,
    KINDS_OF_WORDS,
    LAST_AGE,
    PERSONS,
    QUANTITY,
    QUARTER,
    RATE,
    SIGNS,
    ages_in,
    is_total,
    plain_word,
)
from thbstats.records import Dimension, schema_of
from thbstats.vocabulary.bands import AGE_LIMIT

_LISTED, _DECLARED = 3, 12  # examples of a column, and texts in the lines that settle a question
_CODES = 200  # characters of a list of codes
_TITLE = 2000  # characters of a title that can name the area
_FLAGS = tuple("abdefpru")
_WHOLE = ((0, AGE_LIMIT - 1), (AGE_LIMIT, LAST_AGE))  # ages of children, and of adults


def _listed(texts: Iterable[str]) -> str:
    """Return the first texts as examples."""
    return ", ".join(repr(shortened(text, 60)) for text in list(texts)[:_LISTED])


class DeclarationDraft:
    """Draft of the declaration of a table.

    The steps of `complete` are in this order, because each one uses what the earlier ones placed:

    1. The kind of count, which gives the dimensions: from words of the title and the header.
    2. Rates and numbers of rows, which are ignored, and the columns of counts: a table with
       several of them has categories or periods in its header.
    3. The rows with a figure; the others are notes, and their texts are not categories.
    4. The other columns, those with a known name first, so that ``Year`` is the period and not
       a column of years with another name.
    5. Area, period and categories of the title, unless a column contains them.
    6. Periods with several readings, such as fiscal years, which depend on the area.
    7. Signs, marks and separators of the counts.

    Examples
    --------
    The header ``Country, Code, Year, Women, Men`` over the rows ``Belgium, BEL, 2020, 5, 3`` and
    ``France, FRA, 2020, 7, 4`` gives: ``Women`` and ``Men`` are counts and categories of sex (2),
    ``Country`` is the area and ``Year`` the period by their names (4), and ``Code`` is ignored,
    because it has one code for each country (4).
    """

    def __init__(self, ledger: Ledger, declared: Declaration, title: str) -> None:
        self.ledger = ledger
        self.declared: Declaration = declared
        self.reasons: dict[str, str] = {}
        self.questions: list[Question] = []
        self.rows: NDArray[np.intp] = np.arange(len(ledger))
        self.values: Sequence[str] = ()
        self.names: list[str] = list(map(str, ledger.raw))
        columns = map(ledger.column, self.names)
        above = [cell for row in ledger.preamble for cell in row if cell]
        self.n_above: int = len(above)
        same = [own.categories[0] for own in columns if len(own.categories) == 1]
        self.own_texts: list[str] = above + same
        self.title: str = f"{'; '.join(self.own_texts)[:_TITLE]}; {title}"
        self.country: tuple[str, str] | None = country_in(self.title)
        self.dimensions: dict[str, Dimension] = {}

    def complete(self, top: int) -> None:
        """Place the columns, the texts and the signs of the table, step by step.

        ``top`` is the number of the first row of the header.
        """
        self.place_kind()
        self.values = values = self.place_values(self.counts_and_ignored())
        if not values:
            raise self.without_counts()
        has_figure = [self.ledger.column(name).where(is_figure) for name in values]
        self.rows = np.flatnonzero(np.logical_or.reduce(has_figure))
        self.title += f"; {values[0]}" if len(values) == 1 else ""
        self.find_further_tables(top)
        self.find_other_quantities()
        # A name that is known comes first, so that it takes its target.
        for name in sorted(self.names, key=lambda own: plain_word(own) not in COLUMNS):
            is_flag = self.declared.unpivot and is_flag_column(self.ledger, name)
            is_declared = name in {*self.declared.columns, *self.declared.ignored}
            if name not in values and not is_declared and not is_flag:
                self.place_column(name)
        self.place_texts_of_title()
        self.place_periods()
        self.place_signs()

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
            self.ask(problem, {"kind": "victims"}, {"kind": "justice"})
        schema = schema_of(kind or "victims", *self.declared.classifications)
        self.dimensions = {item.name: item for item in schema.dimensions}

    def counts_and_ignored(self) -> list[str]:
        """Return the columns of counts; ignore rates and numbers of rows."""
        counts = []
        for name in self.names:
            column = self.ledger.column(name)
            texts = [text for text in column.categories if text.strip()]
            is_rate = all(re.match(r"\W*\d", text) and RATE.search(text) for text in texts)
            is_rate = bool(texts and is_rate) or bool(RATE.search(name))
            # "5 (41.7%)" is a count with its share.
            is_rate &= not any(COUNT_AND_SHARE.match(text) for text in texts)
            is_named = COLUMNS.get(plain_word(name)) == "value" or self.is_category(name)
            is_known = name in {"sheet", *self.declared.columns, *self.declared.ignored}
            if is_known or not (is_rate or is_counts(column, is_named=is_named)):
                continue
            # The first column can have numbers of cases; "NO" elsewhere is Norway.
            is_number = name == self.names[0] and is_identifier(column)
            if is_rate or is_number or (not is_named and is_numbering(column)):
                reason = "rates and shares are not counts" if is_rate else "it numbers the rows"
                self.add("ignored", (name,), f"ignored: {reason}", name)
            else:
                counts.append(name)
        return counts

    def is_category(self, name: str) -> bool:
        """Whether the header of a column is a category or a period, as in a wide table."""
        headers = self.ledger.headers[name]
        if COLUMNS.get(plain_word(name), "value") != "value":  # "Rok" is a year, and not Korea
            return False
        return any(is_total(text) or bool(self.content_of_header([text])) for text in headers)

    def place_values(self, counts: Sequence[str]) -> list[str]:
        """Place the columns of counts, with the contents of their header if it has categories."""
        headers = self.ledger.headers
        wide = [name for name in counts if self.is_category(name)]
        texts = [list(dict.fromkeys(own)) for own in zip(*map(headers.get, wide), strict=True)]
        contents = tuple(map(self.content_of_header, texts))
        if contents != ("period",) and (len(wide) < 2 or not all(contents)):
            return self.place_value(counts)
        self.add("unpivot", contents, f"the header has these, such as {wide[0]!r}")
        for row, (content, own) in enumerate(zip(contents, texts, strict=True), start=1):
            first, _, other = content.partition(" ")
            if other not in ("", "-"):
                rests = [split_period(text)[1] for text in own]
                self.recode(f"header {row} {other}", other, rests)
            elif not other:
                self.recode(f"header {row}", first, own)
        if self.country and "citizenship" in " ".join(contents):
            areas = tuple(own.replace("citizenship", "area") for own in contents)
            problem = "the header can have citizenships or reporting countries"
            self.ask(problem, {"unpivot": contents}, {"unpivot": areas})
        if len(contents) == 1 and contents[0] in self.dimensions:
            # A category that no other column decides, such as "Not stated".
            item = self.dimensions[contents[0]]
            others = (name for name in counts if name not in wide)
            wide += [name for name in others if parsed(item, headers[name][0])]
        return wide

    def place_value(self, counts: Sequence[str]) -> list[str]:
        """Place the only column of counts, or ask about several."""
        targets = {name: COLUMNS.get(plain_word(name), "") for name in counts}
        named = [name for name in counts if targets[name] == "value"]
        values = named or [
            name
            for name in counts
            if not targets[name] and self.content_of(self.column(name)) != "period"
        ]
        if len(values) == 1:
            reason = "its name shows the counts" if named else "no other column has numbers"
            self.add("columns", {values[0]: "value"}, reason, values[0])
        elif values:
            settled = {"columns": {values[0]: "value"}, "ignored": tuple(values[1:])}
            problem = f"several columns have numbers: {_listed(values)}"
            others = [name for name in values if not is_period(name)]
            if len(others) < len(values):
                problem = f"{problem}; not a known period: {_listed(others)}"
            self.ask(problem, settled)
        return values

    def without_counts(self) -> InvalidFile:
        """Return the error for a table without counts, with the command that counts cases.

        Ages in years, dates of birth, several columns of one dimension and names of persons have
        their own options.
        """
        # 1. The columns of each dimension, and those of persons and dates, which are no dimension.
        by: dict[str, list[str]] = {}
        births: list[str] = []
        options: list[str] = []
        years: list[str] = []  # of dates, which are not a period of the table
        for name in self.names:
            column = self.column(name)
            texts, target = column.categories, target_of_name(name) or self.content_of(column)
            if is_numbering(column) or is_identifier(column):
                continue  # each row is another person
            if re.search(r"\bid\b|person|victim", name, re.I):
                options.append(f"--person {quote(name)}")
            elif BIRTH.search(name):
                births.append(name)
            elif target not in self.dimensions:
                continue
            elif target == "period" and any(len(text) > len("2022-2023") for text in texts):
                years = sorted({text[:4] for text in texts if text.strip()})
            else:
                by.setdefault(target, []).append(name)
        values = {"area": "MT", "period": years[0] if len(years) == 1 else "2022"}
        # 2. The option of each dimension.
        for target, own in by.items():
            texts = self.column(own[0]).categories
            if target == "age" and any(map(str.isdigit, texts)):
                options.append(f"--ages {quote(own[0])}")
            elif target == "exploitation":
                listed = ",".join(own)
                options.append(f"--multi {quote(f'{target}={listed}')}")
                sign = next((sign for sign in ";,|/" if sign in "".join(texts)), ";")
                options += [f"--separator {quote(sign)}"] * (len(own) == 1 and sign != ";")
            elif own[0] != target:
                options.append(f"--column {quote(f'{target}={own[0]}')}")
        if births and "age" not in by:
            by["age"] = births
            day = f"{values['period']}-12-31"
            options += [f"--birth {quote(births[0])}", f"--age-at at_registration={day}"]
        cells = (cell for name in self.names for cell in self.ledger.column(name).categories)
        options += ["--missing ''"] * any(not cell.strip() for cell in cells)
        options += [f"--set {name}={own}" for name, own in values.items() if name not in by]
        dimensions = ",".join(name for name in by if name not in values) or "sex"
        return InvalidFile(
            "No column contains counts",
            field="path",
            hint=f"If each row is a case, use thbstats count FILE --by {dimensions} "
            f"{' '.join(options)}",
        )

    def find_further_tables(self, top: int) -> None:
        """Ask about the first row that can be the header of another table, or of a group of rows.

        ``top`` is the number of the first row of the header.
        """
        # 1. A second header: words in the columns of counts, or the texts of the header again.
        columns = list(map(self.ledger.column, self.values))
        is_word = [own.where(lambda text: len(text) > 3 and not is_figure(text)) for own in columns]
        is_header = np.logical_and.reduce(is_word) & (len(columns) > 1)
        if self.declared.unpivot:
            headers = [self.ledger.headers[name][-1] for name in self.values]
            pairs = zip(columns, headers, strict=True)
            is_header |= np.logical_and.reduce([own.where(t.__eq__) for own, t in pairs])
        further, kind = np.flatnonzero(is_header)[:1].tolist(), "the header of a second table"
        # 2. Headings, such as "Women" and "Men" above the same years: rows with one text, directly
        # above a row with a figure, if rows with figures are equal but for their counts.
        others = [self.ledger.column(name) for name in self.names if name not in self.values]
        keys = np.column_stack([own.codes[self.rows] for own in others] or [self.rows])
        number = np.sum([own.where(str.strip) for own in [*columns, *others]], axis=0)
        above = np.setdiff1d(self.rows - 1, self.rows)
        headings = above[(above >= 0) & (number[above] == 1)].tolist()
        if not further and headings and len(np.unique(keys, axis=0)) < len(keys):
            # The first group ends above the second heading, or above the first one.
            further = headings[1:2] if headings[0] == 0 else headings[:1]
            kind, columns = "the heading of a group of rows", [*others, *columns]
        for row in further:
            texts = [text for own in columns if (text := own.value_at(row)).strip()]
            where, end = self.ledger.location(row), int(self.ledger.lines[row]) - 1
            cells = f"A{max(top, 1)}:{_letters(len(self.ledger.headers))}{end}"
            self.ask(f"{where} can be {kind}: {_listed(texts)}", {"range": cells})

    def find_other_quantities(self) -> None:
        """Ask about words for numbers that are not counts, such as thousands or averages.

        They are above the table, in the names of the counts or in a column with one text.
        """
        text = "; ".join([*self.own_texts, *self.values])
        has_rates = any("rates" in reason for reason in self.reasons.values())
        if word := QUANTITY.search(text) or (None if has_rates else RATE.search(text)):
            self.ask(
                f"the file contains {word[0].strip()!r}: rates, averages, cumulative numbers and "
                "thousands are not counts. Write the counts into the file"
            )
        word = CASES.search("; ".join([*self.own_texts[self.n_above :], *self.values]))
        if word and "unit" in self.dimensions and "unit" not in self.targets:
            options = ({"constants": {"unit": unit}} for unit in ("cases", "persons"))
            self.ask(f"{word[0]!r} can be cases or persons", *options)

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
        countries = [
            self.dimensions[name]
            for name in ("area", "citizenship")
            if name in self.dimensions and name not in self.targets
        ]
        return dimension_of(texts, [*countries, *self.open_dimensions])

    def place_column(self, name: str) -> None:
        """Place a column by the first role that its name and its texts show, or ask.

        ``Origin`` over ``Romania, Nigeria`` has the name of citizenships and texts of areas.
        """
        # 1. The target that the name shows, or the texts if the name is that of other texts.
        column = self.column(name)
        texts = [text for text in column.categories if text.strip()]
        of_name, of_texts = target_of_name(name), self.content_of(column)
        target = of_name or of_texts
        if of_name in self.dimensions and of_name != of_texts:
            is_area = of_name == "area" and not dimension_of(texts, [self.dimensions["area"]])
            if is_area or (of_texts and not dimension_of(texts, [self.dimensions[of_name]])):
                target = of_texts
        is_placed, listed = target in self.targets, _listed(texts)
        # 2. A copy of a placed column, such as codes next to names of countries.
        can_be_citizenship = not of_name and of_texts == "citizenship" and "area" in self.targets
        can_be_copy = is_placed or not target or can_be_citizenship
        if can_be_copy and (original := self.original_of(column, target)):
            reason = f"ignored: it has one text for each text of {original!r}, such as {listed}"
            self.add("ignored", (name,), reason, name)
            return
        ignored = {"ignored": (name,)}
        if can_be_citizenship:  # a second column of countries without a known name
            problem = f"{name!r} can have citizenships: {listed}"
            self.ask(problem, {"columns": {name: target}}, ignored)
            return
        # 3. A column with a known target.
        is_value = target == "value" and bool(self.declared.unpivot)
        if target and not is_value and (not is_placed or target == "period"):
            what = "name shows" if of_name == target else "texts show"
            self.declare_column(column, texts, target, f"its {what} the {target}")
            return
        # 4. Further counts, next to the columns of counts that are known.
        is_known = bool(self.declared.unpivot) or plain_word(name) in KINDS_OF_WORDS
        is_known |= self.is_category(name)
        if is_value or (is_counts(column) and (len(texts) > 1 or is_known)):
            options: list[Mapping[str, Any]] = [ignored]
            if len(self.declared.unpivot) == 1:
                whole = "total" if is_value else "unknown"
                options.insert(0, {"recode": {"header 1": {name: whole}}})
            self.ask(f"{name!r} has counts, and its name is not understood: {listed}", *options)
        # 5. A column that is not understood; one text does not distinguish the rows.
        elif len(texts) > 1:
            dimension = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "further"
            further = {"columns": {name: dimension}, "dimensions": (dimension,)}
            problem, areas = f"{name!r} is not understood: {listed}", [self.dimensions["area"]]
            others = [own for own in texts if not dimension_of([own], areas)]
            if of_name == "area" and len(others) < len(texts):
                problem = f"{name!r} has texts that are not known areas: {_listed(others)}"
            self.ask(problem, further, ignored)
        else:
            reason = f"ignored: it has one text, such as {listed or 'none'}"
            self.add("ignored", (name,), reason, name)

    def declare_column(
        self, column: FileColumn, texts: Sequence[str], target: str, reason: str
    ) -> None:
        """Declare a column with a known target, and ask about texts with two meanings."""
        name, listed, is_placed = column.name, _listed(texts), target in self.targets
        self.add("columns", {name: target}, f"{reason}, such as {listed}", name)
        is_empty = ~column.where(str.strip)
        has_gaps = is_empty.any() and name not in self.ledger.merged
        if has_gaps and self.is_group(column, is_empty):
            self.add("fill", (name,))
            self.reasons[name] += "; an empty cell continues the group above it"
        elif has_gaps:
            total = self.dimensions[target].total if target in self.dimensions else None
            categories = [category for category in ("unknown", total) if category]
            self.ask(
                f"empty cells of {name!r} can be unknown, a total, or have the text above them",
                *({"recode": {name: {"": category}}} for category in categories),
                {"fill": (name,)},
            )
        if target == "area" and self.country and len(texts) > 1:
            problem = f"{name!r} can have reporting countries or citizenships: {listed}"
            citizens = {"columns": {name: "citizenship"}, "constants": {"area": self.country[1]}}
            self.ask(problem, {"columns": {name: "area"}}, citizens)
        if target in self.dimensions and not is_placed:
            self.recode(name, target, column.categories)
        elif target == "period" and {*texts} <= {*PART_NUMBERS}:
            # Next to a column of years, these numbers can be quarters or months.
            quarters, months = (
                {name: {text: f"{sign}{PART_NUMBERS[text]}" for text in texts}}
                for sign in ("Q", "M0")
            )
            if QUARTER.match(plain_word(name)):
                self.add("recode", quarters)
            else:
                problem = f"the numbers of {name!r} can be months or quarters"
                self.ask(problem, {"recode": months}, {"recode": quarters})

    def is_group(self, column: FileColumn, is_empty: NDArray[np.bool_]) -> bool:
        """Whether an empty cell continues the group above it.

        The cells before it are empty too, and no two rows are equal if it is filled: the third of
        ``F, 2020``, ``M, 2020`` and ``(empty), 2020`` has another category, such as unknown sex.
        """
        before = map(self.column, self.names[: self.names.index(column.name)])
        if is_empty[0] or any(own.where(str.strip)[is_empty].any() for own in before):
            return False
        rows = np.maximum.accumulate(np.where(is_empty, 0, np.arange(len(is_empty))))
        others = (name for name in self.names if name not in (*self.values, column.name))
        keys = [column.codes[rows], *(self.column(name).codes for name in others)]
        return len(np.unique(np.column_stack(keys), axis=0)) == len(rows)

    def original_of(self, column: FileColumn, target: str) -> str:
        """Return the column with the same contents, such as labels of codes; empty without one."""
        for name, other in self.declared.columns.items():
            own = self.column(name)
            is_copy = is_paired(column, own) and (target == other or column.name == "sheet")
            if other != "value" and (
                is_copy or is_code_of(column, own, has_years=other == "period")
            ):
                return name
        return ""

    def recode(self, name: str, target: str, texts: Iterable[str]) -> None:
        """Recode the texts that only words of offices explain; ask for others."""
        dimension = self.dimensions[target]
        own = [text.strip() for text in texts if text.strip()]
        bands = whole_bands(own, dimension) if target == "age" else {}
        recode: dict[str, Any] = {}
        for text in own:
            known = parsed(dimension, text)
            if is_total(text):
                recode |= {} if known or dimension.total is None else {text: dimension.total}
            elif not known and target == "age" and ages_in(text):
                recode |= {text: bands[text]} if text in bands else {}
            elif category := "" if known else word_category(dimension, text):
                recode[text] = category
        times = Counter(bands.values())
        if parts := tuple(text for text, category in bands.items() if times[category] > 1):
            self.add("added", {name: parts}, f"bands of {name!r} are added up", "added")
        if target == "sex":
            recode = self.with_ages(name, own, recode)
        if recode:
            self.add("recode", {name: recode})
        others = (text for text in own if not is_total(text) and text not in recode)
        if unknown := [text for text in others if not parsed(dimension, text)]:
            number = f"{len(unknown)} texts of {name!r} are"
            number = number if len(unknown) > 1 else f"1 text of {name!r} is"
            # An example such as "female" can be pasted unseen; "..." is rejected.
            settled = {"recode": {name: dict.fromkeys(unknown[:_DECLARED], "...")}}
            problem = f"{number} not a known {target}: {_listed(unknown)}{_codes(dimension)}"
            self.ask(problem, settled, {"ignored": (name,)})

    def with_ages(self, name: str, texts: Iterable[str], recode: dict[str, Any]) -> dict[str, Any]:
        """Return the sex and age of the texts of a column of sex, if girls or boys are among them.

        Girls are not women: the column has two dimensions, and ``Women`` are adults.
        """
        persons = {text: PERSONS[plain_word(text)] for text in texts if plain_word(text) in PERSONS}
        if not any(own.endswith("child") for own in persons.values()):
            return recode
        if name in self.declared.columns:
            self.add("columns", {name: MULTIPLE})
        else:
            contents = [MULTIPLE if own == "sex" else own for own in self.declared.unpivot]
            self.declared = evolve(self.declared, unpivot=contents)
        pairs = {text: [recode.get(text, text), "total"] for text in texts}
        pairs |= {text: own.split() for text, own in persons.items()}
        return {text: dict(zip(("sex", "age"), own, strict=True)) for text, own in pairs.items()}

    def place_texts_of_title(self) -> None:
        """Find area, period and categories in the title, and ask about what is missing."""
        where = "is in the title, in a column, or in the name of the file"
        if "area" not in self.targets and (area := country_in(self.title)):
            self.add("constants", {"area": area[1]}, f"{area[0]!r} {where}", "area")
        periods = periods_in(re.sub(r"[_.\u2013]", " ", self.title))
        if "period" not in self.targets and len(periods) == 1:
            period = str(period_readings(periods[0])[0][1])
            self.add("constants", {"period": period}, f"{periods[0]!r} {where}", "period")
        for item in self.open_dimensions:
            if item.name in ("age", "exploitation"):
                category, phrase = category_in(self.title, item)
                if (ages_in(phrase) or _WHOLE[0]) not in _WHOLE:
                    # Persons under 16 are children, and not all of them.
                    own = {"constants": {item.name: category}}
                    self.ask(f"{phrase!r} {where}: it is a part of an age group", own)
                elif category:
                    self.add("constants", {item.name: category}, f"{phrase!r} {where}", item.name)
            if item.name in ("age", "sex") and item.name not in self.targets:
                # One word can also be part of a name, such as that of a ministry.
                category, word = category_in(self.title, item, (1,))
                options = ({"constants": {item.name: own}} for own in (category, item.total))
                if category:
                    self.ask(f"{word!r} {where}: it can apply to all rows", *options)
        for name, item in self.dimensions.items():
            if item.default is None and name not in self.targets:
                of_title = f"; the title has {_listed(periods)}" if periods else ""
                further = of_title if name == "period" else _codes(item)
                problem = f"no column contains the {name}{further}"
                self.ask(problem, {"constants": {name: "..."}}, {"columns": {"...": name}})

    def place_periods(self) -> None:
        """Declare the fiscal years of the area, or ask about periods with several readings."""
        periods = {
            name: self.column(name).categories
            for name, target in self.declared.columns.items()
            if target == "period"
        }
        for row, content in enumerate(self.declared.unpivot):
            if content.startswith("period"):
                headers = [own[row] for own in self.ledger.headers.values() if row < len(own)]
                periods[f"header {row + 1}"] = tuple(split_period(text)[0] for text in headers)
        month = FISCAL_YEARS.get(str(self.declared.constants.get("area", "")))
        for name, texts in periods.items():
            for part in ("year", "half-year", "quarter", "month"):
                if texts and all(period_of_date(text, part) not in (None, text) for text in texts):
                    self.ask(
                        f"{texts[0]!r} can be a day, or the first or last day of a {part}",
                        *({"dates": own} for own in (part, "day")),
                    )
                    break
            several = {text: own for text, own in readings_by_text(texts).items() if len(own) > 1}
            if not several or self.declared.fiscal_year:
                continue
            unclear, own = next(iter(several.items()))
            if month and is_fiscal(own):
                reason = f"fiscal years of this area start in month {month}, such as {unclear!r}"
                self.add("fiscal_year", month, reason)
                continue
            readings = [str(period) for _, period in own]
            options = [{"recode": {name: {unclear: reading}}} for reading in readings]
            fiscal: list[Mapping[str, Any]] = [{"fiscal_year": 4}] * is_fiscal(own)
            self.ask(f"{unclear!r} can be {' or '.join(readings)}", *fiscal, *options)

    def place_signs(self) -> None:
        """Declare the signs, marks and thousands separators of the counts, or ask."""
        columns = {text.strip(): own for own in self.values for text in self.column(own).categories}
        plain = [text for text in columns if text and not text.isdigit()]
        parser = self.with_separators(plain, columns)
        unclear: dict[str, list[str]] = {}  # signs by the column that has them
        wrong: dict[str, list[str]] = {}  # texts by the hint of the parser
        for text in plain:
            mark, sign = MARKED.fullmatch(text[:LONGEST]), text.casefold()
            try:
                parser.parse(text)
            except ThbstatsError as error:
                if sign in SIGNS:
                    reason = f"the sign means {SIGNS[sign].replace('_', ' ')}"
                    self.add("missing", {text: SIGNS[sign]}, reason, text)
                elif mark and mark[3] in _FLAGS:
                    reason = f"a mark after a number, such as {text!r}"
                    self.add("flags", {mark[2]: mark[3]}, reason, mark[2])
                elif AMBIGUOUS.fullmatch(text):
                    name = "value" if self.declared.unpivot else columns[text]
                    unclear.setdefault(name, []).append(text)
                else:
                    wrong.setdefault(re.sub(r"\d+", "", error.hint), []).append(text)
        for name, texts in unclear.items():
            signs = " and ".join(map(repr, texts))
            zero = {"recode": {name: dict.fromkeys(texts, "0")}}
            none = {"missing": dict.fromkeys(texts, "not_reported")}
            self.ask(f"{signs} can be 0, suppressed or not reported", zero, none)
        self.ask_about_numbers(wrong, parser)

    def ask_about_numbers(self, wrong: Mapping[str, Sequence[str]], parser: CountParser) -> None:
        """Ask about texts that are not counts, by the hint of the parser."""
        separated = [text for hint, own in wrong.items() if "thousands=" in hint for text in own]
        if separated:
            signs = "".join(sign for sign in ",." if any(sign in text for text in separated))
            problem = f"{_listed(separated)} can have {' or '.join(map(repr, signs))} for thousands"
            self.ask(f"{problem} or for decimals", {"thousands": signs})
        for hint, texts in wrong.items():
            mark = MARKED.fullmatch(texts[0][:LONGEST])
            if "thousands=" in hint:
                continue
            if mark and parser.digits(mark[1]) is not None:
                problem = f"{_listed(texts)} can be a count with a mark"
                self.ask(problem, {"flags": {mark[2]: "d"}})
            else:
                number = "is not a count" if len(texts) == 1 else "are not counts"
                self.ask(f"{_listed(texts)} {number}. {hint}")

    def with_separators(self, plain: Sequence[str], texts: Iterable[str]) -> CountParser:
        """Return the parser with the thousands separators that the counts show."""
        parser = CountParser(thousands=self.declared.thousands + separators(plain)[0])
        is_small = all(len(text) < 4 for text in texts if text.isdigit())
        for sign in ",.":
            grouped = [
                text for text in plain if re.fullmatch(rf"[1-9]\d{{0,2}}(\{sign}\d{{3}})+", text)
            ]
            is_only = grouped == [text for text in plain if sign in text and text[0].isdigit()]
            if is_only and is_small and len([t for t in grouped if not t.endswith("000")]) > 1:
                longest = max(grouped, key=len)
                if sign not in parser.thousands:
                    reason = f"{sign!r} separates thousands, such as {longest!r}"
                    self.add("thousands", self.declared.thousands + sign, reason)
                parser = evolve(parser, thousands=parser.thousands + sign)
        return parser


def _codes(dimension: Dimension) -> str:
    """Return the codes of a dimension as the end of a question."""
    if dimension.vocabulary is None:
        return ""
    codes = shortened(", ".join(dimension.vocabulary), _CODES)
    return f"; the codes are {codes}{', and countries' * (dimension.name == 'citizenship')}"


def _letters(number: int) -> str:
    """Return the letters of a column of a worksheet, counted from 1."""
    letters = ""
    while number:
        number, position = divmod(number - 1, 26)
        letters = chr(ord("A") + position) + letters
    return letters
