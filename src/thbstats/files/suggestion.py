"""Suggestion of the declaration of a file, with the reason of each guess."""

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
from attrs import evolve, field, fields, frozen

from thbstats._mappings import FrozenDict
from thbstats._signatures import explain_arguments
from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.files.count_columns import CountParser, separators
from thbstats.files.declaration import MULTIPLE, Declaration
from thbstats.files.input_file import LIMITS, InputFile, Limits, Progress, no_progress, open_input
from thbstats.files.ledger import FileColumn, Ledger, shortened
from thbstats.files.parquet import PARQUET, cells_of_frame, read_parquet
from thbstats.files.reference_periods import parser_of, period_readings
from thbstats.files.sheets import (
    Grid,
    Layout,
    find_header,
    is_flag_column,
    is_number,
    pages_of,
    split_period,
    stacked,
)
from thbstats.files.words import (
    CATEGORIES,
    COLUMNS,
    KINDS_OF_WORDS,
    PERSONS,
    SIGNS,
    is_total,
    plain_word,
)
from thbstats.geography import Area
from thbstats.records import Dimension, schema_of
from thbstats.tables.frames import Frame
from thbstats.vocabulary.bands import AGE_LIMIT, ages_of_band

_SAMPLE = 200  # distinct texts of a column that are compared with categories
_MOST = 0.6  # share of texts with a known category that identifies a dimension
_LISTED = 3
_TITLE = 2000  # characters of a title, or of a page without a table, that can name the area
_RATE = re.compile(r"%|per ?cent|per 1[0-9., ]*000|\brate|\bshare|prozent|anteil|quote|taux", re.I)
_AMBIGUOUS = re.compile(r"[-\N{EN DASH}.]|\.{3}|…|n[./]?[ad]\.?|k\.? ?a\.?|s/d|x|z|c|\*", re.I)
_MARK = re.compile(r"(.*\d)\s*([\[(]?([a-z])[\])]?)", re.I)
_FISCAL = {"UK": 4, "GB": 4, "IN": 4, "CA": 4, "JP": 4, "NZ": 7, "AU": 7, "US": 10}
_FLAGS = tuple("abdefpru")
_YEAR = re.compile(r"(19|20)\d\d")
_NAME = re.compile(r"[A-Za-z0-9_-]+")


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


@frozen(kw_only=True, repr=False)
class Suggestion(Declaration):
    """Declaration that `suggest` finds, with its reasons and open questions.

    Parameters
    ----------
    reasons : mapping of str to str
        The reason of each guess, by column or parameter.
    questions : sequence of str
        What the file does not show, each with the lines that would settle it.
    """

    reasons: Mapping[str, str] = field(factory=dict, converter=FrozenDict, eq=False)
    questions: tuple[str, ...] = field(default=(), converter=_distinct, eq=False)

    def to_toml(self) -> str:
        """Return the declaration as TOML, with reasons and questions as comments."""
        reasons = [f"# {name}: {reason}" for name, reason in self.reasons.items()]
        questions = [f"# ? {line}" for text in self.questions for line in text.split("\n")]
        return "\n".join([*reasons, *declaration_lines(self), *questions, ""])

    def __repr__(self) -> str:
        return self.to_toml()


def declaration_lines(declared: Declaration) -> list[str]:
    """Return a declaration as TOML, one line for each parameter that is not the default."""
    default = Declaration()
    return [
        f"{item.name} = {_toml(value)}"
        for item in fields(Declaration)
        if (value := getattr(declared, item.name)) != getattr(default, item.name)
        and item.name != "classifications"
    ]


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = (f"{_key(key)} = {_toml(own)}" for key, own in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_toml, value))}]"
    return '"no count"' if value is None else json.dumps(value, ensure_ascii=False)


