"""Countries and citizenships as sources write them, areas, and the European Union through time."""

from typing import TYPE_CHECKING

from thbstats.geography.areas import (
    COMPOSITIONS,
    Area,
    composition_on,
    same_members,
)
from thbstats.geography.citizenship import citizenship_group, parse_citizenship
from thbstats.geography.countries import Country, read_countries, read_dissolved_states
from thbstats.geography.membership import (
    ACCESSIONS,
    WITHDRAWALS,
    eu_members,
    is_eu_member,
    membership_changes,
    straddles_change,
)
from thbstats.geography.names import country_name, parse_country, with_successors
from thbstats.geography.spellings import repaired, suggest

__all__ = [
    "ACCESSIONS",
    "COMPOSITIONS",
    "COUNTRIES",
    "DISSOLVED_STATES",
    "WITHDRAWALS",
    "Area",
    "Country",
    "citizenship_group",
    "composition_on",
    "country_name",
    "eu_members",
    "is_eu_member",
    "membership_changes",
    "parse_citizenship",
    "parse_country",
    "repaired",
    "same_members",
    "straddles_change",
    "suggest",
    "with_successors",
]

if TYPE_CHECKING:
    #: Every country of today, in the order of the codes.
    COUNTRIES: tuple[Country, ...]
    #: States that are no more and whose people are now citizens of others.
    DISSOLVED_STATES: tuple[Country, ...]
else:
    # The files are read when first asked for, not at import. Type checkers do not see this
    # function, or they would take every misspelt name of the package for a country list.
    def __getattr__(name: str) -> tuple[Country, ...]:
        if name == "COUNTRIES":
            return read_countries()
        if name == "DISSOLVED_STATES":
            return read_dissolved_states()
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
