"""Countries, areas as sets of countries, and membership of the European Union through time."""

from typing import TYPE_CHECKING

from thbstats.geography.areas import (
    COMPOSITIONS,
    Area,
    composition_on,
    parse_area,
    same_members,
    without,
)
from thbstats.geography.citizenship import citizenship_group
from thbstats.geography.countries import Country, country_name, parse_country, read_countries
from thbstats.geography.membership import (
    ACCESSIONS,
    WITHDRAWALS,
    eu_members,
    is_eu_member,
    membership_changes,
    straddles_change,
)

__all__ = [
    "ACCESSIONS",
    "COMPOSITIONS",
    "COUNTRIES",
    "WITHDRAWALS",
    "Area",
    "Country",
    "citizenship_group",
    "composition_on",
    "country_name",
    "eu_members",
    "is_eu_member",
    "membership_changes",
    "parse_area",
    "parse_country",
    "same_members",
    "straddles_change",
    "without",
]

if TYPE_CHECKING:
    #: Every country, in the order of the codes.
    COUNTRIES: tuple[Country, ...]
else:
    # The file is read when first asked for, not at import. Type checkers do not see this
    # function, or they would take every misspelt name of the package for a country list.
    def __getattr__(name: str) -> tuple[Country, ...]:
        if name == "COUNTRIES":
            return read_countries()
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