def _key(text: str) -> str:
    return text if _NAME.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def suggest_declaration(
    pages: Mapping[str, Grid], declared: Declaration, title: str = ""
) -> Suggestion:
    """Return the suggestion for some pages.

    ``declared`` are the parameters that are known, and ``title`` is the name of the file.
    """
    tables: dict[str, tuple[int, Ledger]] = {}
    for name, page in pages.items():
        layout = Layout(header=bool, cells=declared.range, is_wide=True)
        head = page.head(layout)
        top, rows = find_header(head) or (0, 1)
        layout = evolve(layout, top=top, header_rows=rows)
        ledger = page.ledger or (page.table(layout) if top else None)
        columns = [] if ledger is None else list(map(ledger.column, map(str, ledger.raw)))
        # The numbers of a list of notes are in its first column.
        if ledger and any(map(_is_counts, columns[1:] if len(pages) > 1 else columns)):
            tables[name] = (rows, ledger)
        else:
            title += "".join(f" {cell[:_SAMPLE]}" for _, cells in head for cell in cells if cell)
            title = title[:_TITLE]
    if not tables:
        raise InvalidFile(
            f"No table with counts in {title.split(' ')[0] or 'the data'}",
            field="path",
            hint="Pass range='A5:H20' with the cells of the table, if it has one",
        )
    names = {name: tuple(map(str, ledger.raw)) for name, (_, ledger) in tables.items()}
    chosen = [name for name, own in names.items() if own == next(iter(names.values()))]
    guess = _Guess(
        stacked({name: tables[name][1] for name in chosen}, with_name=len(chosen) > 1),
        declared,
        " ".join([title, *(chosen if len(pages) > 1 else ())]),
    )
    if len(chosen) < len(tables):
        listed = "; ".join(f"{name!r}: {', '.join(own)[:80]}" for name, own in names.items())
        guess.ask(f"the worksheets have several headers: {listed}", {"sheet": chosen[0]})
    return guess.suggestion(tables[chosen[0]][0])


def _is_counts(column: FileColumn) -> bool:
    """Whether a column contains integers, and few other texts."""
    texts = [text.strip() for text in column.categories if text.strip()][:_SAMPLE]
    parser = CountParser(thousands=",.")
    numbers = [parser.digits(_unmarked(text)) for text in texts]
    known = sum(
        number is not None or text in SIGNS or bool(_AMBIGUOUS.fullmatch(text)) or text[0] in "<≤"
        for number, text in zip(numbers, texts, strict=True)
    )
    return any(numbers) and known >= 0.8 * len(texts)


def _is_figure(text: str) -> bool:
    return is_number(text) or text.strip().isdigit()


def _is_period(text: str) -> bool:
    is_number = text.strip().isdigit() and not _YEAR.fullmatch(text.strip())
    return bool(period_readings(text)) and not is_number


def _is_numbering(column: FileColumn) -> bool:
    """Whether a column numbers the rows from 1."""
    if not len(column.codes) or column.value_at(0).strip(" .") != "1":
        return False
    texts = [column.value_at(row).strip(" .") for row in range(len(column.codes))]
    numbers = [text for text in texts if text]
    return len(numbers) > 2 and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _unmarked(text: str) -> str:
    match = _MARK.fullmatch(text) if len(text) < _SAMPLE else None
    return match[1] if match else text


