"""Records of counts, populations, sources and counting rules."""

from thbstats.records.convert import from_dict, from_json, to_dict, to_json
from thbstats.records.counts import (
    CooperationCount,
    JusticeCount,
    ProtectionCount,
    Record,
    VictimCount,
)
from thbstats.records.kind_schema import KINDS, Dimension, Schema, schema_of
from thbstats.records.population import Population, Populations
from thbstats.records.rules import CountedGroup, CountingRules, RuleDifference, diff_rules
from thbstats.records.source import Source

__all__ = [
    "KINDS", "CooperationCount", "CountedGroup", "CountingRules", "Dimension", "JusticeCount",
    "Population", "Populations", "ProtectionCount", "Record", "RuleDifference", "Schema", "Source",
    "VictimCount", "diff_rules", "from_dict", "from_json", "schema_of", "to_dict", "to_json",
]  # fmt: skip
