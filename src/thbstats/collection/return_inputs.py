"""Inputs of a return: the tables and cases of each variable, and declarations of the user."""

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from thbstats.cases import CaseStore
from thbstats.collection.return_checks import Finding
from thbstats.collection.variables import Variable
from thbstats.errors import InvalidFile, require, require_name
from thbstats.files import Reading, open_input
from thbstats.files.case_file import Cases
from thbstats.files.ledger import RowProblem
from thbstats.languages import Message
from thbstats.sources import read, recognised
from thbstats.tables import CountTable, Dataset
from thbstats.vocabulary import Offence

if TYPE_CHECKING:
    from thbstats.collection.plans import Plan

EMPTY = (None, "")
"""The values of empty cells."""

_MAPPINGS = ("columns", "multi", "derive", "recode")
_OPTIONS = ("separator", "missing", "unknown", "no", "weights", "filter", "source", "progress")
_OTHER = ("person", "stage", "offence", "status", "exploitation", "court_instance")


@frozen
class CaseArguments:
    """Declarations of the user for the cases of all variables, as arguments of `Plan.fill`.

    ``person`` is the column that identifies a person. ``declared`` are arguments of `CaseStore.of`,
    each of which can be for some variables only.
    """

    person: str | None
    declared: Mapping[str, Any]

    @property
    def columns(self) -> Mapping[str, Any]:
        """The columns of cases by dimension."""
        columns: Mapping[str, Any] = self.declared.get("columns", {})
        return columns

    @property
    def instance(self) -> Any:
        """The column of the court instance of judgments."""
        return self.columns.get("court_instance", "court_instance")

    @property
    def missing(self) -> tuple[Any, ...]:
        """The values that are missing answers, in addition to empty cells."""
        return tuple(self.declared.get("missing", ()))

    def store(self, variable: Variable, data: Any) -> CaseStore:
        """Return the cases, with the declarations that apply to the variable and to the columns."""
        columns = {*CaseStore.of(data).rows.names}
        arguments: dict[str, Any] = {"missing": (*EMPTY, *self.missing)}
        for name, value in self.declared.items():
            if name in _MAPPINGS:
                arguments[name] = {
                    key: item
                    for key, item in value.items()
                    if key in variable.schema.names
                    and (name == "recode" or _columns_of(item) <= columns)
                }
            elif name in _OPTIONS or name in variable.schema.names:
                arguments.setdefault(name, value)
            else:
                problem = "must be an argument of CaseStore.of, or a dimension"
                require_name(name, [*_MAPPINGS, *_OPTIONS, *_OTHER], problem)
        return CaseStore.of(data, kind=variable.schema, **arguments)

    def require_dimensions(self, variables: Iterable[Variable]) -> None:
        """Refuse a name that is a dimension of no variable; some variables can lack it."""
        known = dict.fromkeys(name for own in variables for name in own.schema.names)
        for field in _MAPPINGS:
            for name in self.declared.get(field, {}):
                require_name(
                    name, [*known, *_OTHER], "must be a dimension of the plan", field=field
                )

    def require_columns(self, sources: Iterable[Any]) -> None:
        """Refuse a column that no file of cases has; one of several files can lack it."""
        every = [*sources]
        cases = {id(own): own for own in every if not isinstance(own, CountTable | CaseStore)}
        stores = map(CaseStore.of, cases.values())
        known = dict.fromkeys(name for store in stores for name in store.rows.names)
        items: list[tuple[str, Any]] = [("person", self.person or ())]
        for name in ("columns", "multi"):
            items += [(name, item) for item in self.declared.get(name, {}).values()]
        for name, item in items if every and not cases else ():
            problem = "must be passed with a frame or a path of cases"
            hint = f"Remove {name}, or declare it in CaseStore.of"
            require(not item, problem, hint, **{name: item})
        for name, item in items if known else ():
            for column in sorted(_columns_of(item)):
                require_name(column, known, "must be a column of the cases", field=name)


def _columns_of(item: Any) -> set[str]:
    """Return the columns that a declaration of a dimension names."""
    names = (
        item.values() if isinstance(item, Mapping) else [item] if isinstance(item, str) else item
    )
    return {own for own in names if isinstance(own, str)} if isinstance(names, Iterable) else set()