class _Guess:
    """The parts of a suggestion, placed one after the other."""

    def __init__(self, ledger: Ledger, declared: Declaration, title: str) -> None:
        self.ledger = ledger
        self.declared = declared
        self.reasons: dict[str, str] = {}
        self.questions: list[Callable[[], str]] = []
        self.rows = np.arange(len(ledger))
        names = list(map(str, ledger.raw))
        texts = [cell for row in ledger.preamble for cell in row if cell]
        columns = map(ledger.column, names)
        texts += [own.categories[0] for own in columns if len(own.categories) == 1]
        self.title = f"{' '.join(texts)[:_TITLE]} {title}"
        kind = declared.kind
        for word in re.findall(r"[^\W_]+", f"{self.title} {' '.join(names)}"):
            of_word = KINDS_OF_WORDS.get(plain_word(word))
            if kind is None and of_word:
                kind = of_word
                self.add("kind", kind, f"the file contains the word {word!r}")
        schema = schema_of(kind or "victims", *declared.classifications)
        self.dimensions = {item.name: item for item in schema.dimensions}
        if kind is None:
            self.ask("the kind of count is not stated", {"kind": "victims"}, {"kind": "justice"})

    def add(self, name: str, value: Any, reason: str = "", key: str = "") -> None:
        """Set a parameter, or an entry of a mapping or list, with a reason."""
        self.declared = _with(self.declared, {name: value})
        if reason:
            self.reasons[key or name] = reason

    def ask(self, problem: str, *options: Mapping[str, Any]) -> None:
        """Add a question with the lines that would settle it."""

        def question() -> str:
            lines = (
                " and ".join(
                    f"{name} = {_toml(getattr(_with(self.declared, {name: value}), name))}"
                    for name, value in option.items()
                )
                for option in options
            )
            return f"{problem}. Write {', or '.join(lines)}" if options else problem

        self.questions.append(question)

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

    def suggestion(self, header_rows: int) -> Suggestion:
        """Place the columns, the texts and the signs of the file."""
        declared = {*self.declared.columns, *self.declared.ignored}
        names = [name for name in map(str, self.ledger.raw) if name not in declared]
        counts = []
        for name in names:
            column, is_rate = self.ledger.column(name), _RATE.search(name)
            if name == "sheet" or not (is_rate or _is_counts(column)):
                continue
            if is_rate or _is_numbering(column):
                reason = "rates and shares are not counts" if is_rate else "it numbers the rows"
                self.add("ignored", (name,), f"ignored: {reason}", name)
            else:
                counts.append(name)
        values = self.place_values(counts, header_rows)
        if values:
            has_figure = [self.ledger.column(name).where(_is_figure) for name in values]
            self.rows = np.flatnonzero(np.logical_or.reduce(has_figure))
            self.title += f" {values[0]}" if len(values) == 1 else ""
            self.find_second_header(values)
        # A name that is known comes first, so that it takes its target.
        for name in sorted(names, key=lambda own: plain_word(own) not in COLUMNS):
            is_flag = self.declared.unpivot and is_flag_column(self.ledger, name)
            if name not in values and name not in self.declared.ignored and not is_flag:
                self.place_column(name)
        self.place_missing_targets()
        self.place_signs(values)
        parts = {item.name: getattr(self.declared, item.name) for item in fields(Declaration)}
        questions = [question() for question in self.questions]
        return Suggestion(**parts, reasons=self.reasons, questions=questions)

    def place_values(self, counts: list[str], header_rows: int) -> list[str]:
        """Place the columns of counts, and the contents of their header."""
        headers = self.ledger.headers
        wide = [
            name
            for name in counts
            if any(self.content_of_header([text]) for text in headers[name])
            or any(map(is_total, headers[name]))
        ]
        texts = [list(dict.fromkeys(own)) for own in zip(*map(headers.get, wide), strict=True)]
        contents = tuple(map(self.content_of_header, texts))
        if contents == ("period",) or (len(wide) > 1 and all(contents)):
            self.add("unpivot", contents, f"the header has these, such as {wide[0]!r}")
            for row, (content, own) in enumerate(zip(contents, texts, strict=True), start=1):
                first, _, other = content.partition(" ")
                if other not in ("", "-"):
                    rests = [split_period(text)[1] for text in own]
                    self.recode(f"header {row} {other}", other, rests)
                elif not other:
                    self.recode(f"header {row}", first, own)
            return wide
        named = [name for name in counts if COLUMNS.get(plain_word(name)) == "value"]
        others = [
            name
            for name in counts
            if COLUMNS.get(plain_word(name), "") in ("", "value")
            and self.content_of(self.column(name)) != "period"
        ]
        left = named or others
        if not left:
            self.ask("no column contains counts; thbstats count reads a list of cases")
        if len(left) == 1:
            reason = "its name shows the counts" if named else "no other column has numbers"
            self.add("columns", {left[0]: "value"}, reason, left[0])
        elif left:
            examples = ", ".join(map(repr, left[:_LISTED]))
            settled = {"columns": {left[0]: "value"}, "ignored": tuple(left[1:])}
            self.ask(f"several columns have numbers: {examples}", settled)
        return left

    def find_second_header(self, values: Sequence[str]) -> None:
        """Ask about a row of words between the counts: a header of a second table."""
        columns = list(map(self.ledger.column, values))
        is_word = [
            own.where(lambda text: len(text) > 3 and not _is_figure(text)) for own in columns
        ]
        rows = np.flatnonzero(np.logical_and.reduce(is_word))
        for row in rows[: len(values) > 1]:
            words = ", ".join(repr(shortened(own.value_at(row), 60)) for own in columns[:_LISTED])
            where = self.ledger.location(int(row))
            self.ask(f"{where} can be the header of a second table: {words}. Pass range='A1:H20'")

    def content_of_header(self, texts: Sequence[str]) -> str:
        """Return the contents of the texts of a header row; empty if they are not known."""
        parts = [split_period(text) for text in texts if not is_total(text)]
        rests = list(dict.fromkeys(own for _, own in parts))
        has_period = [bool(period) for period, _ in parts]
        if parts and all(has_period) and rests == [""]:
            return "period"
        divided = [item for item in self.open_dimensions if item.total or item.default is None]
        dimension = _dimension_of(rests, divided)
        if parts and all(has_period):
            return f"period {dimension or '-'}" if dimension or len(rests) == 1 else ""
        return "" if any(has_period) else dimension

    def content_of(self, column: FileColumn) -> str:
        """Return the dimension of the texts of a column; empty if it is not known."""
        texts = [text for text in column.categories if text.strip()]
        if (own := [text for text in texts if not is_total(text)]) and all(map(_is_period, own)):
            return "period"
        countries = [
            self.dimensions[name]
            for name in ("area", "citizenship")
            if name in self.dimensions and name not in self.targets
        ]
        return _dimension_of(texts, [*countries, *self.open_dimensions])

    def place_column(self, name: str) -> None:
        """Place a column by its name and its texts, or ask."""
        column = self.column(name)
        texts = [text for text in column.categories if text.strip()]
        of_name, of_texts = COLUMNS.get(plain_word(name), ""), self.content_of(column)
        target = of_name or of_texts
        if of_name in self.dimensions and of_name != of_texts:
            is_area = of_name == "area" and not _dimension_of(texts, [self.dimensions["area"]])
            if is_area or (of_texts and not _dimension_of(texts, [self.dimensions[of_name]])):
                target = of_texts
        examples = ", ".join(repr(shortened(text, 60)) for text in texts[:_LISTED])
        is_part = target in self.targets
        equal = "" if target and not is_part else self.equal_column(column)
        if target and (not is_part or (target == "period" and not equal)):
            what = "name shows" if of_name == target else "texts show"
            reason = f"its {what} the {target}, such as {examples}"
            is_empty = _is_empty(column)
            if is_empty.any() and not is_empty[0] and name not in self.ledger.merged:
                names = list(map(str, self.ledger.raw))
                before = map(self.column, names[: names.index(name)])
                if all(_is_empty(own)[is_empty].all() for own in before):
                    self.add("fill", (name,))
                    reason += "; an empty cell continues the group above it"
                else:
                    problem = f"empty cells of {name!r} can be unknown, or have the text above them"
                    unknown = {"recode": {name: {"": "unknown"}}}
                    self.ask(problem, unknown, {"fill": (name,)})
            self.add("columns", {name: target}, reason, name)
            if target in self.dimensions and not is_part:
                self.recode(name, target, texts)
        elif len(self.declared.unpivot) == 1 and not target and _is_counts(column):
            counted = {"recode": {"header 1": {name: "unknown"}}}
            problem = f"{name!r} has counts, and its name is not understood: {examples}"
            self.ask(problem, counted, {"ignored": (name,)})
        elif equal or len(texts) < 2:
            reason = f"it has one text for each text of {equal!r}" if equal else "it has one text"
            self.add("ignored", (name,), f"ignored: {reason}, such as {examples or 'none'}", name)
        else:
            own = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "further"
            settled = {"columns": {name: own}, "dimensions": (own,)}
            self.ask(f"{name!r} is not understood: {examples}", settled, {"ignored": (name,)})

    def equal_column(self, column: FileColumn) -> str:
        """Return a placed column with one text for each text of a column; empty without one."""
        for name, target in self.declared.columns.items():
            other = self.column(name)
            pairs = column.codes.astype(np.int64) * (len(other.categories) + 1) + other.codes
            first, second, both = (
                len(np.unique(own)) for own in (column.codes, other.codes, pairs)
            )
            if target != "value" and first == second == both > 1:
                return name
        return ""

    def recode(self, name: str, target: str, texts: Iterable[str]) -> None:
        """Recode the texts that only words of offices explain; ask for others."""
        dimension, words = self.dimensions[target], CATEGORIES.get(target, {})
        own = [text.strip() for text in texts if text.strip()]
        persons = {
            text: PERSONS[word].split() for text in own if (word := plain_word(text)) in PERSONS
        }
        is_both = target == "sex" and any(age == "child" for _, age in persons.values())
        recode: dict[str, Any] = {}
        for text in own:
            known = _parsed(dimension, text)
            category = words.get(plain_word(text)) or persons.get(text, [""])[0]
            if is_total(text):
                recode |= {} if known or dimension.total is None else {text: dimension.total}
            elif not known and category:
                recode[text] = category
        if is_both:
            recode = {text: {"sex": recode.get(text, text), "age": "total"} for text in own}
            recode |= {
                text: dict(zip(("sex", "age"), p, strict=True)) for text, p in persons.items()
            }
            if name in self.declared.columns:
                self.add("columns", {name: MULTIPLE})
            else:
                contents = [MULTIPLE if c == "sex" else c for c in self.declared.unpivot]
                self.declared = evolve(self.declared, unpivot=contents)
        if recode:
            self.add("recode", {name: recode})
        others = (text for text in own if not is_total(text) and text not in recode)
        if unknown := [text for text in others if not _parsed(dimension, text)]:
            examples = ", ".join(repr(shortened(text, 60)) for text in unknown[:_LISTED])
            self.ask(
                f"{len(unknown)} texts of {name!r} are not a known {target}: {examples}",
                {"recode": {name: {unknown[0]: _example(dimension)}}},
                {"ignored": (name,)},
            )

    def place_missing_targets(self) -> None:
        """Find area and period in the title, or ask."""
        where = "is in the title, in a column, or in the name of the file"
        if "area" not in self.targets and (area := _area_in(self.title)):
            self.add("constants", {"area": area[1]}, f"{area[0]!r} {where}", "area")
        text = split_period(re.sub(r"[_.\u2013]", " ", self.title))[0]
        if "period" not in self.targets and len(period_readings(text)) == 1:
            period = str(period_readings(text)[0][1])
            self.add("constants", {"period": period}, f"{text!r} {where}", "period")
        for item in self.open_dimensions:
            category, phrase = _category_in(self.title, item)
            if category:
                self.add("constants", {item.name: category}, f"{phrase!r} {where}", item.name)
        for name, item in self.dimensions.items():
            if item.default is None and name not in self.targets:
                settled = {"constants": {name: _example(item)}}
                self.ask(f"no column contains the {name}", settled, {"columns": {"...": name}})
        periods = {
            name: self.column(name).categories
            for name, target in self.declared.columns.items()
            if target == "period"
        }
        for row, content in enumerate(self.declared.unpivot):
            if content.startswith("period"):
                headers = [own[row] for own in self.ledger.headers.values() if row < len(own)]
                periods[f"header {row + 1}"] = tuple(split_period(text)[0] for text in headers)
        month = _FISCAL.get(str(self.declared.constants.get("area", "")))
        for name, texts in periods.items():
            unclear = next((text for text in texts if len(period_readings(text)) > 1), "")
            if not unclear or self.declared.fiscal_year:
                continue
            if month and not unclear.upper().count("T"):
                reason = f"fiscal years of this area start in month {month}, such as {unclear!r}"
                self.add("fiscal_year", month, reason)
                continue
            readings = [str(period) for _, period in period_readings(unclear)]
            options = [{"recode": {name: {unclear: reading}}} for reading in readings]
            self.ask(f"{unclear!r} can be {' or '.join(readings)}", {"fiscal_year": 4}, *options)

    def place_signs(self, values: Sequence[str]) -> None:
        """Declare the signs, marks and thousands separators of the counts, or ask."""
        columns = {text.strip(): name for name in values for text in self.column(name).categories}
        plain = [text for text in columns if text and not text.isdigit()]
        parser = CountParser(thousands=self.declared.thousands + separators(plain)[0])
        is_small = all(len(text) < 4 for text in columns if text.isdigit())
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
        for text in plain:
            mark, sign = _MARK.fullmatch(text[:_SAMPLE]), text.casefold()
            try:
                parser.parse(text)
            except ThbstatsError as error:
                if sign in SIGNS:
                    reason = f"the sign means {SIGNS[sign].replace('_', ' ')}"
                    self.add("missing", {text: SIGNS[sign]}, reason, text)
                elif mark and mark[3] in _FLAGS:
                    reason = f"a mark after a number, such as {text!r}"
                    self.add("flags", {mark[2]: mark[3]}, reason, mark[2])
                elif _AMBIGUOUS.fullmatch(text):
                    name = "value" if self.declared.unpivot else columns[text]
                    zero, none = (
                        {"recode": {name: {text: "0"}}},
                        {"missing": {text: "not_reported"}},
                    )
                    self.ask(f"{text!r} can be 0, suppressed or not reported", zero, none)
                else:
                    self.ask(f"{shortened(text, 60)!r} is not a count. {error.hint}")


