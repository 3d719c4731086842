"""Cases in files."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve, field, frozen

from thbstats.cases.engine_columns import Derivation
from thbstats.cases.failures import engine_error, file_error
from thbstats.cases.filters import Filter, apply_filter
from thbstats.cases.grouping import Collect, Distinct, GroupQuery, group_rows
from thbstats.cases.lazy_rows import Query
from thbstats.cases.paths import CaseFile, find_files
from thbstats.cases.rows import NO_DERIVATIONS, GroupedRows
from thbstats.cases.scans import EMPTY, TEXT, Kind, Scans, add_number_column, open_scans
from thbstats.cases.texts import check_columns
from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.exchange import Progress, no_progress

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = ["FileRows"]

_TWICE = "twice"  # the type of a column that is also the name of a folder

Kinds = Mapping[str, Kind]

T = TypeVar("T")


@frozen(eq=False, kw_only=True)
class FileRows:
    """Cases in Parquet or text files, which are read for each query.

    Cells of text files are texts, and empty cells are empty texts. If all files are in folders such
    as ``year=2020``, each folder name is a column of text.

    Parameters
    ----------
    scans : Scans
        The engine that reads the files.
    kinds : mapping of CaseFile to mapping of str to Kind
        By file, the type of each column.
    filter : tuple of narwhals expressions
        The rows to count.
    progress : callable
        Called with a text and a fraction from 0 to 1.
    """

    scans: Scans
    kinds: Mapping[CaseFile, Kinds]
    filter: Filter = ()
    progress: Progress = no_progress
    _known: Distinct = field(factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, paths: Any, filter: Filter = (), progress: Progress = no_progress) -> "FileRows":
        """Return the cases of files, after a check of each file.

        Raises
        ------
        InvalidFile, InvalidValue, OSError
            As for `find_files`, and if the columns of a Parquet file cannot be read.
        MissingExtra
            If no engine is installed.
        """
        files = find_files(paths)
        scans = open_scans(text=files[0].format == "csv")
        kinds: dict[CaseFile, Kinds] = {}
        for number, found_file in enumerate(files):
            progress("looking at files", number / len(files))
            file = found_file.check_text() if found_file.format == "csv" else found_file
            kinds[file] = _kinds(scans, file)
        result = cls(scans=scans, kinds=kinds, filter=filter, progress=progress)
        if filter:  # so that a column that it names and that is not there is names at once
            result._rows()
        return result

    @property
    def files(self) -> list[CaseFile]:
        """The files, in order."""
        return list(self.kinds)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns of all files."""
        return tuple(dict.fromkeys(name for columns in self.kinds.values() for name in columns))

    def group(
        self,
        columns: Sequence[str],
        weights: str | None = None,
        derived: Mapping[str, Derivation] = NO_DERIVATIONS,
    ) -> GroupedRows:
        """Return some columns of all cases, with equal rows as one.

        Raises
        ------
        InvalidFile
            If a file lacks a column, has another type there, or cannot be read.
        """
        number = None
        if weights is not None and self.files[0].format == "csv":
            number = f"{max(self.names, key=len)} as number"  # no other column has it
        groups_query = GroupQuery(columns=columns, weights=weights, number=number, derived=derived)

        def groups(rows: "nw.LazyFrame[Any]", collect: Collect) -> GroupedRows:
            import narwhals.stable.v2 as nw

            if weights is not None and number is not None:
                rows = nw.from_native(add_number_column(rows.to_native(), weights, number))
            return group_rows(rows, groups_query, collect, self._known)

        named = [*columns, *groups_query.sources, *([] if weights is None else [weights])]
        return self.run(named, groups)

    def run(self, columns: Sequence[str], query: Query[T]) -> T:
        """Return the result of a query for some columns.

        Raises
        ------
        InvalidFile
            As for `group`.
        """
        for name in columns:
            self._check(name)
        try:
            return self._answer(columns, query)
        except ThbstatsError:
            raise
        except Exception as error:  # each engine raises its own
            raise self._name_file(columns, query, error) from error

    def _check(self, name: str) -> None:
        """Refuse a column that is missing or has another type in a file."""
        first: tuple[CaseFile, str] | None = None
        for file, columns in self.kinds.items():
            kind = columns.get(name)
            if kind is None:
                other = next(file for file, known in self.kinds.items() if name in known)
                raise InvalidFile(
                    f"must be a column of every file; {other.path} has it, {file.path} does not",
                    field=name,
                    hint=f"Add the column, or count {file.path} separately",
                )
            if kind.name == _TWICE:
                raise InvalidFile(
                    f"must not be both a column of {file.path} and the name of its folder",
                    field=name,
                    hint="Rename the folder, or the column",
                )
            if first is not None and kind.name not in (first[1], EMPTY):
                raise InvalidFile(
                    f"must have one type in all files: {kind.name} in {file.path}, {first[1]} in "
                    f"{first[0].path}",
                    field=name,
                    hint="Write the column with one type in all files",
                )
            first = first or (None if kind.name == EMPTY else (file, kind.name))

    def _common(self) -> dict[str, None]:
        """Return the columns that all files have with the same type."""
        result: dict[str, None] = {}
        for name in self.names:
            kinds = [columns.get(name) for columns in self.kinds.values()]
            names = {kind.name for kind in kinds if kind is not None} - {EMPTY}
            if len(names - {_TWICE}) == len(names) <= 1 and None not in kinds:
                result[name] = None
        return result

    def _rows(self, columns: Sequence[str] = ()) -> "nw.LazyFrame[Any]":
        """Return some columns of all files, or all columns if there is a filter.

        Files with the same columns are read together.
        """
        import narwhals.stable.v2 as nw

        names = list(self._common())
        if not self.filter:
            names = list(dict.fromkeys(columns)) or names[:1]
        folders = [
            name
            for name in self.files[0].folders
            if all(name in file.folders for file in self.kinds)
        ]
        groups = defaultdict(list)
        for file, kinds in self.kinds.items():
            groups[
                file.header,
                file.separator,
                file.packed,
                file.careful,
                tuple(sorted((name, kind.dtype) for name, kind in kinds.items())),
            ].append(file)
        parts = [
            nw.from_native(self.scans.scan(files, folders)).select(*names).to_native()
            for files in groups.values()
        ]
        rows: nw.LazyFrame[Any] = apply_filter(
            nw.from_native(self.scans.concat(parts)), self.filter
        )
        return rows

    def _answer(self, columns: Sequence[str], query: Query[T]) -> T:
        rows = self._rows(columns)
        self.progress("counting", 0.0)
        result = query(rows, lambda frame: self.scans.collect(frame, self.progress))
        self.progress("counting", 1.0)
        return result

    def _name_file(
        self, columns: Sequence[str], query: Query[Any], error: Exception
    ) -> ThbstatsError:
        """Return an error with the name of the file that caused it."""
        if "OutOfMemory" in type(error).__name__:
            return engine_error(self.scans.name, error)
        text = str(error)
        named = [file.path for file in self.kinds if file.path in text]
        if named:
            return file_error(max(named, key=len), error)
        for file, kinds in self.kinds.items():
            single = evolve(self, kinds={file: kinds}, progress=no_progress)
            try:
                single._answer(columns, query)
            except Exception as file_problem:
                return file_error(file.path, file_problem)
        return engine_error(self.scans.name, error)


def _kinds(scans: Scans, file: CaseFile) -> Kinds:
    """Return the type of each column of a file and its folders."""
    own: Kinds
    if file.format == "csv":
        own = dict.fromkeys(file.header, Kind(TEXT))
    else:
        try:
            own = scans.kinds(file)
        except Exception as error:  # each engine raises its own
            raise file_error(file.path, error) from error
        check_columns(file.path, len(own))
    # Engines read the folder instead of the column, and DuckDB ignores case.
    folders = {name.lower() for name in file.folders}
    twice = [name for name in own if name.lower() in folders]
    return {
        **dict.fromkeys(file.folders, Kind(TEXT)),
        **own,
        **dict.fromkeys(twice, Kind(_TWICE)),
    }
