"""What a publication says, as data: each printed figure, ranking and direction is a claim."""

from thbstats.claims.cells import (
    Cell,
    base_key,
    cell_of,
    dimension_of,
    is_settled,
    place_of,
    whole_of,
)
from thbstats.claims.claim import Claim
from thbstats.claims.document import FORMATS
from thbstats.claims.figures import Figures
from thbstats.claims.kinds import BASES, ClaimKind, Direction, Subject
from thbstats.claims.printed import parse_number
from thbstats.claims.problem import Problem
from thbstats.claims.read import SCHEMA_VERSION, read_claims
from thbstats.claims.report import Publication
from thbstats.claims.schema import claims_schema, described
from thbstats.claims.selection import DIMENSIONS, Selection, codes_of
from thbstats.claims.wording import COMMON_FRACTIONS, Wording, named_fraction, read_wording

__all__ = [
    "BASES",
    "COMMON_FRACTIONS",
    "DIMENSIONS",
    "FORMATS",
    "SCHEMA_VERSION",
    "Cell",
    "Claim",
    "ClaimKind",
    "Direction",
    "Figures",
    "Problem",
    "Publication",
    "Selection",
    "Subject",
    "Wording",
    "base_key",
    "cell_of",
    "claims_schema",
    "codes_of",
    "described",
    "dimension_of",
    "is_settled",
    "named_fraction",
    "parse_number",
    "place_of",
    "read_claims",
    "read_wording",
    "whole_of",
]
