"""Cases in files: the files are compared before they are counted, and counted where they lie."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve, field, frozen

from thbstats.cases.engine_columns import Derivation
from thbstats.cases.failures import engine_error, file_error
from thbstats.cases.filters import Filter, apply_filter
from thbstats.cases.grouping import Collect, Distinct, GroupQuery, group_rows
from thbstats.cases.lazy_rows import Question
from thbstats.cases.paths import CaseFile, find_files
from thbstats.cases.rows import NO_DERIVATIONS, GroupedRows
from thbstats.cases.scans import EMPTY, TEXT, Kind, Scans, add_number_column, open_scans
from thbstats.cases.texts import check_columns
from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.exchange import Progress, no_progress

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = ["FileRows"]

_TWICE = "twice"  # the kind of a column that a folder names too

Kinds = Mapping[str, Kind]

T = TypeVar("T")


@frozen(eq=False, kw_only=True)
class FileRows:
    """Cases in Parquet or text files, which are read at every question and never held.

    A cell of text is text, and an empty one an empty text. Where all files lie in folders such as
    ``year=2020``, that is a column of text too.

    Parameters
    ----------
    scans : Scans
        What reads them.
    kinds : mapping of CaseFile to mapping of str to Kind
        For each file, its columns and what each holds.
    filter : tuple of narwhals expressions
        Which cases.
    progress : callable
        Told how far it is.
    """

    scans: Scans
    kinds: Mapping[CaseFile, Kinds]
    filter: Filter = ()
    progress: Progress = no_progress
    _known: Distinct = field(factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, paths: Any, filter: Filter = (), progress: Progress = no_progress) -> "FileRows":
        """Return the cases of files; each is looked at, so that its errors are told before.

        Raises
        ------
        InvalidFile, InvalidValue, OSError
            As for `find_files`, and if the columns of a Parquet file cannot be read.
        MissingExtra
            If no engine that reads them is installed.
        """
        files = find_files(paths)
        scans = open_scans(text=files[0].format == "csv")
        kinds: dict[CaseFile, Kinds] = {}
        for number, found_file in enumerate(files):
            progress("looking at files", number / len(files))
            file = found_file.checked() if found_file.format == "csv" else found_file
            kinds[file] = _kinds(scans, file)
        found = cls(scans=scans, kinds=kinds, filter=filter, progress=progress)
        if filter:  # so that a column that it names and that is not there is told at once
            found._rows()
        return found

    @property
    def files(self) -> list[CaseFile]:
        """The files, in their order."""
        return list(self.kinds)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns that some file has."""
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
            If a file lacks one of the columns, has another kind of value there, or cannot be read.
        """
        number = None
        if weights is not None and self.files[0].format == "csv":
            number = f"{max(self.names, key=len)} as number"  # longer than any of them
        wanted = GroupQuery(columns=columns, weights=weights, number=number, derived=derived)

        def groups(rows: "nw.LazyFrame[Any]", collect: Collect) -> GroupedRows:
            import narwhals.stable.v2 as nw

            if weights is not None and number is not None:
                rows = nw.from_native(add_number_column(rows.to_native(), weights, number))
            return group_rows(rows, wanted, collect, self._known)

        named = [*columns, *wanted.sources, *([] if weights is None else [weights])]
        return self.run(named, groups)

    def run(self, columns: Sequence[str], question: Question[T]) -> T:
        """Return the answer to a question about some columns.

        Raises
        ------
        InvalidFile
            As for `grouped`.
        """
        for name in columns:
            self._check(name)
        try:
            return self._answer(columns, question)
        except ThbstatsError:
            raise
        except Exception as error:  # each engine raises its own
            raise self._told(columns, question, error) from error

    def _check(self, name: str) -> None:
        """Refuse a column that files do not all have in the same way."""
        first: tuple[CaseFile, str] | None = None
        for file, columns in self.kinds.items():
            kind = columns.get(name)
            if kind is None:
                other = next(file for file, known in self.kinds.items() if name in known)
                raise InvalidFile(
                    f"{file.path} has no such column, and {other.path} has",
                    field=name,
                    hint="Hint the file, or count it apart",
                )
            if kind.name == _TWICE:
                raise InvalidFile(
                    f"{file.path} has such a column and lies in a folder that is named so",
                    field=name,
                    hint="Rename the folder, or the column",
                )
            if first is not None and kind.name not in (first[1], EMPTY):
                raise InvalidFile(
                    f"{file.path} has {kind.name} there, and {first[0].path} has {first[1]}",
                    field=name,
                    hint="Write the column of all files with one type",
                )
            first = first or (None if kind.name == EMPTY else (file, kind.name))

    def _common(self) -> dict[str, None]:
        """Return the columns that all files have in the same way."""
        found: dict[str, None] = {}
        for name in self.names:
            kinds = [columns.get(name) for columns in self.kinds.values()]
            told = {kind.name for kind in kinds if kind is not None} - {EMPTY}
            if len(told - {_TWICE}) == len(told) <= 1 and None not in kinds:
                found[name] = None
        return found

    def _rows(self, columns: Sequence[str] = ()) -> "nw.LazyFrame[Any]":
        """Return some columns of all files, or all if a filter can name them.

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
        alike = defaultdict(list)
        for file, kinds in self.kinds.items():
            alike[
                file.header,
                file.separator,
                file.packed,
                file.careful,
                tuple(sorted((name, kind.dtype) for name, kind in kinds.items())),
            ].append(file)
        parts = [
            nw.from_native(self.scans.scan(files, folders)).select(*names).to_native()
            for files in alike.values()
        ]
        rows: nw.LazyFrame[Any] = apply_filter(
            nw.from_native(self.scans.concat(parts)), self.filter
        )
        return rows

    def _answer(self, columns: Sequence[str], question: Question[T]) -> T:
        rows = self._rows(columns)
        self.progress("counting", 0.0)
        found = question(rows, lambda frame: self.scans.collect(frame, self.progress))
        self.progress("counting", 1.0)
        return found

    def _told(
        self, columns: Sequence[str], question: Question[Any], error: Exception
    ) -> ThbstatsError:
        """Return an error that names the file: the engine does, or they are tried one by one."""
        if "OutOfMemory" in type(error).__name__:
            return engine_error(self.scans.name, error)
        text = str(error)
        named = [file.path for file in self.kinds if file.path in text]
        if named:
            return file_error(max(named, key=len), error)
        for file, kinds in self.kinds.items():
            alone = evolve(self, kinds={file: kinds}, progress=no_progress)
            try:
                alone._answer(columns, question)
            except Exception as its_own:
                return file_error(file.path, its_own)
        return engine_error(self.scans.name, error)


def _kinds(scans: Scans, file: CaseFile) -> Kinds:
    """Return the columns of a file and of its folders, and what each holds."""
    own: Kinds
    if file.format == "csv":
        own = dict.fromkeys(file.header, Kind(TEXT))
    else:
        try:
            own = scans.kinds(file)
        except Exception as error:  # each engine raises its own
            raise file_error(file.path, error) from error
        check_columns(file.path, len(own))
    # Engines take the folder for the column, and DuckDB whatever letters are large.
    folders = {name.lower() for name in file.folders}
    twice = [name for name in own if name.lower() in folders]
    return {
        **dict.fromkeys(file.folders, Kind(TEXT)),
        **own,
        **dict.fromkeys(twice, Kind(_TWICE)),
    }
