"""Plans of collections, as documents in TOML."""

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from attrs import NOTHING, field, fields, frozen

from thbstats.claims.claims_json_schema import field_descriptions, record_schema
from thbstats.collection.filling import fill_variables
from thbstats.collection.return_checks import Finding, PlanComparison, frame_of
from thbstats.collection.return_inputs import CaseArguments
from thbstats.collection.returns import INDEX, VERSION, Return
from thbstats.collection.variables import COUNT, Variable, label_of, lists_of, texts_of
from thbstats.display import DisplayTable, Tabular
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, require, require_name
from thbstats.geography import Area
from thbstats.languages import Message, joined, lowered
from thbstats.records import Source
from thbstats.sources import read
from thbstats.values import Period
from thbstats.values.period import to_day

SCHEMA_VERSION = 1
"""The version of the format of plans."""

_FOLDER = Path(__file__).with_name("documents")
PLANS = tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))
"""The names of the plans of the library."""


def _source(value: Any) -> Source:
    if isinstance(value, Source):
        return value
    require(isinstance(value, Mapping), "must be a table", "Add title = '...'", source=value)
    return Source(**_members(Source, value))


@frozen(kw_only=True, repr=False)
class Plan(Tabular):
    """The variables that a collection requires, with their breakdowns, categories and due days.

    Parameters
    ----------
    name, title : str
        The name, such as ``"article-19a"``, and the title.
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
        The due days in the year after the period, such as ``"09-30"``; the last one is the latest.
    tables : {"margins", "cross"}
        Whether each breakdown is required alone, or all breakdowns together.
    note, text_language : str
        A remark, and the language of the legal texts.
    document : mapping
        The content of the document.
    """

    name: str
    title: str
    act: str
    source: Source = field(converter=_source)
    variables: tuple[Variable, ...] = field(converter=tuple)
    area: str = ""
    frequency: Literal["annual"] = "annual"
    due: tuple[str, ...] = field(default=(), converter=texts_of)
    tables: Literal["margins", "cross"] = "margins"
    note: str = ""
    text_language: str = ""
    document: Mapping[str, Any] = field(factory=dict, eq=False)

    def __attrs_post_init__(self) -> None:
        require(self.variables, "must have a variable", "Add [[variables]]", variables=())
        for name in ("name", "letter"):
            own = [getattr(variable, name) for variable in self.variables]
            require(len({*own}) == len(own), "must be unique", f"Change one {name}", **{name: own})
        require_name(self.tables, ("margins", "cross"), "must be a kind of table", field="tables")
        require_name(self.frequency, ("annual",), "must be 'annual'", field="frequency")
        hint = "Write the latest day last"
        require([*self.due] == sorted(self.due), "must be in their order", hint, due=self.due)
        self.due_days(2022)  # a year before one without 29 February
        Area.parse(self.area or "World")

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Plan":
        """Return the plan of the content of a document.

        Parameters
        ----------
        content : mapping
            The members of the document. Its ``categories`` apply to each variable that has the
            dimension and no list.

        Raises
        ------
        InvalidValue, UnknownName
            If a member is missing, not known or not valid.
        """
        hint = "Write name = value"
        require(isinstance(content, Mapping), "must be a table", hint, document=content)
        version, items = content.get("schema_version"), content.get("variables", ())
        hint = f"Write schema_version = {SCHEMA_VERSION}"
        require(version == SCHEMA_VERSION, "must be the version", hint, schema_version=version)
        require(isinstance(items, list), "must be a list", "Add [[variables]]", variables=items)
        common, variables, used = lists_of(content.get("categories", {})), [], set[str]()
        for number, item in enumerate(items):
            try:
                own = _members(Variable, item)
                shared = {
                    name: common[name] for name in own.get("dimensions", ()) if name in common
                }
                own["categories"] = {**shared, **lists_of(own.get("categories", {}))}
                variables.append(Variable(**own))
                used |= {*variables[-1].dimensions}
            except ThbstatsError as error:
                raise error.with_location(row=f"variables.{number}") from None
        for name in common if used else ():
            require_name(name, sorted(used), "must be of a dimension", field="categories")
        own = {**content, "variables": variables, "document": dict(content)}
        for name in ("schema_version", "categories"):
            own.pop(name, None)
        return cls(**_members(cls, own))

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
            If the file is not TOML.
        InvalidValue, UnknownName
            As for `from_dict`.
        """
        try:
            return cls.from_dict(tomllib.loads(Path(path).read_text("utf-8-sig")))
        except ValueError as error:
            if isinstance(error, ThbstatsError):
                raise
            name, hint = os.path.basename(os.fspath(path)), "Correct the line"
            raise InvalidFile(f"{name} must be valid TOML: {error}", hint=hint) from None

    def __getitem__(self, name: str) -> Variable:
        """Return a variable, by its name or letter."""
        known = {key: own for own in self.variables for key in (own.letter, own.name)}
        require_name(name, known, f"must be a variable of {self.name}", field="variable")
        return known[name]

    def due_days(self, period: "Period | str | int") -> tuple[date, ...]:
        """Return the due days of the return for a period."""
        end, hint = Period.parse(period).end, "Use a year such as 2025"
        if end is None:
            raise InvalidValue("must have a last day", field="period", value=str(period), hint=hint)
        try:
            return tuple(date.fromisoformat(f"{end.year + 1}-{day}") for day in self.due)
        except ValueError:
            hint = "Write a month and a day, such as '09-30'"
            raise InvalidValue("must be days", field="due", value=self.due, hint=hint) from None

    def compare(self, other: "Plan") -> PlanComparison:
        """Return the requirements that only one of two plans has.

        Parameters
        ----------
        other : Plan
            The other plan, such as that of a national law. Variables with one name are compared.

        Returns
        -------
        PlanComparison
            A row for each requirement: variables, dimensions, categories, offences, finality and
            due days. A list that is open in one plan has no missing categories.

        Examples
        --------
        >>> import thbstats as thb
        >>> directive = thb.collection.plan("article-19a")
        >>> missing = directive.compare(thb.collection.plan("italy-13bis")).missing
        >>> missing[missing["code"] == "dimension"][["letter", "item"]].values.tolist()
        [['a', 'register'], ['c', 'prosecution_decision']]
        """
        hint, text = "Use thb.collection.plan('italy-13bis')", type(other).__name__
        require(isinstance(other, Plan), "must be a plan", hint, other=text)
        frames, names = [], ["plan", "letter", "variable", "code", "item", "text", "side"]
        for side, plan, second in (("missing", self, other), ("additional", other, self)):
            frame = frame_of(_gaps(plan, second))
            letters = [plan[name].letter if name else "" for name in frame["variable"]]
            frames.append(frame.assign(plan=plan.name, letter=letters, side=side)[names])
        text = "Requirements of {first} and {second} that differ"
        caption = Message(text, first=self.name, second=other.name)
        return PlanComparison(caption=caption, frame=pd.concat(frames, ignore_index=True))

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

        A category without cases is 0 if the data record its dimension. A cell that cannot be
        computed is missing, with its reason. Cases without a category are in the unknown category.

        Parameters
        ----------
        data : cases, table, or mapping of str to these
            By name or letter of a variable, its cases or tables: a frame, a path, a `Reading`,
            `Cases`, a `CaseStore`, a `CountTable`, a `Dataset` or a list of these. A variable can
            have several tables, and one list of cases, such as the files of a pattern
            ``"cases/*.csv"``. Data without a name fill every variable of their kind that counts
            persons; cases with a column ``stage`` are of justice.
        area : str
            The reporting country.
        period : Period, str or int
            The reference period, such as 2025.
        person : str, optional
            The column of cases that identifies a person. A person with several rows is then one
            person in the total, and one for each registering body. Each case with an empty cell is
            a person. The cases are then a frame or a path.
        extracted : date or str, optional
            The day on which the data were extracted; by default the latest day of their sources.
        **declared
            The columns of cases and the meaning of their values, as for
            `thbstats.cases.CaseStore.of`. By default empty cells are missing answers. Ages in
            years and age bands are read as child, adult or, if a band has ages of both, unknown.

        Raises
        ------
        InvalidValue, UnknownName
            If a variable does not exist, the period has no last day, or the cases are not valid.

        Examples
        --------
        >>> import pandas as pd
        >>> import thbstats as thb
        >>> cases = pd.DataFrame({"sex": ["F", "M", "F"], "age": ["17", "30", ""]})
        >>> plan = thb.collection.plan("article-19a")
        >>> filled = plan.fill({"victims": cases}, area="IT", period=2025)
        >>> filled["a"].count(register="all"), filled["a"].count(register="all", age="unknown")
        (Count(3), Count(1))
        >>> print(filled.lacking[0].text)
        Article 19a(2)(a) asks for registering body, and the data have no column `register`: the
        return lacks 1 of 5 breakdowns of registered victims, identified and presumed.
        """
        code, when = Area.parse(area).code, Period.parse(period)
        hint = f"Use area={self.area!r}"
        require(self.area in ("", code), f"must be {self.area}", hint, area=code)
        self.due_days(when)
        problem = "must be a year or longer, because the plan is annual"
        require((when.days or 365) >= 365, problem, "Pass a year such as 2025", period=str(when))
        day = to_day(extracted, "extracted")
        arguments = CaseArguments(person, declared)
        return fill_variables(self, data, code, when, extracted=day, arguments=arguments)

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each breakdown: letter, variable, dimension, categories, finality."""
        rows = [
            (own.letter, own.name, name, " ".join(own.categories.get(name, ())), own.finality)
            for own in self.variables
            for name in own.dimensions
        ]
        names = ["letter", "variable", "dimension", "categories", "finality"]
        return pd.DataFrame(rows, columns=names)

    def display_table(self) -> DisplayTable:
        """Return the variables with their breakdowns for display."""
        text, days = "Due in the next year: {days}.", ", ".join(self.due)
        due = [Message(text, days=days)] if self.due else []
        rows = [
            [
                own.letter,
                own.title,
                own.unit,
                joined(map(label_of, own.dimensions), last=", "),
            ]
            for own in self.variables
        ]
        columns = ["letter", "count", "unit", "breakdowns"]
        caption = Message("{act}: {title}", act=self.act, title=self.title)
        notes = [*due, *filter(None, [self.note])]
        return DisplayTable(caption=caption, columns=columns, rows=rows, notes=notes)

    def __repr__(self) -> str:
        return f"<Plan {self.name}: {len(self.variables)} variables>"


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
    problem, hint = "must be the name of a plan or a path", "Use a name such as 'sdg-16.2.2'"
    require(isinstance(name, str | os.PathLike), problem, hint, plan=type(name))
    text = os.fspath(name)
    if text.endswith(".toml"):
        return Plan.from_toml(text)
    require_name(text, PLANS, "must be a plan of the library, or a path", field="plan")
    return Plan.from_toml(_FOLDER / f"{text}.toml")


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema of the documents of plans, in draft 7.

    Examples
    --------
    >>> plan_schema()["required"]
    ['schema_version', 'name', 'title', 'act', 'source', 'variables']
    """
    lists = {"type": "object", "additionalProperties": {"type": "array", "minItems": 1}}
    texts, omitted = field_descriptions(Plan), ["document", "source", "variables"]
    variable, own = record_schema(Variable), record_schema(Plan, without=omitted)
    variable["properties"]["categories"] = lists
    own["properties"] |= {
        "schema_version": {"const": SCHEMA_VERSION},
        "source": {"description": texts["source"], "type": "object", "required": ["title"]},
        "variables": {"type": "array", "minItems": 1, "items": variable},
        "categories": lists,
    }
    own["required"] = ["schema_version", *own["required"], "source", "variables"]
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "A plan", **own}


