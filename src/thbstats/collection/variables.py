"""Variables of a plan, and the cells that it requires."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats._mappings import FrozenDict
from thbstats._properties import cached_property
from thbstats._signatures import short_signature
from thbstats.errors import InvalidValue, require, require_name
from thbstats.geography import COUNTRIES
from thbstats.records import Schema, schema_of
from thbstats.tables.columns import Columns
from thbstats.vocabulary import BUNDLED, CountingUnit, Offence, Stage, VictimStatus
from thbstats.vocabulary import bundled_classification as bundled

Finality = Literal["all", "final"]
Depth = Literal["none", "total", "margins", "cross"]
DEPTHS: tuple[Depth, ...] = ("none", "total", "margins", "cross")
OF_COUNTRIES = "citizenship"
"""The dimension with groups, and with countries that belong to them."""


def names_of(value: Any) -> Any:
    """Return a list of texts as a tuple; other values are unchanged."""
    return tuple(value) if isinstance(value, list | tuple) else value


def lists_of(value: Any) -> Any:
    """Return a mapping of lists as one of tuples; other values are unchanged."""
    if not isinstance(value, Mapping):
        return value
    return FrozenDict({name: names_of(codes) for name, codes in value.items()})


@short_signature
@frozen(kw_only=True, slots=False)
class Variable:
    """One count that a plan requires, with its breakdowns.

    Parameters
    ----------
    letter : str
        The letter or number in the legal text.
    name : str
        The name in files and tables.
    title : str
        The count in words.
    provision : str
        The provision of the legal text.
    kind : {"victims", "justice"}
        The kind of table.
    unit : str
        The counting unit.
    status : str
        The status of victims.
    stages : tuple of str
        The stages of criminal justice; each stage has its own total and breakdowns.
    offences : tuple of str
        The offences that the count includes; tables contain the first.
    finality : {"all", "final"}
        Whether only decisions that are no longer subject to appeal are counted.
    dimensions : tuple of str
        The breakdowns.
    categories : mapping of str to tuple of str
        The required categories by dimension. A dimension without a list is open: the tables of a
        return decide which categories are required.
    derogations : tuple of str
        Breakdowns that the producer need not provide.
    note : str
        A remark on the definition.
    text : str
        The legal text.

    Raises
    ------
    InvalidValue, UnknownName
        If a value is not valid, or a name does not exist.
    """

    letter: str
    name: str
    title: str
    kind: Literal["victims", "justice"]
    provision: str = ""
    unit: str = "persons"
    status: str = "not_stated"
    stages: tuple[str, ...] = field(default=(), converter=names_of)
    offences: tuple[str, ...] = field(default=("trafficking",), converter=names_of)
    finality: Finality = "all"
    dimensions: tuple[str, ...] = field(default=(), converter=names_of)
    categories: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=lists_of)
    derogations: tuple[str, ...] = field(default=(), converter=names_of)
    note: str = ""
    text: str = ""

    def __attrs_post_init__(self) -> None:
        texts = ("letter", "name", "title", "provision", "note", "text")
        for name in texts:
            value = getattr(self, name)
            hint = f"Write {name} = 'text'"
            require(isinstance(value, str), "must be a text", hint, **{name: value})
        for name in ("stages", "offences", "dimensions", "derogations"):
            value = getattr(self, name)
            is_list = isinstance(value, tuple) and all(isinstance(text, str) for text in value)
            require(is_list, "must be a list of texts", f"Write {name} = ['sex']", **{name: value})
        is_mapping = isinstance(self.categories, Mapping)
        hint = "Write categories = {sex = ['female', 'male']}"
        require(is_mapping, "must be lists by dimension", hint, categories=self.categories)
        require_name(self.kind, ("victims", "justice"), "must be a kind", field="kind")
        require_name(self.finality, ("all", "final"), "must be 'all' or 'final'", field="finality")
        for name, codes, values in (
            ("unit", CountingUnit, [self.unit]),
            ("status", VictimStatus, [self.status]),
            ("stages", Stage, self.stages),
            ("offences", Offence, self.offences),
        ):
            for code in values:
                require_name(code, map(str, codes), "must be a code", field=name)
        has_stage = bool(self.stages) is (self.kind == "justice")
        hint = "Write stages = ['suspected'] for justice, and none for victims"
        require(has_stage, "must be given for justice only", hint, stages=self.stages)
        known = [*schema_of(self.kind).names, *BUNDLED]
        for name in self.dimensions:
            require_name(name, known, "must be a dimension", field="dimensions")
        for name, codes in self.categories.items():
            require_name(name, self.dimensions, "must be a dimension of the variable")
            if isinstance(codes, str) or not codes:
                problem, hint = "must be a list of categories", f"Write {name} = ['unknown']"
                raise InvalidValue(problem, field=name, value=codes, hint=hint)
            for code in codes:
                self.schema[name].parse(code)
        for name in self.derogations:
            require_name(name, self.dimensions, "must be a dimension", field="derogations")

    @cached_property
    def schema(self) -> Schema:
        """The dimensions of the table of the variable."""
        base = schema_of(self.kind)
        further = (name for name in self.dimensions if name not in base.names)
        return schema_of(self.kind, *map(bundled, further))

    @property
    def groups(self) -> tuple[Mapping[str, str], ...]:
        """The attributes of each group of rows with a total."""
        if self.kind == "victims":
            return ({"unit": self.unit, "status": self.status},)
        own = {"unit": self.unit, "offence": self.offences[0]}
        return tuple({**own, "stage": stage} for stage in self.stages)

    @property
    def open_dimensions(self) -> tuple[str, ...]:
        """The dimensions whose required categories depend on the tables of a return."""
        return tuple(name for name in self.dimensions if name not in self.categories)

    def total(self, dimension: str) -> str:
        """Return the code of the total of a dimension."""
        return self.schema[dimension].total or "all"

    def unknown(self, dimension: str) -> str:
        """Return the code of the unknown category of a dimension."""
        return "not_stated" if self.schema[dimension].total is None else "unknown"

    def label(self, dimension: str) -> str:
        """Return the name of a dimension for sentences."""
        title = self.schema[dimension].title
        return title[:1].lower() + title[1:]

    def possible(self, dimension: str) -> int:
        """Return the number of categories that an open list can have at most."""
        vocabulary = self.schema[dimension].vocabulary
        codes = len(vocabulary or ()) - 1  # without the total
        return codes + len(COUNTRIES) * (dimension == OF_COUNTRIES)


@frozen(kw_only=True, eq=False, slots=False)
class RequiredCells:
    """The cells that a plan requires of one variable, numbered by group, breakdown and category.

    In margins, the cells of a group are its total and the categories of each dimension. In a cross
    table, they are all combinations with their totals. ``categories`` contains lists for all
    dimensions.
    """

    variable: Variable
    categories: Mapping[str, Sequence[str]]
    is_cross: bool

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The number of categories of each dimension, without totals."""
        return tuple(len(self.categories[name]) for name in self.variable.dimensions)

    @cached_property
    def per_group(self) -> int:
        """The number of cells of each group."""
        if self.is_cross:
            return int(np.prod([size + 1 for size in self.sizes], dtype=np.int64))
        return 1 + sum(self.sizes)

    def __len__(self) -> int:
        return self.per_group * len(self.variable.groups)

    @cached_property
    def levels(self) -> NDArray[np.intp]:
        """By cell and dimension, 0 for the total or the position of the category from 1."""
        if self.is_cross:
            own = np.indices([size + 1 for size in self.sizes]).reshape(len(self.sizes), -1).T
        else:
            own = np.zeros((self.per_group, len(self.sizes)), dtype=np.intp)
            starts = np.cumsum([1, *self.sizes])
            for number, (start, size) in enumerate(zip(starts, self.sizes, strict=False)):
                own[start : start + size, number] = np.arange(1, size + 1)
        return np.tile(own, (len(self.variable.groups), 1))

    def keys(self, cells: Iterable[int]) -> Iterator[dict[str, str]]:
        """Yield the attributes and categories of cells."""
        names, groups = self.variable.dimensions, self.variable.groups
        codes = [(self.variable.total(name), *self.categories[name]) for name in names]
        for cell in cells:
            levels = self.levels[cell].tolist()
            own = {name: codes[n][levels[n]] for n, name in enumerate(names)}
            yield {**groups[cell // self.per_group], **own}

    def numbers(
        self, columns: Columns, rows: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the number of the cell in its group, -1 for other cells, and the depth of rows."""
        result, valid, depth = np.zeros((3, len(rows)), dtype=np.intp)
        start = 0
        for name, size in zip(self.variable.dimensions, self.sizes, strict=True):
            level = np.zeros(len(rows), dtype=np.intp)
            if name in columns.schema.names:
                column = columns[name].take(rows).compact()
                total = self.variable.total(name)
                known = {code: n for n, code in enumerate((total, *self.categories[name]))}
                if column.categories == ("not_stated",):  # the table does not count by register
                    known["not_stated"] = 0
                table = np.array([*(known.get(code, -1) for code in column.categories), -1])
                level = table[column.positions]
            valid -= level < 0
            depth += level != 0
            if self.is_cross:
                result = result * (size + 1) + level
            else:
                result += np.where(level > 0, start + level, 0)
                start += size
        if not self.is_cross:
            valid -= depth > 1
        return np.where(valid < 0, -1, result), depth


def rows_of_group(
    variable: Variable, columns: Columns, group: Mapping[str, str]
) -> NDArray[np.bool_]:
    """Return the rows of a group: its attributes, and totals in all other dimensions.

    An attribute that is not stated fits, and so does a register that is not stated if the table
    does not count by register.
    """
    result = np.ones(len(columns), dtype=np.bool_)
    for dimension in columns.schema.dimensions:
        name, column = dimension.name, columns[dimension.name]
        if name in group:
            allowed = {group[name], "not_stated"}
        elif dimension.total is not None and name not in variable.dimensions:
            allowed = {dimension.total}
        elif name == "register" and name not in variable.dimensions:
            allowed = {"all", "not_stated"}
        else:
            continue
        fits = np.array([code in allowed for code in column.categories], dtype=np.bool_)
        result &= fits[column.positions] if len(fits) else result
    return result


def combinations_of(names: Sequence[str], is_cross: bool) -> list[list[str]]:
    """Return the sets of dimensions of the required tables: none, one each, or all together."""
    if is_cross:
        chosen = product((False, True), repeat=len(names))
        return [[n for n, use in zip(names, own, strict=True) if use] for own in chosen]
    return [[], *([name] for name in names)]
