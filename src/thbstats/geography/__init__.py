"""Countries, citizenships, areas, and membership of the European Union."""

from typing import TYPE_CHECKING

from thbstats.geography.areas import (
    ACCESSIONS,
    COMPOSITIONS,
    WITHDRAWALS,
    Area,
    composition_on,
    eu_members,
    is_eu_member,
    membership_changes,
    same_members,
    straddles_change,
)
from thbstats.geography.citizenship import citizenship_group, parse_citizenship
from thbstats.geography.countries import (
    Country,
    Region,
    read_countries,
    read_dissolved_states,
    read_regions,
)
from thbstats.geography.spellings import (
    country_name,
    parse_country,
    repair_name,
    suggest,
    with_successors,
)

__all__ = [
    "ACCESSIONS", "COMPOSITIONS", "COUNTRIES", "DISSOLVED_STATES", "WITHDRAWALS", "Area", "Country",
    "Region", "citizenship_group", "composition_on", "country_name", "eu_members", "is_eu_member",
    "membership_changes", "parse_citizenship", "parse_country", "read_regions", "repair_name",
    "same_members", "straddles_change", "suggest", "with_successors",
]  # fmt: skip

if TYPE_CHECKING:
    #: Current countries, in the order of codes.
    COUNTRIES: tuple[Country, ...]
    #: Dissolved states with successors.
    DISSOLVED_STATES: tuple[Country, ...]
else:
    # The files are read at first use, not at import. Type checkers do not see this function:
    # otherwise they accept any attribute of the package.
    def __getattr__(name: str) -> tuple[Country, ...]:
        if name == "COUNTRIES":
            return read_countries()
        if name == "DISSOLVED_STATES":
            return read_dissolved_states()
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