def read_return(folder: "str | os.PathLike[str]") -> Return:
    """Return the return in a confidential folder that `Return.write` wrote.

    Parameters
    ----------
    folder : str or path
        The folder.

    Raises
    ------
    InvalidFile
        If the folder has no return, or a file is damaged.
    """
    try:
        content = json.loads(Path(folder, INDEX).read_text("utf-8"))
        version = content["schema_version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        hint = "Pass the confidential folder that Return.write wrote"
        problem = f"{INDEX} must be a return: {error}"
        raise InvalidFile(problem, field="folder", hint=hint) from None
    if version != VERSION:
        hint = "Read it with a newer version of thbstats"
        raise InvalidFile(f"{INDEX} must have version {VERSION}", value=version, hint=hint)
    own, cells = Plan.from_dict(content["plan"]), []
    for variable in own.variables:
        stem = Path(folder, f"{variable.letter}_{variable.name}")
        table = read(f"{stem}.sdmx.csv", structure=f"{stem}.structure.xml").table
        cells += variable.counts(table.columns)
    findings = {
        name: tuple(Finding(**item) for item in content[name]) for name in ("lacking", "remarks")
    }
    frame, period = pd.DataFrame(cells, columns=COUNT), Period.parse(content["period"])
    return Return(plan=own, area=content["area"], period=period, cells=frame, **findings)


def _members(cls: type, content: Any) -> dict[str, Any]:
    """Return the members of a document, which must be members of a class."""
    hint = "Write name = value"
    require(isinstance(content, Mapping), "must be a table", hint, value=content)
    known = {own.name: own for own in fields(cls)}
    for name, value in content.items():
        require_name(name, known, "must be a key of the document")
        is_valid = isinstance(value, str) or known[name].type is not str
        require(is_valid, "must be a text", f"Write {name} = '...'", **{name: value})
        if known[name].type == tuple[str, ...]:
            texts_of(value, name)
    for name, own in known.items():
        is_present = name in content or own.default is not NOTHING
        require(is_present, "must be in the document", f"Add {name} = ...", **{name: None})
    return dict(content)


def _gaps(plan: Plan, other: Plan) -> Iterator[Finding]:
    """Yield the requirements of a plan that the other one does not have."""
    others = {variable.name: variable for variable in other.variables}
    for own in plan.variables:
        second, about = others.get(own.name), {"plan": other.name, "subject": lowered(own.title)}
        if second is None:
            yield Finding.of("variable", own.name, item=own.name, **about)
            continue
        for name in own.dimensions:
            if name not in second.dimensions:
                yield Finding.of("dimension", own.name, item=name, label=name, **about)
                continue
            codes = own.categories.get(name, ())
            known = second.categories.get(name) or codes  # an open list has all categories
            for code in (code for code in codes if code not in known):
                yield Finding.of("category", own.name, item=code, label=name, **about)
        for aspect, codes, known in (
            ("offence", own.offences, second.offences),
            ("stage", own.stages, second.stages),
            ("unit", (own.unit,), (second.unit,)),
            ("status", (own.status,), (second.status,)),
        ):
            for code in (code for code in codes if code not in known):
                yield Finding.of(aspect, own.name, item=code, **about)
        if own.finality != second.finality:
            final = {"all": Message("all"), "final": Message("only final ones")}
            parts = {"counted": final[own.finality], "others": final[second.finality]}
            yield Finding.of("finality", own.name, item=own.finality, plan=other.name, **parts)
    for day in (day for day in plan.due if day not in other.due):
        days = ", ".join(other.due) or Message("none")
        yield Finding.of("due", item=day, plan=other.name, days=days)
