"""Arguments of indicators."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from numbers import Number
from typing import Any, TypeVar

from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.values import Period

By = str | Sequence[str] | None
Areas = str | Area | Sequence[str | Area] | None
Periods = str | int | Period | Iterable[str | int | Period] | None
Indicator = TypeVar("Indicator", bound=Callable[..., Any])


def for_tables(formula: str) -> Callable[[Indicator], Indicator]:
    """Return a decorator that refuses numbers in place of a table."""

    def decorate(indicator: Any) -> Any:
        @wraps(indicator)
        def call(*arguments: Any, **options: Any) -> Any:
            data = arguments[0] if arguments else None
            is_numeric = isinstance(data, Number | list | tuple) or hasattr(data, "dtype")
            require(
                not is_numeric,
                "`table` must be a CountTable",
                f"For numbers use thbstats.formulas.{formula}",
                table=type(data).__name__,
            )
            return indicator(*arguments, **options)

        return call

    return decorate


def require(is_valid: object, requirement: str, hint: str, **argument: Any) -> None:
    """Raise an error if an argument does not meet a requirement."""
    if not is_valid:
        [(field, value)] = argument.items()
        raise InvalidValue(requirement, field=field, value=value, hint=hint)


def names_of(names: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return one or several names as a tuple, each once."""
    return (names,) if isinstance(names, str) else tuple(dict.fromkeys(names or ()))
