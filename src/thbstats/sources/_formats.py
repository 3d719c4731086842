"""Formats: a declaration of a format, and the functions that all formats share.

A format module declares its `FORMAT` and contains its layout and its crosswalk. A `Request`
contains the parameters of `read` that all formats have. `Format.reader` makes `read` from a
function of a `Request`, and adds the common parameters and their documentation.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from functools import update_wrapper
from importlib.resources import files
from inspect import Parameter, Signature, cleandoc, signature
from typing import Any, TypeVar

from attrs import define, evolve, field, fields_dict, frozen

from thbstats.errors import InvalidValue
from thbstats.files.assembly import tabulate
from thbstats.files.declaration import Declaration
from thbstats.files.declaration_files import read_declaration
from thbstats.files.delimited import check_lengths
from thbstats.files.input_file import (
    LIMITS,
    InputFile,
    Limits,
    Progress,
    no_progress,
    open_input,
)
from thbstats.files.ledger import Ledger
from thbstats.files.reading import Reading, ReadLog
from thbstats.files.write_log import WriteLog
from thbstats.records import Schema, Source
from thbstats.records.converters import to_sources
from thbstats.tables import CountTable, Dataset, require_table

Documented = TypeVar("Documented", bound=Callable[..., Any])
Result = TypeVar("Result")

_COMMON = ("declare", "source", "strict", "encoding", "limits", "progress", "kind")
_RESULTS = """

Returns
-------
Reading
    The tables, and the log of all rows.

Raises
------
InvalidFile
    If it has another format, is damaged, or exceeds the limits.
DefectiveFile
    If ``strict`` is set and the file has a problem.
"""


_WRITTEN = """Write a table.

Parameters
----------
data : CountTable or Dataset
    The table, or a data set with exactly one table.
path : str or path
    The file; an existing file is replaced.

Returns
-------
WriteLog
    The number of rows, and the features that the format does not fully support.

Raises
------
InvalidValue
    If a data set does not contain exactly one table, or the format does not support a text.
