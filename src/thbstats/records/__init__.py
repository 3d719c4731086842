"""Counts as records, their schema, records as JSON, and how counts are made."""

from thbstats.records.convert import from_dict, from_json, to_dict, to_json
from thbstats.records.counts import (
    CooperationCount,
    JusticeCount,
    ProtectionCount,
    Record,
    VictimCount,
)
from thbstats.records.population import Population, Populations
from thbstats.records.rules import CountingRules, Difference, Statement, diff
from thbstats.records.schema import KINDS, Dimension, Schema, schema_of
from thbstats.records.source import Source

__all__ = [
    "KINDS",
    "CooperationCount",
    "CountingRules",
    "Difference",
    "Dimension",
    "JusticeCount",
    "Population",
    "Populations",
    "ProtectionCount",
    "Record",
    "Schema",
    "Source",
    "Statement",
    "VictimCount",
    "diff",
    "from_dict",
    "from_json",
    "schema_of",
    "to_dict",
    "to_json",
]
