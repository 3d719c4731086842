"""OBSERVATION_FLAG: flags of the source, such as provisional or estimated."""

from collections.abc import Iterable

import numpy as np

from thbstats.panel import Message, Outcome, Panel, Result, Severity
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Codes, Finding, library_rule, outcomes
from thbstats.rules.thresholds import Thresholds
from thbstats.values import FLAG_LABELS, flag_mask, flag_set

__all__ = ["RULES"]

# Other families judge breaks, confidential and revised counts; m and z are reasons of missing ones.
_HERE = np.uint32(2**26 - 1 - flag_mask("bcmrz"))
_KNOWN = _HERE & np.uint32(flag_mask(FLAG_LABELS))
_GRAVE = np.uint32(flag_mask("dfu"))
_CAUTION, _NOTE = np.int8(Severity.CAUTION.weight), np.int8(Severity.NOTE.weight)


def _check_number(panel: Panel, _limits: Thresholds) -> Codes:
    return outcomes((panel.flags & _HERE) != 0)


def _severity_number(panel: Panel, _limits: Thresholds) -> Codes:
    return np.where(panel.flags & _GRAVE, _CAUTION, _NOTE)


def _words_number(number: Result, _limits: Thresholds, _outcome: Outcome) -> Finding:
    flags = _letters(number, _HERE)
    return Finding(
        message=Message("the source flags the number: {flags}", flags=_labels(flags)),
        evidence=(("flags", "".join(flags)),),
        hint="Ask how the definition differs, and document it as CountingRules"
        if "d" in flags
        else "Publish the flag with the number, and look for a final value",
    )


def _letters(number: Result, mask: np.uint32) -> list[str]:
    return sorted(flag_set(int(number.panel.flags[number.position] & mask)))


def _labels(flags: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        FLAG_LABELS.get(flag) or Message("unknown flag {letter}", letter=flag) for flag in flags
    )


def _check_pair(pairs: Pairs, _limits: Thresholds) -> Codes:
    known = pairs.panel.flags & _KNOWN
    return outcomes(known[pairs.first] != known[pairs.second])


def _severity_pair(pairs: Pairs, _limits: Thresholds) -> Codes:
    known = pairs.panel.flags & _KNOWN
    differing = known[pairs.first] ^ known[pairs.second]
    return np.where(differing & _GRAVE, _CAUTION, _NOTE)


def _words_pair(first: Result, second: Result, _limits: Thresholds, _outcome: Outcome) -> Finding:
    one, two = _letters(first, _KNOWN), _letters(second, _KNOWN)
    differing = sorted(set(one) ^ set(two))
    return Finding(
        message=Message(
            "the source flags only one of the two numbers: {flags}", flags=_labels(differing)
        ),
        evidence=(("first", "".join(one) or "none"), ("second", "".join(two) or "none")),
        hint="Compare numbers with the same flags, or publish the flag",
    )


RULES = (
    library_rule(
        "OBSERVATION_FLAG.number",
        check=_check_number,
        severity=_severity_number,
        words=_words_number,
    ),
    library_rule(
        "OBSERVATION_FLAG.pair", check=_check_pair, severity=_severity_pair, words=_words_pair
    ),
)
