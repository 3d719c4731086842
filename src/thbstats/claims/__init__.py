"""Claims of publications as data."""

from thbstats.claims.claim import Claim
from thbstats.claims.claims_document import FORMATS, SCHEMA_VERSION, Problem, read_claims
from thbstats.claims.claims_json_schema import claims_schema, field_descriptions
from thbstats.claims.publication import Publication
from thbstats.claims.relations import (
    CountCell,
    Figures,
    area_of,
    base_key,
    cell_of,
    dimension_of,
    is_settled,
    whole_of,
)
from thbstats.claims.selection import DIMENSIONS, ClaimDirection, ClaimKind, Subject, codes_of
from thbstats.claims.wording import COMMON_FRACTIONS, Wording, read_wording

__all__ = [
    "COMMON_FRACTIONS",
    "DIMENSIONS",
    "FORMATS",
    "SCHEMA_VERSION",
    "Claim",
    "ClaimDirection",
    "ClaimKind",
    "CountCell",
    "Figures",
    "Problem",
    "Publication",
    "Subject",
    "Wording",
    "area_of",
    "base_key",
    "cell_of",
    "claims_schema",
    "codes_of",
    "dimension_of",
    "field_descriptions",
    "is_settled",
    "read_claims",
    "read_wording",
    "whole_of",
]
