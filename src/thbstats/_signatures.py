"""Short signatures of classes and functions with many parameters."""

import inspect
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T", bound=Callable[..., object])


def short_signature(item: T) -> T:
    """Give a class or function a signature without annotations and with plain default values.

    Examples
    --------
    >>> from thbstats.records import VictimCount
    >>> "status='not_stated', sex='total'" in str(inspect.signature(VictimCount))
    True
    """
    # The signature of the class itself can be the short one of its base class.
    own = inspect.signature(item.__init__ if isinstance(item, type) else item)  # type: ignore[misc]
    parameters = [
        parameter.replace(annotation=inspect.Parameter.empty, default=_plain(parameter.default))
        for name, parameter in own.parameters.items()
        if name != "self"
    ]
    item.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return item


def _plain(default: object) -> object:
    if isinstance(default, str):
        return str(default)
    return None if default == frozenset() else default
