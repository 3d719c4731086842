"""Lists of persons: dependence between lists, and dependence on the model."""

import numpy as np

from thbstats.display import count
from thbstats.panel import Panel, Result
from thbstats.rules.catalogue import Facts, rule_part
from thbstats.rules.rule import Codes, Thresholds, outcomes

_ASSUMED = ("lists.hidden", "lists.chao")
_ESTIMATES = "lists.models"


@rule_part("LIST_DEPENDENCE.number", "codes")
def _assumed(panel: Panel, *_: object) -> Codes:
    return outcomes(panel.indicator.table(_ASSUMED.__contains__, np.bool_))


@rule_part("LIST_DEPENDENCE.number", "facts")
def _assumption(number: Result) -> Facts:
    return {"case": "chao" if number.indicator == _ASSUMED[1] else "fail"}


@rule_part("MODEL_DEPENDENCE.number", "codes")
def _disagree(panel: Panel, limits: Thresholds, *_: object) -> Codes:
    """Fail where the models with support differ by more than a factor, or are not all models."""
    lower, upper = panel.bounds.lower, panel.bounds.upper
    are_close = (upper <= float(limits.model_range) * lower) & ~panel.value.missing
    return outcomes(panel.indicator.table(_ESTIMATES.__eq__, np.bool_) & ~are_close)


@rule_part("MODEL_DEPENDENCE.number", "facts")
def _range(number: Result) -> Facts:
    few = number.bounds.upper is None
    return {"case": "few" if few else "fail", "range": count(number.bounds)}
