"""Robustness: without whom a statement about a number is no longer true."""

from collections.abc import Callable
from fractions import Fraction

from thbstats.errors import InvalidValue
from thbstats.results import Answer, Flips, LeaveOneOut, Measure, Result
from thbstats.values import Interval

__all__ = ["flips"]

_HALF = Fraction(1, 2)
_SIGNED = (Measure.CHANGE, Measure.RELATIVE_CHANGE, Measure.DIFFERENCE, Measure.INDEX)

States = Callable[[int], set[int]]


def flips(found: LeaveOneOut, *, of: str, against: LeaveOneOut | None = None) -> Flips:
    """Return the numbers without each member whose absence turns a majority, a sign or a rank.

    A majority is more than one half; a sign is that of a change; a rank is whether a number is
    above, equal to or below another one. It flips where ``statement(x) != statement(x_i)`` for
    all that both numbers can be, and may flip where it does for some.

    Parameters
    ----------
    found : LeaveOneOut
        A number without each of some members, or of some groups of them.
    of : {"majority", "sign", "rank"}
        What is said of it.
    against : LeaveOneOut, optional
        For a rank, the other number without the same members. The ends of both are taken as
        independent.

    Returns
    -------
    Flips
        The numbers without those members, in their order, each with the answer whether the
        statement certainly fails; `certain` names these. Empty where it stands without anyone.

    Raises
    ------
    InvalidValue
        If there is no such statement of this kind of number, or the two numbers of a rank are of
        different kinds or without different members.

    Notes
    -----
    Comparability warnings: those of the indicator that was left out of.

    Examples
    --------
    Without either of two countries labour has no majority, and is no longer the first of two
    forms:

    >>> import thbstats as thb
    >>> rows = [("UK", 60, 40), ("FR", 40, 20), ("DE", 5, 35)]
    >>> table = thb.CountTable.from_rows(
    ...     [(area, form, n) for area, *ns in rows for form, n in zip(("labour", "sexual"), ns)],
    ...     columns=["area", "exploitation", "value"], kind="victims", period=2016,
    ... )
    >>> labour = thb.leave_one_out(
    ...     table, lambda t: thb.share(t, exploitation="labour", base="recorded")
    ... )
    >>> found = thb.flips(labour, of="majority")
    >>> found.certain, found.whole.shown, found["UK"].shown
    (('FR', 'UK'), '52.5 %', '45.0 %')
    >>> sexual = thb.leave_one_out(
    ...     table, lambda t: thb.share(t, exploitation="sexual", base="recorded")
    ... )
    >>> thb.flips(labour, of="rank", against=sexual).certain
    ('FR', 'UK')

    References
    ----------
    COM(2018) 777, section II: 26 % and 18 % are labour and other forms of exploitation with the
    United Kingdom, 15 % and 20 % without it.
    """
    _require(found, of, against)
    rivals = () if against is None else (*against, against.whole)
    numbers = [*found, found.whole]

    def states(place: int) -> set[int]:
        number = numbers[place].stated
        if of == "majority":
            return _majority(number)
        return _signs(number - rivals[place].stated if rivals else number)

    answers = [_answer(states(-1), states(place)) for place in range(len(found))]
    turned = [place for place, answer in enumerate(answers) if answer is not Answer.HOLDS]
    return Flips(
        caption=f"{found.caption}: where its {of} flips",
        items=[found[place] for place in turned],
        whole=found.whole,
        of=of,
        answers=[answers[place] for place in turned],
        rivals=tuple(rivals[place] for place in (*turned, -1)) if rivals else (),
        kept=tuple(found.labels[place] for place in range(len(found)) if place not in turned),
    )


def _majority(number: Interval) -> set[int]:
    """Return whether a share can be more than one half, and whether it can be less or equal."""
    above = number.upper is None or number.upper > _HALF
    below = number.lower is None or number.lower <= _HALF
    return _any(number, {1: above, 0: below})


def _signs(number: Interval) -> set[int]:
    above = number.upper is None or number.upper > 0
    below = number.lower is None or number.lower < 0
    return _any(number, {1: above, 0: number.contains(0), -1: below})


def _any(number: Interval, states: dict[int, bool]) -> set[int]:
    """Return what can be said; of a number that may not exist, perhaps nothing is true."""
    return {state for state, can_be in states.items() if can_be or number.undefined}


def _answer(whole: set[int], without: set[int]) -> Answer:
    if not whole & without:
        return Answer.FAILS
    return Answer.HOLDS if len(whole | without) == 1 else Answer.CANNOT_TELL


def _require(found: LeaveOneOut, of: str, against: LeaveOneOut | None) -> None:
    """Refuse a statement that nobody can make of a number."""
    measure = found.whole.measure
    suits = {
        "majority": measure is Measure.SHARE and against is None,
        "sign": measure in _SIGNED and against is None,
        "rank": against is not None,
    }
    if not suits.get(of, False):
        raise InvalidValue(
            f"there is no such statement of a {measure.replace('_', ' ')}",
            field="of",
            value=of,
            mend='Say of="majority" of shares, of="sign" of changes, of="rank" with against=...',
        )
    if against is not None and _kind(found) != _kind(against):
        raise InvalidValue(
            "the two numbers are of different kinds, or without different members",
            field="against",
            value=against.caption,
            mend="Leave the same members out of the same table",
        )


def _kind(found: LeaveOneOut) -> tuple[Measure, tuple[str, ...]]:
    whole: Result = found.whole
    return whole.measure, found.labels
