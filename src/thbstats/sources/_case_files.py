"""Common parts of case files: parameters, header and notes."""

from collections.abc import Callable, Iterable, Sequence

from thbstats.errors import InvalidFile
from thbstats.exchange.cases.answers import refuse_declaration
from thbstats.exchange.delimited import read_delimited
from thbstats.exchange.ledger import Ledger
from thbstats.sources._formats import Request

__all__ = ["DOCUMENTATION", "note_unknown", "rows_of"]

DOCUMENTATION = """Read cases.

Parameters
----------
declare : Declaration, optional
    Not allowed: the columns are known.
kind : str, optional
    ``"victims"`` (default).
**constants
    Values that apply to every case, such as ``status="presumed"``; they override columns.

Raises
------
InvalidValue, UnknownName
    If a constant is not valid.
"""


def rows_of(
    request: Request,
    feature_of: Callable[[Sequence[str]], str],
    *,
    separator: str | None = None,
    header: str,
    required: str,
) -> tuple[Ledger, str]:
    """Return the rows of a case file, and the feature of its header."""
    refuse_declaration(request.declare, request.kind)
    ledger = read_delimited(request.file, separator)
    feature = feature_of(list(map(str, ledger.raw)))
    if not feature:
        problem, hint = (
            f"{request.file.name} must have the {header}",
            f"Required columns: {required}",
        )
        raise InvalidFile(problem, row="line 1", hint=hint)
    return ledger, feature


def note_unknown(ledger: Ledger, names: Iterable[str]) -> None:
    """Note the columns without a meaning."""
    if listed := ", ".join(names):
        ledger.note(f"Columns without a meaning in this library: {listed}")