"""


def _declaration(value: Any) -> Declaration | None:
    if isinstance(value, str | os.PathLike):
        return read_declaration(value)
    if value is not None and not isinstance(value, Declaration):
        raise InvalidValue(
            "must be a Declaration or the path of a declaration file",
            field="declare",
            value=value,
            hint="Pass declare=thb.Declaration(kind=..., columns={...})",
        )
    return value


@frozen(kw_only=True, eq=False)
class Request:
    """An opened file with its format, and the arguments of `read` that all formats have.

    Parameters
    ----------
    path : str, path or InputFile
        The file, plain or compressed with gzip.
    declare : Declaration or path, optional
        The declaration of columns, additional to those of the format; a path is read as a file in
        TOML or JSON, whose keys are the parameters of `Declaration`.
    source : Source or str, optional
        The publication, for rows without one.
    strict : bool
        Whether a problem is an error; by default, rows with a problem are rejected and logged.
    encoding : str, optional
        The encoding of a text; by default UTF-8, or that of the byte order mark.
    limits : Limits
        The maximum sizes of the file.
    progress : callable
        A function that receives each step and its progress from 0 to 1.
    kind : str or Schema, optional
        The kind of count, for rows without one, or a schema with the classifications of the file.
    **constants
        Values that apply to all rows, such as ``area="MT"``.
    """

    file: InputFile = field(alias="path")
    label: str
    recognise: Callable[[InputFile], str]
    noun: str = "rows"
    declare: Declaration | None = field(default=None, converter=_declaration)
    source: Source | str | None = None
    strict: bool = False
    encoding: str | None = None
    limits: Limits = LIMITS
    progress: Progress = no_progress
    kind: Any = None
    constants: Mapping[str, Any] = field(factory=dict)

    def declared(self) -> Declaration:
        """Return the declaration of the user, with the constants and the schema."""
        own, kind = self.declare or Declaration(), self.kind
        if isinstance(kind, Schema):
            both = dict.fromkeys([*own.classifications, *kind.classifications])
            own = evolve(own, classifications=both)
            kind = kind.kind
        return own.with_constants(kind, **self.constants)

    def publication(self, default: Source | None = None) -> Source | None:
        """Return the source of the user, otherwise a default."""
        return next(iter(to_sources(self.source)), default)

    def recognised_by(self, feature: str, label: str = "") -> "Request":
        """Return the request with the feature of the file, and optionally another label."""
        return evolve(self, recognise=lambda _: feature, label=label or self.label)

    def tabulate(
        self, ledger: Ledger, declaration: Declaration, default: Source | None = None
    ) -> Reading:
        """Return the tables of declared columns, with a source for rows without one."""
        check_lengths(self.file, ledger)
        data = tabulate(ledger, declaration, self.publication(default), self.progress)
        return self.finish(ledger, data=data)

    def finish(self, ledger: Ledger, *, data: Dataset | None = None, **results: Any) -> Reading:
        """Return the reading of all rows, with data, cases or populations."""
        if self.file.packing:
            ledger.note(f"Decompressed from {self.file.packing}")
        log = ReadLog.from_ledger(
            ledger,
            name=self.file.name,
            format=self.label,
            recognised=self.recognise(self.file),
            noun=self.noun,
        )
        reading = Reading(data=data or Dataset(), log=log, rejected=ledger.rejected, **results)
        return reading.checked(self.strict)


@define(kw_only=True, eq=False)
class Format:
    """A file format.

    Parameters
    ----------
    name : str
        The name, equal to that of its module.
    label : str
        The label for texts.
    recognise : callable
        Function from an `InputFile` to the feature that identifies the format; ``""`` for other
        files.
    contents : str
        The supported and unsupported features of a table.
    specification : str
        The source of the specification.
    extensions : tuple of str
        The file extensions that select the format for writing; the first format with an extension
        is selected.
    noun : str
        The name of a row.
    documentation : str
        Sections of a docstring that complete that of `read`.

    Attributes
    ----------
    read : callable
        ``read(path, *, declare, source, strict, encoding, limits, progress, kind, **constants)``.
    write : callable or None
        ``write(table, path, ...)``; ``None`` if the format is only read.
    """

    name: str
    label: str
    recognise: Callable[[InputFile], str]
    contents: str
    specification: str
    extensions: tuple[str, ...] = ()
    noun: str = "rows"
    documentation: str = ""
    read: Callable[..., Reading] = field(init=False)
    write: Callable[..., WriteLog] | None = field(init=False, default=None)

    def reader(self, step: Callable[..., Reading]) -> Callable[..., Reading]:
        """Return the function `read` of the format, from a function of a `Request`."""
        templates = (self.documentation, f"{cleandoc(Request.__doc__ or '')}{_RESULTS}")
        self.read = self._function(step, _COMMON, templates, constants=True)
        return self.read

    def function(
        self, *names: str, first: str = "path", constants: bool = False
    ) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
        """Return a decorator that makes a function of a file with some parameters of requests."""
        templates = (self.documentation.partition("\n\nRaises")[0], Request.__doc__ or "")
        return lambda step: self._function(step, names, templates, first, constants=constants)

    def _function(
        self,
        step: Callable[..., Result],
        names: tuple[str, ...],
        templates: tuple[str, ...],
        first: str = "path",
        *,
        constants: bool,
    ) -> Callable[..., Result]:
        """Return a function of a path with options, from a function of a request with its own."""
        fields = fields_dict(Request)
        own = {
            item.name: item.default
            for item in signature(step).parameters.values()
            if item.kind is Parameter.KEYWORD_ONLY
        }
        common = {name: fields[name].default for name in names if name not in own}
        defaults = {name: {**common, **own}[name] for name in dict.fromkeys([*names, *own])}
        parameters = [Parameter(first, Parameter.POSITIONAL_OR_KEYWORD)]
        for name, default in defaults.items():
            parameters.append(Parameter(name, Parameter.KEYWORD_ONLY, default=default))
        if constants:
            parameters.append(Parameter("constants", Parameter.VAR_KEYWORD))
        interface = Signature(parameters)

        def function(*path: Any, **options: Any) -> Result:
            values: dict[str, Any] = interface.bind(*path, **options).arguments
            file = values.pop(first)
            if first == "path":
                opening = {n: values[n] for n in ("encoding", "limits", "progress") if n in values}
                file = open_input(file, **opening)
            own_options = {name: values.pop(name) for name in own if name in values}
            label, recognise, noun = self.label, self.recognise, self.noun
            request = Request(path=file, label=label, recognise=recognise, noun=noun, **values)
            request.progress("parsing", 0.0)
            return step(request, **own_options)

        update_wrapper(function, step)
        del function.__wrapped__  # type: ignore[attr-defined]
        function.__doc__ = _completed(step.__doc__, templates, list(interface.parameters))
        function.__signature__ = interface  # type: ignore[attr-defined]
        return function

    def writer(self, write: Documented) -> Documented:
        """Return the function `write` of the format, with its documentation completed."""
        self.write = documented(_WRITTEN)(write)
        return self.write


def require_one_table(data: CountTable | Dataset, label: str) -> CountTable:
    """Return the only table of the data to write; `label` is the format for the error."""
    if not isinstance(data, Dataset):
        return require_table(data, "data")
    tables = list(data.tables())
    if len(tables) != 1:
        raise InvalidValue(
            f"must contain exactly one table for {label}",
            field="data",
            value=[table.kind for table in tables],
            hint="Write each table to its own file, or all tables to a .json file",
        )
    return tables[0]


def documented(*templates: str) -> Callable[[Documented], Documented]:
    """Return a decorator that completes a docstring with the sections of templates."""

    def decorate(function: Documented) -> Documented:
        names = list(signature(function).parameters)
        function.__doc__ = _completed(function.__doc__, templates, names)
        return function

    return decorate


def crosswalk(name: str) -> dict[str, Any]:
    """Return the crosswalk of a format from its file; ``"no count"`` in a recode is ``None``."""
    path = files("thbstats.sources").joinpath("crosswalks", f"{name}.toml")
    content = tomllib.loads(path.read_text("utf-8"))
    for part in (content, *content.get("dimensions", ())):
        for texts in (part.get("recode", {}), *part.get("recode", {}).values()):
            for text, target in texts.items() if isinstance(texts, dict) else ():
                texts[text] = None if target == "no count" else target
    return content


_SECTION = re.compile(r"\n\n(\w+)\n-{3,}\n")


def _completed(doc: str | None, templates: tuple[str, ...], names: list[str]) -> str:
    """Return a docstring with the missing sections, parameters and errors of templates."""
    head = _SECTION.split(cleandoc(doc or ""))[0]
    sections: dict[str, str] = {}
    entries: dict[str, dict[str, str]] = {"Parameters": {}, "Raises": {}}
    for text in (*reversed(templates), doc):
        _, *parts = _SECTION.split(cleandoc(text or ""))
        for title, content in zip(parts[::2], parts[1::2], strict=True):
            sections[title] = content
            for entry in re.split(r"\n(?=\S)", content.rstrip()) if title in entries else ():
                entries[title][re.split(r" :|\n", entry)[0].lstrip("*")] = entry
    ordered = [entries["Parameters"][name] for name in names if name in entries["Parameters"]]
    sections["Parameters"] = "\n".join(ordered)
    sections["Raises"] = "\n".join(entries["Raises"].values())
    order = ("Parameters", "Returns", "Raises", "Notes", "References", "Examples")
    texts = [
        f"{title}\n{'-' * len(title)}\n{sections[title]}" for title in order if sections.get(title)
    ]
    return "\n\n".join([head, *texts])
