"""Cases of any engine, counted into tables."""

from thbstats.cases.ages import AgeAt
from thbstats.cases.answers import FlagColumns, ListColumn
from thbstats.cases.citizenship import CitizenshipGroupAt
from thbstats.cases.combinations import Combination, Combinations
from thbstats.cases.persons import Conflict, PersonCell, Persons
from thbstats.cases.store import CaseStore, count_cases
from thbstats.cases.value_counts import ValueCount, ValueCounts

__all__ = [
    "AgeAt",
    "CaseStore",
    "CitizenshipGroupAt",
    "Combination",
    "Combinations",
    "Conflict",
    "FlagColumns",
    "ListColumn",
    "PersonCell",
    "Persons",
    "ValueCount",
    "ValueCounts",
    "count_cases",
]
