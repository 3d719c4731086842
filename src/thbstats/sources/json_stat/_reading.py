"""Observations of JSON-stat files, and merging of data sets."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from thbstats.errors import DuplicateKey, InvalidFile, InvalidValue
from thbstats.exchange import Declaration, InputFile, Reading, ReadLog, parse_json
from thbstats.exchange.json_parts import invalid_part
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
from thbstats.sources.json_stat._cells import ledger_of_cells, read_cells
from thbstats.sources.json_stat._cube import Cube, read_cubes
from thbstats.sources.json_stat._extension import add_extension, own_declaration
from thbstats.tables import CountTable, Dataset

__all__ = ["cubes_of", "merge_readings", "observed"]


def cubes_of(file: InputFile, dataset: str | int | None) -> tuple[list[Cube], list[str]]:
    """Return the data sets of a file, or the selected one, and the links.

    Raises
    ------
    InvalidFile
        If there is no data set, or the file is not valid JSON-stat.
    InvalidValue
        If the selected data set does not exist.
    """
    cubes, links = read_cubes(file.name, parse_json(file), file.limits)
    if not cubes:
        raise InvalidFile(
            f"{file.name} must contain a data set, not only links",
            value="; ".join(links[:5]),
            hint="Download the linked data sets",
        )
    if dataset is None:
        return cubes, links
    numbered = {str(number): cube for number, cube in enumerate(cubes)}
    named = {cube.text("label"): cube for cube in reversed(cubes)}
    selected = {**named, **numbered}.get(str(dataset))
    if selected is None:
        known = [f"{number}: {cube.text('label')}" for number, cube in numbered.items()]
        raise InvalidValue(
            "must be a data set of the file",
            field="dataset",
            value=dataset,
            hint=f"Pass a position or label: {'; '.join(known[:5])}",
        )
    return [selected], links


def observed(
    file: InputFile, cube: Cube, start: int = 0, declare: Declaration | None = None
) -> Observations:
    """Return the observations of a data set.

    Parameters
    ----------
    file, cube
        The file, and a data set in it.
    start : int
        The number of observations of the file before this data set.
    declare : Declaration or None
        The declaration of the user; declared columns keep their names.
    """
    own = own_declaration(file.name, cube)
    names = _names(cube, _declared_names(declare))
    cells = read_cells(file, cube)
    ledger = ledger_of_cells(cube, cells, start, names)
    if own is not None:
        add_extension(ledger, cube, cells.numbers)
    dimensions = tuple(name for name in names.values() if name != TIME)
    return Observations(
        ledger=ledger,
        dimensions=dimensions,
        declaration=own or _declare_area(cube, names),
        source=None if own else _source(cube),
    )


def _declared_names(declare: Declaration | None) -> set[str]:
    declared = declare or Declaration()
    return {name.lower() for name in (*declared.columns, *declared.recode, *declared.ignored)}


def _names(cube: Cube, declared_names: set[str]) -> Mapping[str, str]:
    """Return the columns of the dimensions, in lower case."""
    names = {axis.id: axis.id.lower() for axis in cube.axes}
    for id_, name in names.items():
        if name in (VALUE, FLAGS, CONF):
            hint = "Rename the dimension"
            raise invalid_part(
                (*cube.path, "id"), "must not be the name of a measure", hint, value=id_
            )
    time = next((id_ for id_, name in names.items() if name in (TIME, "time_period")), "")
    by_role = cube.role("time")
    time = time or (by_role if by_role.lower() not in declared_names else "")
    return {**names, time: TIME} if time else names


def _declare_area(cube: Cube, names: Mapping[str, str]) -> Declaration:
    """Return the declaration of the dimension with the role "geo"."""
    geo = names.get(cube.role("geo"), "")
    return Declaration(columns={geo: "area"}) if geo and geo not in DIMENSIONS else Declaration()


def _source(cube: Cube) -> Source | None:
    """Return the publication of a data set."""
    agency, dataset = (cube.extension.get(name) for name in ("agencyId", "id"))
    updated = cube.text("updated")
    if isinstance(agency, str) and isinstance(dataset, str) and dataset.strip():
        return provenance(agency, dataset, updated)
    if not cube.text("label"):
        return None
    return Source(
        title=cube.text("label"),
        publisher=cube.text("source"),
        url=cube.text("href"),
        published=day_of(updated),
    )


def merge_readings(readings: Sequence[Reading], links: Sequence[str], strict: bool) -> Reading:
    """Return the merged readings of the data sets of a file.

    Raises
    ------
    InvalidFile
        If two of them describe the same cell.
    DefectiveFile
        If the file has problems and ``strict`` is set.
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
        data=_merge_tables(log.name, [reading.data for reading in readings]),
        log=log,
        rejected=pd.concat([reading.rejected for reading in readings], ignore_index=True),
    ).checked(strict)


def _merge_tables(name: str, data: Sequence[Dataset]) -> Dataset:
    kinds: dict[str, list[CountTable]] = {}
    for dataset in data:
        for table in dataset.tables():
            kinds.setdefault(table.kind, []).append(table)
    result: dict[str, Any] = {}
    for kind, tables in kinds.items():
        try:
            result[kind] = tables[0] if len(tables) == 1 else CountTable.concat(tables)
        except DuplicateKey as error:
            raise InvalidFile(
                f"data sets of {name} must not describe the same cell of {kind}: {error}",
                field="dataset",
                hint="Read one data set: dataset=0",
            ) from None
    return Dataset(**result)
