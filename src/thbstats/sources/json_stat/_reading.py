"""Observations of a JSON-stat file, and tables of several data sets put together."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from thbstats.errors import DuplicateKey, InvalidFile, InvalidValue
from thbstats.exchange import Declaration, InputFile, Reading, ReadLog, parse_json
from thbstats.exchange.json_parts import fault
from thbstats.records import Source
from thbstats.sources._eurostat import (
    CONF,
    DIMENSIONS,
    FLAGS,
    TIME,
    VALUE,
    Observations,
    day_of,
    provenance,
)
from thbstats.sources.json_stat._cells import ledger_of, read_cells
from thbstats.sources.json_stat._cube import Cube, read_cubes
from thbstats.sources.json_stat._extension import add_extension, own_declaration
from thbstats.tables import CountTable, Dataset

__all__ = ["cubes_of", "observed", "together"]


def cubes_of(file: InputFile, dataset: str | int | None) -> tuple[list[Cube], list[str]]:
    """Return the data sets of a file, or the chosen one, and the links beside them.

    Raises
    ------
    InvalidFile
        If there is none, or it is no sound JSON-stat.
    InvalidValue
        If there is no such data set.
    """
    cubes, links = read_cubes(file.name, parse_json(file), file.limits)
    if not cubes:
        raise InvalidFile(
            f"{file.name} is a collection of links and holds no data set",
            value="; ".join(links[:5]),
            hint="Fetch what they lead to: nothing is fetched here",
        )
    if dataset is None:
        return cubes, links
    numbered = {str(number): cube for number, cube in enumerate(cubes)}
    named = {cube.said("label"): cube for cube in reversed(cubes)}
    chosen = {**named, **numbered}.get(str(dataset))
    if chosen is None:
        known = [f"{number}: {cube.said('label')}" for number, cube in numbered.items()]
        raise InvalidValue(
            "no such data set",
            field="dataset",
            value=dataset,
            hint=f"Give a number or a label: {'; '.join(known[:20])}",
        )
    return [chosen], links


def observed(
    file: InputFile, cube: Cube, start: int = 0, declare: Declaration | None = None
) -> Observations:
    """Return the observations of a data set.

    Parameters
    ----------
    opened, cube
        The file, and the data set in it.
    start : int
        How many observations of the file come before.
    declare : Declaration or None
        What the user says; what it names keeps its name.
    """
    own = own_declaration(file.name, cube)
    names = _names(cube, _mentioned(declare))
    cells = read_cells(file, cube)
    ledger = ledger_of(cube, cells, start, names)
    if own is not None:
        add_extension(ledger, cube, cells.numbers)
    dimensions = tuple(name for name in names.values() if name != TIME)
    return Observations(
        ledger=ledger,
        dimensions=dimensions,
        own=own or _of_roles(cube, names),
        source=None if own else _source(cube),
    )


def _mentioned(declare: Declaration | None) -> set[str]:
    declared = declare or Declaration()
    return {name.lower() for name in (*declared.columns, *declared.recode, *declared.ignored)}


def _names(cube: Cube, mentioned: set[str]) -> Mapping[str, str]:
    """Return the columns of the dimensions: their ids in small letters, and one for the time."""
    names = {axis.id: axis.id.lower() for axis in cube.axes}
    for id_, name in names.items():
        if name in (VALUE, FLAGS, CONF):
            hint = "Rename it: a column of observations has this name"
            raise fault((*cube.at, "id"), "a dimension called as a measure", hint, value=id_)
    time = next((id_ for id_, name in names.items() if name in (TIME, "time_period")), "")
    by_role = cube.role("time")
    time = time or (by_role if by_role.lower() not in mentioned else "")
    return {**names, time: TIME} if time else names


def _of_roles(cube: Cube, names: Mapping[str, str]) -> Declaration:
    """Return that a dimension is the place, where only its role says so."""
    geo = names.get(cube.role("geo"), "")
    return Declaration(columns={geo: "area"}) if geo and geo not in DIMENSIONS else Declaration()


def _source(cube: Cube) -> Source | None:
    """Return what a data set says of where it was published."""
    agency, dataset = (cube.extension.get(name) for name in ("agencyId", "id"))
    updated = cube.said("updated")
    if isinstance(agency, str) and isinstance(dataset, str) and dataset.strip():
        return provenance(agency, dataset, updated)
    if not cube.said("label"):
        return None
    return Source(
        title=cube.said("label"),
        publisher=cube.said("source"),
        url=cube.said("href"),
        published=day_of(updated),
    )


def together(readings: Sequence[Reading], links: Sequence[str], strict: bool) -> Reading:
    """Return the readings of the data sets of a file as one.

    Raises
    ------
    InvalidFile
        If two of them describe the same cell.
    DefectiveFile
        If something is odd and ``strict`` is set.
    """
    logs = [reading.log for reading in readings]
    notes = list(dict.fromkeys(note for log in logs for note in log.notes))
    if links:
        notes.append(
            f"{len(links)} parts of the collection are links and not in the file: "
            + "; ".join(links[:5])
        )
    log = ReadLog(
        name=logs[0].name,
        format=logs[0].format,
        recognised=logs[0].recognised,
        noun=logs[0].noun,
        read=sum(log.read for log in logs),
        used=sum(log.used for log in logs),
        shared=sum(log.shared for log in logs),
        problems=[problem for log in logs for problem in log.problems],
        notes=notes,
    )
    return Reading(
        data=_united(log.name, [reading.data for reading in readings]),
        log=log,
        rejected=pd.concat([reading.rejected for reading in readings], ignore_index=True),
    ).checked(strict)


def _united(name: str, data: Sequence[Dataset]) -> Dataset:
    kinds: dict[str, list[CountTable]] = {}
    for dataset in data:
        for table in dataset.tables():
            kinds.setdefault(table.kind, []).append(table)
    found: dict[str, Any] = {}
    for kind, tables in kinds.items():
        try:
            found[kind] = tables[0] if len(tables) == 1 else CountTable.concat(tables)
        except DuplicateKey as error:
            raise InvalidFile(
                f"two data sets of {name} describe the same cell of {kind}: {error}",
                field="dataset",
                hint="Read one of them: dataset=0 or its label",
            ) from None
    return Dataset(**found)
