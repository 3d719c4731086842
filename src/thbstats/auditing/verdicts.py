"""Verdicts on claims, and the audit of a publication."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from thbstats._characters import escape
from thbstats.claims import Claim
from thbstats.claims.wording import Fit, WordVerdict, quoted
from thbstats.display import Cell, Column, DisplayTable, Group, Row, Tabular
from thbstats.errors import require_name
from thbstats.languages import Message, Plural, capitalised, joined, paragraph
from thbstats.values import Interval
from thbstats.vocabulary import code_text

if TYPE_CHECKING:
    import pandas as pd


class ClaimVerdict(StrEnum):
    """Verdict on a claim."""

    CONFIRMED = "confirmed"
    """The other figures give exactly this value."""
    CONSISTENT = "consistent"
    """The other figures allow the claim and could have excluded it."""
    CONTRADICTED = "contradicted"
    """The claim and other figures cannot all be true; at least one of them is wrong."""
    NOT_ASSESSABLE = "not_assessable"
    """No other published figure relates to the claim."""


TONES = {
    ClaimVerdict.CONFIRMED: "good",
    ClaimVerdict.CONSISTENT: "plain",
    ClaimVerdict.CONTRADICTED: "bad",
    ClaimVerdict.NOT_ASSESSABLE: "muted",
}

_MOST_SHOWN = 10
"""The number of sets of contradictory claims in outputs."""


class ContradictionReason(StrEnum):
    """A difference between figures that can explain why they contradict each other."""

    RELEASE = "release"
    """The publications differ, and later releases revise earlier ones."""
    AREA = "area"
    """The compositions of the EU differ."""
    COVERAGE = "coverage"
    """The reporting countries differ."""
    SOURCE = "source"
    """The pages from which they were read differ."""


@frozen(kw_only=True)
class Joint:
    """Verdict on a claim by all other claims together.

    The others are all claims of the same system on another quantity: a number that is published
    twice does not confirm itself.

    Parameters
    ----------
    verdict : ClaimVerdict
        Confirmed if the others imply the published number. Consistent if they allow it. Not
        assessable if they cannot exclude any number, or were not all checked. Contradicted if the
        claim belongs to a set that cannot be true.
    message : str
        The reason in one or two sentences.
    others : Interval or None
        The bounds that the others allow: counts, or shares from 0 to 1. The bounds are proved in
        exact arithmetic; a bound of a share can require fractions of persons.
    conflict : tuple of Claim
        A minimal set of other claims that contradict the claim.
    outer : bool
        Whether the bounds of a count are outer bounds, because the search for the exact bounds
        reached its limit. Otherwise a count has the bounds of `thbstats.infer`.
    """

    verdict: ClaimVerdict
    message: str
    others: Interval | None = None
    conflict: tuple[Claim, ...] = ()
    outer: bool = False

    @property
    def is_wrong(self) -> bool:
        """Whether the claim is contradicted."""
        return self.verdict is ClaimVerdict.CONTRADICTED

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as plain data for JSON, with exact numbers as text."""
        others = self.others and [
            end if end is None or isinstance(end, int) else str(end)
            for end in (self.others.lower, self.others.upper)
        ]
        return {
            "verdict": str(self.verdict),
            "message": self.message,
            "others": others,
            "conflict": [claim.id for claim in self.conflict],
            "outer": self.outer,
        }


