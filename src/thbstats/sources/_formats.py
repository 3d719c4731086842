"""Formats: a declaration of a format, and the reader that all formats share.

A format module declares its `FORMAT` and contains its layout and its crosswalk. `Format.reader`
adds the common parameters, their documentation and the log to a function of a `Request`.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from functools import wraps
from importlib.resources import files
from inspect import cleandoc, signature
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from attrs import define, field, frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.exchange.assembly import tabulate
from thbstats.exchange.declaration import Declaration
from thbstats.exchange.input_file import (
    LIMITS,
    InputFile,
    Limits,
    Progress,
    no_progress,
    open_input,
)
from thbstats.exchange.ledger import FileColumn, Ledger
from thbstats.exchange.reading import Reading, ReadLog
from thbstats.exchange.write_log import WriteLog
from thbstats.records import Source
from thbstats.records.reading import to_sources
from thbstats.tables import CountTable, Dataset, require_table

__all__ = [
    "Format",
    "Request",
    "crosswalk",
    "documented",
    "observer",
    "reject_texts",
    "require_one_table",
    "rows_with",
    "write_template",
]

Documented = TypeVar("Documented", bound=Callable[..., Any])


@frozen(kw_only=True, eq=False)
class Request:
    """An opened file with its format, and the arguments of `read` that all formats have."""

    file: InputFile
    label: str
    recognise: Callable[[InputFile], str]
    noun: str = "rows"
    declare: Declaration | None = None
    source: Source | str | None = None
    strict: bool = False
    progress: Progress = no_progress
    kind: str | None = None
    constants: Mapping[str, Any] = field(factory=dict)

    def declared(self) -> Declaration:
        """Return the declaration of the user, with the constants."""
        return (self.declare or Declaration()).with_constants(self.kind, **self.constants)

    def publication(self, default: Source | None = None) -> Source | None:
        """Return the source of the user, otherwise a default."""
        return next(iter(to_sources(self.source)), default)

    def tabulate(
        self, ledger: Ledger, declaration: Declaration, default: Source | None = None
    ) -> Reading:
        """Return the tables of declared columns, with a source for rows without one."""
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
    source : Source or None
        The default source.

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
    source: Source | None = None
    read: Callable[..., Reading] = field(init=False)
    write: Callable[..., WriteLog] | None = field(init=False, default=None)

    def reader(self, parse: Callable[..., Reading]) -> Callable[..., Reading]:
        """Return the function `read` of the format, from a function of a `Request`."""

        def read(
            path: str | os.PathLike[str] | InputFile,
            *,
            declare: Declaration | None = None,
            source: Source | str | None = self.source,
            strict: bool = False,
            encoding: str | None = None,
            limits: Limits = LIMITS,
            progress: Progress = no_progress,
            kind: str | None = None,
            **constants: Any,
        ) -> Reading:
            """Read a file."""
            file = open_input(path, encoding, limits, progress)
            progress("parsing", 0.0)
            options = {name: constants.pop(name) for name in own if name in constants}
            request = Request(
                file=file,
                label=self.label,
                recognise=self.recognise,
                noun=self.noun,
                declare=declare,
                source=source,
                strict=strict,
                progress=progress,
                kind=kind,
                constants=constants,
            )
            return parse(request, **options)

        own = _present(read, parse)
        self.read = read
        return read

    def writer(self, write: Documented) -> Documented:
        """Return the function `write` of the format, with its documentation completed."""
        self.write = documented(write_template)(write)
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


def observer(observe: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    """Return the function `observations` of a format, from a function of an opened file."""

    def observations(
        path: str | os.PathLike[str] | InputFile,
        *,
        encoding: str | None = None,
        limits: Limits = LIMITS,
        **options: Any,
    ) -> pd.DataFrame:
        """Return observations."""
        return observe(open_input(path, encoding, limits), **options)

    _present(observations, observe)
    return observations


def _present(function: Callable[..., Any], step: Callable[..., Any]) -> list[str]:
    """Give a function the name, options and documentation of its step; return the options."""
    common = signature(function)
    *shown, last = common.parameters.values()
    own = [item for item in signature(step).parameters.values() if item.kind is item.KEYWORD_ONLY]
    shown += own if last.name == "options" else [*own, last]
    text = _completed(step.__doc__, function.__doc__, [str(item).split(":")[0] for item in shown])
    wraps(step)(function)
    function.__doc__ = text
    function.__signature__ = common.replace(parameters=shown)  # type: ignore[attr-defined]
    return [item.name for item in own]


def documented(template: Callable[..., Any]) -> Callable[[Documented], Documented]:
    """Return a decorator that completes a docstring with the sections of a template."""

    def decorate(function: Documented) -> Documented:
        names = list(signature(function).parameters)
        function.__doc__ = _completed(function.__doc__, template.__doc__, names)
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


def _completed(doc: str | None, common: str | None, names: list[str]) -> str:
    """Return a docstring with the missing sections and parameters of a common one."""
    head, *parts = _SECTION.split(cleandoc(doc or ""))
    _, *more = _SECTION.split(cleandoc(common or ""))
    own, shared = (dict(zip(p[::2], p[1::2], strict=True)) for p in (parts, more))
    entries = {
        title: _entries(shared.get(title, "")) | _entries(own.get(title, ""))
        for title in ("Parameters", "Raises")
    }
    ordered = [entries["Parameters"][name] for name in names if name in entries["Parameters"]]
    sections = {**shared, **own, "Parameters": "\n".join(ordered)}
    sections["Raises"] = "\n".join(entries["Raises"].values())
    texts = [f"{title}\n{'-' * len(title)}\n{text}" for title, text in sections.items() if text]
    return "\n\n".join([head, *texts])


def _entries(section: str) -> dict[str, str]:
    """Return the entries of a section by their first word."""
    entries = filter(None, re.split(r"\n(?=\S)", section.rstrip()))
    return {re.split(r" :|\n", entry)[0]: entry for entry in entries}


def write_template(data: CountTable | Dataset, path: str | os.PathLike[str]) -> None:
    """Write a table."""


def rows_with(column: FileColumn, has: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Return a mask of the rows with texts that fulfil a condition."""
    return column.isin([code for code, text in enumerate(column.values) if has(text)])


def reject_texts(
    ledger: Ledger,
    code: str,
    column: FileColumn,
    has: Callable[[str], bool],
    *,
    message: str,
    hint: str,
    within: NDArray[np.bool_] | None = None,
) -> None:
    """Reject used rows with texts that fulfil a condition, and list the texts."""
    codes = [index for index, text in enumerate(column.values) if has(text)]
    rejected = column.isin(codes) & ledger.is_used
    if within is not None:
        rejected &= within
    texts = column.row_counts(codes, rejected)
    ledger.reject(code, rejected, column=column.name, message=message, hint=hint, texts=texts)
