"""Verdicts of single claims of synthetic publications, for tables of cases."""

from functools import cache

from tests.claims.made_up import report
from thbstats import audit, publications
from thbstats.auditing import Audit, AuditedClaim

__all__ = ["agrees", "audit_of_report", "check_verdict", "first", "judged", "verdict"]


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


def agrees(message: str, expected: str) -> bool:
    """Return whether a message is as expected; "…" is any text before or after."""
    if expected.startswith("…"):
        return message.endswith(expected[1:])
    if expected.endswith("…"):
        return message.startswith(expected[:-1])
    return message == expected


def check_verdict(_name, case) -> None:
    """Compare the verdict and the message on the first of some claims."""
    expected, message, *claims = case
    result = verdict(*claims)
    assert result[0] == expected
    assert agrees(result[1], message), result[1]
