"""Rankings against the shares that they rank, and against who belongs to a group."""

from thbstats.auditing.audited import ClaimVerdict
from thbstats.auditing.verdict import Judgement, cannot_tell
from thbstats.claims import Claim, Figures
from thbstats.geography import COMPOSITIONS, country_name, eu_members

__all__ = ["judge"]


def judge(figures: Figures, claim: Claim) -> Judgement:
    """Return what the other claims, and membership of the EU, say of a ranking."""
    if claim.of.get("citizenship") in ("eu", "non_eu"):
        return _members(claim)
    shares = _shares(figures, claim)
    listed = [share for code, share in shares.items() if code in claim.ranks]
    others = [share for code, share in shares.items() if code not in claim.ranks]
    if len(listed) < len(claim.ranks) or not others:
        return cannot_tell("No figures are printed for what it ranks.")
    message = f"{_told(listed)} against {_told(others)}."
    least = min(share.percent.lower for share in listed if share.percent)
    most = max(share.percent.upper for share in others if share.percent)
    if least >= most:
        return Judgement(verdict=ClaimVerdict.CONFIRMED, message=message)
    if max(s.percent.upper for s in listed if s.percent) < min(
        share.percent.lower for share in others if share.percent
    ):
        return Judgement(verdict=ClaimVerdict.CONTRADICTED, message=message)
    return Judgement(verdict=ClaimVerdict.CONSISTENT, message=message)


def _told(shares: list[Claim]) -> str:
    return ", ".join(f"{' '.join(share.category.values())} {share.printed}" for share in shares)


def _shares(figures: Figures, claim: Claim) -> dict[str, Claim]:
    """The percentages of the categories that a ranking orders, each once."""
    found: dict[str, Claim] = {}
    for share in figures.claims:
        same = (share.area, share.period, share.of) == (claim.area, claim.period, claim.of)
        if share.percent is not None and same and set(share.category) == {claim.base_dimension}:
            found.setdefault(share.category[claim.base_dimension], share)
    return found


def _members(claim: Claim) -> Judgement:
    """Whether those listed as EU or non-EU citizens are that, in the composition named."""
    composition = COMPOSITIONS.get(claim.area)
    if composition is not None:
        members, name = composition.members, composition.code
    elif claim.period.end is not None:
        members, name = eu_members(claim.period.end), f"the EU at the end of {claim.period}"
    else:
        return cannot_tell("Neither area nor period says who was a member of the EU.")
    inside = claim.of["citizenship"] == "eu"
    wrong = [code for code in claim.ranks if (code in members) != inside]
    belong = f"{'are' if inside else 'are not'} members of {name}"
    if wrong:
        names = ", ".join(country_name(code) for code in wrong)
        return Judgement(
            verdict=ClaimVerdict.CONTRADICTED,
            message=f"{names}: not all of those listed {belong}.",
        )
    return Judgement(
        verdict=ClaimVerdict.CONSISTENT,
        message=f"The {len(claim.ranks)} countries listed {belong}; their counts are not printed.",
    )
