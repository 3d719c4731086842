"""Short publications for tests."""

from functools import cache
from typing import Any

from thbstats.claims import Claim, Publication
from thbstats.publications import com_2018_777
from thbstats.reports import Content, content_of


@cache
def reference() -> Content:
    """Return the content of the report on the reference publication, which takes long."""
    return content_of(com_2018_777())


def claim(id: str, **fields: Any) -> Claim:
    """Return a claim, by default a count of registered victims of 2019."""
    defaults = {
        "section": "I",
        "paragraph": "paragraph 1",
        "kind": "count",
        "subject": "victims",
        "area": "EU28",
        "period": "2019",
    }
    if fields.get("subject", "victims") == "victims":
        defaults["status"] = "registered"
    return Claim(id=id, **{**defaults, **fields})


def share(id: str, printed: str, **fields: Any) -> Claim:
    """Return a published percentage, by default of all registered victims."""
    return claim(id, **{"kind": "share", "printed": printed, "base": "all", **fields})


def report(*claims: Claim, **fields: Any) -> Publication:
    """Return a publication with these claims."""
    return Publication(**{"id": "made", "title": "A made report", "claims": claims, **fields})
