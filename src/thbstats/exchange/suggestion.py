"""Suggestion of the declaration of a file, with the reason of each guess."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, field, fields, frozen

from thbstats._mappings import FrozenDict
from thbstats._signatures import short_signature
from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.exchange.count_texts import CountParser, separators
from thbstats.exchange.declaration import MULTIPLE, Declaration
from thbstats.exchange.layouts import find_header, is_flag_column, is_number, split_period, stacked
from thbstats.exchange.ledger import FileColumn, Ledger
from thbstats.exchange.period_texts import parser_of, period_readings
from thbstats.exchange.sheets import Layout, Page
from thbstats.exchange.words import (
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

_SAMPLE = 200  # distinct texts of a column that are compared with categories
_MOST = 0.6  # share of texts with a known category that identifies a dimension
_LISTED = 3
_TITLE = 2000  # characters of a title, or of a page without a table, that can name the area
_RATE = re.compile(r"%|per ?cent|per 1[0-9., ]*000|\brate|\bshare|prozent|anteil|quote|taux", re.I)
_AMBIGUOUS = re.compile(r"[-\N{EN DASH}.]|\.{3}|…|n/?a|x|z|c|\*", re.I)
_MARK = re.compile(r"(.*\d)\s*([\[(]?([a-z])[\])]?)", re.I)
_FISCAL = {"UK": 4, "GB": 4, "IN": 4, "CA": 4, "JP": 4, "NZ": 7, "AU": 7, "US": 10}
_YEAR = re.compile(r"(19|20)\d\d")
_NAME = re.compile(r"[A-Za-z0-9_-]+")


def _mapping(value: Mapping[str, str]) -> Mapping[str, str]:
    return FrozenDict(value)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


@short_signature
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

    reasons: Mapping[str, str] = field(factory=dict, converter=_mapping, eq=False)
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
    pages: Mapping[str, Page], declared: Declaration, title: str = ""
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
            title += "".join(f" {cell}" for _, cells in head for cell in cells if cell)[:_TITLE]
    if not tables:
        raise InvalidFile(
            f"{title} must contain a table with counts",
            field="path",
            hint="Pass range='A5:H20' with the cells of the table",
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
        guess.ask("the worksheets have several headers", listed, f"sheet = {_toml(chosen[0])}", "")
    guess.place(tables[chosen[0]][0])
    return guess.result()


def _is_counts(column: FileColumn) -> bool:
    """Whether a column contains integers, and few other texts."""
    texts = [text.strip() for text in column.values if text.strip()][:_SAMPLE]
    parser, known = CountParser(thousands=",."), 0
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
    texts = [column.value_at(row).strip(" .") for row in range(len(column.codes))]
    numbers = [text for text in texts if text]
    return len(numbers) > 2 and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _unmarked(text: str) -> str:
    match = _MARK.fullmatch(text)
    return match[1] if match else text


class _Guess:
    """The parts of a suggestion, placed one after the other."""

    def __init__(self, ledger: Ledger, declared: Declaration, title: str) -> None:
        self.ledger, self.title = ledger, title
        self.given = declared
        self.declared = declared
        self.reasons: dict[str, str] = {}
        self.questions: list[str] = []
        self.rows = np.arange(len(ledger))
        kind = declared.kind
        words = re.findall(r"[^\W_]+", f"{title} {' '.join(map(str, ledger.raw))} {self.preamble}")
        for word in words if kind is None else ():
            if found := KINDS_OF_WORDS.get(plain_word(word)):
                kind = found
                self.guess("kind", kind, f"the file contains the word {word!r}")
                break
        schema = schema_of(kind or "victims", *declared.classifications)
        self.dimensions = {item.name: item for item in schema.dimensions}
        if kind is None:
            lines = ('kind = "victims"', 'kind = "justice"')
            self.ask("the kind of count is not stated", "", *lines)

    @property
    def preamble(self) -> str:
        """The texts above the header, and those that all rows have."""
        columns = map(self.ledger.column, map(str, self.ledger.raw))
        texts = [cell for row in self.ledger.preamble for cell in row if cell]
        return " ".join([*texts, *(own.values[0] for own in columns if len(own.values) == 1)])[
            :_TITLE
        ]

    def guess(self, name: str, value: Any, reason: str, key: str | None = None) -> None:
        """Set a parameter, or an entry of a mapping, with a reason."""
        if key is not None:
            value = {**getattr(self.declared, name), key: value}
        self.declared = evolve(self.declared, **{name: value})
        self.reasons[key or name] = reason

    def ask(self, problem: str, examples: str, *lines: str) -> None:
        """Add a question with examples and the lines that would settle it."""
        options = " or ".join(filter(None, lines))
        self.questions.append(f"{problem}{examples and f': {examples}'}. Add {options}")

    def column(self, name: str) -> FileColumn:
        """Return a column in the rows with counts."""
        own = self.ledger.column(name)
        return FileColumn(own.codes[self.rows], own.values, name).compact()

    @property
    def targets(self) -> set[str]:
        """The targets that are placed."""
        own = self.declared
        header = (target for content in own.unpivot for target in content.split())
        return {*own.columns.values(), *own.constants, *header}

    def place(self, header_rows: int) -> None:
        """Place the columns, the texts and the signs of the file."""
        names = [name for name in map(str, self.ledger.raw) if name not in self.given.columns]
        names = [name for name in names if name not in self.given.ignored]
        counts = [n for n in names if n != "sheet" and _is_counts(self.ledger.column(n))]
        for name in counts:
            if _RATE.search(name):
                self.ignore(name, "rates and shares are not counts")
            elif _is_numbering(self.ledger.column(name)):
                self.ignore(name, "it numbers the rows")
        counts = [name for name in counts if name not in self.declared.ignored]
        values = self.place_values(counts, header_rows)
        if values:
            has_count = [self.ledger.column(n).where(_is_figure) for n in values]
            self.rows = np.flatnonzero(np.logical_or.reduce(has_count))
        others = [
            n
            for n in names
            if n not in values
            and n not in self.declared.ignored
            and not (self.declared.unpivot and is_flag_column(self.ledger, n))
        ]
        # A name that is known comes first, so that it takes its target.
        for name in sorted(others, key=lambda own: plain_word(own) not in COLUMNS):
            self.place_column(name)
        self.place_missing_targets()
        self.place_signs(values)

    def place_values(self, counts: list[str], header_rows: int) -> list[str]:
        """Place the columns of counts, and the contents of their header."""
        headers = {name: self.ledger.headers.get(name, (name,)) for name in counts}
        contents: list[str] = []
        wide = [name for name in counts if self.is_wide(headers[name])]
        if len(wide) > 1:
            for row in range(header_rows):
                texts = list(dict.fromkeys(headers[name][row] for name in wide))
                contents.append(self.content_of_header(texts))
        if contents and all(contents):
            of_rows = [
                (f"header {row + 1}", content, [headers[name][row] for name in wide])
                for row, content in enumerate(contents)
            ]
            self.guess(
                "unpivot",
                tuple(contents),
                "the header contains these, such as " + repr(" | ".join(headers[wide[0]])),
            )
            for name, content, texts in of_rows:
                if " " not in content:
                    self.recode(name, content, dict.fromkeys(texts))
                else:
                    other = content.split()[1]
                    if other == "-":
                        continue
                    self.recode(f"{name} {other}", other, [split_period(text)[1] for text in texts])
            return wide
        named = [name for name in counts if COLUMNS.get(plain_word(name)) == "value"]
        years = [name for name in counts if self.content_of_texts(name) == "period"]
        left = named or [name for name in counts if name not in years] or counts
        if len(left) == 1:
            reason = "its name shows the counts" if named else "no other column has numbers"
            self.guess("columns", "value", reason, left[0])
            return left
        if left:
            examples = ", ".join(map(repr, left[:_LISTED]))
            lines = f'columns.{_key(left[0])} = "value"', f"ignored = {_toml(left[1:])}"
            self.ask("several columns have numbers", examples, *lines)
        return left

    def is_wide(self, header: Sequence[str]) -> bool:
        """Whether the header of a column contains a period or a category."""
        return any(
            bool(split_period(text)[0])
            or any(self.known(text, d) for d in self.categorical)
            or is_total(text)
            for text in header
            if text
        )

    @property
    def categorical(self) -> list[Dimension]:
        """The dimensions with categories that are not placed."""
        return [
            d
            for d in self.dimensions.values()
            if d.content == "codes"
            and (d.total or d.default is None)
            and d.name not in self.targets
        ]

    def known(self, text: str, dimension: Dimension) -> bool:
        """Whether a text has a category of a dimension."""
        if dimension.content == "period":
            return bool(period_readings(text))
        if plain_word(text) in CATEGORIES.get(dimension.name, {}) or plain_word(text) in PERSONS:
            return True
        try:
            return parser_of(dimension)(text) not in (dimension.total, "unknown")
        except ThbstatsError:
            return False

    def content_of_header(self, texts: Sequence[str]) -> str:
        """Return the contents of the texts of a header row; empty if they are not known."""
        parts = [split_period(text) for text in texts if not is_total(text)]
        if parts and all(period and not rest for period, rest in parts):
            return "period"
        rests = list(dict.fromkeys(rest for _, rest in parts))
        dimension = self.dimension_of(rests)
        if all(period for period, _ in parts) and (dimension or len(rests) == 1):
            return f"period {dimension or '-'}"
        return dimension if not any(period for period, _ in parts) else ""

    def dimension_of(self, texts: Iterable[str], options: Iterable[Dimension] = ()) -> str:
        """Return the dimension whose categories the most texts have; empty if too few do."""
        own = [text for text in texts if text.strip() and not is_total(text)][:_SAMPLE]
        shares = {
            d.name: sum(self.known(text, d) for text in own) / max(len(own), 1)
            for d in (options or self.categorical)
        }
        best = max(shares, key=lambda name: shares[name], default="")
        return best if best and shares[best] >= _MOST else ""

    def content_of_texts(self, name: str) -> str:
        """Return the dimension of the texts of a column; empty if it is not known."""
        texts = [text for text in self.column(name).values if text.strip()]
        is_time = [_is_period(text) for text in texts if not is_total(text)]
        if is_time and all(is_time):
            return "period"
        order = ("area", "citizenship")
        further = [
            d
            for d in self.dimensions.values()
            if d.name not in self.targets and (d.content == "codes" or d.name in order)
        ]
        return self.dimension_of(texts, further)

    def place_column(self, name: str) -> None:
        """Place a column by its name and its texts, or ask."""
        column = self.column(name)
        texts = [text for text in dict.fromkeys(column.values) if text.strip()]
        of_name, of_texts = COLUMNS.get(plain_word(name), ""), self.content_of_texts(name)
        target = of_name or of_texts
        if of_name in self.dimensions and of_texts and of_texts != of_name:
            is_known = self.dimension_of(texts, [self.dimensions[of_name]])
            target = of_name if is_known else of_texts
        examples = ", ".join(repr(text[:60]) for text in texts[:_LISTED])
        if not texts:
            self.ignore(name, "it is empty")
        elif target in self.targets and (other := self.equal_column(column)):
            self.ignore(name, f"it has one text for each text of {other!r}")
        elif target == "period" or (target and target not in self.targets):
            is_part = target in self.targets
            self.guess(
                "columns",
                target,
                f"its {'name shows' if of_name == target else 'texts show'} "
                f"the {target}, such as {examples}",
                name,
            )
            if target in self.dimensions and not is_part:
                self.recode(name, target, texts)
                self.fill(name, column)
        elif len(texts) == 1:
            self.ignore(name, f"every row has the text {examples}")
        elif other := self.equal_column(column):
            self.ignore(name, f"it has one text for each text of {other!r}")
        else:
            own = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "further"
            lines = f"columns.{_key(name)} = {_toml(own)} and dimensions = [{_toml(own)}]"
            self.ask(f"{name!r} is not understood", examples, lines, f"ignored = [{_toml(name)}]")

    def equal_column(self, column: FileColumn) -> str:
        """Return a placed column with one text for each text of a column; empty without one."""
        for name in self.declared.columns:
            other = self.column(name)
            pairs = np.unique(np.stack([column.codes, other.codes]), axis=1)
            distinct = [len(np.unique(side)) for side in pairs]
            is_value = self.declared.columns[name] == "value"
            if not is_value and distinct[0] == distinct[1] == pairs.shape[1] > 1:
                return name
        return ""

    def ignore(self, name: str, reason: str) -> None:
        """Ignore a column for a reason."""
        self.declared = evolve(self.declared, ignored=(*self.declared.ignored, name))
        self.reasons[name] = f"ignored: {reason}"

    def fill(self, name: str, column: FileColumn) -> None:
        """Fill the empty cells of a column that starts groups of rows."""
        is_empty = column.where(lambda text: not text.strip()) | (column.codes < 0)
        if is_empty.any() and not is_empty[0] and name not in self.ledger.merged:
            self.declared = evolve(self.declared, fill=(*self.declared.fill, name))
            self.reasons[name] += "; an empty cell continues the group above it"

    def recode(self, name: str, target: str, texts: Iterable[str]) -> None:
        """Recode the texts that only words of offices explain; ask for others."""
        dimension, words = self.dimensions[target], CATEGORIES.get(target, {})
        recode: dict[str, Any] = {}
        unknown: list[str] = []
        own = [text.strip() for text in texts if text.strip()]
        both = {text: PERSONS[plain_word(text)] for text in own if plain_word(text) in PERSONS}
        has_children = any(len(parts.split()) > 1 and "child" in parts for parts in both.values())
        for text in own:
            if has_children and text in both:
                continue
            try:
                parser_of(dimension)(text)
            except ThbstatsError:
                word = plain_word(text)
                category = words.get(word) or (PERSONS[word].split()[0] if word in PERSONS else "")
                if is_total(text) and dimension.total is not None:
                    recode[text] = dimension.total
                elif category and not has_children:
                    recode[text] = category
                elif not is_total(text):
                    unknown.append(text)
        if has_children and target == "sex" and "age" not in self.targets:
            everything = {
                text: dict(zip(("sex", "age"), PERSONS[plain_word(text)].split(), strict=True))
                if text in both
                else {"sex": recode.get(text, text), "age": "total"}
                for text in own
            }
            if name in self.declared.columns:
                self.guess("columns", MULTIPLE, "its texts show sex and age", name)
            else:
                row = int(name.split()[1]) - 1
                contents = [*self.declared.unpivot]
                contents[row] = MULTIPLE
                self.guess("unpivot", tuple(contents), "the header shows sex and age")
            recode = everything
        if recode:
            self.declared = evolve(self.declared, recode={**self.declared.recode, name: recode})
        if unknown:
            examples = ", ".join(repr(text[:60]) for text in unknown[:_LISTED])
            code = "..." if dimension.vocabulary is None else _default_code(dimension)
            self.ask(
                f"{len(unknown)} texts of {name!r} are not a known {target}",
                examples,
                f"recode.{_key(name)} = {{{_key(unknown[0])} = {_toml(code)}}}",
                f"ignored = [{_toml(name)}]",
            )

    def place_missing_targets(self) -> None:
        """Find area and period in the title, or ask."""
        where = f"{self.preamble} {self.title}"
        if "area" not in self.targets and (area := _area_in(where)):
            text = f"{area[0]!r} is in the title or in the name of the file"
            self.guess("constants", area[1], text, "area")
        if "period" not in self.targets:
            found = split_period(re.sub(r"[_.\u2013]", " ", where))[0]
            readings = period_readings(found) if found else []
            if len(readings) == 1:
                text = f"{found!r} is in the title or in the name of the file"
                self.guess("constants", str(readings[0][1]), text, "period")
        for name, item in self.dimensions.items():
            if item.default is None and name not in self.targets:
                example = {"area": "MT", "period": "2022"}.get(name) or _default_code(item)
                line = f"constants = {{{name} = {_toml(example)}}}"
                self.ask(f"no column contains the {name}", "", line, f'columns."..." = "{name}"')
        month = _FISCAL.get(str(self.declared.constants.get("area", "")))
        columns = [n for n, target in self.declared.columns.items() if target == "period"]
        texts = [text for name in columns for text in self.column(name).values]
        for row, content in enumerate(self.declared.unpivot):
            headers = self.ledger.headers.values() if content.startswith("period") else ()
            texts += [split_period(own[row])[0] for own in headers if row < len(own)]
        unclear = [text for text in texts if len(period_readings(text)) > 1]
        if unclear and not self.declared.fiscal_year:
            options = " or ".join(str(period) for _, period in period_readings(unclear[0]))
            if month:
                reason = f"fiscal years of this area start in month {month}; {unclear[0]!r} is one"
                self.guess("fiscal_year", month, reason)
            else:
                lines = "fiscal_year = 4", 'recode."..." = {"..." = "2021-2022"}'
                self.ask(f"{unclear[0]!r} can be {options}", "", *lines)

    def place_signs(self, values: Sequence[str]) -> None:
        """Declare the signs, marks and thousands separators of the counts, or ask."""
        texts = {text.strip(): None for name in values for text in self.column(name).values}
        plain = [text for text in texts if text and not text.isdigit()]
        given = self.given.missing
        parser = CountParser(thousands=self.declared.thousands + separators(plain)[0])
        for sign in ",.":
            grouped = [text for text in plain if re.fullmatch(rf"\d{{1,3}}(\{sign}\d{{3}})+", text)]
            with_sign = [text for text in plain if sign in text and text[0].isdigit()]
            small = all(len(text) < 4 for text in texts if text.isdigit())
            is_clear = len(grouped) > 1 and grouped == with_sign and small
            if is_clear and not all(t.endswith("000") or t[0] == "0" for t in grouped):
                if sign not in parser.thousands:
                    self.guess(
                        "thousands",
                        self.declared.thousands + sign,
                        f"{sign!r} separates thousands, such as {max(grouped, key=len)!r}",
                    )
                parser = evolve(parser, thousands=parser.thousands + sign)
        for text in plain:
            match = _MARK.fullmatch(text)
            try:
                parser.parse(text)
            except ThbstatsError as error:
                if text in given or text in self.given.flags:
                    continue
                if text.casefold() in SIGNS:
                    reason = SIGNS[text.casefold()]
                    self.guess(
                        "missing", reason, f"the sign means {reason.replace('_', ' ')}", text
                    )
                elif match and match[3].lower() in "abdefpru" and match[2] != match[3].upper():
                    flag = match[3].lower()
                    self.guess("flags", flag, f"a mark after a number, such as {text!r}", match[2])
                elif _AMBIGUOUS.fullmatch(text):
                    column = next(
                        n for n in values if text in map(str.strip, self.ledger.column(n).values)
                    )
                    name = "value" if self.declared.unpivot else column
                    zero = f'recode.{_key(name)} = {{{_key(text)} = "0"}}'
                    missing = f'missing = {{{_key(text)} = "not_reported"}}'
                    self.ask(f"{text!r} can be 0, suppressed or not reported", "", zero, missing)
                else:
                    self.ask(f"{text[:60]!r} is not a count", "", error.hint)

    def result(self) -> Suggestion:
        """Return the suggestion."""
        own = {item.name: getattr(self.declared, item.name) for item in fields(Declaration)}
        return Suggestion(
            **own,
            reasons=self.reasons,
            questions=self.questions,
        )


def _default_code(dimension: Dimension) -> str:
    """Return a category as example."""
    codes = [] if dimension.vocabulary is None else list(map(str, dimension.vocabulary))
    return next((code for code in codes if code not in ("total", "unknown", "not_stated")), "...")


def _area_in(text: str) -> tuple[str, str] | None:
    """Return a country that a text names, with its code; ``None`` for none or several."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word.lower() != "the"]
    found: dict[str, str] = {}
    for size in (3, 2, 1):
        for start in range(len(words) - size + 1):
            name = " ".join(words[start : start + size])
            if size == 1 and len(name) < 4 and name.upper() != "UK":
                continue
            try:
                found.setdefault(Area.parse(name).code, name)
            except ThbstatsError:
                continue
    return next(((name, code) for code, name in found.items()), None) if len(found) == 1 else None
