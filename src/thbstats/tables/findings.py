"""Findings of readers on the cells of a table."""

import json
import re
from collections.abc import Iterable

from attrs import asdict, field, frozen

from thbstats.errors import InvalidValue, ThbstatsError

__all__ = [
    "FINDING_CODES",
    "NO_FINDINGS",
    "CellFinding",
    "FindingSets",
    "finding_codes",
    "findings_data",
    "parse_findings",
    "united",
]

FINDING_CODES = r"^(?:[A-Z][A-Z0-9_]*(?: [A-Z][A-Z0-9_]*)*)?$"
"""The form of the column ``findings``: codes with one space between them, or an empty text."""

_CODE = re.compile(r"[A-Z][A-Z0-9_]*")


def _check_code(finding: object, attribute: object, code: str) -> None:
    if not _CODE.fullmatch(str(code)):
        raise InvalidValue(
            "a code of a finding has capital letters, digits and underscores",
            field="findings",
            value=code,
            hint="Use a code of the catalogue, such as PART_ABOVE_TOTAL",
        )


@frozen(order=True)
class CellFinding:
    """One finding of a reader on a cell.

    Parameters
    ----------
    code : str
        The kind of finding, such as ``"PART_ABOVE_TOTAL"``.
    text : str
        The finding in one sentence, with the figures.
    """

    code: str = field(validator=_check_code)
    text: str = ""


FindingSets = tuple[tuple[CellFinding, ...], ...]

NO_FINDINGS: FindingSets = ((),)
"""The finding sets of a table without findings: code 0 alone."""


def finding_codes(findings: Iterable[CellFinding]) -> str:
    """Return the distinct codes of findings in order, with spaces between them.

    Examples
    --------
    >>> finding_codes([CellFinding("REPAIRED_CONFLICT"), CellFinding("PART_ABOVE_TOTAL")])
    'PART_ABOVE_TOTAL REPAIRED_CONFLICT'
    """
    return " ".join(sorted({finding.code for finding in findings}))


def united(findings: Iterable[CellFinding]) -> tuple[CellFinding, ...]:
    """Return the distinct findings in order; one without text goes if its code has a text.

    Examples
    --------
    >>> united([CellFinding("JUNK", "A text."), CellFinding("JUNK")])
    (CellFinding(code='JUNK', text='A text.'),)
    """
    found = set(findings)
    explained = {finding.code for finding in found if finding.text}
    return tuple(sorted(f for f in found if f.text or f.code not in explained))


def findings_data(findings: Iterable[CellFinding]) -> list[dict[str, str]]:
    """Return findings as plain data, as JSON and Parquet contain them."""
    return [asdict(finding) for finding in findings]


def parse_findings(value: object) -> tuple[CellFinding, ...]:
    """Return the findings of a text: codes with spaces between them, or JSON.

    Raises
    ------
    InvalidValue
        If it is neither.

    Examples
    --------
    >>> parse_findings("PART_ABOVE_TOTAL")
    (CellFinding(code='PART_ABOVE_TOTAL', text=''),)
    """
    text = str(value).strip()
    if not text.startswith("["):
        return tuple(CellFinding(code) for code in sorted(set(text.split())))
    try:
        return united(CellFinding(**item) for item in json.loads(text))
    except (ValueError, TypeError) as error:
        if isinstance(error, ThbstatsError):
            raise
        raise InvalidValue(
            "a text that starts like JSON is no list of findings",
            field="findings",
            value=value,
            hint="Give codes with spaces between them, such as PART_ABOVE_TOTAL",
        ) from None
