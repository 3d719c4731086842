"""What was not printed: the exact bounds of every count and share that claims imply."""

from thbstats.bounds.bases import possible_bases
from thbstats.bounds.bounds import Added, Bounds, Proof
from thbstats.bounds.contradictions import Relaxation, conflict, conflicts, relaxations
from thbstats.bounds.enumeration import completions, sample
from thbstats.bounds.evidence import Evidence
from thbstats.bounds.hidden import infer_count
from thbstats.bounds.inference import Inference, Inferences
from thbstats.bounds.inferring import infer
from thbstats.bounds.linear import Inequality, Linear
from thbstats.bounds.statement import Statement
from thbstats.bounds.system import System

__all__ = [
    "Added",
    "Bounds",
    "Evidence",
    "Inequality",
    "Inference",
    "Inferences",
    "Linear",
    "Proof",
    "Relaxation",
    "Statement",
    "System",
    "completions",
    "conflict",
    "conflicts",
    "infer",
    "infer_count",
    "possible_bases",
    "relaxations",
    "sample",
]
