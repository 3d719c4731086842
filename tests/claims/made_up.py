"""Synthetic publications, written as claims files to test the reader too."""

import json
from itertools import count as numbers
from typing import Any

from thbstats.claims import Publication, read_claims

HEAD = 'schema_version = 1\n[report]\nid = "made-up"\ntitle = "A made-up report"\n'
USUAL = {
    "section": "II",
    "paragraph": "paragraph 1",
    "subject": "victims",
    "status": "registered",
    "area": "EU28",
    "period": "2015-2016",
}


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(code)}" for name, code in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def _claim(fields: dict[str, Any]) -> str:
    lines = (f"{name} = {_toml(value)}" for name, value in fields.items() if value is not None)
    return "\n".join(["[[claim]]", *lines])


def report(*claims: dict[str, Any]) -> Publication:
    """Return the report that a claims file with these claims describes."""
    order = numbers(1)
    named = [{"id": f"claim-{next(order)}"} | USUAL | claim for claim in claims]
    # Only victims have a status; a claim leaves a usual field out by giving None.
    for claim in named:
        if claim["subject"] != "victims":
            claim["status"] = None
    return read_claims(HEAD + "\n".join(map(_claim, named)))


def count(printed: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "count", "printed": printed} | fields


def share(printed: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "share", "printed": printed, "base": "all"} | fields


def recorded(printed: str, form: str, **fields: Any) -> dict[str, Any]:
    """Return a share of those with a recorded form of exploitation."""
    category = {"exploitation": form}
    return share(printed, category=category, base="known", **fields)


def ranking(*ranks: str, **fields: Any) -> dict[str, Any]:
    values = {"kind": "ranking", "wording": "most", "base_dimension": "exploitation"}
    return values | {"ranks": list(ranks)} | fields


def direction(way: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "direction", "wording": "changes", "direction": way} | fields


SEXUAL = {"exploitation": "sexual"}
LABOUR = {"exploitation": "labour"}
FEMALE = {"sex": "female"}
