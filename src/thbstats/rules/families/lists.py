"""Numbers of persons on lists and on none: dependence between lists, and on models."""

import numpy as np

from thbstats.panel import Panel
from thbstats.rules.catalogue import library_rule
from thbstats.rules.rule import Codes, Thresholds, outcomes

_ASSUMED = {"lists.hidden": "fail", "lists.chao": "chao"}


def _assumed(panel: Panel, *_: object) -> Codes:
    return outcomes(panel.indicator.table(_ASSUMED.__contains__, np.bool_))


def _disagree(panel: Panel, limits: Thresholds, *_: object) -> Codes:
    lower, upper = panel.bounds.lower, panel.bounds.upper
    are_close = (upper <= float(limits.model_range) * lower) & ~panel.value.missing
    return outcomes(panel.indicator.table("lists.models".__eq__, np.bool_) & ~are_close)


RULES = (
    library_rule(
        "LIST_DEPENDENCE.number",
        codes=_assumed,
        facts=lambda number: {"case": _ASSUMED[number.indicator]},
    ),
    library_rule(
        "MODEL_DEPENDENCE.number",
        codes=_disagree,
        facts=lambda number: {"case": "few" if number.bounds.upper is None else "fail"},
    ),
)
"""The rules of these families."""
