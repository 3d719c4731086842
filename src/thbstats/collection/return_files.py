"""Files of returns: for transmission, for publication, and read again."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from attrs import asdict

from thbstats._files import write_file
from thbstats.collection.findings import CollectionTable
from thbstats.collection.variables import GROUPS, Variable
from thbstats.disclosure import suppress
from thbstats.display import count
from thbstats.errors import InvalidFile, InvalidValue
from thbstats.files.data_packages import package_of
from thbstats.reports.workbook import Worksheet, write_sheets
from thbstats.sources import read, write
from thbstats.tables import CountTable

if TYPE_CHECKING:
    from thbstats.collection.returns import Return

_INDEX, _VERSION, _TAB = "return.json", 1, 31
_MEASURES = ["value", "lower", "upper", "reason", "flags"]


def write_return(
    own: "Return",
    folder: str | os.PathLike[str],
    publication: str | os.PathLike[str] | None,
    fewer_than: int,
    protection: Mapping[str, Any],
) -> CollectionTable:
    """Write the confidential and the protected files of a return."""
    name = os.fspath(folder).rstrip("/\\")
    public = f"{name}-publication" if publication is None else os.fspath(publication)
    first, second = (Path(path).resolve() for path in (name, public))
    if first.is_relative_to(second) or second.is_relative_to(first):
        problem = "must not be in the folder of the confidential return, or contain it"
        hint = "Pass another folder"
        raise InvalidValue(problem, field="publication", value=public, hint=hint)
    # Contradictory counts cannot be protected, and can be transmitted.
    files = _write_folder(own, own.tables, name, is_public=False)
    protected, suppressed = {}, 0
    for variable in own.plan.variables:
        # Groups of citizenship are sums of countries, which an attacker could subtract.
        cells = own.cells[own.cells["variable"] == variable.name]
        is_country = cells["category"].str.split().map(lambda codes: any(map(str.isupper, codes)))
        is_group = cells["category"].str.contains("|".join(GROUPS)).to_numpy(dtype=bool)
        cells = cells[~(is_group & bool(is_country.any()))]
        table, totals = variable.table(cells), cells.groupby("breakdown")["lower"].sum()
        if "register" in variable.dimensions and totals.get("register") == totals[""]:
            table = table.as_breakdown("register")  # the bodies add up, and reveal each other
        if table.lower.any():
            safe = suppress(
                table, **{"fewer_than": fewer_than, "time_limit": 2.0} | dict(protection)
            )
            table, suppressed = safe.table, suppressed + len(safe.suppressed)
        protected[variable.name] = table
    files += _write_folder(own, protected, public, is_public=True)
    note = f"{name} is confidential. In {public}, {count(suppressed)} cells are suppressed."
    frame = pd.DataFrame(files, columns=["folder", "file"])
    return CollectionTable(caption="Files of the return", frame=frame, notes=(note,))


def _write_folder(
    own: "Return", tables: Mapping[str, CountTable], folder: str, *, is_public: bool
) -> list[tuple[str, str]]:
    """Write the files of one folder, and return it with their names."""
    path, package, resources = Path(folder), dict[str, Any](), list[Any]()
    path.mkdir(parents=True, exist_ok=True)
    for variable in own.plan.variables:
        table, stem = tables[variable.name], f"{variable.letter}_{variable.name}"
        write(table, path / f"{stem}.csv")
        write(table, path / f"{stem}.sdmx.csv", structure=path / f"{stem}.structure.xml")
        package = package_of(table, f"{stem}.csv", (path / f"{stem}.csv").read_bytes())
        resources += [{**package["resources"][0], "title": variable.title}]
    title = f"{own.plan.title}, {own.area}, {own.period}"
    name = f"{own.plan.name}-{own.area}-{own.period}".lower().replace("/", "-")
    documents = {
        "datapackage.json": package | {"name": name, "title": title, "resources": resources}
    }
    if not is_public:
        documents[_INDEX] = {
            "schema_version": _VERSION,
            "plan": own.plan.document,
            "area": own.area,
            "period": str(own.period),
            **{key: [asdict(item) for item in getattr(own, key)] for key in ("lacking", "remarks")},
        }
    for file, content in documents.items():
        text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
        write_file(path / file, f"{text}\n")
    sheets = [_sheet(variable, tables[variable.name]) for variable in own.plan.variables]
    notes = [
        ("plan", f"{own.plan.act}: {own.plan.title}. {own.plan.source}. {own.plan.note}"),
        ("empty count", "A blank count is not 0: the column reason shows why it is missing."),
        *((variable.title, variable.note) for variable in own.plan.variables if variable.note),
    ]
    if is_public:
        notes.append(("protection", "Small counts, and counts that reveal them, are suppressed."))
    else:
        notes += [(item.variable or "return", item.text) for item in own.remarks]
    missing = [(item.variable, item.item, item.text) for item in own.lacking]
    sheets.append(Worksheet("notes", ("about", "note"), [*notes]))
    header = ("variable", "columns needed", "missing")
    sheets.append(Worksheet("missing", header, [*missing]))
    write_sheets(sheets, title, path / "return.xlsx")
    stems = [f"{variable.letter}_{variable.name}" for variable in own.plan.variables]
    names = [f"{stem}.{end}" for stem in stems for end in ("csv", "sdmx.csv", "structure.xml")]
    return [(folder, file) for file in (*names, *documents, "return.xlsx")]


def _sheet(variable: Variable, table: CountTable) -> Worksheet:
    """Return the sheet of a variable, with an empty cell for a missing count."""
    stage = ["stage"] * (len(variable.groups) > 1)
    frame = table.to_frame()[[*stage, *variable.dimensions, *_MEASURES]].astype(object)
    frame = frame.where(frame.notna() & (frame != float("inf")), None)
    header = tuple("count" if name == "value" else str(name) for name in frame)
    lines = list(frame.itertuples(index=False))
    name = f"{variable.letter} {variable.name}"[:_TAB]
    return Worksheet(name, header, [*map(list, lines)], wrapped=False)


def read_content(folder: str | os.PathLike[str]) -> Mapping[str, Any]:
    """Return the plan, area, period and findings of a written return."""
    try:
        content = json.loads(Path(folder, _INDEX).read_text("utf-8"))
        version = content["schema_version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        hint = "Pass the confidential folder that Return.write wrote"
        raise InvalidFile(
            f"{_INDEX} must be a return: {error}", field="folder", hint=hint
        ) from None
    if version != _VERSION:
        hint = "Read it with a newer version of thbstats"
        raise InvalidFile(f"{_INDEX} must have version {_VERSION}", value=version, hint=hint)
    return dict(content)


def read_table(folder: str | os.PathLike[str], variable: Variable) -> CountTable:
    """Return the table of a variable of a written return."""
    stem = Path(folder, f"{variable.letter}_{variable.name}")
    return read(f"{stem}.sdmx.csv", structure=f"{stem}.structure.xml").table
