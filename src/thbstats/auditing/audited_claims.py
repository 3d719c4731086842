"""What became of each claim of a publication."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from thbstats.auditing.contradiction_reasons import ContradictionReason
from thbstats.auditing.wording_fit import Fit, WordVerdict
from thbstats.claims import Claim
from thbstats.display import Cell, Column, Displayable, DisplayTable, Group, Row
from thbstats.errors import UnknownName, did_you_mean
from thbstats.values import Interval, Rational

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TONES", "Audit", "AuditedClaim", "ClaimVerdict", "Joint"]


class ClaimVerdict(StrEnum):
    """What holding a claim against the rest of its publication showed."""

    CONFIRMED = "confirmed"
    """Other figures, put together, give exactly this."""
    CONSISTENT = "consistent"
    """Other figures allow it, and could have forbidden it."""
    CONTRADICTED = "contradicted"
    """Other figures forbid it: without it, all others can be true."""
    DISPUTED = "disputed"
    """It is one of several figures that cannot all be true; one of these is wrong."""
    NOT_ASSESSABLE = "not_assessable"
    """Nothing printed bears on it."""


TONES = {
    ClaimVerdict.CONFIRMED: "good",
    ClaimVerdict.CONSISTENT: "plain",
    ClaimVerdict.CONTRADICTED: "bad",
    ClaimVerdict.DISPUTED: "bad",
    ClaimVerdict.NOT_ASSESSABLE: "muted",
}

_MOST_SHOWN = 10
"""Sets of claims that are shown where people read."""


def _claims(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(claims)


def _differences(found: Iterable[ContradictionReason]) -> tuple[ContradictionReason, ...]:
    return tuple(found)


@frozen(kw_only=True)
class Joint:
    """What all other claims together say of one.

    The others are all that enter the same system and say something else: a number that is printed
    twice does not confirm itself.

    Parameters
    ----------
    verdict : ClaimVerdict
        Confirmed where the others prove that the number is printed so, consistent where some
        tables that fit the others have such a number, not assessable where the others could not
        forbid any or were not all checked. Contradicted where the claim is in every smallest set
        of claims that cannot all be true, of those sets that share claims with its own; disputed
        where it is in some of them, so that it or another is wrong.
    message : str
        The same in a sentence or two.
    others : Interval or None
        What the others leave for its number: counts, or shares with 1 for the whole. It is proved
        in exact arithmetic that nothing is outside; a share at its ends can be one that only
        tables of fractions have.
    conflict : tuple of Claim
        The others with which it cannot be true together, as few as possible.
    outer : bool
        Whether the ends are outer bounds of a count: the exact ones were not found within the
        steps of a search, and can be narrower. Otherwise a count has the bounds of
        `thbstats.infer`.
    """

    verdict: ClaimVerdict
    message: str
    others: Interval | None = None
    conflict: tuple[Claim, ...] = field(converter=_claims, default=())
    outer: bool = False

    @property
    def is_wrong(self) -> bool:
        """Whether it cannot be true together with the others, or one of them is wrong."""
        return self.verdict in (ClaimVerdict.CONTRADICTED, ClaimVerdict.DISPUTED)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data that JSON can hold; exact numbers are texts."""
        ends = (None, None) if self.others is None else (self.others.lower, self.others.upper)
        return {
            "verdict": str(self.verdict),
            "message": self.message,
            "others": None if self.others is None else [_plain(end) for end in ends],
            "conflict": [claim.id for claim in self.conflict],
            "outer": self.outer,
        }


