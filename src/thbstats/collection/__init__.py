"""Collections: plans, annual returns, their completeness, checks and quality.

A plan lists the counts that a legal text requires. `Plan.fill` makes a return from cases or tables,
which is then checked, measured, compared with earlier returns and written.
"""

from thbstats.collection.completeness_rates import completeness
from thbstats.collection.plans import Plan, plan, plan_schema, read_return
from thbstats.collection.return_checks import (
    CollectionTable,
    Finding,
    PlanComparison,
    ReturnCheck,
)
from thbstats.collection.returns import Return
from thbstats.collection.variables import Variable

__all__ = [
    "CollectionTable",
    "Finding",
    "Plan",
    "PlanComparison",
    "Return",
    "ReturnCheck",
    "Variable",
    "completeness",
    "plan",
    "plan_schema",
    "read_return",
]
