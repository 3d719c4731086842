"""Verdicts of single claims of synthetic publications, for tables of cases."""

from tests.claims.made_up import report
from thbstats import audit
from thbstats.auditing import AuditedClaim

__all__ = ["agrees", "first", "judged", "verdict"]


def judged(*claims, joint=False) -> list[tuple[str, str]]:
    """Return the verdict and the message of each claim."""
    return [(str(item.verdict), item.message) for item in audit(report(*claims), joint=joint)]


def first(*claims) -> AuditedClaim:
    return next(iter(audit(report(*claims), joint=False)))


def verdict(*claims) -> tuple[str, str]:
    return judged(*claims)[0]


def agrees(message: str, expected: str) -> bool:
    """Return whether a message is as expected; "…" is any text before or after."""
    if expected.startswith("…"):
        return message.endswith(expected[1:])
    if expected.endswith("…"):
        return message.startswith(expected[:-1])
    return message == expected
