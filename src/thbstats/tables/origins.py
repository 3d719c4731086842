"""Origins of counts and findings of readers, and their columns."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import asdict, evolve, field, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.errors import InvalidValue, ThbstatsError, require
from thbstats.geography import Area
from thbstats.records import Source
from thbstats.records.converters import (
    complete_n_reporters,
    to_n_reporters,
    to_reporters,
    to_sources,
)
from thbstats.tables.encoding import Problems, code_sets, groups, pack, parse_column


@frozen(kw_only=True)
class Origin:
    """Sources and reporting countries of a count.

    Parameters
    ----------
    sources : frozenset of Source
        Sources of the count or of its parts.
    reporters : frozenset of str or None
        The reporting countries; ``None`` if not documented.
    n_reporters : int or None
        Number of reporting countries; ``None`` if not documented.
    """

    sources: frozenset[Source] = frozenset()
    reporters: frozenset[str] | None = None
    n_reporters: int | None = None

    def __attrs_post_init__(self) -> None:
        number = complete_n_reporters(self.reporters, self.n_reporters)
        object.__setattr__(self, "n_reporters", number)


def unite(origins: Iterable[Origin]) -> Origin:
    """Return the origin of a sum, with the union of sources and of reporters."""
    distinct = list(dict.fromkeys(origins))
    if len(distinct) == 1:
        return distinct[0]
    sources = frozenset().union(*(origin.sources for origin in distinct))
    reporters = [origin.reporters for origin in distinct]
    united = None if None in reporters else frozenset().union(*filter(None, reporters))
    return Origin(sources=sources, reporters=united)


def resolve_reporters(origin: Origin, area: str, reported: bool) -> Origin:
    """Return an origin with reporters, from its area if the origin does not state them.

    The reporter of a country's figure is the country if it reported; the reporters of a figure
    of all members are the members.
    """
    if origin.reporters is not None:
        return origin
    members = Area.parse(area).members
    if len(members) == 1:
        countries = members if reported else frozenset()
        return evolve(origin, reporters=countries, n_reporters=None)
    if origin.n_reporters == len(members):
        return evolve(origin, reporters=members)
    return origin


PROVENANCE = ("source", "reporters", "n_reporters")

_NO_COUNTRY = "none"


def source_text(sources: Iterable[Source]) -> str:
    """Return sources as text: a title, or JSON; empty without source.

    Examples
    --------
    >>> source_text([Source(title="Global report")])
    'Global report'
    """
    data = sorted((source_data(source) for source in sources), key=json.dumps)
    if len(data) == 1 and list(data[0]) == ["title"] and data[0]["title"][0] not in "[{":
        return str(data[0]["title"])
    return json.dumps(data[0] if len(data) == 1 else data, ensure_ascii=False) if data else ""


def source_data(source: Source) -> dict[str, str]:
    """Return a source as plain data, without empty fields."""
    empty = Source(title=source.title)
    fields = {name: v for name, v in asdict(source).items() if v != getattr(empty, name)}
    return {"title": source.title, **{name: str(value) for name, value in fields.items()}}


def _read_sources(value: Any) -> frozenset[Source]:
    if not isinstance(value, str):
        return to_sources(value)
    text = value.strip()
    if not text or text[0] not in "[{":
        return to_sources(value if text else None)
    try:
        data = json.loads(text)
        items = data if isinstance(data, list) else [data]
        return frozenset(Source(**item) for item in items)
    except (ValueError, TypeError) as error:
        if isinstance(error, ThbstatsError):
            raise
        hint = "Use a title, a Source, or a text of to_frame"
        problem = f"must be a title or a JSON source ({error})"
        raise InvalidValue(problem, field="source", value=value, hint=hint) from None


def reporters_text(reporters: frozenset[str] | None) -> str | None:
    """Return country codes as text for `to_reporters`."""
    if reporters is None:
        return None
    return " ".join(sorted(reporters)) or _NO_COUNTRY


def _read_reporters(value: Any) -> frozenset[str] | None:
    return frozenset() if isinstance(value, str) and value == _NO_COUNTRY else to_reporters(value)


def _read_n(value: Any) -> int | None:
    return to_n_reporters(int(value) if isinstance(value, float) and value.is_integer() else value)


READERS: Mapping[str, Callable[[Any], Any]] = {
    "source": _read_sources,
    "reporters": _read_reporters,
    "n_reporters": _read_n,
}

_FIELDS = {"source": "sources"}


def read_origins(
    columns: Mapping[str, Any], size: int, origin: Origin, problems: Problems
) -> tuple[NDArray[Any], tuple[Origin, ...]]:
    """Return the origin of each row: its columns, completed by the default origin."""
    names = [name for name in PROVENANCE if columns.get(name) is not None]
    if not names or not size:
        return np.zeros(size, dtype=np.uint32), (origin,)
    read = {
        name: parse_column(columns[name], READERS[name], name, size, problems, missing=None)
        for name in names
    }
    group, first = groups(pack(read.values(), size))
    origins = []
    for row in first.tolist():
        stated = {_FIELDS.get(name, name): column[row] for name, column in read.items()}
        stated = {name: value for name, value in stated.items() if value is not None}
        try:
            origins.append(evolve(origin, **stated))
        except InvalidValue as error:
            value = stated.get("n_reporters")
            problems.add(error.with_location(row=row, field="n_reporters", value=value))
            origins.append(origin)
    result = Coded.from_values(origins)
    return result.codes[group].astype(np.uint32), result.categories


FINDING_CODES = r"^(?:[A-Z][A-Z0-9_]*(?: [A-Z][A-Z0-9_]*)*)?$"
"""Pattern of the column ``findings``: codes separated by spaces, or empty."""

_CODE = re.compile(r"[A-Z][A-Z0-9_]*")


def _check_code(finding: object, attribute: object, code: str) -> None:
    problem = "must consist of capital letters, digits and underscores"
    hint = "Use a code of the catalogue, such as PART_ABOVE_TOTAL"
    require(_CODE.fullmatch(str(code)), problem, hint, findings=code)


@frozen(order=True)
class CellFinding:
    """Finding on a cell, reported when the file was read.

    Parameters
    ----------
    code : str
        The kind of finding, such as ``"PART_ABOVE_TOTAL"``.
    text : str
        The finding in one sentence, with the figures.
    """

    code: str = field(validator=_check_code)
    text: str = ""


FindingSets = Sequence[tuple[CellFinding, ...]]

NO_FINDINGS: FindingSets = ((),)
"""Finding sets of a table without findings."""


class DeferredFindings(Sequence[tuple[CellFinding, ...]]):
    """Sets of findings that are written at the first access, because most are never shown."""

    def __init__(self, size: int, write: Callable[[], Iterable[tuple[CellFinding, ...]]]) -> None:
        self._size = size
        self._write: Callable[[], Iterable[tuple[CellFinding, ...]]] | None = write
        self._sets: FindingSets = ()

    def _written(self) -> FindingSets:
        if self._write is not None:
            self._sets, self._write = tuple(self._write()), None
        return self._sets

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, code: Any) -> Any:
        return self._written()[code]

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (self._written(),)


def finding_codes(findings: Iterable[CellFinding]) -> str:
    """Return the distinct codes of findings, separated by spaces.

    Examples
    --------
    >>> finding_codes([CellFinding("REPAIRED_CONFLICT"), CellFinding("PART_ABOVE_TOTAL")])
    'PART_ABOVE_TOTAL REPAIRED_CONFLICT'
    """
    return " ".join(sorted({finding.code for finding in findings}))


def unite_findings(findings: Iterable[CellFinding]) -> tuple[CellFinding, ...]:
    """Return the distinct findings in order.

    A finding without text is removed if its code also has a text.

    Examples
    --------
    >>> unite_findings([CellFinding("CORRECTED", "A text."), CellFinding("CORRECTED")])
    (CellFinding(code='CORRECTED', text='A text.'),)
    """
    result = set(findings)
    explained = {finding.code for finding in result if finding.text}
    shown = [f for f in result if f.text or f.code not in explained]
    return tuple(sorted(shown, key=lambda finding: (finding.code, finding.text)))


def findings_data(findings: Iterable[CellFinding]) -> list[dict[str, str]]:
    """Return findings as plain data for JSON and Parquet."""
    return [asdict(finding) for finding in findings]


def parse_findings(value: object) -> tuple[CellFinding, ...]:
    """Return the findings of a text: codes separated by spaces, or JSON.

    Examples
    --------
    >>> parse_findings("PART_ABOVE_TOTAL")
    (CellFinding(code='PART_ABOVE_TOTAL', text=''),)
    """
    text = str(value).strip()
    if not text.startswith("["):
        return tuple(CellFinding(code) for code in sorted(set(text.split())))
    try:
        return unite_findings(CellFinding(**item) for item in json.loads(text))
    except (ValueError, TypeError) as error:
        if isinstance(error, ThbstatsError):
            raise
        hint = "Write codes separated by spaces, such as PART_ABOVE_TOTAL"
        problem = "must be codes or a JSON list of findings"
        raise InvalidValue(problem, field="findings", value=value, hint=hint) from None


def read_findings(
    columns: Mapping[str, Any], size: int, problems: Problems
) -> tuple[NDArray[np.uint32], FindingSets]:
    """Return the position of the findings of each row in a list of sets, and the list."""
    values = columns.get("findings")
    none: tuple[CellFinding, ...] = ()
    column = parse_column(values, parse_findings, "findings", size, problems, missing=none)
    # The first set is empty.
    column = Coded.concat([Coded([0], [()]), column]).take(slice(1, None))
    if len(column.categories) == 1:
        return np.zeros(size, dtype=np.uint32), NO_FINDINGS
    return column.codes.astype(np.uint32), column.categories


def gather_findings(
    cells: NDArray[np.intp], codes: NDArray[Any], sets: FindingSets, size: int
) -> tuple[NDArray[np.uint32], FindingSets]:
    """Return the combined finding set of each cell; the first set is empty."""
    has_finding = codes != 0
    cells, codes = cells[has_finding], codes[has_finding]
    if not len(cells):
        return np.zeros(size, dtype=np.uint32), NO_FINDINGS
    present, owner = np.unique(cells, return_inverse=True)
    united = code_sets(owner, codes, len(sets)).map(
        lambda members: unite_findings(finding for code in members for finding in sets[code])
    )
    joined = Coded.from_values([(), *united.categories])
    finding = np.zeros(size, dtype=np.uint32)
    finding[present] = joined.codes[1:][united.codes]
    return finding, joined.categories


def origins_of_cells(
    codes: NDArray[Any], origins: tuple[Origin, ...], cell_of_shared: NDArray[np.intp]
) -> tuple[NDArray[Any], tuple[Origin, ...]]:
    """Return the origin of each cell: the union over all rows of the cell.

    The last rows share a cell with an earlier row: a third row with origin 1 in cell 0 gives this
    cell both sources.

    >>> origins = tuple(Origin(sources=(Source(title=title),)) for title in ("first", "second"))
    >>> united, distinct = origins_of_cells(np.array([0, 1, 1]), origins, np.array([0]))
    >>> [sorted(own.title for own in distinct[code].sources) for code in united]
    [['first', 'second'], ['second']]
    """
    size = len(codes) - len(cell_of_shared)
    cells, shared = codes[:size], codes[size:]
    if (shared == cells[cell_of_shared]).all():
        return cells, origins
    sets: dict[int, list[int]] = {}
    for cell, code in zip(cell_of_shared.tolist(), shared.tolist(), strict=True):
        sets.setdefault(cell, [int(cells[cell])]).append(code)
    united = [unite(origins[code] for code in own) for own in sets.values()]
    distinct = Coded.from_values([*origins, *united])
    cells = distinct.codes[: len(origins)].astype(np.uint32)[cells]
    cells[list(sets)] = distinct.codes[len(origins) :]
    return cells, distinct.categories


def sets_of_findings(
    listed: Iterable[Sequence[Sequence[CellFinding]]],
    members: Iterable[tuple[NDArray[np.intp], NDArray[np.intp], Any]],
) -> Iterator[tuple[CellFinding, ...]]:
    """Yield an empty set, then the united findings of the codes between each two starts."""
    sets = [findings for item in listed for findings in item]
    yield ()
    for codes, starts, numbers in members:
        for start, end in zip(starts.tolist(), (starts + numbers).tolist(), strict=True):
            yield unite_findings(f for code in codes[start:end].tolist() for f in sets[code])
