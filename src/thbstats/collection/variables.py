"""Variables of a plan, and their cells as rows of a frame."""

import re
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from attrs import field, frozen

from thbstats._mappings import FrozenDict
from thbstats._properties import cached_property
from thbstats.errors import require, require_name
from thbstats.geography import COUNTRIES
from thbstats.languages import Label, lowered
from thbstats.records import Schema, schema_of
from thbstats.tables import CountTable
from thbstats.tables.columns import Columns
from thbstats.tables.encoding import groups, pack
from thbstats.tables.origins import source_text
from thbstats.values import Reason, flag_set
from thbstats.vocabulary import BUNDLED, CountingUnit, Offence, Stage, VictimStatus
from thbstats.vocabulary import bundled_classification as bundled

CITIZENSHIP, GROUPS = "citizenship", ("reporting_country", "other_eu", "non_eu")
BLANK, NOT_RELEVANT, SUPPRESSED, PROVIDED = range(4)
"""The states of a cell, from the weakest to the strongest."""

CellKey = tuple[str, str, str, str]
"""The variable, stage, breakdown and category of a cell."""


class CountRow(NamedTuple):
    """A cell of a return with its count, as a row of a frame.

    A breakdown and its categories are texts with spaces, such as ``"sex age"`` and
    ``"female child"``; both are empty for a total.
    """

    variable: str
    stage: str
    breakdown: str
    category: str
    area: str
    period: str
    lower: int
    upper: float
    reason: str
    flags: int
    unanswered: int
    source: str
    state: int

    @property
    def key(self) -> CellKey:
        """The values that identify the cell in a return."""
        return self[:4]


COUNT = [*CountRow._fields]
CELL, RETURN = COUNT[:4], COUNT[4:6]
"""The columns that identify a cell of a return, and a return."""

STATES = dict.fromkeys(map(str, Reason), BLANK) | {
    **dict.fromkeys(("known", "rounded", "conflicting"), PROVIDED),
    **dict.fromkeys(("fewer_than", "suppressed"), SUPPRESSED),
    "not_applicable": NOT_RELEVANT,
}
"""The state of a count by its reason."""

_NAME = re.compile(r"[\w-]+")
_CONSTANT = {"area", "period", "status", "stage", "offence", "unit"}
"""The dimensions with one category in each table of a return."""

_REASONS = np.array([str(reason) for reason in Reason], dtype=object)


def label_of(dimension: str) -> str:
    """Return the label of a dimension in a sentence; other texts are unchanged."""
    own = bundled(dimension) if dimension in BUNDLED else None
    return dimension if own is None else lowered(Label(own.title, own.titles))


def texts_of(value: Any, name: str = "value") -> tuple[str, ...]:
    """Return a list of texts as a tuple."""
    is_list = isinstance(value, list | tuple) and all(isinstance(text, str) for text in value)
    require(is_list, "must be a list of texts", f"Write {name} = ['...']", **{name: value})
    require(len({*value}) == len(value), "must list each text once", "Remove it", **{name: value})
    return tuple(value)


def lists_of(value: Any) -> Mapping[str, tuple[str, ...]]:
    """Return a mapping of lists of texts."""
    hint = "Write categories = {sex = ['female', 'male']}"
    require(isinstance(value, Mapping), "must be lists by dimension", hint, categories=value)
    lists = {name: texts_of(codes, name) for name, codes in value.items()}
    for name, codes in lists.items():
        require(codes, "must have a category", "Leave out a list that is open", **{name: "[]"})
    return FrozenDict(lists)


