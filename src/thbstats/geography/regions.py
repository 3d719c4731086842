"""Regions and sub-regions of the United Nations (M49)."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from attrs import frozen

from thbstats.geography.countries import read_rows


@frozen(kw_only=True)
class Region:
    """Region or sub-region of M49.

    Antarctica, Kosovo and Taiwan are in no region of M49.

    Parameters
    ----------
    m49 : str
        Three digits.
    name : str
        English name. The sub-region Micronesia is "Micronesia (region)", because a country has
        the same name.
    synonyms : tuple of str
        Other English names.
    parts : tuple of str
        M49 codes of the sub-regions; empty for a region of countries.
    members : frozenset of str
        Country codes.

    References
    ----------
    United Nations Statistics Division, Standard country or area codes for statistical use (M49).
    The regions equal those of all 198 countries in UNODC's GLOTIP data of 14 April 2025.
    """

    m49: str
    name: str
    synonyms: tuple[str, ...]
    parts: tuple[str, ...]
    members: frozenset[str]


@cache
def read_regions() -> Mapping[str, Region]:
    """Return the regions by M49 code; a region stands before its sub-regions.

    Examples
    --------
    >>> sorted(read_regions()["155"].members)
    ['AT', 'BE', 'CH', 'DE', 'FR', 'LI', 'LU', 'MC', 'NL']
    """
    rows = {row["m49"]: row for row in read_rows("regions.csv")}

    def members(code: str) -> frozenset[str]:
        return frozenset(rows[code]["members"]).union(*map(members, rows[code]["parts"]))

    return MappingProxyType(
        {code: Region(**{**row, "members": members(code)}) for code, row in rows.items()}
    )
