"""Files of returns: for transmission, for publication, and read again."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import asdict, field, frozen

from thbstats._files import write_file
from thbstats.disclosure import suppress
from thbstats.display import DisplayTable, Tabular, count
from thbstats.errors import InvalidFile, InvalidValue
from thbstats.exchange.data_packages import package_of
from thbstats.reports.workbook import Worksheet, write_sheets
from thbstats.sources import read, write
from thbstats.tables import CountTable

if TYPE_CHECKING:
    import pandas as pd

    from thbstats.collection.returns import Return

INDEX = "return.json"
"""The name of the file that lists the tables of a return."""

_VERSION = 1
_SHEET_COLUMNS = ("count", "lower", "upper", "reason", "flags")


@frozen(kw_only=True, repr=False)
class WrittenReturn(Tabular):
    """The files of a written return.

    Parameters
    ----------
    folder : str
        The folder of the confidential return.
    publication : str
        The folder of the protected version.
    files : tuple of (str, str)
        The folder and the name of each file.
    suppressed : mapping of str to int
        By variable, the number of cells that are suppressed in the publication.
    """

    folder: str
    publication: str
    files: tuple[tuple[str, str], ...] = field(converter=tuple)
    suppressed: Mapping[str, int]

    def to_frame(self) -> "pd.DataFrame":
        """Return a row for each file: folder and name."""
        import pandas as pd

        return pd.DataFrame(self.files, columns=["folder", "name"])

    def display_table(self) -> DisplayTable:
        """Return the files for display."""
        number = count(sum(self.suppressed.values()))
        return DisplayTable(
            caption="Files of the return",
            columns=["folder", "file"],
            rows=[list(pair) for pair in self.files],
            notes=[
                f"{self.folder} is confidential. In {self.publication}, {number} cells are suppressed."
            ],
        )

    def __repr__(self) -> str:
        return f"<WrittenReturn: {len(self.files)} files>"


def write_return(
    own: "Return",
    folder: str | os.PathLike[str],
    publication: str | os.PathLike[str] | None,
    fewer_than: int,
    protection: Mapping[str, Any],
) -> WrittenReturn:
    """Write the confidential and the protected files of a return."""
    name = os.fspath(folder).rstrip("/\\")
    public = f"{name}-publication" if publication is None else os.fspath(publication)
    paths = [Path(os.path.abspath(path)).resolve() for path in (name, public)]
    for inner, outer in (paths, paths[::-1]):
        if inner.is_relative_to(outer):
            hint = f"Pass publication='{name}-publication'"
            problem = "must not be in the folder of the confidential return, or contain it"
            raise InvalidValue(problem, field="publication", value=public, hint=hint)
    protected, suppressed = {}, {}
    for variable in own.plan.variables:
        table = own[variable.name]
        protected[variable.name] = table
        if table.lower.any():
            safe = suppress(table, fewer_than=fewer_than, **{"time_limit": 2.0, **protection})
            protected[variable.name] = safe.table
            suppressed[variable.name] = len(safe.suppressed)
    files = [(name, file) for file in _write_folder(own, own.tables, name, is_public=False)]
    files += [(public, file) for file in _write_folder(own, protected, public, is_public=True)]
    return WrittenReturn(folder=name, publication=public, files=files, suppressed=suppressed)


def _write_folder(
    own: "Return", tables: Mapping[str, CountTable], folder: str, *, is_public: bool
) -> list[str]:
    """Write the files of one folder and return their names."""
    os.makedirs(folder, exist_ok=True)
    resources, files, package = [], [], dict[str, Any]()
    for variable in own.plan.variables:
        table, stem = tables[variable.name], f"{variable.letter}_{variable.name}"
        path = Path(folder)
        names = [f"{stem}.csv", f"{stem}.sdmx.csv", f"{stem}.structure.xml"]
        write(table, path / names[0])
        write(table, path / names[1], structure=path / names[2])
        package = package_of(table, names[0], (path / names[0]).read_bytes())
        package["resources"][0]["title"] = variable.title
        resources += package["resources"]
        files += names
    title = f"{own.plan.title}, {own.area}, {own.period}"
    name = f"{own.plan.name}-{own.area}-{own.period}".lower().replace("/", "-")
    package |= {"name": name, "title": title, "resources": resources}
    text = json.dumps(package, ensure_ascii=False, indent=2)
    write_file(Path(folder, "datapackage.json"), f"{text}\n")
    write_sheets(_sheets(own, tables, is_public=is_public), title, Path(folder, "return.xlsx"))
    files += ["datapackage.json", "return.xlsx"]
    if not is_public:
        content = {
            "schema_version": _VERSION,
            "plan": own.plan.to_dict(),
            "area": own.area,
            "period": str(own.period),
            "lacking": [asdict(item) for item in own.lacking],
            "remarks": [asdict(item) for item in own.remarks],
        }
        text = json.dumps(content, ensure_ascii=False, indent=1)
        write_file(Path(folder, INDEX), f"{text}\n")
        files.append(INDEX)
    return files


def _sheets(
    own: "Return", tables: Mapping[str, CountTable], *, is_public: bool
) -> Sequence[Worksheet]:
    """Return a sheet for each variable, one of notes, and one of what is missing."""
    sheets = []
    for variable in own.plan.variables:
        frame = tables[variable.name].to_frame().astype(object)
        names = [*(["stage"] if len(variable.groups) > 1 else []), *variable.dimensions]
        names += ["value", "lower", "upper", "reason", "flags"]
        frame = frame[names].where(frame[names].notna(), None).replace(float("inf"), None)
        header = tuple("count" if name == "value" else name for name in names)
        title = f"{variable.letter} {variable.name}"[:31]
        lines = [list(line) for line in frame.itertuples(index=False)]
        sheets.append(Worksheet(title, variable.title, header, lines, wrapped=False))
    notes = [
        ("plan", f"{own.plan.act}: {own.plan.title}"),
        ("area and period", f"{own.area}, {own.period}"),
        ("source", str(own.plan.source)),
        ("note", own.plan.note),
        ("empty count", "A blank count is not 0: the reason shows why it is missing."),
        *((variable.title, variable.note) for variable in own.plan.variables),
    ]
    if is_public:
        notes.append(("protection", "Small counts, and counts that reveal them, are suppressed."))
    else:
        notes += [(remark.code, remark.text) for remark in own.remarks]
    lines = [list(pair) for pair in notes if pair[1]]
    sheets.append(Worksheet("notes", "Notes on the return", ("about", "note"), lines))
    lines = [[lack.variable, lack.dimension, lack.column, lack.text] for lack in own.lacking]
    header = ("variable", "breakdown", "column", "missing")
    sheets.append(Worksheet("missing", "Breakdowns that the data cannot give", header, lines))
    return sheets


def read_index(folder: str | os.PathLike[str]) -> Mapping[str, Any]:
    """Return the content of the file that lists the tables of a return."""
    path, hint = Path(folder, INDEX), "Pass the confidential folder that Return.write wrote"
    try:
        content = json.loads(path.read_text("utf-8"))
        version = content["schema_version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidFile(
            f"{path.name} must be a return: {error}", field="folder", hint=hint
        ) from None
    if version != _VERSION:
        raise InvalidFile(f"{path.name} must have the version {_VERSION}", value=version, hint=hint)
    return content  # type: ignore[no-any-return]


def read_table(folder: str | os.PathLike[str], letter: str, name: str) -> CountTable:
    """Return the table of a variable in a folder that `write_return` wrote."""
    stem = Path(folder, f"{letter}_{name}")
    return read(f"{stem}.sdmx.csv", structure=f"{stem}.structure.xml").table
