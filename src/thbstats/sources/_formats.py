"""Reader and writer of a format.

A format module contains its layout, its crosswalk and a function with the decorator `reader`, which
receives a `Request`. The decorator adds the common parameters and their documentation.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from functools import wraps
from importlib.resources import files
from inspect import Parameter, cleandoc, signature
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.exchange import (
    LIMITS,
    Declaration,
    FileColumn,
    InputFile,
    Ledger,
    Limits,
    Progress,
    Reading,
    finish_reading,
    no_progress,
    open_input,
    tabulate,
)
from thbstats.records import Source
from thbstats.records.reading import to_sources
from thbstats.tables import CountTable, Dataset

__all__ = [
    "Request",
    "crosswalk",
    "documented",
    "observer",
    "reader",
    "reject_texts",
    "rows_with",
    "write_template",
]

Documented = TypeVar("Documented", bound=Callable[..., Any])


@frozen(kw_only=True, eq=False)
class Request:
    """An opened file, and the options that all formats have.

    Parameters
    ----------
    file : InputFile
        The file.
    label : str
        The label of the format.
    recognise : callable
        Function from a file to the feature that identifies the format.
    noun : str
        The name of a row.
    declare, source, strict, progress, kind, constants : optional
        The arguments of `reader`.
    """

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

    def finish(self, ledger: Ledger, **results: Any) -> Reading:
        """Return the reading of all rows, with data, cases or populations."""
        return finish_reading(
            ledger,
            self.file,
            label=self.label,
            recognised=self.recognise(self.file),
            strict=self.strict,
            noun=self.noun,
            **results,
        )


def reader(
    label: str,
    recognise: Callable[[InputFile], str],
    *,
    noun: str = "rows",
    source: Source | None = None,
) -> Callable[[Callable[..., Reading]], Callable[..., Reading]]:
    """Return a decorator: from a function of a `Request` to the `read` of a format.

    Parameters
    ----------
    label : str
        The label of the format in logs.
    recognise : callable
        Function from a file to the feature that identifies the format.
    noun : str
        The name of a row.
    source : Source or None
        The default source.
    """
    default = source

    def decorate(parse: Callable[..., Reading]) -> Callable[..., Reading]:
        def read(
            path: str | os.PathLike[str] | InputFile,
            *,
            declare: Declaration | None = None,
            source: Source | str | None = default,
            strict: bool = False,
            encoding: str | None = None,
            limits: Limits = LIMITS,
            progress: Progress = no_progress,
            kind: str | None = None,
            **constants: Any,
        ) -> Reading:
            """Read a file.

            Parameters
            ----------
            path : str, path or InputFile
                The file, plain or compressed with gzip.
            declare : Declaration, optional
                The declaration of other columns; it overrides the known ones.
            source : Source or str, optional
                The publication of the figures, for rows without a source.
            strict : bool
                Whether a problem is an error.
            encoding : str, optional
                The encoding of its text; by default UTF-8, or that of the byte order mark.
            limits : Limits
                The limits of the reader.
            progress : callable
                Function that receives the step and its progress from 0 to 1.
            kind : str, optional
                The kind of count, if no column contains it.
            **constants
                Values that apply to all rows, such as ``area="MT"``.

            Returns
            -------
            Reading
                With the tables in ``data``, and the ``log`` of all rows.

            Raises
            ------
            InvalidFile
                If the file has another format, is damaged, or exceeds the limits.
            InvalidValue, UnknownName
                If the declaration does not fit the file; the message lists all problems by column.
            DefectiveFile
                If the file has problems and ``strict`` is set.
            """
            file = open_input(path, encoding, limits, progress)
            progress("parsing", 0.0)
            options = {name: constants.pop(name) for name in own if name in constants}
            request = Request(
                file=file,
                label=label,
                recognise=recognise,
                noun=noun,
                declare=declare,
                source=source,
                strict=strict,
                progress=progress,
                kind=kind,
                constants=constants,
            )
            return parse(request, **options)

        own = _present(read, parse)
        return read

    return decorate


def observer(observe: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    """Return the function `observations` of a format, from a function of an opened file."""

    def observations(
        path: str | os.PathLike[str] | InputFile,
        *,
        encoding: str | None = None,
        limits: Limits = LIMITS,
        **options: Any,
    ) -> pd.DataFrame:
        """Return observations.

        Parameters
        ----------
        path : str, path or InputFile
            The file, plain or compressed with gzip.
        encoding : str, optional
            The encoding of its text; by default UTF-8, or that of the byte order mark.
        limits : Limits
            The limits of the reader.

        Returns
        -------
        DataFrame
            The dimensions under their lower-case ids, ``time``, ``value`` as published, ``flags``
            and ``conf``; the same columns for every Eurostat format.

        Raises
        ------
        InvalidFile
            If the file has another format, is damaged, or exceeds the limits.
        """
        return observe(open_input(path, encoding, limits), **options)

    _present(observations, observe)
    return observations


def _present(function: Callable[..., Any], step: Callable[..., Any]) -> list[str]:
    """Give a function the name, options and documentation of its step; return the options."""
    common = signature(function)
    own = [item for item in signature(step).parameters.values() if item.kind is item.KEYWORD_ONLY]
    last = [item for item in common.parameters.values() if item.kind is item.VAR_KEYWORD]
    items = [item for item in common.parameters.values() if item.kind is not item.VAR_KEYWORD]
    shown: list[Parameter] = [*items, *own, *last]
    if "options" in common.parameters:
        shown.remove(common.parameters["options"])
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
    """Write a table.

    Parameters
    ----------
    data : CountTable or Dataset
        A table, or a data set with one table.
    path : str or path
        The file; an existing file is replaced.

    Returns
    -------
    WriteLog
        The features that the file or other programs do not support.

    Raises
    ------
    InvalidValue
        If a data set does not contain exactly one table, or the format does not support a text.
    """


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
