"""Formats: a declaration of a format, and the functions that all formats share.

A format module declares its `FORMAT` and contains its layout and its crosswalk. A `Request`
contains the options of `read` that all formats have, which `thbstats.sources.read` documents.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen

from thbstats.errors import InvalidValue
from thbstats.files.assembly import tabulate
from thbstats.files.declaration import Declaration, read_declaration
from thbstats.files.delimited import check_lengths
from thbstats.files.input_file import InputFile, Progress, no_progress, open_input
from thbstats.files.ledger import Ledger, as_tuple
from thbstats.files.reading import Reading, ReadLog, WriteLog
from thbstats.records import Schema, Source
from thbstats.records.converters import to_sources
from thbstats.tables import CountTable, Dataset, require_table

FilePath: TypeAlias = "str | os.PathLike[str] | InputFile"

_FORMATS = tomllib.loads(files("thbstats.sources").joinpath("formats.toml").read_text("utf-8"))
_OPENING = ("encoding", "limits", "progress")
_OPTIONS = ("declare", "source", "strict", "progress", "kind")


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
    """An opened file, the texts of its format, and the arguments of `thbstats.sources.read`.

    ``recognise`` returns the feature that identifies the format, and ``noun`` is the name of its
    rows. ``constants`` are values that apply to all rows, such as ``{"area": "MT"}``.
    """

    file: InputFile
    label: str
    recognise: Callable[[InputFile], str]
    noun: str = "rows"
    declare: Declaration | None = field(default=None, converter=_declaration)
    source: Source | str | None = None
    strict: bool = False
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
        log = ReadLog(
            name=self.file.name,
            format=self.label,
            recognised=self.recognise(self.file),
            noun=self.noun,
            read=len(ledger) + len(ledger.unparsed),
            used=int(ledger.is_used.sum()),
            shared=ledger.shared,
            problems=ledger.problems,
            notes=ledger.notes,
            left_out=ledger.left_out,
        )
        reading = Reading(data=data or Dataset(), log=log, rejected=ledger.rejected, **results)
        return reading.checked(self.strict)


@frozen(kw_only=True, eq=False)
class Format:
    """A file format.

    Parameters
    ----------
    name : str
        The name, equal to that of its module.
    label, noun : str
        The names of the format and of its rows in texts.
    recognise : callable
        Function from an `InputFile` to the feature that identifies the format; ``""`` for other
        files.
    contents, specification : str
        The supported and unsupported features of a table, and the source of the specification.
    read, write : callable
        ``read(path, *, ..., **options)`` with options of `thbstats.sources.read`, and
        ``write(table, path, *, ...)``; ``None`` if the format is only read.
    extensions : tuple of str
        The file extensions that select the format for writing; the first format with an extension
        is selected.
    """

    name: str
    label: str
    recognise: Callable[[InputFile], str]
    contents: str
    specification: str
    read: Callable[..., Reading]
    write: Callable[..., WriteLog] | None = None
    extensions: tuple[str, ...] = field(default=(), converter=as_tuple)
    noun: str = "rows"

    @classmethod
    def named(
        cls,
        name: str,
        recognise: Callable[[InputFile], str],
        read: Callable[..., Reading],
        write: Callable[..., WriteLog] | None = None,
    ) -> "Format":
        """Return a format with the properties that ``formats.toml`` has under its name."""
        return cls(name=name, recognise=recognise, read=read, write=write, **_FORMATS[name])

    def request(self, path: FilePath, options: Mapping[str, Any]) -> Request:
        """Open a file with options of `thbstats.sources.read`; the others are constants."""
        opening = {name: options[name] for name in _OPENING if name in options}
        file = open_input(path, **opening)
        named = {name: options[name] for name in _OPTIONS if name in options}
        constants = {
            name: value for name, value in options.items() if name not in (*_OPENING, *_OPTIONS)
        }
        request = Request(
            file=file,
            label=self.label,
            recognise=self.recognise,
            noun=self.noun,
            constants=constants,
            **named,
        )
        request.progress("parsing", 0.0)
        return request


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


def crosswalk(name: str) -> dict[str, Any]:
    """Return the crosswalk of a format from its file; ``"no count"`` in a recode is ``None``."""
    path = files("thbstats.sources").joinpath("crosswalks", f"{name}.toml")
    content = tomllib.loads(path.read_text("utf-8"))
    for part in (content, *content.get("dimensions", ())):
        for texts in (part.get("recode", {}), *part.get("recode", {}).values()):
            for text, target in texts.items() if isinstance(texts, dict) else ():
                texts[text] = None if target == "no count" else target
    return content


def refuse_declaration(request: Request) -> None:
    """Raise `InvalidValue` for a declaration of a file that declares its own columns."""
    problem = f"must not be passed for {request.label}"
    if request.declare is not None:
        raise InvalidValue(problem, field="declare", hint="Remove it")
    for name, value in request.constants.items():
        raise InvalidValue(problem, field=name, value=value, hint="Remove it")


def finish_own(request: Request, data: Dataset) -> Reading:
    """Return the reading of a file with all rows used, if it has the requested kind of count."""
    kinds = {table.kind: table.columns.schema for table in data.tables()}
    if request.kind not in (None, *kinds, *kinds.values()):
        problem = f"must be a kind in {request.file.name}: {' or '.join(kinds) or 'none'}"
        raise InvalidValue(problem, field="kind", value=request.kind, hint="Remove it")
    rows = np.arange(1, 1 + sum(len(table) for table in data.tables()))
    return request.finish(Ledger(pd.DataFrame(index=rows), rows), data=data)
