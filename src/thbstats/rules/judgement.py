"""Levels of rules and verdicts on pairs."""

from collections.abc import Iterable
from typing import TypeVar, cast

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats._signatures import explain_arguments
from thbstats.errors import require
from thbstats.languages import Message
from thbstats.panel import ComparabilityWarning, Panel, Result, Verdict, not_documented
from thbstats.rules.catalogue import Facts, library_rule, library_text, rule_of
from thbstats.rules.families import ALL
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import (
    Codes,
    Level,
    Rule,
    Thresholds,
    WarningText,
    checked_rules,
    limits_of,
)

Checked = TypeVar("Checked", bound=Panel | Result)

_VERDICTS = np.array([0, 0, 0, 1, 3, 2], dtype=np.int8)
"""The position in `Verdict` of each level."""


def _without_value(pairs: Pairs) -> NDArray[np.bool_]:
    missing = pairs.panel.value.missing
    return np.asarray(missing[pairs.first] | missing[pairs.second])


def _have_values(pairs: Pairs, *_: object) -> Codes:
    return np.where(_without_value(pairs), 0, 1).astype(np.int8)


def _missing_values(first: Result, second: Result) -> Facts:
    sides = {"first": first, "second": second}
    without = {name: own for name, own in sides.items() if own.value is None}
    evidence = [(name, own.status.label) for name, own in without.items()]
    return {"numbers": [own.label for own in without.values()], "evidence": evidence}


NO_VALUE = rule_of(library_rule("NO_VALUE.pair", codes=_have_values, open_facts=_missing_values))
"""The rule for pairs with a number that has no value."""


def _text_undocumented(first: Result, second: Result, *_: object) -> WarningText:
    areas = {"first": first.area.short_name, "second": second.area.short_name}
    evidence = [*areas.items()]
    return library_text("NO_VALUE.pair", {"case": "undocumented", "evidence": evidence, **areas})


@explain_arguments
def apply_rules(
    numbers: Checked, *, thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None
) -> Checked:
    """Apply rules to numbers.

    Parameters
    ----------
    numbers : Panel or Result
        The numbers. Warnings that do not come from rules are kept.
    thresholds : Thresholds, optional
        The limits of rules; by default `DEFAULTS`.
    rules : iterable of Rule, optional
        The rules to apply; by default all. Rules for pairs are ignored.

    Returns
    -------
    Panel or Result
        Of the same type.

    Raises
    ------
    InvalidValue
        If ``numbers`` is neither a panel nor a result.

    Examples
    --------
    >>> import thbstats as thb
    >>> ratio = thb.conviction_to_prosecution(thb.publications.com_2018_777().data.justice)
    >>> thb.apply_rules(ratio, rules=[]).warnings.codes
    ()
    """
    if isinstance(numbers, Result):
        panel = numbers.panel.take([numbers.position])
        return cast("Checked", apply_rules(panel, thresholds=thresholds, rules=rules).row(0))
    problem = "`numbers` must be a Panel or a Result"
    hint = "Pass the result of an indicator, such as thbstats.share(...)"
    require(isinstance(numbers, Panel), problem, hint, numbers=type(numbers))
    limits = limits_of(thresholds)
    applied = _NUMBER_RULES if rules is None else checked_rules(rules, "number")
    levels = np.zeros((len(applied), len(numbers)), dtype=np.int8)
    for row, rule in zip(levels, applied, strict=True):
        rule._judge(numbers, limits, row)
    return evolve(numbers, rules=applied, thresholds=limits, levels=levels)


