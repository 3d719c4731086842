"""Cases of any engine, counted into tables."""

from thbstats.cases.answers import AnswerColumns, FlagColumns, ListColumn
from thbstats.cases.derivations import AgeAt, AgeInYears, CitizenshipGroupAt
from thbstats.cases.persons import Conflict, PersonCell, Persons
from thbstats.cases.results import Combination, Combinations, ValueCount, ValueCounts
from thbstats.cases.store import CaseStore, count_cases

__all__ = [
    "AgeAt",
    "AgeInYears",
    "AnswerColumns",
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