def _with(declared: Declaration, changes: Mapping[str, Any]) -> Declaration:
    """Return a declaration with further entries of mappings and lists, or other values."""
    result: dict[str, Any] = {}
    for name, value in changes.items():
        own = result[name] = getattr(declared, name)
        if isinstance(own, Mapping):
            nested = {
                key: {**own[key], **value[key]} for key in {*own} & {*value} if name == "recode"
            }
            result[name] = {**own, **value, **nested}
        else:
            result[name] = (*own, *value) if isinstance(own, tuple) and own else value
    return evolve(declared, **result)


def _is_empty(column: FileColumn) -> Any:
    return column.where(lambda text: not text.strip()) | (column.codes < 0)


def _parsed(dimension: Dimension, text: str) -> str:
    """Return the category of a text; empty without one."""
    try:
        return parser_of(dimension)(text)
    except ThbstatsError:
        return ""


def _dimension_of(texts: Iterable[str], dimensions: Iterable[Dimension]) -> str:
    """Return the dimension whose categories the most texts have; empty if too few do."""
    words = (text for text in texts if text.strip() and not is_total(text))
    own = list(islice(words, _SAMPLE))
    shares = {item.name: sum(_is_known(item, text) for text in own) for item in dimensions}
    best = max(shares, key=lambda name: shares[name], default="")
    return best if best and shares[best] >= max(1, _MOST * len(own)) else ""


