"""Errors for wrong arguments and missing operators."""

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from types import FunctionType
from typing import Any, TypeVar

from thbstats.errors import InvalidValue, ThbstatsError, UnknownName, did_you_mean

Item = TypeVar("Item", bound=Callable[..., Any])
Class = TypeVar("Class", bound=type)

_OPERATORS = {
    "<": ("__lt__",),
    "<=": ("__le__",),
    ">": ("__gt__",),
    ">=": ("__ge__",),
    "+": ("__add__", "__radd__"),
    "-": ("__sub__", "__rsub__"),
    "*": ("__mul__", "__rmul__"),
    "/": ("__truediv__", "__rtruediv__"),
    "round()": ("__round__",),
}


_MOST_NAMES = 5
"""The number of arguments that an error lists."""


def explain_arguments(item: Item, hint: str = "") -> Item:
    """Return a function or class whose error for wrong arguments shows a correct call.

    Of a class, the constructor and the public methods are explained.

    Parameters
    ----------
    item : callable
        The function or the class.
    hint : str
        Another hint than the call with the required arguments.

    Examples
    --------
    >>> explain_arguments(did_you_mean)("labor")
    Traceback (most recent call last):
    thbstats.errors.InvalidValue: `options` must be passed to did_you_mean. Write did_you_mean(value, options)
    """  # noqa: E501 - the message is one line
    if isinstance(item, type):
        for name, method in list(vars(item).items()):
            if name[0] == "_":
                continue
            if isinstance(method, classmethod | staticmethod):
                own = f"{item.__name__}.{name}"
                setattr(item, name, type(method)(_explained(method.__func__, own)))
            elif isinstance(method, FunctionType):
                setattr(item, name, _explained(method, name))
        if "__init__" in vars(item):
            item.__init__ = _explained(item.__init__, item.__name__, hint)  # type: ignore[misc]
        return item
    return _explained(item, item.__name__, hint)  # type: ignore[return-value]


def _explained(function: Callable[..., Any], written: str, hint: str = "") -> Callable[..., Any]:
    """Return a function that raises an error with a hint for wrong arguments."""

    @wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except TypeError:
            # The error can also come from the body of the function: then the arguments are right.
            error = _wrong_arguments(function, written, arguments, options, hint)
            if error is None:
                raise
        raise error

    return call


def _wrong_arguments(
    function: Any, written: str, arguments: tuple[Any, ...], options: dict[str, Any], hint: str
) -> ThbstatsError | None:
    """Return the error for unknown, repeated, missing or too many positional arguments."""
    parameters = signature(function).parameters.values()
    kinds = {own.name: own.kind for own in parameters if own.name not in ("self", "cls")}
    n_bound = len(parameters) - len(kinds)  # "self" or "cls"
    positional = [own for own, kind in kinds.items() if kind is Parameter.POSITIONAL_OR_KEYWORD]
    named = [own for own, kind in kinds.items() if kind is Parameter.KEYWORD_ONLY]
    passed = {*positional[: len(arguments) - n_bound], *options}
    missing = [
        own.name
        for own in parameters
        if own.default is Parameter.empty and own.name in positional + named
    ]
    if twice := [own for own in positional[: len(arguments) - n_bound] if own in options]:
        problem, hint = (
            f"{_listed(twice)} must be passed to {written} once",
            f"Remove {twice[0]}=...",
        )
        return InvalidValue(problem, hint=hint)
    needed, missing = missing, [own for own in missing if own not in passed]
    unknown = [own for own in options if own not in positional + named]
    if unknown and Parameter.VAR_KEYWORD not in kinds.values():
        known = [own for own in positional + named if own not in passed]
        similar = did_you_mean(unknown[0], known, is_keyword=True)
        return UnknownName(f"`{unknown[0]}` must be an argument of {written}", hint=similar)
    is_long = len(arguments) > n_bound + len(positional)
    if not missing and (not is_long or Parameter.VAR_POSITIONAL in kinds.values()):
        return None
    further = [own for own in named if own not in needed][: not missing or not needed]
    shown = [own if own in positional else f"{own}=..." for own in needed + further]
    hint = hint or f"Write {written}({', '.join(shown)})"
    if missing:
        return InvalidValue(f"{_listed(missing)} must be passed to {written}", hint=hint)
    after = f" after {_listed(positional)}" if positional else ""
    problem = f"Arguments of {written}{after} must have a name"
    if not named and Parameter.VAR_KEYWORD not in kinds.values():
        problem = f"{written} takes no further arguments{after}"
    return InvalidValue(problem, hint=hint)


def _listed(names: list[str]) -> str:
    """Return the names of arguments as a text; a long list is shortened."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) > _MOST_NAMES:
        quoted[_MOST_NAMES:] = [f"{len(quoted) - _MOST_NAMES} more"]
    *front, last = quoted
    return f"{', '.join(front)} and {last}" if front else last


def explain_operators(hint: str) -> Callable[[Class], Class]:
    """Return a decorator that adds an error with a hint for each operator that a class lacks.

    Type checkers do not see these operators, and reject them as before.
    """

    def decorate(cls: Class) -> Class:
        for sign, names in _OPERATORS.items():

            def refuse(own: object, _other: object, sign: str = sign) -> Any:
                raise InvalidValue(f"{type(own).__name__} does not support {sign}", hint=hint)

            for name in names:
                if getattr(cls, name, None) is getattr(object, name, None):
                    setattr(cls, name, refuse)
        return cls

    return decorate