def sources_of(
    plan: "Plan", data: Any, arguments: CaseArguments, **constants: Any
) -> tuple[dict[str, list[Any]], list[Finding]]:
    """Return the tables and cases of each variable, and remarks on data that the return leaves out.

    The first row of this table that applies selects the variables of an input:

    =================  =================  ==========  =========================================
    input              kind               unit        offence
    =================  =================  ==========  =========================================
    table              of the table       any         any
    cases of a name    of the variable    any         any
    cases of a format  victims            persons     any
    other cases        of their columns   persons     trafficking, unless they have an offence
    =================  =================  ==========  =========================================
    """
    result: dict[str, list[Any]] = {variable.name: [] for variable in plan.variables}
    is_named, remarks = isinstance(data, Mapping), list[Finding]()
    for name, item in data.items() if is_named else [("", data)]:
        variables = [plan[name]] if is_named else plan.variables
        default = variables[0].kind if is_named else None
        for file, source in _opened(item, "", kind=default, **constants):
            # Cases are persons; decisions and judgments need files of their own.
            kind: str = default or "victims"
            units, offences = {"persons"}, {*Offence}
            match source:
                case RowProblem():
                    texts = {
                        "message": source.message,
                        "texts": ", ".join([*source.texts][:5] or source.examples[:3]),
                    }
                    about = name and plan[name].name
                    remarks.append(
                        Finding.of("REJECTED", about, number=len(source), file=file, **texts)
                    )
                    continue
                case CountTable():
                    kind, units = source.kind, {own.unit for own in variables}
                case _ if is_named:
                    units = {own.unit for own in variables}
                case Reading() | Cases():
                    pass
                case _:
                    store = source if isinstance(source, CaseStore) else CaseStore.of(source)
                    kind = "justice" if "stage" in store.rows.names else store.schema.kind
                    known = {*store.rows.names, *store.declarations.constants}
                    if "offence" not in known | {*arguments.declared, *arguments.columns}:
                        offences = {Offence.TRAFFICKING}
            takers = [own for own in plan.variables if own.kind == kind and own.unit in units]
            if isinstance(source, CountTable) and not any(own in takers for own in variables):
                names = ", ".join(own.name for own in takers) or Message("none")
                texts = {"kind": kind, "file": file or Message("The data"), "names": names}
                remarks.append(Finding.of("OTHER_KIND", name and plan[name].name, **texts))
            for own in variables:
                if own in takers and own.offences[0] in offences:
                    result[own.name].append(source)
    # Two lists of cases can be parts of one register, or have common persons.
    for name, sources in result.items():
        number = sum(not isinstance(source, CountTable) for source in sources)
        problem = f"must have one list of cases for {name}"
        hint = "Join the frames, or pass a pattern of files such as 'cases/*.csv'"
        require(number < 2, problem, hint, data=f"{number} lists")
    return result, remarks


def _opened(data: Any, file: str, **constants: Any) -> Iterator[tuple[str, Any]]:
    """Yield tables, cases and problems of rejected rows, each with the name of its file.

    A file of counts is read, and a file of cases stays a path.
    """
    match data:
        case list() | tuple():
            for item in data:
                yield from _opened(item, file, **constants)
        case Dataset():
            for table in data.tables():
                yield file, table
        case Reading(cases=None):
            for problem in data.log.problems:
                if not problem.used:
                    yield data.log.name, problem
            yield from _opened(data.data, data.log.name)
        case str() | os.PathLike() if os.path.isfile(data):
            content, columns = _content_of(data)
            if content == "cases":
                yield file, data
                return
            kind = "justice" if "stage" in columns else "victims"
            constants["kind"] = constants["kind"] or kind
            known = columns | ({"kind"} if "table" in columns else set())
            is_tidy = content == "tidy counts"
            options = {name: constants[name] for name in constants if is_tidy and name not in known}
            yield from _opened(read(data, **options), file)
        case _:
            yield file, data


def _content_of(path: Any) -> tuple[Literal["cases", "tidy counts", "counts"], set[str]]:
    """Return the content of the rows of a file, and the columns of cases or tidy counts."""
    try:
        if recognised(open_input(path))[0].name != "tidy":
            return "counts", set()
        columns = {*CaseStore.of(path).rows.names}
    except InvalidFile:  # a list of cases
        return "cases", set()
    # A tidy file with a column of counts is a table; without one, each row is a case.
    return "tidy counts" if {"value", "lower"} & columns else "cases", columns
