"""Short signatures of classes with many fields."""

import inspect
from typing import TypeVar

__all__ = ["short_signature"]

T = TypeVar("T", bound=type)


def short_signature(cls: T) -> T:
    """Give a class a signature without annotations and with plain default values.

    Examples
    --------
    >>> from thbstats.records import VictimCount
    >>> "status='not_stated', sex='total'" in str(inspect.signature(VictimCount))
    True
    """
    # The signature of the class itself can be the short one of its base class.
    own = inspect.signature(cls.__init__)  # type: ignore[misc]
    parameters = [
        parameter.replace(annotation=inspect.Parameter.empty, default=_plain(parameter.default))
        for name, parameter in own.parameters.items()
        if name != "self"
    ]
    cls.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return cls


def _plain(default: object) -> object:
    if isinstance(default, str):
        return str(default)
    return None if default == frozenset() else default
