"""Issues in a publication or in data."""

from collections.abc import Iterator

from thbstats.auditing import AuditedClaim, ClaimVerdict, WordVerdict
from thbstats.claims import Claim
from thbstats.display import Bullets, count
from thbstats.exchange import ReadLog
from thbstats.reports.content import Content
from thbstats.reports.naming import capitalised, sentence
from thbstats.reports.section import Section

__all__ = ["DATA_ISSUES", "ISSUES", "issue_texts"]

_MAX_ISSUES = 8
"""The number of issues that are printed; the annex contains all."""


def issue_texts(item: AuditedClaim) -> list[str]:
    """Return the issues of a claim: of its number, of its words, and a remark.

    Parameters
    ----------
    item : AuditedClaim
        The claim with its verdict.
    """
    doubtful = item.wording is not None and item.wording.verdict is WordVerdict.DOUBTFUL
    texts = [
        item.reason if item.verdict in (ClaimVerdict.CONTRADICTED, ClaimVerdict.DISPUTED) else "",
        item.wording.reason if item.wording is not None and doubtful else "",
        item.remark,
    ]
    return [text for text in texts if text] or [item.reason]


def _publication(content: Content) -> Iterator[Bullets | str]:
    """Yield the issues of claims, and the results of all checks."""
    if content.of != "publication" or not content.audit:
        return
    items = [_issue(item) for item in content.audit.issues]
    more = len(items) - _MAX_ISSUES
    if items:
        yield Bullets(items[:_MAX_ISSUES], numbered=True)
        if more > 0:
            yield f"{count(more)} more issues are in the annex."
    else:
        yield "No issue was found."
    yield _checks(content)


ISSUES = Section("issues", "Issues in the publication", _publication)
"""Contradicted figures, doubtful words and remarks."""


def _issue(item: AuditedClaim) -> str:
    place, text = capitalised(item.claim.location), " ".join(issue_texts(item))
    return text if text.startswith(place) else f"{place}: {text}"


def _checks(content: Content) -> str:
    """Return the number of claims by verdict."""
    numeric = content.audit.where(lambda item: _is_numeric(item.claim))
    numbers = numeric.counts()
    found = (
        f"{count(number)} {verdict.replace('_', ' ')}"
        for verdict, number in numbers.items()
        if number or verdict in (ClaimVerdict.CONSISTENT, ClaimVerdict.CONTRADICTED)
    )
    return (
        f"Checks: {count(len(content.audit))} statements, {count(len(numeric))} with a number: "
        f"{', '.join(found)}. The annex contains the arithmetic."
    )


def _is_numeric(claim: Claim) -> bool:
    return claim.count is not None or claim.rounded is not None or claim.rate is not None


def _data(content: Content) -> Iterator[Bullets | str]:
    """Yield contradictory counts, and problems of the file."""
    if content.of != "counts":
        return
    texts: dict[str, None] = {}
    for item in content.indicators:
        texts |= {
            sentence(found.text): None
            for found in item.result.contradictions
            if found.code == "contradictory"
        }
    logs = [item for item in content.formatted if isinstance(item, ReadLog)]
    for log in logs:
        if log.codes:
            texts[f"Problems of the file: {', '.join(log.codes)} (see Details)."] = None
    items = list(texts)
    if items:
        yield Bullets(items[:_MAX_ISSUES], numbered=True)
    else:
        yield "No issue was found."
    if len(items) > _MAX_ISSUES:
        yield f"{count(len(items) - _MAX_ISSUES)} more issues are in the data."
    yield from (f"{log.display_table().caption}." for log in logs)


DATA_ISSUES = Section("data_issues", "Issues in the data", _data)
"""Contradictory counts, and the problems of a file."""
