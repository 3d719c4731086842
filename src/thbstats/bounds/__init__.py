"""Exact bounds of counts and shares."""

from thbstats.bounds.bounds import Bounds, Proof, ProofTerm
from thbstats.bounds.constraint import Constraint
from thbstats.bounds.contradictions import (
    Relaxation,
    minimal_conflict,
    minimal_conflicts,
    relaxations,
)
from thbstats.bounds.count_query import infer_count
from thbstats.bounds.denominators import feasible_denominators
from thbstats.bounds.enumeration import feasible_tables, sample_tables
from thbstats.bounds.evidence import Evidence
from thbstats.bounds.inference import Inference, Inferences
from thbstats.bounds.inference_query import infer
from thbstats.bounds.linear import Inequality, Linear
from thbstats.bounds.system import System

__all__ = [
    "Bounds",
    "Constraint",
    "Evidence",
    "Inequality",
    "Inference",
    "Inferences",
    "Linear",
    "Proof",
    "ProofTerm",
    "Relaxation",
    "System",
    "feasible_denominators",
    "feasible_tables",
    "infer",
    "infer_count",
    "minimal_conflict",
    "minimal_conflicts",
    "relaxations",
    "sample_tables",
]