def _plain(number: Rational | None) -> int | str | None:
    return number if number is None or isinstance(number, int) else str(number)


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
        The arithmetic against other claims one at a time, in a sentence or two.
    remark : str
        What is odd about it although nothing contradicts it, such as stages that run backwards.
    wording : Fit or None
        Of its qualifying words, judged apart; ``None`` where it has none.
    joint : Joint or None
        What all others together say of it; ``None`` where it enters no system.
    publication : str
        The id of the publication in which it stands.
    against : tuple of Claim
        The claims with which it was compared one at a time where they contradict it.
    differences : tuple of Difference
        How it differs from the claims that contradict it, which can explain that.
    likely_reason : str
        The same in a sentence; empty where nothing contradicts it, or no difference is known.
    revision : Claim or None
        The claim of a later publication with another value for the same quantity.
    """

    claim: Claim
    verdict: ClaimVerdict
    message: str
    remark: str = ""
    wording: Fit | None = None
    joint: Joint | None = None
    publication: str = ""
    against: tuple[Claim, ...] = field(converter=_claims, default=())
    differences: tuple[ContradictionReason, ...] = field(converter=_differences, default=())
    likely_reason: str = ""
    revision: Claim | None = None

    @property
    def reason(self) -> str:
        """The arithmetic, against others one at a time and all together; reasons; a revision."""
        together = "" if self.joint is None else self.joint.message
        later = self.revision
        revised = "" if later is None else f"Revised: {later.printed} in {later.place}."
        return " ".join(filter(None, [self.message, together, self.likely_reason, revised]))

    @property
    def is_finding(self) -> bool:
        """Whether a reader should know: contradicted, disputed, odd, or with words that do not fit.

        So is what cannot be true together with others, if the text does not say that all are of
        one place and time.
        """
        doubtful = self.wording is not None and self.wording.verdict is WordVerdict.DOUBTFUL
        conflicting = self.joint is not None and bool(self.joint.conflict)
        contradicted = self.verdict in (ClaimVerdict.CONTRADICTED, ClaimVerdict.DISPUTED)
        return doubtful or conflicting or bool(self.remark) or contradicted

    @property
    def is_qualitative(self) -> bool:
        """Whether it has no number, no other figure bears on it, and it is no issue.

        Outputs do not list such claims unless they are asked for.
        """
        open_ = not self.claim.printed and self.verdict is ClaimVerdict.NOT_ASSESSABLE
        return open_ and not self.is_finding

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as plain data."""
        claim = self.claim
        return {
            "id": claim.id,
            "section": claim.section,
            "paragraph": claim.paragraph,
            "kind": str(claim.kind),
            "printed": claim.printed,
            "wording": claim.wording,
            "qualitative": self.is_qualitative,
            "verdict": str(self.verdict),
            "message": self.message,
            "remark": self.remark,
            "wording_verdict": None if self.wording is None else str(self.wording.verdict),
            "wording_message": None if self.wording is None else self.wording.reason,
            "publication": self.publication,
            "against": [claim.id for claim in self.against],
            "differences": [str(each) for each in self.differences],
            "likely_reason": self.likely_reason,
            "revision": None if self.revision is None else self.revision.id,
            "joint": None if self.joint is None else self.joint.to_dict(),
        }


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _sets(sets: Iterable[Iterable[Claim]]) -> tuple[tuple[Claim, ...], ...]:
    return tuple(tuple(claims) for claims in sets)


def _tuple(claims: Iterable[AuditedClaim]) -> tuple[AuditedClaim, ...]:
    return tuple(claims)