def _is_known(dimension: Dimension, text: str) -> bool:
    """Whether a text has a category of a dimension."""
    word = plain_word(text)
    if word in CATEGORIES.get(dimension.name, {}) or (dimension.name == "sex" and word in PERSONS):
        return True
    return _parsed(dimension, text) not in ("", dimension.total, "unknown")


def _example(dimension: Dimension) -> str:
    if dimension.vocabulary is None:
        return {"area": "MT", "period": "2022"}.get(dimension.name, "...")
    codes = map(str, dimension.vocabulary)
    return next(code for code in codes if code not in ("total", "unknown", "not_stated"))


def _area_in(text: str) -> tuple[str, str] | None:
    """Return a country that a text names, with its code; ``None`` for none or several."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word.lower() != "the"]
    areas: dict[str, str] = {}
    for size in (3, 2, 1):
        for start in range(len(words) - size + 1):
            name = " ".join(words[start : start + size])
            if size == 1 and len(name) < 4 and name.upper() != "UK":
                continue
            try:
                areas.setdefault(Area.parse(name).code, name)
            except ThbstatsError:
                continue
    return next(((name, code) for code, name in areas.items()), None) if len(areas) == 1 else None


def _category_in(text: str, dimension: Dimension) -> tuple[str, str]:
    """Return the only form of exploitation or age group that a text names, and its phrase."""
    words = re.findall(r"[^\W_]+", text) if dimension.name in ("age", "exploitation") else []
    known, phrases = CATEGORIES.get(dimension.name, {}), dict[str, str]()
    for size in (3, 2):
        for start in range(len(words) - size + 1):
            phrase = " ".join(words[start : start + size])
            is_child = dimension.name == "age" and ages_of_band(phrase) == (0, AGE_LIMIT - 1)
            category = "child" if is_child else known.get(plain_word(phrase), "")
            category = category or _parsed(dimension, phrase)
            if category not in ("", dimension.total, "unknown"):
                phrases.setdefault(category, phrase)
    return next(iter(phrases.items())) if len(phrases) == 1 else ("", "")


@explain_arguments
def suggest(
    data: "str | os.PathLike[str] | InputFile | Frame",
    kind: str | None = None,
    *,
    sheet: Any = "",
    range: str = "",
    separator: str | None = None,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: Progress = no_progress,
    **constants: Any,
) -> Suggestion:
    r"""Suggest the declaration of a file, with the reason of each guess.

    The header, the columns of counts, areas, periods and categories, missing-value signs and
    thousands separators are found by names in English and further official languages of the EU,
    and by their contents.

    Parameters
    ----------
    data : str, path, InputFile or frame
        A workbook, a delimited text, Parquet, or a data frame.
    kind : str, optional
        The kind of count.
    sheet, range : optional
        The worksheets and cells of the table, as for `Declaration`.
    separator, encoding : str, optional
        The separator and the encoding of a text.
    limits : Limits
        The maximum sizes of the file.
    progress : callable
        A function that receives each step and its progress from 0 to 1.
    **constants
        Values of all rows, such as ``area="MT"``.

    Returns
    -------
    Suggestion
        A declaration. `Suggestion.to_toml` returns it as a file; ``questions`` lists what the file
        does not show.

    Raises
    ------
    InvalidFile
        If the file has no table with counts, is damaged, or exceeds the limits.

    Examples
    --------
    >>> from thbstats.files import open_bytes
    >>> file = open_bytes(b"country,year,victims\nMT,2020,12\nMT,2021,0\n", name="own.csv")
    >>> print(suggest(file).to_toml())
    # kind: the file contains the word 'victims'
    # victims: its name shows the counts
    # country: its name shows the area, such as 'MT'
    # year: its name shows the period, such as '2020', '2021'
    kind = "victims"
    columns = {victims = "value", country = "area", year = "period"}
    <BLANKLINE>
    """
    declared = Declaration(kind=kind, sheet=sheet, range=range, constants=constants)
    if not isinstance(data, str | os.PathLike | InputFile):
        return suggest_declaration({"": Grid(ledger=cells_of_frame(data))}, declared)
    file = open_input(data, encoding, limits, progress)
    if file.data.startswith(PARQUET):
        pages = {"": Grid(ledger=cells_of_frame(read_parquet(file)))}
    else:
        pages = pages_of(file, declared.sheet, separator)
    return suggest_declaration(pages, declared, file.name)


def suggested_options(file: InputFile, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options of reading a file with the declaration that is suggested for it.

    A suggestion with open questions raises `InvalidFile` with its lines.
    """
    known = ("sheet", "range", "separator")
    others = {*known, "declare", "source", "strict", "progress", "kind"}
    constants = {name: value for name, value in options.items() if name not in others}
    kind = options.get("kind")
    own_options = {name: options[name] for name in known if options.get(name)}
    own = suggest(file, getattr(kind, "kind", kind), limits=file.limits, **own_options, **constants)
    if not own.questions:
        return {**options, "declare": own}
    saved = evolve(own, constants={k: v for k, v in own.constants.items() if k not in constants})
    lines = declaration_lines(saved)
    questions = "".join(f"\n  # {question}" for question in own.questions)
    listed = "".join(f"\n  {line}" for line in lines)
    raise InvalidFile(
        f"{file.name} must have a supported format, or columns that are all understood",
        field="path",
        value=file.name,
        hint=f"Save these {len(lines)} lines as own.toml, and complete them as the questions "
        f"state:{listed}{questions}\nThen pass declare='own.toml'",
    )
