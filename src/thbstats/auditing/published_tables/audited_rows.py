"""What became of a row of a table, and of rows that belong together."""

from typing import Any

from attrs import frozen

from thbstats.auditing.audited_claims import ClaimVerdict
from thbstats.auditing.published_tables.groups import Check
from thbstats.auditing.published_tables.members import MatchedSet
from thbstats.values import Interval, Rounding

__all__ = ["AuditedFigure", "AuditedGroup"]


@frozen(kw_only=True)
class AuditedFigure:
    """A row with its verdict.

    Parameters
    ----------
    id : str
        Its name.
    kind : {"share", "change", "total", "rate", "ratio"}
        What it prints.
    printed : str
        The published text.
    verdict : ClaimVerdict
        What holding it against the counts showed.
    message : str
        The arithmetic, in a sentence or two.
    numerator, denominator : Interval
        What its counts can be; the new and the old one of a change.
    roundings : tuple of Rounding
        The ways of rounding that print it from these counts, whether or not they are meant.
    bases : tuple of str
        The other columns that give it, alone or in pairs.
    tried : tuple of str
        All other columns and pairs that were tried.
    matched : tuple of MatchedSet
        The sets of members that were tried.
    problem : str
        Why the row cannot be judged; empty where it can.
    """

    id: str
    kind: str
    printed: str
    verdict: ClaimVerdict
    message: str
    numerator: Interval
    denominator: Interval
    roundings: tuple[Rounding, ...]
    bases: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    matched: tuple[MatchedSet, ...] = ()
    problem: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain data; an end that is not known is ``None``."""
        return {
            "id": self.id,
            "kind": self.kind,
            "printed": self.printed,
            "verdict": str(self.verdict),
            "message": self.message,
            "numerator": [self.numerator.lower, self.numerator.upper],
            "denominator": [self.denominator.lower, self.denominator.upper],
            "roundings": [str(way) for way in self.roundings],
            "bases": list(self.bases),
            "tried": list(self.tried),
            "matched": [each.label for each in self.matched if each.fits],
            "matched_tried": [each.label for each in self.matched],
            "problem": self.problem,
        }


@frozen(kw_only=True)
class AuditedGroup:
    """Check of a group of rows.

    Parameters
    ----------
    group : str
        Its name.
    check : Check
        What was asked: whether parts make the whole, percentages 100, ranks an order.
    verdict : ClaimVerdict
        The answer.
    message : str
        The arithmetic, in a sentence.
    """

    group: str
    check: Check
    verdict: ClaimVerdict
    message: str

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        return {
            "id": f"{self.group}: {self.check}",
            "kind": "group",
            "verdict": str(self.verdict),
            "message": self.message,
        }
