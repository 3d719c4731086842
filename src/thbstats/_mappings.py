"""Mappings that stay as they were made, and travel between processes."""

from typing import Any, NoReturn

__all__ = ["FrozenDict"]


class FrozenDict(dict[Any, Any]):
    """A dict that cannot be changed; unlike a view of the standard library it can be pickled.

    Examples
    --------
    >>> import pickle
    >>> pickle.loads(pickle.dumps(FrozenDict(sex="Geschlecht")))["sex"]
    'Geschlecht'
    """

    def _refuse(self, *_given: object, **_named: object) -> NoReturn:
        raise TypeError("this mapping cannot be changed; make another one with dict(mapping)")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return (FrozenDict, (dict(self),))