@frozen(kw_only=True)
class AuditedClaim:
    """A claim with its verdict.

    Parameters
    ----------
    claim : Claim
        The claim.
    verdict : ClaimVerdict
        The verdict on its number, ranking or direction.
    message : str
        The arithmetic, in one or two sentences.
    remark : str
        A remark that is not a contradiction, such as more prosecutions than suspects.
    wording : Fit or None
        The verdict on its qualifying words; ``None`` without such words.
    joint : Joint or None
        The verdict from all other claims; ``None`` if the claim is in no system of counts.
    publication : str
        The id of its publication.
    against : tuple of Claim
        The claims that contradict it.
    differences : tuple of ContradictionReason
        The possible reasons of a contradiction.
    likely_reason : str
        These reasons in a sentence; empty without reasons.
    revision : Claim or None
        The claim of a later publication with another value for the same quantity.
    misquotations : tuple of Claim
        The claims of other pages that quote it with another number.
    """

    claim: Claim
    verdict: ClaimVerdict
    message: str
    remark: str = ""
    wording: Fit | None = None
    joint: Joint | None = None
    publication: str = ""
    against: tuple[Claim, ...] = ()
    differences: tuple[ContradictionReason, ...] = ()
    likely_reason: str = ""
    revision: Claim | None = None
    misquotations: tuple[Claim, ...] = ()

    @property
    def reason(self) -> str:
        """The arithmetic, bounds from other claims, reasons of a contradiction, and a revision."""
        together = "" if self.joint is None else self.joint.message
        later = self.revision
        text, revised = "Revised: {number} in {location}.", ""
        if later is not None:
            revised = Message(text, number=later.printed, location=later.location)
        return paragraph(dict.fromkeys([self.message, together, self.likely_reason, revised]))

    @property
    def has_issue(self) -> bool:
        """Whether the claim has an issue.

        An issue is a contradicted claim, a remark, a doubtful wording, or a conflict with claims
        that can have another area or period.
        """
        doubtful = self.wording is not None and self.wording.verdict is WordVerdict.DOUBTFUL
        conflicting = self.joint is not None and bool(self.joint.conflict)
        contradicted = self.verdict is ClaimVerdict.CONTRADICTED
        return doubtful or conflicting or bool(self.remark) or contradicted

    @property
    def is_qualitative(self) -> bool:
        """Whether the claim has no number, is not assessable and has no issue.

        Outputs list such claims with ``all=True`` only.
        """
        open_ = not self.claim.printed and self.verdict is ClaimVerdict.NOT_ASSESSABLE
        return open_ and not self.has_issue

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as plain data."""
        claim, fit = self.claim, self.wording
        own = ("id", "section", "paragraph", "kind", "printed", "wording")
        return {
            **{name: str(getattr(claim, name)) for name in own},
            "qualitative": self.is_qualitative,
            **{name: str(getattr(self, name)) for name in ("verdict", "message", "remark")},
            "wording_verdict": None if fit is None else str(fit.verdict),
            "wording_message": None if fit is None else fit.reason,
            "publication": self.publication,
            "against": [other.id for other in self.against],
            "differences": [str(item) for item in self.differences],
            "likely_reason": self.likely_reason,
            "revision": None if self.revision is None else self.revision.id,
            "joint": None if self.joint is None else self.joint.to_dict(),
        }


@frozen(kw_only=True)
class Audit(Tabular):
    """Every claim of a publication with its verdict, in the order of the text.

    Parameters
    ----------
    title : str
        The publication.
    claims : tuple of AuditedClaim
        Its claims.
    assumptions : tuple of str
        The assumptions of the joint check.
    conflicts : tuple of tuple of Claim
        The smallest sets of claims that cannot all be true.
    left_open : tuple of str
        The claims that were not checked, with the reason.
    folded : bool
        Whether outputs leave out the qualitative statements and give their number.
    publications : tuple of str
        The ids of the publications, the earliest first.
    """

    title: str
    claims: tuple[AuditedClaim, ...]
    assumptions: tuple[str, ...] = ()
    conflicts: tuple[tuple[Claim, ...], ...] = ()
    left_open: tuple[str, ...] = ()
    folded: bool = True
    publications: tuple[str, ...] = ()

    @property
    def revised(self) -> tuple[AuditedClaim, ...]:
        """The claims that a later publication revises."""
        return tuple(item for item in self.claims if item.revision is not None)

    @property
    def listed(self) -> tuple[AuditedClaim, ...]:
        """The claims that outputs list."""
        return tuple(item for item in self.claims if not (self.folded and item.is_qualitative))

    @property
    def issues(self) -> tuple[AuditedClaim, ...]:
        """The claims with an issue."""
        return tuple(item for item in self.claims if item.has_issue)

    def counts(self) -> Mapping[ClaimVerdict, int]:
        """Return the number of claims by verdict."""
        times = Counter(item.verdict for item in self.claims)
        return {verdict: times[verdict] for verdict in ClaimVerdict}

    def where(self, keep: Callable[[AuditedClaim], bool]) -> "Audit":
        """Return the audit of the claims for which a function is true."""
        return evolve(self, claims=tuple(filter(keep, self.claims)))

    def __len__(self) -> int:
        return len(self.claims)

    def __iter__(self) -> Iterator[AuditedClaim]:
        return iter(self.claims)

    def __getitem__(self, id: str) -> AuditedClaim:
        by_id = {item.claim.id: item for item in self.claims}
        require_name(id, by_id, "must be the id of a claim", field="id")
        return by_id[id]

    def to_dict(self) -> dict[str, Any]:
        """Return the audit as plain data for JSON, with the listed claims."""
        return {
            "title": self.title,
            "publications": list(self.publications),
            "claims": [item.to_dict() for item in self.listed],
            "not_shown": len(self) - len(self.listed),
            "assumptions": list(self.assumptions),
            "conflicts": [[claim.id for claim in claims] for claims in self.conflicts],
            "left_open": list(self.left_open),
        }

    def to_frame(self) -> "pd.DataFrame":
        """Return the audit as a tidy frame, one row per claim."""
        import pandas as pd

        rows = []
        for row in (item.to_dict() for item in self.claims):
            together = row.pop("joint") or {}
            lower, upper = together.get("others") or (None, None)
            rows.append(
                row
                | {
                    "against": ", ".join(row["against"]),
                    "differences": ", ".join(row["differences"]),
                    "joint_verdict": together.get("verdict"),
                    "joint_message": together.get("message"),
                    "others_lower": None if lower is None else float(Fraction(lower)),
                    "others_upper": None if upper is None else float(Fraction(upper)),
                    "conflict": ", ".join(together.get("conflict", ())),
                    "outer": together.get("outer"),
                }
            )
        return pd.DataFrame(rows)

    def display_table(self) -> DisplayTable:
        """Return the audit as a table, one row per listed claim, by section."""
        notes: list[str] = [Message("Verdicts: {numbers}.", numbers=verdict_numbers(self.counts()))]
        if self.issues and len(self.issues) < len(self):
            names = joined((item.claim.id for item in self.issues), ", ")
            notes.append(Message("Issues: {names}.", names=names))
        if self.revised:
            names = joined((item.claim.id for item in self.revised), ", ")
            notes.append(Message("Revised later: {names}.", names=names))
        if hidden := len(self) - len(self.listed):
            singular, plural = (
                "{n} qualitative statement not listed (option all).",
                "{n} qualitative statements not listed (option all).",
            )
            notes.append(Plural(singular, plural, hidden, n=hidden))
        # Contradictory claims, claims that were not checked, and assumptions.
        notes += [
            Message("Contradictory claims: {names}.", names=joined((c.id for c in claims), ", "))
            for claims in self.conflicts[:_MOST_SHOWN]
        ]
        if len(self.conflicts) > _MOST_SHOWN:
            text = "{n} sets of contradictory claims in all."
            notes.append(Message(text, n=len(self.conflicts)))
        notes += [Message("Not checked: {text}.", text=own) for own in self.left_open]
        notes += [Message("Assumption: {text}.", text=own) for own in self.assumptions]
        return audit_table(self.title, Message("Claim"), self._rows(), notes)

    def _rows(self) -> Iterator[Row | Group]:
        for section, items in groupby(self.listed, key=lambda item: item.claim.location):
            yield Group(capitalised(section))
            for item in items:
                claim, fit = item.claim, item.wording
                has_fit = fit is not None and fit.verdict is not WordVerdict.NOT_ASSESSABLE
                wording = Message("{clause}.", clause=quoted(claim.wording))
                words = "" if claim.printed else wording
                fitting = fit.reason if fit and has_fit else ""
                # An issue comes before the arithmetic.
                texts = [words, item.remark, item.reason, fitting]
                if fit is not None and fit.verdict is WordVerdict.DOUBTFUL:
                    texts = [words, item.remark, fitting, item.reason]
                yield verdict_row(claim.id, claim.printed, item.verdict, paragraph(texts))

    def __repr__(self) -> str:
        numbers = verdict_numbers(self.counts())
        return f"<Audit of {escape(self.title)}: {numbers}; {len(self.issues)} issues>"


def audit_table(
    title: str, noun: str, rows: Iterable[Row | Group], notes: list[str]
) -> DisplayTable:
    """Return an audit as a table, one row per claim or figure."""
    return DisplayTable(
        caption=Message("Audit of {title}", title=title),
        columns=[
            noun,
            Column(Message("Published"), "right"),
            Message("Verdict"),
            Message("Reason"),
        ],
        rows=list(rows),
        notes=notes,
    )


def verdict_row(name: str, printed: str, verdict: ClaimVerdict, reason: str) -> Row:
    """Return the row of a claim or a figure in the table of its audit."""
    tone = TONES[verdict]
    return Row([Cell(name), Cell(printed), Cell(code_text(verdict), tone=tone), Cell(reason)])


def verdict_numbers(counts: Mapping[ClaimVerdict, int]) -> str:
    """Return the number of claims or figures by verdict in words."""
    texts = (joined((str(n), code_text(verdict)), " ") for verdict, n in counts.items())
    return joined(texts, ", ")
