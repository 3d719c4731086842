"""Exact bounds of counts and shares."""

from thbstats.bounds.constraint import Bounds, Constraint, Inequality, Linear, Proof
from thbstats.bounds.inference import Evidence, Inference, Inferences, infer
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
