"""Plans of collections, as documents in TOML."""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, fields, frozen

from thbstats._properties import cached_property
from thbstats._signatures import short_signature
from thbstats.claims.schema import record_schema
from thbstats.collection.filling import fill_variables
from thbstats.collection.plan_comparisons import PlanComparison, compare_plans
from thbstats.collection.registers import Lack, Remark
from thbstats.collection.return_files import read_index, read_table
from thbstats.collection.returns import Return
from thbstats.collection.variables import Variable, lists_of, names_of
from thbstats.display import DisplayTable, Tabular
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, require, require_name
from thbstats.geography import Area
from thbstats.records import Source
from thbstats.values import Period

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION = 1
"""The version of the format of plans."""

_FOLDER = Path(__file__).with_name("documents")
BUNDLED = tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))
"""The names of the plans of the library."""

_DAY = re.compile(r"(\d{2})-(\d{2})")
_MAX_BYTES = 1 << 20


def _source(value: Any) -> Source:
    return Source(**value) if isinstance(value, Mapping) else Source(title=str(value))


@short_signature
@frozen(kw_only=True, slots=False, repr=False)
class Plan(Tabular):
    """The variables that a collection requires, with their breakdowns, categories and due days.

    Parameters
    ----------
    name : str
        The name, such as ``"article-19a"``.
    title : str
        The title.
    act : str
        The legal text that requires the collection.
    source : Source
        The publication of the legal text.
    variables : tuple of Variable
        The counts.
    area : str
        The area to which the plan applies; empty for any area.
    frequency : {"annual"}
        The length of a reference period.
    due : tuple of str
        The due days in the year after the reference period, as month and day such as ``"09-30"``;
        the last one is the latest.
    tables : {"margins", "cross"}
        Whether each breakdown is required on its own, or all breakdowns together.
    note : str
        A remark on the plan.
    text_language : str
        The language of the legal texts of the variables.

    Raises
    ------
    InvalidValue, UnknownName
        If a value is not valid, or a name does not exist.
    """

    name: str
    title: str
    act: str
    source: Source = field(converter=_source)
    variables: tuple[Variable, ...] = field(converter=tuple)
    area: str = ""
    frequency: Literal["annual"] = "annual"
    due: tuple[str, ...] = field(default=(), converter=names_of)
    tables: Literal["margins", "cross"] = "margins"
    note: str = ""
    text_language: str = ""

    def __attrs_post_init__(self) -> None:
        require(self.variables, "must have a variable", "Add [[variables]]", variables=())
        names = [variable.name for variable in self.variables]
        letters = [variable.letter for variable in self.variables]
        for name, values in (("name", names), ("letter", letters)):
            for value in values:
                hint = "Use each one once"
                require(values.count(value) == 1, "must be unique", hint, **{name: value})
        require_name(self.tables, ("margins", "cross"), "must be a kind of table", field="tables")
        require_name(self.frequency, ("annual",), "must be 'annual'", field="frequency")
        for day in self.due:
            self._due_day(day, 2024)
        if self.area:
            Area.parse(self.area)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Plan":
        """Return the plan of plain data, as in a TOML document.

        Parameters
        ----------
        content : mapping
            The members of the document. ``categories`` of the document apply to each variable
            that has the dimension and no list.

        Raises
        ------
        InvalidValue, UnknownName
            If a member is missing, not known or not valid.
        """
        members = dict(content)
        version = members.pop("schema_version", None)
        hint = f"Write schema_version = {SCHEMA_VERSION}"
        require(version == SCHEMA_VERSION, "must be the version", hint, schema_version=version)
        common, items = lists_of(members.pop("categories", {})), members.pop("variables", ())
        hint = "Write categories = {sex = ['female', 'male']}"
        require(isinstance(common, Mapping), "must be lists", hint, categories=common)
        hint = "Add [[variables]]"
        require(isinstance(items, Sequence), "must be a list", hint, variables=items)
        variables = []
        for number, item in enumerate(items):
            try:
                own = _members(Variable, item)
                dimensions = own.get("dimensions", ())
                shared = {name: common[name] for name in common if name in dimensions}
                own["categories"] = {**shared, **own.get("categories", {})}
                variables.append(Variable(**own))
            except ThbstatsError as error:
                name = item.get("name", number) if isinstance(item, Mapping) else number
                raise error.with_location(row=f"variables.{name}") from None
        return cls(**_members(cls, {**members, "variables": variables}))

    @classmethod
    def from_toml(cls, path: "str | os.PathLike[str]") -> "Plan":
        """Return the plan of a TOML document.

        Parameters
        ----------
        path : str or path
            The document.

        Raises
        ------
        InvalidFile
            If the file is not TOML, or larger than 1 MiB.
        InvalidValue, UnknownName
            As for `from_dict`.
        """
        name, data = os.path.basename(os.fspath(path)), Path(path).read_bytes()
        hint = "Write a TOML document of at most 1 MiB"
        try:
            require(len(data) <= _MAX_BYTES, "must be at most 1 MiB", hint, path=name)
            return cls.from_dict(tomllib.loads(data.decode("utf-8-sig")))
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise InvalidFile(f"{name} must be valid TOML: {error}", hint=hint) from None

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as plain data, which `from_dict` reads."""
        source = {own.name: str(getattr(self.source, own.name) or "") for own in fields(Source)}
        return {
            "schema_version": SCHEMA_VERSION,
            **_plain(self, without=("variables", "source")),
            "source": {name: text for name, text in source.items() if text},
            "variables": [_plain(variable) for variable in self.variables],
        }

    def __getitem__(self, name: str) -> Variable:
        names = {own.name: own for own in self.variables} | {v.letter: v for v in self.variables}
        require_name(name, names, f"must be a variable of {self.name}", field="variable")
        return names[name]

    def due_days(self, period: "Period | str | int") -> tuple[date, ...]:
        """Return the due days of the return for a period."""
        end = Period.parse(period).end
        hint = "Use a period with days, such as 2025"
        require(end is not None, "must have a last day", hint, period=str(period))
        year = end.year + 1 if end is not None else 0
        return tuple(self._due_day(day, year) for day in self.due)

    @staticmethod
    def _due_day(text: str, year: int) -> date:
        try:
            month, day = map(int, re.fullmatch(_DAY, text).groups())  # type: ignore[union-attr]
            return date(year, month, day)
        except (AttributeError, TypeError, ValueError):
            hint = "Write a month and a day, such as '09-30'"
            raise InvalidValue("must be a day", field="due", value=text, hint=hint) from None

    def compare(self, other: "Plan") -> PlanComparison:
        """Return what one plan requires and the other does not.

        Variables with the same name are compared.

        Parameters
        ----------
        other : Plan
            The other plan, such as that of a national law.

        Examples
        --------
        >>> import thbstats as thb
        >>> directive = thb.collection.plan("article-19a")
        >>> found = directive.compare(thb.collection.plan("italy-13bis"))
        >>> [(gap.letter, gap.aspect, gap.item) for gap in found.missing if gap.letter < "d"]
        [('a', 'dimension', 'register'), ('c', 'dimension', 'prosecution_decision')]
        """
        return compare_plans(self, other)

    def fill(
        self,
        data: Any,
        *,
        area: str,
        period: "Period | str | int",
        person: str | None = None,
        extracted: "date | str | None" = None,
        **declared: Any,
    ) -> Return:
        """Return the return of an area for a period, filled from cases or tables.

        A category without cases is 0 if the data record its dimension. A cell that the data cannot
        give is missing, with its reason. Cases without a category are in the unknown category.

        Parameters
        ----------
        data : cases, table, or mapping of str to these
            By name or letter of a variable, its cases or tables: a frame, a path, a `Reading`,
            `Cases`, a `CaseStore`, a `CountTable`, a `Dataset` or a list of these. Data without a
            name fill every variable of their kind; cases with a column ``stage`` are of justice.
        area : str
            The reporting country.
        period : Period, str or int
            The reference period, such as 2025.
        person : str, optional
            The column of cases that identifies a person. A person with several rows is then one
            person in the total, and one for each registering body.
        extracted : date or str, optional
            The day on which the data were extracted.
        **declared
            The columns of cases and the meaning of their values, as for
            `thbstats.cases.CaseStore.of`. By default empty cells are missing answers. Ages in
            years and bands of ages are read as child, adult or, if a band has ages of both
            groups, unknown.

        Raises
        ------
        InvalidValue, UnknownName
            If a variable does not exist, the period has no last day, or the cases are not valid.

        Examples
        --------
        >>> import pandas as pd
        >>> import thbstats as thb
        >>> cases = pd.DataFrame({"sex": ["F", "M", "F"], "age": [17, 30, None]})
        >>> plan = thb.collection.plan("article-19a")
        >>> filled = plan.fill({"victims": cases}, area="IT", period=2025)
        >>> filled["victims"].count(register="all"), filled["victims"].count(
        ...     register="all", age="unknown"
        ... )
        (Count(3), Count(1))
        >>> print(filled.lacking[0].text)
        Article 19a(2)(a) asks for registering body, and the data have no column `register`: the
        return lacks 1 of 5 breakdowns of registered victims, identified and presumed.
        """
        return fill_variables(self, data, area, Period.parse(period), person, extracted, declared)

    def to_frame(self) -> "pd.DataFrame":
        """Return a row for each breakdown of each variable."""
        import pandas as pd

        rows = [
            (own.letter, own.name, name, list(own.categories.get(name, ())), own.finality)
            for own in self.variables
            for name in own.dimensions
        ]
        names = ["letter", "variable", "dimension", "categories", "finality"]
        return pd.DataFrame(rows, columns=names)

    def display_table(self) -> DisplayTable:
        """Return the variables with their breakdowns for display."""
        due = " or ".join(day.strftime("%d %B").lstrip("0") for day in self.due_days(2023))
        return DisplayTable(
            caption=f"{self.act}: {self.title}",
            columns=["letter", "count", "unit", "breakdowns"],
            rows=[
                [own.letter, own.title, own.unit, ", ".join(map(own.label, own.dimensions))]
                for own in self.variables
            ],
            notes=[*filter(None, (f"Due on {due}." if due else "", self.note))],
        )

    @cached_property
    def _label(self) -> str:
        return f"<Plan {self.name}: {len(self.variables)} variables>"

    def __repr__(self) -> str:
        return self._label


def plan(name: "str | os.PathLike[str]") -> Plan:
    """Return a plan of the library, or the plan of a TOML document.

    Parameters
    ----------
    name : str or path
        ``"article-19a"``, ``"italy-13bis"``, ``"sdg-16.2.2"``, ``"ic-tip"``, or the path of a
        document with the extension ``.toml``.

    Raises
    ------
    UnknownName
        If the library has no plan of this name.
    InvalidFile, InvalidValue
        As for `Plan.from_toml`.

    Examples
    --------
    >>> [variable.name for variable in plan("article-19a").variables][:4]
    ['victims', 'suspected', 'prosecuted', 'decisions']

    References
    ----------
    Directive 2011/36/EU, Article 19a. The English titles are translations of the Italian text.
    """
    text = os.fspath(name)
    if text.endswith(".toml"):
        return Plan.from_toml(text)
    require_name(text, BUNDLED, "must be a plan of the library, or a path", field="plan")
    return Plan.from_toml(_FOLDER / f"{text}.toml")


def read_return(folder: "str | os.PathLike[str]") -> Return:
    """Return the return in a folder that `Return.write` wrote.

    Parameters
    ----------
    folder : str or path
        The confidential folder.

    Raises
    ------
    InvalidFile
        If the folder has no return, or a file is damaged.
    """
    content = read_index(folder)
    own = Plan.from_dict(content["plan"])
    return Return(
        plan=own,
        area=content["area"],
        period=Period.parse(content["period"]),
        tables={v.name: read_table(folder, v.letter, v.name) for v in own.variables},
        lacking=[Lack(**item) for item in content["lacking"]],
        remarks=[Remark(**item) for item in content["remarks"]],
    )


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema of the documents of plans, in draft 7.

    Examples
    --------
    >>> plan_schema()["required"]
    ['schema_version', 'name', 'title', 'act', 'source', 'variables']
    """
    lists = {"type": "object", "additionalProperties": {"type": "array", "minItems": 1}}
    variable, own = record_schema(Variable), record_schema(Plan)
    variable["properties"]["categories"] = lists
    own["properties"] |= {
        "source": {"type": "object", "required": ["title"]},
        "variables": {"type": "array", "minItems": 1, "items": variable},
        "categories": lists,
        "schema_version": {"const": SCHEMA_VERSION},
    }
    own["required"] = ["schema_version", *own["required"]]
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "A plan", **own}


def _members(cls: type, content: Any) -> dict[str, Any]:
    """Return the members of a document if they are attributes of a class."""
    hint = "Write name = value"
    require(isinstance(content, Mapping), "must be a table of names", hint, content=content)
    known = {own.name: own for own in fields(cls)}
    for name in content:
        require_name(name, known, "must be a member of the document")
    for name, own in known.items():
        hint = f"Add {name} = ..."
        require(
            name in content or not own.default.__class__.__name__ == "_Nothing",
            "must be given",
            hint,
            **{name: None},
        )
    return dict(content)


def _plain(item: Any, without: Sequence[str] = ()) -> dict[str, Any]:
    """Return the attributes of a record without defaults, as plain data."""
    result = {}
    for own in fields(type(item)):
        value = getattr(item, own.name)
        if own.name in without or not value:
            continue
        if isinstance(value, Mapping):
            value = {name: list(codes) for name, codes in value.items()}
        result[own.name] = list(value) if isinstance(value, tuple) else value
    return result
