"""Exact bounds of counts and shares."""

from thbstats.bounds.bounds import Bounds, Proof
from thbstats.bounds.constraint import Constraint, Inequality, Linear
from thbstats.bounds.evidence import Evidence
from thbstats.bounds.inference import Inference, Inferences
from thbstats.bounds.inference_query import infer
from thbstats.bounds.system import ConflictingSet, System, minimal_conflicts

__all__ = [
    "Bounds",
    "ConflictingSet",
    "Constraint",
    "Evidence",
    "Inequality",
    "Inference",
    "Inferences",
    "Linear",
    "Proof",
    "System",
    "infer",
    "minimal_conflicts",
]
