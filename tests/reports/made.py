"""Publications made for a test, as short as they can be."""

from typing import Any

from thbstats.claims import Claim, Publication


def claim(id: str, **fields: Any) -> Claim:
    """Return a claim on registered victims of 2019, unless said otherwise."""
    given = {
        "section": "I",
        "paragraph": "paragraph 1",
        "kind": "count",
        "subject": "victims",
        "area": "EU28",
        "period": "2019",
    }
    if fields.get("subject", "victims") == "victims":
        given["status"] = "registered"
    return Claim(id=id, **{**given, **fields})


def share(id: str, printed: str, **fields: Any) -> Claim:
    """Return a printed percentage of all registered victims, unless said otherwise."""
    return claim(id, **{"kind": "share", "printed": printed, "base": "all", **fields})


def report(*claims: Claim, **fields: Any) -> Publication:
    """Return a publication with these claims."""
    return Publication(**{"id": "made", "title": "A made report", "claims": claims, **fields})
