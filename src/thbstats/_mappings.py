"""Immutable mappings that can be pickled."""

from typing import Any, NoReturn


class FrozenDict(dict[Any, Any]):
    """Immutable dict that can be pickled.

    Examples
    --------
    >>> import pickle
    >>> pickle.loads(pickle.dumps(FrozenDict(sex="Geschlecht")))["sex"]
    'Geschlecht'
    """

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise TypeError("The mapping must not be changed. Use dict(mapping) for a copy.")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return (FrozenDict, (dict(self),))
