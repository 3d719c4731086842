"""Cases of any engine, counted into tables."""

from thbstats.cases.answers import Flags, Listed
from thbstats.cases.combinations import Combination, Combinations
from thbstats.cases.count import count_cases
from thbstats.cases.derived import AgeAt, CitizenshipGroupAt
from thbstats.cases.persons import Conflict, PersonCell, Persons
from thbstats.cases.seen import Seen, SeenValue
from thbstats.cases.store import CaseStore

__all__ = [
    "AgeAt",
    "CaseStore",
    "CitizenshipGroupAt",
    "Combination",
    "Combinations",
    "Conflict",
    "Flags",
    "Listed",
    "PersonCell",
    "Persons",
    "Seen",
    "SeenValue",
    "count_cases",
]
