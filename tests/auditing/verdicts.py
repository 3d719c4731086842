"""Verdicts of single claims of synthetic publications, for tables of cases."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.auditing.sentences import Worded
from tests.claims.made_up import report
from thbstats import audit, publications
from thbstats.auditing import Audit, AuditedClaim

__all__ = ["audit_of_report", "check_verdicts", "first", "judged", "verdict"]


@cache
def audit_of_report() -> Audit:
    """Return the audit of COM(2018) 777, made once."""
    return audit(publications.com_2018_777())


def judged(*claims) -> list[tuple[str, str]]:
    """Return the verdict and the message of each claim."""
    return [(str(item.verdict), item.message) for item in audit(report(*claims))]


def first(*claims) -> AuditedClaim:
    return next(iter(audit(report(*claims))))


def verdict(*claims) -> tuple[str, str]:
    return judged(*claims)[0]


def check_verdicts(worded: Worded, cases: Mapping[str, Any]) -> None:
    """Compare the verdicts on the first of some claims, and their sentences."""
    results = {name: verdict(*claims) for name, (_, *claims) in cases.items()}
    verdicts = {name: result[0] for name, result in results.items()}
    assert verdicts == {name: expected for name, (expected, *_) in cases.items()}
    worded(**{name: result[1] for name, result in results.items()})
