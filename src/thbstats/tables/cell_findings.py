"""Findings of a reader on cells, and their columns."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import asdict, field, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.coded import repeat
from thbstats.errors import InvalidValue, ThbstatsError, require
from thbstats.tables.encoding import Problems, code_sets, parse_column

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
    """Finding sets that are written at the first access, because most are never shown."""

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
        raise InvalidValue(
            "must be codes or a JSON list of findings",
            field="findings",
            value=value,
            hint="Write codes separated by spaces, such as PART_ABOVE_TOTAL",
        ) from None


def read_findings(
    columns: Mapping[str, Any], size: int, problems: Problems
) -> tuple[NDArray[np.uint32], FindingSets]:
    """Return the code of the finding set of each row, and the sets."""
    values = columns.get("findings")
    none: tuple[CellFinding, ...] = ()
    column = parse_column(values, parse_findings, "findings", size, problems, missing=none)
    # The first set is empty.
    column = Coded.concat([Coded([0], [()]), column]).take(slice(1, None))
    if len(column.categories) == 1:
        return repeat(np.uint32(0), size), NO_FINDINGS
    return column.codes.astype(np.uint32), column.categories


def gather_findings(
    cells: NDArray[np.intp], codes: NDArray[Any], sets: FindingSets, size: int
) -> tuple[NDArray[np.uint32], FindingSets]:
    """Return the combined finding set of each cell; the first set is empty."""
    has_finding = codes != 0
    cells, codes = cells[has_finding], codes[has_finding]
    if not len(cells):
        return repeat(np.uint32(0), size), NO_FINDINGS
    present, owner = np.unique(cells, return_inverse=True)
    united = code_sets(owner, codes, len(sets)).map(
        lambda members: unite_findings(finding for code in members for finding in sets[code])
    )
    joined = Coded.from_values([(), *united.categories])
    finding = np.zeros(size, dtype=np.uint32)
    finding[present] = joined.codes[1:][united.codes]
    return finding, joined.categories