@frozen(kw_only=True)
class Audit(Displayable):
    """Every claim of a publication with its verdict, in the order of the text.

    Parameters
    ----------
    title : str
        The publication.
    claims : tuple of AuditedClaim
        Its claims.
    assumptions : tuple of str
        What was assumed to hold all claims against each other.
    conflicts : tuple of tuple of Claim
        The smallest sets of claims that cannot all be true.
    left_open : tuple of str
        What was not checked, and why: a limit of time or work was reached.
    folded : bool
        Whether outputs leave out the qualitative statements and give their number.
    publications : tuple of str
        The ids of the publications, the earliest first.
    """

    title: str
    claims: tuple[AuditedClaim, ...] = field(converter=_tuple)
    assumptions: tuple[str, ...] = field(converter=_texts, default=())
    conflicts: tuple[tuple[Claim, ...], ...] = field(converter=_sets, default=())
    left_open: tuple[str, ...] = field(converter=_texts, default=())
    folded: bool = True
    publications: tuple[str, ...] = field(converter=_texts, default=())

    @property
    def revised(self) -> tuple[AuditedClaim, ...]:
        """The claims of which a later publication has another value."""
        return tuple(item for item in self.claims if item.revision is not None)

    @property
    def listed(self) -> tuple[AuditedClaim, ...]:
        """The claims that outputs list."""
        return tuple(item for item in self.claims if not (self.folded and item.is_qualitative))

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
        return evolve(self, claims=filter(keep, self.claims))

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
            hint=did_you_mean(id, [item.claim.id for item in self.claims]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the audit as plain data that JSON can hold; `folded` decides which claims."""
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

        return pd.DataFrame([_flat(item) for item in self.claims])

    def display_table(self) -> DisplayTable:
        """Return the audit as a sheet, one row per listed claim under its section."""
        notes = [f"{verdict.replace('_', ' ')}: {n}" for verdict, n in self.counts().items()]
        if self.findings and len(self.findings) < len(self):
            notes.append(f"Issues: {', '.join(item.claim.id for item in self.findings)}.")
        if self.revised:
            notes.append(f"Revised later: {', '.join(item.claim.id for item in self.revised)}.")
        if hidden := len(self) - len(self.listed):
            noun = "statement" if hidden == 1 else "statements"
            notes.append(f"{hidden} qualitative {noun} not shown (`--all`, or `all=True`).")
        return DisplayTable(
            caption=f"Audit of {self.title}",
            columns=["claim", Column("printed", "right"), "verdict", "why"],
            rows=list(self._rows()),
            notes=[*notes, *self._notes()],
        )

    def _notes(self) -> Iterator[str]:
        """Yield what cannot all be true, what was not checked, and what was assumed."""
        for claims in self.conflicts[:_MOST_SHOWN]:
            yield f"Cannot all be true: {', '.join(claim.id for claim in claims)}."
        if len(self.conflicts) > _MOST_SHOWN:
            yield f"There are {len(self.conflicts)} such sets."
        yield from (f"Left open: {text}." for text in self.left_open)
        yield from (f"Assumed: {text}." for text in self.assumptions)

    def _rows(self) -> Iterator[Row | Group]:
        for section, items in groupby(self.listed, key=lambda item: item.claim.place):
            place = section.removeprefix("the ")
            yield Group(place[:1].upper() + place[1:])
            yield from map(_row, items)

    def __repr__(self) -> str:
        told = ", ".join(f"{n} {verdict.replace('_', ' ')}" for verdict, n in self.counts().items())
        return f"<Audit of {self.title}: {told}; {len(self.findings)} findings>"


def _row(item: AuditedClaim) -> Row:
    """A claim as a row; words without a number are quoted where there is room for them."""
    claim = item.claim
    told = item.wording is not None and item.wording.verdict is not WordVerdict.NOT_ASSESSABLE
    texts = [
        "" if claim.printed else f"{claim.wording!r}.",
        item.reason,
        item.remark,
        item.wording.reason if item.wording and told else "",
    ]
    return Row(
        [
            Cell(claim.id),
            Cell(claim.printed),
            Cell(item.verdict.replace("_", " "), tone=TONES[item.verdict]),
            Cell(" ".join(filter(None, texts))),
        ]
    )


def _flat(item: AuditedClaim) -> dict[str, Any]:
    """A claim as a row: what all others say in columns of their own."""
    row = item.to_dict()
    together = row.pop("joint") or {}
    lower, upper = together.get("others") or (None, None)
    return row | {
        "against": ", ".join(row["against"]),
        "differences": ", ".join(row["differences"]),
        "joint_verdict": together.get("verdict"),
        "joint_message": together.get("message"),
        "others_lower": None if lower is None else float(Fraction(lower)),
        "others_upper": None if upper is None else float(Fraction(upper)),
        "conflict": ", ".join(together.get("conflict", ())),
        "outer": together.get("outer"),
    }
