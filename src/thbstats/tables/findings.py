"""Findings on the cells of a table."""

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
    "unite_findings",
]

FINDING_CODES = r"^(?:[A-Z][A-Z0-9_]*(?: [A-Z][A-Z0-9_]*)*)?$"
"""Pattern of the column ``findings``: codes separated by spaces, or empty."""

_CODE = re.compile(r"[A-Z][A-Z0-9_]*")


def _check_code(finding: object, attribute: object, code: str) -> None:
    if not _CODE.fullmatch(str(code)):
        raise InvalidValue(
            "must consist of capital letters, digits and underscores",
            field="findings",
            value=code,
            hint="Use a code of the catalogue, such as PART_ABOVE_TOTAL",
        )


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


FindingSets = tuple[tuple[CellFinding, ...], ...]

NO_FINDINGS: FindingSets = ((),)
"""Finding sets of a table without findings."""


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
    >>> unite_findings([CellFinding("JUNK", "A text."), CellFinding("JUNK")])
    (CellFinding(code='JUNK', text='A text.'),)
    """
    found = set(findings)
    explained = {finding.code for finding in found if finding.text}
    return tuple(sorted(f for f in found if f.text or f.code not in explained))


def findings_data(findings: Iterable[CellFinding]) -> list[dict[str, str]]:
    """Return findings as plain data for JSON and Parquet."""
    return [asdict(finding) for finding in findings]


def parse_findings(value: object) -> tuple[CellFinding, ...]:
    """Return the findings of a text: codes separated by spaces, or JSON.

    Raises
    ------
    InvalidValue
        If the text is not valid.

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
