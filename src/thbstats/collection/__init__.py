"""Collections: plans, annual returns, their completeness, checks and quality.

A plan lists the counts that a legal text requires. `Plan.fill` makes a return from cases or tables,
which is then checked, measured, compared with earlier returns and written.
"""

from thbstats.collection.completion import Completeness, CompletenessRow, completeness
from thbstats.collection.plan_comparisons import PlanComparison, PlanGap
from thbstats.collection.plans import Plan, plan, plan_schema, read_return
from thbstats.collection.registers import Lack, Remark
from thbstats.collection.return_checks import CheckItem, ReturnCheck
from thbstats.collection.return_files import WrittenReturn
from thbstats.collection.return_quality import ReturnQuality, VariableQuality
from thbstats.collection.returns import Return
from thbstats.collection.variables import Variable

__all__ = [
    "CheckItem",
    "Completeness",
    "CompletenessRow",
    "Lack",
    "Plan",
    "PlanComparison",
    "PlanGap",
    "Remark",
    "Return",
    "ReturnCheck",
    "ReturnQuality",
    "Variable",
    "VariableQuality",
    "WrittenReturn",
    "completeness",
    "plan",
    "plan_schema",
    "read_return",
]
