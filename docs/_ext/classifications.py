"""Tables of the further dimensions, made from the classifications of the library."""

from collections.abc import Iterable

from catalogue import table

from thbstats.vocabulary import Category, Classification, bundled_classification

SOURCES = {"htcds": "HTCDS", "ctdc": "CTDC", "glotip": "GLOTIP", "eurostat": "Eurostat"}
IMPLICIT = ("total", "unknown", "not_stated")
SECTIONS = {
    "victims and trafficking": (
        "act", "means_of_trafficking", "purpose", "means_of_control", "sector", "duration",
        "place_of_exploitation",
        "country_of_repatriation",
        "country_of_exploitation", "recruitment_method", "recruiter_relation", "perpetrator_role",
    ),
    "identification and assistance": (
        "identification_decision", "assistance", "compensation_source",
    ),
    "victims and perpetrators": (
        "region_of_origin", "region_of_exploitation", "perpetrator_sex", "perpetrator_age",
        "perpetrator_region", "perpetrator_relation", "perpetrator_payment",
    ),
    "criminal justice": (
        "prosecution_decision", "court_judgment", "court_instance", "sentence", "kind_of_person",
        "asset_measure",
        "currency",
    ),
}  # fmt: skip
"""The classifications of each section of the page."""


def section(names: Iterable[str]) -> str:
    """Return the definition, the source and the categories of some classifications."""
    return "\n\n".join(_classification(bundled_classification(name)) for name in names)


def _classification(classification: Classification) -> str:
    kind = "breakdown" if classification.kind == "breakdown" else "attribute of a row"
    rows = [_row(own) for own in classification.categories if own.code not in IMPLICIT]
    head = ["code", "label", "within", "notation", *SOURCES.values()]
    head += ["compared", "also read", "note"]
    filled = [place for place in range(len(head)) if place < 2 or any(row[place] for row in rows)]
    return "\n\n".join(
        [
            f"### {classification.title}",
            f"`{classification.name}`, {kind}. {classification.definition.strip()}",
            f"Source: {classification.source}",
            table([head[i] for i in filled], [[row[i] for i in filled] for row in rows]),
        ]
    )


def _row(category: Category) -> list[str]:
    within = category.parent if category.parent not in (None, "total") else ""
    return [
        f"`{category.code}`",
        category.label,
        f"`{within}`" if within else "",
        category.notation,
        *(
            ", ".join(f"`{term}`" for term in category.crosswalk.get(source, ()))
            for source in SOURCES
        ),
        "" if category.is_verified else "no",
        ", ".join(category.synonyms),
        " ".join(text for text in (category.definition, category.note) if text),
    ]


PAGES = {
    f"classifications of {name}": (lambda names=names: section(names))
    for name, names in SECTIONS.items()
}
