"""What became of each claim of a publication."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from thbstats.auditing.words import Fit, WordVerdict
from thbstats.claims import Claim
from thbstats.display import Cell, Column, Sheet, Shown
from thbstats.errors import UnknownName, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TONES", "Audit", "AuditedClaim", "ClaimVerdict"]


class ClaimVerdict(StrEnum):
    """What holding a claim against the rest of its publication showed."""

    CONFIRMED = "confirmed"
    """Other figures, put together, give exactly this."""
    CONSISTENT = "consistent"
    """Other figures allow it, and could have forbidden it."""
    CONTRADICTED = "contradicted"
    """Other figures forbid it."""
    CANNOT_TELL = "cannot_tell"
    """Nothing printed bears on it."""


TONES = {
    ClaimVerdict.CONFIRMED: "good",
    ClaimVerdict.CONSISTENT: "plain",
    ClaimVerdict.CONTRADICTED: "bad",
    ClaimVerdict.CANNOT_TELL: "muted",
}


@frozen(kw_only=True)
class AuditedClaim:
    """A claim with its verdict.

    Parameters
    ----------
    claim : Claim
        The claim.
    verdict : ClaimVerdict
        Of its number, ranking or direction.
    message : str
        The arithmetic, in a sentence or two.
    remark : str
        What is odd about it although nothing contradicts it, such as stages that run backwards.
    words : Fit or None
        Of its qualifying words, judged apart; ``None`` where it has none.
    """

    claim: Claim
    verdict: ClaimVerdict
    message: str
    remark: str = ""
    words: Fit | None = None

    @property
    def is_finding(self) -> bool:
        """Whether a reader should know: contradicted, odd, or with words that do not fit."""
        doubtful = self.words is not None and self.words.verdict is WordVerdict.DOUBTFUL
        return doubtful or bool(self.remark) or self.verdict is ClaimVerdict.CONTRADICTED

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as plain data."""
        claim = self.claim
        return {
            "id": claim.id,
            "section": claim.section,
            "paragraph": claim.paragraph,
            "kind": str(claim.kind),
            "printed": claim.printed,
            "words": claim.words,
            "verdict": str(self.verdict),
            "message": self.message,
            "remark": self.remark,
            "words_verdict": None if self.words is None else str(self.words.verdict),
            "words_message": None if self.words is None else self.words.reason,
        }


def _tuple(claims: Iterable[AuditedClaim]) -> tuple[AuditedClaim, ...]:
    return tuple(claims)


@frozen(kw_only=True)
class Audit(Shown):
    """Every claim of a publication with its verdict, in the order of the text.

    Parameters
    ----------
    title : str
        The publication.
    claims : tuple of AuditedClaim
        Its claims.
    """

    title: str
    claims: tuple[AuditedClaim, ...] = field(converter=_tuple)

    @property
    def findings(self) -> tuple[AuditedClaim, ...]:
        """The claims that a reader should know about."""
        return tuple(item for item in self.claims if item.is_finding)

    def counts(self) -> Mapping[ClaimVerdict, int]:
        """Return how many claims have each verdict."""
        times = Counter(item.verdict for item in self.claims)
        return {verdict: times[verdict] for verdict in ClaimVerdict}

    def where(self, keep: Callable[[AuditedClaim], bool]) -> "Audit":
        """Return the part of the audit that a function keeps."""
        return Audit(title=self.title, claims=filter(keep, self.claims))

    def __len__(self) -> int:
        return len(self.claims)

    def __iter__(self) -> Iterator[AuditedClaim]:
        return iter(self.claims)

    def __getitem__(self, id: str) -> AuditedClaim:
        for item in self.claims:
            if item.claim.id == id:
                return item
        raise UnknownName(
            "no such claim",
            field="id",
            value=id,
            mend=did_you_mean(id, [item.claim.id for item in self.claims]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the audit as plain data that JSON can hold."""
        return {"title": self.title, "claims": [item.to_dict() for item in self.claims]}

    def to_frame(self) -> "pd.DataFrame":
        """Return the audit as a tidy frame, one row per claim."""
        import pandas as pd

        return pd.DataFrame([item.to_dict() for item in self.claims])

    def sheet(self) -> Sheet:
        """Return the audit as a sheet, one row per claim."""
        return Sheet(
            caption=f"Audit of {self.title}",
            columns=["claim", "section", Column("printed", "right"), "verdict", "why"],
            rows=[_row(item) for item in self.claims],
            notes=[f"{verdict.replace('_', ' ')}: {n}" for verdict, n in self.counts().items()],
        )

    def __repr__(self) -> str:
        told = ", ".join(f"{n} {verdict.replace('_', ' ')}" for verdict, n in self.counts().items())
        return f"<Audit of {self.title}: {told}; {len(self.findings)} findings>"


def _row(item: AuditedClaim) -> list[Cell]:
    claim = item.claim
    told = item.words is not None and item.words.verdict is not WordVerdict.CANNOT_TELL
    texts = [item.message, item.remark, item.words.reason if item.words and told else ""]
    return [
        Cell(claim.id),
        Cell(claim.section),
        Cell(claim.printed or claim.words),
        Cell(item.verdict.replace("_", " "), tone=TONES[item.verdict]),
        Cell(" ".join(filter(None, texts))),
    ]