_NUMBER_RULES = checked_rules(ALL, "number")


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class PairLevels:
    """The levels of rules for pairs, and of rules for numbers."""

    pairs: Pairs
    rules: tuple[Rule, ...]
    thresholds: Thresholds
    levels: NDArray[np.int8]
    numbers: NDArray[np.int8]

    @property
    def panel(self) -> Panel:
        """The numbers."""
        return self.pairs.panel

    @property
    def first(self) -> NDArray[np.intp]:
        """The position of the first number of each pair."""
        return self.pairs.first

    @property
    def second(self) -> NDArray[np.intp]:
        """The position of the second number of each pair."""
        return self.pairs.second

    def __len__(self) -> int:
        return len(self.pairs)

    @cached_property
    def verdicts(self) -> NDArray[np.int8]:
        """The verdict of each pair, as its position in `Verdict`, shape (m,).

        Notes do not change it: nearly every published figure lacks some documentation, and no two
        figures would be comparable.
        """
        result: NDArray[np.int8] = _VERDICTS[self.levels.max(axis=0, initial=Level.PASS)]
        result[_without_value(self.pairs)] = list(Verdict).index(Verdict.NOT_ASSESSABLE)
        return result

    def codes(self, mask: NDArray[np.bool_]) -> tuple[str, ...]:
        """Return the distinct codes of some rules."""
        rows = np.flatnonzero(mask).tolist()
        return tuple(dict.fromkeys(self.rules[row].code for row in rows))

    def row_warnings(self, i: int) -> list[ComparabilityWarning]:
        """Return the warnings of a pair, with a note on missing documentation."""
        positions = int(self.first[i]), int(self.second[i])
        both = tuple(self.panel.row(position) for position in positions)
        result, undocumented = [], []
        for row in np.flatnonzero(self.levels[:, i]).tolist():
            rule, level = self.rules[row], int(self.levels[row, i])
            if rule.scope == "number":
                own = self.numbers[row - len(self.rules)]
                result += [
                    rule.warn(number, self.thresholds, int(own[position]))
                    for number, position in zip(both, positions, strict=True)
                    if _is_weighty(own[position])
                ]
                continue
            warning = rule.warn(*both, self.thresholds, level)
            if level == Level.UNDOCUMENTED:
                undocumented.append((rule.code, warning.message))
            else:
                result.append(warning)
        return [*result, *not_documented(undocumented, "pair")]


def judge(pairs: Pairs, rules: Iterable[Rule] | None, thresholds: Thresholds) -> PairLevels:
    """Return the levels of rules for pairs of numbers."""
    values = ALL if rules is None else checked_rules(rules)
    for_pairs = [NO_VALUE, *(rule for rule in values if rule.scope == "pair")]
    for_numbers = [rule for rule in values if rule.scope == "number" and rule.affects_pairs]
    documented = [rule for rule in for_pairs if rule.needs_documentation]
    title = Message("Counting rules not documented")
    cautious = [
        evolve(rule, title=title, text=_text_undocumented, needs_documentation=False)
        for rule in documented
    ]
    panel, codes = pairs.panel, [rule.code for rule in for_numbers]
    # The levels of the panel are used only if they are those of the same rules and thresholds.
    if panel.thresholds == thresholds and {*for_numbers} <= {*panel.rules}:
        numbers = np.zeros((len(codes), len(panel)), dtype=np.int8)
        for rule, own in zip(panel.rules, panel.levels, strict=True):
            if rule.affects_pairs and rule.code in codes:
                code = codes.index(rule.code)
                numbers[code] = np.maximum(numbers[code], own)
    else:
        numbers = apply_rules(panel, thresholds=thresholds, rules=for_numbers).levels
    applied = (*for_pairs, *cautious, *for_numbers)
    levels = np.zeros((len(applied), len(pairs)), dtype=np.int8)
    area = panel.area.map(lambda own: own.members).codes
    for row, rule in zip(levels, for_pairs, strict=False):
        row[:] = rule.levels(pairs, thresholds)
    for row, rule in zip(levels[len(for_pairs) :], documented, strict=False):
        own = levels[for_pairs.index(rule)]
        apart = (own == Level.UNDOCUMENTED) & (area[pairs.first] != area[pairs.second])
        row[apart], own[apart] = Level.CAUTION, Level.PASS
    for row, own in zip(levels[len(for_pairs) + len(documented) :], numbers, strict=True):
        weighty = _is_weighty(own)
        row[weighty[pairs.first] | weighty[pairs.second]] = Level.CAUTION
    return PairLevels(
        pairs=pairs, rules=applied, thresholds=thresholds, levels=levels, numbers=numbers
    )


def _is_weighty(levels: NDArray[np.int8]) -> NDArray[np.bool_]:
    return np.asarray((levels == Level.CAUTION) | (levels == Level.BLOCKING))