@frozen(kw_only=True, slots=False)
class Variable:
    """One count that a plan requires, with its breakdowns.

    Parameters
    ----------
    letter, name, title : str
        The letter in the legal text, the name in files and tables, and the count in words.
    kind : {"victims", "justice"}
        The kind of table.
    provision : str
        The provision of the legal text.
    unit, status : str
        The counting unit, and the status of victims.
    stages : tuple of str
        The stages of criminal justice; each has a total and breakdowns.
    offences : tuple of str
        The offences that the count includes; tables contain the first offence.
    finality : {"all", "final"}
        Whether only final decisions are counted, against which no appeal is possible.
    dimensions : tuple of str
        The breakdowns.
    categories : mapping of str to tuple of str
        The required categories by dimension. A dimension without a list is open: it requires the
        categories that any table of the return names, and the unknown category.
    derogations : tuple of str
        The breakdowns that the producer need not provide.
    note, text : str
        A remark, and the legal text.
    """

    letter: str
    name: str
    title: str
    kind: Literal["victims", "justice"]
    provision: str = ""
    unit: str = "persons"
    status: str = "not_stated"
    stages: tuple[str, ...] = field(default=(), converter=texts_of)
    offences: tuple[str, ...] = field(default=("trafficking",), converter=texts_of)
    finality: Literal["all", "final"] = "all"
    dimensions: tuple[str, ...] = field(default=(), converter=texts_of)
    categories: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=lists_of)
    derogations: tuple[str, ...] = field(default=(), converter=texts_of)
    note: str = ""
    text: str = ""

    def __attrs_post_init__(self) -> None:
        every = {*schema_of("victims").names, *schema_of("justice").names, *BUNDLED} - _CONSTANT
        problem, hint = "must have letters, digits, _ and - only", "Write name = 'victims'"
        for own in (self.letter, self.name):  # they are names of files
            require(_NAME.fullmatch(own), problem, hint, name=own)
        hint = "Write offences = ['trafficking']"
        require(self.offences, "must have an offence", hint, offences=())
        for name, codes, known in (
            ("kind", [self.kind], ["victims", "justice"]),
            ("unit", [self.unit], [*CountingUnit]),
            ("status", [self.status], [*VictimStatus]),
            ("finality", [self.finality], ["all", "final"]),
            ("stages", self.stages, [*Stage]),
            ("offences", self.offences, [*Offence]),
            ("dimensions", self.dimensions, sorted(every)),
            ("categories", self.categories, self.dimensions),
            ("derogations", self.derogations, self.dimensions),
        ):
            for code in codes:
                require_name(code, known, "must be a name of the list", field=name)
        hint = "Write stages = ['suspected'] for justice, and none for victims"
        is_valid = bool(self.stages) is (self.kind == "justice")
        require(is_valid, "must be given for justice only", hint, stages=self.stages)
        for name, codes in self.categories.items():
            for code in codes:
                self.schema[name].parse(code)
            hint = "Leave out the total, which each table has"
            require(self.total(name) not in codes, "must be parts", hint, **{name: codes})

    @cached_property
    def schema(self) -> Schema:
        """The dimensions of the table of the variable."""
        names = schema_of(self.kind).names
        return schema_of(self.kind, *(bundled(own) for own in self.dimensions if own not in names))

    @property
    def groups(self) -> Mapping[str, Mapping[str, str]]:
        """The attributes of the rows by stage; the stage of victims is empty."""
        if self.kind == "victims":
            return {"": {"unit": self.unit, "status": self.status}}
        own = {"unit": self.unit, "offence": self.offences[0]}
        return {stage: {**own, "stage": stage} for stage in self.stages}

    @property
    def open_lists(self) -> tuple[str, ...]:
        """The dimensions without a list of categories."""
        return tuple(name for name in self.dimensions if name not in self.categories)

    def total(self, dimension: str) -> str:
        """Return the code of the total of a dimension."""
        return self.schema[dimension].total or "all"

    def unknown(self, dimension: str) -> str:
        """Return the code of the unknown category of a dimension."""
        return "not_stated" if self.schema[dimension].total is None else "unknown"

    def possible(self, dimension: str) -> int:
        """Return the largest number of categories of an open list."""
        codes = len(self.schema[dimension].vocabulary or ()) - 1  # without the total
        return codes + len(COUNTRIES) * (dimension == CITIZENSHIP)

    def rank(self, breakdown: str, category: str) -> list[Any]:
        """Return the sort key of a cell: the total, then categories in the order of their lists."""
        names = breakdown.split()
        codes = zip(names, category.split(), strict=True)
        ranks = [(*self.schema[name].sort_key(code),) for name, code in codes]
        return [len(names), [self.dimensions.index(name) for name in names], ranks]

    def cells(
        self, categories: Mapping[str, Iterable[str]], *, is_cross: bool
    ) -> list[tuple[str, str, str, str]]:
        """Return the cells of lists of categories: margins, or all combinations with totals."""
        levels = [[(name, code) for code in own] for name, own in categories.items()]
        rows: Iterable[Any] = [[("", "")], *([pair] for own in levels for pair in own)]
        if is_cross and levels:
            rows = product(*([("", ""), *own] for own in levels))
        texts = [[" ".join(filter(None, own)) for own in zip(*row, strict=True)] for row in rows]
        return [(self.name, stage, *text) for stage in self.groups for text in texts]  # type: ignore[misc]

    def rows(self, columns: Columns, group: Mapping[str, str], *, is_exact: bool = False) -> Any:
        """Return a mask of the rows with the attributes of a group, and totals elsewhere.

        Rows that do not state an attribute are included, unless ``is_exact``.
        """
        result = np.ones(len(columns), dtype=np.bool_)
        others = set[str]() if is_exact else {"not_stated"}
        for dimension in columns.schema.dimensions:
            name, total = dimension.name, dimension.total
            if name in group:
                result &= is_in(columns, name, {group[name], *others})
            elif name not in self.dimensions and (total or name == "register"):
                result &= is_in(columns, name, {total or "all", "not_stated"})
        return result

    def counts(self, columns: Columns, *, is_register: bool = False) -> list[CountRow]:
        """Return a row for each cell of a table of counts, or of a table of cases of a register.

        Rows that do not state their attributes are used if no row of the area and period states
        them.
        """
        result = list[CountRow]()
        returns, first = groups(pack([columns[name] for name in RETURN], len(columns)))
        for stage, group in self.groups.items():
            exact = self.rows(columns, group, is_exact=True)
            has_exact = np.bincount(returns, exact, len(first))[returns] > 0
            own = columns.take(np.where(has_exact, exact, self.rows(columns, group)))
            names, codes = np.full((2, len(own)), "", dtype=object)
            for name in self.dimensions:
                if name in own.schema.names:
                    texts = np.array([*own[name].categories, ""], dtype=object)[own[name].codes]
                    is_total = texts == self.total(name)
                    # A count is of all bodies if no other row states one; a case is of one body.
                    if name == "register" and not is_register:
                        others = [own[item] for item in own.schema.names if item != name]
                        cell, first = groups(pack(others, len(own)))
                        is_total |= np.bincount(cell, texts != "not_stated", len(first))[cell] == 0
                    names = np.where(is_total, names, names + f" {name}")
                    codes = np.where(is_total, codes, codes + " " + texts)
            sources = [source_text(item.sources) for item in own.origins]
            numbers, reasons = own.numbers, [*map(str, _REASONS[own.numbers.reason])]
            rows = zip(
                *([self.name] * len(own), [stage] * len(own)),
                *([text.strip() for text in names], [text.strip() for text in codes]),
                *(own["area"], own["period"], numbers.lower.tolist(), numbers.upper.tolist()),
                *(reasons, numbers.flags.tolist(), numbers.further.tolist()),
                *([sources[n] for n in own.origin.tolist()], [STATES[text] for text in reasons]),
                strict=True,
            )
            result += map(CountRow._make, rows)
        return result

    def table(self, cells: pd.DataFrame) -> CountTable:
        """Return the table of the cells of the variable."""
        cells = cells[cells["variable"] == self.name].reset_index(drop=True)
        totals = {name: self.total(name) for name in self.dimensions}
        rows = [
            {**self.groups[stage], **totals, **dict(zip(names.split(), codes.split(), strict=True))}
            for stage, names, codes in zip(*(cells[name] for name in CELL[1:]), strict=True)
        ]
        frame = cells[["area", "period", "lower", "upper", "reason", "source"]]
        flags = ["".join(sorted(flag_set(mask))) for mask in cells["flags"]]
        frame = pd.concat([frame, pd.DataFrame(rows)], axis=1).assign(flags=flags)
        if (cells["unanswered"] >= 0).any():
            further = cells["unanswered"].astype("Int64")
            frame["unanswered"] = further.mask(further < 0)
        return CountTable.from_frame(frame, kind=self.schema)


def is_in(columns: Columns, name: str, codes: Iterable[str]) -> Any:
    """Return a mask of the rows with one of some categories."""
    own, column = {*codes}, columns[name]
    return np.array([*(code in own for code in column.categories), False])[column.codes]
